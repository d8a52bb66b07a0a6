"""How much work somebody has, against the pace they chose: no database, and no numbers but theirs.

A `Load` and its words are for the partner alone. Everybody else gets one of the words of
`Standing`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from django.db.models import TextChoices
from django.utils.formats import date_format

from assignments.words import spoken_day
from nhsuk.templatetags.nhsuk import minutes as in_words
from partners.models import Partner
from partners.services.profile import minutes_a_month, rests_on, too_long

_OVER = "That is more than you said you want: it is your choice."
_WITHIN = "That is within the pace you chose."


class Standing(TextChoices):
    """What coordinators are told of somebody's load."""

    LIGHT = "lightly loaded", "Lightly loaded"
    AT_PACE = "at their pace", "At their pace"
    ASK_FIRST = "ask first", "Ask first"


@dataclass(frozen=True)
class Work:
    """Work on one of London's days: done, said yes to, or waiting for the partner's answer."""

    day: date
    minutes: int
    done: bool = False
    asked: bool = False


@dataclass(frozen=True)
class Span:
    """The work of a week or a month, in minutes; `wanted` is None where they set no pace."""

    first: date
    last: date
    done: int
    planned: int
    asked: int
    wanted: int | None

    @property
    def taken(self) -> int:
        """What is done and what they said yes to; not what waits for their answer."""
        return self.done + self.planned


@dataclass(frozen=True)
class Load:
    """One partner's work around `day`: its London week, from Monday, and its calendar month."""

    partner: Partner
    day: date
    week: Span
    month: Span
    pieces: Sequence[Work] = ()
    # The days they said they are away, when `day` is one of them.
    away: tuple[date, date | None] | None = None


@dataclass(frozen=True)
class Pace:
    """What a page tells a partner about their pace: sentences, never a no."""

    lines: list[str] = field(default_factory=list)
    is_over: bool = False
    has_pace: bool = True


def week_of(day: date) -> tuple[date, date]:
    """Monday and Sunday of the week of `day`."""
    monday = day - timedelta(days=day.weekday())
    return monday, monday + timedelta(days=6)


def month_of(day: date) -> tuple[date, date]:
    """First and last day of the month of `day`."""
    first = day.replace(day=1)
    return first, month_after(first) - timedelta(days=1)


def month_after(day: date) -> date:
    """The first day of the month after that of `day`."""
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)


def load_of(
    partner: Partner,
    day: date,
    pieces: Sequence[Work],
    away: tuple[date, date | None] | None = None,
) -> Load:
    """Add up `pieces`, which reach over the week and the month of `day`."""
    a_week = None
    if partner.hours_wanted is not None and partner.hours_per == Partner.Per.WEEK:
        a_week = partner.hours_wanted * 60
    return Load(
        partner=partner,
        day=day,
        week=_span(week_of(day), pieces, a_week),
        month=_span(month_of(day), pieces, minutes_a_month(partner)),
        pieces=pieces,
        away=away,
    )


def _span(days: tuple[date, date], pieces: Sequence[Work], wanted: int | None) -> Span:
    first, last = days
    within = [piece for piece in pieces if first <= piece.day <= last]
    return Span(
        first=first,
        last=last,
        done=sum(piece.minutes for piece in within if piece.done),
        planned=sum(piece.minutes for piece in within if not piece.done and not piece.asked),
        asked=sum(piece.minutes for piece in within if piece.asked),
        wanted=wanted,
    )


# --- For the partner, who decides ----------------------------------------------------------------


def pace_with(load: Load, minutes: int, *, is_in: bool = False) -> Pace:
    """What it would mean to give `minutes` more on the day of `load`, in the partner's words.

    is_in: they have said yes, and `load` leaves it out. Nothing here forbids anything.
    """
    partner, lines = load.partner, []
    has_pace = partner.hours_wanted is not None
    a_week = partner.hours_per == Partner.Per.WEEK
    chosen = load.week if a_week else load.month
    over = chosen.wanted is not None and chosen.taken + minutes > chosen.wanted
    week = f"In the week of {date_format(load.week.first, 'j F')} "
    week += _have(load.week, minutes, is_in)
    month = f"In {date_format(load.month.first, 'F')} "
    month += _have(replace(load.month, wanted=None) if a_week else load.month, minutes, is_in)
    if a_week and load.month.wanted:
        about = round(load.month.wanted / 60)
        month += f" ({partner.hours_wanted} a week make about {about} a month)"
    # The period they chose comes first.
    lines += [f"{line}." for line in ((week, month) if a_week else (month, week))]
    if chosen.asked and has_pace:
        lines.append(f"Another {in_words(chosen.asked)} wait for your answer.")
    strains = _strains(load, minutes)
    return _told(lines, strains, over, has_pace)


