"""The coordinators' page of whom to ask, and what counts in it."""

from collections.abc import Callable

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Programme, Role, User
from accounts.tests.factories import ProgrammeFactory, person
from assignments.models import Opportunity, SuggestionWeights
from assignments.tests.request_factories import opened
from partners.services import requirements
from partners.tests.factories import ExpertiseFactory, PartnerFactory

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]
WEIGH = "admin:assignments_suggestionweights_weigh"


def address(piece: Opportunity) -> str:
    return reverse("admin:assignments_opportunity_suggestions", args=[piece.pk])


def test_coordinators_see_reasons_and_no_numbers_and_go_on_to_offers(
    programme: Programme, coordinator: User, client_for: SignIn
) -> None:
    piece = opened(programme, timezone.now(), title="Letters about pain")
    ann = PartnerFactory(programme=programme, name="Ann Ellery")
    ExpertiseFactory(partner=ann, text="Years of pain", visibility="coordinators")
    client = client_for(coordinator)

    page = client.get(address(piece)).content.decode()

    assert "Brings: “Years of pain”" in page
    assert "score" not in page
    make = reverse("admin:assignments_offer_make", args=[piece.pk])
    assert f'action="{make}"' in page
    assert f'name="partner" value="{ann.pk}"' in page
    assert "Ann Ellery" in client.get(f"{make}?partner={ann.pk}").content.decode()
    stranger = client_for(person(Role.COORDINATOR, ProgrammeFactory()))
    assert stranger.get(address(piece)).status_code == 404
    assert client_for(person(Role.STAFF, programme)).get(address(piece)).status_code == 403


def test_what_counts_is_set_by_coordinators(
    programme: Programme, coordinator: User, client_for: SignIn
) -> None:
    client = client_for(coordinator)
    said = {field.name: 1 for field in SuggestionWeights._meta.fields[2:]}
    assert "Not at all" in client.get(reverse(WEIGH)).content.decode()

    client.post(reverse(WEIGH), {**said, "passions": 5})
    refused = client.post(reverse(WEIGH), {**said, "passions": 6}).content.decode()

    row = SuggestionWeights.objects.get()
    assert (row.programme, row.passions, row.free) == (programme, 5, 1)
    assert "Choose a number from 0 to 5" in refused
    shown = reverse("admin:assignments_suggestionweights_change", args=[row.pk])
    assert client.get(shown).status_code == 200
    with pytest.raises(IntegrityError), transaction.atomic():
        SuggestionWeights.objects.update(passions=6)


@pytest.mark.parametrize("number", [1, 3])
def test_page_asks_as_often_for_three_as_for_one(
    programme: Programme, coordinator: User, client_for: SignIn, number: int
) -> None:
    piece = opened(programme, timezone.now())
    for one in range(number):
        PartnerFactory(programme=programme, name=f"P{one}")
    requirements.seed_requirements(programme=programme, by=None, now=timezone.now())
    client = client_for(coordinator)
    client.get(address(piece))  # what was not sent before is asked after once a session

    with CaptureQueriesContext(connection) as queries:
        assert client.get(address(piece)).status_code == 200

    assert len(queries) == 12


def test_every_page_shows_its_own_partners(
    programme: Programme, coordinator: User, client_for: SignIn
) -> None:
    piece = opened(programme, timezone.now())
    for one in range(27):
        PartnerFactory(programme=programme, name=f"Partner {one:02}")
    client = client_for(coordinator)

    shown = [
        [row.partner.name for row in client.get(f"{address(piece)}?page={number}").context["page"]]
        for number in ("1", "2", "9", "x")
    ]

    assert shown[0] == [f"Partner {one:02}" for one in range(25)]
    assert shown[1] == shown[2] == ["Partner 25", "Partner 26"]
    assert shown[3] == shown[0]
