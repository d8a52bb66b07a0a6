"""What may be seen, and the programme's own words for subsets of it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Exists, OuterRef, Q

from workflow.sealed import SealedQuerySet

if TYPE_CHECKING:
    from accounts.models import User


def programmes_of(user: Any, *roles: str) -> set[int]:
    """Ids of the programmes in which `user` holds one of `roles` (any role when none is named)."""
    return {
        grant.programme_id
        for grant in getattr(user, "grants", [])
        if not roles or grant.role in roles
    }


class ProgrammeQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> ProgrammeQuerySet:
        """Programmes somebody belongs to; who looks after the installation sees all."""
        if user.is_superuser:
            return self
        return self.filter(pk__in=programmes_of(user))


class TeamQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> TeamQuerySet:
        """Teams of the programmes somebody belongs to."""
        if user.is_superuser:
            return self
        return self.filter(programme__in=programmes_of(user))


class UserQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> UserQuerySet:
        """Oneself, and whoever holds or held a role in a programme one coordinates."""
        if user.is_superuser:
            return self
        mine = programmes_of(user, "coordinator")
        held = user.role_grants.model.objects.filter(user=OuterRef("pk"), programme__in=mine)
        return self.filter(Q(pk=user.pk) | Exists(held))


class InvitationQuerySet(models.QuerySet[Any]):
    def open(self) -> InvitationQuerySet:
        """Invitations neither accepted nor withdrawn; they may have run out."""
        return self.filter(accepted_at__isnull=True, withdrawn_at__isnull=True)

    def usable(self, now: datetime) -> InvitationQuerySet:
        """Invitations whose link still opens a sign-in."""
        return self.open().filter(expires_at__gt=now, user__is_active=True)

    def visible_to(self, user: User) -> InvitationQuerySet:
        """Invitations to the programmes one coordinates."""
        if user.is_superuser:
            return self
        return self.filter(programme__in=programmes_of(user, "coordinator"))


class RoleGrantQuerySet(SealedQuerySet):
    def current(self) -> RoleGrantQuerySet:
        """Roles that have not ended."""
        return self.filter(ended_at__isnull=True)

    def visible_to(self, user: User) -> RoleGrantQuerySet:
        """One's own, and those of a programme one coordinates."""
        if user.is_superuser:
            return self
        return self.filter(Q(user=user) | Q(programme__in=programmes_of(user, "coordinator")))


class MessageQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> MessageQuerySet:
        """The coordinators' queue: messages of their programmes, but those between two people."""
        queue = self.filter(programme__in=programmes_of(user, "coordinator"))
        return queue.exclude(kind__in=self.model.CONFIDENTIAL_KINDS)

    def due(self, now: datetime) -> MessageQuerySet:
        """Messages whose time has come and which nobody is sending."""
        return self.filter(status="waiting", due_at__lte=now).order_by("due_at", "pk")

    def left_claimed(self, before: datetime) -> MessageQuerySet:
        """Messages claimed before `before` and never marked: their sender died."""
        return self.filter(status="claimed", claimed_at__lt=before).order_by("due_at", "pk")

    def about(self, keys: Collection[str]) -> MessageQuerySet:
        """Messages with one of these keys."""
        return self.filter(key__in=keys)
