"""Who will come: answers, and who is asked to stand in for whoever cannot."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from assignments.models import Assignment, Attendance, Meeting
from assignments.services.meeting_letters import ask_to_stand_in, told
from assignments.services.refusals import AnswerError
from partners.models import Partner

_Plan = Attendance.Plan
_COMES = frozenset({_Plan.COMING, _Plan.ONLINE})
_SAYABLE = frozenset({*_COMES, _Plan.NOT_THIS_TIME})


@transaction.atomic
def answer(*, attendance: Attendance, plan: str, by: User | None, now: datetime) -> Attendance:
    """Say whether the partner comes; changeable until the meeting is over.

    When somebody who was expected cannot come to a meeting that is still ahead, whoever stands in
    for the group that day is asked. Of them only as many may say yes as are missing.

    Raises AnswerError.
    """
    if plan not in _SAYABLE:
        raise AnswerError("Choose whether you are coming.")
    # Answers to one meeting come one after another: of two who stand in, one is the last needed.
    meeting = (
        Meeting.objects.select_for_update(of=("self",))
        .select_related("work_group", "programme")
        .get(pk=attendance.meeting_id)
    )
    if meeting.status == Meeting.Status.CANCELLED:
        raise AnswerError("This meeting is cancelled: you need do nothing.")
    if meeting.status != Meeting.Status.PLANNED or meeting.ends_at <= now:
        raise AnswerError("This meeting is over, so your answer can no longer be changed.")
    locked = Attendance.objects.select_for_update(of=("self",)).get(pk=attendance.pk)
    if locked.stands_in and plan in _COMES and locked.plan not in _COMES:
        _check_somebody_is_missing(meeting)
    for row in (locked, attendance):
        row.plan, row.planned_at = plan, now
    locked.save(update_fields=["plan", "planned_at"])
    if plan == _Plan.NOT_THIS_TIME and not locked.stands_in and meeting.starts_at > now:
        _ask_who_stands_in(meeting, now)
    return attendance


def missing(meeting: Meeting) -> int:
    """How many of those who were expected cannot come, and nobody stands in for them yet."""
    rows = meeting.attendances.all()
    cannot = rows.filter(plan=_Plan.NOT_THIS_TIME, stands_in=False).count()
    return max(0, cannot - rows.standing_in().count())


def _check_somebody_is_missing(meeting: Meeting) -> None:
    if not missing(meeting):
        raise AnswerError(
            "Thank you for the offer. Everybody who is needed comes already, so you need do "
            "nothing this time."
        )


def _ask_who_stands_in(meeting: Meeting, now: datetime) -> None:
    if not missing(meeting):
        return
    there = set(meeting.attendances.values_list("partner", flat=True))
    places = (
        Assignment.objects.on(timezone.localdate(meeting.starts_at))
        .filter(work_group=meeting.work_group_id, stands_in=True)
        .exclude(partner__status=Partner.Status.LEFT)
        .exclude(partner__in=there)
    )
    Attendance.objects.bulk_create(
        [
            Attendance(meeting=meeting, partner_id=partner, stands_in=True)
            for partner in places.order_by("partner").values_list("partner", flat=True)
        ],
        ignore_conflicts=True,
    )
    asked = meeting.attendances.filter(stands_in=True).exclude(partner__in=there)
    ask_to_stand_in(meeting, told(asked), now)
