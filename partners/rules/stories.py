"""What somebody may do with a story: predicates without HTTP."""

from typing import Any

from accounts.rules import coordinates
from partners.models import Story


def is_teller(user: Any, story: Story) -> bool:
    """The story is this person's own: they alone write, share and withdraw it."""
    return user is not None and story.partner.user_id == user.pk


def may_log_use(user: Any, story: Story) -> bool:
    """Coordinators of the programme; for what is the consent's matter, on the day."""
    return user is not None and coordinates(user, story.partner.programme_id)


def may_withdraw_for(user: Any, story: Story) -> bool:
    """Coordinators of the programme, when its owner told them to."""
    return user is not None and coordinates(user, story.partner.programme_id)
