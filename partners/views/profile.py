"""What a partner tells the programme about themselves."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.access import audience
from accounts.models import Role
from nhsuk.components import SummaryRow
from nhsuk.forms import NhsukForm
from partners.forms.profile import AccessForm, ContactForm, NameForm
from partners.models import Expertise
from partners.services import register
from partners.views.pages import form_page, get_or_post, own_partner, saved, signed_in


@require_GET
@audience(Role.PARTNER)
def profile(request: HttpRequest) -> HttpResponse:
    """What is held about the partner, each with a link to change it."""
    partner = own_partner(request)
    name, contact = reverse("partners:change_name"), reverse("partners:change_contact")
    return render(
        request,
        "partners/profile.html",
        {
            "title": "Your profile",
            "partner": partner,
            "about": [
                SummaryRow("Full name", partner.name, name),
                SummaryRow("Known as", partner.called, name),
                SummaryRow("E-mail address", partner.email or "None", contact),
                SummaryRow("Telephone number", partner.phone or "None", contact),
                SummaryRow(
                    "What helps you to take part",
                    partner.access_needs or "Nothing said yet",
                    reverse("partners:change_access"),
                ),
            ],
            "expertise": Expertise.objects.visible_to(request.user).filter(partner=partner),
        },
    )


@get_or_post
@audience(Role.PARTNER)
def change_name(request: HttpRequest) -> HttpResponse:
    return _change_profile(request, NameForm, "Your name", "Your name is saved.")


@get_or_post
@audience(Role.PARTNER)
def change_contact(request: HttpRequest) -> HttpResponse:
    return _change_profile(
        request, ContactForm, "How we reach you", "We will reach you in this way from now on."
    )


@get_or_post
@audience(Role.PARTNER)
def change_access(request: HttpRequest) -> HttpResponse:
    return _change_profile(
        request, AccessForm, "What helps you to take part", "Thank you. Your coordinators see this."
    )


def _change_profile(
    request: HttpRequest, form_class: type[NhsukForm], title: str, done: str
) -> HttpResponse:
    partner = own_partner(request)
    initial = {name: getattr(partner, name) for name in form_class.base_fields}
    form = form_class(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        fields = dict(form.cleaned_data)

        def save() -> bool:
            return register.change_partner(
                partner=partner, by=signed_in(request), now=timezone.now(), **fields
            )

        if saved(form, save):
            messages.success(request, done)
            return redirect("partners:profile")
    return form_page(request, form, title, reverse("partners:profile"))
