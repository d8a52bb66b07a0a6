"""Reading an instrument, and saying what one thinks of a draft, as those who take part meet it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Programme, Role, User
from accounts.tests.factories import ProgrammeFactory, person
from observations.models import InstrumentVersion, ItemComment
from observations.services import instrument_comments, instruments
from observations.services.instruments_seed import OWN
from observations.tests.factories import version_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
SignIn = Callable[..., Client]


@pytest.fixture
def draft(programme: Programme) -> InstrumentVersion:
    return version_of(programme, items=3, comments_open=True)


@pytest.fixture
def mo(programme: Programme) -> User:
    return person(Role.PARTNER, programme, name="Maureen Okafor")


def there(name: str, row: Any = None) -> str:
    return reverse(f"observations:{name}", args=[] if row is None else [row.pk])


def read(client: Client, name: str, row: Any = None) -> str:
    answer = client.get(there(name, row))
    assert answer.status_code == 200
    return answer.content.decode()


def comment(draft: InstrumentVersion, by: User, text: str, number: int = 1) -> ItemComment:
    item = draft.items.get(number=number)
    return instrument_comments.comment(
        version=draft, item=item, text=text, by=by, now=timezone.now()
    )


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (Role.PARTNER, 200),
        (Role.CLINICIAN, 200),
        (Role.CLINICAL_LEAD, 200),
        (Role.PEER_OBSERVER, 200),
        (Role.COORDINATOR, 200),
        (Role.STAFF, 403),
        (Role.FINANCE, 403),
    ],
)
def test_who_takes_part_reads_and_comments(
    draft: InstrumentVersion, programme: Programme, client_for: SignIn, role: str, status: int
) -> None:
    client = client_for(person(role, programme))
    stranger = client_for(person(Role.PARTNER, ProgrammeFactory()))
    pages = (
        ("instrument_version", draft),
        ("instrument_item", draft.items.first()),
        ("instrument_comments", draft),
    )

    assert client.get(there("instruments")).status_code == status
    for name, row in pages:
        assert client.get(there(name, row)).status_code == status
        assert stranger.get(there(name, row)).status_code == 404
    posted = client.post(there(*pages[1]), {"text": "Plain enough"})
    assert posted.status_code == (302 if status == 200 else 403)
    assert stranger.post(there(*pages[1]), {"text": "No"}).status_code == 404
    assert ItemComment.objects.count() == (1 if status == 200 else 0)


def test_a_draft_is_hidden_until_it_is_asked_about(
    programme: Programme, mo: User, client_for: SignIn
) -> None:
    draft = version_of(programme)
    client = client_for(mo)

    assert "Nothing is used yet" in read(client, "instruments")
    assert client.get(there("instrument_version", draft)).status_code == 404
    assert client.get(there("instrument_item", draft.items.first())).status_code == 404
    instruments.ask(version=draft, open_to_all=True, by=None, now=timezone.now())
    assert str(draft) in read(client, "instruments")


def test_an_instrument_is_read_with_its_marks_scores_and_licence(
    programme: Programme, mo: User, client_for: SignIn
) -> None:
    instruments.seed(programme=programme, by=None, now=timezone.now())
    version = InstrumentVersion.objects.get(instrument__key=OWN.key)
    instruments.seal(version=version, by=None, now=timezone.now())

    shown = read(client_for(mo), "instrument_version", version)

    for words in (
        OWN.items[0].text,
        OWN.anchors[4],
        "The marks of items 1 to 6 are added up, and the sum is divided by 24",
        "CC0 1.0",
        "In use",
    ):
        assert words in shown
    assert "Say what you think" not in shown


def test_wording_that_may_not_be_shown_is_not(
    programme: Programme, mo: User, client_for: SignIn
) -> None:
    draft = version_of(programme)
    draft.items.filter(number=1).update(text="Their own words")
    instruments.seal(version=draft, by=None, now=timezone.now())
    draft.instrument.may_display = False
    draft.instrument.save()

    shown = read(client_for(mo), "instrument_version", draft)

    assert "do not allow its wording to be shown" in shown
    for words in ("Their own words", "Words for 0"):
        assert words not in shown
    item = there("instrument_item", draft.items.first())
    assert client_for(mo).get(item).status_code == 403


def test_what_was_typed_stays_with_a_sentence_beside_it(
    draft: InstrumentVersion, mo: User, client_for: SignIn
) -> None:
    client = client_for(mo)
    place = there("instrument_item", draft.items.first())

    for text, said in (
        (" ", "Write what you think"),
        ("Ask <b>Mo</b> on 07700 900123", "looks like a phone number"),
        ("Ask mo@example.org", "looks like an e-mail address"),
        ("x" * 1001, "Shorten this to 1,000 characters"),
    ):
        shown = client.post(place, {"text": text}).content.decode()
        assert "<title>Error: " in shown
        assert said in shown
        assert text.strip().replace("<", "&lt;").replace(">", "&gt;") in shown
    instruments.ask(version=draft, open_to_all=False, by=None, now=timezone.now())
    assert client.post(place, {"text": "Too late"}).status_code == 404
    assert not ItemComment.objects.exists()


def test_comments_that_close_while_somebody_writes_lose_nothing(
    draft: InstrumentVersion, mo: User, client_for: SignIn
) -> None:
    instruments.seal(version=draft, by=None, now=timezone.now())

    place = there("instrument_item", draft.items.first())
    shown = client_for(mo).post(place, {"text": "Written for an hour"}).content.decode()

    assert "This version is in use since" in shown
    assert "Written for an hour" in shown


def test_others_read_words_and_side_and_no_name(
    draft: InstrumentVersion, programme: Programme, mo: User, client_for: SignIn
) -> None:
    said = comment(draft, mo, "Too long for a clinic")
    dee = person(Role.CLINICIAN, programme, name="Dee Hart")
    answered = comment(draft, dee, "What is “a real choice”?")
    instrument_comments.answer(
        comment=answered, answer="We say it in the help now", by=mo, now=timezone.now()
    )

    shown = read(client_for(dee), "instrument_item", draft.items.first())

    for words in ("Too long for a clinic", "A partner", "A clinician", "We say it in the help"):
        assert words in shown
    assert "Maureen" not in shown
    assert there("take_back_comment", said) not in shown
    assert "Read 2 comments" in read(client_for(dee), "instrument_version", draft)


def test_one_takes_back_ones_own_until_it_is_answered(
    draft: InstrumentVersion, programme: Programme, mo: User, client_for: SignIn
) -> None:
    first, second = comment(draft, mo, "One"), comment(draft, mo, "Two")
    client = client_for(mo)
    other = client_for(person(Role.PARTNER, programme))

    assert other.post(there("take_back_comment", first)).status_code == 403
    assert client.get(there("take_back_comment", first)).status_code == 405
    client.post(there("take_back_comment", first))
    instrument_comments.answer(comment=second, answer="Kept", by=mo, now=timezone.now())
    shown = client.post(there("take_back_comment", second), follow=True).content.decode()

    assert "Somebody has answered this by now" in shown
    assert list(ItemComment.objects.values_list("text", flat=True)) == ["Two"]


@pytest.mark.parametrize("count", [1, 3])
def test_pages_ask_the_database_as_often_for_one_as_for_three(
    draft: InstrumentVersion, programme: Programme, mo: User, client_for: SignIn, count: int
) -> None:
    for number in range(count):
        author = person(Role.PEER_OBSERVER, programme)
        comment(draft, author, f"Words {number}")
        if number:
            version_of(programme, items=number, comments_open=True)
    client = client_for(mo)
    places = {
        "instruments": there("instruments"),
        "instrument_version": there("instrument_version", draft),
        "instrument_item": there("instrument_item", draft.items.first()),
    }
    asked = {}

    for name, place in places.items():
        client.get(place)
        with CaptureQueriesContext(connection) as queries:
            client.get(place)
        asked[name] = len(queries)

    assert asked == {"instruments": 5, "instrument_version": 8, "instrument_item": 8}
