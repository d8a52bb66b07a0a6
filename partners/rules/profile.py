"""What somebody may do with a partner's profile: predicates without HTTP."""

from typing import Any

from accounts.rules import coordinates
from partners.models import Partner


def signs_in(partner: Partner) -> bool:
    """They have signed in, and look after their own profile."""
    return bool(partner.user and partner.user.last_login)


def may_record_for(user: Any, partner: Partner) -> bool:
    """Coordinators write down what a partner without a sign-in tells them."""
    return coordinates(user, partner.programme_id) and not signs_in(partner)
