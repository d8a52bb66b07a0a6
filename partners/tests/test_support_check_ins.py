"""Talks about how it is going: a part for both, a part for the author alone."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Message, Programme, Role, User
from accounts.tests.factories import person
from accounts.tests.worklist import told
from partners.models import CheckIn, Partner
from partners.rules.support import may_read_private
from partners.services.support import SupportError
from partners.services.support_check_ins import write_check_in
from partners.tests.factories import NOW, PartnerFactory, signed_up_partner

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]
PRIVATE = "quince-0815"


@pytest.fixture
def partner(programme: Programme) -> Partner:
    return signed_up_partner(programme, name="Mo Okafor")


def talk(partner: Partner, by: User, **facts: Any) -> CheckIn:
    return write_check_in(
        partner=partner,
        by=by,
        now=NOW,
        **{"happened_on": date(2026, 11, 20), "shared": "More rest", "private": PRIVATE, **facts},
    )


def test_a_coordinator_writes_a_talk_and_the_partner_reads_the_shared_part(
    partner: Partner, coordinator: User, client_for: SignIn
) -> None:
    cora, today = client_for(coordinator), timezone.localdate()
    write = reverse("admin:partners_partner_check_in", args=[partner.pk])
    assert cora.get(write).status_code == 200
    sent = {
        "happened_on_day": today.day,
        "happened_on_month": today.month,
        "happened_on_year": today.year,
        "shared": "You would like fewer evenings",
        "private": PRIVATE,
    }

    assert cora.post(write, sent).status_code == 302

    told = Message.objects.get(kind="check_in")
    assert told.recipient == partner.user
    assert "evenings" not in told.body
    page = client_for(partner.user).get(told.link).content.decode()
    assert "fewer evenings" in page
    assert PRIVATE not in page


def test_the_private_part_is_its_authors_alone(
    programme: Programme, partner: Partner, coordinator: User, client_for: SignIn
) -> None:
    kept = talk(partner, coordinator)
    other = person(Role.COORDINATOR, programme)
    page = reverse("admin:partners_partner_support", args=[partner.pk])

    assert PRIVATE in client_for(coordinator).get(page).content.decode()
    theirs = client_for(other).get(page).content.decode()
    assert "More rest" in theirs
    assert PRIVATE not in theirs
    assert may_read_private(coordinator, kept)
    assert not may_read_private(other, kept)
    assert not may_read_private(partner.user, kept)
    shared = CheckIn.objects.visible_to(User.objects.get(pk=other.pk)).shared().get()
    assert "private" in shared.get_deferred_fields()


def test_a_talk_with_nothing_to_share_tells_nobody(partner: Partner, coordinator: User) -> None:
    talk(partner, coordinator, shared="")

    assert not Message.objects.filter(kind="check_in").exists()


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"shared": " ", "private": ""}, "shared"),
        ({"shared": "x" * 4001}, "shared"),
        ({"happened_on": date(2026, 11, 23)}, "happened_on"),
        ({"next_on": date(2026, 11, 20)}, "next_on"),
    ],
)
def test_what_cannot_be_kept_is_refused_with_its_field(
    partner: Partner, coordinator: User, facts: dict[str, Any], field: str
) -> None:
    with pytest.raises(SupportError) as refusal:
        talk(partner, coordinator, **facts)

    assert refusal.value.field == field
    assert not CheckIn.objects.exists()


def test_next_talks_are_due_from_the_latest_talk_alone(
    programme: Programme, partner: Partner, coordinator: User, client_for: SignIn
) -> None:
    today = timezone.localdate()
    talk(partner, coordinator, next_on=today)
    quiet = PartnerFactory(programme=programme, name="Una Later")
    talk(quiet, coordinator, next_on=today)
    talk(quiet, coordinator, happened_on=date(2026, 11, 21), next_on=today + timedelta(days=30))
    talk(PartnerFactory(), coordinator, next_on=today)

    item = told(coordinator, "talk is due")

    assert item.count == 1
    page = client_for(coordinator).get(item.url).content.decode()
    assert "Mo Okafor" in page
    assert "Una Later" not in page


@pytest.mark.parametrize("rows", [1, 3])
def test_the_pages_of_talks_ask_the_same_however_many_rows(
    programme: Programme, partner: Partner, coordinator: User, client_for: SignIn, rows: int
) -> None:
    today = timezone.localdate()
    for _ in range(rows):
        talk(partner, coordinator, next_on=today)
        talk(PartnerFactory(programme=programme), coordinator, next_on=today)
    for client, address, number in (
        (client_for(partner.user), reverse("partners:check_ins"), 7),
        (client_for(coordinator), reverse("admin:partners_partner_talks"), 5),
    ):
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            client.get(address)
        assert len(asked) == number, address
