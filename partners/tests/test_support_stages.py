"""Stages of taking part, their checklists, and who is on the way in."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Programme, Role, User
from accounts.tests.factories import ProgrammeFactory, person
from accounts.tests.worklist import told
from partners.models import Partner, StageStep, StageStepDone
from partners.services import register, support
from partners.services.register import RegisterError
from partners.services.support import SupportError
from partners.tests.factories import NOW, PartnerFactory, signed_up_partner
from partners.tests.support_factories import at_stage
from workflow.transitions import IllegalMoveError

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]
_Stage = Partner.Status


@pytest.fixture
def cora(coordinator: User, client_for: SignIn) -> Client:
    return client_for(coordinator)


def page_of(partner: Partner, name: str = "support") -> str:
    return reverse(f"admin:partners_partner_{name}", args=[partner.pk])


def asked_of(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


@pytest.mark.parametrize("start", _Stage.values)
@pytest.mark.parametrize("to", _Stage.values)
def test_only_a_stage_that_follows_is_moved_to(programme: Programme, start: str, to: str) -> None:
    partner = at_stage(PartnerFactory(programme=programme), start)
    legal = to in Partner.MOVES[start]

    if not legal:
        with pytest.raises(IllegalMoveError):
            support.move(partner=partner, to=to, by=None, now=NOW)
    else:
        support.move(partner=partner, to=to, by=None, now=NOW, why="As  agreed")

    partner.refresh_from_db()
    assert partner.status == (to if legal else start)
    lines = [(line.from_status, line.to_status, line.why) for line in partner.history.all()]
    assert lines == ([(start, to, "As agreed")] if legal else [])


def test_the_register_begins_a_history_and_moves_by_the_same_door(
    programme: Programme, coordinator: User
) -> None:
    partner = register.add_partner(
        programme=programme, name="Ida Moss", by=coordinator, now=NOW, status=_Stage.ENQUIRY
    )

    with pytest.raises(RegisterError, match="cannot become “active”"):
        register.change_partner(partner=partner, by=coordinator, now=NOW, status=_Stage.ACTIVE)
    register.change_partner(
        partner=partner, by=coordinator, now=NOW, status=_Stage.CONVERSATION, known_as="Ida"
    )

    lines = [(line.from_status, line.to_status, line.by) for line in partner.history.all()]
    assert lines == [("", "enquiry", coordinator), ("enquiry", "conversation", coordinator)]
    assert (partner.status, partner.known_as) == ("conversation", "Ida")


def test_a_coordinator_moves_the_stage_with_a_note(
    cora: Client, programme: Programme, coordinator: User
) -> None:
    partner = register.add_partner(
        programme=programme, name="Ida Moss", by=coordinator, now=NOW, status=_Stage.CHECKS
    )
    assert "“Checks”" in cora.get(page_of(partner)).content.decode()

    wrong = cora.post(page_of(partner), {"to": "alumni", "why": "Typed with care"})
    assert "That stage does not follow" in wrong.content.decode()
    assert "Typed with care" in wrong.content.decode()
    cora.post(page_of(partner), {"to": "induction", "why": "DBS is back"})

    partner.refresh_from_db()
    assert partner.status == _Stage.INDUCTION
    page = cora.get(page_of(partner)).content.decode()
    assert "Cora Lane moved Ida from “Checks” to “Induction”" in page
    assert "DBS is back" in page
    assert "Cora Lane put Ida on the register" in page


def test_the_partners_page_shows_the_stage_and_does_not_write_it(
    cora: Client, programme: Programme
) -> None:
    partner = PartnerFactory(programme=programme, name="Ida Moss")
    change = reverse("admin:partners_partner_change", args=[partner.pk])

    cora.post(change, {"name": "Ida Moor", "status": "left"})

    partner.refresh_from_db()
    assert (partner.name, partner.status) == ("Ida Moor", "active")
    assert page_of(partner) in cora.get(change).content.decode()


def test_seeded_checklists_stand_once_and_leave_a_programmes_own_alone(
    programme: Programme,
) -> None:
    support.add_stage_step(
        programme=programme, stage=_Stage.CHECKS, text="Our own", by=None, now=NOW
    )

    added = support.seed_stage_steps(programme=programme, by=None, now=NOW)

    assert {step.stage for step in added} == set(_Stage.values) - {_Stage.CHECKS}
    assert support.seed_stage_steps(programme=programme, by=None, now=NOW) == []
    with pytest.raises(SupportError, match="already"):
        support.add_stage_step(
            programme=programme, stage=_Stage.CHECKS, text=" Our  own", by=None, now=NOW
        )


def test_lines_are_ticked_and_unticked_on_the_partners_page(
    cora: Client, programme: Programme
) -> None:
    support.seed_stage_steps(programme=programme, by=None, now=NOW)
    partner = at_stage(PartnerFactory(programme=programme), _Stage.CHECKS)
    step = StageStep.objects.filter(stage=_Stage.CHECKS).first()
    assert step is not None

    for _ in range(2):
        cora.post(page_of(partner, "step"), {"step": step.pk})

    done = StageStepDone.objects.get()
    assert done.done_by is not None
    assert "by Cora Lane" in cora.get(page_of(partner)).content.decode()
    cora.post(page_of(partner, "step"), {"step": step.pk, "undo": "1"})
    assert not StageStepDone.objects.exists()


def test_a_line_of_another_programme_is_not_ticked(cora: Client, programme: Programme) -> None:
    there = ProgrammeFactory()
    foreign = support.add_stage_step(
        programme=there, stage=_Stage.CHECKS, text="Theirs", by=None, now=NOW
    )
    partner = at_stage(PartnerFactory(programme=programme), _Stage.CHECKS)

    cora.post(page_of(partner, "step"), {"step": foreign.pk})

    assert not StageStepDone.objects.exists()
    with pytest.raises(SupportError):
        support.tick_step(partner=partner, step=foreign, by=None, now=NOW)


def test_nobody_moves_their_own_stage(programme: Programme, client_for: SignIn) -> None:
    both = signed_up_partner(programme)
    assert both.user is not None
    person(Role.COORDINATOR, programme)
    register.people.grant_role(
        user=both.user, programme=programme, role=Role.COORDINATOR, by=None, now=NOW
    )

    answer = client_for(both.user).post(page_of(both), {"to": "on_break"})

    assert answer.status_code == 403


def test_people_on_the_way_in_wait_with_how_long(
    cora: Client, programme: Programme, coordinator: User
) -> None:
    # At noon: so many days before an hour of the night may be another day, by the clock's change.
    now = timezone.localtime().replace(hour=12)
    for days, name in ((3, "New Ash"), (41, "Old Oak")):
        register.add_partner(
            programme=programme,
            name=name,
            by=None,
            now=now - timedelta(days=days),
            status=_Stage.ENQUIRY,
        )
    PartnerFactory(programme=programme)
    PartnerFactory(status=_Stage.ENQUIRY)

    item = told(coordinator, "people on their way in")

    assert (item.count, item.sentence) == (2, "Somebody has been at the same stage for 41 days.")
    page = cora.get(item.url).content.decode()
    assert page.index("Old Oak") < page.index("41 days") < page.index("New Ash")


@pytest.mark.parametrize("rows", [1, 3])
def test_the_support_pages_ask_the_same_however_many_rows(
    cora: Client, programme: Programme, rows: int
) -> None:
    support.seed_stage_steps(programme=programme, by=None, now=NOW)
    for _ in range(rows):
        partner = at_stage(PartnerFactory(programme=programme), _Stage.CHECKS)
    steps = StageStep.objects.filter(stage=_Stage.CHECKS)
    for step in steps[:rows]:
        support.tick_step(partner=partner, step=step, by=None, now=NOW)

    assert asked_of(cora, page_of(partner)) == 8
    assert asked_of(cora, reverse("admin:partners_partner_arriving")) == 5
