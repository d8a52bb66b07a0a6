"""What coordinators do with instruments, their versions, comments and the programme's numbers."""

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
from observations.models import (
    Crosswalk,
    Instrument,
    InstrumentVersion,
    ItemComment,
    ObservationSettings,
)
from observations.services import instrument_comments, instruments
from observations.tests.factories import version_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
SignIn = Callable[..., Client]


@pytest.fixture
def cora(coordinator: User, client_for: SignIn) -> Client:
    return client_for(coordinator)


@pytest.fixture
def draft(programme: Programme) -> InstrumentVersion:
    return version_of(programme, items=3)


def url(page: str, *args: Any) -> str:
    return reverse(f"admin:observations_{page}", args=args)


def of(page: str, version: InstrumentVersion, *args: Any) -> str:
    return url(f"instrumentversion_{page}", version.pk, *args)


def page(client: Client, place: str) -> str:
    answer = client.get(place)
    assert answer.status_code == 200
    return answer.content.decode()


def sent(client: Client, place: str, **values: Any) -> str:
    return client.post(place, values, follow=True).content.decode()


def test_coordinators_alone_and_their_own_programme_alone(
    programme: Programme, draft: InstrumentVersion, client_for: SignIn
) -> None:
    boss = client_for(person(Role.COORDINATOR, ProgrammeFactory()))
    staff = [client_for(person(role, programme)) for role in (Role.FINANCE, Role.CLINICAL_LEAD)]
    item, scale = draft.items.first(), draft.scales.first()
    places = [
        url("instrument_change", draft.instrument_id),
        url("instrument_edit", draft.instrument_id),
        url("instrument_terms", draft.instrument_id),
        of("change", draft),
        of("item", draft, item.pk),
        of("scale", draft, scale.pk),
        *(of(name, draft) for name in ("add_item", "marks", "words", "use", "retire", "comments")),
    ]

    for place in places:
        assert boss.get(place).status_code == 404
        assert boss.post(place, {"short": "Mine"}).status_code == 404
        assert all(client.get(place).status_code == 403 for client in staff)
    for name in ("ask", "stop", "next", "again"):
        assert boss.post(of(name, draft)).status_code == 404
        assert staff[0].post(of(name, draft)).status_code == 403


def test_an_instrument_goes_from_its_terms_to_its_use(cora: Client, programme: Programme) -> None:
    facts = {"name": "Ours", "about": "What we look for", "licence": "", "lowest": 0, "highest": 2}
    refused = sent(cora, url("instrument_add"), **facts)
    assert "<title>Error: " in refused
    assert "Say under which licence it may be used" in refused
    assert "What we look for" in refused
    shown = sent(
        cora, url("instrument_add"), **{**facts, "licence": "CC0 1.0", "may_display": "on"}
    )
    draft = InstrumentVersion.objects.get()
    assert "There is no item yet." in shown
    assert "The highest mark, 2, has no words yet." in shown

    sent(cora, of("add_item", draft), short="Listening", text="Listened", help="Watch")
    shown = sent(cora, of("words", draft), mark_0="", mark_1="Somewhat", mark_2="Fully")
    assert "Say what 0 means" in shown
    assert "Somewhat" in shown
    sent(cora, of("words", draft), mark_0="No", mark_1="Somewhat", mark_2="Fully")
    shown = sent(cora, of("add_scale", draft), name="All", items="1")
    assert "Choose how it is worked out" in shown
    shown = sent(cora, of("add_scale", draft), name="All", rule="sum_100", items="1")
    assert "Nothing is missing." in shown
    assert "Put it in use" in shown
    shown = sent(cora, of("use", draft))

    assert "stand. " in shown
    assert "Add an item" not in shown
    said = sent(cora, of("add_item", draft), short="Late", text="Typed for an hour")
    assert "This version is in use since 24 November 2026" in said
    assert "Typed for an hour" in said


def test_a_licensed_instrument_asks_for_its_terms_first(
    cora: Client, programme: Programme, coordinator: User
) -> None:
    sent(cora, url("instrument_seed"))
    row = Instrument.objects.get(key="option-5")
    draft = row.versions.get()
    shown = page(cora, url("instrument_change", row.pk))
    assert "nobody has accepted its terms" in shown
    assert "The terms of the instrument are not accepted yet." in page(cora, of("change", draft))

    refused = sent(cora, url("instrument_terms", row.pk), may_display="on")
    assert "Tick this once you have read the terms" in refused
    assert not Instrument.objects.get(pk=row.pk).may_be_used
    shown = sent(cora, url("instrument_terms", row.pk), accepted="on")
    assert "printed sheet" in shown
    row.refresh_from_db()
    assert (row.accepted_by, row.may_display) == (coordinator, False)
    sent(cora, url("instrument_end_terms", row.pk))
    assert not Instrument.objects.get(pk=row.pk).may_be_used


