"""How much work somebody has against the pace they chose: their own numbers, and a word for others.

Numbers are for the partner alone: a page gives `meeting_pace`, `work_pace` or `month_in_words` to
whoever it is about and to nobody else. Everybody else is told one word, by `standing_of`.
"""

from collections.abc import Collection, Iterable
from datetime import date, datetime, time, timedelta

from django.db.models import Aggregate, Count, F, FloatField, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce, TruncMonth
from django.utils import timezone

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


class _Median(Aggregate):
    """The middle of a column's values, in between where they are even in number."""

    template = "percentile_cont(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()


def standing_of(partners: Iterable[Partner], today: date) -> dict[int, str]:
    """One word for each partner, by id: of `rules.pacing.Standing`. Four queries, or three.

    By the fuller of this month and the next, of work done and of meetings they are expected at:
    "ask first" over the pace they chose, "lightly loaded" under half of it, else "at their pace".
    Who set no pace is told by how many meetings they are expected at until the end of next month:
    "lightly loaded" under the median of the programme's partners who take part, "ask first" over
    twice the median. Whoever is away today is "ask first". It never says why.
    """
    asked = {partner.pk: partner for partner in partners}
    fullest, coming = _fullest_and_coming(asked, today)
    resting = Pause.objects.filter(partner__in=asked).on(today)
    away = set(resting.values_list("partner", flat=True))
    unpaced = {one.programme_id for one in asked.values() if one.hours_wanted is None}
    medians = _medians(unpaced, today) if unpaced else {}
    told = {}
    for pk, partner in asked.items():
        is_away = pk in away or partner.status not in PLACEABLE
        wanted = minutes_a_month(partner)
        if wanted is not None:
            told[pk] = rules.standing(fullest.get(pk, 0), wanted, is_away=is_away)
        else:
            median = medians.get(partner.programme_id, 0)
            told[pk] = rules.standing_beside(coming.get(pk, 0), median, is_away=is_away)
    return told


def _two_months(today: date) -> tuple[date, date]:
    return rules.month_of(today)[0], rules.month_of(rules.month_after(today))[1]


def _fullest_and_coming(
    partners: Collection[int], today: date
) -> tuple[dict[int, int], dict[int, int]]:
    """The minutes of the fuller month of each, and how many meetings are still to come."""
    first, last = _two_months(today)
    months: dict[tuple[int, date], int] = {}
    coming: dict[int, int] = {}
    done = Contribution.objects.filter(partner__in=partners).standing()
    done = done.filter(happened_on__range=(first, last)).order_by()
    by_month = done.annotate(month=TruncMonth("happened_on")).values("partner", "month")
    for row in by_month.annotate(given=Sum("minutes")):
        months[row["partner"], row["month"]] = row["given"]
    ahead = _expected(first, last).filter(partner__in=partners).order_by()
    ahead = ahead.annotate(month=TruncMonth("meeting__starts_at")).values("partner", "month")
    for row in ahead.annotate(
        length=Sum(F("meeting__ends_at") - F("meeting__starts_at")),
        preparation=Sum("meeting__preparation_minutes"),
        meetings=Count("pk", filter=Q(meeting__starts_at__gte=_midnight(today))),
    ):
        key = row["partner"], timezone.localdate(row["month"])
        minutes = round(row["length"].total_seconds() / 60) + row["preparation"]
        months[key] = months.get(key, 0) + minutes
        coming[row["partner"]] = coming.get(row["partner"], 0) + row["meetings"]
    fullest: dict[int, int] = {}
    for (partner, _), minutes in months.items():
        fullest[partner] = max(fullest.get(partner, 0), minutes)
    return fullest, coming


def _medians(programmes: Collection[int], today: date) -> dict[int, float]:
    """The median number of coming meetings of those who take part, of each programme."""
    mine = _expected(today, _two_months(today)[1]).filter(partner=OuterRef("pk")).order_by()
    number = mine.values("partner").annotate(number=Count("pk")).values("number")
    partners = Partner.objects.filter(programme__in=programmes, status__in=PLACEABLE)
    rows = partners.order_by().annotate(coming=Coalesce(Subquery(number), 0)).values("programme")
    return dict(rows.annotate(median=_Median("coming")).values_list("programme", "median"))


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
