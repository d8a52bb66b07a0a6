"""What each field of what partners bring says about a person."""

from accounts.privacy import Sensitivity

_S = Sensitivity

FIELDS: dict[str, dict[str, Sensitivity]] = {
    "Theme": {
        "id": _S.NONE,
        "programme": _S.NONE,
        "name": _S.NONE,
    },
    "Expertise": {
        "id": _S.NONE,
        "text": _S.HEALTH,
        "visibility": _S.NONE,
        "added_at": _S.NONE,
        "changed_at": _S.NONE,
        "search": _S.HEALTH,
        "partner": _S.IDENTIFIES,
        "kind": _S.NONE,
        "themes": _S.NONE,
    },
    "Passion": {
        "id": _S.NONE,
        "partner": _S.IDENTIFIES,
        "text": _S.HEALTH,
        "visibility": _S.NONE,
        "added_at": _S.NONE,
        "changed_at": _S.NONE,
        "search": _S.HEALTH,
        "themes": _S.NONE,
    },
    "Priority": {
        "id": _S.NONE,
        "partner": _S.IDENTIFIES,
        "text": _S.HEALTH,
        "visibility": _S.NONE,
        "added_at": _S.NONE,
        "changed_at": _S.NONE,
        "search": _S.HEALTH,
        "reached_on": _S.NONE,
        "themes": _S.NONE,
    },
}
