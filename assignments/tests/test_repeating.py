"""Rules of RFC 5545, and hours of London's clocks: every day from 2024 to 2036."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from dateutil.relativedelta import relativedelta
from dateutil.rrule import rrulestr
from hypothesis import given
from hypothesis import strategies as st

from assignments.rules.repeating import (
    MOST_MEETINGS,
    MOST_WEEKS_APART,
    RuleError,
    days_of,
    ended_before,
    in_words,
    rule_of,
)
from assignments.rules.times import HourError, checked, moment_in_london

LONDON = ZoneInfo("Europe/London")
FIRST, LAST = date(2024, 1, 1), date(2036, 12, 31)
EVERY_DAY = [FIRST + timedelta(days=number) for number in range((LAST - FIRST).days + 1)]
NEVER_PLAIN = range(1, 2)  # London's clocks change between 1am and 2am
WEEKLY = {"how": "weekly", "weeks": 1, "weekday": 1}
SHAPES = [
    *(
        {"how": "weekly", "weeks": weeks, "weekday": weekday}
        for weeks in range(1, MOST_WEEKS_APART + 1)
        for weekday in range(7)
    ),
    *(
        {"how": "monthly_weekday", "nth": nth, "weekday": weekday}
        for nth in (1, 2, 3, 4, -1)
        for weekday in range(7)
    ),
    *({"how": "monthly_day", "day": day} for day in range(1, 29)),
    {"how": "monthly_last_day"},
]


def fits(shape, day):
    """Whether a day is one of the rule, told without any library."""
    next_day = day + timedelta(days=1)
    if shape["how"] == "monthly_last_day":
        return next_day.day == 1
    if shape["how"] == "monthly_day":
        return day.day == shape["day"]
    if day.weekday() != shape["weekday"]:
        return False
    if shape["how"] == "weekly":
        return True
    if shape["nth"] == -1:
        return (day + timedelta(days=7)).month != day.month
    return (day.day - 1) // 7 + 1 == shape["nth"]


def test_every_day_has_each_hour_once_but_for_the_two_nights():
    """Each whole and half hour of 13 years, against what London's clocks show of the moment."""
    refused = []
    for day in EVERY_DAY:
        for half in range(48):
            hour = time(half // 2, 30 * (half % 2))
            try:
                moment = moment_in_london(day, hour)
            except HourError:
                refused.append((day, hour))
            else:
                shown = moment.astimezone(LONDON)
                assert (shown.date(), shown.time()) == (day, hour)

    sundays = [
        max(day for day in EVERY_DAY if (day.year, day.month, day.weekday()) == (year, month, 6))
        for year in range(FIRST.year, LAST.year + 1)
        for month in (3, 10)
    ]
    assert refused == [(day, hour) for day in sundays for hour in (time(1), time(1, 30))]


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: "-".join(map(str, shape.values())))
def test_every_rule_of_the_form_from_2024_to_2036_keeps_its_local_hour(shape):
    """All days that the rule gives, three years at a time as a form may ask, with no day missed."""
    found, start = [], FIRST
    while start <= LAST:
        until = min(start + relativedelta(years=3, days=-1), LAST)
        # A week is counted from the first day: whole periods, so that one goes on from another.
        rule = rule_of(**shape, until=until)
        days = days_of(rule, start)
        found += days
        step = shape.get("weeks", 0)
        start = days[-1] + timedelta(weeks=step) if step else until + timedelta(days=1)

    wanted = [day for day in EVERY_DAY if fits(shape, day)]
    assert found == wanted[:: shape.get("weeks", 1)]
    for day in found:
        begins = moment_in_london(day, time(14)).astimezone(LONDON)
        ends = moment_in_london(day, time(15, 30)).astimezone(LONDON)
        assert (begins.date(), begins.time(), ends.time()) == (day, time(14), time(15, 30))


@given(
    shape=st.sampled_from(SHAPES),
    start=st.sampled_from(EVERY_DAY[:-1200]),
    times=st.integers(1, 12),
    hour=st.times().filter(lambda hour: hour.hour not in NEVER_PLAIN),
)
def test_any_rule_from_any_day_at_any_hour_never_moves(shape, start, times, hour):
    try:
        days = days_of(rule_of(**shape, times=times), start)
    except RuleError as error:
        assert "3 years ahead" in str(error)  # noqa: PT017
        return

    assert len(days) == times
    assert days[0] >= start
    assert all(fits(shape, day) for day in days)
    shown = [moment_in_london(day, hour).astimezone(LONDON) for day in days]
    assert [(one.date(), one.time()) for one in shown] == [(day, hour) for day in days]