def test_items_are_changed_moved_and_removed(cora: Client, draft: InstrumentVersion) -> None:
    first, second, third = draft.items.order_by("number")

    shown = sent(cora, of("item", draft, first.pk), short=" ", text="Kept as typed", to=1)
    assert "Say in two or three words what it is" in shown
    assert "Kept as typed" in shown
    sent(cora, of("item", draft, first.pk), short="Asked", text="Asked first", help="Look", to=3)
    sent(cora, of("item_up", draft, third.pk))
    assert "Choose a place" in sent(cora, of("item_up", draft, third.pk))
    refused = sent(cora, of("drop_item", draft, first.pk))
    assert "“Sharing the decision” counts nothing but this item" in refused
    sent(cora, of("drop_item", draft, second.pk))

    assert list(draft.items.order_by("number").values_list("pk", "short")) == [
        (third.pk, "Item 3"),
        (first.pk, "Asked"),
    ]


def test_a_revision_is_written_commented_on_agreed_and_compared(
    cora: Client, draft: InstrumentVersion, programme: Programme
) -> None:
    assert cora.get(of("next", draft)).status_code == 405
    sent(cora, of("use", draft))
    sent(cora, of("next", draft))
    second = InstrumentVersion.objects.get(number=2)
    assert "Version 2 is being written" in sent(cora, of("next", draft))
    sent(cora, of("ask", second))
    mo = person(Role.PARTNER, programme, name="Maureen Okafor")
    said = instrument_comments.comment(
        version=second, item=second.items.first(), text="Too long", by=mo, now=timezone.now()
    )

    assert "Comment on an instrument to answer" in page(cora, reverse("admin:index"))
    shown = page(cora, of("comments", second))
    assert "Maureen Okafor" in shown
    assert "Too long" in shown
    refused = sent(cora, of("answer", second, said.pk), answer="Ring 07700 900123")
    assert "looks like a phone number" in refused
    sent(cora, of("answer", second, said.pk), answer="Shortened")
    assert ItemComment.objects.get().answer == "Shortened"

    assert "Nobody has said yet who agreed" in page(cora, of("change", second))
    sent(cora, of("agreed", second), agreed="Mo and Una, 3 November")
    old, new = draft.scales.first(), second.scales.first()
    facts = {"before": old.pk, "factor": "1.1", "constant": "-2"}
    assert "Say what it rests on" in sent(cora, of("crosswalk", second, new.pk), **facts)
    shown = sent(cora, of("crosswalk", second, new.pk), **facts, basis="40 rated twice")
    assert "times 1.1 plus -2" in shown
    assert Crosswalk.objects.get().scale == new
    assert cora.get(of("crosswalk", draft, old.pk)).status_code == 403
    sent(cora, of("retire", draft), why="Replaced")
    shown = page(cora, of("change", draft))
    assert "Replaced" in shown
    sent(cora, of("again", draft))
    assert InstrumentVersion.objects.get(pk=draft.pk).status == "sealed"


def test_numbers_are_told_and_changed_with_a_sentence(cora: Client, programme: Programme) -> None:
    listed = url("observationsettings_changelist")
    assert "from 5 consultations by 2 observers" in page(cora, listed)
    assert not ObservationSettings.objects.exists()
    form = cora.get(url("observationsettings_set")).context["form"]
    values = {name: form[name].initial for name in form.fields if form[name].initial is not None}
    values.pop("must_be_calibrated")

    refused = sent(cora, url("observationsettings_set"), **{**values, "least_clinicians": 2})
    assert "Enter 3 or more" in refused
    refused = sent(cora, url("observationsettings_set"), **{**values, "least_partners": 9})
    assert "There cannot be more partners than observers" in refused
    shown = sent(cora, url("observationsettings_set"), **{**values, "least_consultations": 8})
    assert "from 8 consultations" in shown
    row = ObservationSettings.objects.get(programme=programme)
    assert "from 8" in page(cora, listed)
    assert cora.get(url("observationsettings_change", row.pk)).status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_pages_ask_the_database_as_often_for_one_as_for_three(
    cora: Client, draft: InstrumentVersion, programme: Programme, count: int
) -> None:
    instruments.ask(version=draft, open_to_all=True, by=None, now=timezone.now())
    for number in range(count):
        instrument_comments.comment(
            version=draft,
            item=draft.items.first(),
            text=f"Words {number}",
            by=person(Role.PARTNER, programme),
            now=timezone.now(),
        )
        if number:
            version_of(programme)
    places = {
        "instruments": url("instrument_changelist"),
        "versions": url("instrumentversion_changelist"),
        "version": of("change", draft),
        "comments": of("comments", draft),
    }
    asked = {}

    for name, place in places.items():
        cora.get(place)
        with CaptureQueriesContext(connection) as queries:
            cora.get(place)
        asked[name] = len(queries)

    assert asked == {"instruments": 6, "versions": 5, "version": 12, "comments": 7}
