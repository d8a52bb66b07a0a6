"""Finds who is meant by a name on a paper sheet: partners, clinicians and peers, teams."""

import re
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

from accounts.models import Programme, Role, RoleGrant, Team, User
from accounts.services.people import PeopleError, add_person, grant_role
from accounts.services.programmes import ProgrammeError, create_team
from partners.models import DeclaredConflict, Partner
from partners.services.register import RegisterError, add_partner, folded
from partners.services.register_fields import CellError
from partners.services.register_headers import words_of

_TITLE = re.compile(r"mr|mrs|ms|miss|mx|dr|doctor|prof|professor|sir|dame|sister|rev|revd|nurse")
_BRACKETS = re.compile(r"\([^)]*\)|\[[^\]]*\]")
_APOSTROPHES = re.compile(r"['’‘`´]")
_NO_WORD = re.compile(r"[^\w]+")
_CLINICAL = (Role.CLINICIAN, Role.CLINICAL_LEAD, Role.PEER_OBSERVER)
_SIDES = {
    words: side
    for side, listed in {
        "partner": "pcp|pcps|partner|partners|patient partner|patient and carer partner|patient|"
        "carer|lay|lay observer|expert by experience|patient observer|partner observer|"
        "pcp observer",
        "peer": "peer clinician|peer|peers|clinician|peer observer|clinical peer|colleague|"
        "clinical|clinician observer|clinician peer|professional|staff|clinical lead",
        "self": "self|own|self rating|clinician self|clinicians own|own rating",
    }.items()
    for words in listed.split("|")
}
_LET = "add them first, or let the import make them (--create-people)."

Found = Callable[[str], set[int]]


@lru_cache(maxsize=1 << 16)
def name_key(name: str) -> str:
    """A name for comparing: without title, role in brackets, accents, capitals and full stops."""
    plain = _APOSTROPHES.sub("", _BRACKETS.sub(" ", name))
    surname, comma, first = plain.partition(",")
    if comma and first.strip():
        plain = f"{first} {surname}"
    words = _NO_WORD.sub(" ", folded(plain)).split()
    while len(words) > 1 and _TITLE.fullmatch(words[0]):
        words.pop(0)
    return " ".join(words)


@dataclass
class _Names:
    """Who has which name."""

    called: dict[int, str] = field(default_factory=dict)
    _by_key: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    _by_surname: dict[str, set[tuple[str, int]]] = field(default_factory=lambda: defaultdict(set))

    def add(self, pk: int, name: str, known_as: str = "") -> None:
        self.called[pk] = name
        keys = {name_key(name)}
        if known_as:
            called = name_key(known_as)
            keys |= {called, f"{called} {name_key(name).rpartition(' ')[2]}"}
        for key in keys - {""}:
            self._by_key[key].add(pk)
            self._by_surname[key.rpartition(" ")[2]].add((key, pk))

    def find(self, said: str) -> set[int]:
        """Whoever has this name; else whoever it may be by initials."""
        key = name_key(said)
        return set(self._by_key.get(key, ())) or self._by_initials(key.split())

    def _by_initials(self, words: list[str]) -> set[int]:
        initials = 0
        while initials < len(words) - 1 and len(words[initials]) == 1:
            initials += 1
        if not initials:
            return set()
        surname = words[initials:]
        found = set()
        for key, pk in self._by_surname.get(surname[-1], ()):
            theirs = key.split()
            given = theirs[: -len(surname)]
            if theirs[-len(surname) :] == surname and len(given) >= initials:
                firsts = [name[0] for name in given[:initials]]
                if firsts == words[:initials]:
                    found.add(pk)
        return found


