"""Who may see copies of data, corrections and files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q

from accounts.querysets import programmes_of
from partners.querysets.profile import own_or_coordinated

if TYPE_CHECKING:
    from accounts.models import User


class DataCopyQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> DataCopyQuerySet:
        """One's own, and those that a coordinator hands over: of partners without a sign-in."""
        handed_over = Q(
            partner__programme__in=programmes_of(user, "coordinator"),
            partner__user__last_login__isnull=True,
        )
        return self.filter(_own(user) | handed_over)

    def own(self, user: User) -> DataCopyQuerySet:
        """Those of what is held about `user`."""
        return self.filter(_own(user))


def _own(user: User) -> Q:
    return Q(user=user) | Q(partner__user=user)


class CorrectionQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> CorrectionQuerySet:
        """One's own, and those of the programmes one coordinates."""
        return self.filter(own_or_coordinated(user))


class StoredFileQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> StoredFileQuerySet:
        """None by itself: a file is reached through the row that it belongs to."""
        return self.none()
