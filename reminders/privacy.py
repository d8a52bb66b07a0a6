"""What each field of this app says about a person."""

from accounts.privacy import Sensitivity

_S = Sensitivity

FIELDS: dict[str, dict[str, Sensitivity]] = {
    "Reminder": {
        "id": _S.NONE,
        "programme": _S.NONE,
        "rule": _S.NONE,
        "partner": _S.IDENTIFIES,
        "attendance": _S.NONE,
        "occurs_at": _S.NONE,
        "due_at": _S.NONE,
        "message": _S.NONE,
        "withdrawn_at": _S.NONE,
    },
}
