"""A partner's offers and places: what is shown, what the buttons do, and whom they refuse."""

from datetime import timedelta

import pytest
from django.contrib.messages import get_messages

from assignments import services as assignments
from assignments.models import Assignment, Offer
from assignments.services import offers
from assignments.tests.factories import WorkGroupFactory, placed
from assignments.tests.offers_factories import opportunity, people
from partners.tests.factories import signed_up_partner

pytestmark = pytest.mark.django_db


@pytest.fixture
def mo(programme):
    return signed_up_partner(programme, name="Maureen Okafor")


@pytest.fixture
def asked(programme, now):
    return opportunity(WorkGroupFactory(programme=programme, name="Leaflets", kind="project"))


def give(asked, now, *partners, **values):
    return offers.offer(
        opportunity=asked, partners=partners, answer_by=None, by=None, now=now, **values
    )


def told(page):
    return [str(message) for message in get_messages(page.wsgi_request)]


def test_offer_page_shows_what_it_asks_and_by_when(client_for, mo, asked, now):
    asked.effort = "Two hours a month"
    asked.save()
    (offer,) = give(asked, now, mo)

    text = client_for(mo.user).get(f"/offers/{offer.pk}/").content.decode()

    for words in ("Two hours a month", "1 December 2026", "Yes, I would like this place"):
        assert words in text


def test_offer_accepted_gives_a_place(client_for, mo, asked, now):
    (offer,) = give(asked, now, mo)

    page = client_for(mo.user).post(f"/offers/{offer.pk}/accept/", follow=True)

    assert told(page) == ["Thank you. You have a place. Your diary shows what is next."]
    assert Assignment.objects.get().partner == mo
    assert "See your place" in page.content.decode()


def test_offer_accepted_too_late_says_so_and_waits(client_for, mo, asked, now):
    (ann,) = people(asked, "Ann")
    first, offer = give(asked, now, ann, mo, first_come=True)
    offers.accept(offer=first, by=None, now=now)

    shown = client_for(mo.user).get(f"/offers/{offer.pk}/").content.decode()
    page = client_for(mo.user).post(f"/offers/{offer.pk}/accept/", follow=True)

    assert "All places are taken at the moment" in shown
    assert "first on the waiting list" in told(page)[0]
    assert Offer.objects.get(pk=offer.pk).status == "waiting"
    assert "Leave the waiting list" in page.content.decode()


def test_offer_declined_with_a_word_for_coordinators(client_for, mo, asked, now):
    (offer,) = give(asked, now, mo)

    client_for(mo.user).post(f"/offers/{offer.pk}/decline/", {"why": "Too far for me"})

    last = offer.history.last()
    assert (last.to_status, last.why, last.by) == ("declined", "Too far for me", mo.user)


def test_offer_stood_in_for(client_for, mo, asked, now):
    (offer,) = give(asked, now, mo)

    page = client_for(mo.user).post(f"/offers/{offer.pk}/stand-in/", follow=True)

    assert told(page) == ["Thank you. We ask you when somebody cannot come."]
    assert "Take this place" in page.content.decode()


def test_place_given_back_keeps_what_was_typed_beside_a_wrong_day(client_for, mo, asked, now):
    (offer,) = give(asked, now, mo)
    offers.accept(offer=offer, by=mo.user, now=now)
    day = {"ends_on_day": "1", "ends_on_month": "1", "ends_on_year": "2020"}

    page = client_for(mo.user).post(
        f"/offers/{offer.pk}/give-back/", {**day, "handover": "Ring Jo first"}
    )

    text = page.content.decode()
    assert "Choose today or a later day as the last." in text
    assert "Ring Jo first" in text
    assert Assignment.objects.get().status == "current"


def test_place_given_back_is_handed_over(client_for, mo, asked, programme, now):
    next_one = signed_up_partner(programme, name="Robin")
    offer, waiting = give(asked, now, mo, next_one)
    offers.accept(offer=offer, by=mo.user, now=now)
    day = {"ends_on_day": "24", "ends_on_month": "11", "ends_on_year": "2026"}

    client_for(mo.user).post(f"/offers/{offer.pk}/give-back/", {**day, "handover": "Ring Jo first"})
    taken = offers.accept(offer=waiting, by=next_one.user, now=now)

    page = client_for(next_one.user).get(f"/places/{taken.assignment_id}/")
    assert "Ring Jo first" in page.content.decode()
    other = placed(people(asked, "Cat")[0], asked.work_group, starts_on=now.date())
    assert client_for(mo.user).get(f"/places/{other.pk}/").status_code == 404


def test_place_that_ended_shows_its_thanks(client_for, mo, asked, now):
    place = placed(mo, asked.work_group)
    assignments.end_assignment(
        assignment=place, ends_on=now.date(), by=None, now=now, thanks="You made it clearer"
    )

    client = client_for(mo.user)

    assert "You made it clearer" in client.get(f"/places/{place.pk}/").content.decode()
    assert "You made it clearer" in client.get("/places/").content.decode()


def test_offer_of_somebody_else_is_hidden(client_for, mo, asked, now):
    (offer,) = give(asked, now, *people(asked, "Ann"))
    client = client_for(mo.user)

    pages = [client.get(f"/offers/{offer.pk}/"), client.post(f"/offers/{offer.pk}/accept/")]

    assert [page.status_code for page in pages] == [404, 404]
    assert Offer.objects.get().status == "offered"


def test_places_page_when_there_is_nothing(client_for, mo, now):
    assert (
        "You have no place in a group yet" in client_for(mo.user).get("/places/").content.decode()
    )


@pytest.mark.parametrize("rows", [1, 3])
def test_places_page_asks_as_often_for_many(
    client_for, mo, programme, now, rows, django_assert_num_queries
):
    for number in range(rows):
        group = WorkGroupFactory(programme=programme, name=f"Group {number}", kind="project")
        placed(mo, group)
        give(opportunity(WorkGroupFactory(programme=programme)), now, mo)
        ended = WorkGroupFactory(programme=programme, name=f"Ended {number}", kind="project")
        assignments.end_assignment(
            assignment=placed(mo, ended), ends_on=now.date() - timedelta(days=1), by=None, now=now
        )
    client = client_for(mo.user)
    client.get("/places/")

    with django_assert_num_queries(6):
        client.get("/places/")
