"""Who could help: found with reasons, and never by a word that was not shared with who asks."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Programme, Role
from accounts.services.people import grant_role
from accounts.tests.factories import ProgrammeFactory, person
from partners.models import (
    Partner,
    Passion,
    PathwayRole,
    Pause,
    PortfolioEntry,
    Priority,
    Requirement,
    RequirementRecord,
    RoleHeld,
)
from partners.services import ledger, stories
from partners.tests.factories import (
    NOW,
    ExpertiseFactory,
    PartnerFactory,
    confirmed_contribution,
    contribution,
    signed_up_partner,
)

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]
STAFF = (Role.STAFF, Role.CLINICIAN, Role.CLINICAL_LEAD, Role.PEER_OBSERVER)
SHARED = ("only_me", "coordinators", "staff")


@pytest.fixture
def mo(programme: Programme) -> Partner:
    return signed_up_partner(programme, name="Maureen Okafor", known_as="Mo")


@pytest.fixture
def coordinator(programme: Programme, client_for: SignIn) -> Client:
    return client_for(person(Role.COORDINATOR, programme))


def look(client: Client, **asked: str) -> Any:
    return client.get(reverse("partners:who_could_help"), asked)


def found(client: Client, **asked: str) -> list[str]:
    return [one.partner.name for one, _ in look(client, **asked).context["found"]]


def entry(partner: Partner, visibility: str, **words: str) -> PortfolioEntry:
    return PortfolioEntry.objects.create(
        contribution=contribution(partner, title="Something"),
        visibility=visibility,
        changed_at=NOW,
        **words,
    )


def hide(partner: Partner, source: str, shared: str, word: str) -> None:
    """Put `word` into one place where a partner may say or have something."""
    own_words = {"passion": Passion, "priority": Priority}
    stamps = {"added_at": NOW, "changed_at": NOW}
    if source == "expertise":
        ExpertiseFactory(partner=partner, text=f"I know {word}", visibility=shared)
    elif source in own_words:
        own_words[source].objects.create(
            partner=partner, text=f"I know {word}", visibility=shared, **stamps
        )
    elif source == "entry":
        entry(partner, shared, brought=f"I know {word}")
    elif source == "work":
        contribution(partner, title=f"A panel on {word}", reflection="A talk of giraffes")
    elif source == "story":
        story = stories.write_story(
            partner=partner,
            title="Told",
            text=f"About {word}",
            credit="Mo",
            by=partner.user,
            now=NOW,
        )
        uses = {"only_me": {}, "coordinators": {"board": None}, "staff": {"staff": None}}[shared]
        stories.agree(story=story, uses=uses, by=partner.user, now=NOW)


# --- What is found, by whom ----------------------------------------------------------------------


@pytest.mark.parametrize("role", [*STAFF, Role.COORDINATOR])
@pytest.mark.parametrize("source", ["expertise", "passion", "priority", "entry", "story", "work"])
def test_words_are_found_as_far_as_they_were_shared(
    programme: Programme, mo: Partner, client_for: SignIn, source: str, role: str
) -> None:
    for shared, word in (
        ("only_me", "axolotls"),
        ("coordinators", "bandicoots"),
        ("staff", "capybaras"),
    ):
        hide(mo, source, shared, word)
    client = client_for(person(role, programme))
    stranger = client_for(person(role, ProgrammeFactory()))
    coordinates = role == Role.COORDINATOR
    read = {
        # The ledger: coordinators see it, whatever is shared of it.
        "axolotls": coordinates and source == "work",
        "bandicoots": coordinates,
        "capybaras": coordinates or source != "work",
    }

    for word, shows in read.items():
        for typed in (word, word[:-1], f'"know {word}" or {word}', f"{word[:-2]}xs"):
            if typed.endswith("xs") and source in {"story", "work"}:
                continue  # words spelt nearly the same are looked for in their own words alone
            page = look(client, q=typed).content.decode()
            assert ("Nobody found" not in page) == shows, typed
            assert ("/partner/" in page or "To ask Mo" in page) == shows, typed
        assert "Nobody found" in look(stranger, q=word).content.decode()


@pytest.mark.parametrize("role", [*STAFF, Role.COORDINATOR])
def test_nearly_the_same_words_are_found_only_where_they_were_shared(
    programme: Programme, mo: Partner, client_for: SignIn, role: str
) -> None:
    client = client_for(person(role, programme))
    hide(mo, "expertise", "only_me", "hydrotherapy")
    secret = look(client, q="hydrotherpy").content.decode()
    hide(mo, "passion", "staff", "hydrotherapy")

    page = look(client, q="hydrotherpy").content.decode()

    assert "Nobody found" in secret
    assert "spelt nearly the same" in page
    assert "I know <mark>hydrotherapy</mark>" in page
    assert page.count("<mark>") == 1


@pytest.mark.parametrize("role", [Role.PARTNER, Role.FINANCE])
def test_partners_and_finance_do_not_search(
    programme: Programme, client_for: SignIn, role: str
) -> None:
    assert look(client_for(person(role, programme)), q="pain").status_code == 403


def test_somebody_who_is_a_partner_as_well_does_not_search_as_staff(
    programme: Programme, mo: Partner, client_for: SignIn
) -> None:
    grant_role(user=mo.user, programme=programme, role=Role.STAFF, by=None, now=NOW)

    assert look(client_for(mo.user), q="axolotls").status_code == 403


def test_a_story_told_under_another_name_leads_staff_to_nobody(
    programme: Programme, mo: Partner, client_for: SignIn
) -> None:
    for credit in ("", "A patient", "Maur"):
        story = stories.write_story(
            partner=mo, title="Told", text="About axolotls", credit=credit, by=mo.user, now=NOW
        )
        stories.agree(story=story, uses={"staff": None}, by=mo.user, now=NOW)

    assert found(client_for(person(Role.STAFF, programme)), q="axolotls") == []
    assert found(client_for(person(Role.COORDINATOR, programme)), q="axolotls") == [mo.name]


def test_staff_see_what_to_call_them_and_whom_to_ask(
    programme: Programme, mo: Partner, client_for: SignIn
) -> None:
    Programme.objects.update(contact_name="Cora Lane", contact_phone="01632 960009")
    hide(mo, "expertise", "staff", "axolotls")

    page = look(client_for(person(Role.STAFF, programme)), q="axolotls").content.decode()

    assert "To ask Mo, speak with Cora Lane, 01632 960009" in page
    for hidden in ("Okafor", mo.email, "/admin/partners/partner/", "Free now"):
        assert hidden not in page


def test_withdrawn_work_and_those_who_left_are_not_found(
    coordinator: Client, programme: Programme, mo: Partner
) -> None:
    cora = person(Role.COORDINATOR, programme)
    row = contribution(mo, title="A panel on axolotls")
    ledger.withdraw(contribution=row, by=cora, now=NOW, why="Twice")
    gone = PartnerFactory(programme=programme, name="Gone Ago", status="left")
    ExpertiseFactory(partner=gone, text="Axolotls", visibility="staff")

    assert found(coordinator, q="axolotls") == []


# --- Reasons and order ---------------------------------------------------------------------------


def test_reasons_stand_beside_each_with_what_matched_marked(
    coordinator: Client, mo: Partner
) -> None:
    ExpertiseFactory(
        partner=mo, kind="frozen_asset", text="I ran a call centre", visibility="coordinators"
    )
    hide(mo, "passion", "coordinators", "call centres & <b>bold</b> people")
    for _ in range(3):
        confirmed_contribution(mo, title="Panel on the call centre", minutes=60)

    page = look(coordinator, q="call centre").content.decode()

    assert "I ran a <mark>call</mark> <mark>centre</mark>" in page
    assert "Cares about: " in page
    assert "<mark>centres</mark> &amp; " in page
    assert "<b>" not in page
    assert "Has done: 3 panels, such as" in page
    assert "Free now" in page


def test_who_says_most_stands_first_and_the_same_by_name(
    coordinator: Client, programme: Programme
) -> None:
    for name, text in (
        ("Zoe Ash", "Waiting rooms, waiting lists and waiting"),
        ("Ben Oak", "A waiting room once"),
        ("Amy Oak", "A waiting room once"),
    ):
        partner = PartnerFactory(programme=programme, name=name, sort_key=name.lower()[::-1])
        Partner.objects.filter(pk=partner.pk).update(sort_key=f"{name.split()[1]} {name}".lower())
        ExpertiseFactory(partner=partner, text=text, visibility="staff")

    assert found(coordinator, q="waiting") == ["Zoe Ash", "Amy Oak", "Ben Oak"]
    assert [found(coordinator, q="waiting") for _ in range(3)].count(
        ["Zoe Ash", "Amy Oak", "Ben Oak"]
    ) == 3


# --- Filters -------------------------------------------------------------------------------------


def test_free_now_leaves_out_those_on_a_break_or_away(
    coordinator: Client, programme: Programme
) -> None:
    today = timezone.localdate()
    people = {
        name: PartnerFactory(programme=programme, name=name, **values)
        for name, values in (
            ("Here", {}),
            ("Break", {"status": "on_break"}),
            ("Away", {}),
            ("Back", {}),
        )
    }
    for name, first, last in (("Away", 0, 0), ("Back", -9, -1)):
        Pause.objects.create(
            partner=people[name],
            starts_on=today + timedelta(days=first),
            ends_on=today + timedelta(days=last),
            added_at=NOW,
        )
    for partner in people.values():
        ExpertiseFactory(partner=partner, text="Axolotls", visibility="staff")

    assert set(found(coordinator, free="on")) == {"Here", "Back"}
    assert set(found(coordinator, q="axolotls", free="on")) == {"Here", "Back"}
    assert len(found(coordinator, q="axolotls")) == 4


def test_kind_role_and_requirements_narrow(
    coordinator: Client, programme: Programme, mo: Partner
) -> None:
    today = timezone.localdate()
    tom = PartnerFactory(programme=programme, name="Tom Ridge")
    contribution(mo, kind="research", title="A study")
    contribution(tom, kind="panel", title="A panel")
    role, other = (
        PathwayRole.objects.create(programme=programme, name=name) for name in ("Mentor", "Panel")
    )
    for partner in (mo, tom):
        RoleHeld.objects.create(
            partner=partner,
            role=role if partner == mo else other,
            starts_on=today - timedelta(days=9),
        )
    induction = Requirement.objects.create(programme=programme, name="Induction", kind="induction")
    mentors = Requirement.objects.create(programme=programme, name="Mentoring", kind="training")
    mentors.roles.add(role)
    for requirement, partner, until in ((induction, mo, 0), (induction, tom, 0), (mentors, mo, -1)):
        RequirementRecord.objects.create(
            requirement=requirement,
            partner=partner,
            status="approved",
            obtained_on=today - timedelta(days=99),
            expires_on=today + timedelta(days=until),
            recorded_at=NOW,
            approved_at=NOW,
        )

    assert found(coordinator, kind="research") == [mo.name]
    assert found(coordinator, role=str(role.pk)) == [mo.name]
    assert found(coordinator, in_date="on") == [tom.name]
    assert "Has done: 1 panel" in look(coordinator, kind="panel").content.decode()


def test_staff_are_not_offered_what_only_coordinators_know(
    programme: Programme, mo: Partner, client_for: SignIn
) -> None:
    staff = client_for(person(Role.STAFF, programme))
    hide(mo, "expertise", "staff", "axolotls")
    contribution(mo, kind="research", title="A study")

    asked = look(staff, q="axolotls", free="on", in_date="on", role="1")

    assert [one.partner for one, _ in asked.context["found"]] == [mo]
    assert "Free now" not in asked.content.decode()
    assert found(staff, kind="research") == []


# --- What is typed -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    [
        "'",
        '"',
        '"open',
        "a' OR 1=1 --",
        "\\",
        "!!! & | :* <->",
        "the",
        "%_%",
        "🌱🌱",
        "עזרה בבקשה",
        "مساعدة",
        "x" * 200,
        "- - -",
        "\ue000\ue001",
        " ",
    ],
)
def test_anything_may_be_typed(coordinator: Client, mo: Partner, typed: str) -> None:
    hide(mo, "expertise", "staff", "עזרה 🌱 axolotls")

    answer = look(coordinator, q=typed)

    assert answer.status_code == 200
    assert "<script" not in answer.content.decode().split("<main")[1].split("</main>")[0]


def test_words_of_any_script_are_found(coordinator: Client, mo: Partner) -> None:
    hide(mo, "expertise", "staff", "עזרה")

    assert found(coordinator, q="עזרה") == [mo.name]


def test_an_overlong_search_is_told_beside_its_box_and_stays(coordinator: Client) -> None:
    typed = "waiting " * 625

    page = look(coordinator, q=typed).content.decode()

    assert "Shorten your search to 200 characters" in page
    assert "<title>Error: " in page
    assert typed.strip() in page


def test_a_nul_is_answered_in_words(coordinator: Client) -> None:
    answer = look(coordinator, q="a\0b")

    assert answer.status_code == 400
    assert "We could not read" in answer.content.decode()


# --- Cost ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "asked", "number"),
    [
        (Role.COORDINATOR, {"q": "axolotls"}, 9),
        (Role.COORDINATOR, {"q": "axolotls", "free": "on", "in_date": "on"}, 9),
        (Role.COORDINATOR, {"free": "on"}, 8),
        (Role.STAFF, {"q": "axolotls"}, 6),
    ],
)
def test_a_search_costs_the_same_at_one_and_at_three(
    programme: Programme, client_for: SignIn, role: str, asked: dict[str, str], number: int
) -> None:
    client, counts = client_for(person(role, programme)), []
    for more in (1, 2):
        for _ in range(more):
            partner = signed_up_partner(programme)
            for source in ("expertise", "passion", "priority", "entry", "story", "work"):
                hide(partner, source, "staff", "axolotls")
        look(client, **asked)
        with CaptureQueriesContext(connection) as queries:
            assert look(client, **asked).context["found"]
        counts.append(len(queries))

    assert counts == [number, number]
