"""Coordinators offer places, take them back, and see who has not answered."""

import pytest
from django.contrib import admin

from accounts.tests.factories import ProgrammeFactory
from assignments import services as assignments
from assignments.models import Assignment, Interest, Offer
from assignments.services import offers
from assignments.tests.factories import WorkGroupFactory, placed
from assignments.tests.offers_factories import offered, opportunity, people
from partners.tests.factories import PartnerFactory

pytestmark = pytest.mark.django_db
OFFERS = "/admin/assignments/offer/"


@pytest.fixture
def cora(client_for, coordinator, now):
    return client_for(coordinator)


@pytest.fixture
def asked(programme, now):
    return opportunity(WorkGroupFactory(programme=programme, name="Leaflets", kind="project"))


def interested(asked, now, *names, answer="yes"):
    found = people(asked, *names)
    for partner in found:
        Interest.objects.create(
            opportunity=asked, partner=partner, answer=answer, said_at=now, line="Gladly"
        )
    return found


def posted(partners, **values):
    return {
        "partners": [partner.pk for partner in partners],
        "answer_by_day": "1",
        "answer_by_month": "12",
        "answer_by_year": "2026",
        "way": "keep",
        **values,
    }


def test_places_are_offered_to_who_said_yes_before_who_said_maybe(cora, asked, now):
    maybe = interested(asked, now, "Ann", answer="maybe")
    yes = interested(asked, now, "Zoe")
    no = interested(asked, now, "Bob", answer="not_now")
    address = f"{OFFERS}for/{asked.pk}/"

    shown = cora.get(address).content.decode()
    page = cora.post(address, posted([*maybe, *yes]), follow=True)

    assert no[0].name not in shown
    assert shown.index("Zoe: yes, would like to") < shown.index("Ann: maybe")
    assert "Offered to Zoe. On the waiting list: Ann." in page.content.decode()
    assert list(Offer.objects.order_by("pk").values_list("partner__name", "status")) == [
        ("Zoe", "offered"),
        ("Ann", "waiting"),
    ]


def test_place_is_offered_to_somebody_the_address_names(cora, asked, programme, now):
    robin = PartnerFactory(programme=programme, name="Robin", email=None)
    elsewhere = PartnerFactory(programme=ProgrammeFactory())
    address = f"{OFFERS}for/{asked.pk}/?partner={robin.pk}&partner={elsewhere.pk}&partner=x"

    shown = cora.get(address)
    refused = cora.post(address, posted([elsewhere]))
    page = cora.post(address, posted([robin]), follow=True)

    [ticked] = [one for one in shown.context["form"]["partners"] if one.data["selected"]]
    assert ticked.choice_label == "Robin"
    assert refused.status_code == 200
    assert "No e-mail, please ring: Robin." in page.content.decode()


def test_offer_that_cannot_be_is_a_sentence_beside_the_choice(cora, asked, now):
    (ann,) = interested(asked, now, "Ann")
    placed(ann, asked.work_group)

    page = cora.post(f"{OFFERS}for/{asked.pk}/", posted([ann]))

    text = page.content.decode()
    assert "Ann has a place in this group already." in text
    assert "<title>Error: " in text
    assert not Offer.objects.exists()


def test_offer_is_taken_back_and_the_next_is_offered(cora, asked, now):
    ann, bob = offered(asked, "Ann", "Bob", now=now)

    cora.post(f"{OFFERS}{ann.pk}/take-back/", {"why": "Entered twice"})

    assert list(Offer.objects.order_by("pk").values_list("status", flat=True)) == [
        "withdrawn",
        "offered",
    ]
    assert "Entered twice" in cora.get(f"{OFFERS}{ann.pk}/change/").content.decode()
    assert cora.post(f"{OFFERS}{ann.pk}/take-back/").status_code == 403
    assert cora.post(f"{OFFERS}{bob.pk}/now/").status_code == 403


def test_who_waits_is_offered_a_place_before_their_turn(cora, asked, now):
    _, _, cat = offered(asked, "Ann", "Bob", "Cat", now=now)

    cora.post(f"{OFFERS}{cat.pk}/now/")

    assert Offer.objects.get(pk=cat.pk).status == "offered"


def test_worklist_counts_offers_unanswered(cora, coordinator, asked, now):
    ann, _ = offered(asked, "Ann", "Bob", now=now)
    offered(opportunity(WorkGroupFactory(programme=ProgrammeFactory())), "Eve", now=now)

    (item,) = [one for one in admin.site.worklist(coordinator) if "unanswered" in one.title]
    offers.accept(offer=ann, by=None, now=now)

    assert (item.count, item.title) == (1, "offer unanswered")
    assert cora.get(item.url).status_code == 200
    assert not [one for one in admin.site.worklist(coordinator) if "unanswered" in one.title]


def test_place_ends_with_a_note_and_thanks_later(cora, asked, now):
    (ann,) = offered(asked, "Ann", now=now)
    place = offers.accept(offer=ann, by=None, now=now).assignment
    day = {"ends_on_day": "24", "ends_on_month": "11", "ends_on_year": "2026"}

    cora.post(
        f"/admin/assignments/assignment/{place.pk}/end/", {**day, "handover": "Ring Jo first"}
    )
    page = cora.post(
        f"/admin/assignments/assignment/{place.pk}/thank/", {"thanks": "So clear"}, follow=True
    )

    place.refresh_from_db()
    assert (place.status, place.handover, place.thanks) == ("ended", "Ring Jo first", "So clear")
    assert "Ring Jo first" in page.content.decode()
    again = cora.post(f"/admin/assignments/assignment/{place.pk}/thank/", {"thanks": "Again"})
    assert again.status_code == 403


def test_thanks_need_words_and_an_end(coordinator, asked, now):
    place = placed(people(asked, "Ann")[0], asked.work_group)

    with pytest.raises(assignments.PlaceError, match="has not ended"):
        assignments.places.thank_for_place(
            assignment=place, thanks="So clear", by=coordinator, now=now
        )
    with pytest.raises(assignments.PlaceError, match="Write a line"):
        assignments.places.thank_for_place(assignment=place, thanks=" ", by=coordinator, now=now)

    assert not Assignment.objects.exclude(thanks="").exists()


@pytest.mark.parametrize("rows", [1, 3])
def test_lists_of_offers_ask_as_often_for_many(cora, asked, now, rows, django_assert_num_queries):
    offered(asked, *("Ann", "Bob", "Cat")[:rows], now=now)
    interested(asked, now, *("Dora", "Eve", "Fay")[:rows])
    cora.get(OFFERS)

    with django_assert_num_queries(5):
        cora.get(OFFERS)
    with django_assert_num_queries(7):
        cora.get(f"{OFFERS}for/{asked.pk}/")
