"""Matches the rows of a register with the partners we know, and writes what is new in them."""

import copy
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from accounts.models import Programme, User
from partners.models import Expertise, Partner
from partners.services.register import RegisterError, digits, folded, prepared, tidy_text
from partners.services.register_fields import CellError, known_fields
from partners.services.register_headers import Headings
from partners.services.register_rows import Entry, Told
from partners.services.workbook import column_letter

EXPERTISE = {"frozen_assets": Expertise.Kind.FROZEN_ASSET, "jewels": Expertise.Kind.JEWEL}
OWN_FIELDS = frozenset(
    {"name", "known_as", "email", "phone", "joined_on", "access_needs", "dbs_expires_on"}
)
_BATCH = 500


@dataclass
class Outcome:
    """What an import did, or would do."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: int = 0
    ignored: int = 0
    told: list[Told] = field(default_factory=list)

    def counts(self) -> dict[str, int]:
        return {
            name: getattr(self, name)
            for name in ("created", "updated", "unchanged", "refused", "ignored")
        }


@dataclass
class _Person:
    """Somebody on the register, or about to be; with what is to become of them."""

    partner: Partner
    name: str
    emails: set[str]
    phone: str
    joined_on: Any
    entry: Entry | None = None
    changed: set[str] = field(default_factory=set)
    is_new: bool = False
    expertise: set[tuple[str, str]] = field(default_factory=set)

    @classmethod
    def of(cls, partner: Partner, **values: Any) -> "_Person":
        person = cls(partner, "", set(), "", None, **values)
        person.look_again()
        return person

    def look_again(self) -> None:
        self.name = folded(self.partner.name)
        if self.partner.email:
            self.emails.add(self.partner.email)
        self.phone = digits(self.partner.phone)
        self.joined_on = self.partner.joined_on


class _People:
    """Everybody known so far, found by e-mail address or by name."""

    def __init__(self, people: Iterable[_Person]) -> None:
        self.by_email: dict[str, _Person] = {}
        self.by_name: dict[str, list[_Person]] = {}
        for person in people:
            self.add(person)

    def add(self, person: _Person) -> None:
        for email in person.emails:
            self.by_email.setdefault(email, person)
        same_name = self.by_name.setdefault(person.name, [])
        if person not in same_name:
            same_name.append(person)

    def find(self, entry: Entry) -> tuple[_Person | None, str]:
        """Who this row is about, and the field that says so.

        The e-mail address, else the name with the telephone number or the day of joining; the
        name alone where one person has it and nothing speaks against it.
        """
        email = entry.values.get("email")
        if email and email in self.by_email:
            return self.by_email[email], "email"
        phone = digits(entry.values.get("phone", ""))
        joined_on = entry.values.get("joined_on")
        namesakes = self.by_name.get(folded(entry.values["name"]), [])

        def differs(ours: Any, theirs: Any) -> bool:
            return bool(ours) and bool(theirs) and ours != theirs

        def other_email(person: _Person) -> bool:
            return bool(email) and bool(person.emails)

        for person in namesakes:
            if phone and person.phone == phone:
                return person, "phone"
        for person in namesakes:
            same_day = joined_on and person.joined_on == joined_on
            if same_day and not (other_email(person) and differs(phone, person.phone)):
                return person, "joined_on"
        fitting = [
            person
            for person in namesakes
            if not other_email(person)
            and not differs(phone, person.phone)
            and not differs(joined_on, person.joined_on)
        ]
        bare = [p for p in fitting if not (p.emails or p.phone or p.joined_on)]
        if not (email or phone or joined_on) and bare:
            return bare[0], "name"
        return (fitting[0], "name") if len(fitting) == 1 else (None, "")


@dataclass
class Matching:
    """One import under way; every write of it is in one transaction."""

    programme: Programme
    headings: Headings
    by: User | None
    now: datetime
    outcome: Outcome = field(default_factory=Outcome)

    def do(self, entries: list[Entry], told: list[Told]) -> Outcome:
        self.outcome.told += told
        partners = list(Partner.objects.filter(programme=self.programme))
        for partner in partners:
            partner.programme = self.programme
        people = _People(_Person.of(partner) for partner in partners)
        matched: list[tuple[Entry, _Person, str]] = []
        for entry in entries:
            person, how = self._place(entry, people)
            if person is not None:
                matched.append((entry, person, how))
        touched = list({id(person): person for _, person, _ in matched}.values())
        self._write_partners(touched)
        self._write_expertise(matched)
        self._write_others(matched)
        self._count(touched)
        return self.outcome

    def _place(self, entry: Entry, people: _People) -> tuple[_Person | None, str]:
        """Find or make whom `entry` is about, in memory; None when the row is refused."""
        if entry.wrong:
            self.outcome.told += entry.wrong
            return None, ""
        person, how = people.find(entry)
        if person and how == "email" and not _could_be(person.name, folded(entry.values["name"])):
            whose = f" in row {person.entry.number}" if person.entry else ""
            self._refuse(
                entry,
                "email",
                f"This e-mail address is {person.partner.name}’s{whose}. "
                "Give each partner their own, or leave one of them empty.",
            )
            return None, ""
        if person and person.entry:
            return person, how
        fields = {name: v for name, v in entry.values.items() if name in OWN_FIELDS}
        draft = copy.copy(person.partner) if person else Partner(programme=self.programme)
        before = {name: getattr(draft, name) for name in fields}
        if person:
            fields = {n: v for n, v in fields.items() if not _same(n, before[n], v)}
        try:
            prepared(draft, fields)
        except RegisterError as error:
            self._refuse(entry, error.field, str(error))
            return None, ""
        if person is None:
            person = _Person.of(draft, is_new=True)
        else:
            person.partner = draft
            person.changed = {n for n in fields if getattr(draft, n) != before[n]}
            person.look_again()
        person.entry = entry
        people.add(person)
        return person, ""

    def _write_partners(self, people: list[_Person]) -> None:
        new = [person.partner for person in people if person.is_new]
        Partner.objects.bulk_create(new, batch_size=_BATCH)
        changed = [person for person in people if person.changed]
        names = sorted({name for person in changed for name in person.changed} | {"sort_key"})
        if changed:
            Partner.objects.bulk_update(
                [person.partner for person in changed], names, batch_size=_BATCH
            )

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
                self._changed(entry, person, name)
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
                elif answer:
                    self._changed(entry, person, name)
        for entry, person, how in matched:
            if entry is not person.entry and person.entry is not None:
                self._tell(entry, how, _same_person(entry, person, self.headings), "ignored")

    def _changed(self, entry: Entry, person: _Person, name: str) -> None:
        person.changed.add(name)
        if entry is not person.entry:
            entry.added.append(name)

    def _count(self, people: list[_Person]) -> None:
        for person in people:
            if person.is_new:
                self.outcome.created += 1
            elif person.changed:
                self.outcome.updated += 1
            else:
                self.outcome.unchanged += 1
        self.outcome.told.sort(key=lambda line: (line.row, line.column))
        rows = {kind: {t.row for t in self.outcome.told if t.what == kind} for kind in _COUNTED}
        self.outcome.refused = len(rows["refused"])
        self.outcome.ignored = len(rows["ignored"])

    def _refuse(self, entry: Entry, name: str, reason: str) -> None:
        self._tell(entry, name, reason, "refused")

    def _tell(self, entry: Entry, name: str, reason: str, what: str) -> None:
        column = entry.columns.get(name, entry.columns.get("name", 0))
        self.outcome.told.append(Told(entry.number, column_letter(column), reason, what))


_COUNTED = ("refused", "ignored")


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
    first = person.entry.number if person.entry else entry.number
    said = f"The same person as row {first} ({person.partner.name})."
    if not entry.added:
        return f"{said} Nothing in it is new."
    added = " and ".join(
        f"“{headings.headers[entry.columns[name]]}”" for name in sorted(set(entry.added))
    )
    return f"{said} What {added} adds was brought in; the rest of the row was not."
