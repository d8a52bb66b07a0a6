"""What counts for whom: the programme's pay rule, the way, and what was put right later."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from accounts.models import Message
from accounts.tests.factories import LONG_AGO, ProgrammeFactory, person
from assignments import services
from assignments.models import Attendance
from assignments.services import MeetingError, Said
from assignments.tests.factories import A_MEETING, attendance
from partners.models import Contribution, PortfolioEntry
from partners.services import ledger, portfolio
from partners.tests.factories import PartnerFactory, signed_up_partner
from workflow.transitions import IllegalMoveError

pytestmark = pytest.mark.django_db
AFTER = A_MEETING + timedelta(days=1)


def down_for_one(**values):
    return attendance(PartnerFactory(**values), title="Upper limb MDT", preparation_minutes=15)


def coordinator(row):
    return person("coordinator", row.meeting.programme)


def decide(row, unwell="none", called_off="none", notice_hours=24):
    return services.set_pay_terms(
        programme=row.meeting.programme,
        unwell=unwell,
        called_off=called_off,
        notice_hours=notice_hours,
        by=None,
        now=LONG_AGO,
    )


def confirm(row, outcome="there", minutes=None, travel=0, *, by=None):
    services.confirm_meeting(
        meeting=row.meeting,
        outcomes={row.pk: Said(outcome, minutes, travel)},
        by=by or coordinator(row),
        now=AFTER,
    )
    row.refresh_from_db()
    return row


def correct(row, outcome, minutes=None, travel=0, *, by=None):
    return services.correct(
        attendance=row,
        outcome=outcome,
        minutes=minutes,
        travel_minutes=travel,
        by=by or coordinator(row),
        now=AFTER + timedelta(days=1),
    )


@pytest.mark.parametrize(
    ("outcome", "share", "minutes"),
    [
        ("unwell", "full", 135),
        ("unwell", "half", 68),
        ("unwell", "none", None),
        ("called_off", "full", 135),
        ("called_off", "half", 68),
        ("called_off", "none", None),
    ],
)
def test_who_could_not_be_there_counts_as_the_programme_decided(outcome, share, minutes):
    row = down_for_one()
    decide(row, **{outcome: share})

    confirm(row, outcome, 999, 30)

    assert (row.outcome, row.minutes, row.travel_minutes) == (outcome, minutes, 0)
    made = [work.minutes for work in Contribution.objects.all()]
    assert made == ([minutes] if minutes else [])


def test_nothing_counts_until_the_programme_has_decided():
    row = confirm(down_for_one(), "unwell")

    assert (row.outcome, row.contribution) == ("unwell", None)


def test_title_says_nothing_of_anybodys_health():
    unwell, called_off = down_for_one(), down_for_one()
    for row, outcome in ((unwell, "unwell"), (called_off, "called_off")):
        decide(row, **{outcome: "full"})
        confirm(row, outcome)

    assert unwell.contribution.title == "Upper limb MDT"
    assert called_off.contribution.title == "Upper limb MDT, cancelled late"
    said = " ".join(line.why for line in unwell.meeting.history.all())
    assert "health" not in said
    assert "unwell" not in said


def test_the_way_counts_besides():
    row = confirm(down_for_one(), "part", 60, 45)

    assert (row.minutes, row.travel_minutes, row.counted) == (60, 45, 105)
    assert row.contribution.minutes == 105


@pytest.mark.parametrize("travel", [-1, 1440])
def test_the_way_that_cannot_be_is_a_sentence(travel):
    row = down_for_one()

    with pytest.raises(MeetingError, match="at most 24 hours"):
        confirm(row, travel=travel)


def cancel(row, *, hours_before, by=None):
    return services.cancel_meeting(
        meeting=row.meeting,
        by=by or coordinator(row),
        now=A_MEETING - timedelta(hours=hours_before),
        why="Flood",
    )


def test_cancelled_late_counts_for_whoever_was_expected():
    row = down_for_one(email="mo@example.org")
    decide(row, called_off="half", notice_hours=48)

    cancel(row, hours_before=47)

    row.refresh_from_db()
    assert (row.outcome, row.minutes) == ("called_off", 68)
    made = row.contribution
    assert (made.minutes, made.status) == (68, "confirmed")
    assert made.happened_on == (A_MEETING - timedelta(hours=47)).date()
    assert "1 hour 8 minutes of your time count" in Message.objects.get().body
    assert (row.meeting.status, row.meeting.sequence) == ("cancelled", 1)


def test_cancelled_in_time_counts_nothing():
    row = down_for_one()
    decide(row, called_off="full", notice_hours=48)

    cancel(row, hours_before=48)

    row.refresh_from_db()
    assert (row.outcome, row.contribution) == ("unknown", None)


def test_cancelled_late_counts_nothing_for_who_said_not_this_time():
    row = down_for_one()
    decide(row, called_off="full")
    services.answer(attendance=row, plan="not_this_time", by=None, now=LONG_AGO)

    cancel(row, hours_before=1)

    row.refresh_from_db()
    assert row.outcome == "unknown"


def test_cancelled_late_by_somebody_expected_leaves_their_own_to_another():
    partner = signed_up_partner(ProgrammeFactory())
    row = attendance(partner)
    decide(row, called_off="full")

    cancel(row, hours_before=1, by=partner.user)

    assert [work.status for work in Contribution.objects.all()] == ["recorded"]


def test_corrected_work_is_written_anew_with_the_partners_own_words():
    partner = signed_up_partner(ProgrammeFactory())
    row = confirm(attendance(partner))
    first = row.contribution
    portfolio.tell(
        contribution=first,
        role="Chair",
        brought="Questions",
        changed="The leaflet",
        reflection="I was heard",
        by=partner.user,
        now=AFTER,
    )

    correct(row, "part", 45, 10)

    row.refresh_from_db()
    second = row.contribution
    first.refresh_from_db()
    assert (first.status, first.reflection) == ("withdrawn", "")
    assert (second.status, second.minutes, second.reflection) == ("confirmed", 55, "I was heard")
    assert PortfolioEntry.objects.get().contribution == second
    assert row.meeting.history.last().why == (
        "For one partner: there, 2 hours, now there for part, 55 minutes"
    )
    assert "Now 55 minutes of your time count." in Message.objects.latest("pk").body


def test_corrected_to_missed_withdraws_and_back_writes_again():
    row = confirm(down_for_one())

    correct(row, "missed")
    assert Attendance.objects.get(pk=row.pk).contribution is None
    correct(row, "there")

    row.refresh_from_db()
    assert sorted(work.status for work in Contribution.objects.all()) == ["confirmed", "withdrawn"]
    assert row.contribution.status == "confirmed"


def test_corrected_to_the_same_changes_nothing():
    row = confirm(down_for_one())

    correct(row, "there")

    assert Contribution.objects.count() == 1
    assert row.meeting.history.count() == 2


def test_corrected_where_the_same_minutes_count_keeps_the_work():
    row = confirm(down_for_one())
    before = row.contribution

    correct(row, "part", 135)

    row.refresh_from_db()
    assert (row.outcome, row.contribution) == ("part", before)


def test_corrected_on_a_claim_is_a_sentence():
    row = confirm(down_for_one())
    ledger.mark_claimed(contributions=[row.contribution], now=AFTER)

    with pytest.raises(MeetingError, match="stands on a claim"):
        correct(row, "missed")

    row.refresh_from_db()
    assert (row.outcome, row.contribution.status) == ("there", "confirmed")


def test_corrected_before_anything_was_said_is_a_sentence():
    with pytest.raises(MeetingError, match="Confirm the meeting instead"):
        correct(down_for_one(), "there")


def test_nobody_puts_right_their_own():
    partner = signed_up_partner(ProgrammeFactory())
    row = confirm(attendance(partner))

    with pytest.raises(MeetingError, match="Ask another coordinator"):
        correct(row, "missed", by=partner.user)


def test_of_a_cancelled_meeting_only_late_or_nothing_can_be_said():
    row = down_for_one()
    decide(row, called_off="full")
    cancel(row, hours_before=72)

    with pytest.raises(MeetingError, match="This meeting was cancelled"):
        correct(row, "there")
    correct(row, "called_off")

    row.refresh_from_db()
    assert row.contribution.minutes == 135
    with pytest.raises(IllegalMoveError):
        cancel(row, hours_before=1)


@pytest.mark.django_db(transaction=True)
def test_corrected_by_two_at_once_leaves_one_piece_of_work():
    row = confirm(down_for_one())
    together, errors = threading.Barrier(2), []

    def press(minutes, by):
        together.wait()
        try:
            correct(row, "part", minutes, by=by)
        except MeetingError as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [
        threading.Thread(target=press, args=(minutes, coordinator(row))) for minutes in (30, 40)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    row.refresh_from_db()
    assert errors == []
    assert [work.minutes for work in Contribution.objects.filter(status="confirmed")] == [
        row.minutes
    ]
