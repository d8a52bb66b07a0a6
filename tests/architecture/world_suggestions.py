"""What counts in the suggestions of each programme of the small world."""

from typing import Any

from accounts.models import Programme, User
from assignments.services import suggestions


def add_weights(world: Any, programme: Programme, whose: str, *, by: User) -> None:
    """The programme's own weights."""
    row = suggestions.set_weights(programme=programme, by=by, now=world.now, passions=5)
    world.keep("suggestionweights", whose, row)
