"""What results say in plain words first: careful, warm, and nothing where there is too little."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from observations.models import ObservationSettings
from observations.services.results_shown import Beside, Figure, Measure, Measured, Minimum
from observations.statistics.limits import Limits

LEAST_SHEETS = 5  # of a side, for a sentence about it
LEAST_PAIRS = 10
LEAST_ITEMS = 3
_NEAR = Decimal("0.25")  # marks: closer than this, items are told apart by chance
_MUCH = 5  # of 100: a difference that people would notice


def best_and_growing(items: Sequence[Measured]) -> str:
    """What went best and where to grow: as both sides see it, or each for itself.

    Partners and peers are never averaged: where they name different items, both are told.
    """
    partner = _ends(items, "partner")
    peer = _ends(items, "peer")
    if partner is None or peer is None:
        seen = partner or peer
        if seen is None:
            return ""
        by = "Partners" if partner else "Peers"
        if seen[0] == seen[1]:
            return f"{by} saw all of it about equally well."
        return f"{by} saw “{seen[0]}” done best; “{seen[1]}” is the place to grow."
    if partner == peer:
        if partner[0] == partner[1]:
            return "Partners and peers saw all of it about equally well."
        return (
            f"Partners and peers both saw “{partner[0]}” done best; “{partner[1]}” is the place "
            "to grow."
        )
    if ("", "") in {partner, peer}:
        first, then = ("Partners", "peers") if partner == ("", "") else ("Peers", "partners")
        told = peer if partner == ("", "") else partner
        return (
            f"{first} saw all of it about equally well; {then} saw “{told[0]}” done best, and "
            f"“{told[1]}” as the place to grow."
        )
    best = (
        f"Partners and peers both saw “{partner[0]}” done best."
        if partner[0] == peer[0]
        else f"Partners saw “{partner[0]}” done best, peers “{peer[0]}”."
    )
    grow = (
        f"“{partner[1]}” is the place to grow."
        if partner[1] == peer[1]
        else f"Places to grow: “{partner[1]}” for partners, “{peer[1]}” for peers."
    )
    return f"{best} {grow}"


def difference(measure: Measure, found: Limits) -> str:
    """How partners and peers differ on what both rated; nothing below ten consultations."""
    mean = found.mean
    if found.n < LEAST_PAIRS or mean.value is None or mean.low is None or mean.high is None:
        return ""
    span = measure.highest - measure.lowest
    on = f"On the {found.n:,} consultations that both rated"
    if mean.low <= 0 <= mean.high:
        return f"{on}, partners and peers gave much the same scores for “{measure.name}”."
    if abs(mean.value) * 100 < _MUCH * span:
        return f"{on}, partners and peers were close to each other for “{measure.name}”."
    many = f"{abs(mean.value):.0f} points" if span == 100 else f"{abs(mean.value):.1f} marks"
    way = "lower" if mean.value < 0 else "higher"
    return (
        f"{on}, partners scored “{measure.name}” {many} {way} than peers on average. Neither is "
        "wrong: it is worth asking what each of them noticed."
    )


def minimum(
    settings: ObservationSettings, *, consultations: int, observers: int, partners: int
) -> Minimum:
    """Whether there is enough for figures of one clinician, and what is missing."""
    more = [
        _more(least - there, word)
        for there, least, word in (
            (consultations, settings.least_consultations, "consultation"),
            (observers, settings.least_observers, "observer"),
            (partners, settings.least_partners, "partner among the observers"),
        )
        if there < least
    ]
    sentence = ""
    if more:
        verb = "is" if len(more) == 1 and more[0].startswith("1 ") else "are"
        sentence = (
            f"For figures, {_and(more)} {verb} needed in twelve months. Until then there are "
            "words only."
        )
    return Minimum(
        reached=not more,
        consultations=consultations,
        observers=observers,
        partners=partners,
        more=tuple(more),
        sentence=sentence,
    )


def too_small(settings: ObservationSettings) -> str:
    """Why a team has no figures yet."""
    return (
        f"Figures of a team are of at least {settings.least_clinicians} clinicians and "
        f"{settings.least_in_group} consultations. Months with fewer are shown together with "
        "those that follow, as soon as they are enough."
    )


def months_of(first: date, last: date) -> str:
    """January 2026; January to March 2026; December 2025 to January 2026."""
    if (first.year, first.month) == (last.year, last.month):
        return f"{first:%B %Y}"
    if first.year == last.year:
        return f"{first:%B} to {last:%B %Y}"
    return f"{first:%B %Y} to {last:%B %Y}"


def crosswalk(before: str, after: str, factor: Decimal, constant: Decimal, basis: str) -> str:
    """How a score reads on another version: said, never applied."""
    sign = "plus" if constant >= 0 else "minus"
    return (
        f"A score of “{before}” reads as about {factor.normalize():f} times itself {sign} "
        f"{abs(constant).normalize():f} on “{after}”. This rests on: {basis}"
    )


def _ends(items: Sequence[Measured], side: str) -> tuple[str, str] | None:
    """The names of the best and of the lowest item; twice the same where they are even."""
    found: list[tuple[Decimal, str]] = []
    for item in items:
        figure = _figure(item.year, side)
        if figure is not None and figure.n >= LEAST_SHEETS:
            found.append((figure.mean, item.measure.name))
    if len(found) < LEAST_ITEMS:
        return None
    best, lowest = max(found, key=lambda one: one[0]), min(found, key=lambda one: one[0])
    return ("", "") if best[0] - lowest[0] < _NEAR else (best[1], lowest[1])


def _figure(figures: Beside, side: str) -> Figure | None:
    return figures.partner if side == "partner" else figures.peer


def _more(many: int, word: str) -> str:
    plural = word if many == 1 else word.replace(word.split()[0], f"{word.split()[0]}s", 1)
    return f"{many} more {plural}"


def _and(phrases: Sequence[str]) -> str:
    if len(phrases) == 1:
        return phrases[0]
    return f"{', '.join(phrases[:-1])} and {phrases[-1]}"
