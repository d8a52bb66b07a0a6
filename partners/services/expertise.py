"""What partners bring, care about and want for themselves, and the themes it is sorted by."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any, TypeVar

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Programme, User
from partners.models import Expertise, Partner, Passion, Priority, Theme
from partners.services.refusal import Refusal, check, check_facts
from partners.services.register import folded, tidy_text

Item = TypeVar("Item", Expertise, Passion, Priority)

MOST = 100
MOST_THEMES = 100
SEEDS = (
    "Digital",
    "Equality",
    "Families and carers",
    "Fatigue",
    "Hands and work",
    "Information",
    "Mental wellbeing",
    "Pain",
    "Research",
    "Return to work",
    "Shared decisions",
    "Waiting and access",
)
_WORDS = {
    "text": "Write a few words.",
    "kind": "Choose where it comes from.",
    "visibility": "Choose who may see it.",
}


class ExpertiseError(Refusal):
    """Something in a partner's own words, or a theme, cannot be kept as it was told."""


# --- In their own words --------------------------------------------------------------------------


@transaction.atomic
def add_expertise(
    *,
    partner: Partner,
    kind: str,
    text: str,
    visibility: str,
    by: User | None,
    now: datetime,
    themes: Collection[Theme] = (),
) -> Expertise:
    """Keep something that a partner brings, in the partner's words.

    The same words twice are kept once, shared as was said last and with the themes of both.
    Raises ExpertiseError for an empty or overlong text.
    """
    item = Expertise(partner=partner, kind=kind, text=text, visibility=visibility)
    return _add(item, Expertise.objects.filter(kind=kind), themes, by=by, now=now)


@transaction.atomic
def add_passion(
    *,
    partner: Partner,
    text: str,
    visibility: str,
    by: User | None,
    now: datetime,
    themes: Collection[Theme] = (),
) -> Passion:
    """Keep something that a partner cares about; otherwise as `add_expertise`."""
    item = Passion(partner=partner, text=text, visibility=visibility)
    return _add(item, Passion.objects.all(), themes, by=by, now=now)


@transaction.atomic
def add_priority(
    *,
    partner: Partner,
    text: str,
    visibility: str,
    by: User | None,
    now: datetime,
    themes: Collection[Theme] = (),
    reached_on: date | None = None,
) -> Priority:
    """Keep something that a partner wants for themselves; otherwise as `add_expertise`."""
    item = Priority(partner=partner, text=text, visibility=visibility, reached_on=reached_on)
    return _add(item, Priority.objects.all(), themes, by=by, now=now)


@transaction.atomic
def change_expertise(
    *,
    expertise: Expertise,
    kind: str,
    text: str,
    visibility: str,
    by: User | None,
    now: datetime,
    themes: Collection[Theme] | None = None,
) -> bool:
    """Put it in other words, or share it with others; returns whether anything changed.

    themes: None leaves them as they are. Raises ExpertiseError for an empty or overlong text.
    """
    values = {"kind": kind, "text": tidy_text(text), "visibility": visibility}
    return _change(expertise, values, themes, by=by, now=now)


@transaction.atomic
def change_passion(
    *,
    passion: Passion,
    text: str,
    visibility: str,
    by: User | None,
    now: datetime,
    themes: Collection[Theme] | None = None,
) -> bool:
    """As `change_expertise`."""
    values = {"text": tidy_text(text), "visibility": visibility}
    return _change(passion, values, themes, by=by, now=now)


@transaction.atomic
def change_priority(
    *,
    priority: Priority,
    text: str,
    visibility: str,
    by: User | None,
    now: datetime,
    themes: Collection[Theme] | None = None,
    reached_on: date | None = None,
) -> bool:
    """As `change_expertise`; `reached_on` is the day on which they got there."""
    values = {"text": tidy_text(text), "visibility": visibility, "reached_on": reached_on}
    return _change(priority, values, themes, by=by, now=now)


@transaction.atomic
def remove(*, item: Expertise | Passion | Priority, by: User | None, now: datetime) -> None:
    """Delete it; nothing of its words is kept."""
    del by, now  # the audit says who and when
    type(item).objects.filter(pk=item.pk).delete()


