"""People and teams that one is not to work with: one's own list, declaring, taking back."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.access import audience
from accounts.current import current_programme
from accounts.models import Programme, Role, User
from nhsuk.pages import page_of
from partners.forms.conflicts import PERSON, ConflictForm
from partners.models import DeclaredConflict
from partners.rules import conflicts as rules
from partners.services import conflicts
from partners.views.pages import get_or_post, saved, saved_or_told, signed_in

PER_PAGE = 20
EVERYBODY = tuple(Role.values)


@require_GET
@audience(*EVERYBODY)
def conflicts_declared(request: HttpRequest) -> HttpResponse:
    """Whom one is not to work with, as one said oneself or asked a coordinator to put down."""
    user, programme = signed_in(request), _programme(request)
    mine = DeclaredConflict.objects.visible_to(user).of(user).standing()
    rows = mine.filter(programme=programme).select_related(
        "with_partner", "with_person", "with_team"
    )
    return render(
        request,
        "partners/conflicts/list.html",
        {
            "title": "People not to work with",
            "page": page_of(request, rows, PER_PAGE),
            "back_url": reverse("home"),
        },
    )


@get_or_post
@audience(*EVERYBODY)
def declare_conflict(request: HttpRequest) -> HttpResponse:
    """Say whom one is not to work with. Why is not asked."""
    user, programme = signed_in(request), _programme(request)
    form = ConflictForm(request.POST or None, programme=programme)
    back = reverse("partners:conflicts")
    if request.method == "POST" and form.is_valid():
        if not form.cleaned_data["holds"]:
            messages.info(
                request,
                "Then nothing is written down. Talk to your coordinator if it is something else.",
            )
            return redirect(back)
        row = saved(form, lambda: _declared(programme, user, form.cleaned_data))
        if row:
            _say_so(request, row)
            return redirect(back)
    return render(
        request,
        "partners/conflicts/declare.html",
        {
            "title": "Somebody not to work with",
            "form": form,
            "back_url": back,
            "cancel_url": back,
        },
    )


@get_or_post
@audience(*EVERYBODY)
def take_back_conflict(request: HttpRequest, pk: int) -> HttpResponse:
    """It holds no more: one may work together again."""
    user = signed_in(request)
    rows = DeclaredConflict.objects.visible_to(user).of(user).standing()
    row = get_object_or_404(
        rows.select_related("partner", "with_partner", "with_person", "with_team"), pk=pk
    )
    if not rules.may_take_back(user, row):
        raise PermissionDenied
    back = reverse("partners:conflicts")
    if request.method == "POST":
        if saved_or_told(
            request, lambda: conflicts.take_back(conflict=row, by=user, now=timezone.now())
        ):
            messages.success(request, f"You may work with {row.other} again.")
        return redirect(back)
    return render(
        request,
        "layouts/confirm.html",
        {
            "title": f"Take back that you do not work with {row.other}?",
            "text": "From then on you may be asked to work together. Nobody but your coordinators "
            "knows that this stood here.",
            "submit_text": "Take it back",
            "cancel_text": "No, keep it",
            "cancel_url": back,
            "back_url": back,
        },
    )


def _programme(request: HttpRequest) -> Programme:
    user = signed_in(request)
    programme = current_programme(user, request.session)
    if programme is None or not rules.may_declare(user, programme):
        raise PermissionDenied
    return programme


def _declared(programme: Programme, user: User, said: dict[str, Any]) -> DeclaredConflict:
    own = conflicts.oneself(user, programme)
    sides: dict[str, Any] = {"with_team": said["team"]}
    if said["kind"] == PERSON:
        other = conflicts.find(programme=programme, said=said["who"])
        sides = {"with_partner": other.partner, "with_person": other.user}
    return conflicts.declare(
        programme=programme,
        by=user,
        now=timezone.now(),
        partner=own.partner,
        person=own.user,
        **sides,
    )


def _say_so(request: HttpRequest, row: DeclaredConflict) -> None:
    messages.success(
        request,
        f"It is kept. From now on you are not asked to work with {row.other}, and they are not "
        "told.",
    )
    this = DeclaredConflict.objects.visible_to(signed_in(request)).filter(pk=row.pk)
    if conflicts.at_work_together(this, timezone.localdate()).exists():
        messages.warning(
            request,
            f"{together(row)} Your coordinator sees this and will find a "
            "way with you; until then both places stay as they are.",
        )


def together(row: DeclaredConflict) -> str:
    """That they are at work together already, for whoever declared it."""
    if row.with_team is not None:
        return f"You have a place in a group of {row.with_team.name} now."
    return f"You and {row.other} are in one work group now."
