"""Programmes and their teams."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet

from accounts.models import Programme, Role, RoleGrant, Team, User

CHANGEABLE = frozenset(
    {
        "name",
        "partner_term",
        "partner_term_plural",
        "partner_term_short",
        "accent",
        "contact_name",
        "contact_phone",
        "contact_email",
        "concern_lead",
    }
)


class ProgrammeError(Exception):
    """A programme or team cannot be made so. `str(error)` is a sentence for people."""


def _first_sentence(error: ValidationError) -> str:
    return str(error.messages[0])


@transaction.atomic
def create_programme(*, slug: str, name: str, by: User | None, now: datetime) -> Programme:
    """Make a programme, with the usual words for its partners.

    Raises ProgrammeError when the slug is taken or not one, or the name is missing.
    """
    programme = Programme(slug=slug, name=" ".join(name.split()))
    try:
        Programme._meta.get_field("slug").clean(slug, programme)
    except ValidationError:
        raise ProgrammeError(
            f"“{slug}” cannot be a programme's short name: use lower-case letters, numbers and "
            "hyphens, such as north-hospital, 60 at the most."
        ) from None
    if slug != slug.lower():
        raise ProgrammeError(f"Write the short name in lower case: {slug.lower()}.")
    if not programme.name or len(programme.name) > 120:
        raise ProgrammeError("Give the programme a name of 1 to 120 characters.")
    if Programme.objects.filter(slug=slug).exists():
        raise ProgrammeError(f"There is a programme “{slug}” already: choose another short name.")
    try:
        programme.full_clean()
    except ValidationError as error:
        raise ProgrammeError(_first_sentence(error)) from error
    programme.save()
    return programme


@transaction.atomic
def create_team(*, programme: Programme, name: str, by: User | None, now: datetime) -> Team:
    """Make a team of `programme`.

    Raises ProgrammeError when the name is missing or taken in the programme.
    """
    team = Team(programme=programme, name=" ".join(name.split()))
    # Two people adding teams at once wait for one another here, and the second is told.
    Programme.objects.select_for_update().get(pk=programme.pk)
    try:
        team.full_clean()
    except ValidationError as error:
        raise ProgrammeError(_first_sentence(error)) from error
    team.save()
    return team


@transaction.atomic
def change_programme(
    *, programme: Programme, by: User | None, now: datetime, **facts: Any
) -> Programme:
    """Change a programme's name, words, accent, contact or lead for concerns; its short name stays.

    Raises ProgrammeError when something is missing or too long, and for a lead who is not staff.
    """
    found: Programme = Programme.objects.select_for_update(of=("self",)).get(pk=programme.pk)
    lead = facts.get("concern_lead")
    if lead is not None and not leads_for(found).filter(pk=lead.pk).exists():
        raise ProgrammeError("Choose somebody of the staff of this programme to hear concerns.")
    for name in facts.keys() - CHANGEABLE:
        raise ProgrammeError(f"“{name}” of a programme stays as it is.")
    for name, value in facts.items():
        setattr(found, name, value)
    try:
        found.full_clean()
    except ValidationError as error:
        raise ProgrammeError(_first_sentence(error)) from error
    found.save(update_fields=list(facts))
    return found


def leads_for(programme: Programme) -> QuerySet[User]:
    """Who may be named to hear the concerns of `programme`: anybody but its partners."""
    held = RoleGrant.objects.current().filter(programme=programme).exclude(role=Role.PARTNER)
    people: QuerySet[User] = User.objects.filter(is_active=True, pk__in=held.values("user"))
    return people.order_by("name", "pk")


@transaction.atomic
def rename_team(*, team: Team, name: str, by: User | None, now: datetime) -> Team:
    """Give a team another name.

    Raises ProgrammeError when the name is missing or taken in the programme.
    """
    Programme.objects.select_for_update().get(pk=team.programme_id)
    found = Team.objects.get(pk=team.pk)
    found.name = " ".join(name.split())
    try:
        found.full_clean()
    except ValidationError as error:
        raise ProgrammeError(_first_sentence(error)) from error
    found.save(update_fields=["name"])
    return found
