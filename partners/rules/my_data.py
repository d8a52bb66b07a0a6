"""Verbs about what is held of somebody."""

from typing import Any

from accounts.rules import coordinates
from partners.models import Correction, Partner
from partners.rules.profile import may_record_for


def may_ask_for_correction(user: Any, partner: Partner) -> bool:
    """The partner, about what is held of them."""
    return user is not None and partner.user_id == user.pk


def may_hand_copy(user: Any, partner: Partner) -> bool:
    """Coordinators hand a partner without a sign-in their copy; of who signs in they take none."""
    return may_record_for(user, partner)


def may_answer_correction(user: Any, correction: Correction) -> bool:
    """Coordinators, once, and never about themselves."""
    partner = correction.partner
    waits = correction.status == Correction.Status.ASKED
    return waits and partner.user_id != user.pk and coordinates(user, partner.programme_id)
