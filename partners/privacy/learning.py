"""What each field of learning says about a person."""

from accounts.privacy import HISTORY, Sensitivity

_S = Sensitivity

FIELDS: dict[str, dict[str, Sensitivity]] = {
    "LearningItem": {
        "id": _S.NONE,
        "programme": _S.NONE,
        "title": _S.NONE,
        "about": _S.NONE,
        "kind": _S.NONE,
        "link": _S.NONE,
        "minutes": _S.NONE,
        "payable": _S.NONE,
        "retired_on": _S.NONE,
        "roles": _S.NONE,
    },
    "LearningSession": {
        "id": _S.NONE,
        "item": _S.NONE,
        "starts_at": _S.NONE,
        "ends_at": _S.NONE,
        "place": _S.NONE,
        "join_link": _S.NONE,
        "places": _S.NONE,
        "status": _S.NONE,
    },
    "LearningSessionHistory": HISTORY,
    "LearningPlace": {
        "id": _S.NONE,
        "session": _S.NONE,
        "partner": _S.IDENTIFIES,
        "status": _S.NONE,
        "asked_at": _S.NONE,
        "reflection": _S.HEALTH,
        "contribution": _S.NONE,
    },
    "LearningPlaceHistory": HISTORY,
}
