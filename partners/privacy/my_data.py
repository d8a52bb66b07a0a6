"""What each field of files, copies of data and corrections says about a person."""

from accounts.privacy import HISTORY, Sensitivity

_S = Sensitivity

FIELDS: dict[str, dict[str, Sensitivity]] = {
    "StoredFile": {
        "id": _S.NONE,
        "programme": _S.NONE,
        "name": _S.IDENTIFIES,
        "media_type": _S.NONE,
        "size": _S.NONE,
        "sha256": _S.NONE,
        "stored_at": _S.NONE,
    },
    "FilePiece": {
        "id": _S.NONE,
        "file": _S.NONE,
        "number": _S.NONE,
        "content": _S.HEALTH,
    },
    "DataCopy": {
        "id": _S.NONE,
        "status": _S.NONE,
        "done": _S.NONE,
        "total": _S.NONE,
        "seen_at": _S.NONE,
        "error": _S.NONE,
        "asked_at": _S.NONE,
        "asked_by": _S.IDENTIFIES,
        "ready_at": _S.NONE,
        "user": _S.IDENTIFIES,
        "partner": _S.IDENTIFIES,
        "programme": _S.NONE,
        "file": _S.NONE,
        "taken_at": _S.NONE,
        "taken_by": _S.IDENTIFIES,
        "expires_at": _S.NONE,
    },
    "Correction": {
        "id": _S.NONE,
        "partner": _S.IDENTIFIES,
        "about": _S.HEALTH,
        "text": _S.HEALTH,
        "asked_at": _S.NONE,
        "answer": _S.HEALTH,
        "answered_at": _S.NONE,
        "status": _S.NONE,
    },
    "CorrectionHistory": HISTORY,
}
