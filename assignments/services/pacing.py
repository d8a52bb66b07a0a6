"""How much work somebody has against the pace they chose: their own numbers, and a word for others.

Numbers are for the partner alone: a page gives `meeting_pace`, `work_pace` or `month_in_words` to
whoever it is about and to nobody else. Everybody else is told one word, by `standing_of`.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import (
    Count,
    DateField,
    DurationField,
    F,
    FloatField,
    OuterRef,
    QuerySet,
    Subquery,
    Sum,
    Value,
)
from django.db.models.functions import Cast, Extract, TruncMonth
from django.utils import timezone

from accounts.models import Programme
from assignments.models import Attendance, Meeting, Opportunity
from assignments.querysets import AttendanceQuerySet
from assignments.rules import pacing as rules
from assignments.rules.pacing import Load, Pace, Work
from assignments.words import length_in_minutes
from partners.models import Contribution, Partner, Pause
from partners.querysets.support import PLACEABLE
from partners.services.profile import minutes_a_month

_SAID_YES = frozenset({Attendance.Plan.COMING, Attendance.Plan.ONLINE})


def load(partner: Partner, day: date, *, without: Meeting | None = None) -> Load:
    """The work of `partner` in the London week and the calendar month of `day`.

    Of meetings: those they said yes to, and besides those that wait for their answer; of work that
    is done: all that stands in the ledger. Three queries. `without` is left out, so that a page
    can say what it would add.
    """
    margin = timedelta(days=partner.rest_days or 0)
    first = min(rules.week_of(day)[0], rules.month_of(day)[0], day - margin)
    last = max(rules.week_of(day)[1], rules.month_of(day)[1], day + margin)
    pieces = [*_done(partner, first, last, without), *_to_come(partner, first, last, without)]
    away = Pause.objects.filter(partner=partner).on(day).values_list("starts_on", "ends_on")
    return rules.load_of(partner, day, sorted(pieces, key=lambda work: work.day), away.first())


def _done(partner: Partner, first: date, last: date, without: Meeting | None) -> list[Work]:
    work = Contribution.objects.filter(partner=partner).standing()
    work = work.filter(happened_on__range=(first, last))
    if without is not None:
        mine = Attendance.objects.filter(meeting=without, contribution__isnull=False)
        work = work.exclude(pk__in=mine.values("contribution"))
    facts = work.values_list("happened_on", "minutes")
    return [Work(day, minutes, done=True) for day, minutes in facts]


def _to_come(partner: Partner, first: date, last: date, without: Meeting | None) -> list[Work]:
    rows = _expected(first, last).filter(partner=partner)
    if without is not None:
        rows = rows.exclude(meeting=without)
    facts = rows.values_list(
        "plan", "meeting__starts_at", "meeting__ends_at", "meeting__preparation_minutes"
    )
    return [
        Work(
            timezone.localdate(starts),
            length_in_minutes(starts, ends) + preparation,
            asked=plan not in _SAID_YES,
        )
        for plan, starts, ends, preparation in facts
    ]


def _expected(first: date, last: date) -> AttendanceQuerySet:
    """Who is expected at the planned meetings of London's days from `first` to `last`."""
    rows: AttendanceQuerySet = Attendance.objects.filter(
        meeting__status="planned",
        meeting__starts_at__gte=_midnight(first),
        meeting__starts_at__lt=_midnight(last + timedelta(days=1)),
    ).expected()
    return rows


# --- For the partner -----------------------------------------------------------------------------


def meeting_pace(attendance: Attendance) -> Pace:
    """What coming to this meeting means for the week and the month, for whoever it is about."""
    meeting = attendance.meeting
    found = load(attendance.partner, timezone.localdate(meeting.starts_at), without=meeting)
    return rules.pace_with(found, meeting.minutes, is_in=attendance.plan in _SAID_YES)


def work_pace(partner: Partner, piece: Opportunity, today: date) -> Pace:
    """What taking part in `piece`, an opportunity, means for the month in which it begins."""
    day = max(piece.starts_on or today, today)
    return rules.pace_a_month(load(partner, day), piece.minutes_a_month, piece.longest_minutes)


def month_in_words(
    partner: Partner, today: date, *, done: int, coming: Iterable[Attendance]
) -> str:
    """The month of `today` against the pace they chose, of what a page has at hand already.

    done: minutes given this month; coming: what they are expected at, their meetings with them.
    """
    first, last = rules.month_of(today)
    ahead = [
        Work(day, row.meeting.minutes, asked=row.plan not in _SAID_YES)
        for row in coming
        if first <= (day := timezone.localdate(row.meeting.starts_at)) <= last
    ]
    found = rules.load_of(partner, today, [Work(today, done, done=True), *ahead])
    return rules.this_month(found, len(ahead))


# --- For coordinators ----------------------------------------------------------------------------


