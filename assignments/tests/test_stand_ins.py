"""Whoever stands in is asked when somebody cannot come, and only as many come as are missing."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction

from accounts.models import Message
from accounts.tests.factories import LONG_AGO, person
from assignments import services
from assignments.models import Attendance
from assignments.services import AnswerError
from assignments.tests.factories import A_MEETING, WorkGroupFactory, placed, planned
from partners.models import Contribution
from partners.tests.factories import PartnerFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def group():
    return WorkGroupFactory(name="Pain MDT")


def meeting_with(group, *, expected=1, standing_in=1):
    """A meeting, the rows of those expected, and those who stand in."""
    programme = group.programme
    for partner in PartnerFactory.create_batch(expected, programme=programme):
        placed(partner, group)
    others = [
        PartnerFactory(programme=programme, email=f"s{number}@example.org")
        for number in range(standing_in)
    ]
    for partner in others:
        placed(partner, group, stands_in=True)
    meeting = planned(group)
    return meeting, list(meeting.attendances.order_by("pk")), others


def say(row, plan, now=LONG_AGO):
    return services.answer(attendance=row, plan=plan, by=None, now=now)


def test_who_stands_in_is_asked_only_when_somebody_cannot_come(group):
    meeting, (row,), (other,) = meeting_with(group)

    assert [one.partner for one in meeting.attendances.all()] == [row.partner]
    say(row, "not_this_time")

    asked = meeting.attendances.get(stands_in=True)
    assert (asked.partner, asked.plan) == (other, "unanswered")
    letter = Message.objects.get()
    assert letter.subject == "Could you stand in? The pain MDT on Tuesday 3 March 2026"
    assert row.partner.name not in letter.body
    assert not Attendance.objects.expected().exists()


def test_who_stands_in_is_asked_once(group):
    meeting, (row,), _ = meeting_with(group)

    for plan in ("not_this_time", "coming", "not_this_time"):
        say(row, plan)

    assert meeting.attendances.count() == 2
    assert Message.objects.count() == 1


def test_only_as_many_come_as_are_missing(group):
    meeting, rows, _ = meeting_with(group, expected=2, standing_in=2)
    say(rows[0], "not_this_time")
    first, second = meeting.attendances.filter(stands_in=True)

    say(first, "coming")
    with pytest.raises(AnswerError, match="Everybody who is needed comes already"):
        say(second, "online")
    say(first, "online")
    say(rows[1], "not_this_time")
    say(second, "online")

    assert meeting.attendances.standing_in().count() == 2


def test_who_stands_in_may_step_back_for_another(group):
    meeting, (row,), _ = meeting_with(group, standing_in=2)
    say(row, "not_this_time")
    first, second = meeting.attendances.filter(stands_in=True)

    say(first, "coming")
    say(first, "not_this_time")
    say(second, "coming")

    assert [one.partner for one in meeting.attendances.standing_in()] == [second.partner]


def test_move_asks_everybody_again_and_nobody_to_stand_in(group):
    meeting, (row,), _ = meeting_with(group, standing_in=2)
    say(row, "not_this_time")
    comes = meeting.attendances.filter(stands_in=True).first()
    say(comes, "coming")

    to = A_MEETING + timedelta(days=1)
    services.move_meeting(
        meeting=meeting, starts_at=to, ends_at=to + timedelta(hours=1), by=None, now=LONG_AGO
    )

    assert [one.partner for one in meeting.attendances.all()] == [row.partner]
    told = Message.objects.get(kind="meeting_moved", to_address=comes.partner.email)
    assert "We ask everybody again" in told.body


def test_who_was_only_asked_is_no_part_of_what_is_confirmed(group):
    meeting, (row,), _ = meeting_with(group, standing_in=2)
    say(row, "not_this_time")
    comes, asked = meeting.attendances.filter(stands_in=True)
    say(comes, "coming")

    services.confirm_meeting(
        meeting=meeting,
        outcomes={
            row.pk: ("missed", None),
            comes.pk: ("there", None),
            asked.pk: ("missed", None),
        },
        by=person("coordinator", group.programme),
        now=A_MEETING + timedelta(days=1),
    )

    assert [work.partner for work in Contribution.objects.all()] == [comes.partner]
    assert not Attendance.objects.filter(pk=asked.pk).exists()


@pytest.mark.django_db(transaction=True)
def test_two_who_stand_in_at_the_same_instant_one_comes(group):
    meeting, (row,), _ = meeting_with(group, standing_in=2)
    say(row, "not_this_time")
    first, second = meeting.attendances.filter(stands_in=True)
    refused = []

    def press():
        try:
            say(second, "coming")
        except AnswerError:
            refused.append(second)
        finally:
            connection.close()

    other = threading.Thread(target=press)
    with transaction.atomic():
        say(first, "coming")
        other.start()
        other.join(0.5)  # time enough to pass by, were there nothing to wait for
    other.join(30)

    assert refused == [second]
    assert meeting.attendances.standing_in().get() == first
