"""Whom each partner of the small world is not to work with."""

from collections.abc import Mapping
from typing import Any

from accounts.models import Programme, Role
from accounts.tests.factories import person
from partners.models import Partner
from partners.services import conflicts

KINDS = {"partners:take_back_conflict": "declaredconflict"}


def add_conflicts(world: Any, programme: Programme, partners: Mapping[str, Partner]) -> None:
    """Of each partner a conflict with the same member of staff; `partners` by whose."""
    avoided = person(Role.STAFF, programme, name="Somebody to avoid")
    for whose, partner in partners.items():
        row = conflicts.declare(
            programme=programme,
            partner=partner,
            with_person=avoided,
            by=partner.user,
            now=world.now,
        )
        world.keep("declaredconflict", whose, row)
