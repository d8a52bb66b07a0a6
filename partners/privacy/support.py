"""What each field of how partners are supported says about a person."""

from accounts.privacy import HISTORY, Sensitivity

_S = Sensitivity

FIELDS: dict[str, dict[str, Sensitivity]] = {
    "PartnerHistory": HISTORY,
    "StageStep": {
        "id": _S.NONE,
        "programme": _S.NONE,
        "stage": _S.NONE,
        "text": _S.NONE,
        "position": _S.NONE,
        "retired_on": _S.NONE,
    },
    "StageStepDone": {
        "id": _S.NONE,
        "partner": _S.IDENTIFIES,
        "step": _S.NONE,
        "done_at": _S.NONE,
        "done_by": _S.IDENTIFIES,
    },
    "CheckIn": {
        "id": _S.NONE,
        "partner": _S.IDENTIFIES,
        "happened_on": _S.NONE,
        "author": _S.IDENTIFIES,
        "shared": _S.CONDUCT,
        "private": _S.CONDUCT,
        "next_on": _S.NONE,
        "written_at": _S.NONE,
    },
    "Concern": {
        "id": _S.NONE,
        "programme": _S.NONE,
        "raised_by": _S.IDENTIFIES,
        "lead": _S.IDENTIFIES,
        "text": _S.CONDUCT,
        "wants_call": _S.NONE,
        "raised_at": _S.NONE,
        "outcome": _S.CONDUCT,
        "closed_at": _S.NONE,
        "closed_by": _S.IDENTIFIES,
        "status": _S.NONE,
    },
    "ConcernHistory": HISTORY,
}
