"""From what London's clocks show to a moment, on the two nights when that is not plain too."""

from datetime import UTC, date, datetime, time, timedelta

from django.utils import timezone

from assignments.words import spoken_day
from nhsuk.templatetags.nhsuk import clock


class HourError(ValueError):
    """London's clocks do not show this hour once that day; `str(error)` says what to choose."""


def moment_in_london(day: date, hour: time) -> datetime:
    """The moment in UTC at which London's clocks show `hour` on `day`.

    Raises HourError for an hour that the clocks skip in March or show twice in October.
    """
    return checked(datetime.combine(day, hour, tzinfo=timezone.get_default_timezone()))


def checked(moment: datetime) -> datetime:
    """`moment` in UTC, when its own clock shows it once that day.

    A moment that is told in UTC is always plain. Raises HourError as `moment_in_london`.
    """
    first, second = moment.replace(fold=0), moment.replace(fold=1)
    before, after = first.utcoffset(), second.utcoffset()
    if before is None or after is None:
        raise ValueError("A moment carries its time zone.")
    if before != after:
        raise HourError(_sentence(moment, before, after))
    return moment.astimezone(UTC)


def _sentence(moment: datetime, before: timedelta, after: timedelta) -> str:
    """PEP 495: with fold=0 the offset of before the change holds, with fold=1 that of after."""
    # London's clocks change at whole hours, by one: the hour of `moment` is all of it.
    first = moment.replace(tzinfo=None, minute=0, second=0, microsecond=0)
    begins, ends = (clock((first + hours).time()) for hours in (timedelta(), abs(after - before)))
    hour = clock(moment.time())
    if after > before:
        told = f"the clocks go forward at {begins}, and there is no {hour}"
    else:
        told = f"the clocks go back at {ends}, and {hour} comes twice"
    return (
        f"On {spoken_day(moment.date())} {told}. Choose a time before {begins}, or {ends} or later."
    )
