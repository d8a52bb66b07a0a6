"""Who may see the pathway, what is learnt on it, and what has to be in place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models

from accounts.querysets import programmes_of
from partners.querysets.profile import own_or_coordinated

if TYPE_CHECKING:
    from accounts.models import User


class OfPartnerQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> OfPartnerQuerySet:
        """The partner's own, and those of a programme one coordinates."""
        return self.filter(own_or_coordinated(user))


class PathwayRoleQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> PathwayRoleQuerySet:
        """Roles of the programmes somebody belongs to."""
        return self.filter(programme__in=programmes_of(user))


class PathwayLinkQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> PathwayLinkQuerySet:
        """Links of the programmes somebody belongs to."""
        return self.filter(from_role__programme__in=programmes_of(user))


class RoleSkillQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> RoleSkillQuerySet:
        """Skills of the programmes somebody belongs to."""
        return self.filter(role__programme__in=programmes_of(user))


class LearningItemQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> LearningItemQuerySet:
        """What is learnt in the programmes somebody belongs to."""
        return self.filter(programme__in=programmes_of(user))

    def current(self) -> LearningItemQuerySet:
        """All but the retired."""
        return self.filter(retired_on__isnull=True)


class LearningSessionQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> LearningSessionQuerySet:
        """Sessions of the programmes somebody belongs to."""
        return self.filter(item__programme__in=programmes_of(user))


class RequirementQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> RequirementQuerySet:
        """Requirements of the programmes somebody belongs to."""
        return self.filter(programme__in=programmes_of(user))

    def current(self) -> RequirementQuerySet:
        """All but the retired."""
        return self.filter(retired_on__isnull=True)


class AgreementTextQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> AgreementTextQuerySet:
        """Agreements of the programmes somebody belongs to."""
        return self.filter(requirement__programme__in=programmes_of(user))
