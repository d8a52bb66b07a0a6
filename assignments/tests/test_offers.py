"""Offers: who is offered a place, what each answer does, and the waiting list that moves."""

from datetime import date, timedelta

import pytest

from accounts.models import Message
from assignments import services as assignments
from assignments.models import Assignment, Attendance, Offer
from assignments.services import OfferError, offers
from assignments.services.waiting_list import move_waiting_list, seats_of
from assignments.tests.factories import WorkGroupFactory, placed, planned
from assignments.tests.offers_factories import ANSWER_BY, NOW, offered, opportunity, people
from partners.services import conflicts
from partners.services.register import change_partner
from partners.tests.pathway_factories import requirement, role

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)


def accept(offer, now=NOW):
    return offers.accept(offer=offer, by=None, now=now)


def states(*found):
    return [Offer.objects.get(pk=offer.pk).status for offer in found]


def test_offers_keep_a_place_for_each_and_the_others_wait():
    asked = opportunity(places=2)

    ann, bob, cat = offered(asked, "Ann", "Bob", "Cat")

    assert states(ann, bob, cat) == ["offered", "offered", "waiting"]
    subjects = Message.objects.order_by("pk").values_list("to_name", "subject")
    assert list(subjects) == [
        ("Ann", "A place for you: Two partners for the leaflet"),
        ("Bob", "A place for you: Two partners for the leaflet"),
        ("Cat", "You are on the waiting list: Two partners for the leaflet"),
    ]


def test_first_come_offers_all_while_a_place_is_free():
    asked = opportunity(places=1)

    ann, bob = offered(asked, "Ann", "Bob", first_come=True)
    accept(ann)
    (cat,) = offered(asked, "Cat", first_come=True)

    assert states(ann, bob, cat) == ["accepted", "offered", "waiting"]


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (lambda asked, ann: offered_to(asked, ann), "has an offer or waits for one already"),
        (lambda asked, ann: placed(ann, asked.work_group), "has a place in this group already"),
        (lambda asked, ann: ended(ann), "is at the stage “Alumni”"),
        (lambda asked, ann: withdrawn(asked), "withdrawn or over"),
        (lambda asked, ann: part(asked, ann), "A declared conflict keeps apart"),
    ],
)
def test_offer_refuses_in_a_sentence_and_offers_nobody(spoil, sentence, coordinator, programme):
    asked = opportunity(WorkGroupFactory(programme=programme, lead=coordinator), places=3)
    ann, bob = people(asked, "Ann", "Bob")
    spoil(asked, ann)

    with pytest.raises(OfferError, match=sentence):
        offers.offer(opportunity=asked, partners=[bob, ann], answer_by=ANSWER_BY, by=None, now=NOW)

    assert not Offer.objects.filter(partner=bob).exists()


def offered_to(asked, partner):
    offers.offer(opportunity=asked, partners=[partner], answer_by=None, by=None, now=NOW)


def ended(partner):
    change_partner(partner=partner, by=None, now=NOW, status="left")


def withdrawn(asked):
    asked.status = "withdrawn"
    asked.save()


def part(asked, partner):
    lead = asked.work_group.lead
    conflicts.declare(
        programme=asked.programme, person=lead, with_partner=partner, by=lead, now=NOW
    )


def test_accept_gives_place_seat_role_and_dates():
    group = WorkGroupFactory()
    asked = opportunity(
        group,
        role=role(group.programme, "Governance adviser"),
        starts_on=date(2026, 12, 10),
        ends_on=date(2027, 3, 1),
    )
    (ann,) = offered(asked, "Ann")

    accepted = accept(ann)

    place = Assignment.objects.get()
    assert (accepted.status, accepted.seat, accepted.assignment) == ("accepted", 1, place)
    assert (place.role, place.pathway_role.name) == ("Governance adviser", "Governance adviser")
    assert (place.starts_on, place.ends_on) == (date(2026, 12, 10), date(2027, 3, 1))
    assert Message.objects.filter(key=f"placed:{place.pk}", to_name="Ann").exists()


