"""What a partner brings, cares about and wants."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone

from accounts.access import audience
from accounts.models import Role
from partners.forms.expertise import ExpertiseForm
from partners.models import Expertise
from partners.services import expertise
from partners.views.pages import form_page, get_or_post, own_partner, saved, signed_in


@get_or_post
@audience(Role.PARTNER)
def add_expertise(request: HttpRequest) -> HttpResponse:
    """Say something that one brings, and who may see it."""
    partner = own_partner(request)
    form = ExpertiseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():

        def save() -> Expertise:
            return expertise.add_expertise(
                partner=partner, by=signed_in(request), now=timezone.now(), **form.cleaned_data
            )

        if saved(form, save):
            messages.success(request, "Thank you. It is on your profile.")
            return redirect("partners:profile")
    return form_page(request, form, "What you bring", reverse("partners:profile"))


@get_or_post
@audience(Role.PARTNER)
def change_expertise(request: HttpRequest, pk: int) -> HttpResponse:
    """Put something that one brings into other words, or share it with others or nobody."""
    own = Expertise.objects.visible_to(request.user).filter(partner__user=request.user)
    item = get_object_or_404(own, pk=pk)
    initial = {name: getattr(item, name) for name in ExpertiseForm.base_fields}
    form = ExpertiseForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():

        def save() -> bool:
            return expertise.change_expertise(
                expertise=item, by=signed_in(request), now=timezone.now(), **form.cleaned_data
            )

        if saved(form, save):
            messages.success(request, "Saved.")
            return redirect("partners:profile")
    return form_page(request, form, "What you bring", reverse("partners:profile"))
