"""You said, we did - and what we did not, because: what anybody may read, honestly counted."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Programme, User
from accounts.tests.factories import ProgrammeFactory
from partners.models import Impact
from partners.services import impact
from partners.services.impact_public import Shares, shares
from partners.tests.factories import NOW, contribution, signed_up_partner
from partners.tests.support_factories import answered, heard, made, raised

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]


@pytest.fixture
def page(programme: Programme) -> str:
    return reverse("partners:said", args=[programme.slug])


def read(page: str) -> str:
    return Client().get(page).content.decode()


def test_only_published_asks_that_were_heard_are_shown(programme: Programme, page: str) -> None:
    partner = signed_up_partner(programme, name="Mo Okafor")
    work = contribution(partner, title="Panel mark-title")
    made(
        programme,
        contributions=[work],
        title="Chairs mark-title",
        raised="Chairs mark-raised",
        public_text="You said low chairs. There are higher ones.",
    )
    made(programme, title="Kept back mark-title")
    raised(programme, public_text="Not heard mark-unheard")
    made(programme, is_ask=False, public_text="Praise mark-praise")
    heard(ProgrammeFactory(), public_text="Elsewhere mark-elsewhere")

    shown = read(page)

    assert "There are higher ones." in shown
    assert "mark-" not in shown
    assert "Mo Okafor" not in shown
    assert "Mr Vale" not in shown
    assert "We looked at it together" not in shown


def test_what_is_taken_off_the_page_is_gone_at_once(programme: Programme, page: str) -> None:
    row = made(programme, public_text="Published words")
    assert "Published words" in read(page)

    impact.amend(impact=row, by=None, now=NOW, public_text="")

    assert "Published words" not in read(page)


def test_groups_stand_in_their_order(programme: Programme, page: str) -> None:
    heard(programme, public_text="Text heard")
    answered(programme, "declined", public_text="Text declined")
    answered(programme, "adapted", public_text="Text adapted")
    made(programme, public_text="Text made")

    shown = read(page)

    places = [
        shown.index(words)
        for words in (
            "What we did<",
            "Text made",
            "What we will do",
            "Text adapted",
            "What we did not do, because",
            "Text declined",
            "What we do not know yet",
            "Text heard",
        )
    ]
    assert places == sorted(places)


def test_the_denominator_counts_every_ask_heard_and_nothing_else(programme: Programme) -> None:
    made(programme)
    answered(programme, "declined", public_text="Published")
    heard(programme)
    heard(programme, is_ask=False)
    raised(programme)
    made(ProgrammeFactory())
    heard(programme, raised_on=date(2024, 1, 1), heard_on=date(2024, 1, 2))

    assert shares(programme) == Shares(heard=4, answered=2, changed=1)
    assert shares(programme, since=date(2026, 1, 1)) == Shares(heard=3, answered=2, changed=1)


@pytest.mark.parametrize(("asks", "told"), [(4, False), (5, True)])
def test_shares_are_told_from_five_asks_up(
    programme: Programme, page: str, asks: int, told: bool
) -> None:
    made(programme)
    for _ in range(asks - 1):
        heard(programme)

    shown = read(page)

    assert f"<strong>{asks}</strong> asks" in shown
    assert ("in 100)" in shown) is told
    assert ("(20 in 100)" in shown) is told
    assert ("fewer than five" in shown) is not told


def test_the_last_twelve_months_or_since_the_beginning(programme: Programme, page: str) -> None:
    long_ago = NOW.date() - timedelta(days=500)
    heard(programme, public_text="Old words", raised_on=long_ago, heard_on=long_ago)

    assert "Old words" not in read(page)
    assert "Old words" in read(f"{page}?since=beginning")
    assert "Old words" not in read(f"{page}?since=%27--")


def test_anybody_may_keep_it_and_nobody_is_followed(programme: Programme, page: str) -> None:
    answer = Client().get(page)

    assert answer.status_code == 200
    assert not answer.cookies
    assert "public" in answer["Cache-Control"]
    assert "max-age=300" in answer["Cache-Control"]
    assert Client().get("/said/no-such-programme/").status_code == 404
    assert Client().post(page).status_code == 405


def test_whoever_is_signed_in_has_a_page_of_their_own(
    programme: Programme, coordinator: User, client_for: SignIn, page: str
) -> None:
    answer = client_for(coordinator).get(page)

    assert "no-store" in answer["Cache-Control"]
    assert "public" not in answer["Cache-Control"]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_asks_the_same_however_many_rows(
    programme: Programme, page: str, rows: int
) -> None:
    for _ in range(rows):
        made(programme, public_text="Words")

    with CaptureQueriesContext(connection) as asked:
        Client().get(page)

    assert len(asked) == 4
    assert Impact.objects.count() == rows
