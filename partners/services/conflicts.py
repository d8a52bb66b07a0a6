"""Who is not to work with whom: declared by either side, without a reason, and told to nobody.

A sign-in that is a partner's of the programme and that partner are one person. Conflicts are
kept by the partner wherever there is one, and are found by either.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Case, Q, QuerySet, When

from accounts.models import Programme, RoleGrant, Team, User
from partners.models import DeclaredConflict, Partner
from partners.services.refusal import Refusal
from partners.services.register import sort_key
from partners.services.told import told_by_constraints

LONGEST_NAME = 150


class ConflictError(Refusal):
    """A conflict cannot be declared or taken back like this."""


@dataclass(frozen=True)
class Somebody:
    """One person of a programme: the partner they are, else their sign-in."""

    partner: Partner | None = None
    user: User | None = None

    @property
    def name(self) -> str:
        """What they are called on lists."""
        found = self.partner or self.user
        return found.name if found is not None else ""


# --- Declaring -----------------------------------------------------------------------------------


@transaction.atomic
def declare(
    *,
    programme: Programme,
    by: User,
    now: datetime,
    partner: Partner | None = None,
    person: User | None = None,
    with_partner: Partner | None = None,
    with_person: User | None = None,
    with_team: Team | None = None,
) -> DeclaredConflict:
    """Keep that `partner` (or `person`) is not to work with somebody or with a team.

    A place that one of them has already ends by nobody's doing: `at_work_together` tells of it.
    Raises ConflictError for oneself, for somebody or a team of another programme, for whoever
    left, and for what is declared already from the same side; what the other side declared is
    not told of, and stands beside this.
    """
    if (partner is None) == (person is None):
        raise TypeError("A conflict is one partner's or one person's.")
    if sum(one is not None for one in (with_partner, with_person, with_team)) != 1:
        raise ConflictError("Choose one person or one team.", "who")
    own = _somebody(programme, partner, person, "partner")
    other = Somebody()
    if with_team is None:
        other = _somebody(programme, with_partner, with_person, "who")
        if other == own:
            raise ConflictError("Choose somebody else: this is the same person.", "who")
    elif with_team.programme_id != programme.pk:
        raise ConflictError("Choose a team of the same programme.", "team")
    if by.pk == _sign_in(other) and by.pk != _sign_in(own):
        raise ConflictError("Declare it for yourself, on your own page.", "who")
    if _standing(programme, own, other, with_team).exists():
        raise ConflictError("This is declared already.", "team" if with_team else "who")
    with told_by_constraints(
        DeclaredConflict, ConflictError, declared_conflict_once="team" if with_team else "who"
    ):
        kept: DeclaredConflict = DeclaredConflict.objects.create(
            programme=programme,
            partner=own.partner,
            person=own.user,
            with_partner=other.partner,
            with_person=other.user,
            with_team=with_team,
            declared_at=now,
            declared_by=by,
        )
    return kept


@transaction.atomic
def take_back(*, conflict: DeclaredConflict, by: User, now: datetime) -> DeclaredConflict:
    """End a conflict: from now on it parts nobody.

    Raises ConflictError when it was taken back before.
    """
    rows = DeclaredConflict.objects.select_for_update(no_key=True)
    locked: DeclaredConflict = rows.get(pk=conflict.pk)
    if locked.ended_at is not None:
        raise ConflictError("This was taken back already.")
    locked.ended_at, locked.ended_by = now, by
    locked.save(update_fields=["ended_at", "ended_by"])
    conflict.ended_at, conflict.ended_by = now, by
    return locked


def find(*, programme: Programme, said: str) -> Somebody:
    """Whoever of the programme has exactly this name or e-mail address, and has not left.

    A part of a name finds nobody, so that nobody reads here who takes part. Raises ConflictError
    when nobody or more than one has it.
    """
    words = " ".join(said.split())
    if not words or len(words) > LONGEST_NAME or "\0" in words:
        raise ConflictError("Enter their full name, or their e-mail address.", "who")
    partners = Partner.objects.filter(programme=programme).exclude(status=Partner.Status.LEFT)
    found = [
        Somebody(partner=one)
        for one in partners.filter(Q(sort_key=sort_key(words)) | Q(email__iexact=words))[:2]
    ]
    users = User.objects.filter(
        Q(name__iexact=words) | Q(email__iexact=words), _works_in(programme)
    )
    found += [Somebody(user=one) for one in users.exclude(partners__in=partners)[:2]]
    if not found:
        raise ConflictError(
            "Nobody of the programme has this name or address. Check how it is written, or ask "
            "your coordinator to put it down for you.",
            "who",
        )
    if len(found) > 1:
        raise ConflictError(
            "More than one person has this name. Enter their e-mail address, or ask your "
            "coordinator to put it down for you.",
            "who",
        )
    return found[0]


def oneself(user: User, programme: Programme) -> Somebody:
    """Who `user` is in the programme."""
    partner = Partner.objects.filter(programme=programme, user=user)
    found = partner.exclude(status=Partner.Status.LEFT).first()
    return Somebody(partner=found) if found is not None else Somebody(user=user)


def _somebody(
    programme: Programme, partner: Partner | None, user: User | None, field: str
) -> Somebody:
    """Somebody of the programme who takes part or works in it now."""
    if partner is not None:
        if partner.programme_id != programme.pk:
            raise ConflictError("Choose somebody of the same programme.", field)
        if partner.status == Partner.Status.LEFT:
            raise ConflictError(f"{partner.name} has left the programme.", field)
        return Somebody(partner=partner)
    if user is None:
        raise TypeError("A partner or a person.")
    found = oneself(user, programme)
    if found.partner is None and not User.objects.filter(_works_in(programme), pk=user.pk).exists():
        raise ConflictError("Choose somebody of the same programme.", field)
    return found


def _works_in(programme: Programme) -> Q:
    held = RoleGrant.objects.current().filter(programme=programme)
    return Q(pk__in=held.values("user"), is_active=True)


def _sign_in(one: Somebody) -> int | None:
    if one.partner is not None:
        return one.partner.user_id
    return one.user.pk if one.user is not None else None


def _standing(
    programme: Programme, own: Somebody, other: Somebody, team: Team | None
) -> QuerySet[Any]:
    """What stands from `own` to `other`, whichever of partner and sign-in it was kept by."""
    rows: QuerySet[Any] = DeclaredConflict.objects.standing().filter(
        _is(own, "partner", "person"), programme=programme
    )
    return (
        rows.filter(with_team=team)
        if team
        else rows.filter(_is(other, "with_partner", "with_person"))
    )


def _is(one: Somebody, partner: str, person: str) -> Q:
    if one.partner is None:
        return Q(**{person: one.user}) | Q(**{f"{partner}__user": one.user})
    found = Q(**{partner: one.partner})
    return found | Q(**{person: one.partner.user_id}) if one.partner.user_id else found


# --- Asking --------------------------------------------------------------------------------------


def apart(
    *,
    programme: Programme | int,
    partners: Collection[int] | QuerySet[Any] = (),
    people: Collection[int] = (),
    teams: Collection[int] = (),
) -> set[int]:
    """The ids of the partners who must not work with any of these: partners, people, teams.

    Whichever side declared it. `partners` may be a query of ids. One query, however many.
    """
    within = programme if isinstance(programme, int) else programme.pk
    is_one = Q(one__in=partners) | Q(one_user__in=people)
    is_other = Q(other__in=partners) | Q(other_user__in=people) | Q(with_team__in=teams)
    rows = DeclaredConflict.objects.standing().filter(programme=within).with_people()
    told = rows.filter(is_one | is_other).annotate(
        is_one=Case(When(is_one, then=True), default=False),
        is_other=Case(When(is_other, then=True), default=False),
    )
    found = set()
    for one, other, one_asked, other_asked in told.order_by().values_list(
        "one", "other", "is_one", "is_other"
    ):
        found |= ({other} if one_asked else set()) | ({one} if other_asked else set())
    return found - {None}


def people_apart(
    *, programme: Programme | int, people: Collection[int] = (), teams: Collection[int] = ()
) -> set[int]:
    """The ids of the sign-ins whose people must not work with any of these people or teams.

    As `apart`, for people who are no partners. One query, however many.
    """
    within = programme if isinstance(programme, int) else programme.pk
    rows = DeclaredConflict.objects.standing().filter(programme=within).with_people()
    told = rows.filter(Q(one_user__in=people) | Q(other_user__in=people) | Q(with_team__in=teams))
    found: set[int | None] = set()
    for one, other, team in told.order_by().values_list("one_user", "other_user", "with_team"):
        if (team is not None and team in teams) or other in people:
            found.add(one)
        if one in people:
            found.add(other)
    return {pk for pk in found if pk is not None}


def between(
    *,
    programme: Programme | int,
    partner: int | None = None,
    person: int | None = None,
    with_partner: int | None = None,
    with_person: int | None = None,
    with_team: int | None = None,
) -> bool:
    """Whether these two are not to work together; whichever side declared it. One query."""
    within = programme if isinstance(programme, int) else programme.pk
    # Nothing is asked about an id that is not given: None equals no column.
    forth = _side("one", partner, person) & (
        _side("other", with_partner, with_person) | Q(with_team__in=_known(with_team))
    )
    back = _side("one", with_partner, with_person) & _side("other", partner, person)
    rows = DeclaredConflict.objects.standing().filter(programme=within).with_people()
    return bool(rows.filter(forth | back).exists())


def _side(name: str, partner: int | None, person: int | None) -> Q:
    return Q(**{f"{name}__in": _known(partner)}) | Q(**{f"{name}_user__in": _known(person)})


def _known(pk: int | None) -> list[int]:
    return [] if pk is None else [pk]


# --- At work together already --------------------------------------------------------------------

Narrow = Callable[[QuerySet[Any], date], QuerySet[Any]]
# Which of some conflicts are of people at work together: told by the floor above, where the work
# groups are.
_at_work: list[Narrow] = []


def places_are_told_by(narrow: Narrow) -> None:
    """Let `narrow` say which conflicts are of people who have places in one work group."""
    _at_work.append(narrow)


def at_work_together(conflicts: QuerySet[Any], today: date) -> QuerySet[Any]:
    """Those of `conflicts` whose people are at work together, today or from a later day on."""
    found = Q(pk__in=[])
    for narrow in _at_work:
        found |= Q(pk__in=narrow(DeclaredConflict.objects.standing(), today).values("pk"))
    together: QuerySet[Any] = conflicts.standing().filter(found)  # type: ignore[attr-defined]
    return together
