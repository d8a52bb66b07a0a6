"""Who may see copies of data, corrections and files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models

from partners.querysets.profile import own_or_coordinated

if TYPE_CHECKING:
    from accounts.models import User


class DataCopyQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> DataCopyQuerySet:
        """One's own."""
        return self.filter(user=user)


class CorrectionQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> CorrectionQuerySet:
        """One's own, and those of the programmes one coordinates."""
        return self.filter(own_or_coordinated(user))


class StoredFileQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> StoredFileQuerySet:
        """None by itself: a file is reached through the row that it belongs to."""
        return self.none()
