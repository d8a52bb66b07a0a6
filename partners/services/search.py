"""Who could help with X: partners, with the reasons, out of what was shared with who asks.

Every source is narrowed by `visible_to` first and cut off at `CANDIDATES` after: what was not
shared with somebody changes neither what they find nor how much of it. The cost of a search is
bounded by that number, not by the register.
"""

import difflib
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.contrib.postgres.search import (
    SearchHeadline,
    SearchQuery,
    SearchRank,
    SearchVector,
    TrigramWordSimilarity,
)
from django.db.models import (
    Count,
    Exists,
    F,
    FloatField,
    Max,
    OuterRef,
    Q,
    QuerySet,
    TextField,
    Value,
)
from django.db.models.functions import Cast, Concat, Left, Upper

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
from partners.models.contribution import Kind
from partners.rules.search import Scope, scope_of

CANDIDATES = 200  # of each source
HITS_OF_A_SOURCE = 3  # of one partner count
REASONS_SHOWN = 4
LONGEST_QUERY = 200
_MOST_WORDS = 5
_WORD = re.compile(r"[^\W\d_]{4,}")
_NEARLY = 0.7
_QUOTED_WORDS = 30
# Characters that no text has a use for: what stands between them is what matched.
START, STOP = "\ue000", "\ue001"

# What counts how much, and in which order reasons stand beside each other.
WEIGHTS = {
    "expertise": 1.0,
    "passion": 0.8,
    "entry": 0.8,
    "story": 0.6,
    "priority": 0.5,
    "work": 0.4,
}
_PLURALS = {
    Kind.MDT: "MDT meetings",
    Kind.MEETING: "meetings",
    Kind.PROJECT: "pieces of project work",
    Kind.EVENT: "events",
    Kind.PANEL: "panels",
    Kind.RECRUITMENT: "recruitments",
    Kind.OBSERVATION: "clinic observations",
    Kind.MENTORING: "mentoring sessions",
    Kind.RESEARCH: "pieces of research",
    Kind.EDUCATION: "pieces of teaching or learning",
    Kind.READING: "pieces of reading",
    Kind.WRITING: "pieces of writing",
    Kind.OTHER: "other pieces of work",
}


@dataclass(frozen=True)
class Asked:
    """What somebody looks for: words, and facts that must hold."""

    words: str = ""
    free: bool = False
    kind: str = ""
    role: int | None = None
    in_date: bool = False

    def __bool__(self) -> bool:
        return bool(self.words or self.free or self.kind or self.role or self.in_date)


@dataclass(frozen=True)
class Reason:
    """Why a partner is among those found: "brings", and the words, with `START` and `STOP` around
    what matched. `story` is set where the words are a story's title."""

    label: str
    quote: str = ""
    story: int | None = None


@dataclass(frozen=True)
class Found:
    """A partner who could help, and why. Facts of availability are for coordinators."""

    partner: Partner
    reasons: list[Reason]
    coordinated: bool
    availability: str = ""


@dataclass
class Search:
    """The partners that fit, best first; `found` tells of some of them why."""

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
    exact = _exactly(asked.words)
    rows = _together(
        _narrowed(source, asked, scope, day)
        .filter(source.matches(exact))
        .annotate(rank=source.rank(exact))
        for source in _sources(user, scope, day)
    )
    if rows:
        return _ordered(asked, rows)
    words = [word.upper() for word in _WORD.findall(asked.words)][:_MOST_WORDS]
    if not words:
        return Search(asked, [])
    rows = _together(
        _narrowed(source, asked, scope, day)
        .filter(source.resembles(words))
        .annotate(rank=source.nearness(words))
        for source in _sources(user, scope, day)
        if source.texts
    )
    result = _ordered(asked, rows)
    result.nearly = bool(rows)
    return result


def explain(*, result: Search, partners: Iterable[Any], user: User, day: date) -> list[Found]:
    """The reasons of some partners of `result`, in their order; four queries at most.

    What may be quoted is asked anew here: nothing that was taken back meanwhile is.
    """
    scope, asked = scope_of(user), result.asked
    keys = [one.pk if isinstance(one, Partner) else one for one in partners]
    rows = Partner.objects.filter(pk__in=keys, programme__in=scope.everywhere)
    known = {row.pk: row for row in rows.select_related("programme")}
    reasons = _quotes(result, keys, user, scope, day)
    for owner, said in _work(asked, keys, user, scope).items():
        reasons[owner].append(said)
    away = {
        pause.partner_id: pause
        for pause in Pause.objects.visible_to(user).filter(_covers(day), partner__in=keys)
    }
    return [
        Found(
            partner=known[key],
            reasons=reasons[key][:REASONS_SHOWN],
            coordinated=known[key].programme_id in scope.coordinated,
            availability=_availability(known[key], away.get(key), scope),
        )
        for key in keys
        if key in known
    ]


# --- Where is looked -----------------------------------------------------------------------------


@dataclass(frozen=True)
class _Source:
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


