"""Meetings that repeat: planned at once, and changed together or one by one."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from accounts.models import Message
from accounts.tests.factories import LONG_AGO, person
from assignments import services
from assignments.models import Attendance, Meeting, MeetingHistory, MeetingSeries
from assignments.services import MeetingError
from assignments.tests.factories import WorkGroupFactory, placed, planned
from partners.tests.factories import PartnerFactory

pytestmark = pytest.mark.django_db
LONDON = ZoneInfo("Europe/London")
# Tuesdays; London's clocks change on 28 March 2027.
TUESDAYS = "FREQ=WEEKLY;INTERVAL=1;BYDAY=TU;COUNT=6"
FIRST = date(2027, 3, 9)
NOW = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)


@pytest.fixture
def group():
    return WorkGroupFactory(name="Upper limb MDT", place="Room 4")


def plan(group, **values):
    values = {
        "rule": TUESDAYS,
        "first_on": FIRST,
        "begins": time(14),
        "ends": time(16),
        "by": None,
        "now": NOW,
        **values,
    }
    return services.plan_series(work_group=group, **values)


def shown(meeting):
    meeting.refresh_from_db()
    starts_at, ends_at = timezone.localtime(meeting.starts_at), timezone.localtime(meeting.ends_at)
    return starts_at.date(), starts_at.hour, ends_at.hour


def test_plan_makes_every_meeting_at_its_hour_in_london(group):
    through, ended, stands_in = PartnerFactory.create_batch(3, programme=group.programme)
    placed(through, group)
    placed(ended, group, ends_on=FIRST + timedelta(days=7))
    placed(stands_in, group, stands_in=True)

    series = plan(group, preparation_minutes=30)

    meetings = list(series.meetings.all())
    days = [FIRST + timedelta(weeks=week) for week in range(6)]
    assert [shown(meeting) for meeting in meetings] == [(day, 14, 16) for day in days]
    assert [meeting.series_day for meeting in meetings] == days
    assert {meeting.place for meeting in meetings} == {"Room 4"}
    assert [meeting.starts_at.hour for meeting in meetings] == [14, 14, 14, 13, 13, 13]
    assert MeetingHistory.objects.filter(subject__series=series).count() == 6
    assert Attendance.objects.filter(partner=through).count() == 6
    assert Attendance.objects.filter(partner=ended).count() == 2
    assert not Attendance.objects.filter(partner=stands_in).exists()


@pytest.mark.parametrize("times", [1, 150])
def test_plan_asks_the_database_as_often_for_one_as_for_all(
    group, times, django_assert_num_queries
):
    placed(PartnerFactory(programme=group.programme), group)

    with django_assert_num_queries(13):
        series = plan(group, rule=f"FREQ=WEEKLY;INTERVAL=1;BYDAY=TU;COUNT={times}")

    assert series.meetings.count() == times


def test_plan_skips_what_cannot_be_and_what_nobody_wants(group):
    group.ends_on = FIRST + timedelta(weeks=4)
    group.save()
    taken = datetime(2027, 3, 16, 15, 0, tzinfo=LONDON)
    planned(group, taken, minutes=60)
    asked = {"rule": TUESDAYS, "first_on": FIRST, "begins": time(14), "ends": time(16)}

    days = services.days_of_series(work_group=group, **asked)
    series = plan(group, skip={FIRST})

    assert [one.skipped for one in days] == [
        "",
        "The group meets already: Tuesday 16 March 2027, 3pm to 4pm.",
        "",
        "",
        "",
        "The group’s last day is Tuesday 6 April 2027.",
    ]
    assert [meeting.series_day.day for meeting in series.meetings.all()] == [23, 30, 6]


def test_plan_skips_the_hour_that_is_not_there(group):
    asked = {"rule": "FREQ=WEEKLY;BYDAY=SU;COUNT=2", "first_on": date(2027, 3, 21)}

    days = services.days_of_series(work_group=group, begins=time(1, 30), ends=time(3), **asked)

    assert [one.skipped[:34] for one in days] == ["", "On Sunday 28 March 2027 the clocks"]


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"ends": time(14)}, "must end after it starts"),
        ({"rule": "FREQ=WEEKLY;BYDAY=TU"}, "Say when it ends"),
        ({"rule": "FREQ=WEEKLY;BYDAY=TU;COUNT=1", "skip": {FIRST}}, "No day is left"),
        ({"preparation_minutes": 1400}, "24 hours at most"),
        ({"first_on": date(2047, 1, 1)}, "cannot be right"),
    ],
)
def test_plan_that_cannot_be_makes_nothing(group, values, sentence):
    with pytest.raises(MeetingError, match=sentence):
        plan(group, **values)

    assert not MeetingSeries.objects.exists()
    assert not Meeting.objects.exists()


def test_moved_with_all_that_follow_but_for_what_was_changed_by_hand(group):
    partner = PartnerFactory(programme=group.programme, email="mo@example.org")
    placed(partner, group)
    first, second, third, fourth, fifth, sixth = plan(group).meetings.all()
    by_hand = datetime(2027, 3, 31, 10, 0, tzinfo=LONDON)
    services.move_meeting(
        meeting=fourth, starts_at=by_hand, ends_at=by_hand + timedelta(hours=1), by=None, now=NOW
    )
    services.cancel_meeting(meeting=fifth, by=None, now=NOW, why="Easter")
    Message.objects.all().delete()
    Attendance.objects.filter(meeting=third).update(plan="coming", planned_at=NOW)

    moved = services.move_following(
        meeting=second, begins=time(15), ends=time(17), by=None, now=NOW
    )

    assert moved == [second, third, sixth]
    assert [shown(one)[1:] for one in (first, second, third, sixth)] == [
        (14, 16),
        (15, 17),
        (15, 17),
        (15, 17),
    ]
    assert shown(fourth) == (date(2027, 3, 31), 10, 11)
    fifth.refresh_from_db()
    assert fifth.status == "cancelled"
    assert [(one.sequence, one.changed_at == NOW) for one in (second, third)] == [(1, True)] * 2
    assert Attendance.objects.get(meeting=third).plan == "unanswered"
    letter = Message.objects.get()
    assert "From Tuesday 16 March 2027 on" in letter.body
    assert "from 3pm to 5pm" in letter.body
    assert "Tuesday 13 April 2027" in letter.body
    assert "30 March" not in letter.body


def test_moved_again_from_a_later_one_and_then_from_the_first_of_them(group):
    meetings = list(plan(group).meetings.all())
    change = {"by": None, "now": NOW}

    services.move_following(meeting=meetings[3], begins=time(15), ends=time(17), **change)
    meetings[1].refresh_from_db()
    services.move_following(meeting=meetings[1], begins=time(9), ends=time(10), **change)
    meetings[4].refresh_from_db()
    services.move_following(meeting=meetings[4], begins=time(11), ends=time(12), **change)

    assert [shown(one)[1] for one in meetings] == [14, 9, 9, 15, 11, 11]
    assert sum(series.meetings.count() for series in MeetingSeries.objects.all()) == 6


def test_move_of_those_that_follow_to_an_hour_that_is_not_there_changes_nothing(group):
    sundays = {"rule": "FREQ=WEEKLY;BYDAY=SU;COUNT=3", "first_on": date(2027, 3, 14)}
    meetings = list(plan(group, **sundays).meetings.all())

    with pytest.raises(MeetingError, match="On Sunday 28 March 2027 the clocks go forward"):
        services.move_following(
            meeting=meetings[0], begins=time(1, 30), ends=time(3), by=None, now=NOW
        )

    assert [shown(one)[1] for one in meetings] == [14, 14, 14]


def test_cancelled_with_all_that_follow_tells_each_once(group):
    partner = PartnerFactory(programme=group.programme, email="mo@example.org")
    placed(partner, group)
    meetings = list(plan(group).meetings.all())

    services.cancel_following(meeting=meetings[2], why="The clinic closes", by=None, now=NOW)

    states = [Meeting.objects.get(pk=one.pk).status for one in meetings]
    assert states == ["planned"] * 2 + ["cancelled"] * 4
    assert {one.sequence for one in Meeting.objects.filter(status="cancelled")} == {1}
    letter = Message.objects.get()
    assert "The clinic closes" in letter.body
    assert "Tuesday 23 March 2027" in letter.body
    assert "Tuesday 16 March 2027" not in letter.body


def test_cancelled_late_with_all_that_follow_counts_only_what_is_late(group):
    partner = PartnerFactory(programme=group.programme)
    placed(partner, group)
    by = person("coordinator", group.programme)
    services.set_pay_terms(
        programme=group.programme,
        unwell="none",
        called_off="full",
        notice_hours=48,
        by=by,
        now=NOW,
    )
    meetings = list(plan(group).meetings.all())

    services.cancel_following(
        meeting=meetings[0], why="Flood", by=by, now=meetings[0].starts_at - timedelta(hours=3)
    )

    rows = Attendance.objects.order_by("meeting__starts_at")
    assert [row.outcome for row in rows] == ["called_off"] + ["unknown"] * 5


def test_changes_of_several_are_for_meetings_of_a_series_that_are_ahead(group):
    alone = planned(group, now=LONG_AGO)
    first = plan(group).meetings.first()
    over = datetime(2028, 1, 1, tzinfo=UTC)

    with pytest.raises(MeetingError, match="not one of several"):
        services.cancel_following(meeting=alone, why="Flood", by=None, now=NOW)
    with pytest.raises(MeetingError, match="None of these is still ahead"):
        services.move_following(meeting=first, begins=time(9), ends=time(10), by=None, now=over)
