"""How everything that has to be in place stands, for one partner or for many, in a few queries."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from accounts.models import Programme
from partners.models import (
    AgreementText,
    Partner,
    PathwayRole,
    Requirement,
    RequirementRecord,
    RoleHeld,
)
from partners.rules import requirements as rules
from partners.rules.requirements import Standing


@dataclass(frozen=True)
class Asked:
    """What a programme asks for: requirements, the roles each names, and versions to accept."""

    requirements: list[Requirement]
    roles: dict[int, set[int]]
    texts: dict[int, AgreementText]


def asked_for(programme: Programme | int, today: date) -> Asked:
    """Everything that `programme` asks for today."""
    found = Requirement.objects.current().filter(programme=programme).prefetch_related("roles")
    requirements = list(found)
    by_requirement: dict[int, list[AgreementText]] = defaultdict(list)
    for text in AgreementText.objects.filter(requirement__in=requirements).defer("text"):
        by_requirement[text.requirement_id].append(text)
    current = {pk: rules.text_asked_for(texts, today) for pk, texts in by_requirement.items()}
    return Asked(
        requirements=requirements,
        roles={one.pk: {role.pk for role in one.roles.all()} for one in requirements},
        texts={pk: text for pk, text in current.items() if text is not None},
    )


def of_many(partners: Sequence[Partner], asked: Asked, today: date) -> dict[int, list[Standing]]:
    """By partner's pk, how everything asked of them stands; two queries, however many they are."""
    records: dict[int, list[RequirementRecord]] = defaultdict(list)
    for record in RequirementRecord.objects.filter(partner__in=partners):
        records[record.partner_id].append(record)
    held: dict[int, set[int]] = defaultdict(set)
    for row in RoleHeld.objects.on(today).filter(partner__in=partners):
        held[row.partner_id].add(row.role_id)
    return {
        partner.pk: _standings(partner, asked, records[partner.pk], held[partner.pk], today)
        for partner in partners
    }


def of_one(partner: Partner, today: date) -> list[Standing]:
    """How everything asked of `partner` stands today."""
    return of_many([partner], asked_for(partner.programme_id, today), today)[partner.pk]


def for_role(partner: Partner, role: PathwayRole | None, today: date) -> list[Standing]:
    """How everything stands that work in `role` asks for; without one, all asked of `partner`."""
    if role is None:
        return of_one(partner, today)
    asked = asked_for(partner.programme_id, today)
    records = list(RequirementRecord.objects.filter(partner=partner))
    return _standings(partner, asked, records, {role.pk}, today)


def _standings(
    partner: Partner,
    asked: Asked,
    records: list[RequirementRecord],
    held: Collection[int],
    today: date,
) -> list[Standing]:
    return [
        rules.standing(partner, one, records, today, text=asked.texts.get(one.pk))
        for one in asked.requirements
        if rules.applies(asked.roles[one.pk], held)
    ]
