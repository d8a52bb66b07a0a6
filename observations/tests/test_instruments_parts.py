"""Items, words of marks and scores of a draft; and what is said about them."""

from datetime import UTC, datetime
from typing import Any

import pytest

from accounts.models import Programme, Role, User
from accounts.tests.factories import person
from observations.models import InstrumentVersion, Item, ItemComment, PracticeRecording
from observations.services import instrument_comments, instrument_parts, instruments
from observations.services.refusals import InstrumentError
from observations.tests.factories import version_of

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
WHO: dict[str, Any] = {"by": None, "now": NOW}


@pytest.fixture
def draft(programme: Programme) -> InstrumentVersion:
    return version_of(programme, items=4, comments_open=True)


@pytest.fixture
def mo(programme: Programme) -> User:
    return person(Role.PARTNER, programme)


def order(draft: InstrumentVersion) -> list[str]:
    return list(draft.items.order_by("number").values_list("short", flat=True))


def counted(draft: InstrumentVersion) -> list[list[int]]:
    return [list(one.items) for one in draft.scales.order_by("number")]


def item(draft: InstrumentVersion, number: int) -> Item:
    found: Item = draft.items.get(number=number)
    return found


def refused(call: Any, **arguments: Any) -> InstrumentError:
    with pytest.raises(InstrumentError) as caught:
        call(**arguments)
    return caught.value


@pytest.mark.parametrize(
    ("number", "to", "expected", "scores"),
    [
        (1, 4, [2, 3, 4, 1], [[1, 4], [2, 3]]),
        (4, 1, [4, 1, 2, 3], [[2, 3], [1, 4]]),
        (2, 3, [1, 3, 2, 4], [[1, 3], [2, 4]]),
        (3, 3, [1, 2, 3, 4], [[1, 2], [3, 4]]),
    ],
)
def test_items_change_places_and_scores_go_with_them(
    draft: InstrumentVersion, number: int, to: int, expected: list[int], scores: list[list[int]]
) -> None:
    instrument_parts.move_item(item=item(draft, number), to=to, **WHO)

    assert order(draft) == [f"Item {one}" for one in expected]
    assert counted(draft) == scores
    assert refused(instrument_parts.move_item, item=item(draft, 1), to=5, **WHO).field == "to"


def test_an_item_leaves_and_what_was_said_of_it_stays(draft: InstrumentVersion, mo: User) -> None:
    gone = item(draft, 2)
    said = instrument_comments.comment(version=draft, item=gone, text="Too long", by=mo, now=NOW)

    assert "comments" in str(refused(instrument_parts.remove_item, item=gone, **WHO))
    instrument_comments.answer(comment=said, answer="Taken out", by=mo, now=NOW)
    instrument_parts.remove_item(item=gone, **WHO)

    assert order(draft) == ["Item 1", "Item 3", "Item 4"]
    assert counted(draft) == [[1], [2, 3]]
    assert ItemComment.objects.get().item is None
    alone = refused(instrument_parts.remove_item, item=item(draft, 1), **WHO)
    assert "“Sharing the decision” counts nothing but this item" in str(alone)


def test_an_item_is_added_and_changed(draft: InstrumentVersion) -> None:
    added = instrument_parts.add_item(
        version=draft, short=" Last  words ", text="Said\nso", help="Look\r\nhere", **WHO
    )
    assert (added.number, added.short, added.text) == (5, "Last words", "Said so")
    assert added.help == "Look\nhere"

    for wrong, field in (({"short": " "}, "short"), ({"text": "x" * 301}, "text")):
        given = {"short": "One", "text": "", "help": "", **wrong}
        assert refused(instrument_parts.change_item, item=added, **given, **WHO).field == field
    for _ in range(instrument_parts.MOST_ITEMS - 5):
        instrument_parts.add_item(version=draft, short="More", **WHO)
    assert "at most" in str(refused(instrument_parts.add_item, version=draft, short="x", **WHO))
    instrument_parts.move_item(item=item(draft, 30), to=1, **WHO)


