"""Matches the rows of a register with the partners we know, and writes what is new in them."""

import copy
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError

from accounts.models import Programme, User
from partners.models import Expertise, Partner, PartnerHistory
from partners.services.register import RegisterError, digits, folded, prepared, tidy_text
from partners.services.register_fields import CellError, Change, known_fields
from partners.services.register_headers import Headings
from partners.services.register_rows import Entry, Told
from partners.services.workbook import BadFileError, column_letter

EXPERTISE = {"frozen_assets": Expertise.Kind.FROZEN_ASSET, "jewels": Expertise.Kind.JEWEL}
OWN_FIELDS = frozenset(
    {"name", "known_as", "email", "phone", "joined_on", "access_needs", "dbs_expires_on"}
)
_BATCH = 500
_MEANWHILE = (
    "Somebody changed the register meanwhile: an e-mail address of this file is on it now. "
    "Nothing was brought in. Check the columns again, and look what would happen now."
)


@dataclass(frozen=True)
class FieldChange:
    """What a row changes of somebody who is on the register: one field, from what to what."""

    row: int
    partner: str
    field: str
    change: Change

    def __str__(self) -> str:
        """For a terminal: without what is confidential."""
        field, change = known_fields()[self.field], self.change
        said = f"row {self.row}, {self.partner}: “{field.label}”"
        if field.confidential:
            return f"{said} changes"
        if change.before:
            return f"{said} changes from “{change.before}” to “{change.after}”"
        return f"{said} gets “{change.after}”"

    def as_json(self) -> dict[str, Any]:
        return {
            "row": self.row,
            "partner": self.partner,
            "field": self.field,
            "before": self.change.before,
            "after": self.change.after,
        }


