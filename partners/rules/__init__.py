"""What somebody may do with the rows of this app: predicates without HTTP."""

from partners.rules.portfolio import (
    is_own,
    may_amend,
    may_ask_for_thanks,
    may_confirm,
    may_correct,
    may_reflect,
    may_take_back,
    may_withdraw,
)
from partners.rules.register import (
    may_apply,
    may_change_partner,
    may_invite,
    may_keep_register,
)

__all__ = [
    "is_own",
    "may_amend",
    "may_apply",
    "may_ask_for_thanks",
    "may_change_partner",
    "may_confirm",
    "may_correct",
    "may_invite",
    "may_keep_register",
    "may_reflect",
    "may_take_back",
    "may_withdraw",
]
