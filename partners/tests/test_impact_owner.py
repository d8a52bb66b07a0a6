"""Whoever is named to answer hands it over, or says what came of their answer."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Message, Programme, Role, User
from accounts.services import people
from accounts.tests.factories import ProgrammeFactory, person
from partners.models import Impact, Partner
from partners.services import impact
from partners.services.impact import ImpactError
from partners.tests.factories import NOW, contribution, signed_up_partner
from partners.tests.support_factories import answered, heard
from workflow.transitions import IllegalMoveError

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]


@pytest.fixture
def vera(programme: Programme) -> User:
    return person(Role.CLINICAL_LEAD, programme, name="Vera Vale", email="vera@example.org")


@pytest.fixture
def sam(programme: Programme) -> User:
    return person(Role.STAFF, programme, name="Sam Reed", email="sam@example.org")


@pytest.fixture
def partner(programme: Programme) -> Partner:
    return signed_up_partner(programme, name="Mo Okafor")


def at(row: Impact, name: str, *more: str) -> str:
    return reverse(f"partners:impact_{name}", args=[row.pk, *more])


def test_owner_hands_over_and_the_new_owner_is_told(
    programme: Programme, vera: User, sam: User, client_for: SignIn
) -> None:
    row = heard(programme, owner=vera)
    client, since = client_for(vera), row.heard_on
    assert at(row, "hand_over") in client.get(at(row, "answer")).content.decode()

    unknown = client.post(at(row, "hand_over"), {"email": "who@example.org", "why": "Hers"})
    client.post(at(row, "hand_over"), {"email": "SAM@example.org", "why": "It is her clinic"})

    assert "Nobody of the programme" in unknown.content.decode()
    assert 'value="Hers"' in unknown.content.decode()
    row.refresh_from_db()
    assert (row.status, row.owner, row.owner_name, row.heard_on) == (
        "heard",
        sam,
        "Sam Reed",
        since,
    )
    line = row.history.last()
    assert (line.from_status, line.to_status, line.by) == ("heard", "heard", vera)
    assert line.why == "To Sam Reed. It is her clinic"
    told = Message.objects.get(recipient=sam)
    assert row.title in client_for(sam).get(told.link).content.decode()
    assert row.title not in told.body + told.subject
    assert "her clinic" not in told.body
    assert client.get(at(row, "answer")).status_code == 404
    assert client_for(sam).get(at(row, "answer")).status_code == 200


@pytest.mark.parametrize("who", ["partner", "finance", "elsewhere", "left"])
def test_it_is_handed_to_staff_of_the_programme_only(
    programme: Programme, vera: User, who: str
) -> None:
    row = heard(programme, owner=vera)
    where = ProgrammeFactory() if who == "elsewhere" else programme
    role = {"partner": Role.PARTNER, "finance": Role.FINANCE}.get(who, Role.STAFF)
    user = person(role, where, email="who@example.org")
    if who == "left":
        people.leave(user=user, by=None, now=NOW)

    with pytest.raises(ImpactError) as refusal:
        impact.colleague(impact=row, email="who@example.org")

    assert refusal.value.field == "email"


def test_it_is_not_handed_to_its_owner_nor_once_answered(
    programme: Programme, vera: User, sam: User
) -> None:
    row = heard(programme, owner=vera)
    with pytest.raises(ImpactError, match="already"):
        impact.hand_over(impact=row, owner=vera, by=vera, now=NOW)
    with pytest.raises(IllegalMoveError):
        impact.hear(impact=row, owner=sam, heard_on=row.heard_on, by=None, now=NOW)

    for decision in ("accepted", "declined"):
        done = answered(programme, decision, owner=vera)
        with pytest.raises(IllegalMoveError):
            impact.hand_over(impact=done, owner=sam, by=vera, now=NOW)


def test_a_coordinator_names_somebody_else(
    programme: Programme, vera: User, coordinator: User, client_for: SignIn
) -> None:
    row = heard(programme, owner=vera)
    client = client_for(coordinator)
    step = reverse("admin:partners_impact_step", args=[row.pk, "hand-over"])
    page = reverse("admin:partners_impact_change", args=[row.pk])
    assert step in client.get(page).content.decode()
    assert client.get(step).status_code == 200

    said = client.post(step, {"owner_name": "Mr Lowe"}, follow=True).content.decode()

    assert "It is with Mr Lowe now" in said
    assert "handed it to somebody else to answer" in said
    row.refresh_from_db()
    assert (row.owner, row.owner_name) == (None, "Mr Lowe")


def test_owner_says_what_came_of_their_answer(
    programme: Programme, vera: User, partner: Partner, client_for: SignIn
) -> None:
    row = answered(programme, owner=vera, contributions=[contribution(partner)])
    impact.amend(impact=row, by=None, now=NOW, public_text="You said: chairs")
    client, today = client_for(vera), timezone.localdate()
    assert row.title in client.get(reverse("partners:impact_waiting")).content.decode()

    def day(name: str) -> dict[str, int]:
        return {f"{name}_day": today.day, f"{name}_month": today.month, f"{name}_year": today.year}

    assert at(row, "follow", "make") in client.get(at(row, "answer")).content.decode()
    assert client.get(at(row, "follow", "check")).status_code == 302
    assert client.get(at(row, "follow", "nonsense")).status_code == 404
    client.post(at(row, "follow", "plan"), day("planned_for"))
    empty = client.post(at(row, "follow", "make"), {"change": "", **day("made_on")})
    assert "Say what changed" in empty.content.decode()
    client.post(at(row, "follow", "make"), {"change": "Six chairs", **day("made_on")})
    client.post(at(row, "follow", "check"), {"why": "They are used", **day("checked_on")})

    row.refresh_from_db()
    assert (row.status, row.change, row.public_text) == (
        "checked",
        "Six chairs",
        "You said: chairs",
    )
    assert [line.by for line in row.history.all()][-3:] == [vera, vera, vera]
    subjects = Message.objects.filter(recipient=partner.user).values_list("subject", flat=True)
    assert "Something changed because of you" in subjects


@pytest.mark.parametrize("who", ["partner", "staff", "owner who is staff no more"])
def test_nobody_else_says_what_came_of_it(
    programme: Programme, vera: User, sam: User, partner: Partner, client_for: SignIn, who: str
) -> None:
    row = answered(programme, owner=vera, contributions=[contribution(partner)])
    user = {"partner": partner.user, "staff": sam}.get(who, vera)
    if user == vera:
        people.end_role(grant=vera.role_grants.get(), by=None, now=NOW)
        people.grant_role(user=vera, programme=programme, role=Role.PARTNER, by=None, now=NOW)
    client = client_for(user)

    assert client.get(at(row, "follow", "make")).status_code in {302, 404}
    client.post(at(row, "follow", "make"), {"change": "Mine"})

    row.refresh_from_db()
    assert row.status == "accepted"