def test_accept_of_full_opportunity_goes_before_those_who_wait_and_after_its_like():
    asked = opportunity(places=1)
    ann, bob, cat = offered(asked, "Ann", "Bob", "Cat", first_come=True)
    accept(ann)
    (dora,) = offered(asked, "Dora", now=NOW - timedelta(hours=1))

    after = [accept(bob), accept(cat)]

    assert [one.status for one in after] == ["waiting", "waiting"]
    assert list(Offer.objects.queue()) == [bob, cat, dora]
    assert Assignment.objects.count() == 1


def test_accept_says_what_is_missing():
    asked = opportunity()
    (ann,) = offered(asked, "Ann")
    requirement(asked.programme, "Safeguarding", strength="block")

    with pytest.raises(OfferError, match="“Safeguarding” of Ann"):
        accept(ann)

    assert states(ann) == ["offered"]


def test_accept_says_no_word_of_a_conflict(programme, coordinator):
    asked = opportunity(WorkGroupFactory(programme=programme, lead=coordinator))
    (ann,) = offered(asked, "Ann")
    part(asked, ann.partner)

    with pytest.raises(OfferError, match=r"^We would like a word with you before") as refused:
        accept(ann)

    assert "conflict" not in str(refused.value)


def test_conflict_after_acceptance_leaves_the_place(programme, coordinator):
    asked = opportunity(WorkGroupFactory(programme=programme, lead=coordinator))
    (ann,) = offered(asked, "Ann")
    accept(ann)

    part(asked, ann.partner)

    assert states(ann) == ["accepted"]
    assert Assignment.objects.get().status == "current"


def test_accept_after_the_last_day_is_refused_and_on_it_is_not():
    asked = opportunity(places=2)
    ann, bob = offered(asked, "Ann", "Bob")

    accept(ann, now=NOW.replace(month=12, day=1))
    with pytest.raises(OfferError, match="The last day to answer was Tuesday 1 December 2026"):
        accept(bob, now=NOW.replace(month=12, day=2))


def test_accept_twice_is_told_and_takes_one_seat():
    asked = opportunity(places=2)
    (ann,) = offered(asked, "Ann")
    accept(ann)

    with pytest.raises(OfferError, match="You have said yes already"):
        accept(ann)

    assert Assignment.objects.count() == 1


def test_stand_in_takes_no_seat_no_meetings_and_passes_the_offer_on():
    asked = opportunity()
    planned(asked.work_group, NOW + timedelta(days=7))
    ann, bob = offered(asked, "Ann", "Bob")

    offers.stand_in(offer=ann, by=None, now=NOW)

    place = Assignment.objects.get()
    assert (place.partner, place.stands_in) == (ann.partner, True)
    assert states(ann, bob) == ["standing_in", "offered"]
    assert not Attendance.objects.exists()
    assert Message.objects.filter(subject__startswith="You stand in for others").count() == 1


def test_stand_in_takes_up_a_place_that_nobody_has():
    asked = opportunity(places=1)
    planned(asked.work_group, NOW + timedelta(days=7))
    ann, bob = offered(asked, "Ann", "Bob")
    offers.stand_in(offer=ann, by=None, now=NOW)
    with pytest.raises(OfferError, match="You still stand in"):
        accept(ann)
    offers.decline(offer=bob, by=None, now=NOW)

    taken = accept(ann)

    assert (taken.status, taken.seat) == ("accepted", 1)
    assert not Assignment.objects.get().stands_in
    assert Attendance.objects.get().partner == ann.partner


@pytest.mark.parametrize(
    "leave",
    [
        lambda offer: offers.decline(offer=offer, by=None, now=NOW, why="Too far"),
        lambda offer: offers.take_back(offer=offer, by=None, now=NOW),
        lambda offer: offers.lapse(now=NOW.replace(month=12, day=2)),
    ],
)
def test_waiting_list_moves_by_itself(leave):
    asked = opportunity()
    ann, bob, cat = offered(asked, "Ann", "Bob", "Cat")

    leave(ann)

    assert states(bob, cat) == ["offered", "waiting"]
    told = Message.objects.get(to_name="Bob", kind="offered")
    assert "Now there is a place" in told.body


