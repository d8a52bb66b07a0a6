"""Instruments and their versions: written, agreed on, put in use at first use, retired.

Whoever changes a version or a part of it holds the version's row, so that nobody changes what
somebody else is putting in use.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max, Prefetch, prefetch_related_objects
from django.utils.formats import date_format

from accounts.models import Programme, User
from observations.models import (
    Anchor,
    Instrument,
    InstrumentVersion,
    Item,
    ObservationSettings,
    Scale,
)
from observations.rules import instruments as rules
from observations.services.instruments_seed import INSTRUMENTS, SeedInstrument
from observations.services.refusals import InstrumentError, told_by_constraints
from partners.services.refusal import check, check_facts
from workflow.transitions import begin, transition

_Status = InstrumentVersion.Status
_FACTS = (
    "name",
    "about",
    "licence",
    "licence_url",
    "attribution",
    "may_display",
    "may_edit",
    "needs_acceptance",
)
_WORDS = {
    "name": "Give the instrument a name.",
    "licence": "Say under which licence it may be used.",
    "licence_url": "Copy the whole address, beginning with https://",
}
_SETTINGS_FIELDS = {
    "observation_settings_numbers_protect": "least_clinicians",
    "observation_settings_distances_positive": "furthest_mark",
    "observation_settings_counts": "minutes",
}


@transaction.atomic
def settings_of(programme: Programme) -> ObservationSettings:
    """The numbers of `programme`; made with their defaults when there are none."""
    found, _ = ObservationSettings.objects.get_or_create(programme=programme)
    return found


@transaction.atomic
def change_settings(
    *, programme: Programme, by: User | None, now: datetime, **numbers: Any
) -> ObservationSettings:
    """Keep what a programme decides about observing. Figures that were shown before stay as told.

    Raises InstrumentError for numbers that protect nobody, and for another programme's requirement.
    """
    pk = settings_of(programme).pk
    row: ObservationSettings = ObservationSettings.objects.select_for_update().get(pk=pk)
    for name, value in numbers.items():
        setattr(row, name, value)
    if row.requirement is not None and row.requirement.programme_id != row.programme_id:
        raise InstrumentError("Choose a requirement of the same programme.", "requirement")
    if row.least_partners > row.least_observers:
        raise InstrumentError(
            "There cannot be more partners than observers among them.", "least_partners"
        )
    check(row, InstrumentError, exclude={"programme", "requirement"})
    check_facts(row, InstrumentError, _SETTINGS_FIELDS)
    row.save()
    return row


@transaction.atomic
def seed(*, programme: Programme, by: User | None, now: datetime) -> list[Instrument]:
    """Give a programme the usual instruments that it does not have; returns those it has then.

    One is whole and may be used at once. Of the others there is only the structure.
    """
    Programme.objects.select_for_update(no_key=True).get(pk=programme.pk)
    here = Instrument.objects.filter(programme=programme)
    keys = set(here.values_list("key", flat=True))
    names = {name.lower() for name in here.values_list("name", flat=True)}
    for one in INSTRUMENTS:
        if one.key not in keys and one.name.lower() not in names:
            _seed_one(programme, one, by=by, now=now)
    return list(here.exclude(key="").order_by("name", "pk"))


def _seed_one(programme: Programme, one: SeedInstrument, *, by: User | None, now: datetime) -> None:
    facts = {name: getattr(one, name) for name in _FACTS}
    instrument = Instrument.objects.create(programme=programme, key=one.key, **facts)
    version = _first_version(instrument, one.lowest, one.highest, by=by, now=now)
    Item.objects.bulk_create(
        Item(version=version, number=number, short=item.short, text=item.text, help=item.help)
        for number, item in enumerate(one.items, 1)
    )
    Anchor.objects.bulk_create(
        Anchor(version=version, mark=mark, words=words)
        for mark, words in enumerate(one.anchors, one.lowest)
    )
    Scale.objects.bulk_create(
        Scale(
            version=version,
            number=number,
            name=scale.name,
            rule=scale.rule,
            items=list(scale.items),
        )
        for number, scale in enumerate(one.scales, 1)
    )


def _first_version(
    instrument: Instrument, lowest: int, highest: int, *, by: User | None, now: datetime
) -> InstrumentVersion:
    version = InstrumentVersion(
        instrument=instrument, number=1, lowest=lowest, highest=highest, made_at=now
    )
    check_facts(version, InstrumentError, {"instrument_version_scale": "highest"})
    version.save()
    begin(version, by=by, now=now)
    return version


@transaction.atomic
def add_instrument(
    *,
    programme: Programme,
    lowest: int,
    highest: int,
    by: User | None,
    now: datetime,
    **facts: Any,
) -> Instrument:
    """Begin an instrument, with an empty draft whose marks go from `lowest` to `highest`.

    facts: name, about, licence, licence_url, attribution, may_display, may_edit, needs_acceptance.
    Raises InstrumentError for a name or licence that is missing, a name that is taken, and marks
    that are no scale.
    """
    instrument = _with_facts(Instrument(programme=programme), facts)
    with told_by_constraints(Instrument, InstrumentError, instrument_once="name"):
        instrument.save(force_insert=True)
    _first_version(instrument, lowest, highest, by=by, now=now)
    return instrument


@transaction.atomic
def change_instrument(
    *, instrument: Instrument, by: User | None, now: datetime, **facts: Any
) -> Instrument:
    """Change what is said of an instrument; another licence has to be accepted again.

    Raises InstrumentError as `add_instrument` does.
    """
    locked: Instrument = Instrument.objects.select_for_update().get(pk=instrument.pk)
    terms = (locked.licence, locked.licence_url)
    _with_facts(locked, facts)
    if (locked.licence, locked.licence_url) != terms:
        locked.accepted_at = locked.accepted_by = None
    with told_by_constraints(Instrument, InstrumentError, instrument_once="name"):
        locked.save()
    return locked


def _with_facts(instrument: Instrument, facts: Mapping[str, Any]) -> Instrument:
    for name in facts:
        if name not in _FACTS:
            raise TypeError(f"An instrument has no “{name}”.")
        value = facts[name]
        if name == "about":
            value = "\n".join(value.splitlines()).strip()
        elif isinstance(value, str):
            value = " ".join(value.split())
        setattr(instrument, name, value)
    check(instrument, InstrumentError, exclude={"programme", "key"}, words=_WORDS)
    return instrument


@transaction.atomic
def accept_terms(
    *,
    instrument: Instrument,
    may_display: bool,
    may_edit: bool,
    by: User | None,
    now: datetime,
) -> Instrument:
    """Somebody has read the terms, accepts them for the programme, and says what they allow.

    Raises InstrumentError when there is nobody to answer for it.
    """
    if by is None:
        raise InstrumentError("Only a person can accept terms.")
    locked: Instrument = Instrument.objects.select_for_update().get(pk=instrument.pk)
    locked.may_display, locked.may_edit = may_display, may_edit
    locked.accepted_at, locked.accepted_by = now, by
    locked.save(update_fields=["may_display", "may_edit", "accepted_at", "accepted_by"])
    return locked


@transaction.atomic
def end_terms(*, instrument: Instrument, by: User | None, now: datetime) -> Instrument:
    """The programme may not use it any longer: no clinic is planned with it from now on."""
    locked: Instrument = Instrument.objects.select_for_update().get(pk=instrument.pk)
    locked.accepted_at = locked.accepted_by = None
    locked.save(update_fields=["accepted_at", "accepted_by"])
    return locked


@transaction.atomic
def draft_from(*, version: InstrumentVersion, by: User | None, now: datetime) -> InstrumentVersion:
    """Begin the next version: items, words of marks and scores of `version`, to be changed.

    Raises InstrumentError when the terms allow no change, and while another draft is open.
    """
    instrument = Instrument.objects.select_for_update().get(pk=version.instrument_id)
    if not instrument.may_edit:
        raise InstrumentError(
            "The terms do not allow the wording to be changed. If they do, say so on the "
            "instrument’s page first."
        )
    versions = InstrumentVersion.objects.filter(instrument=instrument)
    draft = versions.filter(status=_Status.DRAFT).first()
    if draft is not None:
        raise InstrumentError(
            f"Version {draft.number} is being written. Change that one, or retire it first."
        )
    made = InstrumentVersion.objects.create(
        instrument=instrument,
        number=(versions.aggregate(last=Max("number"))["last"] or 0) + 1,
        lowest=version.lowest,
        highest=version.highest,
        follows=version,
        made_at=now,
    )
    begin(made, by=by, now=now)
    for model in (Item, Anchor, Scale):
        rows: list[Any] = list(model._default_manager.filter(version=version))
        for row in rows:
            row.pk, row.version = None, made
        model._default_manager.bulk_create(rows)
    return made


@transaction.atomic
def agree(
    *, version: InstrumentVersion, agreed: str, by: User | None, now: datetime
) -> InstrumentVersion:
    """Write down who agreed what about a version; it may be completed later.

    Raises InstrumentError for an empty note.
    """
    locked = _locked(version)
    locked.agreed = "\n".join(agreed.splitlines()).strip()
    if not locked.agreed:
        raise InstrumentError("Say who agreed what.", "agreed")
    check(locked, InstrumentError, exclude={"instrument", "follows"})
    locked.save(update_fields=["agreed"])
    return locked


@transaction.atomic
def ask(
    *, version: InstrumentVersion, open_to_all: bool, by: User | None, now: datetime
) -> InstrumentVersion:
    """Open a draft to everybody's comments, or close it to them.

    Raises InstrumentError for what is no draft, has no item, or may not be shown.
    """
    locked = locked_draft(version)
    if open_to_all and not rules.shows_wording(locked.instrument):
        raise InstrumentError(
            "The wording may not be shown, so nobody can be asked about it. If your terms allow "
            "it, accept them on the instrument’s page and say so there."
        )
    if open_to_all and not locked.items.exclude(text="").exists():
        raise InstrumentError("Write an item first: there is nothing to comment on.")
    locked.comments_open = open_to_all
    locked.save(update_fields=["comments_open"])
    return locked


def with_parts(versions: Any) -> Any:
    """`versions` (a queryset) with their instruments, items, words of marks and scores."""
    return versions.select_related("instrument").prefetch_related(
        Prefetch("items", Item.objects.order_by("number")),
        Prefetch("anchors", Anchor.objects.order_by("mark")),
        Prefetch("scales", Scale.objects.order_by("number")),
    )


def gaps_of(version: InstrumentVersion) -> list[str]:
    """What `version` lacks before it can be used, a sentence each; none when it is whole."""
    prefetch_related_objects([version], "items", "anchors", "scales")
    return rules.gaps(version, version.items.all(), version.anchors.all(), version.scales.all())


def usable_versions(programme: Programme) -> list[InstrumentVersion]:
    """What a clinic can be planned with: what is in use, and drafts that lack nothing."""
    rows = with_parts(InstrumentVersion.objects.usable().filter(instrument__programme=programme))
    ordered = rows.order_by("instrument__name", "instrument", "-number")
    return [one for one in ordered if one.status == _Status.SEALED or not gaps_of(one)]


@transaction.atomic
def seal(*, version: InstrumentVersion, by: User | None, now: datetime) -> InstrumentVersion:
    """Put a version in use: from now on its wording, marks and scores stand. Once is enough.

    A version that was ever in use passes, even one that is retired: a clinic that was planned
    with it can be held. Raises InstrumentError for a draft that lacks something, with what.
    """
    # Sheets of every clinic begin with this: a version in use is not locked, or they would wait
    # for each other, and for an import that waits for their clinic.
    found = InstrumentVersion.objects.get(pk=version.pk)
    if found.sealed_at is None:
        found = _locked(version)
    if found.sealed_at is None:
        if found.status == _Status.RETIRED:
            raise InstrumentError("This draft was let go. Choose another version.")
        _put_in_use(found, by=by, now=now)
    for name in ("status", "sealed_at", "comments_open"):
        setattr(version, name, getattr(found, name))
    return version


@transaction.atomic
def retire(
    *, version: InstrumentVersion, why: str, by: User | None, now: datetime
) -> InstrumentVersion:
    """No new clinic is planned with it; what it measured stays. A draft is let go.

    Raises InstrumentError when it is retired already.
    """
    locked = _locked(version)
    if locked.status == _Status.RETIRED:
        raise InstrumentError("This version is retired already.")
    transition(
        locked, _Status.RETIRED, by=by, now=now, why=" ".join(why.split())[:500],
        comments_open=False,
    )  # fmt: skip
    return locked


@transaction.atomic
def use_again(*, version: InstrumentVersion, by: User | None, now: datetime) -> InstrumentVersion:
    """Take a retired version back into use.

    Raises InstrumentError for one that is not retired, and for a draft that lacks something.
    """
    locked = _locked(version)
    if locked.status != _Status.RETIRED:
        raise InstrumentError("This version is not retired.")
    _put_in_use(locked, by=by, now=now)
    return locked


def _put_in_use(locked: InstrumentVersion, *, by: User | None, now: datetime) -> None:
    missing = gaps_of(locked)
    if missing:
        raise InstrumentError(f"This version cannot be used yet. {missing[0]}")
    transition(
        locked,
        _Status.SEALED,
        by=by,
        now=now,
        sealed_at=locked.sealed_at or now,
        comments_open=False,
    )


def _locked(version: InstrumentVersion) -> InstrumentVersion:
    rows = InstrumentVersion.objects.select_for_update(of=("self",)).select_related("instrument")
    found: InstrumentVersion = rows.get(pk=version.pk)
    return found


def locked_draft(version: InstrumentVersion) -> InstrumentVersion:
    """The row of a draft, held until the transaction ends.

    Raises InstrumentError when it is in use or retired: then it does not change any more.
    """
    locked = _locked(version)
    if locked.sealed_at is not None:
        day = date_format(locked.sealed_at, "j F Y")
        raise InstrumentError(
            f"This version is in use since {day}, so it stays as it is. Make a new version from it."
        )
    if locked.status != _Status.DRAFT:
        raise InstrumentError("This draft was let go. Make a new version instead.")
    return locked