@given(
    shape=st.sampled_from(SHAPES),
    start=st.sampled_from(EVERY_DAY[:-1200]),
    times=st.integers(2, 12),
    data=st.data(),
)
def test_a_rule_in_two_gives_what_it_gave(shape, start, times, data):
    try:
        days = days_of(rule := rule_of(**shape, times=times), start)
    except RuleError:
        return
    at = data.draw(st.sampled_from(days[1:]))

    head, tail = ended_before(rule, days[0], at)

    assert days_of(head, days[0]) + days_of(tail, at) == days


@given(shape=st.sampled_from(SHAPES), times=st.integers(1, 30))
def test_rule_is_one_that_others_read_alike(shape, times):
    """RFC 5545, 3.3.10: the same days from DTSTART in London and the rule, without our help."""
    rule = rule_of(**shape, times=times)
    try:
        days = days_of(rule, FIRST)
    except RuleError:
        return

    read = rrulestr(f"RRULE:{rule}", dtstart=datetime.combine(days[0], time(14), tzinfo=LONDON))

    assert [moment.date() for moment in read] == days


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({**WEEKLY}, "Say when it ends"),
        ({**WEEKLY, "times": 3, "until": LAST}, "Say when it ends"),
        ({**WEEKLY, "weeks": 0, "times": 3}, "number of weeks from 1 to 12"),
        ({**WEEKLY, "weekday": 7, "times": 3}, "Choose a weekday"),
        ({**WEEKLY, "times": MOST_MEETINGS + 1}, "number of meetings from 1 to 160"),
        ({"how": "monthly_weekday", "nth": 5, "weekday": 1, "times": 3}, "which one of the month"),
        ({"how": "monthly_day", "day": 31, "times": 3}, "Not every month has a day 31"),
        ({"how": "monthly_day", "day": 0, "times": 3}, "Enter a day from 1 to 28"),
        ({"how": "yearly", "times": 3}, "Choose how it repeats"),
    ],
)
def test_what_cannot_repeat_is_a_sentence(asked, sentence):
    with pytest.raises(RuleError, match=sentence):
        rule_of(**asked)


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        ("FREQ=WEEKLY;BYDAY=TU", "Say when it ends"),
        ("FREQ=WEEKLY;BYDAY=TU;COUNT=161", "more than 160 meetings"),
        ("FREQ=WEEKLY;BYDAY=TU;COUNT=99999", "more than 160 meetings"),
        ("FREQ=MONTHLY;BYMONTHDAY=1;COUNT=38", "at most 3 years ahead"),
        ("FREQ=WEEKLY;BYDAY=TU;UNTIL=20230101", "No day fits"),
        ("FREQ=WEEKLY;BYDAY=TU;UNTIL=20261301", "do not know how"),
        ("FREQ=DAILY;COUNT=3", "do not know how"),
        ("FREQ=SECONDLY;COUNT=99999", "do not know how"),
        ("FREQ=MONTHLY;BYDAY=TU;COUNT=3", "do not know how"),
        ("FREQ=WEEKLY;BYDAY=2TU;COUNT=3", "do not know how"),
        ("FREQ=WEEKLY;BYDAY=TU;COUNT=3;COUNT=4", "do not know how"),
        ("FREQ=WEEKLY;BYDAY=TU;COUNT=3\nEXRULE:FREQ=DAILY", "do not know how"),
        ("", "do not know how"),
    ],
)
def test_rule_that_cannot_be_is_a_sentence(rule, sentence):
    with pytest.raises(RuleError, match=sentence):
        days_of(rule, FIRST)


def test_hour_that_is_not_there_and_one_that_comes_twice_say_what_to_choose():
    with pytest.raises(HourError) as skipped:
        moment_in_london(date(2027, 3, 28), time(1, 30))
    with pytest.raises(HourError) as twice:
        moment_in_london(date(2027, 10, 31), time(1))

    assert str(skipped.value) == (
        "On Sunday 28 March 2027 the clocks go forward at 1am, and there is no 1:30am. "
        "Choose a time before 1am, or 2am or later."
    )
    assert str(twice.value) == (
        "On Sunday 31 October 2027 the clocks go back at 2am, and 1am comes twice. "
        "Choose a time before 1am, or 2am or later."
    )


def test_moment_told_in_utc_is_always_plain():
    moment = datetime(2027, 10, 31, 0, 30, tzinfo=UTC)

    assert checked(moment) == moment


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (WEEKLY, "every week on Tuesday"),
        ({**WEEKLY, "weeks": 2}, "every 2 weeks on Tuesday"),
        (
            {"how": "monthly_weekday", "nth": -1, "weekday": 4},
            "on the last Friday of every month",
        ),
        ({"how": "monthly_day", "day": 15}, "on day 15 of every month"),
        ({"how": "monthly_last_day"}, "on the last day of every month"),
    ],
)
def test_rule_in_words(asked, words):
    assert in_words(rule_of(**asked, times=2)) == words
