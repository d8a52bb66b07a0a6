"""What each field of the pathway says about a person."""

from accounts.privacy import Sensitivity

_S = Sensitivity

FIELDS: dict[str, dict[str, Sensitivity]] = {
    "PathwayRole": {
        "id": _S.NONE,
        "programme": _S.NONE,
        "name": _S.NONE,
        "purpose": _S.NONE,
        "position": _S.NONE,
    },
    "PathwayLink": {
        "id": _S.NONE,
        "from_role": _S.NONE,
        "to_role": _S.NONE,
    },
    "RoleSkill": {
        "id": _S.NONE,
        "role": _S.NONE,
        "kind": _S.NONE,
        "text": _S.NONE,
    },
    "RoleHeld": {
        "id": _S.NONE,
        "partner": _S.IDENTIFIES,
        "role": _S.NONE,
        "starts_on": _S.NONE,
        "ends_on": _S.NONE,
        "where": _S.NONE,
    },
    "RoleWish": {
        "id": _S.NONE,
        "partner": _S.IDENTIFIES,
        "role": _S.NONE,
        "added_at": _S.NONE,
    },
}
