"""Meetings: planned over clock changes, moved, cancelled, answered, and confirmed once."""

import threading
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.models import Message
from accounts.tests.factories import LONG_AGO, person
from assignments import services
from assignments.models import Attendance, Meeting
from assignments.services import AlreadyConfirmedError, AnswerError, MeetingError
from assignments.tests.factories import (
    A_MEETING,
    WorkGroupFactory,
    attendance,
    placed,
    planned,
)
from assignments.words import spoken_day
from partners.models import Contribution, Partner
from partners.tests.factories import PartnerFactory
from workflow.transitions import IllegalMoveError

pytestmark = pytest.mark.django_db
LONDON = ZoneInfo("Europe/London")
AFTER = A_MEETING + timedelta(days=1)


def down_for_one(**values):
    return attendance(PartnerFactory(**values))


def coordinator(row):
    return person("coordinator", row.meeting.programme)


def confirm(row, outcome="there", minutes=None, *, by=None, now=AFTER):
    return services.confirm_meeting(
        meeting=row.meeting,
        outcomes={row.pk: (outcome, minutes)},
        by=by or coordinator(row),
        now=now,
    )


def test_meeting_has_everybody_with_a_place_that_day():
    group = WorkGroupFactory()
    now_in, ended, later = PartnerFactory.create_batch(3, programme=group.programme)
    placed(now_in, group)
    placed(ended, group, ends_on=A_MEETING.date() - timedelta(days=1))
    placed(later, group, starts_on=A_MEETING.date() + timedelta(days=1))

    meeting = planned(group)

    assert [row.partner for row in meeting.attendances.all()] == [now_in]


@pytest.mark.parametrize(
    ("day", "hour", "utc_hour"),
    [
        (date(2027, 3, 27), 14, 14),
        (date(2027, 3, 28), 14, 13),
        (date(2027, 10, 30), 14, 13),
        (date(2027, 10, 31), 14, 14),
    ],
)
def test_meeting_keeps_its_hour_in_london_when_clocks_change(day, hour, utc_hour):
    starts_at = datetime(day.year, day.month, day.day, hour, tzinfo=LONDON)

    meeting = planned(WorkGroupFactory(), starts_at)

    meeting.refresh_from_db()
    assert meeting.starts_at == datetime(day.year, day.month, day.day, utc_hour, tzinfo=UTC)
    assert "2pm to 4pm" in meeting.when


@pytest.mark.parametrize(("day", "minutes"), [(date(2027, 3, 28), 120), (date(2027, 10, 31), 240)])
def test_meeting_through_the_night_of_the_change_lasts_what_passes(day, minutes):
    meeting = services.plan_meeting(
        work_group=WorkGroupFactory(),
        starts_at=datetime(day.year, day.month, day.day, 0, 30, tzinfo=LONDON),
        ends_at=datetime(day.year, day.month, day.day, 3, 30, tzinfo=LONDON),
        by=None,
        now=LONG_AGO,
        preparation_minutes=0,
    )

    assert meeting.minutes == minutes


@pytest.mark.parametrize(
    ("minutes", "preparation", "sentence"),
    [(0, 0, "must end after"), (1440, 1, "24 hours at most"), (-5, 0, "must end after")],
)
def test_meeting_that_cannot_be_is_refused(minutes, preparation, sentence):
    with pytest.raises(MeetingError, match=sentence):
        planned(WorkGroupFactory(), minutes=minutes, preparation_minutes=preparation)


def test_meeting_that_ends_before_it_starts_is_refused_by_the_database():
    meeting = planned(WorkGroupFactory())

    with pytest.raises(IntegrityError, match="meeting_ends_after_start"), transaction.atomic():
        Meeting.objects.filter(pk=meeting.pk).update(ends_at=meeting.starts_at)

    assert Meeting.objects.filter(pk=meeting.pk).update(
        ends_at=meeting.starts_at + timedelta(seconds=1)
    )


def test_move_asks_again_and_tells_everybody():
    row = down_for_one(email="mo@example.org")
    services.answer(attendance=row, plan="not_this_time", by=None, now=LONG_AGO)
    to = A_MEETING + timedelta(days=7)

    services.move_meeting(
        meeting=row.meeting, starts_at=to, ends_at=to + timedelta(hours=1), by=None, now=LONG_AGO
    )

    row.refresh_from_db()
    assert row.plan == "unanswered"
    message = Message.objects.get(kind="meeting_moved")
    assert "It is now on Tuesday 10 March 2026, 2pm to 3pm." in message.body
    assert [h.to_status for h in row.meeting.history.all()] == ["planned", "planned"]


