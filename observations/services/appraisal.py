"""What the paper for an appraisal says, as plain data: nothing of it is drawn or set here."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from observations.models import Comment, InstrumentVersion, Reflection
from observations.services.results import Beside, ClinicianResults, Measured
from observations.services.results_period import results_of
from partners.services import typeset

SIDES = (("partner", "Partners"), ("peer", "Peers"), ("self", "Own rating"))
FILED = (
    "You choose what this is filed under: with the GMC, as feedback from patients and colleagues "
    "or as quality improvement; with the HCPC, as evidence of continuing professional development; "
    "with the NMC, as practice-related feedback with a written reflective account."
)
_COMMENTS = 60


def method(version: InstrumentVersion) -> list[str]:
    """How results come about, in sentences."""
    return [
        (
            f"Observers rated each consultation with {version.instrument.name}, version "
            f"{version.number}, item by item from {version.lowest} to {version.highest}. Partners "
            "are patients or carers; peers are clinicians. Neither saw what the other had marked "
            "before both had finished."
        ),
        (
            "Figures are means over the sheets of one side. Partners, peers and the clinician are "
            "shown beside each other and never averaged together: they see different things."
        ),
        (
            "A scale's score runs from 0 to 100. Consultations without a decision to share are "
            "counted and left out of every mean."
        ),
        "Comments were read for names by a coordinator before anybody else saw them.",
    ]


def limits(results: ClinicianResults) -> list[str]:
    """What results cannot say, in sentences."""
    least = results.minimum
    return [
        (
            "A few consultations are a start for a conversation, not a score. Figures are shown "
            f"from {least.consultations} consultations and {least.observers} observers on, "
            f"{least.partners} of them a partner; five to ten are needed before a mean "
            "tells much about one person."
        ),
        (
            "Patients were asked, and those who agreed may differ from those who did not. Being "
            "watched changes how people behave."
        ),
        (
            "Observers who see the same consultation differ. That partners and peers differ is a "
            "finding to think about, not a fault in either."
        ),
        "These figures are not made for comparing one clinician with another.",
    ]


def paper_of(reflection: Reflection, now: datetime) -> dict[str, Any]:
    """Everything that the paper of a reflection says, in the order in which it is read."""
    results = results_of(reflection)
    programme = reflection.team.programme
    name = reflection.clinician.name
    return {
        "title": f"Shared decisions in the clinics of {name}",
        "name": name,
        "programme": programme.name,
        "accent": typeset.accent_of(programme),
        "facts": [
            ["Name", name],
            ["Role", f"Clinician, {reflection.team.name}"],
            ["Organisation", programme.name],
            ["Months", str(reflection)],
            ["Instrument", str(reflection.version)],
            *_numbers(results),
        ],
        "filed": FILED,
        "short": [one for one in (results.sentence, results.difference) if one],
        "too_few": "" if results.minimum.reached else results.minimum.sentence,
        "picture": _picture(results.items),
        "items": _table("Item", results.items),
        "scales": _table("Scale", results.scales),
        **_said(reflection),
        "reflection": reflection.words,
        "method": method(reflection.version),
        "limits": limits(results),
        "attribution": reflection.version.instrument.attribution,
        "made": f"{timezone.localdate(now):%-d %B %Y}",
    }


def _numbers(results: ClinicianResults) -> list[list[str]]:
    counts = results.counts
    return [
        ["Consultations", str(counts.consultations)],
        ["Sheets of partners", str(counts.partner_sheets)],
        ["Sheets of peers", str(counts.peer_sheets)],
        ["Own ratings, one a clinic", str(counts.self_ratings)],
        ["Without a decision to share", str(counts.no_decision)],
    ]


def _picture(measured: Sequence[Measured]) -> dict[str, Any]:
    """Marks on lines: where each stands between the lowest mark (0) and the highest (1)."""
    lines: list[dict[str, Any]] = []
    for one in measured:
        span = one.measure.highest - one.measure.lowest
        marks = [
            {
                "side": side,
                "label": f"{label} {_number(mean)}",
                "at": float((mean - one.measure.lowest) / span),
            }
            for side, label, mean in _means(one.year)
        ]
        lines.append({"label": one.measure.name, "marks": marks})
    said = "; ".join(
        f"{line['label']}: " + ", ".join(mark["label"] for mark in line["marks"]) for line in lines
    )
    first = measured[0].measure if measured else None
    return {
        "lines": lines,
        "lowest": str(first.lowest) if first else "",
        "highest": str(first.highest) if first else "",
        "alt": f"Marks on a line for each item. {said}. The table beneath says the same.",
    }


def _table(head: str, measured: Sequence[Measured]) -> dict[str, Any]:
    rows = []
    for one in measured:
        given = {
            side: (f"{_number(figure.mean)} ({figure.n})" if figure else "–")
            for (side, _), figure in zip(
                SIDES, (one.year.partner, one.year.peer, one.year.own), strict=True
            )
        }
        rows.append([one.measure.name, *(given[side] for side, _ in SIDES)])
    return {"head": [head, *(label for _, label in SIDES)], "rows": rows}


def _means(beside: Beside) -> list[tuple[str, str, Decimal]]:
    given = zip(SIDES, (beside.partner, beside.peer, beside.own), strict=True)
    return [(side, label, figure.mean) for (side, label), figure in given if figure]


def _number(value: Decimal) -> str:
    return f"{value.normalize():f}"


def _said(reflection: Reflection) -> dict[str, list[str]]:
    """Cleared comments of the months, without whose they are."""
    last = reflection.last_month
    after = last.replace(year=last.year + last.month // 12, month=last.month % 12 + 1)
    rows = Comment.objects.filter(
        observation__consultation__session__clinician=reflection.clinician,
        observation__consultation__session__team=reflection.team,
        observation__consultation__session__day__gte=reflection.first_month,
        observation__consultation__session__day__lt=after,
        observation__version=reflection.version,
        status=Comment.Status.CLEARED,
    ).order_by("-observation__consultation__session__day", "-pk")
    found: dict[str, list[str]] = {"worked": [], "to_try": []}
    for kind, text in rows.values_list("kind", "text")[:_COMMENTS]:
        found[kind].append(text)
    return found
