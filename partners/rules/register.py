"""What somebody may do with the register: predicates without HTTP."""

from typing import Any

from accounts.models import Programme
from accounts.rules import coordinates
from partners.models import Partner, RegisterImport


def may_keep_register(user: Any, programme: Programme | int) -> bool:
    """Add and change partners, and bring in a register."""
    return coordinates(user, programme)


def may_change_partner(user: Any, partner: Partner) -> bool:
    """Coordinators of the programme, and partners themselves."""
    return partner.user_id == user.pk or coordinates(user, partner.programme_id)


def may_invite(user: Any, partner: Partner) -> bool:
    """Somebody with an e-mail address who has no sign-in yet."""
    return bool(
        coordinates(user, partner.programme_id)
        and partner.email
        and partner.status != Partner.Status.LEFT
        and not (partner.user and partner.user.last_login)
    )


def may_apply(user: Any, register_import: RegisterImport) -> bool:
    """Coordinators, while the import has not ended."""
    return coordinates(user, register_import.programme_id) and register_import.status in {
        RegisterImport.Status.READ,
        RegisterImport.Status.MAPPED,
    }
