"""Sessions in the database, each with its owner (the engine that SESSION_ENGINE names).

A session begins at the sign-in (`began_at`) and ends `SESSION_COOKIE_AGE` later however busy it is;
Django's own would be prolonged by every save. `accounts.middleware.SessionLimits` ends it; its row
lives on for `KEPT_AFTER_END`, so that a form sent too late still says whose it is.
"""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.utils import timezone

from accounts.models import Session

KEPT_AFTER_END = timedelta(hours=12)
BEGAN_AT = "began_at"


class SessionStore(DatabaseStore):
    """Django's database sessions over `accounts.Session`."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        row = super().create_model_instance(data)
        owner = data.get(SESSION_KEY)
        row.user_id = int(owner) if owner else None
        return row

    def get_session_cookie_age(self) -> int:
        """Seconds from now to the end of the row."""
        whole = settings.SESSION_COOKIE_AGE + KEPT_AFTER_END.total_seconds()
        began = self.get(BEGAN_AT)
        if began is None:
            return int(settings.SESSION_COOKIE_AGE)
        return max(0, int(began + whole - timezone.now().timestamp()))

    def _validate_session_key(self, key: str | None) -> bool:
        # A cookie may carry anything; PostgreSQL refuses a NUL and cannot encode a surrogate.
        return bool(key and super()._validate_session_key(key) and key.isascii() and key.isalnum())
