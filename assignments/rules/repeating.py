"""How a meeting repeats: a rule of RFC 5545, made from a form, checked, and told as days.

A rule is an RRULE over days, as the clocks of London count them: the hours stand beside it, and
so stay what they are when the clocks change. It ends by COUNT, or by UNTIL with a day, which it
still includes (RFC 5545, 3.3.10: as DTSTART is a day, so is UNTIL).
"""

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from itertools import islice

from dateutil.relativedelta import relativedelta
from dateutil.rrule import rrulestr
from django.db.models import IntegerChoices, TextChoices

from assignments.words import spoken_day

MOST_MEETINGS = 160
MOST_YEARS = 3
MOST_WEEKS_APART = 12
_FOR_EVER = "Say when it ends: after a number of meetings, or on a day."
_UNREADABLE = "We do not know how this repeats. Choose every so many weeks, or once a month."
_CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_PARTS = {
    "FREQ": r"WEEKLY|MONTHLY",
    "INTERVAL": r"[1-9][0-9]?",
    "BYDAY": r"(-1|[1-4])?(MO|TU|WE|TH|FR|SA|SU)",
    "BYMONTHDAY": r"-1|[1-9]|1[0-9]|2[0-8]",
    "COUNT": r"[1-9][0-9]{0,4}",
    "UNTIL": r"[0-9]{8}",
}


class How(TextChoices):
    """What a form asks: how it repeats."""

    WEEKLY = "weekly", "Every so many weeks, on a weekday"
    MONTHLY_WEEKDAY = "monthly_weekday", "Once a month, on a weekday, like the second Tuesday"
    MONTHLY_DAY = "monthly_day", "Once a month, on a day of the month, like the 15th"
    MONTHLY_LAST_DAY = "monthly_last_day", "On the last day of every month"


class Weekday(IntegerChoices):
    """As Python counts them."""

    MONDAY = 0, "Monday"
    TUESDAY = 1, "Tuesday"
    WEDNESDAY = 2, "Wednesday"
    THURSDAY = 3, "Thursday"
    FRIDAY = 4, "Friday"
    SATURDAY = 5, "Saturday"
    SUNDAY = 6, "Sunday"


class Nth(IntegerChoices):
    """Which of a month's weekdays; a fifth is not there every month, a last one is."""

    FIRST = 1, "First"
    SECOND = 2, "Second"
    THIRD = 3, "Third"
    FOURTH = 4, "Fourth"
    LAST = -1, "Last"


class RuleError(ValueError):
    """A meeting cannot repeat like this; `field` names what it is about, if one thing is."""

    def __init__(self, sentence: str, field: str = "") -> None:
        super().__init__(sentence)
        self.field = field


def rule_of(
    *,
    how: str,
    weeks: int | None = None,
    weekday: int | None = None,
    nth: int | None = None,
    day: int | None = None,
    times: int | None = None,
    until: date | None = None,
) -> str:
    """The RRULE of what a form asked for; ends after `times` meetings or with the day `until`.

    weeks: for WEEKLY, how many lie between two; nth: for MONTHLY_WEEKDAY, -1 is the last; day:
    for MONTHLY_DAY. Raises RuleError.
    """
    if how == How.WEEKLY:
        if weeks is None or not 1 <= weeks <= MOST_WEEKS_APART:
            raise RuleError(f"Enter a number of weeks from 1 to {MOST_WEEKS_APART}", "weeks")
        parts = ["FREQ=WEEKLY", f"INTERVAL={weeks}", f"BYDAY={_CODES[_asked(weekday)]}"]
    elif how == How.MONTHLY_WEEKDAY:
        if nth not in Nth.values:
            raise RuleError("Choose which one of the month", "nth")
        parts = ["FREQ=MONTHLY", f"BYDAY={nth}{_CODES[_asked(weekday)]}"]
    elif how == How.MONTHLY_DAY:
        parts = ["FREQ=MONTHLY", f"BYMONTHDAY={_day_of_every_month(day)}"]
    elif how == How.MONTHLY_LAST_DAY:
        parts = ["FREQ=MONTHLY", "BYMONTHDAY=-1"]
    else:
        raise RuleError("Choose how it repeats", "how")
    return ";".join([*parts, _end(times, until)])


def _asked(weekday: int | None) -> int:
    if weekday not in Weekday.values or weekday is None:
        raise RuleError("Choose a weekday", "weekday")
    return weekday


def _day_of_every_month(day: int | None) -> int:
    if day is None or not 1 <= day <= 31:
        raise RuleError("Enter a day from 1 to 28", "day")
    if day > 28:
        raise RuleError(
            f"Not every month has a day {day}. Enter a day from 1 to 28, or choose the last day "
            "of every month.",
            "day",
        )
    return day


