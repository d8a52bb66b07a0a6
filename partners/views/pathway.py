"""My pathway: the roles one has and had, and what one could try next, in any direction."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from accounts.access import audience
from accounts.models import Role
from nhsuk.components import Event
from nhsuk.templatetags.nhsuk import moment
from partners.models import (
    LearningItem,
    PathwayLink,
    PathwayRole,
    RoleHeld,
    RoleSkill,
    RoleWish,
)
from partners.rules.pathway import held_on, next_roles
from partners.services import pathway as services
from partners.views.pages import own_partner, saved_or_told, signed_in
from partners.views.pathway_map import draw, span


@dataclass(frozen=True)
class NextCard:
    """A role to try, with what it calls for, what helps, and whether it is wished for."""

    role: PathwayRole
    heading: str
    core: list[str]
    context: list[str]
    learning: list[LearningItem]
    wished: bool
    had_before: bool


@require_GET
@audience(Role.PARTNER)
def pathway(request: HttpRequest) -> HttpResponse:
    """The map, the same in words, what to try next, and the history."""
    partner, user, today = own_partner(request), signed_in(request), timezone.localdate()
    roles = list(PathwayRole.objects.visible_to(user).filter(programme=partner.programme_id))
    links = list(PathwayLink.objects.visible_to(user).filter(from_role__in=roles))
    held = list(RoleHeld.objects.visible_to(user).filter(partner=partner).select_related("role"))
    wishes = RoleWish.objects.visible_to(user).filter(partner=partner)
    wished = set(wishes.values_list("role", flat=True))
    nexts = next_roles(roles, links, held, today)
    skills = list(RoleSkill.objects.visible_to(user).filter(role__in=[one.role for one in nexts]))
    items = list(
        LearningItem.objects.visible_to(user)
        .current()
        .filter(programme=partner.programme_id)
        .prefetch_related("roles")
    )
    return render(
        request,
        "partners/pathway/pathway.html",
        {
            "title": "My pathway",
            "map": draw(roles, links, held, wished, today),
            "has_roles": any(held_on(row, today) for row in held),
            "nexts": [
                NextCard(
                    role=one.role,
                    heading=_and([role.name for role in one.from_roles]),
                    core=_texts(skills, one.role, RoleSkill.Kind.CORE),
                    context=_texts(skills, one.role, RoleSkill.Kind.CONTEXT),
                    learning=[item for item in items if one.role in item.roles.all()],
                    wished=one.role.pk in wished,
                    had_before=one.had_before,
                )
                for one in nexts
            ],
            "events": [_event(row, held_on(row, today)) for row in held],
        },
    )


@require_POST
@audience(Role.PARTNER)
def wish(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that one would like to try a role, or no longer."""
    partner, user = own_partner(request), signed_in(request)
    roles = PathwayRole.objects.visible_to(user).filter(programme=partner.programme_id)
    role = get_object_or_404(roles, pk=pk)
    if request.POST.get("wish") == "no":
        services.wish_no_more(partner=partner, role=role, by=user, now=timezone.now())
        messages.success(request, f"“{role.name}” is no longer among what you would like to try.")
        return redirect("partners:pathway")
    done = saved_or_told(
        request,
        lambda: services.wish(partner=partner, role=role, by=user, now=timezone.now()),
    )
    if done:
        messages.success(
            request,
            f"Thank you. Your coordinators see that you would like to try “{role.name}”.",
        )
    return redirect("partners:pathway")


def _texts(skills: list[RoleSkill], role: PathwayRole, kind: str) -> list[str]:
    return [skill.text for skill in skills if skill.role_id == role.pk and skill.kind == kind]


def _and(words: list[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def _event(held: RoleHeld, now: bool) -> Event:
    """A role in the history: its name, its days, where."""
    if held.ends_on is None:
        days = f"Since {moment(held.starts_on)}" if now else f"From {moment(held.starts_on)}"
    else:
        said = span(held)
        days = said[:1].upper() + said[1:]
    return Event(held.role.name, days, held.where)
