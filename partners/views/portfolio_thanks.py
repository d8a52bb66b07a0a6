"""A line of thanks: asked for by the partner, given by link, shown or not as the partner says."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST

from accounts.access import PUBLIC, audience
from accounts.models import Role
from partners import rules
from partners.forms.portfolio_thanks import AskForThanksForm, GiveThanksForm
from partners.models import ThankYou
from partners.services import thanks
from partners.services.thanks import ThanksOverError
from partners.views.pages import form_page, get_or_post, saved, signed_in
from partners.views.portfolio import own_contribution


@get_or_post
@audience(Role.PARTNER)
def ask_for_thanks(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask somebody one worked with for a line."""
    row = own_contribution(request, pk)
    if not rules.may_ask_for_thanks(request.user, row):
        raise PermissionDenied
    form = AskForThanksForm(request.POST or None)
    back = reverse("partners:contribution", args=[row.pk])
    if request.method == "POST" and form.is_valid():

        def save() -> ThankYou:
            return thanks.ask_for_thanks(
                contribution=row, by=signed_in(request), now=timezone.now(), **form.cleaned_data
            )

        asked = saved(form, save)
        if asked:
            messages.success(
                request, f"We ask {asked.name} for you, and tell you when a line has come."
            )
            return redirect(back)
    return form_page(request, form, "Ask for a line of thanks", back)


@require_POST
@audience(Role.PARTNER)
def show_thanks(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a line show with the entry, or not."""
    own = ThankYou.objects.visible_to(signed_in(request)).filter(
        contribution__partner__user=request.user, given_at__isnull=False
    )
    row = get_object_or_404(own, pk=pk)
    shows = request.POST.get("shows") == "yes"
    thanks.show_thanks(thank_you=row, shows=shows, by=signed_in(request), now=timezone.now())
    messages.success(
        request, "It shows with what you share, and in your PDF." if shows else "Only you see it."
    )
    return redirect("partners:contribution", row.contribution_id)


@get_or_post
@never_cache
@sensitive_variables("token")
@audience(PUBLIC)
def give_thanks(request: HttpRequest, token: str) -> HttpResponse:
    """Write the line, without signing in. The page tells name, work and day, and nothing else."""
    now = timezone.now()
    try:
        asked = thanks.thanks_asked_for(token=token, now=now)
        form = GiveThanksForm(request.POST or None)
        if request.method == "POST" and form.is_valid():

            def save() -> ThankYou:
                return thanks.give_thanks(token=token, words=form.cleaned_data["words"], now=now)

            if saved(form, save):
                partner = asked.contribution.partner
                return render(request, "partners/portfolio/thanks_given.html", {"partner": partner})
    except ThanksOverError as over:
        context = {"was_used": over.was_used}
        return render(request, "partners/portfolio/thanks_over.html", context, status=404)
    return render(
        request,
        "partners/portfolio/give_thanks.html",
        {"asked": asked, "partner": asked.contribution.partner, "form": form},
    )
