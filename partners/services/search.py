"""Who could help with X: partners, found in what was shared with who asks.

Every source is narrowed by `visible_to` first and cut off at `CANDIDATES` after: what was not
shared with somebody changes neither what they find nor how much of it. The cost of a search is
bounded by that number, not by the register.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import reduce
from operator import or_
from typing import Any

from django.contrib.postgres.search import (
    SearchQuery,
    SearchRank,
    SearchVector,
    TrigramWordSimilarity,
)
from django.db.models import (
    Exists,
    F,
    FloatField,
    OuterRef,
    Q,
    QuerySet,
    TextField,
    Value,
)
from django.db.models.functions import Cast, Concat, Upper

from accounts.models import User
from partners.models import (
    Contribution,
    Expertise,
    Partner,
    Passion,
    Pause,
    PortfolioEntry,
    Priority,
    Requirement,
    RequirementRecord,
    RoleHeld,
    Story,
)
from partners.rules.search import Scope, scope_of

CANDIDATES = 200  # of each source
HITS_OF_A_SOURCE = 3  # of one partner count
LONGEST_QUERY = 200
_MOST_WORDS = 5
WORD = re.compile(r"[^\W\d_]{4,}")

# What counts how much, and in which order reasons stand beside each other.
WEIGHTS = {
    "expertise": 1.0,
    "passion": 0.8,
    "entry": 0.8,
    "story": 0.6,
    "priority": 0.5,
    "work": 0.4,
}


@dataclass(frozen=True)
class Asked:
    """What somebody looks for: words, and facts that must hold."""

    words: str = ""
    free: bool = False
    kind: str = ""
    role: int | None = None
    in_date: bool = False
    team: int | None = None

    def __bool__(self) -> bool:
        facts = (self.free, self.kind, self.role, self.in_date, self.team)
        return bool(self.words or any(facts))


# Which rows, each with its `partner`, say that somebody works or worked with a team: told by the
# floor above, where the work groups are.
_works_with: list[Callable[[int], QuerySet[Any]]] = []


def teams_are_told_by(rows: Callable[[int], QuerySet[Any]]) -> None:
    """Let `rows`, which takes the id of a team, say who works or worked with it."""
    _works_with.append(rows)


@dataclass
class Search:
    """The partners that fit, best first; `search_reasons.explain` tells of some of them why."""

    asked: Asked
    partners: Any  # ids in order, or a queryset of partners where no words were asked for
    nearly: bool = False  # nobody's words are these: some are spelt nearly so
    too_many: bool = False
    hits: dict[int, list[tuple[str, int]]] = field(default_factory=dict)


def search(*, asked: Asked, user: User, day: date) -> Search:
    """Look for partners in the programmes `user` may look in.

    Two queries at most. Where nobody's words fit, looks for words spelt nearly the same in what
    partners bring, care about, want and tell of their work.
    """
    scope = scope_of(user)
    if not asked.words:
        return Search(asked, _partners(asked, scope, day))
    exact = exactly(asked.words)
    rows = _together(
        _narrowed(source, asked, scope, day)
        .filter(source.matches(exact))
        .annotate(rank=source.rank(exact))
        for source in sources(user, scope, day)
    )
    if rows:
        return _ordered(asked, rows)
    words = [word.upper() for word in WORD.findall(asked.words)][:_MOST_WORDS]
    if not words:
        return Search(asked, [])
    rows = _together(
        _narrowed(source, asked, scope, day)
        .filter(source.resembles(words))
        .annotate(rank=source.nearness(words))
        for source in sources(user, scope, day)
        if source.texts
    )
    result = _ordered(asked, rows)
    result.nearly = bool(rows)
    return result


# --- Where is looked -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Source:
    """Rows of one kind that `user` may see. `partner` is the way to their partner; `texts` the
    fields that are looked through for words spelt nearly the same; `quoted` what is shown."""

    name: str
    rows: QuerySet[Any]
    quoted: Any
    partner: str = "partner"
    vector: Any = None
    texts: tuple[str, ...] = ()

    def matches(self, query: SearchQuery) -> Q:
        return Q(words=query) if self.vector is not None else Q(search=query)

    def rank(self, query: SearchQuery) -> Any:
        return SearchRank(F("words") if self.vector is not None else F("search"), query)

    def resembles(self, words: list[str]) -> Q:
        found = Q()
        for word in words:
            one = Q()
            for text in self.texts:
                one |= Q(**{f"{text}_upper__trigram_word_similar": word})
            found &= one
        return found

    def nearness(self, words: list[str]) -> Any:
        near = [TrigramWordSimilarity(word, F(f"{self.texts[0]}_upper")) for word in words]
        total: Any = Cast(near[0], FloatField())
        for one in near[1:]:
            total = total + Cast(one, FloatField())
        return total / Value(float(len(near)))


def sources(user: User, scope: Scope, day: date) -> list[Source]:
    """Where is looked on behalf of `user`: nothing in it that was not shared with them."""
    own_words: list[tuple[str, Any]] = [
        ("expertise", Expertise),
        ("passion", Passion),
        ("priority", Priority),
    ]
    found = [
        Source(
            name,
            model.objects.visible_to(user).exclude(visibility="only_me"),
            F("text"),
            texts=("text",),
        )
        for name, model in own_words
    ]
    lines = ("brought", Value("\n"), "changed", Value("\n"), "role")
    entry = Concat(*lines, output_field=TextField())
    found.append(
        Source(
            "entry",
            PortfolioEntry.objects.visible_to(user)
            .exclude(visibility="only_me")
            .exclude(contribution__status="withdrawn"),
            entry,
            partner="contribution__partner",
            texts=("brought", "changed", "role"),
        )
    )
    stories = Story.objects.visible_to(user, day)
    if scope.coordinated:
        found.append(Source("story", stories.in_bank(user, day), F("title")))
        found.append(
            Source(
                "work",
                Contribution.objects.visible_to(user)
                .standing()
                .filter(programme__in=scope.coordinated),
                F("title"),
                vector=SearchVector("title", config="english"),
            )
        )
    if scope.staffed:
        # Who is found by a story told under another name, or none, would be known by it.
        told = stories.for_staff(user, day).filter(partner__programme__in=scope.staffed)
        found.append(Source("story", told.named(), F("title")))
    return found


def _narrowed(source: Source, asked: Asked, scope: Scope, day: date) -> QuerySet[Any]:
    rows = source.rows.filter(
        ~Q(**{f"{source.partner}__status": Partner.Status.LEFT}),
        _facts(asked, scope, day, f"{source.partner}__"),
        **{f"{source.partner}__programme__in": scope.everywhere},
    )
    if source.vector is not None:
        rows = rows.annotate(words=source.vector)
    annotated: QuerySet[Any] = rows.annotate(
        **{f"{text}_upper": Upper(text) for text in source.texts},
        source=Value(source.name),
        row=F("pk"),
        owner=F(f"{source.partner}_id"),
        key=F(f"{source.partner}__sort_key"),
    )
    return annotated


def _facts(asked: Asked, scope: Scope, day: date, to_partner: str) -> Q:
    """What must hold of the partner; facts that only coordinators see narrow to their partners."""
    partner = OuterRef(f"{to_partner}pk")
    found = Q()
    if asked.free or asked.role or asked.in_date or asked.team:
        found &= Q(**{f"{to_partner}programme__in": scope.coordinated})
    if asked.free:
        found &= Q(**{f"{to_partner}status": Partner.Status.ACTIVE})
        found &= ~Q(Exists(Pause.objects.filter(covers(day), partner=partner)))
    if asked.role:
        found &= Q(Exists(RoleHeld.objects.filter(partner=partner, role=asked.role)))
    if asked.team:
        told = (Exists(rows(asked.team).filter(partner=partner)) for rows in _works_with)
        found &= reduce(or_, map(Q, told), Q(pk__in=[]))
    if asked.in_date:
        missing = _missing(f"{to_partner}pk", f"{to_partner}programme", day)
        found &= ~Q(Exists(missing))
    if asked.kind:
        done = Contribution.objects.standing().filter(partner=partner, kind=asked.kind)
        shown = PortfolioEntry.objects.filter(
            contribution__partner=partner, contribution__kind=asked.kind, visibility="staff"
        ).exclude(contribution__status="withdrawn")
        found &= (Q(**{f"{to_partner}programme__in": scope.coordinated}) & Q(Exists(done))) | (
            Q(**{f"{to_partner}programme__in": scope.staffed}) & Q(Exists(shown))
        )
    return found


def covers(day: date) -> Q:
    """Of rows from one day to another, or on and on: those that `day` falls into."""
    return Q(starts_on__lte=day) & (Q(ends_on__isnull=True) | Q(ends_on__gte=day))


def _missing(partner: str, programme: str, day: date) -> QuerySet[Any]:
    """Requirements that apply to a partner and of which nothing in date is approved."""
    named = Requirement.roles.through.objects.filter(requirement=OuterRef("pk"))
    held = RoleHeld.objects.filter(
        covers(day), partner=OuterRef(OuterRef(OuterRef(partner))), role=OuterRef("pathwayrole")
    )
    met = RequirementRecord.objects.filter(
        Q(expires_on__isnull=True) | Q(expires_on__gte=day),
        partner=OuterRef(OuterRef(partner)),
        requirement=OuterRef("pk"),
        status=RequirementRecord.Status.APPROVED,
    )
    return (
        Requirement.objects.current()
        .filter(programme=OuterRef(programme))
        .filter(~Exists(named) | Exists(named.filter(Exists(held))))
        .filter(~Exists(met))
    )


def _partners(asked: Asked, scope: Scope, day: date) -> QuerySet[Any]:
    """Without words: the partners of whom the facts hold, by name."""
    rows = Partner.objects.filter(programme__in=scope.everywhere).exclude(
        status=Partner.Status.LEFT
    )
    if not asked:
        return rows.none()
    return rows.filter(_facts(asked, scope, day, "")).order_by("sort_key", "pk")


# --- In which order ------------------------------------------------------------------------------


def exactly(words: str) -> SearchQuery:
    """The words as they are typed into a search box: with quotes, "or" and a minus."""
    return SearchQuery(words, search_type="websearch", config="english")


def _together(found: Iterable[QuerySet[Any]]) -> list[tuple[Any, ...]]:
    """One query of all sources, each cut off."""
    columns = ("source", "row", "owner", "key", "rank")
    first, *others = (rows.order_by().values_list(*columns)[:CANDIDATES] for rows in found)
    return list(first.union(*others, all=True))


def _ordered(asked: Asked, rows: list[tuple[Any, ...]]) -> Search:
    """Whose words say most stand first; the same by name."""
    best = sorted(rows, key=lambda hit: (-hit[4], hit[0], hit[1]))
    of_source: dict[str, int] = defaultdict(int)
    counted: dict[tuple[int, str], int] = defaultdict(int)
    score: dict[int, float] = defaultdict(float)
    names: dict[int, str] = {}
    hits: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for source, row, owner, key, rank in best:
        of_source[source] += 1
        names[owner] = key
        if counted[owner, source] < HITS_OF_A_SOURCE:
            counted[owner, source] += 1
            score[owner] += WEIGHTS[source] * rank
            hits[owner].append((source, row))
    order = sorted(score, key=lambda owner: (-round(score[owner], 5), names[owner], owner))
    for said in hits.values():
        said.sort(key=lambda hit: list(WEIGHTS).index(hit[0]))
    too_many = any(number >= CANDIDATES for number in of_source.values())
    return Search(asked, order, too_many=too_many, hits=dict(hits))
