"""Places: never too many, a waiting list that moves, and attendance that becomes work."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connections, transaction

from accounts.models import Message
from accounts.tests.factories import person
from partners.models import Contribution, LearningItem, LearningPlace, LearningSession
from partners.services import learning as services
from partners.services import support
from partners.services.learning import LearningError
from partners.services.ledger import LedgerError
from partners.tests.factories import NOW, PartnerFactory, signed_up_partner
from partners.tests.pathway_factories import item, session

pytestmark = pytest.mark.django_db
AFTER = NOW + timedelta(days=8)


def _book(at: LearningSession, partner: Any, **values: Any) -> LearningPlace:
    return services.book(session=at, partner=partner, by=None, **{"now": NOW, **values})


def test_place_given_back_goes_to_whoever_waits_longest(programme: Any) -> None:
    at = session(programme, places=1)
    first, second, third = (PartnerFactory(programme=programme) for _ in range(3))
    place = _book(at, first)
    waiting = _book(at, second)
    later = _book(at, third, now=NOW + timedelta(minutes=1))

    services.give_back(place=place, by=None, now=NOW)

    for row in (waiting, later):
        row.refresh_from_db()
    assert (place.status, waiting.status, later.status) == ("let_go", "booked", "waiting")
    message = Message.objects.get(kind="learning_place")
    assert message.to_address == second.email
    assert "Sunday 29 November 2026, 9am to 11am" in message.body


def test_places_of_somebody_who_leaves_go_to_whoever_waits(programme: Any) -> None:
    at = session(programme, places=1)
    leaver, other = (signed_up_partner(programme) for _ in range(2))
    place, waiting = _book(at, leaver), _book(at, other)

    support.move(partner=leaver, to="left", by=leaver.user, now=NOW)

    for row in (place, waiting):
        row.refresh_from_db()
    assert (place.status, waiting.status) == ("let_go", "booked")


def test_booking_again_after_giving_back_waits_at_the_end(programme: Any) -> None:
    at = session(programme, places=1)
    first, second = (PartnerFactory(programme=programme) for _ in range(2))
    place = _book(at, first)
    _book(at, second)
    services.give_back(place=place, by=None, now=NOW)

    again = _book(at, first, now=NOW + timedelta(hours=1))

    assert again.pk == place.pk
    assert again.status == "waiting"
    assert _book(at, first).status == "waiting"  # pressed twice


def test_more_places_move_the_waiting_list_and_fewer_than_booked_are_refused(
    programme: Any,
) -> None:
    at = session(programme, places=1)
    for _ in range(3):
        _book(at, PartnerFactory(programme=programme))

    services.change_session(session=at, places=2, by=None, now=NOW)

    assert LearningPlace.objects.filter(session=at, status="booked").count() == 2
    with pytest.raises(LearningError, match="2 places are booked already"):
        services.change_session(session=at, places=1, by=None, now=NOW)


@pytest.mark.django_db(transaction=True)
def test_last_place_is_given_once_to_people_who_press_together(programme: Any) -> None:
    at = session(programme, places=2)
    partners = [PartnerFactory(programme=programme) for _ in range(8)]

    def press(partner: Any) -> str:
        try:
            return str(_book(at, partner).status)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        got = sorted(pool.map(press, partners))

    assert got == ["booked"] * 2 + ["waiting"] * 6


def test_places_of_what_has_begun_or_is_cancelled_stay(programme: Any) -> None:
    at = session(programme)
    place = _book(at, PartnerFactory(programme=programme))

    with pytest.raises(LearningError, match="has begun"):
        services.give_back(place=place, by=None, now=AFTER)
    services.cancel_session(session=at, by=None, now=NOW, why="The teacher is ill")
    with pytest.raises(LearningError, match="is cancelled"):
        _book(at, PartnerFactory(programme=programme))
    assert "The teacher is ill" in Message.objects.get(kind="learning_cancelled").body


def test_partner_of_another_programme_gets_no_place(programme: Any) -> None:
    with pytest.raises(LearningError, match="Choose a partner of the programme"):
        _book(session(programme), PartnerFactory())


def test_attendance_becomes_confirmed_work_once(programme: Any, coordinator: Any) -> None:
    at = session(programme, places=2)
    there, missing, waiting = (_book(at, PartnerFactory(programme=programme)) for _ in range(3))

    services.record_attendance(session=at, there=[there.pk], by=coordinator, now=AFTER)

    for row in (there, missing, waiting):
        row.refresh_from_db()
    assert (there.status, missing.status, waiting.status) == ("attended", "missed", "let_go")
    work = there.contribution
    assert (work.status, work.kind, work.minutes, work.payable) == (
        "confirmed", "education", 120, True,
    )  # fmt: skip
    with pytest.raises(LearningError, match="recorded this already"):
        services.record_attendance(session=at, there=[there.pk], by=coordinator, now=AFTER)
    assert Contribution.objects.count() == 1


def test_attendance_waits_for_the_end_and_is_all_or_nothing(
    programme: Any, coordinator: Any
) -> None:
    at = session(programme, places=2)
    good = _book(at, PartnerFactory(programme=programme))
    too_new = _book(at, PartnerFactory(programme=programme, joined_on=date(2027, 1, 1)))

    with pytest.raises(LearningError, match="once the session is over"):
        services.record_attendance(session=at, there=[good.pk], by=coordinator, now=NOW)
    with pytest.raises(LearningError, match="before the day of joining"):
        services.record_attendance(
            session=at, there=[good.pk, too_new.pk], by=coordinator, now=AFTER
        )
    assert not Contribution.objects.exists()
    at.refresh_from_db()
    assert at.status == "planned"


def test_own_attendance_waits_for_another_coordinator(programme: Any) -> None:
    partner = signed_up_partner(programme)
    at = session(programme)
    place = _book(at, partner)

    services.record_attendance(session=at, there=[place.pk], by=partner.user, now=AFTER)

    assert Contribution.objects.get().status == "recorded"


def test_learnt_alone_is_recorded_once_a_day(programme: Any) -> None:
    partner = PartnerFactory(programme=programme)
    unpaid = item(programme, payable=False)
    facts: dict[str, Any] = {"item": unpaid, "partner": partner, "minutes": 40, "by": None}

    row = services.did_it(**facts, happened_on=date(2026, 11, 20), now=NOW)

    assert (row.status, row.kind, row.payable) == ("recorded", "education", False)
    with pytest.raises(LearningError, match="down for that day already"):
        services.did_it(**facts, happened_on=date(2026, 11, 20), now=NOW)
    with pytest.raises(LedgerError, match="still to come"):
        services.did_it(**facts, happened_on=date(2026, 12, 1), now=NOW)


def test_reflection_is_the_partners_alone(programme: Any) -> None:
    partner = signed_up_partner(programme)
    place = _book(session(programme), partner)

    services.reflect_on_place(place=place, text="  Mine.\r\n", by=partner.user, now=NOW)

    place.refresh_from_db()
    assert place.reflection == "Mine."
    with pytest.raises(LearningError, match="Only the partner"):
        services.reflect_on_place(
            place=place, text="Yours", by=person("coordinator", programme), now=NOW
        )


def test_database_refuses_a_place_twice_and_work_without_attendance(programme: Any) -> None:
    at = session(programme)
    place = _book(at, PartnerFactory(programme=programme))
    work = services.did_it(
        item=at.item, partner=place.partner, happened_on=date(2026, 11, 20), minutes=5,
        by=None, now=NOW,
    )  # fmt: skip

    with pytest.raises(IntegrityError, match="learning_place_once"), transaction.atomic():
        LearningPlace.objects.create(
            session=at, partner=place.partner, status="booked", asked_at=NOW
        )
    with pytest.raises(IntegrityError, match="contribution_attended"), transaction.atomic():
        LearningPlace.objects.filter(pk=place.pk).update(contribution=work)
    with pytest.raises(IntegrityError, match="has_places"), transaction.atomic():
        LearningSession.objects.filter(pk=at.pk).update(places=0)
    with pytest.raises(IntegrityError, match="learning_item_once"), transaction.atomic():
        item(programme)
    LearningItem.objects.update(retired_on=date(2026, 1, 1))
    item(programme)