def pace_a_month(load: Load, minutes: int | None, longest: int | None = None) -> Pace:
    """What regular work of about `minutes` a month would mean, `longest` of them in one go."""
    partner, span = load.partner, load.month
    has_pace, lines = partner.hours_wanted is not None, []
    month = f"In {date_format(span.first, 'F')} "
    if minutes is not None:
        lines.append(f"{month}{_have(span, minutes, is_in=False)}.")
    elif span.taken:
        lines.append(f"{month}you have {_of(span.taken, span.wanted)}.")
    elif has_pace:
        lines.append(f"{month}nothing is planned yet.")
    over = minutes is not None and span.wanted is not None and span.taken + minutes > span.wanted
    strains = []
    if longest is not None and too_long(partner, longest):
        strains.append(_too_long(partner, longest))
    return _told(lines, strains, over, has_pace, compared=minutes is not None)


def _told(
    lines: list[str], strains: list[str], over: bool, has_pace: bool, *, compared: bool = True
) -> Pace:
    """The verdict last, and never a no; `compared` where hours were held against the pace."""
    verdict = []
    if over:
        verdict = [_OVER]
    elif strains:
        verdict = ["It is your choice."]
    elif has_pace and compared:
        verdict = [_WITHIN]
    return Pace([*lines, *strains, *verdict], over or bool(strains), has_pace)


def this_month(load: Load, meetings: int) -> str:
    """The month so far and the `meetings` still to come, against the pace they chose."""
    span = load.month
    given = "Nothing is recorded yet."
    if span.done:
        given = f"You have given {_of(span.done, span.wanted)} so far."
    if not meetings:
        return given
    ahead = f"{meetings} meeting{'' if meetings == 1 else 's'} still to come"
    if span.wanted is None:
        return f"{given} {ahead}."
    total = span.taken + span.asked
    said = f"{given} With {ahead} it makes {_of(total, span.wanted)}."
    return f"{said} {_OVER}" if total > span.wanted else said


def _have(span: Span, minutes: int, is_in: bool) -> str:
    """ "you have 3 of your 4 hours; this would make it 5", without the stop."""
    total = span.taken + minutes
    if is_in:
        return f"you have {_of(total, span.wanted)}, with this"
    if not span.taken:
        return f"nothing is planned yet; this would make it {_of(total, span.wanted)}"
    after = str(total // 60) if span.wanted and total % 60 == 0 else in_words(total)
    return f"you have {_of(span.taken, span.wanted)}; this would make it {after}"


def _of(have: int, wanted: int | None) -> str:
    """ "3 of your 4 hours", "1 hour 30 minutes of your 4 hours", "3 hours"; of a month that is
    reckoned from a week "3 of about 17 hours"."""
    if wanted is None:
        return in_words(have)
    said = str(have // 60) if have % 60 == 0 else in_words(have)
    if wanted % 60:
        return f"{said} of about {round(wanted / 60)} hours"
    return f"{said} of your {in_words(wanted)}"


def _strains(load: Load, minutes: int) -> list[str]:
    """What beside the hours goes against what they said: too long, a day of rest, or away."""
    partner, day, lines = load.partner, load.day, []
    if too_long(partner, minutes):
        lines.append(_too_long(partner, minutes))
    for piece in load.pieces:
        if piece.asked:
            continue
        if rests_on(partner, day, worked_on=piece.day, minutes=piece.minutes):
            lines.append(
                f"It is on a day on which you rest, after {in_words(piece.minutes)} on "
                f"{spoken_day(piece.day)}."
            )
            break
        if rests_on(partner, piece.day, worked_on=day, minutes=minutes):
            lines.append(
                f"You rest after a long one, and have {in_words(piece.minutes)} on "
                f"{spoken_day(piece.day)}."
            )
            break
    if load.away is not None:
        until = load.away[1]
        lines.append(
            "You said that you are away then" + (f", until {spoken_day(until)}." if until else ".")
        )
    return lines


def _too_long(partner: Partner, minutes: int) -> str:
    longest = in_words(partner.longest_minutes)
    return f"It takes {in_words(minutes)} in one go; you said at most {longest}."


# --- For everybody else: one word ----------------------------------------------------------------


def standing(fullest: float, wanted: int, *, is_away: bool) -> str:
    """The word for who set a pace, of the fullest month: "ask first" over it, light under half."""
    if is_away or fullest > wanted:
        return str(Standing.ASK_FIRST)
    return str(Standing.LIGHT if fullest * 2 < wanted else Standing.AT_PACE)


def standing_beside(meetings: float, median: float, *, is_away: bool) -> str:
    """The word for who set no pace, by coming meetings beside the programme's median.

    More than twice the median is "ask first", fewer than it "lightly loaded". Where half of the
    partners have no meeting at all, one counts as the median.
    """
    usual = max(median, 1)
    if is_away or meetings > 2 * usual:
        return str(Standing.ASK_FIRST)
    return str(Standing.LIGHT if meetings < usual else Standing.AT_PACE)
