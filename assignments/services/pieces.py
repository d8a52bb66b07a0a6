"""What requests and opportunities say of a piece of work: put in order, and checked."""

from typing import Any

from accounts.models import Team
from assignments.models import Opportunity, Request
from partners.services.refusal import Refusal, check, check_facts

FACTS = frozenset(
    {
        "title",
        "why",
        "influence",
        "starts_on",
        "ends_on",
        "effort",
        "minutes_a_month",
        "longest_minutes",
        "place",
        "places",
        "budget_code",
        "access",
    }
)
_LINES = ("title", "effort", "place", "budget_code")
_PARAGRAPHS = ("why", "access")
_WORDS = {
    "title": "Say in a few words what it is.",
    "why": "Say why you would like partners.",
    "influence": "Choose how much influence partners have.",
    "places": "Enter between 1 and 100 partners.",
}
# Which field a fact of the database is about, by the end of its name.
_ABOUT = {
    "has_title": "title",
    "has_why": "why",
    "influence_known": "influence",
    "ends_after_start": "ends_on",
    "places_known": "places",
}


def check_piece(row: Request | Opportunity, refusal: type[Refusal]) -> None:
    """Put the words of `row` in order; raises `refusal` for what cannot be kept."""
    for name in _LINES:
        setattr(row, name, " ".join(getattr(row, name).split()))
    for name in _PARAGRAPHS:
        setattr(row, name, getattr(row, name).replace("\r\n", "\n").strip())
    if not row.why:
        raise refusal(_WORDS["why"], "why")
    keys = {one.name for one in row._meta.concrete_fields if one.remote_field or one.primary_key}
    check(row, refusal, exclude=keys, words=_WORDS)
    prefix = f"{row._meta.model_name}_"
    check_facts(row, refusal, {f"{prefix}{end}": name for end, name in _ABOUT.items()})


def check_team(team: Team | None, programme: int, refusal: type[Refusal]) -> None:
    """Raise `refusal` for a team of another programme."""
    if team is not None and team.programme_id != programme:
        raise refusal("Choose a team of the same programme.", "team")


def facts_of(row: Request | Opportunity) -> dict[str, Any]:
    """What `row` says of the work, by field."""
    return {name: getattr(row, name) for name in sorted(FACTS)}
