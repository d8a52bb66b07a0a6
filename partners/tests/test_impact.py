"""What partners raised, and what became of it: the moves, the answers, who is told."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Message, Programme, Role, User
from accounts.tests.factories import ProgrammeFactory, person
from accounts.tests.worklist import told
from partners.models import Contribution, Impact, Partner
from partners.services import impact
from partners.services.impact import ImpactError, latest_impact
from partners.tests.factories import NOW, contribution, signed_up_partner
from partners.tests.support_factories import answered, heard, made, raised
from workflow.transitions import IllegalMoveError

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]
_Status = Impact.Status
DAY = date(2026, 11, 1)
MOVES: dict[str, Callable[[Impact], Impact]] = {
    "heard": lambda row: (
        impact.hand_over(impact=row, owner_name="Ms Reed", by=None, now=NOW)
        if row.status == "heard"
        else impact.hear(impact=row, owner_name="Mr Vale", heard_on=DAY, by=None, now=NOW)
    ),
    **{
        decision: lambda row, decision=decision: impact.decide(  # type: ignore[misc]
            impact=row, decision=decision, answer="So", decided_on=DAY, by=None, now=NOW
        )
        for decision in ("accepted", "adapted", "declined")
    },
    "planned": lambda row: impact.plan(impact=row, planned_for=DAY, by=None, now=NOW),
    "made": lambda row: impact.make(impact=row, made_on=DAY, change="New chairs", by=None, now=NOW),
    "checked": lambda row: impact.check(impact=row, checked_on=DAY, by=None, now=NOW),
}
WAYS = {
    "raised": (),
    "heard": ("heard",),
    "accepted": ("heard", "accepted"),
    "adapted": ("heard", "adapted"),
    "declined": ("heard", "declined"),
    "planned": ("heard", "accepted", "planned"),
    "made": ("heard", "adapted", "made"),
    "checked": ("heard", "accepted", "made", "checked"),
}


@pytest.fixture
def partner(programme: Programme) -> Partner:
    return signed_up_partner(programme, name="Mo Okafor")


@pytest.fixture
def cora(coordinator: User, client_for: SignIn) -> Client:
    return client_for(coordinator)


def day(name: str, when: date) -> dict[str, int]:
    return {f"{name}_day": when.day, f"{name}_month": when.month, f"{name}_year": when.year}


@pytest.mark.parametrize("start", WAYS)
@pytest.mark.parametrize("to", MOVES)
def test_only_what_follows_becomes_of_it(programme: Programme, start: str, to: str) -> None:
    row = raised(programme)
    for step in WAYS[start]:
        MOVES[step](row)
    before = row.history.count()

    if to in Impact.MOVES[start]:
        MOVES[to](row)
    else:
        with pytest.raises(IllegalMoveError):
            MOVES[to](row)

    row.refresh_from_db()
    legal = to in Impact.MOVES[start]
    assert row.status == (to if legal else start)
    assert row.history.count() == before + legal


@pytest.mark.parametrize(
    "facts",
    [
        {"status": "heard"},
        {"status": "accepted", "owner_name": "Mr Vale", "heard_on": DAY},
        {"status": "made", "owner_name": "V", "heard_on": DAY, "decided_on": DAY, "answer": "Yes"},
    ],
)
def test_the_database_refuses_a_state_without_its_facts(
    programme: Programme, facts: dict[str, Any]
) -> None:
    row = raised(programme)

    with pytest.raises(IntegrityError), transaction.atomic():
        Impact.objects.filter(pk=row.pk).update(**facts)


@pytest.mark.parametrize(
    ("act", "field"),
    [
        (lambda p: raised(p, title=" "), "title"),
        (lambda p: raised(p, raised="x" * 4001), "raised"),
        (lambda p: raised(p, category="weather"), "category"),
        (lambda p: raised(p, raised_on=date(2026, 11, 23)), "raised_on"),
        (lambda p: heard(p, owner_name=" "), "owner_name"),
        (lambda p: heard(p, heard_on=date(2026, 8, 1)), "heard_on"),
        (lambda p: heard(p, owner=person(Role.STAFF, ProgrammeFactory())), "owner"),
    ],
)
def test_what_cannot_be_kept_is_refused_with_its_field(
    programme: Programme, act: Callable[[Programme], Impact], field: str
) -> None:
    with pytest.raises(ImpactError) as refusal:
        act(programme)

    assert refusal.value.field == field


def test_work_of_another_programme_is_not_linked(programme: Programme) -> None:
    theirs = contribution(signed_up_partner(ProgrammeFactory()))

    with pytest.raises(ImpactError, match="this programme"):
        raised(programme, contributions=[theirs])


def test_a_coordinator_follows_it_from_the_work_to_the_change(
    cora: Client, programme: Programme, partner: Partner
) -> None:
    work = contribution(partner)
    page = cora.get(reverse("admin:partners_impact_add"), {"contribution": work.pk})
    assert "Mo Okafor: Expert panel" in page.content.decode()
    sent = {
        "title": "Chairs",
        "raised": "Too low",
        "category": "waiting_rooms",
        "is_ask": "on",
        "contributions": [work.pk],
        **day("raised_on", work.happened_on),
    }
    today = timezone.localdate()

    missing = cora.post(reverse("admin:partners_impact_add"), {**sent, "title": ""})
    assert "Say in a few words what it is" in missing.content.decode()
    assert "Too low" in missing.content.decode()
    cora.post(reverse("admin:partners_impact_add"), sent)
    row = Impact.objects.get()

    def go(step: str, **said: Any) -> str:
        address = reverse("admin:partners_impact_step", args=[row.pk, step])
        assert cora.get(address).status_code == 200
        return cora.post(address, said, follow=True).content.decode()

    assert "Choose who is to answer" in go("hear", **day("heard_on", today))
    assert "It is with Mr Vale now" in go("hear", owner_name="Mr Vale", **day("heard_on", today))
    go("decide", decision="accepted", answer="Yes, gladly", **day("decided_on", today))
    go("plan", **day("planned_for", today + timedelta(days=9)), public_text="Chairs are coming")
    go("make", change="Six chairs", **day("made_on", today), public_text="There are chairs")
    shown = go("check", why="They are used", **day("checked_on", today))

    row.refresh_from_db()
    assert (row.status, row.public_text) == ("checked", "There are chairs")
    assert list(row.contributions.all()) == [work]
    assert "They are used" in shown
    told = Message.objects.filter(kind="impact", recipient=partner.user).order_by("pk")
    assert [message.subject for message in told] == [
        "There is an answer to something you raised",
        "Something changed because of you",
    ]
    assert not any("hairs" in message.body + message.subject for message in told)


def test_a_step_that_does_not_follow_leads_back(cora: Client, programme: Programme) -> None:
    row = raised(programme)

    for step, status in (("make", 302), ("hand-over", 302), ("hear", 200), ("nonsense", 404)):
        address = reverse("admin:partners_impact_step", args=[row.pk, step])
        assert cora.get(address).status_code == status


def test_the_words_are_changed_and_the_work_with_them(
    cora: Client, programme: Programme, partner: Partner
) -> None:
    first, second = contribution(partner), contribution(partner, title="A talk")
    row = heard(programme, contributions=[first])
    edit = reverse("admin:partners_impact_edit", args=[row.pk])
    assert "A talk" in cora.get(edit, {"q": "okafor"}).content.decode()
    sent = {
        "title": "Seats",
        "raised": "Too low",
        "category": "access",
        "contributions": [second.pk],
        "public_text": "Seats",
        **day("raised_on", row.raised_on),
    }

    cora.post(edit, sent)

    row.refresh_from_db()
    assert (row.title, row.is_ask, row.category) == ("Seats", False, "access")
    assert list(row.contributions.all()) == [second]
    late = cora.post(edit, {**sent, **day("raised_on", date(2026, 9, 9))}).content.decode()
    assert "heard before that day" in late


def test_who_is_named_answers_in_the_portal_and_the_partner_reads_it(
    programme: Programme, partner: Partner, client_for: SignIn
) -> None:
    owner = person(Role.CLINICAL_LEAD, programme, name="Vera Vale")
    row = heard(programme, owner=owner, contributions=[contribution(partner)])
    client = client_for(owner)
    told = Message.objects.get(recipient=owner)
    assert "Chairs in the waiting room" in client.get(told.link).content.decode()
    answer = reverse("partners:impact_answer", args=[row.pk])

    empty = client.post(answer, {"decision": "declined", "answer": ""}).content.decode()
    assert "Say what the answer is, and why" in empty
    client.post(answer, {"decision": "declined", "answer": "There is no money this year."})

    row.refresh_from_db()
    assert (row.status, row.decided_on) == ("declined", timezone.localdate())
    story = Message.objects.get(recipient=partner.user).link
    page = client_for(partner.user).get(story).content.decode()
    assert "There is no money this year." in page
    assert "Vera Vale said no, and why" in page
    assert client.get(answer).status_code == 302
    impact.hear(impact=row, owner=owner, heard_on=DAY, by=None, now=NOW, why="Asked again")
    assert "There is no money this year." in client.get(answer).content.decode()


def test_an_answer_that_was_not_read_is_not_written_over(
    programme: Programme, cora: Client, client_for: SignIn
) -> None:
    owner = person(Role.CLINICAL_LEAD, programme, name="Vera Vale")
    row = heard(programme, owner=owner)
    stale = Impact.objects.get(pk=row.pk)
    step = reverse("admin:partners_impact_step", args=[row.pk, "decide"])
    assert 'name="seen" value="heard"' in cora.get(step).content.decode()
    MOVES["accepted"](row)
    sent = {"decision": "declined", "answer": "There is no room.", "seen": "heard"}

    with pytest.raises(ImpactError, match="accepted"):
        MOVES["declined"](stale)
    in_admin = cora.post(step, {**sent, **day("decided_on", DAY)}).content.decode()
    in_portal = (
        client_for(owner)
        .post(reverse("partners:impact_answer", args=[row.pk]), sent)
        .content.decode()
    )

    row.refresh_from_db()
    assert (row.status, row.answer) == ("accepted", "So")
    assert "Somebody else was here a moment ago" in in_admin
    assert "Somebody answered this a moment ago" in in_portal
    assert "There is no room." in in_admin
    assert "There is no room." in in_portal
    again = cora.post(step, {**sent, "seen": "accepted", **day("decided_on", DAY)})
    assert again.status_code == 302


@pytest.mark.parametrize("who", ["coordinator", "staff", "partner", "elsewhere"])
def test_nobody_answers_for_somebody_else(
    programme: Programme, coordinator: User, partner: Partner, client_for: SignIn, who: str
) -> None:
    owner = person(Role.CLINICAL_LEAD, programme)
    row = heard(programme, owner=owner, contributions=[contribution(partner)])
    user = {
        "coordinator": coordinator,
        "staff": person(Role.STAFF, programme),
        "partner": partner.user,
        "elsewhere": person(Role.STAFF, ProgrammeFactory()),
    }[who]

    client = client_for(user)

    assert client.get(reverse("partners:impact_answer", args=[row.pk])).status_code == 404
    assert row.title not in client.get(reverse("partners:impact_waiting")).content.decode()


def test_a_partner_raises_something_from_their_work(
    programme: Programme, partner: Partner, client_for: SignIn, coordinator: User
) -> None:
    work = contribution(partner)
    client = client_for(partner.user)
    address = reverse("partners:raise_impact", args=[work.pk])
    assert address in client.get(reverse("partners:contribution", args=[work.pk])).content.decode()
    assert client.get(address).status_code == 200

    page = client.post(
        address,
        {"title": "Chairs", "raised": "Too low\r\nfor me", "category": "access", "is_ask": "on"},
        follow=True,
    )

    row = Impact.objects.get()
    assert (row.status, row.raised, row.raised_on) == (
        "raised",
        "Too low\nfor me",
        DAY.replace(day=2),
    )
    assert "Your coordinator brings it" in page.content.decode()
    assert told(coordinator, "raised by a partner").count == 1
    other = signed_up_partner(programme)
    assert client_for(other.user).get(address).status_code == 404
    story = reverse("partners:impact_story", args=[row.pk])
    assert client_for(other.user).get(story).status_code == 404


def test_what_has_no_answer_ages_oldest_first(
    cora: Client, programme: Programme, coordinator: User
) -> None:
    today = timezone.localdate()
    for days, title in ((3, "New"), (41, "Old")):
        heard(
            programme,
            title=f"{title} matter",
            raised_on=today - timedelta(days=50),
            heard_on=today - timedelta(days=days),
        )
    answered(programme, title="Answered matter")
    heard(ProgrammeFactory(), title="Elsewhere matter")

    item = told(coordinator, "heard, no answer yet")

    assert (item.count, item.sentence) == (2, "The oldest has waited for 41 days.")
    page = cora.get(item.url).content.decode()
    assert "Heard, no answer yet" in page
    assert page.index("Old matter") < page.index(">41<") < page.index("New matter")
    assert "Answered matter" not in page
    assert "Elsewhere matter" not in page


def test_the_latest_impact_is_a_change_made_because_of_the_partner(
    programme: Programme, partner: Partner
) -> None:
    work = contribution(partner)
    assert latest_impact(partner) is None
    answered(programme, contributions=[work])
    made(programme)
    assert latest_impact(partner) is None

    mine = made(programme, contributions=[work, contribution(signed_up_partner(programme))])

    assert latest_impact(partner) == mine


@pytest.mark.parametrize("rows", [1, 3])
def test_the_pages_ask_the_same_however_many_rows(
    cora: Client, programme: Programme, partner: Partner, client_for: SignIn, rows: int
) -> None:
    owner = person(Role.CLINICAL_LEAD, programme)
    work: list[Contribution] = []
    for _ in range(rows):
        work.append(contribution(partner, minutes=60))
        row = heard(programme, owner=owner, contributions=list(work))
    mo, vera = client_for(partner.user), client_for(owner)
    for client, address, number in (
        (mo, reverse("partners:impact"), 6),
        (mo, reverse("partners:impact_story", args=[row.pk]), 6),
        (vera, reverse("partners:impact_waiting"), 6),
        (cora, reverse("admin:partners_impact_change", args=[row.pk]), 6),
        (cora, reverse("admin:partners_impact_changelist") + "?status__exact=heard", 5),
        (cora, reverse("admin:partners_impact_add"), 7),
    ):
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        assert len(asked) == number, address
