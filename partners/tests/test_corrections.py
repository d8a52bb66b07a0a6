"""Something held is wrong: asked for by its partner, answered by a coordinator."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Message, Programme, Role, User
from accounts.tests.factories import ProgrammeFactory, person
from partners.models import Correction, Partner
from partners.services import corrections
from partners.services.corrections import CorrectionError
from partners.tests.factories import NOW, signed_up_partner
from workflow.transitions import IllegalMoveError

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]
SAID = {"about": "My telephone number", "text": "It ends in 01,\nnot in 10."}


@pytest.fixture
def partner(programme: Programme) -> Partner:
    return signed_up_partner(programme, name="Maureen Okafor", known_as="Mo")


def asked(partner: Partner) -> Correction:
    assert partner.user is not None
    return corrections.ask(partner=partner, by=partner.user, now=NOW, **SAID)


def test_request_is_asked_for_answered_and_told(
    partner: Partner, coordinator: User, client_for: SignIn
) -> None:
    mine, hers = client_for(partner.user), client_for(coordinator)

    mine.post(reverse("partners:ask_correction"), SAID)

    row = Correction.objects.get()
    assert "request to put data right" in hers.get(reverse("admin:index")).content.decode()
    page = reverse("admin:partners_correction_change", args=[row.pk])
    assert "not in 10" in hers.get(page).content.decode()
    hers.post(page, {"was_made": "yes", "answer": "Thank you: it ends in 01 now."})
    row.refresh_from_db()
    assert (row.status, row.answer) == ("made", "Thank you: it ends in 01 now.")
    assert [(one.at, one.to_status) for one in row.history.all()][-1][1] == "made"
    message = Message.objects.get(key=f"correction:{row.pk}")
    assert "01" not in message.subject + message.body
    held = mine.get(reverse("partners:my_data")).content.decode()
    assert "Put right" in held
    assert "it ends in 01 now" in held
    assert "put data right" not in hers.get(reverse("admin:index")).content.decode()


def test_errors_stand_beside_the_field_and_what_was_typed_stays(
    partner: Partner, coordinator: User, client_for: SignIn
) -> None:
    mine = client_for(partner.user)

    page = mine.post(reverse("partners:ask_correction"), {"about": "My name", "text": ""})

    text = page.content.decode()
    assert "Say what is wrong, and what would be right" in text
    assert 'value="My name"' in text
    assert "<title>Error: " in text
    there = reverse("admin:partners_correction_change", args=[asked(partner).pk])
    text = client_for(coordinator).post(there, {"answer": "No need"}).content.decode()
    assert "Choose what you did" in text
    assert "No need" in text


def test_only_coordinators_of_the_programme_answer_and_nobody_their_own(
    partner: Partner, coordinator: User
) -> None:
    row = asked(partner)
    stranger = person(Role.COORDINATOR, ProgrammeFactory())
    both = signed_up_partner(partner.programme)
    assert both.user is not None
    said = {"was_made": False, "answer": "No", "now": NOW}

    for by in (stranger, partner.user):
        assert by is not None
        with pytest.raises(CorrectionError, match="Another coordinator"):
            corrections.answer(correction=row, by=by, **said)
    corrections.answer(correction=row, by=coordinator, **said)

    with pytest.raises(IllegalMoveError):
        corrections.answer(correction=row, by=coordinator, **said)


def test_an_answer_needs_words(partner: Partner, coordinator: User) -> None:
    row = asked(partner)

    with pytest.raises(CorrectionError, match="Say what was done"):
        corrections.answer(correction=row, was_made=True, answer="  ", by=coordinator, now=NOW)

    row.refresh_from_db()
    assert row.status == "asked"


def test_twenty_open_requests_are_enough(partner: Partner) -> None:
    for _ in range(corrections.MOST_OPEN):
        asked(partner)

    with pytest.raises(CorrectionError, match="Wait until"):
        asked(partner)
