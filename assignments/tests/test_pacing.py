"""Load against pace: the partner's numbers in words, and one word for everybody else."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest

from accounts.tests.factories import person
from assignments import services
from assignments.models import Attendance
from assignments.rules import pacing as rules
from assignments.rules.pacing import Standing, Work, load_of
from assignments.services import interests, pacing
from assignments.tests.factories import WorkGroupFactory, placed, planned
from assignments.tests.request_factories import opened
from partners.models import Partner, Pause
from partners.tests.factories import PartnerFactory, confirmed_contribution, signed_up_partner

pytestmark = pytest.mark.django_db

TUESDAY = date(2026, 12, 8)
TODAY = date(2026, 12, 1)


def paced(hours=4, per="week", **values) -> Partner:
    return Partner(name="Mo Okafor", hours_wanted=hours, hours_per=per, **values)


# --- The words -----------------------------------------------------------------------------------


def test_words_of_the_week_say_what_it_would_make_and_that_it_is_ones_choice():
    load = load_of(paced(), TUESDAY, [Work(date(2026, 12, 7), 180)])

    pace = rules.pace_with(load, 120)

    assert pace.is_over
    assert pace.lines == [
        "In the week of 7 December you have 3 of your 4 hours; this would make it 5.",
        (
            "In December you have 3 hours; this would make it 5 hours "
            "(4 a week make about 17 a month)."
        ),
        "That is more than you said you want: it is your choice.",
    ]


@pytest.mark.parametrize(
    ("hours", "per", "had", "more", "is_in", "first", "is_over"),
    [
        (4, "week", 120, 120, False, "you have 2 of your 4 hours; this would make it 4", False),
        (4, "week", 120, 121, False, "this would make it 4 hours 1 minute", True),
        (4, "week", 90, 60, False, "you have 1 hour 30 minutes of your 4 hours", False),
        (4, "week", 0, 60, False, "nothing is planned yet; this would make it 1 of your 4", False),
        (4, "week", 120, 60, True, "you have 3 of your 4 hours, with this", False),
        (8, "month", 420, 90, False, "In December you have 7 of your 8 hours", True),
        (None, "", 120, 60, False, "In December you have 2 hours; this would make it 3 h", False),
    ],
)
def test_words_at_the_edges_of_a_pace(hours, per, had, more, is_in, first, is_over):
    load = load_of(paced(hours, per), TUESDAY, [Work(TUESDAY, had, done=True)])

    pace = rules.pace_with(load, more, is_in=is_in)

    assert first in pace.lines[0]
    assert pace.is_over is is_over
    assert pace.has_pace is (hours is not None)


def test_words_of_a_stint_too_long_a_day_of_rest_and_days_away():
    mo = paced(20, longest_minutes=120, rest_days=1)
    away = (date(2026, 12, 6), date(2026, 12, 20))

    pace = rules.pace_with(load_of(mo, TUESDAY, [Work(date(2026, 12, 7), 120)], away), 180)

    assert pace.is_over
    assert pace.lines[-4:] == [
        "It takes 3 hours in one go; you said at most 2 hours.",
        "It is on a day on which you rest, after 2 hours on Monday 7 December 2026.",
        "You said that you are away then, until Sunday 20 December 2026.",
        "It is your choice.",
    ]


@pytest.mark.parametrize(
    ("done", "ahead", "wanted", "said"),
    [
        (0, 0, 8, "Nothing is recorded yet."),
        (180, 0, 8, "You have given 3 of your 8 hours so far."),
        (
            180,
            2,
            8,
            (
                "You have given 3 of your 8 hours so far. With 2 meetings still to come it makes "
                "5 of your 8 hours."
            ),
        ),
        (90, 1, None, "You have given 1 hour 30 minutes so far. 1 meeting still to come."),
    ],
)
def test_the_month_in_words(done, ahead, wanted, said):
    mo = paced(wanted, "month" if wanted else "")
    pieces = [Work(TODAY, done, done=True), *[Work(TUESDAY, 60, asked=True)] * ahead]

    assert rules.this_month(load_of(mo, TODAY, pieces), ahead) == said


def test_the_month_of_who_thinks_in_weeks_is_told_about_whole_hours():
    load = load_of(paced(4, "week"), TODAY, [Work(TODAY, 180, done=True)])

    assert rules.this_month(load, 0) == "You have given 3 of about 17 hours so far."


# --- What is added up ----------------------------------------------------------------------------


def at(day, hour=9):
    return datetime(2026, 12, day, hour, tzinfo=UTC)


def down(partner, *days, plan="coming", **values):
    """`partner` is down for a meeting of two hours on each of these days of December."""
    group = WorkGroupFactory(programme=partner.programme)
    placed(partner, group)
    meetings = [planned(group, at(day), **values) for day in days]
    Attendance.objects.filter(meeting__in=meetings, partner=partner).update(plan=plan)
    return meetings


def test_load_adds_up_what_is_done_said_yes_to_and_asked(django_assert_num_queries):
    mo = PartnerFactory(hours_wanted=4, hours_per="week")
    confirmed_contribution(mo, happened_on=date(2026, 12, 13), minutes=60, now=at(20))
    confirmed_contribution(mo, happened_on=date(2026, 12, 14), minutes=50, now=at(20))
    meeting, _ = down(mo, 8, 10, preparation_minutes=30)
    down(mo, 9, plan="unanswered")
    down(mo, 9, plan="not_this_time")
    down(PartnerFactory(programme=mo.programme), 8)

    with django_assert_num_queries(3):
        load = pacing.load(mo, TUESDAY)

    assert (load.week.first, load.week.last) == (date(2026, 12, 7), date(2026, 12, 13))
    assert (load.week.done, load.week.planned, load.week.asked) == (60, 300, 120)
    assert (load.month.done, load.month.planned, load.month.asked) == (110, 300, 120)
    assert pacing.load(mo, TUESDAY, without=meeting).week.planned == 150


def test_load_counts_a_confirmed_meeting_once():
    mo = PartnerFactory(hours_wanted=4, hours_per="week")
    (meeting,) = down(mo, 8)
    row = meeting.attendances.get()
    services.confirm_meeting(
        meeting=meeting,
        outcomes={row.pk: ("there", None)},
        by=person("coordinator", mo.programme),
        now=at(9),
    )

    load = pacing.load(mo, TUESDAY)

    assert (load.week.done, load.week.planned) == (120, 0)


def test_load_of_a_sunday_night_stands_in_londons_week():
    mo = PartnerFactory(hours_wanted=4, hours_per="week")
    group = WorkGroupFactory(programme=mo.programme)
    placed(mo, group)
    # In British Summer Time: Monday 00:30 in London is still Sunday in UTC.
    planned(group, datetime(2026, 6, 7, 23, 30, tzinfo=UTC))

    assert pacing.load(mo, date(2026, 6, 7)).week.asked == 0
    assert pacing.load(mo, date(2026, 6, 8)).week.asked == 120


# --- One word for coordinators -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "hours", "word"),
    [
        ((), 8, Standing.LIGHT),
        ((8,), 4, Standing.AT_PACE),
        ((8, 9), 4, Standing.AT_PACE),
        ((8, 9, 10), 4, Standing.ASK_FIRST),
        ((8,), 5, Standing.LIGHT),
    ],
)
def test_standing_of_who_set_a_pace(days, hours, word):
    mo = PartnerFactory(hours_wanted=hours, hours_per="month")
    down(mo, *days, plan="unanswered")

    assert pacing.standing_of([mo], TODAY) == {mo.pk: word}


def test_standing_looks_at_the_fuller_of_this_month_and_the_next():
    mo = PartnerFactory(hours_wanted=2, hours_per="month")
    down(mo, 8, 9)

    assert pacing.standing_of([mo], date(2026, 10, 31)) == {mo.pk: Standing.LIGHT}
    assert pacing.standing_of([mo], date(2026, 11, 30)) == {mo.pk: Standing.ASK_FIRST}
    assert pacing.standing_of([mo], date(2026, 12, 31)) == {mo.pk: Standing.ASK_FIRST}


def test_standing_of_who_is_away_is_ask_first():
    mo = PartnerFactory(hours_wanted=8, hours_per="month")
    on_break = PartnerFactory(programme=mo.programme, status="left")
    Pause.objects.create(partner=mo, starts_on=TODAY, ends_on=TODAY, added_at=at(1))

    assert set(pacing.standing_of([mo, on_break], TODAY).values()) == {Standing.ASK_FIRST}
    assert pacing.standing_of([mo], TODAY + timedelta(days=1)) == {mo.pk: Standing.LIGHT}


def test_standing_without_a_pace_is_told_beside_the_median():
    first = PartnerFactory()
    none, one, two, five = first, *PartnerFactory.create_batch(3, programme=first.programme)
    down(one, 8)
    down(two, 8, 9)
    down(five, 8, 9, 10, 11, 15)
    # The median of 0, 1, 2 and 5 is 1.5.

    told = pacing.standing_of([none, one, two, five], TODAY)

    assert [told[partner.pk] for partner in (none, one, two, five)] == [
        Standing.LIGHT,
        Standing.LIGHT,
        Standing.AT_PACE,
        Standing.ASK_FIRST,
    ]


@pytest.mark.parametrize("rows", [1, 3])
def test_standing_asks_as_often_for_one_as_for_three(rows, django_assert_num_queries):
    first = PartnerFactory(hours_wanted=8, hours_per="month")
    partners = [PartnerFactory(programme=first.programme) for _ in range(rows)]
    for partner in partners:
        down(partner, 8)

    with django_assert_num_queries(1):
        pacing.standing_of([first, *partners], TODAY)


def test_standing_of_nobody_is_nothing():
    assert pacing.standing_of([], TODAY) == {}


def test_standing_says_no_number():
    assert not any(re.search(r"\d", word) for word in Standing.values)


# --- Who is shown what ---------------------------------------------------------------------------


def test_numbers_are_on_the_partners_own_page_and_nobody_elses(
    client_for, coordinator, programme, now
):
    mo = signed_up_partner(programme, hours_wanted=1, hours_per="week")
    lead = person("clinical_lead", programme)
    group = WorkGroupFactory(programme=programme, lead=lead)
    placed(mo, group)
    placed(signed_up_partner(programme), group)
    meeting = planned(group, now + timedelta(days=1))

    def text(user, path):
        page = client_for(user).get(path)
        assert page.status_code == 200
        return page.content.decode()

    mine = text(mo.user, f"/meetings/{meeting.pk}/")
    assert "this would make it 2 of your 1 hour." in mine
    assert "it is your choice" in mine
    for user, path in (
        (lead, f"/meetings/{meeting.pk}/led/"),
        (lead, f"/groups/{group.pk}/"),
        (coordinator, f"/meetings/{meeting.pk}/"),
        (coordinator, f"/admin/assignments/meeting/{meeting.pk}/change/"),
        (coordinator, f"/admin/assignments/workgroup/{group.pk}/change/"),
    ):
        other = text(user, path)
        assert "your choice" not in other
        assert "of your" not in other


def test_partner_is_told_what_an_opportunity_means_for_their_month(client_for, programme, now):
    mo = signed_up_partner(programme, hours_wanted=4, hours_per="month")
    down(mo, 8)
    row = opened(
        programme, now, starts_on=date(2026, 12, 3), minutes_a_month=180, longest_minutes=60
    )

    text = client_for(mo.user).get(f"/opportunities/{row.pk}/").content.decode()

    assert "In December you have 2 of your 4 hours; this would make it 5." in text
    assert "it is your choice" in text


def test_coordinators_read_one_word_beside_each_partner(client_for, coordinator, programme, now):
    mo = signed_up_partner(programme, hours_wanted=1, hours_per="month")
    down(mo, 8)
    group = WorkGroupFactory(programme=programme)
    placed(mo, group)
    row = opened(programme, now)
    interests.say(opportunity=row, partner=mo, answer="yes", line="", by=mo.user, now=now)
    client = client_for(coordinator)

    for path in (
        f"/admin/assignments/workgroup/{group.pk}/change/",
        f"/admin/assignments/opportunity/{row.pk}/change/",
    ):
        text = client.get(path).content.decode()
        assert "Ask first" in text
        assert "your choice" not in text
        assert "of your" not in text
