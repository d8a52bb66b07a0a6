"""Somebody who belongs to two programmes: every page is about the one whose pages are open."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Programme, Role
from accounts.services.people import grant_role
from accounts.tests.factories import LONG_AGO, ProgrammeFactory
from partners.models import Contribution
from partners.tests.factories import PartnerFactory, confirmed_contribution, signed_up_partner
from payments.tests.factories import RateFactory

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]


@pytest.fixture
def two_programmes(programme: Programme, client_for: SignIn) -> tuple[Client, Programme]:
    """Down in a second programme's register first, but in `programme` by the older role."""
    later = ProgrammeFactory()
    elsewhere = PartnerFactory(programme=later, name="Elsewhere Lee")
    here = signed_up_partner(programme, name="Here Lee")
    elsewhere.user = here.user
    elsewhere.save()
    grant_role(user=here.user, programme=later, role=Role.PARTNER, by=None, now=LONG_AGO)
    for partner, title in ((elsewhere, "Panel elsewhere"), (here, "Panel here")):
        RateFactory(programme=partner.programme)
        confirmed_contribution(partner, title=title)
    return client_for(here.user), later


def shown(client: Client) -> tuple[str, str, str, set[str]]:
    home = client.get(reverse("home")).context["home"].partner.name
    profile = client.get(reverse("partners:profile")).context["partner"].name
    portfolio = client.get(reverse("partners:portfolio")).context["page"][0].title
    offer = client.get(reverse("payments:money")).context["offer"]
    claimable = {quote.contribution.title for quote in offer.quotes}
    return home, profile, portfolio, claimable


def test_home_profile_portfolio_and_money_are_of_one_programme(
    two_programmes: tuple[Client, Programme],
) -> None:
    client, later = two_programmes
    first = Contribution.objects.get(title="Panel here").programme
    session = client.session

    assert shown(client) == ("Here Lee", "Here Lee", "Panel here", {"Panel here"})
    session["programme"] = later.pk
    session.save()
    assert shown(client) == (
        "Elsewhere Lee",
        "Elsewhere Lee",
        "Panel elsewhere",
        {"Panel elsewhere"},
    )
    session["programme"] = first.pk
    session.save()
    assert shown(client)[0] == "Here Lee"
