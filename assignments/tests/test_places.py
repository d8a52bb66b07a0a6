"""Places: the dates, the database's last word, the meetings they bring, and what is told."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Message
from accounts.tests.factories import LONG_AGO, ProgrammeFactory
from assignments import services
from assignments.models import Assignment, Attendance, WorkGroup
from assignments.services import GroupError, PlaceError
from assignments.tests.factories import WorkGroupFactory, placed, planned
from partners.services.register import change_partner
from partners.services.requirement_records import put_in_place
from partners.tests.factories import PartnerFactory
from partners.tests.pathway_factories import requirement

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def place(partner, group, starts_on=date(2026, 3, 1), **values):
    return services.place_partner(
        work_group=group, partner=partner, starts_on=starts_on, by=None, now=NOW, **values
    )


def test_place_tells_the_partner_once():
    partner = PartnerFactory(email="mo@example.org", name="Maureen Okafor", known_as="Mo")
    group = WorkGroupFactory(programme=partner.programme, name="Upper limb MDT")

    made = place(partner, group)

    message = Message.objects.get(key=f"placed:{made.pk}")
    assert message.subject == "You are down for the upper limb MDT"
    assert message.body.startswith("Hello Mo,\n\nYou are down for the upper limb MDT, from today.")
    assert message.to_address == "mo@example.org"
    assert [row.to_status for row in made.history.all()] == ["current"]


def test_place_of_partner_without_address_queues_nothing():
    partner = PartnerFactory(email=None)

    place(partner, WorkGroupFactory(programme=partner.programme))

    assert not Message.objects.exists()


def test_place_brings_the_meetings_ahead_within_its_dates():
    partner = PartnerFactory()
    group = WorkGroupFactory(programme=partner.programme)
    days = [datetime(2026, month, 20, 14, 0, tzinfo=UTC) for month in (2, 3, 4, 5)]
    meetings = [planned(group, day, now=LONG_AGO) for day in days]
    services.cancel_meeting(meeting=meetings[2], by=None, now=LONG_AGO, why="Clinic closed")

    place(partner, group, ends_on=date(2026, 4, 30))

    assert [row.meeting for row in Attendance.objects.all()] == [meetings[1]]


def test_place_on_first_and_last_day_counts():
    partner = PartnerFactory()
    group = WorkGroupFactory(programme=partner.programme)
    # Half past midnight in London on 1 June is still 31 May in UTC.
    early = planned(group, datetime(2026, 5, 31, 23, 30, tzinfo=UTC), now=LONG_AGO)
    late = planned(group, datetime(2026, 6, 2, 22, 30, tzinfo=UTC), minutes=20, now=LONG_AGO)
    planned(group, datetime(2026, 6, 2, 23, 30, tzinfo=UTC), now=LONG_AGO)

    place(partner, group, date(2026, 6, 1), ends_on=date(2026, 6, 2))

    assert {row.meeting for row in Attendance.objects.all()} == {early, late}


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "sentence"),
    [
        (date(2026, 3, 2), date(2026, 3, 1), "The last day must be on or after the first day."),
        (date(1926, 3, 1), None, "Check the first day"),
        (date(2062, 3, 1), None, "Check the first day"),
    ],
)
def test_place_with_days_that_cannot_be_is_refused(starts_on, ends_on, sentence):
    partner = PartnerFactory()

    with pytest.raises(PlaceError, match=sentence):
        place(partner, WorkGroupFactory(programme=partner.programme), starts_on, ends_on=ends_on)

    assert not Assignment.objects.exists()


def test_place_outside_the_days_of_the_group_is_refused():
    partner = PartnerFactory()
    group = WorkGroupFactory(
        programme=partner.programme, starts_on=date(2026, 3, 1), ends_on=date(2026, 3, 31)
    )

    with pytest.raises(PlaceError, match="The group began on Sunday 1 March 2026"):
        place(partner, group, date(2026, 2, 28))
    with pytest.raises(PlaceError, match="The group’s last day is Tuesday 31 March 2026"):
        place(partner, group, date(2026, 3, 2), ends_on=date(2026, 4, 1))

    assert place(partner, group, date(2026, 3, 1), ends_on=date(2026, 3, 31))


def test_place_in_another_programme_is_refused():
    with pytest.raises(PlaceError, match="different programmes"):
        place(PartnerFactory(), WorkGroupFactory(programme=ProgrammeFactory()))


def test_place_twice_at_a_time_is_a_sentence_and_leaves_the_first():
    partner = PartnerFactory(email="mo@example.org")
    group = WorkGroupFactory(programme=partner.programme)
    place(partner, group, date(2026, 3, 1), ends_on=date(2026, 3, 31))

    with pytest.raises(PlaceError, match="This partner already has a place in this group then"):
        place(partner, group, date(2026, 3, 31))

    assert Assignment.objects.count() == Message.objects.count() == 1
    assert place(partner, group, date(2026, 4, 1))


def test_place_overlapping_is_refused_by_the_database():
    partner = PartnerFactory()
    group = WorkGroupFactory(programme=partner.programme)
    placed(partner, group)

    with pytest.raises(IntegrityError, match="assignment_once_at_a_time"), transaction.atomic():
        Assignment.objects.create(
            work_group=group, partner=partner, starts_on=date(2026, 6, 1), ends_on=date(2026, 6, 2)
        )


def test_place_undone_with_its_meetings_when_the_message_fails(monkeypatch):
    partner = PartnerFactory(email="mo@example.org")
    group = WorkGroupFactory(programme=partner.programme)
    planned(group, NOW + timedelta(days=3))
    monkeypatch.setattr(services.place_letters, "queue_message", lambda **_: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        place(partner, group)

    assert not Assignment.objects.exists()
    assert not Attendance.objects.exists()


def test_end_of_place_takes_the_partner_off_later_meetings():
    partner = PartnerFactory()
    group = WorkGroupFactory(programme=partner.programme)
    made = placed(partner, group)
    before = planned(group, datetime(2026, 3, 20, 14, 0, tzinfo=UTC))
    planned(group, datetime(2026, 4, 20, 14, 0, tzinfo=UTC))
    placed_again = services.end_assignment(
        assignment=made, ends_on=date(2026, 3, 31), by=None, now=NOW, why="Moving away"
    )

    assert placed_again.status == "ended"
    assert [row.meeting for row in Attendance.objects.all()] == [before]


def test_end_of_place_thanks_the_partner_and_calls_back_what_was_not_sent_yet():
    partner = PartnerFactory(email="mo@example.org", name="Maureen Okafor", known_as="Mo")
    group = WorkGroupFactory(programme=partner.programme, name="Upper limb MDT")
    made = place(partner, group)

    services.end_assignment(assignment=made, ends_on=NOW.date(), by=None, now=NOW, why="Rude")

    assert Message.objects.get(kind="placed").status == "cancelled"
    thanks = Message.objects.get(kind="place_ended")
    assert thanks.subject == "Thank you for your time in the upper limb MDT"
    assert thanks.body.startswith("Hello Mo,\n\nYour place in the upper limb MDT ends today.")
    assert "Rude" not in thanks.body


@pytest.mark.parametrize(
    ("ends_on", "status", "tell"),
    [
        (NOW.date() + timedelta(days=1), "active", True),
        (NOW.date(), "left", True),
        (NOW.date(), "active", False),
    ],
)
def test_end_of_place_thanks_nobody_early_nor_gone_nor_quietly(ends_on, status, tell):
    partner = PartnerFactory(email="mo@example.org")
    made = place(partner, WorkGroupFactory(programme=partner.programme))
    change_partner(partner=partner, by=None, now=NOW, status=status)

    services.end_assignment(assignment=made, ends_on=ends_on, by=None, now=NOW, tell=tell)

    assert not Message.objects.filter(kind="place_ended").exists()
    still_down = ends_on > NOW.date()
    assert Message.objects.get(kind="placed").status == ("waiting" if still_down else "cancelled")


def test_whoever_left_the_programme_is_expected_nowhere():
    partner = PartnerFactory()
    group = WorkGroupFactory(programme=partner.programme)
    placed(partner, group)
    planned(group, NOW + timedelta(days=3))
    assert Attendance.objects.expected().count() == 1

    change_partner(partner=partner, by=None, now=NOW, status="left")
    planned(group, NOW + timedelta(days=4))

    assert not Attendance.objects.expected().exists()


@pytest.mark.parametrize(
    ("stage", "may"),
    [
        ("enquiry", False),
        ("conversation", False),
        ("checks", False),
        ("induction", True),
        ("active", True),
        ("on_break", True),
        ("stepping_down", False),
        ("left", False),
    ],
)
def test_only_who_takes_part_or_learns_to_is_given_a_place(stage, may):
    partner = PartnerFactory(status=stage)
    group = WorkGroupFactory(programme=partner.programme)

    if may:
        placed(partner, group)
    else:
        with pytest.raises(PlaceError, match=r"is at the stage|has left"):
            placed(partner, group)

    assert Assignment.objects.exists() is may


def test_end_before_the_place_began_is_refused():
    partner = PartnerFactory()
    made = placed(partner, WorkGroupFactory(programme=partner.programme))

    with pytest.raises(PlaceError, match="This place began on Thursday 1 January 2026"):
        services.end_assignment(assignment=made, ends_on=date(2025, 12, 31), by=None, now=NOW)


def test_group_of_the_same_name_is_refused_with_a_sentence():
    group = WorkGroupFactory(name="Pain services")

    with pytest.raises(GroupError, match="already has a work group of this name"):
        services.create_work_group(
            programme=group.programme, kind="mdt", name=" pain  SERVICES ", by=None, now=NOW
        )

    assert services.create_work_group(
        programme=ProgrammeFactory(), kind="mdt", name="Pain services", by=None, now=NOW
    )


@pytest.mark.parametrize(
    ("kind", "name", "called"),
    [
        ("mdt", "Upper limb MDT", "the upper limb MDT"),
        ("mdt", "Pain services", "the pain services MDT"),
        ("mdt", "ACL clinic MDT", "the ACL clinic MDT"),
        ("project", "Appointment letters", "“Appointment letters”"),
    ],
)
def test_group_is_called_as_people_say_it(kind, name, called):
    assert WorkGroup(kind=kind, name=name).called == called


def test_what_has_to_be_in_place_first_stands_in_the_way():
    partner = PartnerFactory(name="Ann Lee")
    group = WorkGroupFactory(programme=partner.programme)
    first = requirement(partner.programme, "Confidentiality", strength="block")
    requirement(partner.programme, "Only warns")
    past, today = date(2026, 1, 1), NOW.date()

    with pytest.raises(PlaceError, match=r"“Confidentiality” of Ann Lee is not in place\. Put"):
        place(partner, group)
    place(partner, group, past, ends_on=past)
    put_in_place(
        requirement=first, partner=partner, obtained_on=past, expires_on=None, by=None, now=NOW
    )

    assert place(partner, group).starts_on == today
