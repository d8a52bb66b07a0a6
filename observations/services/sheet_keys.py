"""The key with which a phone locks the sheets that it cannot send yet.

It is reckoned, never kept: from the installation's secret, the sign-in and the seat. It goes out
with the observer's own pages and lives in the memory of the page alone. Whoever else has the
phone, or finds what it holds after the sign-in ended, has nothing to read it with.
"""

import base64

from django.utils.crypto import salted_hmac

from accounts.models import User
from observations.models import Observer


def key_of(user: User, observer: Observer) -> str:
    """32 bytes for AES-GCM, in base64."""
    return base64.b64encode(_digest("key", user, observer)).decode()


def box_of(user: User, observer: Observer) -> str:
    """What the sheets of this observer lie under on the phone: it tells nobody whose they are."""
    return _digest("box", user, observer).hex()[:24]


def _digest(what: str, user: User, observer: Observer) -> bytes:
    told = salted_hmac(
        f"observations.sheets.{what}", f"{user.pk}:{observer.pk}", algorithm="sha256"
    )
    return bytes(told.digest())
