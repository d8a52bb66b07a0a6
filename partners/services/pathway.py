"""The pathway: its roles, who holds them from when to when, and what partners would like to try."""

from collections.abc import Collection, Iterable
from contextlib import AbstractContextManager
from datetime import date, datetime

from django.db import transaction

from accounts.models import Programme, User
from partners.models import Partner, PathwayLink, PathwayRole, RoleHeld, RoleSkill, RoleWish
from partners.services.pathway_seed import PAIRS, ROLES
from partners.services.refusal import Refusal, check
from partners.services.told import told_by_constraints

_Kind = RoleSkill.Kind
_LONGEST_SKILL = 200


class PathwayError(Refusal):
    """A role cannot be kept, given or ended like this."""


@transaction.atomic
def seed_pathway(*, programme: Programme, by: User | None, now: datetime) -> list[PathwayRole]:
    """Give a programme without roles the usual ones, with their skills and their links both ways.

    A programme that has any role keeps its own. Returns the roles it has then.
    """
    Programme.objects.select_for_update(no_key=True).get(pk=programme.pk)
    roles = list(PathwayRole.objects.filter(programme=programme))
    if roles:
        return roles
    for position, seed in enumerate(ROLES):
        role = PathwayRole.objects.create(
            programme=programme, name=seed.name, purpose=seed.purpose, position=position
        )
        roles.append(role)
        _write_skills(role, seed.core, seed.context)
    by_name = {role.name: role for role in roles}
    PathwayLink.objects.bulk_create(
        PathwayLink(from_role=by_name[one], to_role=by_name[other])
        for pair in PAIRS
        for one, other in (pair, pair[::-1])
    )
    return roles


@transaction.atomic
def keep_role(
    *,
    role: PathwayRole,
    core: Iterable[str],
    context: Iterable[str],
    leads_to: Collection[PathwayRole],
    by: User | None,
    now: datetime,
) -> PathwayRole:
    """Write a new or changed `role`, its skills of both kinds, and the roles it leads to.

    Raises PathwayError for a name that is missing or taken, a skill that is too long, and a link
    to itself or to another programme's role.
    """
    role.name = " ".join(role.name.split())
    check(role, PathwayError, exclude={"programme"})
    with told_by_constraints(
        PathwayRole, PathwayError, pathway_role_once="name", pathway_role_has_name="name"
    ):
        role.save()
    PathwayRole.objects.select_for_update(no_key=True).get(pk=role.pk)
    _write_skills(role, core, context)
    if any(other.programme_id != role.programme_id or other.pk == role.pk for other in leads_to):
        raise PathwayError("Choose other roles of the same programme.", "leads_to")
    wanted = {other.pk for other in leads_to}
    PathwayLink.objects.filter(from_role=role).exclude(to_role__in=wanted).delete()
    there = set(PathwayLink.objects.filter(from_role=role).values_list("to_role", flat=True))
    PathwayLink.objects.bulk_create(
        PathwayLink(from_role=role, to_role_id=pk) for pk in sorted(wanted - there)
    )
    return role


@transaction.atomic
def give_role(
    *,
    partner: Partner,
    role: PathwayRole,
    starts_on: date,
    by: User | None,
    now: datetime,
    ends_on: date | None = None,
    where: str = "",
) -> RoleHeld:
    """Write that `partner` has, or had, `role` from a day on. Nothing is asked for it first.

    Raises PathwayError for a role of another programme, an end before the beginning, and days on
    which the role is theirs already.
    """
    if role.programme_id != partner.programme_id:
        raise PathwayError("Choose a role of the partner's programme.", "role")
    held = RoleHeld(
        partner=partner,
        role=role,
        starts_on=starts_on,
        ends_on=ends_on,
        where=" ".join(where.split()),
    )
    check(held, PathwayError, exclude={"partner", "role"})
    with _told_of_days():
        held.save(force_insert=True)
    if ends_on is None:
        RoleWish.objects.filter(partner=partner, role=role).delete()
    return held


@transaction.atomic
def end_role_held(*, held: RoleHeld, ends_on: date, by: User | None, now: datetime) -> RoleHeld:
    """Write the last day of a role, or another last day.

    Raises PathwayError for a day before it began, and for days of the same role held again.
    """
    locked = RoleHeld.objects.select_for_update(of=("self",)).get(pk=held.pk)
    locked.ends_on = ends_on
    with _told_of_days():
        locked.save(update_fields=["ends_on"])
    held.ends_on = ends_on
    return held


@transaction.atomic
def wish(*, partner: Partner, role: PathwayRole, by: User | None, now: datetime) -> RoleWish:
    """Say that `partner` would like to try `role`; said twice, it is said once.

    Raises PathwayError for a role of another programme.
    """
    if role.programme_id != partner.programme_id:
        raise PathwayError("Choose a role of your programme.")
    kept, _ = RoleWish.objects.get_or_create(partner=partner, role=role, defaults={"added_at": now})
    return kept


@transaction.atomic
def wish_no_more(*, partner: Partner, role: PathwayRole, by: User | None, now: datetime) -> bool:
    """Take the wish back; returns whether there was one."""
    gone, _ = RoleWish.objects.filter(partner=partner, role=role).delete()
    return bool(gone)


def _write_skills(role: PathwayRole, core: Iterable[str], context: Iterable[str]) -> None:
    """Let the skills be exactly these, in this order; what is unchanged stays as it is."""
    for kind, field, texts in ((_Kind.CORE, "core", core), (_Kind.CONTEXT, "context", context)):
        wanted = list(dict.fromkeys(" ".join(text.split()) for text in texts if text.strip()))
        if any(len(text) > _LONGEST_SKILL for text in wanted):
            raise PathwayError(f"Shorten each skill to {_LONGEST_SKILL} characters.", field)
        there = list(RoleSkill.objects.filter(role=role, kind=kind).order_by("pk"))
        if [skill.text for skill in there] == wanted:
            continue
        RoleSkill.objects.filter(role=role, kind=kind).delete()
        for text in wanted:
            RoleSkill.objects.create(role=role, kind=kind, text=text)


def _told_of_days() -> AbstractContextManager[None]:
    return told_by_constraints(
        RoleHeld,
        PathwayError,
        role_held_ends_after_start="ends_on",
        role_held_once_at_a_time="starts_on",
    )