@dataclass
class Outcome:
    """What an import did, or would do."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: int = 0
    ignored: int = 0
    told: list[Told] = field(default_factory=list)
    # What stands on the register already and is replaced comes first.
    changes: list[FieldChange] = field(default_factory=list)

    def counts(self) -> dict[str, int]:
        return {
            name: getattr(self, name)
            for name in ("created", "updated", "unchanged", "refused", "ignored")
        }


@dataclass
class _Person:
    """Somebody on the register, or about to be; with what is to become of them."""

    partner: Partner
    entry: Entry | None = None
    changed: set[str] = field(default_factory=set)
    is_new: bool = False
    expertise: set[tuple[str, str]] = field(default_factory=set)


@dataclass(frozen=True)
class _Known:
    """What tells one person from another, as the register or a row of the sheet has it."""

    person: _Person
    name: str
    email: str
    phone: str
    joined_on: date | None

    @classmethod
    def of_partner(cls, partner: Partner) -> "_Known":
        return cls(
            _Person(partner),
            folded(partner.name),
            partner.email or "",
            digits(partner.phone),
            partner.joined_on,
        )

    @classmethod
    def of_row(cls, entry: Entry, person: _Person) -> "_Known":
        values = entry.values
        return cls(
            person,
            folded(values["name"]),
            values.get("email", ""),
            digits(values.get("phone", "")),
            values.get("joined_on"),
        )

    @property
    def is_bare(self) -> bool:
        return not (self.email or self.phone or self.joined_on)

    def speaks_against(self, other: "_Known") -> bool:
        """Both say an address, a number or a day of joining, and not the same."""
        return any(
            ours and theirs and ours != theirs
            for ours, theirs in (
                (self.email, other.email),
                (self.phone, other.phone),
                (self.joined_on, other.joined_on),
            )
        )


class _People:
    """People found by e-mail address, or by name and what else is known."""

    def __init__(self, known: Iterable[_Known] = ()) -> None:
        self._by_email: dict[str, _Known] = {}
        self._by_name: dict[str, list[_Known]] = {}
        for one in known:
            self.add(one)

    def add(self, known: _Known) -> None:
        if known.email:
            self._by_email.setdefault(known.email, known)
        self._by_name.setdefault(known.name, []).append(known)

    def find(self, row: _Known) -> tuple[list[_Known], str]:
        """Whom `row` may be about, and the field that says so.

        The one of its e-mail address; else the one of its name with its telephone number or its
        day of joining (unless both address and number differ); else everybody of its name whom
        nothing in the row speaks against.
        """
        if row.email and row.email in self._by_email:
            return [self._by_email[row.email]], "email"
        namesakes = self._by_name.get(row.name, [])
        for one in namesakes:
            if row.phone and one.phone == row.phone:
                return [one], "phone"
        for one in namesakes:
            apart = row.email and one.email and row.phone and one.phone
            if row.joined_on and one.joined_on == row.joined_on and not apart:
                return [one], "joined_on"
        return [one for one in namesakes if not one.speaks_against(row)], "name"


@dataclass
class Matching:
    """One import under way; every write of it is in one transaction."""

    programme: Programme
    headings: Headings
    by: User | None
    now: datetime
    outcome: Outcome = field(default_factory=Outcome)

    def do(self, entries: list[Entry], told: list[Told]) -> Outcome:
        """Match and write them all.

        Raises BadFileError when somebody gave a partner one of these addresses meanwhile; whoever
        opened the transaction takes everything back.
        """
        self.outcome.told += told
        partners = list(Partner.objects.filter(programme=self.programme).order_by("pk"))
        for partner in partners:
            partner.programme = self.programme
        register = _People(_Known.of_partner(partner) for partner in partners)
        sheet = _People()
        matched: list[tuple[Entry, _Person, str]] = []
        for entry in entries:
            person, how = self._place(entry, sheet, register)
            if person is not None:
                matched.append((entry, person, how))
        touched = list({id(person): person for _, person, _ in matched}.values())
        try:
            self._write_partners(touched)
        except IntegrityError as error:
            if "partner_email_once" not in str(error):
                raise
            raise BadFileError(_MEANWHILE) from error
        self._write_expertise(matched)
        self._write_others(matched)
        self._count(touched)
        return self.outcome

    def _place(self, entry: Entry, sheet: _People, register: _People) -> tuple[_Person | None, str]:
        """Find or make whom `entry` is about, in memory; None when the row is refused.

        Rows are matched with the first rows of others in the sheet before anybody looks at the
        register, so that the same sheet always parts into the same people.
        """
        if entry.wrong:
            self.outcome.told += entry.wrong
            return None, ""
        row = _Known.of_row(entry, _Person(Partner(programme=self.programme), is_new=True))
        found, how = sheet.find(row)
        if not found:
            found, how = register.find(row)
            bare = [one for one in found if one.is_bare]
            found = bare if row.is_bare and bare else found
            if len(found) > 1:
                self._refuse(
                    entry,
                    "name",
                    f"There are {len(found)} partners called {found[0].person.partner.name} on "
                    "the register. Add an e-mail address or a telephone number to say who it is.",
                )
                return None, ""
        if found and how == "email" and not _could_be(found[0].name, row.name):
            other = found[0].person
            whose = f" in row {other.entry.number}" if other.entry else ""
            self._refuse(
                entry,
                "email",
                f"This e-mail address is {other.partner.name}’s{whose}. "
                "Give each partner their own, or leave one of them empty.",
            )
            return None, ""
        person = found[0].person if found else row.person
        if person.entry:
            return person, how
        if not self._take_over(entry, person):
            return None, ""
        person.entry = entry
        sheet.add(_Known.of_row(entry, person))
        return person, ""

    def _take_over(self, entry: Entry, person: _Person) -> bool:
        """Set what the row says on the partner, in memory; False when it is refused."""
        draft = copy.copy(person.partner)
        said = {name: value for name, value in entry.values.items() if name in OWN_FIELDS}
        before = {name: getattr(draft, name) for name in said}
        said = {name: v for name, v in said.items() if not _same(name, before[name], v)}
        try:
            prepared(draft, said)
        except RegisterError as error:
            self._refuse(entry, error.field, str(error))
            return False
        if not person.is_new:
            for name in said:
                after = getattr(draft, name)
                if after != before[name]:
                    change = Change(_in_words(before[name]), _in_words(after))
                    self._changed(entry, person, name, change)
        person.partner = draft
        return True

    def _write_partners(self, people: list[_Person]) -> None:
        new = [person.partner for person in people if person.is_new]
        Partner.objects.bulk_create(new, batch_size=_BATCH)
        PartnerHistory.objects.bulk_create(
            (
                PartnerHistory(subject=one, at=self.now, by=self.by, to_status=one.status)
                for one in new
            ),
            batch_size=_BATCH,
        )
        # Each partner's own changes and no more: what somebody else is changing meanwhile stands.
        alike: dict[frozenset[str], list[Partner]] = {}
        for person in people:
            if person.changed:
                derived = {"sort_key"} if "name" in person.changed else set()
                alike.setdefault(frozenset(person.changed | derived), []).append(person.partner)
        for names, changed in alike.items():
            Partner.objects.bulk_update(changed, sorted(names), batch_size=_BATCH)

    def _write_expertise(self, matched: list[tuple[Entry, _Person, str]]) -> None:
        wanted = [
            (entry, person, name, kind)
            for entry, person, _ in matched
            for name, kind in EXPERTISE.items()
            if name in entry.values
        ]
        people = {person.partner.pk: person for _, person, _, _ in wanted}
        for partner_id, kind, text in Expertise.objects.filter(partner__in=people).values_list(
            "partner_id", "kind", "text"
        ):
            people[partner_id].expertise.add((kind, folded(text)))
        new = []
        for entry, person, name, kind in wanted:
            for text in entry.values[name]:
                key = (str(kind), folded(text))
                if key in person.expertise:
                    continue
                person.expertise.add(key)
                self._changed(entry, person, name, Change("", tidy_text(text)))
                new.append(
                    Expertise(
                        partner=person.partner,
                        kind=kind,
                        text=tidy_text(text),
                        visibility=Expertise.Visibility.COORDINATORS,
                        added_at=self.now,
                        changed_at=self.now,
                    )
                )
        Expertise.objects.bulk_create(new, batch_size=_BATCH)

    def _write_others(self, matched: list[tuple[Entry, _Person, str]]) -> None:
        """What the apps above keep. A second row of somebody only adds to lists."""
        for name, known in known_fields().items():
            asked = [
                (entry, person)
                for entry, person, _ in matched
                if name in entry.values
                and (entry is person.entry or isinstance(entry.values[name], list))
            ]
            if known.write is None or not asked:
                continue
            answers = known.write(
                rows=[(person.partner, entry.values[name]) for entry, person in asked],
                by=self.by,
                now=self.now,
            )
            for (entry, person), answer in zip(asked, answers, strict=True):
                if isinstance(answer, CellError):
                    self._tell(entry, name, f"{answer} The rest of the row is fine.", "noted")
                elif answer is not None:
                    self._changed(entry, person, name, answer)
        for entry, person, how in matched:
            if entry is not person.entry and person.entry is not None:
                self._tell(entry, how, _same_person(entry, person, self.headings), "ignored")

    def _changed(self, entry: Entry, person: _Person, name: str, change: Change) -> None:
        person.changed.add(name)
        if person.entry is not None and entry is not person.entry:
            entry.added.append(name)
        if not person.is_new:
            called = person.partner.name
            self.outcome.changes.append(FieldChange(entry.number, called, name, change))

    def _count(self, people: list[_Person]) -> None:
        for person in people:
            if person.is_new:
                self.outcome.created += 1
            elif person.changed:
                self.outcome.updated += 1
            else:
                self.outcome.unchanged += 1
        self.outcome.told.sort(key=lambda line: (line.row, line.column))
        self.outcome.changes.sort(key=lambda one: (not one.change.before, one.row))
        rows = {kind: {t.row for t in self.outcome.told if t.what == kind} for kind in _COUNTED}
        self.outcome.refused = len(rows["refused"])
        self.outcome.ignored = len(rows["ignored"])

    def _refuse(self, entry: Entry, name: str, reason: str) -> None:
        self._tell(entry, name, reason, "refused")

    def _tell(self, entry: Entry, name: str, reason: str, what: str) -> None:
        column = entry.columns.get(name, entry.columns.get("name", 0))
        self.outcome.told.append(Told(entry.number, column_letter(column), reason, what))


_COUNTED = ("refused", "ignored")


def _in_words(value: Any) -> str:
    return f"{value:%-d %B %Y}" if isinstance(value, date) else str(value or "")


def _same(name: str, ours: Any, theirs: Any) -> bool:
    """Nothing to change: the same but for capitals, spaces and accents."""
    if name == "phone":
        return bool(ours) and digits(ours) == digits(theirs)
    if isinstance(ours, str) and isinstance(theirs, str):
        return bool(ours) and folded(ours) == folded(theirs)
    return bool(ours == theirs)


def _could_be(ours: str, theirs: str) -> bool:
    """Two names that one person may have: some part of them is the same."""
    return bool(set(ours.replace("-", " ").split()) & set(theirs.replace("-", " ").split()))


def _same_person(entry: Entry, person: _Person, headings: Headings) -> str:
    def headers(names: Iterable[str]) -> str:
        columns = sorted({entry.columns[name] for name in names})
        return " and ".join(f"“{headings.headers[i]}”" for i in columns)

    first = person.entry.number if person.entry else entry.number
    said = [f"The same person as row {first} ({person.partner.name})."]
    other = [
        name
        for name in entry.values
        if name in OWN_FIELDS and not _same(name, getattr(person.partner, name), entry.values[name])
    ]
    if entry.added:
        said.append(f"What {headers(entry.added)} adds was brought in.")
    if other:
        said.append(f"What {headers(other)} says was not: put it into row {first} if it is right.")
    if not entry.added and not other:
        said.append("Nothing in it is new.")
    return " ".join(said)