def _end(times: int | None, until: date | None) -> str:
    if (times is None) == (until is None):
        raise RuleError(_FOR_EVER, "finish")
    if until is not None:
        return f"UNTIL={until:%Y%m%d}"
    if not 1 <= (times or 0) <= MOST_MEETINGS:
        raise RuleError(f"Enter a number of meetings from 1 to {MOST_MEETINGS}", "times")
    return f"COUNT={times}"


def days_of(rule: str, first_on: date) -> list[date]:
    """The days of `rule` from `first_on` on, London's, each once and in order.

    The weeks are counted from the first of its weekdays on or after `first_on`.
    Raises RuleError for what cannot be read, what repeats for ever, what gives no day or more
    than 160, and what reaches further than three years.
    """
    parts, start = _read(rule), first_on
    if parts["FREQ"] == "WEEKLY":
        start += timedelta(days=(_CODES.index(parts["BYDAY"]) - first_on.weekday()) % 7)
    expanded = rrulestr(rule, dtstart=datetime.combine(start, time.min))
    days = [moment.date() for moment in islice(expanded, MOST_MEETINGS + 1)]
    if not days:
        raise RuleError("No day fits before it ends. Choose a later end.", "until")
    if len(days) > MOST_MEETINGS:
        raise RuleError(
            f"These would be more than {MOST_MEETINGS} meetings. Choose an earlier end, and plan "
            "the others when the time comes.",
            "finish",
        )
    latest = first_on + relativedelta(years=MOST_YEARS)
    if days[-1] > latest:
        raise RuleError(
            f"Plan at most {MOST_YEARS} years ahead: choose an end up to {spoken_day(latest)}.",
            "finish",
        )
    return days


def ended_before(rule: str, first_on: date, day: date) -> tuple[str, str]:
    """`rule` in two: what it gives before `day`, and what it gives from there on.

    Both give together what `rule` gives from `first_on` on; there are days on both sides.
    """
    parts, days = _read(rule), days_of(rule, first_on)
    before = [one for one in days if one < day]
    head = {**_without_end(parts), "UNTIL": f"{before[-1]:%Y%m%d}"}
    tail = {**_without_end(parts), "UNTIL": f"{days[-1]:%Y%m%d}"}
    return _written(head), _written(tail)


def in_words(rule: str) -> str:
    """How `rule` repeats, in the middle of a sentence: "every 2 weeks on Tuesday"."""
    parts = _read(rule)
    if "BYMONTHDAY" in parts:
        day = int(parts["BYMONTHDAY"])
        which = "on the last day" if day == -1 else f"on day {day}"
        return f"{which} of every month"
    weekday = Weekday(_CODES.index(parts["BYDAY"][-2:])).label
    if parts["FREQ"] == "MONTHLY":
        return f"on the {Nth(int(parts['BYDAY'][:-2])).label.lower()} {weekday} of every month"
    weeks = int(parts.get("INTERVAL", "1"))
    return f"every week on {weekday}" if weeks == 1 else f"every {weeks} weeks on {weekday}"


def _read(rule: str) -> dict[str, str]:
    """The parts of `rule`, when it is one that a form can make."""
    parts: dict[str, str] = {}
    for part in rule.split(";"):
        name, _, value = part.partition("=")
        if name in parts or not re.fullmatch(_PARTS.get(name, r"(?!)"), value):
            raise RuleError(_UNREADABLE)
        parts[name] = value
    nth = "BYDAY" in parts and len(parts["BYDAY"]) > 2
    shape = (parts.get("FREQ"), "BYDAY" in parts, "BYMONTHDAY" in parts, nth)
    if shape not in {
        ("WEEKLY", True, False, False),
        ("MONTHLY", True, False, True),
        ("MONTHLY", False, True, False),
    } or ("INTERVAL" in parts and parts["FREQ"] != "WEEKLY"):
        raise RuleError(_UNREADABLE)
    if ("COUNT" in parts) == ("UNTIL" in parts):
        raise RuleError(_FOR_EVER, "finish")
    if "UNTIL" in parts:
        try:
            date.fromisoformat(parts["UNTIL"])
        except ValueError:
            raise RuleError(_UNREADABLE) from None
    return parts


def _without_end(parts: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in parts.items() if name not in {"COUNT", "UNTIL"}}


def _written(parts: Mapping[str, str]) -> str:
    return ";".join(f"{name}={value}" for name, value in parts.items())
