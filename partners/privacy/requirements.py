"""What each field of what has to be in place says about a person."""

from accounts.privacy import HISTORY, Sensitivity

_S = Sensitivity

FIELDS: dict[str, dict[str, Sensitivity]] = {
    "Requirement": {
        "id": _S.NONE,
        "programme": _S.NONE,
        "name": _S.NONE,
        "about": _S.NONE,
        "kind": _S.NONE,
        "strength": _S.NONE,
        "dbs_level": _S.NONE,
        "valid_months": _S.NONE,
        "warn_days": _S.NONE,
        "evidence_wanted": _S.NONE,
        "retired_on": _S.NONE,
        "roles": _S.NONE,
    },
    "AgreementText": {
        "id": _S.NONE,
        "requirement": _S.NONE,
        "number": _S.NONE,
        "text": _S.NONE,
        "from_on": _S.NONE,
    },
    "RequirementRecord": {
        "id": _S.NONE,
        "requirement": _S.NONE,
        "partner": _S.IDENTIFIES,
        "status": _S.NONE,
        "obtained_on": _S.NONE,
        "expires_on": _S.NONE,
        "agreement": _S.NONE,
        "from_elsewhere": _S.IDENTIFIES,
        "file": _S.NONE,
        "recorded_at": _S.NONE,
        "approved_at": _S.NONE,
        "approved_by": _S.IDENTIFIES,
    },
    "RequirementRecordHistory": HISTORY,
}