def test_move_to_a_day_without_a_place_takes_the_partner_off():
    partner = PartnerFactory()
    group = WorkGroupFactory(programme=partner.programme)
    placed(partner, group, ends_on=A_MEETING.date())
    newcomer = PartnerFactory(programme=partner.programme)
    placed(newcomer, group, starts_on=A_MEETING.date() + timedelta(days=1))
    meeting = planned(group)
    to = A_MEETING + timedelta(days=7)

    services.move_meeting(
        meeting=meeting, starts_at=to, ends_at=to + timedelta(hours=1), by=None, now=LONG_AGO
    )

    assert [row.partner for row in meeting.attendances.all()] == [newcomer]


def moved(meeting, to, **values):
    return services.move_meeting(
        **{
            "meeting": meeting,
            "starts_at": to,
            "ends_at": to + timedelta(hours=1),
            "by": None,
            "now": LONG_AGO,
            **values,
        }
    )


def test_move_there_and_back_and_there_again_is_told_each_time():
    row = down_for_one(email="mo@example.org")
    there, back = A_MEETING + timedelta(days=1), A_MEETING
    for to in (there, back, there):
        moved(row.meeting, to)

    told = Message.objects.filter(kind="meeting_moved").order_by("pk")

    assert [spoken_day(there) in message.body.split("It is now")[1] for message in told] == [
        True,
        False,
        True,
    ]
    # What was not sent yet must not arrive after what holds now.
    assert [message.status for message in told] == ["cancelled", "cancelled", "waiting"]


def test_cancel_calls_back_word_of_a_move_that_was_not_sent():
    row = down_for_one(email="mo@example.org")
    moved(row.meeting, A_MEETING + timedelta(days=1))

    services.cancel_meeting(meeting=row.meeting, by=None, now=LONG_AGO, why="Flood")

    waiting = Message.objects.filter(status="waiting")
    assert [message.kind for message in waiting] == ["meeting_cancelled"]


def test_move_tells_whoever_has_no_place_that_day_not_to_come():
    partner = PartnerFactory(email="mo@example.org")
    group = WorkGroupFactory(programme=partner.programme)
    placed(partner, group, ends_on=A_MEETING.date())
    meeting = planned(group)

    moved(meeting, A_MEETING + timedelta(days=7))

    message = Message.objects.get(kind="meeting_moved")
    assert "You have no place in the group that day, so you need do nothing." in message.body
    assert message.link == "/diary/"


def test_move_tells_nobody_who_left():
    row = down_for_one(email="mo@example.org")
    Partner.objects.update(status=Partner.Status.LEFT)

    moved(row.meeting, A_MEETING + timedelta(days=1))

    assert not Message.objects.filter(kind="meeting_moved").exists()


def test_cancel_tells_whoever_was_expected_and_why():
    row = down_for_one(email="mo@example.org")

    services.cancel_meeting(meeting=row.meeting, by=None, now=LONG_AGO, why="The room is flooded.")

    message = Message.objects.get(kind="meeting_cancelled")
    assert "Why: The room is flooded." in message.body
    with pytest.raises(IllegalMoveError):
        services.cancel_meeting(meeting=row.meeting, by=None, now=LONG_AGO, why="Again")


def test_cancel_tells_nobody_who_said_not_this_time():
    row = down_for_one(email="mo@example.org")
    services.answer(attendance=row, plan="not_this_time", by=None, now=LONG_AGO)

    services.cancel_meeting(meeting=row.meeting, by=None, now=LONG_AGO, why="Flood")

    assert not Message.objects.exists()


def test_answer_changes_until_the_meeting_is_over():
    row = down_for_one()
    last_minute = row.meeting.ends_at - timedelta(minutes=1)

    services.answer(attendance=row, plan="coming", by=None, now=LONG_AGO)
    services.answer(attendance=row, plan="not_this_time", by=None, now=last_minute)

    row.refresh_from_db()
    assert (row.plan, row.planned_at) == ("not_this_time", last_minute)
    with pytest.raises(AnswerError, match="This meeting is over"):
        services.answer(attendance=row, plan="coming", by=None, now=row.meeting.ends_at)


def test_answer_to_a_cancelled_meeting_is_refused():
    row = down_for_one()
    services.cancel_meeting(meeting=row.meeting, by=None, now=LONG_AGO, why="Flood")

    with pytest.raises(AnswerError, match="cancelled"):
        services.answer(attendance=row, plan="coming", by=None, now=LONG_AGO)


@pytest.mark.parametrize(
    ("kind", "work"),
    [
        ("mdt", "mdt"),
        ("project", "project"),
        ("committee", "meeting"),
        ("recruitment", "recruitment"),
        ("research", "research"),
        ("education", "education"),
        ("event", "event"),
    ],
)
def test_confirm_writes_confirmed_work_of_the_groups_kind(kind, work):
    partner = PartnerFactory()
    group = WorkGroupFactory(programme=partner.programme, kind=kind)
    placed(partner, group)
    meeting = planned(group, preparation_minutes=30)
    row = meeting.attendances.get()

    confirm(row)

    row.refresh_from_db()
    made = row.contribution
    assert (made.kind, made.minutes, made.status) == (work, 150, "confirmed")
    assert (made.happened_on, made.source_path) == (A_MEETING.date(), f"/meetings/{meeting.pk}/")
    assert (row.outcome, row.minutes, row.meeting.status) == ("there", 150, "held")