class People:
    """The people and teams of a programme by name; read once, and made where that is wanted."""

    def __init__(
        self, *, programme: Programme, create: bool, by: User | None, now: datetime
    ) -> None:
        self.programme, self.create, self.by, self.now = programme, create, by, now
        self.made: dict[str, list[str]] = {"partners": [], "people": [], "teams": []}
        self.unknown: dict[str, int] = defaultdict(int)
        self._partners, self._people, self._teams = _Names(), _Names(), _Names()
        self._sign_ins: dict[int, int] = {}
        partners = Partner.objects.filter(programme=programme, erased_at__isnull=True)
        for pk, name, known_as, user in partners.values_list("pk", "name", "known_as", "user"):
            self._partners.add(pk, name, known_as)
            if user is not None:
                self._sign_ins[pk] = user
        held = RoleGrant.objects.filter(programme=programme, role__in=_CLINICAL)
        users = User.objects.filter(pk__in=held.values("user"))
        for pk, name in users.values_list("pk", "name"):
            self._people.add(pk, name)
        for pk, name in Team.objects.filter(programme=programme).values_list("pk", "name"):
            self._add_team(pk, name)
        self._apart = _declared(programme)
        self._granted: set[tuple[int, str, int]] = set()
        self._made_people: dict[int, User] = {}
        self._made_teams: dict[int, Team] = {}
        terms = (
            programme.partner_term,
            programme.partner_term_plural,
            programme.partner_term_short,
        )
        self._sides = {**_SIDES, **{words_of(term): "partner" for term in terms}}

    # Each raises CellError for a name that nobody has, or more than one.

    def team(self, said: str, *, make: bool) -> int:
        """The team of this name; where there is none and `make` is said, a new one."""
        found = self._one(_of_teams(self._teams), said, "team", "teams", self._teams)
        if found is not None:
            return found
        if not self.create:
            raise self._nobody(f"There is no team “{said}”. Check the spelling, {_LET}", said)
        if not make:
            return 0
        try:
            team = create_team(programme=self.programme, name=said[:120], by=self.by, now=self.now)
        except ProgrammeError as error:
            raise CellError(str(error)) from error
        self.made["teams"].append(team.name)
        self._made_teams[team.pk] = team
        self._add_team(team.pk, team.name)
        return team.pk

    def clinician(self, said: str, team: int, *, make: bool) -> int:
        """The clinician of this name."""
        return self._person(said, team, Role.CLINICIAN, "clinician", make=make)

    def observer(self, said: str, kind: str, team: int, *, make: bool) -> tuple[int, int]:
        """The observer of this name: as a partner, or as a peer; the other is 0."""
        side = self._side(said, kind)
        if side == "peer":
            return 0, self._person(said, team, Role.PEER_OBSERVER, "peer", make=make)
        found = self._one(self._partners.find, said, "partner", "partners", self._partners)
        if found is not None:
            return found, 0
        if not self.create:
            other = " A peer has that name: check the type." if self._people.find(said) else ""
            sentence = f"No partner is called “{said}”.{other} Check the spelling, {_LET}"
            raise self._nobody(sentence, said)
        if not make:
            return 0, 0
        try:
            partner = add_partner(programme=self.programme, name=said, by=self.by, now=self.now)
        except RegisterError as error:
            raise CellError(str(error)) from error
        self.made["partners"].append(partner.name)
        self._partners.add(partner.pk, partner.name)
        return partner.pk, 0

    def kind(self, kind: str) -> str:
        """Which side a type of observer is; nothing where none is said."""
        words = words_of(kind)
        if not words:
            return ""
        side = self._sides.get(words)
        if side == "self":
            raise CellError(
                "A clinician's rating of their own clinic is not brought in here: they give it "
                "on their own page."
            )
        if side is None:
            raise CellError(f"“{kind[:40]}” is no type of observer. Write PCP or Peer clinician.")
        return side

    def why_apart(self, partner: int, person: int, clinician: int, team: int) -> str:
        """Why somebody may not observe a clinician of a team; empty when they may."""
        sign_in = self._sign_ins.get(partner, 0) if partner else person
        name = self._partners.called[partner] if partner else self._people.called[person]
        if sign_in == clinician:
            return f"{name} cannot observe their own clinic."
        observer = {("partner", partner), ("user", sign_in)}
        theirs = {("user", clinician), ("team", team)}
        if any((one, other) in self._apart for one in observer for other in theirs):
            return f"{name} is not to work with this clinician or this team."
        return ""

    # --- How ---

    def _side(self, said: str, kind: str) -> str:
        if side := self.kind(kind):
            return side
        partners, peers = self._partners.find(said), self._people.find(said)
        if bool(partners) == bool(peers):
            raise CellError(
                f"Say whether “{said}” is a PCP or a peer clinician, under “Observer type”."
            )
        return "partner" if partners else "peer"

    def _person(self, said: str, team: int, role: str, what: str, *, make: bool) -> int:
        found = self._one(self._people.find, said, what, f"{what}s", self._people)
        if found is None:
            if not self.create:
                other = " A partner has that name: check the type." if what == "peer" else ""
                other = other if self._partners.find(said) else ""
                sentence = f"No {what} is called “{said}”.{other} Check the spelling, {_LET}"
                raise self._nobody(sentence, said)
            if not make:
                return 0
            found = self._make_person(said, team, role)
        if found in self._made_people and team and (found, role, team) not in self._granted:
            grant_role(
                user=self._made_people[found],
                programme=self.programme,
                role=role,
                by=self.by,
                now=self.now,
                team=self._team(team),
            )
            self._granted.add((found, role, team))
        return found

    def _make_person(self, said: str, team: int, role: str) -> int:
        try:
            person = add_person(
                programme=self.programme,
                name=said,
                role=role,
                by=self.by,
                now=self.now,
                team=self._team(team),
            )
        except PeopleError as error:
            raise CellError(str(error)) from error
        self.made["people"].append(person.name)
        self._made_people[person.pk] = person
        self._granted.add((person.pk, role, team))
        self._people.add(person.pk, person.name)
        return person.pk

    def _team(self, pk: int) -> Team:
        if pk not in self._made_teams:
            self._made_teams[pk] = Team.objects.get(pk=pk)
        return self._made_teams[pk]

    def _add_team(self, pk: int, name: str) -> None:
        self._teams.add(pk, name)

    def _one(self, find: Found, said: str, one: str, many: str, names: _Names) -> int | None:
        found = find(said)
        if len(found) > 1:
            called = ", ".join(sorted({names.called[pk] for pk in found})[:5])
            if called.count(",") == 0:
                raise CellError(
                    f"{len(found)} {many} are called “{called}”: this cannot tell them "
                    "apart. Give one of them another known-as name first."
                )
            raise CellError(f"“{said}” may be {called}. Write the full name of the {one}.")
        return next(iter(found), None)

    def _nobody(self, sentence: str, said: str) -> CellError:
        self.unknown[said] += 1
        return CellError(sentence)


def _of_teams(names: _Names) -> Found:
    """Teams are found with or without the word."""

    def find(said: str) -> set[int]:
        plain = name_key(said)
        return (
            names.find(plain)
            or names.find(plain.removesuffix(" team"))
            or names.find(f"{plain} team")
        )

    return find


def _declared(programme: Programme) -> set[tuple[tuple[str, int], tuple[str, int]]]:
    """Who is not to work with whom, both ways round."""
    rows: Any = DeclaredConflict.objects.standing().filter(programme=programme).with_people()
    found = set()
    for one, one_user, other, other_user, team in rows.order_by().values_list(
        "one", "one_user", "other", "other_user", "with_team"
    ):
        ones = [("partner", one), ("user", one_user)]
        others = [("partner", other), ("user", other_user), ("team", team)]
        for a in ones:
            for b in others:
                if a[1] and b[1]:
                    found |= {(a, b), (b, a)}
    return found
