"""What somebody may do with stages, talks and concerns: predicates without HTTP."""

from typing import Any

from accounts.models import Programme, RoleGrant, User
from accounts.rules import coordinates
from partners.models import CheckIn, Concern, Partner
from partners.querysets.support import PLACEABLE


def may_support(user: Any, partner: Partner) -> bool:
    """Coordinators move partners between stages and write down talks; not their own."""
    return partner.user_id != user.pk and coordinates(user, partner.programme_id)


def may_have_place(partner: Partner) -> bool:
    """Somebody who takes part, or is learning to: not on the way in, nor on the way out."""
    return partner.status in PLACEABLE


def may_read_private(user: Any, check_in: CheckIn) -> bool:
    """What an author wrote for herself is hers alone."""
    return user is not None and check_in.author_id == user.pk


def lead_for(user: Any, programme: Programme | None) -> User | None:
    """Who hears a concern that `user` raises in `programme`, if anybody can.

    Nobody raises a concern with themselves, nor with somebody who belongs to it no more.
    """
    lead = programme.concern_lead if programme is not None else None
    if lead is None or lead.pk == user.pk or not lead.is_active:
        return None
    held = RoleGrant.objects.current().filter(user=lead, programme=programme)
    return lead if held.exists() else None


def hears(user: Any, concern: Concern) -> bool:
    """The concern was raised with this person, or fell to them when its lead left."""
    return Concern.objects.heard_by(user).filter(pk=concern.pk).exists()


def may_take_up(user: Any, concern: Concern) -> bool:
    """Who hears it, while it is new."""
    return concern.status == Concern.Status.RAISED and hears(user, concern)


def may_close(user: Any, concern: Concern) -> bool:
    """Who hears it, until it is closed."""
    return concern.status != Concern.Status.CLOSED and hears(user, concern)
