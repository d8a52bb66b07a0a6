"""What each field of what partners tell of their work says about a person."""

from accounts.privacy import Sensitivity

_S = Sensitivity

FIELDS: dict[str, dict[str, Sensitivity]] = {
    "PortfolioEntry": {
        "id": _S.NONE,
        "contribution": _S.NONE,
        "role": _S.HEALTH,
        "brought": _S.HEALTH,
        "changed": _S.HEALTH,
        "visibility": _S.NONE,
        "changed_at": _S.NONE,
        "search": _S.HEALTH,
    },
    "Evidence": {
        "id": _S.NONE,
        "entry": _S.NONE,
        "title": _S.HEALTH,
        "link": _S.HEALTH,
        "file": _S.NONE,
        "added_at": _S.NONE,
    },
    "ThankYou": {
        "id": _S.NONE,
        "contribution": _S.NONE,
        "name": _S.IDENTIFIES,
        "email": _S.CONTACT,
        "token_hash": _S.SECRET,
        "asked_at": _S.NONE,
        "asked_by": _S.IDENTIFIES,
        "expires_at": _S.NONE,
        "words": _S.CONDUCT,
        "given_at": _S.NONE,
        "shown_at": _S.NONE,
    },
    "PortfolioPdf": {
        "id": _S.NONE,
        "status": _S.NONE,
        "done": _S.NONE,
        "total": _S.NONE,
        "seen_at": _S.NONE,
        "error": _S.NONE,
        "asked_at": _S.NONE,
        "asked_by": _S.IDENTIFIES,
        "ready_at": _S.NONE,
        "partner": _S.IDENTIFIES,
        "entries": _S.NONE,
        "file": _S.NONE,
    },
}
