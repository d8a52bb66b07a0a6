"""What somebody who left can still do."""

from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from partners.models import Partner
from partners.services import farewell


@dataclass(frozen=True)
class LeaverHome:
    """What somebody who left can still do, and until which moment."""

    partner: Partner
    until: datetime
    may_come_back: bool


def leaver_home(user: User, now: datetime) -> LeaverHome | None:
    """The grace of whoever left a programme; None for others, and once it is over or erased."""
    partner = farewell.left_last(user)
    left = farewell.last_left(partner) if partner else None
    if partner is None or left is None or farewell.is_erased(partner, left):
        return None
    until = left.at + farewell.GRACE
    if now >= until:
        return None
    return LeaverHome(partner, until, farewell.may_come_back(left, user, now))
