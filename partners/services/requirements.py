"""What has to be in place: what is asked for, of whom, in which version, and what blocks."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.formats import date_format

from accounts.models import Programme, User
from partners.models import AgreementText, Partner, PathwayRole, Requirement
from partners.rules import requirements as rules
from partners.rules.requirements import Standing, State
from partners.services import standings
from partners.services.refusal import Refusal, check
from partners.services.requirements_seed import AGREEMENT, AGREEMENT_TEXT, REQUIREMENTS
from partners.services.told import told_by_constraints

_Kind = Requirement.Kind


class RequirementError(Refusal):
    """Something that has to be in place cannot be kept, shown or approved like this."""


@transaction.atomic
def seed_requirements(*, programme: Programme, by: User | None, now: datetime) -> list[Requirement]:
    """Give a programme without requirements the usual ones; none blocks. Returns what it has then.

    A programme that has any keeps its own.
    """
    Programme.objects.select_for_update(no_key=True).get(pk=programme.pk)
    kept = list(Requirement.objects.filter(programme=programme))
    if kept:
        return kept
    for seed in REQUIREMENTS:
        requirement = Requirement.objects.create(
            programme=programme,
            name=seed.name,
            kind=seed.kind,
            about=seed.about,
            valid_months=seed.valid_months,
            evidence_wanted=seed.evidence_wanted,
        )
        kept.append(requirement)
        if seed.name == AGREEMENT:
            AgreementText.objects.create(
                requirement=requirement,
                number=1,
                text=AGREEMENT_TEXT,
                from_on=timezone.localdate(now),
            )
    return kept


@transaction.atomic
def keep_requirement(
    *,
    requirement: Requirement,
    roles: Collection[PathwayRole],
    by: User | None,
    now: datetime,
) -> Requirement:
    """Write something that has to be in place, new or changed, and for which roles (none: all).

    What was approved keeps its dates. Raises RequirementError for a name that is missing or
    taken, a check without its level, and roles of another programme.
    """
    requirement.name = " ".join(requirement.name.split())
    check(requirement, RequirementError, exclude={"programme"})
    if any(role.programme_id != requirement.programme_id for role in roles):
        raise RequirementError("Choose roles of the same programme.", "roles")
    if requirement.kind == _Kind.DBS and requirement.evidence_wanted:
        raise RequirementError(
            "Of a DBS check only the level and the dates are kept: ask for nothing to show.",
            "evidence_wanted",
        )
    with told_by_constraints(
        Requirement,
        RequirementError,
        requirement_once="name",
        requirement_dbs_has_level="dbs_level",
        requirement_lasts="valid_months",
    ):
        requirement.save()
    requirement.roles.set(roles)
    return requirement


@transaction.atomic
def new_version(
    *, requirement: Requirement, text: str, from_on: date, by: User | None, now: datetime
) -> AgreementText:
    """Write the next version of an agreement; from `from_on` on everybody is asked again.

    Raises RequirementError for anything but an agreement, an empty text, and an earlier day than
    the version before.
    """
    locked = Requirement.objects.select_for_update(no_key=True).get(pk=requirement.pk)
    if locked.kind != _Kind.AGREEMENT:
        raise RequirementError("Only an agreement has versions.")
    text = text.replace("\r\n", "\n").strip()
    before = AgreementText.objects.filter(requirement=locked)
    last = before.aggregate(number=Max("number"), from_on=Max("from_on"))
    if last["from_on"] is not None and from_on < last["from_on"]:
        day = date_format(last["from_on"], "j F Y")
        raise RequirementError(f"Choose {day} or later: the version before begins then.", "from_on")
    version = AgreementText(
        requirement=locked, number=(last["number"] or 0) + 1, text=text, from_on=from_on
    )
    check(version, RequirementError, exclude={"requirement"})
    version.save(force_insert=True)
    return version


def blocks(partner: Partner, role: PathwayRole | None, today: date) -> list[str]:
    """Why `partner` should not be given new work in `role` today: a sentence each, none if none.

    Counts what is asked of everybody and what `role` asks for; without a role, what the partner's
    own roles ask for. What only warns is not among them.
    """
    return [
        _sentence(one, partner) for one in rules.unmet(standings.for_role(partner, role, today))
    ]


def blocks_of_many(partners: Sequence[Partner], today: date) -> dict[int, list[str]]:
    """`blocks` without a role, by the id of each of `partners`, who are all of one programme.

    Asks the database as often for one partner as for a thousand.
    """
    if not partners:
        return {}
    asked = standings.asked_for(partners[0].programme_id, today)
    found = standings.of_many(partners, asked, today)
    return {
        partner.pk: [_sentence(one, partner) for one in rules.unmet(found[partner.pk])]
        for partner in partners
    }


def _sentence(one: Standing, partner: Partner) -> str:
    name = f"“{one.requirement.name}” of {partner.name}"
    if one.state == State.ENDED and one.until:
        return f"{name} ended on {date_format(one.until, 'j F Y')}."
    said = {
        State.ASKED: "is asked for and not in place yet",
        State.SHOWN: "waits to be looked at",
        State.RETURNED: "was sent back: something is missing",
        State.NEW_VERSION: "has a new version that is not accepted yet",
    }
    return f"{name} {said.get(one.state, 'is not in place')}."
