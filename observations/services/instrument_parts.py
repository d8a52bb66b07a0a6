"""What a draft is made of: its items, what its marks mean, and its scores."""

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import transaction

from accounts.models import User
from observations.models import Anchor, InstrumentVersion, Item, Scale
from observations.services.instruments import gaps_of, locked_draft
from observations.services.refusals import InstrumentError, told_by_constraints
from partners.services.refusal import check, check_facts

# Fewer than the table takes, so that there is a free number while items change places.
MOST_ITEMS = 30
MOST_SCALES = 10
_FREE = 40
_ITEM_WORDS = {"short": "Say in two or three words what it is."}


def _line(text: str) -> str:
    return " ".join(text.split())


def _lines(text: str) -> str:
    return "\n".join(text.splitlines()).strip()


def _still_whole(draft: InstrumentVersion) -> None:
    """A clinic that is planned with a draft must find it whole."""
    planned = draft.clinic_sessions.filter(status__in=["asked", "agreed"]).exists()
    if not planned:
        return
    missing = gaps_of(InstrumentVersion.objects.get(pk=draft.pk))
    if missing:
        raise InstrumentError(f"Clinics are planned with this draft. {missing[0]}")


def _of_another_shape(draft: InstrumentVersion) -> None:
    """Practice recordings hold a mark for each item of the draft, in their order."""
    if draft.recordings.exists():
        raise InstrumentError(
            "There are practice recordings with marks for the items as they are. You can change "
            "words; for other items or marks, put this version in use and make a new one from it."
        )


@transaction.atomic
def add_item(
    *,
    version: InstrumentVersion,
    short: str,
    by: User | None,
    now: datetime,
    text: str = "",
    help: str = "",  # noqa: A002  (the field's name)
) -> Item:
    """Add an item at the end of a draft.

    Raises InstrumentError for what is no draft, an item without a short name, and too many items.
    """
    draft = locked_draft(version)
    _of_another_shape(draft)
    last = draft.items.order_by("-number").first()
    number = last.number + 1 if last else 1
    if number > MOST_ITEMS:
        raise InstrumentError(f"An instrument has at most {MOST_ITEMS} items.")
    item = Item(
        version=draft, number=number, short=_line(short), text=_line(text), help=_lines(help)
    )
    check(item, InstrumentError, exclude={"version"}, words=_ITEM_WORDS)
    item.save(force_insert=True)
    _still_whole(draft)
    return item


@transaction.atomic
def change_item(
    *,
    item: Item,
    short: str,
    text: str,
    help: str,  # noqa: A002  (the field's name)
    by: User | None,
    now: datetime,
    to: int | None = None,
) -> Item:
    """Change the words of an item of a draft, and its place where `to` says so.

    Raises InstrumentError for what is no draft, an item without a short name, and a place that
    is none.
    """
    draft = locked_draft(item.version)
    locked: Item = Item.objects.select_for_update().get(pk=item.pk)
    locked.short, locked.text, locked.help = _line(short), _line(text), _lines(help)
    check(locked, InstrumentError, exclude={"version"}, words=_ITEM_WORDS)
    locked.save(update_fields=["short", "text", "help"])
    if to is not None:
        _put_at(draft, locked, to)
    _still_whole(draft)
    return locked


@transaction.atomic
def remove_item(*, item: Item, by: User | None, now: datetime) -> None:
    """Take an item out of a draft; those after it move up, and scores go on without it.

    What was said about it stays with the draft. Raises InstrumentError for what is no draft, while
    a comment on it has no answer, and when a score would count nothing.
    """
    draft = locked_draft(item.version)
    _of_another_shape(draft)
    if item.comments.filter(answered_at__isnull=True).exists():
        raise InstrumentError("Say first what came of the comments on this item.")
    alone = next((one for one in draft.scales.all() if set(one.items) == {item.number}), None)
    if alone is not None:
        raise InstrumentError(
            f"The score “{alone.name}” counts nothing but this item. Change or remove it first."
        )
    order = [one for one in draft.items.order_by("number") if one.pk != item.pk]
    before = {one.number: place for place, one in enumerate(order, 1)}
    item.comments.update(item=None)
    Item.objects.filter(pk=item.pk).delete()
    _renumber(draft, order)
    _count_again(draft, before)
    _still_whole(draft)


@transaction.atomic
def move_item(*, item: Item, to: int, by: User | None, now: datetime) -> None:
    """Give an item of a draft another place; scores and comments go with their items.

    Raises InstrumentError for what is no draft, and a place that is none.
    """
    _put_at(locked_draft(item.version), item, to)


def _put_at(draft: InstrumentVersion, item: Item, to: int) -> None:
    order = list(draft.items.order_by("number"))
    if not 1 <= to <= len(order):
        raise InstrumentError(f"Choose a place from 1 to {len(order)}.", "to")
    moved = next(one for one in order if one.pk == item.pk)
    if moved.number == to:
        return
    _of_another_shape(draft)
    order.remove(moved)
    order.insert(to - 1, moved)
    before = {one.number: place for place, one in enumerate(order, 1)}
    Item.objects.filter(pk=moved.pk).update(number=_FREE)
    # Each goes to a number that is free by then: downwards those that move down, and so on.
    for one in sorted(order, key=lambda row: row.number, reverse=to < moved.number):
        if one.pk != moved.pk and before[one.number] != one.number:
            Item.objects.filter(pk=one.pk).update(number=before[one.number])
    Item.objects.filter(pk=moved.pk).update(number=to)
    _count_again(draft, before)


