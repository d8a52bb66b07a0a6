"""The days of the demo's year."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone


def at(day: date, hour: time) -> datetime:
    """That hour of a day, in London."""
    return datetime.combine(day, hour, tzinfo=timezone.get_default_timezone())


def working_day(today: date, count: int) -> date:
    """The day `count` working days from today (before it, when negative)."""
    day, left = today, abs(count)
    while left:
        day += timedelta(days=1 if count > 0 else -1)
        left -= day.weekday() < 5 and not is_christmas(day)
    return day


def is_christmas(day: date) -> bool:
    """From Christmas Eve to New Year's Day nothing meets."""
    return (day.month == 12 and day.day >= 24) or (day.month == 1 and day.day == 1)
