"""What each field of declared conflicts says about a person: a yes, and nothing else."""

from accounts.privacy import Sensitivity

_S = Sensitivity

FIELDS: dict[str, dict[str, Sensitivity]] = {
    "DeclaredConflict": {
        "id": _S.NONE,
        "programme": _S.NONE,
        "partner": _S.IDENTIFIES,
        "person": _S.IDENTIFIES,
        "with_partner": _S.IDENTIFIES,
        "with_person": _S.IDENTIFIES,
        "with_team": _S.CONDUCT,
        "declared_at": _S.NONE,
        "declared_by": _S.IDENTIFIES,
        "ended_at": _S.NONE,
        "ended_by": _S.IDENTIFIES,
    },
}
