"""What counts when partners are suggested, and the words of an opportunity that are looked for."""

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from accounts.rules import coordinates
from assignments.models import Opportunity, SuggestionWeights
from assignments.words import spoken_day
from partners.models import Partner

# In the order in which they stand beside a partner; each is a weight of the programme's.
REASONS = (
    "expertise",
    "passions",
    "priorities",
    "wishes",
    "free",
    "pace",
    "waited",
    "lightly_loaded",
)
LONG_WAIT = timedelta(days=180)
HEAVIEST = 5
_MOST_WORDS = 40
_WORD = re.compile(r"[^\W\d_]{4,}")
# Every opportunity says these: they tell nothing of what somebody brings to one. What English says
# everywhere the search leaves out by itself.
_SAID_EVERYWHERE = frozenset(
    _WORD.findall(
        "carer carers come could experience experiences give good group groups help helping join "
        "know like looking make making many meet meeting meetings month months much need needed "
        "needs next part partner partners patient patients people please programme project "
        "projects role share take taking team teams think time together want wanted wants week "
        "weeks well work working would write year years"
    )
)


@dataclass(frozen=True)
class Suggestion:
    """A partner who could be asked: why, and what to mind. `score` orders and is never shown."""

    partner: Partner
    score: int
    reasons: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    # What they said to this opportunity, in words; empty where they said nothing.
    answer: str = ""


def may_see_suggestions(user: Any, opportunity: Opportunity) -> bool:
    """Coordinators see whom they could ask, and nobody else."""
    return coordinates(user, opportunity.programme_id)


def may_weigh(user: Any, programme: int) -> bool:
    """Coordinators say what counts in their programme."""
    return coordinates(user, programme)


def looked_for(title: str, why: str) -> str:
    """The words that own words of partners are searched for, any of them; "" for none."""
    found = dict.fromkeys(word.lower() for word in _WORD.findall(f"{title} {why}"))
    telling = [word for word in found if word not in _SAID_EVERYWHERE]
    # In quotes, so that none of them is read as the search's own "or".
    return " or ".join(f'"{word}"' for word in telling[:_MOST_WORDS])


def weights_of(kept: SuggestionWeights | None) -> dict[str, int]:
    """What each reason counts: as the programme said, else as we would."""
    weights = kept or SuggestionWeights()
    return {name: getattr(weights, name) for name in REASONS}


def period_of(opportunity: Opportunity, today: date) -> tuple[date, date]:
    """The days that somebody is to be free on: of the work, from today; the first where it is
    said to have no end."""
    first = max(opportunity.starts_on or today, today)
    return first, max(opportunity.ends_on or first, first)


def away(starts: date, ends: date | None, first: date) -> str:
    """That somebody is away for some of the time."""
    until = f" until {spoken_day(ends)}" if ends else ""
    if starts <= first:
        return f"Away{until} then." if until else "Away then, until they say."
    return f"Away from {spoken_day(starts)}{until}."


def carries(places: int) -> str:
    """How few places they have, of which there are more elsewhere."""
    if not places:
        return "Has no place now."
    return f"Has {places} place{'' if places == 1 else 's'} now, fewer than most."
