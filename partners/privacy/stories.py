"""What each field of stories says about a person."""

from accounts.privacy import Sensitivity

_S = Sensitivity

FIELDS: dict[str, dict[str, Sensitivity]] = {
    "Story": {
        "id": _S.NONE,
        "partner": _S.IDENTIFIES,
        "title": _S.HEALTH,
        "text": _S.HEALTH,
        "credit": _S.IDENTIFIES,
        "take_care": _S.HEALTH,
        "added_at": _S.NONE,
        "changed_at": _S.NONE,
        "withdrawn_at": _S.NONE,
        "donated_at": _S.NONE,
        "search": _S.HEALTH,
    },
    "StoryConsent": {
        "id": _S.NONE,
        "story": _S.NONE,
        "use": _S.NONE,
        "given_at": _S.NONE,
        "until": _S.NONE,
        "withdrawn_at": _S.NONE,
    },
    "StoryUse": {
        "id": _S.NONE,
        "story": _S.NONE,
        "use": _S.NONE,
        "where": _S.NONE,
        "used_on": _S.NONE,
        "logged_at": _S.NONE,
        "logged_by": _S.IDENTIFIES,
    },
    "StoryWithdrawal": {
        "id": _S.NONE,
        "partner": _S.IDENTIFIES,
        "story": _S.NONE,
        "at": _S.NONE,
        "by": _S.IDENTIFIES,
        # In somebody's own words: it may tell anything.
        "told": _S.HEALTH,
    },
}
