"""Sessions in the database, each with its owner (the engine that SESSION_ENGINE names)."""

from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from accounts.models import Session


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
