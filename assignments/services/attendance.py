"""Who was there: a meeting confirmed once, and put right later."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from assignments.models import Attendance, Meeting, WorkGroup
from assignments.services.meeting_letters import tell_corrected
from assignments.services.pay import BY_RULE, PayTerms, pay_terms
from assignments.services.refusals import MeetingError
from assignments.words import spoken_time
from nhsuk.templatetags.nhsuk import minutes as in_words
from nhsuk.templatetags.nhsuk import moment
from partners.models import Contribution, Partner
from partners.rules import is_own
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
MINUTES_IN_A_DAY = 24 * 60
_Outcome = Attendance.Outcome
_WAS_THERE = frozenset({_Outcome.THERE, _Outcome.PART})
_SAYABLE = frozenset({*_WAS_THERE, _Outcome.MISSED, *BY_RULE})
# How the history tells an outcome: it is the meeting's, and says nothing of anybody's health.
_TOLD = {
    _Outcome.UNKNOWN: "not said",
    _Outcome.THERE: "there",
    _Outcome.PART: "there for part",
    _Outcome.MISSED: "not there",
    _Outcome.UNWELL: "not there",
    _Outcome.CALLED_OFF: "cancelled late",
}


class AlreadyConfirmedError(MeetingError):
    """Somebody else has confirmed the meeting first."""


class Said(NamedTuple):
    """What is said of one person.

    outcome: of `Attendance.Outcome`. minutes: at the meeting and preparing for it; None: as long
    as was planned. travel_minutes: there and back.
    """

    outcome: str
    minutes: int | None = None
    travel_minutes: int = 0


@transaction.atomic
def confirm_meeting(
    *,
    meeting: Meeting,
    outcomes: Mapping[int, Said | tuple[str, int | None]],
    by: User,
    now: datetime,
) -> Meeting:
    """Say once who was there, and write the work of each into the ledger, confirmed.

    `outcomes`: for every attendance of the meeting, by its pk, what is said. THERE, and PART,
    which needs its minutes, count what is said; UNWELL and CALLED_OFF what the programme decided;
    MISSED nothing. Whoever was asked to stand in, never said yes and was not there is taken off.

    In this order: partners, meeting and attendances locked; a contribution for each whose time
    counts recorded and confirmed; the attendance marked; the meeting held. All of it or none.

    Raises AlreadyConfirmedError when somebody was quicker, MeetingError otherwise.
    """
    partners = lock_partners(Attendance.objects.filter(meeting=meeting, pk__in=outcomes))
    locked = _locked(meeting)
    _check_may_be_confirmed(locked, now)
    attendances = list(
        Attendance.objects.select_for_update(of=("self",)).filter(meeting=locked).order_by("pk")
    )
    if {row.pk for row in attendances} != set(outcomes):
        raise MeetingError(
            "Who is down for this meeting has changed, or somebody was left out. "
            "Look at the list again and say for each whether they were there."
        )
    terms = pay_terms(locked.programme_id)
    for row in attendances:
        row.meeting, row.partner = locked, partners[row.partner_id]
        said = Said(*outcomes[row.pk])
        if _only_asked(row) and said.outcome == _Outcome.MISSED:
            row.delete()
            continue
        _mark(row, said, terms, by=by, now=now)
        _keep(row)
    transition(meeting, Meeting.Status.HELD, by=by, now=now)
    return meeting


def call_off(
    *, attendances: Iterable[Attendance], terms: PayTerms, by: User, now: datetime
) -> None:
    """Mark who was expected at a meeting that was cancelled late, and write what counts.

    For the service that cancels: partners, meeting and rows are locked by it. The work stands on
    the day of the meeting, or on that of the cancelling, when that came first. One's own waits
    for another coordinator to confirm it. Raises MeetingError.
    """
    for row in attendances:
        _mark(row, Said(_Outcome.CALLED_OFF), terms, by=by, now=now, own_waits=True)
        _keep(row)


@transaction.atomic
def correct(
    *,
    attendance: Attendance,
    outcome: str,
    minutes: int | None,
    travel_minutes: int,
    by: User,
    now: datetime,
) -> Attendance:
    """Put right what was said of one person, and the ledger with it.

    What was written is withdrawn and written anew, confirmed, with the partner's own words. The
    meeting's history says that it was put right, and the partner is told what counts now. The
    same again changes nothing. Of a cancelled meeting it can be said that it was cancelled late,
    or that nothing counts.

    Raises MeetingError: while nobody has said who was there, for one's own, for work that stands
    on a claim, and for what `confirm_meeting` refuses.
    """
    partner = lock_partners(Attendance.objects.filter(pk=attendance.pk))[attendance.partner_id]
    meeting = _locked(attendance.meeting)
    row = (
        Attendance.objects.select_for_update(of=("self",))
        .select_related("contribution")
        .get(pk=attendance.pk)
    )
    row.meeting, row.partner = meeting, partner
    said = Said(outcome, minutes, travel_minutes)
    _check_may_be_corrected(row, said, by)
    terms, before = pay_terms(meeting.programme_id), _facts(row)
    if (said.outcome, *_counting(row, said, terms)) == before:
        return attendance
    _mark(row, said, terms, by=by, now=now, had=row.contribution)
    _keep(row)
    why = f"For one partner: {_told(*before)}, now {_told(*_facts(row))}"
    transition(meeting, meeting.status, by=by, now=now, why=why[:500])
    tell_corrected(row, number=meeting.history.count(), now=now)
    attendance.refresh_from_db()
    return attendance


def everybody_down_for(meeting: Meeting) -> list[Attendance]:
    """Who is down for `meeting`, whatever they said, by name; not who left the programme.

    For whoever may see the meeting as its organiser: they show a part of it.
    """
    rows = Attendance.objects.filter(meeting=meeting).select_related("partner")
    staying = rows.exclude(partner__status=Partner.Status.LEFT)
    return list(staying.order_by("partner__sort_key", "pk"))


def lock_partners(attendances: QuerySet[Attendance]) -> dict[int, Partner]:
    """The partners of these attendances by id, locked: before anything else is."""
    found = (
        Partner.objects.select_for_update(of=("self",), no_key=True)
        .filter(pk__in=attendances.values("partner"))
        .order_by("pk")
    )
    return {partner.pk: partner for partner in found}


def _locked(meeting: Meeting) -> Meeting:
    locked: Meeting = (
        Meeting.objects.select_for_update(of=("self",))
        .select_related("work_group", "programme")
        .get(pk=meeting.pk)
    )
    return locked


def _check_may_be_confirmed(meeting: Meeting, now: datetime) -> None:
    if meeting.status == Meeting.Status.HELD:
        held = meeting.history.filter(to_status=Meeting.Status.HELD).select_related("by").first()
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


def _check_may_be_corrected(row: Attendance, said: Said, by: User) -> None:
    status = row.meeting.status
    if status == Meeting.Status.PLANNED:
        raise MeetingError("Nobody has said who was there yet. Confirm the meeting instead.")
    if row.partner.user_id is not None and row.partner.user_id == by.pk:
        raise MeetingError("Nobody puts right their own. Ask another coordinator to do it.")
    if status == Meeting.Status.CANCELLED and said.outcome not in {
        _Outcome.CALLED_OFF,
        _Outcome.MISSED,
    }:
        raise MeetingError(
            "This meeting was cancelled. Say that it was cancelled late, or that nothing counts."
        )


def _only_asked(row: Attendance) -> bool:
    return row.stands_in and row.plan not in {Attendance.Plan.COMING, Attendance.Plan.ONLINE}


def _mark(
    row: Attendance,
    said: Said,
    terms: PayTerms,
    *,
    by: User,
    now: datetime,
    had: Contribution | None = None,
    own_waits: bool = False,
) -> None:
    """Say it on `row`, whose partner and meeting are at hand and locked, and in the ledger.

    had: the work written before, to be put right.
    """
    minutes, travel = _counting(row, said, terms)
    row.outcome, row.minutes, row.travel_minutes = said.outcome, minutes, travel
    row.confirmed_at, row.confirmed_by = now, by
    if had is not None and had.status == Contribution.Status.WITHDRAWN:
        had = None
    if had is not None and had.claimed_at is not None:
        raise MeetingError(
            "This work stands on a claim, so it stays as it is. Take it off the claim first, when "
            "that is a draft; what is missing can be added as a contribution of its own."
        )
    try:
        row.contribution = _written(row, had, by=by, now=now, own_waits=own_waits)
    except ledger.LedgerError as error:
        raise MeetingError(f"{row.partner.name}: {error}") from error


def _facts(row: Attendance) -> tuple[str, int | None, int]:
    return row.outcome, row.minutes, row.travel_minutes


def _told(outcome: str, minutes: int | None, travel: int) -> str:
    counts = (minutes or 0) + travel
    return _TOLD[Attendance.Outcome(outcome)] + (f", {in_words(counts)}" if counts else "")


def _counting(row: Attendance, said: Said, terms: PayTerms) -> tuple[int | None, int]:
    """The minutes that count for `said`, and those of the way besides."""
    name, planned = row.partner.name, row.meeting.minutes
    if said.outcome not in _SAYABLE:
        raise MeetingError(f"Say whether {name} was there.")
    if said.outcome in BY_RULE:
        return terms.minutes(said.outcome, planned) or None, 0
    if said.outcome == _Outcome.MISSED:
        return None, 0
    if said.outcome == _Outcome.PART and said.minutes is None:
        raise MeetingError(f"Say how many minutes {name} was there.")
    minutes = planned if said.minutes is None else said.minutes
    if not 1 <= minutes <= MINUTES_IN_A_DAY:
        raise MeetingError(f"Enter between 1 and 1440 minutes for {name}.")
    if not 0 <= said.travel_minutes <= MINUTES_IN_A_DAY - minutes:
        raise MeetingError(f"The meeting and the way are at most 24 hours: check {name}’s minutes.")
    return minutes, said.travel_minutes


def _written(
    row: Attendance, had: Contribution | None, *, by: User, now: datetime, own_waits: bool
) -> Contribution | None:
    """What stands in the ledger for `row`, when anything of it counts."""
    meeting, counted = row.meeting, row.counted
    late = row.outcome == Attendance.Outcome.CALLED_OFF
    # No other outcome shows: why somebody was not there is nobody's business who pays.
    title = f"{meeting}, cancelled late" if late else str(meeting)
    if had is not None and not counted:
        ledger.withdraw(contribution=had, by=by, now=now, why="Who was there was put right")
        return None
    if had is not None:
        if (had.minutes, had.title) == (counted, title):
            return had
        return ledger.replace(
            contribution=had,
            by=by,
            now=now,
            why="Who was there was put right",
            minutes=counted,
            title=title,
        )
    if not counted:
        return None
    contribution = ledger.record(
        partner=row.partner,
        kind=KIND_OF_WORK[WorkGroup.Kind(meeting.work_group.kind)],
        happened_on=min(timezone.localdate(meeting.starts_at), timezone.localdate(now)),
        minutes=counted,
        title=title,
        source_path=reverse("assignments:meeting", args=[meeting.pk]),
        by=by,
        now=now,
    )
    if not (own_waits and is_own(by, contribution)):
        ledger.confirm(contribution=contribution, by=by, now=now)
    return contribution


def _keep(row: Attendance) -> None:
    row.save(
        update_fields=[
            "outcome",
            "minutes",
            "travel_minutes",
            "confirmed_at",
            "confirmed_by",
            "contribution",
        ]
    )