def test_confirm_counts_the_minutes_said_and_nothing_for_who_was_missing():
    group = WorkGroupFactory()
    part, missing = PartnerFactory.create_batch(2, programme=group.programme)
    placed(part, group)
    placed(missing, group)
    meeting = planned(group)
    rows = {row.partner: row for row in meeting.attendances.all()}

    services.confirm_meeting(
        meeting=meeting,
        outcomes={rows[part].pk: ("part", 45), rows[missing].pk: ("missed", None)},
        by=person("coordinator", group.programme),
        now=AFTER,
    )

    assert [(c.partner, c.minutes) for c in Contribution.objects.all()] == [(part, 45)]
    assert Attendance.objects.get(partner=missing).contribution is None


@pytest.mark.parametrize(
    ("outcome", "minutes", "sentence"),
    [
        ("unknown", None, "Say whether"),
        ("part", None, "how many minutes"),
        ("there", 0, "between 1 and 1440"),
        ("there", 1441, "between 1 and 1440"),
    ],
)
def test_confirm_with_an_outcome_that_cannot_be_changes_nothing(outcome, minutes, sentence):
    row = down_for_one()

    with pytest.raises(MeetingError, match=sentence):
        confirm(row, outcome, minutes)

    row.refresh_from_db()
    assert (row.outcome, row.meeting.status) == ("unknown", "planned")


def test_confirm_is_all_or_nothing():
    group = WorkGroupFactory()
    first, late = (
        PartnerFactory(programme=group.programme),
        # Joined after the meeting: the ledger refuses the work.
        PartnerFactory(programme=group.programme, joined_on=AFTER.date()),
    )
    placed(first, group)
    placed(late, group)
    meeting = planned(group)

    with pytest.raises(MeetingError, match=late.name):
        services.confirm_meeting(
            meeting=meeting,
            outcomes={row.pk: ("there", None) for row in meeting.attendances.all()},
            by=person("coordinator", group.programme),
            now=AFTER,
        )

    assert not Contribution.objects.exists()
    assert Meeting.objects.get().status == "planned"


def test_confirm_before_the_end_is_refused():
    row = down_for_one()

    with pytest.raises(MeetingError, match="not over yet"):
        confirm(row, now=row.meeting.ends_at - timedelta(minutes=1))


def test_confirm_leaving_somebody_out_is_refused():
    row = down_for_one()

    with pytest.raises(MeetingError, match="somebody was left out"):
        services.confirm_meeting(meeting=row.meeting, outcomes={}, by=coordinator(row), now=AFTER)


def test_confirm_twice_tells_who_was_first():
    row = down_for_one()
    confirm(row, by=person("coordinator", row.meeting.programme, name="Ada Obi"))

    with pytest.raises(AlreadyConfirmedError, match="Ada Obi confirmed this meeting"):
        confirm(row)

    assert Contribution.objects.count() == 1


def test_attendance_with_work_but_not_there_is_refused_by_the_database():
    row = down_for_one()
    confirm(row)

    with (
        pytest.raises(IntegrityError, match="attendance_contribution_counts"),
        transaction.atomic(),
    ):
        Attendance.objects.filter(pk=row.pk).update(outcome="missed")


@pytest.mark.django_db(transaction=True)
def test_confirm_by_two_at_once_writes_the_work_once():
    row = down_for_one()
    people = [coordinator(row), coordinator(row)]
    together, said = threading.Barrier(2), []

    def press(by):
        together.wait()
        try:
            said.append(confirm(row, by=by).status)
        except AlreadyConfirmedError as error:
            said.append(str(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=(by,)) for by in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert sorted(text.split(" ")[0] for text in said) == ["Person", "held"]
    assert Contribution.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("first", ["place", "plan"])
def test_place_and_plan_at_once_always_meet(first):
    """Whoever is placed while a meeting is planned is down for it, whichever commits first."""
    group = WorkGroupFactory()
    partner = PartnerFactory(programme=group.programme)
    actions = {"place": lambda: placed(partner, group), "plan": lambda: planned(group)}
    second = next(action for name, action in actions.items() if name != first)

    def run():
        try:
            second()
        finally:
            connection.close()

    other = threading.Thread(target=run)
    with transaction.atomic():
        actions[first]()
        other.start()
        other.join(0.5)  # time enough to pass by, were there nothing to wait for
    other.join(30)

    assert Attendance.objects.filter(partner=partner).count() == 1