def test_waiting_list_passes_over_who_left_and_who_is_kept_apart(programme, coordinator):
    asked = opportunity(WorkGroupFactory(programme=programme, lead=coordinator))
    ann, bob, cat, dora = offered(asked, "Ann", "Bob", "Cat", "Dora")
    ended(bob.partner)
    part(asked, cat.partner)

    offers.decline(offer=ann, by=None, now=NOW)

    assert states(bob, cat, dora) == ["waiting", "waiting", "offered"]


def test_waiting_list_moves_when_places_are_added():
    asked = opportunity()
    ann, bob, cat = offered(asked, "Ann", "Bob", "Cat")
    asked.places = 2
    asked.save()

    assert move_waiting_list(opportunity=asked, now=NOW) == 1
    assert move_waiting_list(opportunity=asked, now=NOW) == 0

    assert states(ann, bob, cat) == ["offered", "offered", "waiting"]


def test_lapse_tells_and_leaves_who_has_time():
    asked = opportunity(places=2)
    (ann,) = offered(asked, "Ann")
    (bob,) = offered(asked, "Bob", answer_by=date(2026, 12, 9))

    count = offers.lapse(now=NOW.replace(month=12, day=2))

    assert (count, states(ann, bob)) == (1, ["lapsed", "offered"])
    assert Message.objects.get(kind="offer_lapsed").to_name == "Ann"
    assert Message.objects.get(kind="offered", to_name="Ann").status == "cancelled"


def test_take_back_is_told_without_the_reason_and_not_after_a_yes():
    asked = opportunity(places=2)
    ann, bob = offered(asked, "Ann", "Bob")

    offers.take_back(offer=ann, by=None, now=NOW, why="Unreliable")
    accept(bob)

    told = Message.objects.get(kind="offer_taken_back")
    assert (told.to_name, "Unreliable" in told.body) == ("Ann", False)
    with pytest.raises(OfferError, match="answered a moment ago"):
        offers.take_back(offer=bob, by=None, now=NOW)


def test_offer_now_before_their_turn():
    asked = opportunity()
    ann, bob, cat = offered(asked, "Ann", "Bob", "Cat")

    offers.offer_now(offer=cat, by=None, now=NOW)

    assert states(ann, bob, cat) == ["offered", "waiting", "offered"]
    accept(cat)
    with pytest.raises(OfferError, match="All places are taken"):
        offers.offer_now(offer=bob, by=None, now=NOW)


def test_give_back_hands_over_and_the_next_begins_the_day_after():
    asked = opportunity()
    ann, bob = offered(asked, "Ann", "Bob")
    accept(ann)

    offers.give_back(
        offer=ann, ends_on=date(2026, 11, 30), by=None, now=NOW, handover="Ring Jo first.\r\n"
    )
    taken = accept(bob)

    first, second = Assignment.objects.order_by("pk")
    assert (first.ends_on, first.handover) == (date(2026, 11, 30), "Ring Jo first.")
    assert states(ann, bob) == ["ended", "accepted"]
    assert (taken.seat, second.starts_on) == (1, date(2026, 12, 1))
    assert list(Assignment.objects.handed_over_to(second)) == [first]
    third = placed(people(asked, "Cat")[0], asked.work_group, starts_on=date(2026, 12, 5))
    assert not Assignment.objects.handed_over_to(third).exists()


def test_give_back_before_the_place_begins():
    asked = opportunity(starts_on=date(2027, 1, 10))
    (ann,) = offered(asked, "Ann")
    accept(ann)

    offers.give_back(offer=ann, ends_on=TODAY, by=None, now=NOW)

    place = Assignment.objects.get()
    assert (place.status, place.starts_on, place.ends_on) == ("ended", TODAY, TODAY)
    assert seats_of(asked).free == 1


def test_ended_place_frees_its_seat_and_thanks_without_the_words():
    asked = opportunity()
    ann, bob = offered(asked, "Ann", "Bob")
    accept(ann)

    assignments.end_assignment(
        assignment=Assignment.objects.get(),
        ends_on=TODAY,
        by=None,
        now=NOW,
        thanks="You made us laugh",
    )

    assert states(ann, bob) == ["ended", "offered"]
    told = Message.objects.get(kind="place_ended")
    assert "a line of thanks" in told.body
    assert "laugh" not in told.body
    assert Assignment.objects.get().thanks == "You made us laugh"
