"""What a partner needs to take part."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from accounts.access import audience
from accounts.models import Role
from partners.forms.needs import NeedForm
from partners.forms.profile import AccessForm
from partners.models import Need, Partner
from partners.services import needs, register
from partners.services.needs import NeedError
from partners.views.pages import form_page, get_or_post, own_partner, saved, signed_in


@require_GET
@audience(Role.PARTNER)
def access(request: HttpRequest) -> HttpResponse:
    """Everything a partner needs, what is to be looked at again first."""
    partner, today = own_partner(request), timezone.localdate()
    rows = list(Need.objects.visible_to(signed_in(request)).filter(partner=partner))
    return render(
        request,
        "partners/profile/access.html",
        {
            "title": "What helps you to take part",
            "partner": partner,
            "due": [need for need in rows if need.is_due(today)],
            "needs": [need for need in rows if not need.is_due(today)],
            "back_url": reverse("partners:profile"),
        },
    )


@get_or_post
@audience(Role.PARTNER)
def change_access(request: HttpRequest) -> HttpResponse:
    """All in all, in the partner's own words."""
    partner = own_partner(request)
    form = AccessForm(request.POST or None, initial={"access_needs": partner.access_needs})
    if request.method == "POST" and form.is_valid():

        def save() -> bool:
            return register.change_partner(
                partner=partner, by=signed_in(request), now=timezone.now(), **form.cleaned_data
            )

        if saved(form, save):
            messages.success(request, "Thank you. Your coordinators see this.")
            return redirect("partners:access")
    back = reverse("partners:access")
    return form_page(request, form, "What helps you to take part", back)


@get_or_post
@audience(Role.PARTNER)
def add_need(request: HttpRequest) -> HttpResponse:
    """Say one thing that one needs, and who may know what to do."""
    partner = own_partner(request)
    form = NeedForm(request.POST or None)
    if request.method == "POST" and form.is_valid():

        def save() -> Need:
            return needs.add_need(
                partner=partner, by=signed_in(request), now=timezone.now(), **form.cleaned_data
            )

        if saved(form, save):
            messages.success(request, "Thank you. Your coordinators see this.")
            return redirect("partners:access")
    return form_page(request, form, "Something you need", reverse("partners:access"))


@get_or_post
@audience(Role.PARTNER)
def change_need(request: HttpRequest, pk: int) -> HttpResponse:
    """Say it otherwise."""
    need = _own(request, own_partner(request), pk)
    form = NeedForm(request.POST or None, need=need)
    if request.method == "POST" and form.is_valid():

        def save() -> bool:
            return needs.change_need(
                need=need, by=signed_in(request), now=timezone.now(), **form.cleaned_data
            )

        if saved(form, save):
            messages.success(request, "Saved.")
            return redirect("partners:access")
    return form_page(
        request,
        form,
        "Something you need",
        reverse("partners:access"),
        remove_url=reverse("partners:remove_need", args=[need.pk]),
    )


@get_or_post
@audience(Role.PARTNER)
def remove_need(request: HttpRequest, pk: int) -> HttpResponse:
    """It is no longer needed, or no longer told."""
    need = _own(request, own_partner(request), pk)
    if request.method == "POST":
        needs.remove_need(need=need, by=signed_in(request), now=timezone.now())
        messages.success(request, "It is deleted.")
        return redirect("partners:access")
    back = reverse("partners:access")
    return render(
        request,
        "partners/profile/remove.html",
        {
            "title": "Delete this need?",
            "quoted": need.text,
            "text": "Nobody is told of it any more. It is gone for good.",
            "danger": True,
            "submit_text": "Delete it",
            "cancel_url": back,
            "cancel_text": "No, keep it",
            "back_url": back,
        },
    )


@require_POST
@audience(Role.PARTNER)
def review_need(request: HttpRequest, pk: int) -> HttpResponse:
    """It is still right."""
    need = _own(request, own_partner(request), pk)
    try:
        needs.review_need(need=need, by=signed_in(request), now=timezone.now())
    except NeedError as error:  # it was removed meanwhile
        messages.warning(request, str(error))
    else:
        messages.success(request, "Thank you. We ask you again in a year.")
    return redirect("partners:access")


def _own(request: HttpRequest, partner: Partner, pk: int) -> Need:
    own = Need.objects.visible_to(signed_in(request)).filter(partner=partner)
    need: Need = get_object_or_404(own, pk=pk)
    return need
