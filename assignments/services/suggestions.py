"""Whom to ask about an opportunity: partners in order, with the reasons in words.

What is reckoned with is what coordinators may see: own words as far as they are shared with
coordinators, and facts of the programme. A reason holds or does not: so a heavier one never puts
somebody who has it lower. Who must not be asked is not among them, and it is not said why.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from functools import cached_property
from typing import Any, overload

from django.contrib.postgres.aggregates import ArrayAgg
from django.contrib.postgres.search import SearchHeadline, SearchRank
from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, Q, Value
from django.db.models.functions import Coalesce

from accounts.models import Programme, User
from assignments.models import Assignment, Interest, Offer, Opportunity, SuggestionWeights
from assignments.rules import pacing
from assignments.rules import suggestions as rules
from assignments.rules.suggestions import REASONS, Suggestion
from assignments.services.refusals import AssignmentsError
from assignments.services.suggestions_order import HOW_MANY, IN_ORDER, OWN_WORDS
from assignments.words import spoken_day
from partners.models import Partner
from partners.models.expertise import Visibility
from partners.querysets.support import PLACEABLE
from partners.services import conflicts, requirements
from partners.services.search import exactly

_SHARED = (Visibility.COORDINATORS, Visibility.STAFF)
_QUOTED_WORDS = 25
_LABELS = {"expertise": "Brings", "passions": "Cares about", "priorities": "Would like"}


class WeightsError(AssignmentsError):
    """What counts in suggestions cannot be set like this."""


@transaction.atomic
def set_weights(
    *, programme: Programme, by: User | None, now: datetime, **weights: int
) -> SuggestionWeights:
    """Say what each reason counts in `programme`: 0 not at all, 5 most.

    Raises WeightsError for a number out of these.
    """
    del by, now  # the audit says who and when
    unknown = set(weights) - set(REASONS)
    if unknown:
        raise TypeError(f"Nothing weighs {', '.join(sorted(unknown))}.")
    if any(not 0 <= weight <= rules.HEAVIEST for weight in weights.values()):
        raise WeightsError(f"A weight is between 0 and {rules.HEAVIEST}.")
    kept, _ = SuggestionWeights.objects.update_or_create(programme=programme, defaults=weights)
    row: SuggestionWeights = kept
    return row


def suggest(opportunity: Opportunity, today: date) -> "Suggestions":
    """The partners to ask about `opportunity`, best first: by the weights of what speaks for
    them, then who has waited longest, then by name.

    Never among them: who left or is on the way in or out, has a place there or was offered one,
    and whom a declared conflict parts from its lead, its asker, its team or a partner with a place.
    """
    return Suggestions(opportunity, today)


class Suggestions(Sequence[Suggestion]):
    """Suggestions that are fetched page by page: a slice asks for its own, and no others."""

    def __init__(self, opportunity: Opportunity, today: date) -> None:
        self.opportunity, self.today = opportunity, today
        self._total: int | None = None
        self._first, self._limit, self._fetched = 0, 0, list[Suggestion]()

    def fetch(self, first: int, limit: int) -> None:
        """Have `limit` suggestions from the place `first` at hand, and how many there are."""
        asked = {**self._asked, "first": first, "limit": limit}
        rows: list[Any] = list(Partner.objects.raw(IN_ORDER, asked))
        if rows:
            self._total = rows[0].total
        self._first, self._limit, self._fetched = first, limit, self._told(rows)

    def __len__(self) -> int:
        if self._total is not None:
            return self._total
        with connection.cursor() as cursor:
            cursor.execute(HOW_MANY, self._asked)
            return int(cursor.fetchone()[0])

    def __iter__(self) -> Iterator[Suggestion]:
        return iter(self[:])

    @overload
    def __getitem__(self, place: int) -> Suggestion: ...
    @overload
    def __getitem__(self, place: slice) -> list[Suggestion]: ...
    def __getitem__(self, place: int | slice) -> Suggestion | list[Suggestion]:
        if isinstance(place, int):
            return self[place : place + 1][0]
        first = place.start or 0
        limit = None if place.stop is None else max(place.stop - first, 0)
        if self._first == first and limit is not None and limit <= self._limit:
            return self._fetched[:limit]
        asked = {**self._asked, "first": first, "limit": limit}
        return self._told(list(Partner.objects.raw(IN_ORDER, asked)))

    @cached_property
    def weights(self) -> dict[str, int]:
        """What each reason counts."""
        programme = self.opportunity.programme
        return rules.weights_of(getattr(programme, "suggestion_weights", None))

    @cached_property
    def _words(self) -> str:
        return rules.looked_for(self.opportunity.title, self.opportunity.why)

    @cached_property
    def _asked(self) -> dict[str, Any]:
        piece, today = self.opportunity, self.today
        first, last = rules.period_of(piece, today)
        month = pacing.month_of(today)
        return {
            **self.weights,
            "programme": piece.programme_id,
            "opportunity": piece.pk,
            "work_group": piece.work_group_id,
            "role": piece.role_id,
            "apart": list(self._apart()),
            "placeable": list(PLACEABLE),
            "live": list(Offer.LIVE),
            "shared": list(_SHARED),
            "words": self._words or None,
            "first_day": first,
            "last_day": last,
            "today": today,
            "month": month[0],
            "months_end": pacing.month_after(pacing.month_after(today)),
            "long_ago": today - rules.LONG_WAIT,
        }

    def _apart(self) -> set[int]:
        piece = self.opportunity
        group, asked = piece.work_group, piece.request
        people = [group.lead_id, asked.asked_by_id if asked is not None else None]
        here = _places(self.today).filter(work_group=group).values("partner")
        return conflicts.apart(
            programme=piece.programme_id,
            partners=here,
            people={one for one in people if one is not None},
            teams=() if group.team_id is None else {group.team_id},
        )

    # --- In words --------------------------------------------------------------------------------

    def _told(self, partners: list[Any]) -> list[Suggestion]:
        quotes = self._quotes([one.pk for one in partners])
        missing = requirements.blocks_of_many(partners, self.today)
        answers = dict(Interest.Answer.choices)
        return [
            Suggestion(
                partner=one,
                score=one.score,
                reasons=list(self._reasons(one, quotes)),
                warnings=[*self._warnings(one), *missing[one.pk]],
                answer=answers.get(one.answered, ""),
            )
            for one in partners
        ]

    def _reasons(self, one: Any, quotes: dict[tuple[int, str], str]) -> Iterator[str]:
        holds = {name for name in REASONS if self.weights[name] and getattr(one, f"has_{name}")}
        for name in OWN_WORDS:
            if name in holds and (one.pk, name) in quotes:
                yield quotes[one.pk, name]
        if "wishes" in holds and self.opportunity.role is not None:
            yield f"Would like to try the role “{self.opportunity.role}”."
        if "free" in holds:
            yield "Free in that period." if self.opportunity.starts_on else "Free now."
        if "pace" in holds:
            paced = one.hours_wanted is not None
            yield "Within the pace they chose." if paced else "Not busier than others."
        if "waited" in holds:
            yield f"Has had no new place or offer since {spoken_day(one.since)}."
        if "lightly_loaded" in holds:
            yield rules.carries(one.carried)

    def _warnings(self, one: Any) -> Iterator[str]:
        first, _ = rules.period_of(self.opportunity, self.today)
        if one.away_from is not None:
            yield rules.away(one.away_from, one.away_until, first)
        elif one.status == Partner.Status.ON_BREAK:
            yield "On a break."
        if not one.has_pace:
            yield "Ask first: they have much to do already."

    def _quotes(self, keys: list[int]) -> dict[tuple[int, str], str]:
        """What of their own words speaks for them, best first; by partner and kind. One query."""
        query = exactly(self._words) if self._words else None
        found = [self._matching(name, model, keys, query) for name, model in OWN_WORDS.items()]
        rows = found[0].union(*found[1:], all=True)
        best: dict[tuple[int, str], list[tuple[float, int, str]]] = defaultdict(list)
        for kind, row, partner, rank, quote, themes in rows:
            words = f"{_LABELS[kind]} (under {', '.join(themes)})" if themes else _LABELS[kind]
            said = " ".join(quote.split())
            best[partner, kind].append((-rank, row, f"{words}: “{said}”"))
        return {key: min(said)[2] for key, said in best.items()}

    def _matching(self, name: str, model: Any, keys: list[int], query: Any) -> Any:
        themes = Opportunity.themes.through.objects.filter(opportunity=self.opportunity)
        ours = model.themes.through.objects.filter(
            Q(**{model._meta.model_name: OuterRef("pk")}), theme__in=themes.values("theme")
        )
        matches = Q(Exists(ours))
        rank: Any = Value(0.0)
        quote: Any = F("text")
        if query is not None:
            matches |= Q(search=query)
            rank = SearchRank(F("search"), query)
            quote = SearchHeadline(
                "text",
                query,
                config="english",
                start_sel="",
                stop_sel="",
                max_words=_QUOTED_WORDS,
                min_words=_QUOTED_WORDS // 2,
            )
        return (
            model.objects.filter(matches, partner__in=keys, visibility__in=_SHARED)
            .order_by()
            .annotate(
                source=Value(name),
                rank=rank,
                quote=quote,
                under=Coalesce(
                    ArrayAgg(
                        "themes__name",
                        filter=Q(themes__in=themes.values("theme")),
                        order_by="themes__name",
                    ),
                    Value([]),
                ),
            )
            .values_list("source", "pk", "partner", "rank", "quote", "under")
        )


def _places(today: date) -> Any:
    """Places that are held, today or from a later day on."""
    return Assignment.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=today))
