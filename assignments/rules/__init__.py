"""What somebody may do with the rows of this app: predicates without HTTP."""

from assignments.rules.groups import may_look_after
from assignments.rules.meetings import (
    answerable,
    may_add_papers,
    may_answer,
    may_arrange,
    may_confirm,
    may_correct,
    was_expected,
)
from assignments.rules.places import may_end

__all__ = [
    "answerable",
    "may_add_papers",
    "may_answer",
    "may_arrange",
    "may_confirm",
    "may_correct",
    "may_end",
    "may_look_after",
    "was_expected",
]
