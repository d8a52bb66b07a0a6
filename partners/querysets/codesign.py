"""Who may see rounds, proposals, ballots and advice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q

from accounts.querysets import programmes_of

if TYPE_CHECKING:
    from datetime import date

    from accounts.models import User


# Whoever holds one of these roles may propose and vote: any but finance's.
TAKING_PART = ("coordinator", "partner", "staff", "clinician", "clinical_lead", "peer_observer")


def taking_part(user: User) -> set[int]:
    """Programmes in which somebody may propose and vote."""
    return programmes_of(user, *TAKING_PART)


class RoundQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> RoundQuerySet:
        """Rounds of the programmes one takes part in."""
        return self.filter(programme__in=taking_part(user))

    def past_their_day(self, today: date) -> RoundQuerySet:
        """Rounds that should be put to the vote, or counted, by now."""
        return self.filter(
            Q(status="proposing", votes_from__lte=today) | Q(status="voting", closes_on__lt=today)
        )


class ProposalQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> ProposalQuerySet:
        """Proposals of the programmes one takes part in."""
        return self.filter(round__programme__in=taking_part(user))

    def standing(self) -> ProposalQuerySet:
        """All but the withdrawn."""
        return self.filter(withdrawn_at__isnull=True)


class BallotQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> BallotQuerySet:
        """One's own: nobody looks at another's."""
        return self.filter(voter=user)


class PreferenceQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> PreferenceQuerySet:
        """Those of one's own ballot."""
        return self.filter(ballot__voter=user)


class ChallengerQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> ChallengerQuerySet:
        """Who is in the group of a programme one takes part in."""
        return self.filter(programme__in=taking_part(user))

    def on(self, day: date) -> ChallengerQuerySet:
        """Those in the group on `day`."""
        return self.filter(starts_on__lte=day).exclude(ends_on__lt=day)


class AdviceQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> AdviceQuerySet:
        """Advice on the proposals of the programmes one takes part in."""
        return self.filter(proposal__round__programme__in=taking_part(user))

    def undecided(self) -> AdviceQuerySet:
        """Advice that waits for a decision, on what still stands."""
        return self.filter(decision="", proposal__withdrawn_at__isnull=True).exclude(
            proposal__round__status="dropped"
        )
