"""How much counts for whoever could not be there, by the rule of the programme."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from accounts.models import Programme, User
from assignments.models import Attendance, PayRule
from assignments.services.refusals import MeetingError

BY_RULE = (Attendance.Outcome.UNWELL, Attendance.Outcome.CALLED_OFF)
MOST_NOTICE_HOURS = 14 * 24
_USUAL_NOTICE_HOURS = 24


@dataclass(frozen=True)
class PayTerms:
    """What a programme decided; nothing counts until it has.

    shares: a `PayRule.Share` by outcome. notice_hours: cancelled later than this before its start,
    a meeting is cancelled late.
    """

    shares: Mapping[str, str]
    notice_hours: int

    def minutes(self, outcome: str, planned: int) -> int:
        """How many of the `planned` minutes count for `outcome`; half a minute counts as one."""
        share = self.shares.get(outcome, PayRule.Share.NONE)
        if share == PayRule.Share.FULL:
            return planned
        return (planned + 1) // 2 if share == PayRule.Share.HALF else 0

    def is_late(self, starts_at: datetime, now: datetime) -> bool:
        """Cancelled `now`, a meeting that starts then is cancelled late."""
        return now > starts_at - timedelta(hours=self.notice_hours)


def pay_terms(programme_id: int) -> PayTerms:
    """What the programme decided."""
    found = {rule.outcome: rule for rule in PayRule.objects.filter(programme=programme_id)}
    late = found.get(Attendance.Outcome.CALLED_OFF)
    return PayTerms(
        shares={outcome: rule.share for outcome, rule in found.items()},
        notice_hours=late.notice_hours if late else _USUAL_NOTICE_HOURS,
    )


@transaction.atomic
def set_pay_terms(
    *,
    programme: Programme,
    unwell: str,
    called_off: str,
    notice_hours: int,
    by: User | None,
    now: datetime,
) -> PayTerms:
    """Say what counts from now on; what was confirmed before stays.

    unwell, called_off: FULL, HALF or NONE of `PayRule.Share`. Raises MeetingError.
    """
    del by, now  # who and when is the audit's, which every change of these rows leaves
    if not 0 <= notice_hours <= MOST_NOTICE_HOURS:
        raise MeetingError(f"Enter between 0 and {MOST_NOTICE_HOURS} hours of notice.")
    for outcome, share in zip(BY_RULE, (unwell, called_off), strict=True):
        if share not in PayRule.Share.values:
            raise MeetingError("Choose how much counts.")
        PayRule.objects.update_or_create(
            programme=programme,
            outcome=outcome,
            defaults={"share": share, "notice_hours": notice_hours},
        )
    return pay_terms(programme.pk)
