"""Calendar feeds: who gets in, what they say, and that a moved meeting moves."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import ics
import pytest
import vobject
from django.test import Client
from django.urls import reverse

from accounts.models import Message, Programme, Role, User
from accounts.services import people
from accounts.tests.factories import ProgrammeFactory, person
from assignments import services
from assignments.models import Attendance, CalendarFeed, Meeting, WorkGroup
from assignments.services import calendars
from assignments.tests.factories import WorkGroupFactory, placed, planned
from partners.models import Partner
from partners.tests.factories import signed_up_partner

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
LONDON = ZoneInfo("Europe/London")
HOUR = timedelta(hours=1)
Told = dict[str, tuple[int, datetime, datetime, str, str]]


@pytest.fixture(autouse=True)
def _today(time_machine: Any) -> None:
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def programme() -> Programme:
    return ProgrammeFactory()


@pytest.fixture
def mo(programme: Programme) -> Partner:
    return signed_up_partner(programme, name="Maureen Okafor")


@pytest.fixture
def group(programme: Programme, mo: Partner) -> WorkGroup:
    group = WorkGroupFactory(programme=programme, name="Upper limb MDT", place="Room 4")
    placed(mo, group)
    return group


def path_of(user: User) -> str:
    feed = calendars.open_feed(user=user, by=user, now=NOW)
    return "/" + calendars.address_of(feed).split("/", 3)[3]


def read(user: User) -> str:
    response = Client().get(path_of(user))
    assert response.status_code == 200
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    return response.content.decode()


def by_vobject(text: str) -> Told:
    calendar = vobject.readOne(text)
    return {
        one.uid.value: (
            int(one.sequence.value),
            one.dtstart.value.astimezone(UTC),
            one.dtend.value.astimezone(UTC),
            one.summary.value,
            one.status.value,
        )
        for one in calendar.contents.get("vevent", [])
    }


def by_ics(text: str) -> Told:
    return {
        one.uid: (
            int(next(line.value for line in one.extra if line.name == "SEQUENCE")),
            one.begin.datetime.astimezone(UTC),
            one.end.datetime.astimezone(UTC),
            one.name,
            one.status,
        )
        for one in ics.Calendar(text).events
    }


READERS = pytest.mark.parametrize("told", [by_vobject, by_ics])


@READERS
def test_feed_says_when_and_where_in_london_time(
    mo: Partner, group: WorkGroup, told: Callable[[str], Told]
) -> None:
    winter = planned(group, datetime(2026, 3, 24, 10, tzinfo=LONDON))
    summer = planned(group, datetime(2026, 3, 31, 10, tzinfo=LONDON))

    found = told(read(mo.user))

    assert {uid.split("@")[0]: one[1:] for uid, one in found.items()} == {
        f"meeting-{one.pk}": (one.starts_at, one.ends_at, "Upper limb MDT", "CONFIRMED")
        for one in (winter, summer)
    }


@READERS
def test_meeting_that_moves_takes_the_place_of_the_old_one(
    mo: Partner, group: WorkGroup, told: Callable[[str], Told]
) -> None:
    meeting = planned(group, NOW + 24 * HOUR)
    kept = told(read(mo.user))

    services.move_meeting(
        meeting=meeting,
        starts_at=NOW + 48 * HOUR,
        ends_at=NOW + 50 * HOUR,
        by=None,
        now=NOW + HOUR,
    )
    after = told(read(mo.user))

    assert list(after) == list(kept)
    (before,), (now,) = kept.values(), after.values()
    assert now[0] > before[0]
    assert now[1:3] == (NOW + 48 * HOUR, NOW + 50 * HOUR)


@READERS
def test_cancelled_meeting_is_told_as_cancelled(
    mo: Partner, group: WorkGroup, told: Callable[[str], Told]
) -> None:
    meeting = planned(group, NOW + 100 * HOUR)
    ((before, *_),) = told(read(mo.user)).values()

    services.cancel_meeting(meeting=meeting, why="Strike", by=None, now=NOW)

    ((after, *_, status),) = told(read(mo.user)).values()
    assert status == "CANCELLED"
    assert after > before
    assert "Strike" not in read(mo.user)


def test_feed_tells_nothing_but_ones_own(mo: Partner, group: WorkGroup) -> None:
    other = WorkGroupFactory(programme=group.programme, name="Pain MDT")
    planned(other, NOW + HOUR)
    said_no = planned(group, NOW + 24 * HOUR, title="Not this one")
    Attendance.objects.filter(meeting=said_no).update(plan="not_this_time")
    planned(group, NOW - 100 * 24 * HOUR, title="Long past")
    planned(group, NOW + 48 * HOUR, join_link="https://meet.example.org/secret", title="Mine")

    text = read(mo.user)

    assert [one[3] for one in by_vobject(text).values()] == ["Mine"]
    assert "meet.example.org" not in text


def test_leader_of_a_group_has_its_meetings(programme: Programme, group: WorkGroup) -> None:
    lead = person(Role.STAFF, programme)
    services.change_work_group(work_group=group, lead=lead, by=None, now=NOW)
    planned(group, NOW + HOUR)

    assert len(by_vobject(read(lead))) == 1


def test_address_lets_in_nobody_else(mo: Partner, group: WorkGroup) -> None:
    path = path_of(mo.user)
    stranger = person(Role.STAFF, group.programme)
    calendars.open_feed(user=stranger, by=stranger, now=NOW)
    other = CalendarFeed.objects.get(user=stranger)

    assert Client().get(path.replace(".ics", "0.ics")).status_code == 404
    token = path.split("-", 1)[1]
    assert Client().get(f"/calendar/{other.pk}-{token}").status_code == 404
    assert Client().get(f"/calendar/999999-{token}").status_code == 404


def test_new_address_closes_the_old_one(mo: Partner, group: WorkGroup, client: Client) -> None:
    old = path_of(mo.user)
    client.force_login(mo.user)

    client.post(reverse("assignments:renew_calendar"))

    new = path_of(mo.user)
    assert new != old
    assert (Client().get(old).status_code, Client().get(new).status_code) == (404, 200)
    client.post(reverse("assignments:close_calendar"))
    assert Client().get(new).status_code == 404


def test_who_may_not_sign_in_has_no_feed(mo: Partner, group: WorkGroup) -> None:
    path = path_of(mo.user)

    people.leave(user=mo.user, by=None, now=NOW)

    assert Client().get(path).status_code == 404


def test_what_did_not_change_is_not_sent_again(
    mo: Partner, group: WorkGroup, time_machine: Any
) -> None:
    meeting = planned(group, NOW + 24 * HOUR)
    path = path_of(mo.user)
    tag = Client().get(path)["ETag"]

    again = Client().get(path, headers={"If-None-Match": tag})
    time_machine.move_to(NOW + HOUR, tick=False)
    services.change_meeting(meeting=meeting, place="Room 9", by=None, now=NOW + HOUR)
    changed = Client().get(path, headers={"If-None-Match": tag})

    assert (again.status_code, again.content) == (304, b"")
    assert changed.status_code == 200
    assert b"Room 9" in changed.content


@pytest.mark.parametrize("number", [1, 30])
def test_feed_asks_the_database_as_often_whatever_its_length(
    mo: Partner, group: WorkGroup, number: int, django_assert_num_queries: Any
) -> None:
    for day in range(number):
        planned(group, NOW + day * 24 * HOUR)
    path = path_of(mo.user)

    with django_assert_num_queries(6):
        response = Client().get(path)

    assert len(by_vobject(response.content.decode())) == number


def test_entry_of_no_meeting_is_nothing(group: WorkGroup) -> None:
    meeting = planned(group, NOW + HOUR)

    assert calendars.entry([]) == ""
    assert calendars.entry([meeting]).count("BEGIN:VEVENT") == 1
    assert Meeting.objects.count() == 1


def test_page_makes_the_address_and_shows_it(mo: Partner, client: Client) -> None:
    client.force_login(mo.user)
    page = reverse("assignments:calendar")
    assert b"Make my calendar address" in client.get(page).content
    assert not CalendarFeed.objects.exists()

    client.post(reverse("assignments:open_calendar"))

    shown = client.get(page).content.decode()
    assert calendars.address_of(CalendarFeed.objects.get(user=mo.user)) in shown
    assert "webcal://" in shown


def entry_of(kind: str) -> Told:
    return by_vobject(Message.objects.get(kind=kind).calendar)


def test_message_takes_the_entry_of_its_meeting_along(mo: Partner, group: WorkGroup) -> None:
    meeting = planned(group, NOW + 24 * HOUR)

    services.move_meeting(
        meeting=meeting,
        starts_at=NOW + 48 * HOUR,
        ends_at=NOW + 50 * HOUR,
        by=None,
        now=NOW,
    )
    services.cancel_meeting(meeting=meeting, why="Strike", by=None, now=NOW + HOUR)

    ((moved, starts_at, *_, still_on),) = entry_of("meeting_moved").values()
    ((cancelled, *_, off),) = entry_of("meeting_cancelled").values()
    assert (starts_at, still_on, off) == (NOW + 48 * HOUR, "CONFIRMED", "CANCELLED")
    assert cancelled > moved
    assert list(entry_of("meeting_moved")) == list(entry_of("meeting_cancelled"))


def test_meeting_that_moves_beyond_a_place_leaves_the_calendar(
    mo: Partner, group: WorkGroup
) -> None:
    meeting = planned(group, NOW + 24 * HOUR)
    place = group.assignments.get()
    services.end_assignment(
        assignment=place, ends_on=(NOW + 48 * HOUR).date(), by=None, now=NOW - HOUR
    )

    services.move_meeting(
        meeting=meeting,
        starts_at=NOW + 480 * HOUR,
        ends_at=NOW + 481 * HOUR,
        by=None,
        now=NOW,
    )

    assert [one[-1] for one in entry_of("meeting_moved").values()] == ["CANCELLED"]


def test_word_of_a_place_brings_the_meetings_of_the_group(programme: Programme) -> None:
    group = WorkGroupFactory(programme=programme, name="Pain MDT")
    meetings = [planned(group, NOW + day * 24 * HOUR) for day in (1, 8)]
    planned(WorkGroupFactory(programme=programme), NOW + HOUR)

    placed(signed_up_partner(programme, name="Ann Lee"), group, tell=True, now=NOW)

    assert [one[1] for one in entry_of("placed").values()] == [one.starts_at for one in meetings]