def _renumber(draft: InstrumentVersion, order: Collection[Item]) -> None:
    for place, one in enumerate(order, 1):
        if one.number != place:
            Item.objects.filter(pk=one.pk).update(number=place)


def _count_again(draft: InstrumentVersion, places: Mapping[int, int]) -> None:
    """Let the scores of `draft` count the same items at their new `places` (by the old ones)."""
    for scale in draft.scales.all():
        items = sorted(places[number] for number in scale.items if number in places)
        if items != scale.items:
            Scale.objects.filter(pk=scale.pk).update(items=items)


@transaction.atomic
def set_marks(
    *, version: InstrumentVersion, lowest: int, highest: int, by: User | None, now: datetime
) -> InstrumentVersion:
    """Say from which mark to which an item of a draft is rated; words of others are dropped.

    Raises InstrumentError for what is no draft, and marks that are no scale.
    """
    draft = locked_draft(version)
    if (draft.lowest, draft.highest) == (lowest, highest):
        return draft
    _of_another_shape(draft)
    draft.lowest, draft.highest = lowest, highest
    check_facts(draft, InstrumentError, {"instrument_version_scale": "highest"})
    draft.save(update_fields=["lowest", "highest"])
    draft.anchors.exclude(mark__range=(lowest, highest)).delete()
    _still_whole(draft)
    return draft


@transaction.atomic
def set_anchors(
    *, version: InstrumentVersion, words: Mapping[int, str], by: User | None, now: datetime
) -> list[Anchor]:
    """Say what the marks of a draft mean: the words by mark; a mark may be without.

    Raises InstrumentError for what is no draft, marks off the scale, words that are too long, and
    a lowest or highest mark without words; `field` is then "mark_" and the mark.
    """
    draft = locked_draft(version)
    kept = {mark: _line(text) for mark, text in words.items() if _line(text)}
    for mark in words:
        if not draft.lowest <= mark <= draft.highest:
            raise InstrumentError(f"The mark {mark} is not on the scale.")
    for mark, name in ((draft.lowest, "lowest"), (draft.highest, "highest")):
        if mark not in kept:
            raise InstrumentError(f"Say what the {name} mark means.", f"mark_{mark}")
    anchors = [Anchor(version=draft, mark=mark, words=text) for mark, text in sorted(kept.items())]
    for anchor in anchors:
        limit = 120
        if len(anchor.words) > limit:
            raise InstrumentError(
                f"Shorten this to {limit} characters; it has {len(anchor.words)}.",
                f"mark_{anchor.mark}",
            )
        check(anchor, InstrumentError, exclude={"version"})
    draft.anchors.all().delete()
    return Anchor.objects.bulk_create(anchors)


@transaction.atomic
def add_scale(
    *,
    version: InstrumentVersion,
    name: str,
    rule: str,
    items: Collection[int],
    by: User | None,
    now: datetime,
) -> Scale:
    """Add a score to a draft: its name, its rule, and the numbers of the items that count.

    Raises InstrumentError for what is no draft, a name or rule that is missing, items that are
    not there, and too many scores.
    """
    draft = locked_draft(version)
    last = draft.scales.order_by("-number").first()
    number = last.number + 1 if last else 1
    if draft.scales.count() >= MOST_SCALES:
        raise InstrumentError(f"An instrument has at most {MOST_SCALES} scores.")
    scale = Scale(version=draft, number=number)
    return _kept_scale(draft, scale, name, rule, items)


@transaction.atomic
def change_scale(
    *,
    scale: Scale,
    name: str,
    rule: str,
    items: Collection[int],
    by: User | None,
    now: datetime,
) -> Scale:
    """Change a score of a draft. Raises InstrumentError as `add_scale` does."""
    draft = locked_draft(scale.version)
    locked: Scale = Scale.objects.select_for_update().get(pk=scale.pk)
    return _kept_scale(draft, locked, name, rule, items)


def _kept_scale(
    draft: InstrumentVersion, scale: Scale, name: str, rule: str, items: Collection[int]
) -> Scale:
    scale.name, scale.rule, scale.items = _line(name), rule, sorted(set(items))
    words = {"name": "Give the score a name.", "rule": "Choose how it is worked out."}
    check(scale, InstrumentError, exclude={"version", "items"}, words=words)
    if not scale.items:
        raise InstrumentError("Choose the items that count.", "items")
    there = set(draft.items.values_list("number", flat=True))
    if not set(scale.items) <= there:
        raise InstrumentError("Choose items that are there.", "items")
    if draft.scales.filter(name__iexact=scale.name).exclude(pk=scale.pk).exists():
        raise InstrumentError("There is a score of this name already.", "name")
    with told_by_constraints(Scale, InstrumentError, scale_has_items="items"):
        scale.save()
    _still_whole(draft)
    return scale


@transaction.atomic
def remove_scale(*, scale: Scale, by: User | None, now: datetime) -> None:
    """Take a score out of a draft. Raises InstrumentError for what is no draft."""
    draft = locked_draft(scale.version)
    Scale.objects.filter(pk=scale.pk).delete()
    for place, one in enumerate(draft.scales.order_by("number"), 1):
        if one.number != place:
            Scale.objects.filter(pk=one.pk).update(number=place)
    _still_whole(draft)
