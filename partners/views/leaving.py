"""Leaving the programme: what goes, what stays, and what a partner can choose about it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.access import SIGNED_IN, audience
from accounts.current import current_programme
from accounts.models import Role, User
from partners.forms.my_data import DonateForm
from partners.models import Partner, Story
from partners.services import farewell, leaving
from partners.views.pages import (
    get_or_post,
    own_partner,
    saved,
    saved_or_told,
    signed_in,
)
from workflow.transitions import IllegalMoveError


@get_or_post
@audience(SIGNED_IN)
def leaving_page(request: HttpRequest) -> HttpResponse:
    """What leaving means, which stories one gives, and the way out or back."""
    partner, user, now = _leaver(request), signed_in(request), timezone.now()
    today = timezone.localdate(now)
    own = Story.objects.visible_to(user, today).filter(partner=partner)
    stories = list(own.allowed(today).only("title", "donated_at"))
    form = DonateForm(request.POST or None, stories=stories)

    def save() -> None:
        leaving.donate(partner=partner, stories=form.cleaned_data["stories"], by=user, now=now)

    if request.method == "POST" and form.is_valid() and saved(form, save):
        messages.success(request, "Your choice is kept.")
        return redirect("partners:leaving")
    left = farewell.last_left(partner)
    return render(
        request,
        "partners/my_data/leaving.html",
        {
            "title": "Leaving the programme",
            "partner": partner,
            "form": form if stories else None,
            "stories": stories,
            "others": list(own.exclude(pk__in=[one.pk for one in stories]).only("title")),
            "left": left,
            "erased": left is not None and farewell.is_erased(partner, left),
            "erased_on": left.at + farewell.GRACE if left else None,
            "may_stay": left is not None and farewell.may_come_back(left, user, now),
            "days": farewell.GRACE.days,
            "years": leaving.YEARS_KEPT,
            "back_url": reverse("home") if left else reverse("partners:my_data"),
        },
    )


@get_or_post
@audience(Role.PARTNER)
def leave(request: HttpRequest) -> HttpResponse:
    """Leave, after one more look."""
    partner, user = own_partner(request), signed_in(request)
    if request.method == "POST":
        try:
            leaving.leave(partner=partner, by=user, now=timezone.now())
        except IllegalMoveError as error:
            messages.warning(request, str(error))
        return redirect("partners:leaving")
    return _confirm(
        request,
        "Leave the programme?",
        f"You take part no more in {partner.programme.name}, and your pages close. Your places in "
        f"learning are given back at once. What you wrote is kept for {farewell.GRACE.days} days, "
        "in case you come back, and erased after that.",
        "Leave the programme",
    )


@require_POST
@audience(SIGNED_IN)
def stay(request: HttpRequest) -> HttpResponse:
    """Take leaving back."""
    partner, user = _leaver(request), signed_in(request)

    def come_back() -> Partner:
        return leaving.stay(partner=partner, by=user, now=timezone.now())

    if saved_or_told(request, come_back):
        messages.success(
            request,
            "Welcome back. Everything you wrote is here. Places in learning were given back when "
            "you left, and your groups went on without you: ask your coordinator about new ones.",
        )
        return redirect("home")
    return redirect("partners:leaving")


@get_or_post
@audience(SIGNED_IN)
def erase_now(request: HttpRequest) -> HttpResponse:
    """Have everything erased at once, after one more look."""
    partner, user = _leaver(request), signed_in(request)
    left = farewell.last_left(partner)
    if left is None or farewell.is_erased(partner, left):
        raise Http404
    if request.method == "POST":
        erased = saved_or_told(
            request, lambda: leaving.erase(partner=partner, by=user, now=timezone.now())
        )
        if not erased:
            return redirect("partners:leaving")
        if not User.objects.visible_to(user).filter(pk=user.pk, is_active=True).exists():
            logout(request)
        context = {
            "title": "It is erased",
            "text": "What you wrote is gone for good.",
            "next_steps": [
                "What was paid for is kept for as long as the rules for money ask.",
                "Thank you for the time you gave.",
            ],
        }
        return render(request, "layouts/done.html", context)
    return _confirm(
        request,
        "Erase everything now?",
        "What you wrote is erased at once and for good, all but the stories that you give. "
        "Nobody can bring it back. You may want to take a copy first.",
        "Erase it now",
    )


def _confirm(request: HttpRequest, title: str, text: str, submit: str) -> HttpResponse:
    back = reverse("partners:leaving")
    context: dict[str, Any] = {
        "title": title,
        "text": text,
        "submit_text": submit,
        "danger": True,
        "cancel_url": back,
        "back_url": back,
    }
    return render(request, "layouts/confirm.html", context)


def _leaver(request: HttpRequest) -> Partner:
    """One's own partner row: where one takes part, else the one that one left last."""
    user = signed_in(request)
    partner = Partner.objects.visible_to(user).own(user, current_programme(user, request.session))
    partner = partner or farewell.left_last(user)
    if partner is None:
        raise Http404
    return partner
