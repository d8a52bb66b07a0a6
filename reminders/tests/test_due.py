"""What should be told, when: nine in London on the day before, over every change of the clocks."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from accounts.models import Message
from accounts.tests.factories import LONG_AGO
from assignments import services as assignments
from assignments.tests.factories import WorkGroupFactory, attendance, placed, planned
from partners.tests.factories import PartnerFactory
from reminders import services
from reminders.models import Reminder
from reminders.services.due import day_before, end_of_tomorrow, meetings_tomorrow

pytestmark = pytest.mark.django_db
LONDON = ZoneInfo("Europe/London")
UTC_OFFSET_IN_SUMMER = timedelta(hours=1)


def london(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), tzinfo=LONDON)


def days_around(change: date) -> list[date]:
    return [change + timedelta(days=offset) for offset in range(-3, 4)]


# The nights when the clocks change, as the government publishes them; not worked out by us.
CHANGES = [date(2027, 3, 28), date(2027, 10, 31)]
SUMMER = (date(2027, 3, 28), date(2027, 10, 31))


@pytest.mark.parametrize("day", [day for change in CHANGES for day in days_around(change)])
@pytest.mark.parametrize("clock", [(0, 15), (9, 0), (14, 30), (23, 45)])
def test_reminder_is_due_at_nine_in_london_on_the_day_before(day, clock):
    row = attendance(PartnerFactory(), london(day, *clock), minutes=10)
    before = day - timedelta(days=1)
    in_summer = SUMMER[0] <= before < SUMMER[1]
    nine = datetime.combine(before, time(8 if in_summer else 9), tzinfo=UTC)

    [due] = meetings_tomorrow(london(before, 0, 5))

    assert (due.attendance, due.due_at) == (row, nine)
    assert not list(meetings_tomorrow(london(before - timedelta(days=1), 23, 59)))


@pytest.mark.parametrize("change", CHANGES)
def test_every_day_around_a_change_has_its_own_reminders_and_no_others(change):
    partner = PartnerFactory()
    group = WorkGroupFactory(programme=partner.programme)
    placed(partner, group)
    meetings = {day: planned(group, london(day, 14)) for day in days_around(change)}

    for day in days_around(change)[1:]:
        at_nine = london(day - timedelta(days=1), 9)
        told = {
            due.attendance.meeting
            for due in meetings_tomorrow(at_nine)
            if due.occurs_at.astimezone(LONDON).date() == day
        }

        assert told == {meetings[day]}


def test_day_and_its_end_are_londons_through_whole_years():
    day = date(2024, 1, 1)
    while day < date(2037, 1, 1):
        starts_at = london(day, 0, 1).astimezone(UTC)
        said = day_before(starts_at).astimezone(LONDON)
        end = end_of_tomorrow(starts_at).astimezone(LONDON)

        assert (said.date(), said.hour) == (day - timedelta(days=1), 9)
        assert (end.date(), end.hour) == (day + timedelta(days=2), 0)
        day += timedelta(days=1)


def test_meeting_planned_after_its_nine_is_due_at_once():
    now = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
    attendance(PartnerFactory(), now + timedelta(hours=3), now=now)

    [due] = meetings_tomorrow(now)

    assert due.due_at == now
    assert due.words.subject.startswith("Today at 6pm: Upper limb MDT")


NINE = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
TOMORROW = datetime(2026, 11, 25, 14, 0, tzinfo=UTC)


def test_partner_without_address_or_who_said_no_or_left_is_not_reminded():
    attendance(PartnerFactory(email=None), TOMORROW)
    no = attendance(PartnerFactory(), TOMORROW)
    assignments.answer(attendance=no, plan="not_this_time", by=None, now=LONG_AGO)
    left = attendance(PartnerFactory(), TOMORROW).partner
    left.status = "left"
    left.save()

    assert not list(meetings_tomorrow(NINE))


def test_message_says_when_where_what_and_whom_to_ring():
    partner = PartnerFactory(name="Maureen Okafor", known_as="Mo", email="mo@example.org")
    group = WorkGroupFactory(
        programme=partner.programme,
        name="Upper limb MDT",
        lead_name="Priya Nair",
        contact_phone="01273 555 0100",
    )
    placed(partner, group)
    planned(group, TOMORROW, place="Room 4", asks="Read two letters.", preparation_minutes=30)

    services.reconcile(now=NINE)

    message = Message.objects.get()
    assert message.subject == "Tomorrow at 2pm: Upper limb MDT"
    assert message.body.split("\n\n") == [
        "Hello Mo,",
        "The upper limb MDT is tomorrow, Wednesday 25 November 2026, 2pm to 4pm.",
        "Where: Room 4.",
        "What it asks of you: Read two letters.",
        "Allow about 30 minutes to prepare.",
        (
            "Please tell us on the page of the meeting whether you can come "
            "or ring Priya Nair, 01273 555 0100."
        ),
    ]
    assert Reminder.objects.get().message == message