class _MedianOfProgramme(Subquery):
    """The median of `coming` among a programme's partners who take part, 0 for who has none.

    The subquery gives `partner_id` and `coming` of those who have some. It is joined, and not
    asked anew for each partner: that took seconds for ten thousand of them.
    """

    template = (
        "(SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY coalesce(told.coming, 0))"  # noqa: S608 (our words)
        " FROM partners_partner AS everybody"
        " LEFT JOIN (%(subquery)s) AS told ON told.partner_id = everybody.id"
        " WHERE everybody.programme_id = accounts_programme.id"
        f" AND everybody.status IN ({', '.join(map(repr, PLACEABLE))}))"
    )
    output_field = FloatField()


def standing_of(partners: Iterable[Partner], today: date) -> dict[int, str]:
    """One word for each partner, by id: of `rules.pacing.Standing`. One query, however many.

    By the fuller of this month and the next, of work done and of meetings they are expected at:
    "ask first" over the pace they chose, "lightly loaded" under half of it, else "at their pace".
    Who set no pace is told by how many meetings they are expected at until the end of next month:
    "lightly loaded" under the median of the programme's partners who take part, "ask first" over
    twice the median. Whoever is away today is "ask first". It never says why.
    """
    asked = {partner.pk: partner for partner in partners}
    facts = _facts(list(asked.values()), today)
    told = {}
    for pk, partner in asked.items():
        is_away = pk in facts.away or partner.status not in PLACEABLE
        wanted = minutes_a_month(partner)
        if wanted is not None:
            told[pk] = rules.standing(facts.fullest.get(pk, 0), wanted, is_away=is_away)
        else:
            median = facts.medians.get(partner.programme_id, 0)
            told[pk] = rules.standing_beside(facts.coming.get(pk, 0), median, is_away=is_away)
    return told


@dataclass
class _Facts:
    """By partner: minutes of the fuller month, meetings to come, who is away; by programme: the
    median number of meetings to come."""

    fullest: dict[int, float] = field(default_factory=dict)
    coming: dict[int, float] = field(default_factory=dict)
    away: set[int] = field(default_factory=set)
    medians: dict[int, float] = field(default_factory=dict)


def _facts(partners: Collection[Partner], today: date) -> _Facts:
    """What words are made of, in one query: each part gives whose, what, month, how much."""
    first = rules.month_of(today)[0]
    last = rules.month_of(rules.month_after(today))[1]
    unpaced = {one.programme_id for one in partners if one.hours_wanted is None}
    done = Contribution.objects.filter(partner__in=partners).standing()
    ahead = _expected(first, last).filter(partner__in=partners)
    parts = [
        _part(
            "minutes",
            done.filter(happened_on__range=(first, last)),
            Sum("minutes"),
            TruncMonth("happened_on"),
        ),
        _part(
            "minutes",
            ahead,
            Extract(_LENGTH, "epoch") / 60 + Sum("meeting__preparation_minutes"),
            TruncMonth("meeting__starts_at", output_field=DateField()),
        ),
        _part("coming", ahead.filter(meeting__starts_at__gte=_midnight(today)), Count("pk")),
        _part("away", Pause.objects.filter(partner__in=partners).on(today), Count("pk")),
    ]
    if unpaced:
        parts.append(_medians(unpaced, today, last))
    facts, months = _Facts(), defaultdict[tuple[int, date], float](float)
    for whose, what, month, much in parts[0].union(*parts[1:], all=True):
        if what == "minutes":
            months[whose, month] += much
            facts.fullest[whose] = max(facts.fullest.get(whose, 0), months[whose, month])
        elif what == "away":
            facts.away.add(whose)
        else:
            (facts.coming if what == "coming" else facts.medians)[whose] = much
    return facts


_LENGTH = Sum(F("meeting__ends_at") - F("meeting__starts_at"), output_field=DurationField())


def _part(
    what: str, rows: QuerySet[Any], much: Any, month: Any = None, whose: str = "partner"
) -> QuerySet[Any, Any]:
    """`much` of `rows` for each of `whose`, and for each month where there is one."""
    month = Value(None, output_field=DateField()) if month is None else month
    told: QuerySet[Any, Any] = rows.order_by().annotate(what=Value(what), month=month)
    told = told.values(whose, "what", "month").annotate(much=Cast(much, FloatField()))
    return told.values_list(whose, "what", "month", "much")


def _medians(programmes: Collection[int], today: date, last: date) -> QuerySet[Any, Any]:
    """The median number of coming meetings of those who take part, of each programme."""
    ahead = _expected(today, last).filter(meeting__programme=OuterRef("pk")).order_by()
    coming = ahead.values("partner_id").annotate(coming=Count("pk"))
    rows = Programme.objects.filter(pk__in=programmes)
    return _part("median", rows, _MedianOfProgramme(coming), whose="pk")


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
