"""Why a partner is among those found: their own words as shared, and what they have done.

What may be quoted is asked anew, of the same sources that were looked through.
"""

import difflib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.postgres.search import SearchHeadline, SearchVector
from django.db.models import Count, Exists, F, Max, OuterRef, Subquery, Value
from django.db.models.functions import Left

from accounts.models import User
from partners.models import Contribution, Partner, Pause
from partners.models.contribution import Kind
from partners.rules.search import Scope, scope_of
from partners.services.search import WORD, Asked, Search, covers, exactly, sources

REASONS_SHOWN = 4
_NEARLY = 0.7
_QUOTED_WORDS = 30
# Characters that no text has a use for: what stands between them is what matched.
START, STOP = "\ue000", "\ue001"
_LABELS = {
    "expertise": "Brings",
    "passion": "Cares about",
    "priority": "Would like",
    "entry": "From their portfolio",
    "story": "Tells a story",
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


def explain(*, result: Search, partners: Iterable[Any], user: User, day: date) -> list[Found]:
    """The reasons of some partners of `result`, in their order; three queries at most.

    What may be quoted is asked anew here: nothing that was taken back meanwhile is.
    """
    scope, asked = scope_of(user), result.asked
    keys = [one.pk if isinstance(one, Partner) else one for one in partners]
    away = Pause.objects.visible_to(user).filter(covers(day), partner=OuterRef("pk"))
    rows = Partner.objects.filter(pk__in=keys, programme__in=scope.everywhere).annotate(
        is_away=Exists(away), away_until=Subquery(away.values("ends_on")[:1])
    )
    known = {row.pk: row for row in rows.select_related("programme")}
    reasons = _quotes(result, keys, user, scope, day)
    for owner, said in _work(asked, keys, user, scope).items():
        reasons[owner].append(said)
    return [
        Found(
            partner=known[key],
            reasons=reasons[key][:REASONS_SHOWN],
            coordinated=known[key].programme_id in scope.coordinated,
            availability=_availability(known[key], scope),
        )
        for key in keys
        if key in known
    ]


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
    for source in sources(user, scope, day):
        if source.name == "work" or not wanted[source.name]:
            continue
        quote = source.quoted
        if not result.nearly:
            quote = SearchHeadline(
                quote,
                exactly(result.asked.words),
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
        vector, query = SearchVector("title", config="english"), exactly(asked.words)
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


def _availability(partner: Any, scope: Scope) -> str:
    if partner.programme_id not in scope.coordinated:
        return ""
    if partner.is_away:
        until = partner.away_until
        return f"Away until {until:%-d %B %Y}" if until else "Away for now"
    if partner.status == Partner.Status.ACTIVE:
        return "Free now"
    return str(partner.get_status_display())


def _marked(text: str, asked: str) -> str:
    """`text` around the first word that is spelt nearly as one of `asked`, those words marked."""
    wanted = [word.lower() for word in WORD.findall(asked)]
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
