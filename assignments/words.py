"""How groups and meetings are spoken of, on pages and in messages alike."""

from datetime import UTC, date, datetime

from django.utils import timezone
from django.utils.formats import date_format

from nhsuk.templatetags.nhsuk import clock


def lowered(name: str) -> str:
    """`name` for the middle of a sentence: "upper limb MDT", but "ACL clinic" as it is."""
    first = name.split(" ", 1)[0]
    return name if first[1:] != first[1:].lower() else name[:1].lower() + name[1:]


def spoken_day(moment: datetime | date) -> str:
    """The day in London: "Tuesday 4 November 2026"."""
    local = timezone.localtime(moment) if isinstance(moment, datetime) else moment
    return date_format(local, "l j F Y")


def spoken_time(starts_at: datetime, ends_at: datetime) -> str:
    """Day and hours in London: "Tuesday 4 November 2026, 2:30pm to 4pm"."""
    until = clock(ends_at)
    if timezone.localdate(ends_at) != timezone.localdate(starts_at):
        until = f"{until} on {spoken_day(ends_at)}"
    return f"{spoken_day(starts_at)}, {clock(starts_at)} to {until}"


def length_in_minutes(starts_at: datetime, ends_at: datetime) -> int:
    """Whole minutes that pass, at least one; a night when the clocks change included."""
    # Two London times subtract as if no clock ever changed; the same moments in UTC do not.
    passed = ends_at.astimezone(UTC) - starts_at.astimezone(UTC)
    return max(1, round(passed.total_seconds() / 60))