def test_words_of_marks_may_be_left_out_between_the_ends(draft: InstrumentVersion) -> None:
    instrument_parts.set_anchors(version=draft, words={0: "No", 2: " ", 4: "Yes"}, **WHO)

    assert [one.mark for one in draft.anchors.all()] == [0, 4]
    for words, field in (
        ({0: "No"}, "mark_4"),
        ({0: "No", 4: "Yes", 3: "x" * 121}, "mark_3"),
        ({0: "No", 4: "Yes", 9: "Off"}, ""),
    ):
        said = refused(instrument_parts.set_anchors, version=draft, words=words, **WHO)
        assert said.field == field
    instrument_parts.set_marks(version=draft, lowest=1, highest=4, **WHO)
    assert [one.mark for one in draft.anchors.all()] == [4]
    assert (
        refused(instrument_parts.set_marks, version=draft, lowest=4, highest=4, **WHO).field
        == "highest"
    )


def test_a_score_has_a_name_a_rule_and_items_that_are_there(draft: InstrumentVersion) -> None:
    good = {"name": "Best of all", "rule": "top", "items": [4, 1, 1]}
    scale = instrument_parts.add_scale(version=draft, **good, **WHO)
    assert (scale.number, scale.items) == (3, [1, 4])

    for wrong, field in (
        ({"name": ""}, "name"),
        ({"name": "RELATIONSHIP"}, "name"),
        ({"rule": "median"}, "rule"),
        ({"items": []}, "items"),
        ({"items": [9]}, "items"),
    ):
        said = refused(instrument_parts.change_scale, scale=scale, **{**good, **wrong}, **WHO)
        assert said.field == field
    instrument_parts.remove_scale(scale=draft.scales.get(number=1), **WHO)
    assert list(draft.scales.values_list("number", "name")) == [
        (1, "Relationship"),
        (2, "Best of all"),
    ]


def test_items_stay_as_recordings_were_rated_with_them(draft: InstrumentVersion) -> None:
    PracticeRecording.objects.create(
        version=draft, title="A knee", where="On the shelf", marks=[1, 2, 3, 4], agreed_by="Us"
    )

    for call, arguments in (
        (instrument_parts.add_item, {"version": draft, "short": "One"}),
        (instrument_parts.remove_item, {"item": item(draft, 4)}),
        (instrument_parts.move_item, {"item": item(draft, 4), "to": 1}),
        (instrument_parts.set_marks, {"version": draft, "lowest": 0, "highest": 5}),
    ):
        assert "practice recordings" in str(refused(call, **arguments, **WHO))
    instrument_parts.change_item(item=item(draft, 1), short="A", text="B", help="", **WHO)


@pytest.mark.parametrize(
    "text", ["", "Ring 07700 900123", "mo@example.org said so", "born 3.4.1961", "943 476 5919"]
)
def test_a_comment_identifies_nobody(draft: InstrumentVersion, mo: User, text: str) -> None:
    said = refused(instrument_comments.comment, version=draft, text=text, by=mo, now=NOW)

    assert said.field == "text"
    assert not ItemComment.objects.exists()


def test_comments_close_and_are_answered_afterwards(draft: InstrumentVersion, mo: User) -> None:
    first, second = (
        instrument_comments.comment(version=draft, text=text, by=mo, now=NOW)
        for text in ("Plain", "Long")
    )
    instrument_comments.take_back(comment=second, by=mo, now=NOW)
    instruments.seal(version=draft, **WHO)

    assert "in use" in str(
        refused(instrument_comments.comment, version=draft, text="Late", by=mo, now=NOW)
    )
    instrument_comments.answer(comment=first, answer="Kept", by=mo, now=NOW)
    assert ItemComment.objects.get().answer == "Kept"
    assert refused(
        instrument_comments.answer, comment=first, answer=" ", by=mo, now=NOW
    ).field == "answer"  # fmt: skip


def test_what_may_not_be_shown_is_not_asked_about(programme: Programme) -> None:
    version = version_of(programme)
    version.instrument.may_display = False
    version.instrument.save()

    assert "may not be shown" in str(
        refused(instruments.ask, version=version, open_to_all=True, **WHO)
    )
