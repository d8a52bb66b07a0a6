"""Lines of thanks: asked for by link, given once, shown as the partner says."""

import hashlib
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import Message, Programme, User
from partners.models import Contribution, Partner, ThankYou
from partners.services import ledger, thanks
from partners.services.refusal import Refusal
from partners.tests.factories import NOW, contribution, signed_up_partner

pytestmark = pytest.mark.django_db


@pytest.fixture
def partner(programme: Programme) -> Partner:
    return signed_up_partner(programme, name="Maureen Okafor", known_as="Mo", phone="01632 960001")


@pytest.fixture
def row(partner: Partner) -> Contribution:
    return contribution(partner, title="Clinic redesign", reflection="Mine alone")


def asked(row: Contribution, email: str = "ann@example.org", **values: object) -> ThankYou:
    return thanks.ask_for_thanks(
        contribution=row,
        email=email,
        **{"name": "Dr Ann Lee", "by": row.partner.user, "now": NOW, **values},  # type: ignore[arg-type]
    )


def token_of(row: ThankYou) -> str:
    """The secret, which the message alone knows."""
    link = Message.objects.get(key=f"thanks_request:{row.pk}").link
    return link.rstrip("/").rsplit("/", 1)[-1]


def given(row: Contribution, words: str, *, shows: bool) -> ThankYou:
    """A line of thanks that came, and shows or not."""
    request = asked(row, email=f"{ThankYou.objects.count()}@example.org")
    came = thanks.give_thanks(token=token_of(request), words=words, now=NOW)
    return thanks.show_thanks(thank_you=came, shows=shows, by=row.partner.user, now=NOW)


def test_asking_keeps_the_tokens_hash_alone(row: Contribution) -> None:
    request = asked(row)

    token = token_of(request)
    assert request.token_hash == hashlib.sha256(token.encode()).hexdigest()
    assert request.expires_at == NOW + timedelta(days=60)
    message = Message.objects.get()
    assert message.kind in Message.SECRET_LINKS
    assert (message.to_address, message.recipient) == ("ann@example.org", None)
    assert "Clinic redesign" not in message.body


def test_page_tells_name_work_and_day_and_nothing_else(row: Contribution) -> None:
    page = Client().get(reverse("partners:give_thanks", args=[token_of(asked(row))]))

    words = page.content.decode()
    for shown in ("Maureen Okafor", "Clinic redesign", "Monday 2 November 2026", "Dr Ann Lee"):
        assert shown in words
    for hidden in (row.partner.email, "01632 960001", "Mine alone", "1 hour 30", "Panel"):
        assert hidden not in words
    assert "no-store" in page.headers["Cache-Control"]


def test_line_comes_once_and_the_partner_is_told(row: Contribution) -> None:
    request = asked(row)
    address = reverse("partners:give_thanks", args=[token_of(request)])

    empty = Client().post(address, {"words": " "})
    done = Client().post(address, {"words": "You changed\r\nour minds"})
    again = Client().post(address, {"words": "Twice"})
    reopened = Client().get(address)

    request.refresh_from_db()
    assert "Write a line, or close this page" in empty.content.decode()
    assert "Your line is with Maureen Okafor" in done.content.decode()
    assert request.words == "You changed\nour minds"
    assert request.shown_at is None
    assert again.status_code == reopened.status_code == 404
    assert "Your line has arrived" in reopened.content.decode()
    told = Message.objects.get(kind="thanks_given")
    assert told.recipient == row.partner.user
    assert "our minds" not in told.body
    assert Message.objects.get(kind="thanks_request").link == ""


@pytest.mark.parametrize("why", ["ended", "unknown", "withdrawn"])
def test_link_that_is_over_says_so_kindly(row: Contribution, why: str) -> None:
    request = asked(row, now=NOW - timedelta(days=61) if why == "ended" else NOW)
    token = "x" * 43 if why == "unknown" else token_of(request)
    if why == "withdrawn":
        ledger.withdraw(contribution=row, by=row.partner.user, now=NOW, why="Twice")

    page = Client().get(reverse("partners:give_thanks", args=[token]))

    assert page.status_code == 404
    assert "This link has ended" in page.content.decode()
    assert "Maureen" not in page.content.decode()


@pytest.mark.parametrize(
    ("email", "name", "sentence"),
    [
        ("ann at example", "Ann", "e-mail address like"),
        ("ANN@example.org", "Ann", "asked this person"),
        ("new@example.org", " ", "Give the name"),
    ],
)
def test_asking_is_refused_beside_the_field(
    row: Contribution, email: str, name: str, sentence: str
) -> None:
    asked(row)

    with pytest.raises(Refusal, match=sentence):
        asked(row, email=email, name=name)


def test_nobodys_letter_box_is_filled(row: Contribution, coordinator: User) -> None:
    for number in range(thanks.OPEN_FOR_ONE_PIECE):
        asked(row, email=f"{number}@example.org")

    with pytest.raises(Refusal, match="wait for their answers"):
        asked(row, email="one.more@example.org")
    with pytest.raises(Refusal, match="Only the partner"):
        asked(row, by=coordinator)


def test_partner_decides_what_shows(row: Contribution, coordinator: User) -> None:
    line = given(row, "Thank you", shows=True)
    assert line.shown_at == NOW

    with pytest.raises(Refusal, match="Only the partner"):
        thanks.show_thanks(thank_you=line, shows=False, by=coordinator, now=NOW)
    thanks.show_thanks(thank_you=line, shows=False, by=row.partner.user, now=NOW)

    line.refresh_from_db()
    assert line.shown_at is None


@pytest.mark.parametrize(
    "wrong", [{"words": "Yes"}, {"shown_at": NOW}, {"expires_at": NOW}, {"given_at": NOW}]
)
def test_database_refuses_thanks_that_cannot_be(row: Contribution, wrong: dict) -> None:
    request = asked(row)

    with pytest.raises(IntegrityError), transaction.atomic():
        ThankYou.objects.filter(pk=request.pk).update(**wrong)