def _add(
    item: Item, alike: Any, themes: Collection[Theme], *, by: User | None, now: datetime
) -> Item:
    item.text = tidy_text(item.text)
    item.added_at = item.changed_at = now
    _check(item, themes, now)
    Partner.objects.select_for_update(of=("self",), no_key=True).get(pk=item.partner_id)
    kept: list[Item] = list(alike.filter(partner=item.partner_id).defer("search"))
    for other in kept:
        if folded(other.text) == folded(item.text):
            return _said_again(other, item, themes, by=by, now=now)
    if len(kept) >= MOST:
        raise ExpertiseError(f"There are {MOST} here already. Change one of them instead.")
    item.save()
    item.themes.set(themes)
    return item


def _said_again(
    kept: Item, item: Item, themes: Collection[Theme], *, by: User | None, now: datetime
) -> Item:
    """Who may see it is as they said last; what they told of it before stays told."""
    values: dict[str, Any] = {"visibility": item.visibility}
    if isinstance(item, Priority) and item.reached_on is not None:
        values["reached_on"] = item.reached_on
    _change(kept, values, {*kept.themes.all(), *themes}, by=by, now=now)
    return kept


def _change(
    item: Item,
    values: dict[str, Any],
    themes: Collection[Theme] | None,
    *,
    by: User | None,
    now: datetime,
) -> bool:
    del by  # the audit says who
    model = type(item)
    locked: Item | None = (
        model.objects.select_for_update(of=("self",)).select_related("partner").filter(pk=item.pk)
    ).first()
    if locked is None:
        raise ExpertiseError("This was removed a moment ago.")
    before = {name: getattr(locked, name) for name in values}
    others = themes is not None and set(themes) != set(locked.themes.all())
    if before == values and not others:
        return False
    for row in (locked, item):
        for name, value in values.items():
            setattr(row, name, value)
        row.changed_at = now
    _check(locked, themes or (), now)
    locked.save()
    if themes is not None:
        locked.themes.set(themes)
    return True


def _check(item: Expertise | Passion | Priority, themes: Collection[Theme], now: datetime) -> None:
    if isinstance(item, Priority):
        _check_reached(item, now)
    check(item, ExpertiseError, exclude={"partner", "search"}, words=_WORDS)
    if any(theme.programme_id != item.partner.programme_id for theme in themes):
        raise ExpertiseError("Choose themes from the list.", "themes")


def _check_reached(priority: Priority, now: datetime) -> None:
    if priority.reached_on and priority.reached_on > timezone.localdate(now):
        raise ExpertiseError("The day must be today or in the past.", "reached_on")


# --- Themes --------------------------------------------------------------------------------------


@transaction.atomic
def add_theme(*, programme: Programme, name: str, by: User | None, now: datetime) -> Theme:
    """Let a programme sort by one more word. Raises ExpertiseError for one it has."""
    del by, now  # the audit says who and when
    if Theme.objects.filter(programme=programme).count() >= MOST_THEMES:
        raise ExpertiseError(f"There are {MOST_THEMES} themes already. Rename one instead.", "name")
    theme = Theme(programme=programme, name=" ".join(name.split()))
    _save_theme(theme)
    return theme


@transaction.atomic
def rename_theme(*, theme: Theme, name: str, by: User | None, now: datetime) -> Theme:
    """Call a theme something else, wherever it is used. Raises ExpertiseError for one there is."""
    del by, now  # the audit says who and when
    theme.name = " ".join(name.split())
    _save_theme(theme)
    return theme


@transaction.atomic
def seed_themes(*, programme: Programme, by: User | None, now: datetime) -> list[Theme]:
    """Give a programme the themes of `SEEDS` that it does not have; returns those added."""
    there = {theme.name.lower() for theme in Theme.objects.filter(programme=programme)}
    return [
        add_theme(programme=programme, name=name, by=by, now=now)
        for name in SEEDS
        if name.lower() not in there
    ]


def _save_theme(theme: Theme) -> None:
    check(theme, ExpertiseError, exclude={"programme"}, words={"name": "Give the theme a name."})
    check_facts(theme, ExpertiseError, {"theme_once": "name", "theme_has_name": "name"})
    try:
        with transaction.atomic():
            theme.save()
    except IntegrityError as error:  # somebody else was quicker
        raise ExpertiseError("The programme already has this theme.", "name") from error
