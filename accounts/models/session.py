from django.conf import settings
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models


class Session(AbstractBaseSession):
    """A signed-in browser, with its owner, so that leaving can end them all."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="sessions",
    )

    @classmethod
    def get_session_store_class(cls) -> type:
        from accounts.sessions import SessionStore  # noqa: PLC0415  (Django asks the model for it)

        return SessionStore