def _sources(user: User, scope: Scope, day: date) -> list[_Source]:
    own_words: list[tuple[str, Any]] = [
        ("expertise", Expertise),
        ("passion", Passion),
        ("priority", Priority),
    ]
    found = [
        _Source(
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
        _Source(
            "entry",
            PortfolioEntry.objects.visible_to(user)
            .exclude(visibility="only_me")
            .exclude(contribution__status="withdrawn"),
            entry,
            partner="contribution__partner",
            texts=("brought", "changed", "role"),
        )
    )
    stories = Story.objects
    if scope.coordinated:
        found.append(_Source("story", stories.in_bank(user, day), F("title")))
        found.append(
            _Source(
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
        found.append(_Source("story", told.named(), F("title")))
    return found


def _narrowed(source: _Source, asked: Asked, scope: Scope, day: date) -> QuerySet[Any]:
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
    if asked.free or asked.role or asked.in_date:
        found &= Q(**{f"{to_partner}programme__in": scope.coordinated})
    if asked.free:
        found &= Q(**{f"{to_partner}status": Partner.Status.ACTIVE})
        found &= ~Q(Exists(Pause.objects.filter(_covers(day), partner=partner)))
    if asked.role:
        found &= Q(Exists(RoleHeld.objects.filter(partner=partner, role=asked.role)))
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


def _covers(day: date) -> Q:
    return Q(starts_on__lte=day) & (Q(ends_on__isnull=True) | Q(ends_on__gte=day))


def _missing(partner: str, programme: str, day: date) -> QuerySet[Any]:
    """Requirements that apply to a partner and of which nothing in date is approved."""
    named = Requirement.roles.through.objects.filter(requirement=OuterRef("pk"))
    held = RoleHeld.objects.filter(
        _covers(day), partner=OuterRef(OuterRef(OuterRef(partner))), role=OuterRef("pathwayrole")
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


def _exactly(words: str) -> SearchQuery:
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


# --- Why -----------------------------------------------------------------------------------------

_LABELS = {
    "expertise": "Brings",
    "passion": "Cares about",
    "priority": "Would like",
    "entry": "From their portfolio",
    "story": "Tells a story",
}


def _quotes(
    result: Search, keys: list[int], user: User, scope: Scope, day: date
) -> dict[int, list[Reason]]:
    """Their own words, as shared, with what matched between `START` and `STOP`."""
    reasons: dict[int, list[Reason]] = defaultdict(list)
    wanted: dict[str, list[int]] = defaultdict(list)
    for key in keys:
        for name, row in result.hits.get(key, [])[:REASONS_SHOWN]:
            wanted[name].append(row)
    asked = []
    for source in _sources(user, scope, day):
        if source.name == "work" or not wanted[source.name]:
            continue
        quote = source.quoted
        if not result.nearly:
            quote = SearchHeadline(
                quote,
                _exactly(result.asked.words),
                config="english",
                start_sel=START,
                stop_sel=STOP,
                max_words=_QUOTED_WORDS,
                min_words=_QUOTED_WORDS // 2,
            )
        rows = source.rows.filter(pk__in=wanted[source.name]).annotate(
            source=Value(source.name), row=F("pk"), quote=Left(quote, 4000)
        )
        asked.append(rows.order_by().values_list("source", "row", "quote"))
    if not asked:
        return reasons
    said = {(name, row): quote for name, row, quote in asked[0].union(*asked[1:], all=True)}
    for key in keys:
        for name, row in result.hits.get(key, [])[:REASONS_SHOWN]:
            if (name, row) not in said or name == "work":
                continue
            quote = said[name, row]
            if result.nearly:
                quote = _marked(quote, result.asked.words)
            reasons[key].append(
                Reason(_LABELS[name], " ".join(quote.split()), row if name == "story" else None)
            )
    return reasons


def _work(asked: Asked, keys: list[int], user: User, scope: Scope) -> dict[int, Reason]:
    """What they have done, in numbers: coordinators see that."""
    if not scope.coordinated or not (asked.words or asked.kind):
        return {}
    rows = (
        Contribution.objects.visible_to(user)
        .standing()
        .filter(partner__in=keys, programme__in=scope.coordinated)
    )
    title: Any = Max("title")
    if asked.kind:
        rows = rows.filter(kind=asked.kind)
    if asked.words:
        vector, query = SearchVector("title", config="english"), _exactly(asked.words)
        matching = rows.annotate(words=vector).filter(words=query)
        if not asked.kind:
            rows = matching
            title = SearchHeadline(title, query, config="english", start_sel=START, stop_sel=STOP)
    told: dict[int, list[tuple[int, str, str]]] = defaultdict(list)
    for owner, kind, number, example in (
        rows.order_by().values_list("partner", "kind").annotate(number=Count("pk"), example=title)
    ):
        told[owner].append((number, kind, example))
    reasons = {}
    for owner, lines in told.items():
        lines.sort(key=lambda line: (-line[0], line[1]))
        counts = ", ".join(_counted(number, kind) for number, kind, _ in lines)
        reasons[owner] = Reason(f"Has done: {counts}, such as", lines[0][2])
    return reasons


def _counted(number: int, kind: str) -> str:
    one = dict(Kind.choices)[kind]
    return (
        f"1 {one[:1].lower() + one[1:] if kind != Kind.MDT else one}"
        if number == 1
        else (f"{number} {_PLURALS[Kind(kind)]}")
    )


def _availability(partner: Partner, pause: Pause | None, scope: Scope) -> str:
    if partner.programme_id not in scope.coordinated:
        return ""
    if pause is not None:
        return f"Away until {pause.ends_on:%-d %B %Y}" if pause.ends_on else "Away for now"
    if partner.status == Partner.Status.ACTIVE:
        return "Free now"
    return str(partner.get_status_display())


def _marked(text: str, asked: str) -> str:
    """`text` around the first word that is spelt nearly as one of `asked`, those words marked."""
    wanted = [word.lower() for word in _WORD.findall(asked)]
    words = text.split()
    near = [
        any(
            difflib.SequenceMatcher(None, one, word.lower().strip(".,;:!?“”\"'()")).ratio()
            >= _NEARLY
            for one in wanted
        )
        for word in words
    ]
    first = near.index(True) if True in near else 0
    start = max(0, first - _QUOTED_WORDS // 3)
    shown = [
        f"{START}{word}{STOP}" if hit else word
        for word, hit in zip(words[start:], near[start:], strict=True)
    ]
    return " ".join(shown[:_QUOTED_WORDS])
