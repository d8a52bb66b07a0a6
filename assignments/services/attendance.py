"""Who will come, and who was there: answers and confirmations."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from assignments.models import Attendance, Meeting, WorkGroup
from assignments.services.refusals import AnswerError, MeetingError
from assignments.words import spoken_time
from nhsuk.templatetags.nhsuk import moment
from partners.models import Contribution, Partner
from partners.services import ledger
from workflow.transitions import transition

KIND_OF_WORK = {
    WorkGroup.Kind.MDT: Contribution.Kind.MDT,
    WorkGroup.Kind.PROJECT: Contribution.Kind.PROJECT,
    WorkGroup.Kind.COMMITTEE: Contribution.Kind.MEETING,
    WorkGroup.Kind.RECRUITMENT: Contribution.Kind.RECRUITMENT,
    WorkGroup.Kind.RESEARCH: Contribution.Kind.RESEARCH,
    WorkGroup.Kind.EDUCATION: Contribution.Kind.EDUCATION,
    WorkGroup.Kind.EVENT: Contribution.Kind.EVENT,
}
_WAS_THERE = frozenset({Attendance.Outcome.THERE, Attendance.Outcome.PART})
_SAYABLE = frozenset(
    {Attendance.Plan.COMING, Attendance.Plan.ONLINE, Attendance.Plan.NOT_THIS_TIME}
)


class AlreadyConfirmedError(MeetingError):
    """Somebody else has confirmed the meeting first."""


@transaction.atomic
def answer(*, attendance: Attendance, plan: str, by: User | None, now: datetime) -> Attendance:
    """Say whether the partner comes; changeable until the meeting is over.

    Raises AnswerError.
    """
    if plan not in _SAYABLE:
        raise AnswerError("Choose whether you are coming.")
    locked = Attendance.objects.select_for_update(of=("self",)).get(pk=attendance.pk)
    # Read after the lock: a confirmation or a cancellation may have come first.
    meeting = Meeting.objects.get(pk=locked.meeting_id)
    if meeting.status == Meeting.Status.CANCELLED:
        raise AnswerError("This meeting is cancelled: you need do nothing.")
    if meeting.status != Meeting.Status.PLANNED or meeting.ends_at <= now:
        raise AnswerError("This meeting is over, so your answer can no longer be changed.")
    for row in (locked, attendance):
        row.plan, row.planned_at = plan, now
    locked.save(update_fields=["plan", "planned_at"])
    return attendance


@transaction.atomic
def confirm_meeting(
    *,
    meeting: Meeting,
    outcomes: Mapping[int, tuple[str, int | None]],
    by: User,
    now: datetime,
) -> Meeting:
    """Say once who was there, and write the work of each into the ledger, confirmed.

    `outcomes`: for every attendance of the meeting, by its pk, THERE, PART or MISSED, and the
    minutes (None: the length of the meeting and its preparation; PART needs them said).

    In this order: partners, meeting and attendances locked; a contribution for each who was there
    recorded and confirmed; the attendance marked; the meeting held. All of it or none.

    Raises AlreadyConfirmedError when somebody was quicker, MeetingError otherwise.
    """
    expected = Attendance.objects.filter(meeting=meeting, pk__in=outcomes).values("partner")
    partners = {
        partner.pk: partner
        for partner in Partner.objects.select_for_update(of=("self",), no_key=True)
        .filter(pk__in=expected)
        .order_by("pk")
    }
    locked = (
        Meeting.objects.select_for_update(of=("self",))
        .select_related("work_group")
        .get(pk=meeting.pk)
    )
    _check_may_be_confirmed(locked, now)
    attendances = list(
        Attendance.objects.select_for_update(of=("self",)).filter(meeting=locked).order_by("pk")
    )
    if {row.pk for row in attendances} != set(outcomes):
        raise MeetingError(
            "Who is down for this meeting has changed, or somebody was left out. "
            "Look at the list again and say for each whether they were there."
        )
    for row in attendances:
        outcome, minutes = outcomes[row.pk]
        _mark(row, locked, partners[row.partner_id], outcome, minutes, by=by, now=now)
    transition(meeting, Meeting.Status.HELD, by=by, now=now)
    return meeting


def _check_may_be_confirmed(meeting: Meeting, now: datetime) -> None:
    if meeting.status == Meeting.Status.HELD:
        held = meeting.history.filter(to_status=Meeting.Status.HELD).select_related("by").last()
        who = held.by if held and held.by else "Somebody"
        when = f" on {moment(held.at)}" if held else ""
        raise AlreadyConfirmedError(f"{who} confirmed this meeting{when}. Nothing was changed.")
    if meeting.status == Meeting.Status.CANCELLED:
        raise MeetingError("This meeting was cancelled, so nobody was there.")
    if meeting.ends_at > now:
        raise MeetingError(
            f"This meeting is not over yet: {spoken_time(meeting.starts_at, meeting.ends_at)}. "
            "Confirm it afterwards."
        )


def _mark(
    row: Attendance,
    meeting: Meeting,
    partner: Partner,
    outcome: str,
    minutes: int | None,
    *,
    by: User,
    now: datetime,
) -> None:
    if outcome not in (*_WAS_THERE, Attendance.Outcome.MISSED):
        raise MeetingError(f"Say whether {partner.name} was there.")
    if outcome == Attendance.Outcome.PART and minutes is None:
        raise MeetingError(f"Say how many minutes {partner.name} was there.")
    row.outcome, row.confirmed_at, row.confirmed_by = outcome, now, by
    if outcome in _WAS_THERE:
        row.minutes = meeting.minutes if minutes is None else minutes
        if not 1 <= row.minutes <= 24 * 60:
            raise MeetingError(f"Enter between 1 and 1440 minutes for {partner.name}.")
        try:
            row.contribution = _write_work(row, meeting, partner, by=by, now=now)
        except ledger.LedgerError as error:
            raise MeetingError(f"{partner.name}: {error}") from error
    row.save(update_fields=["outcome", "minutes", "confirmed_at", "confirmed_by", "contribution"])


def _write_work(
    row: Attendance, meeting: Meeting, partner: Partner, *, by: User, now: datetime
) -> Contribution:
    contribution = ledger.record(
        partner=partner,
        kind=KIND_OF_WORK[WorkGroup.Kind(meeting.work_group.kind)],
        happened_on=timezone.localdate(meeting.starts_at),
        minutes=row.minutes or 0,
        title=str(meeting),
        source_path=reverse("assignments:meeting", args=[meeting.pk]),
        by=by,
        now=now,
    )
    ledger.confirm(contribution=contribution, by=by, now=now)
    return contribution
