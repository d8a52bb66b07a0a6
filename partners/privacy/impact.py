"""What each field of what changed says about a person."""

from accounts.privacy import HISTORY, Sensitivity

_S = Sensitivity

FIELDS: dict[str, dict[str, Sensitivity]] = {
    "Impact": {
        "id": _S.NONE,
        "programme": _S.NONE,
        "title": _S.NONE,
        "raised": _S.HEALTH,
        "is_ask": _S.NONE,
        "category": _S.NONE,
        "raised_on": _S.NONE,
        "recorded_by": _S.IDENTIFIES,
        "owner": _S.IDENTIFIES,
        "owner_name": _S.IDENTIFIES,
        "heard_on": _S.NONE,
        "decided_on": _S.NONE,
        "answer": _S.CONDUCT,
        "planned_for": _S.NONE,
        "made_on": _S.NONE,
        "change": _S.NONE,
        "checked_on": _S.NONE,
        "public_text": _S.NONE,
        "status": _S.NONE,
        "contributions": _S.NONE,
    },
    "ImpactHistory": HISTORY,
}
