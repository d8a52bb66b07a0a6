"""What each field of what a partner needs, and when says about a person."""

from accounts.privacy import Sensitivity

_S = Sensitivity

FIELDS: dict[str, dict[str, Sensitivity]] = {
    "Need": {
        "id": _S.NONE,
        "partner": _S.IDENTIFIES,
        "kind": _S.HEALTH,
        "text": _S.HEALTH,
        "to_do": _S.HEALTH,
        "shared": _S.NONE,
        "review_on": _S.NONE,
        "reviewed_at": _S.NONE,
        "added_at": _S.NONE,
        "changed_at": _S.NONE,
    },
    "Pause": {
        "id": _S.NONE,
        "partner": _S.IDENTIFIES,
        "starts_on": _S.HEALTH,
        "ends_on": _S.HEALTH,
        "added_at": _S.NONE,
    },
    "EmergencyContact": {
        "id": _S.NONE,
        "partner": _S.IDENTIFIES,
        "name": _S.IDENTIFIES,
        "relation": _S.IDENTIFIES,
        "phone": _S.CONTACT,
    },
}
