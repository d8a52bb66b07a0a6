"""What a partner tells the programme about themselves."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.access import audience
from accounts.models import Role
from nhsuk.components import TaskItem
from nhsuk.forms import NhsukForm
from nhsuk.pages import page_of
from nhsuk.templatetags.nhsuk import moment
from partners.forms.profile import (
    AvailabilityForm,
    ContactForm,
    EmergencyForm,
    EndPauseForm,
    NameForm,
    PaceForm,
    PauseForm,
)
from partners.models import EmergencyContact, Need, Partner, Pause
from partners.models.expertise import Visibility
from partners.services import profile as services
from partners.services import register
from partners.views.expertise import in_own_words
from partners.views.pages import form_page, get_or_post, own_partner, saved, signed_in

PAUSES_PAGE = 20


@require_GET
@audience(Role.PARTNER)
def profile(request: HttpRequest) -> HttpResponse:
    """Everything a partner tells about themselves, part by part."""
    partner, user = own_partner(request, "emergency_contact"), signed_in(request)
    needs = list(Need.objects.visible_to(user).filter(partner=partner))
    today = timezone.localdate()
    due = sum(need.is_due(today) for need in needs)
    away = Pause.objects.visible_to(user).filter(partner=partner).to_come(today).first()
    when = "Away now" if away and away.starts_on <= today else "To come"
    return render(
        request,
        "partners/profile/profile.html",
        {
            "title": "Your profile",
            "partner": partner,
            "due": due,
            "about": _about(partner),
            "working": [
                _access_part(partner, len(needs), due),
                _part("Days and times that suit you", "change_availability", partner.availability),
                _part("Your pace", "change_pace", services.pace_in_words(partner)),
                _part("Times away", "pauses", _away(away), full=when, empty="None"),
                _part("Emergency contact", "emergency", _whom_to_ring(_contact_of(partner))),
            ],
            "own_words": in_own_words(request, partner),
        },
    )


@require_GET
@audience(Role.PARTNER)
def what_others_see(request: HttpRequest) -> HttpResponse:
    """What coordinators and what staff of the programme see of one's profile, and no more."""
    partner, user = own_partner(request, "emergency_contact"), signed_in(request)
    needs = list(Need.objects.visible_to(user).filter(partner=partner))
    items = [(words, item) for words, found in in_own_words(request, partner) for item in found]
    today = timezone.localdate()
    pauses = Pause.objects.visible_to(user).filter(partner=partner).to_come(today)
    return render(
        request,
        "partners/profile/what_others_see.html",
        {
            "title": "What others see",
            "partner": partner,
            "needs": needs,
            "to_do": [need.to_do for need in needs if need.shared],
            "pace": services.pace_in_words(partner),
            "away": [_away(pause) for pause in pauses[:PAUSES_PAGE]],
            "contact": _contact_of(partner),
            "for_coordinators": [
                pair for pair in items if pair[1].visibility != Visibility.ONLY_ME
            ],
            "for_staff": [pair for pair in items if pair[1].visibility == Visibility.STAFF],
            "back_url": reverse("partners:profile"),
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
def change_availability(request: HttpRequest) -> HttpResponse:
    return _change_profile(request, AvailabilityForm, "Days and times that suit you", "Saved.")


@get_or_post
@audience(Role.PARTNER)
def change_pace(request: HttpRequest) -> HttpResponse:
    return _change_profile(request, PaceForm, "Your pace", "Your pace is saved.")


# --- Away ----------------------------------------------------------------------------------------


@require_GET
@audience(Role.PARTNER)
def pauses(request: HttpRequest) -> HttpResponse:
    """Times on which one takes no work, the latest first."""
    partner = own_partner(request)
    rows = Pause.objects.visible_to(signed_in(request)).filter(partner=partner)
    today = timezone.localdate()
    page = page_of(request, rows.order_by("-starts_on", "-pk"), PAUSES_PAGE)
    for pause in page:
        pause.is_over = pause.ends_on is not None and pause.ends_on < today
    return render(
        request,
        "partners/profile/pauses.html",
        {"title": "Times away", "page": page, "back_url": reverse("partners:profile")},
    )


@get_or_post
@audience(Role.PARTNER)
def add_pause(request: HttpRequest) -> HttpResponse:
    """Say that one is away from one day to another; nobody asks why."""
    partner = own_partner(request)
    form = PauseForm(request.POST or None, initial={"starts_on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():

        def save() -> Pause:
            return services.add_pause(
                partner=partner, by=signed_in(request), now=timezone.now(), **form.cleaned_data
            )

        if saved(form, save):
            messages.success(request, "Thank you for telling us. Look after yourself.")
            return redirect("partners:pauses")
    return form_page(request, form, "A time away", reverse("partners:pauses"))


@get_or_post
@audience(Role.PARTNER)
def end_pause(request: HttpRequest, pk: int) -> HttpResponse:
    """Come back earlier, or later."""
    pause = _own_pause(request, pk)
    form = EndPauseForm(
        request.POST or None, initial={"ends_on": pause.ends_on or timezone.localdate()}
    )
    if request.method == "POST" and form.is_valid():

        def save() -> bool:
            return services.end_pause(
                pause=pause, by=signed_in(request), now=timezone.now(), **form.cleaned_data
            )

        if saved(form, save):
            messages.success(request, "Saved.")
            return redirect("partners:pauses")
    return form_page(request, form, "Your last day away", reverse("partners:pauses"))


@get_or_post
@audience(Role.PARTNER)
def remove_pause(request: HttpRequest, pk: int) -> HttpResponse:
    """One was not away after all."""
    pause = _own_pause(request, pk)
    if request.method == "POST":
        services.remove_pause(pause=pause, by=signed_in(request), now=timezone.now())
        messages.success(request, "It is deleted.")
        return redirect("partners:pauses")
    return _sure(request, "Delete this time away?", _away(pause), reverse("partners:pauses"))


# --- In an emergency -----------------------------------------------------------------------------


@get_or_post
@audience(Role.PARTNER)
def emergency(request: HttpRequest) -> HttpResponse:
    """Whom to ring if something happens at work; coordinators see it, and nobody else."""
    partner = own_partner(request)
    kept = EmergencyContact.objects.visible_to(signed_in(request)).filter(partner=partner).first()
    initial = {name: getattr(kept, name, "") for name in EmergencyForm.base_fields}
    form = EmergencyForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():

        def save() -> EmergencyContact:
            return services.set_emergency_contact(
                partner=partner, by=signed_in(request), now=timezone.now(), **form.cleaned_data
            )

        if saved(form, save):
            messages.success(request, "Thank you. Only your coordinators can see it.")
            return redirect("partners:profile")
    return form_page(
        request,
        form,
        "Emergency contact",
        reverse("partners:profile"),
        lead="Whom shall we ring if something happens to you at work? Please ask them first. "
        "Only you and your coordinators can see this.",
        remove_url=reverse("partners:remove_emergency") if kept else "",
    )


@get_or_post
@audience(Role.PARTNER)
def remove_emergency(request: HttpRequest) -> HttpResponse:
    """Have nobody rung."""
    partner = own_partner(request)
    back = reverse("partners:emergency")
    if request.method == "POST":
        services.remove_emergency_contact(
            partner=partner, by=signed_in(request), now=timezone.now()
        )
        messages.success(request, "It is deleted.")
        return redirect("partners:profile")
    return _sure(request, "Delete your emergency contact?", "", back)


# --- In words ------------------------------------------------------------------------------------


def _part(
    title: str, route: str, said: str, *, full: str = "Said", empty: str = "Not said yet"
) -> TaskItem:
    lines = said.splitlines()
    hint = lines[0] + (" …" if len(lines) > 1 else "") if lines else ""
    status = full if said else empty
    return TaskItem(title, reverse(f"partners:{route}"), status, hint=hint)


def _about(partner: Partner) -> list[TaskItem]:
    called = f"{partner.name}, called {partner.called}"
    ways = {
        Partner.Channel.EMAIL: "By e-mail",
        Partner.Channel.PHONE: "By telephone",
        Partner.Channel.POST: "By post",
    }
    best = ways.get(Partner.Channel(partner.preferred_channel), "")
    details = [best, partner.email or "", partner.phone, " ".join(partner.address.split("\n"))]
    return [
        _part("Your name", "change_name", called),
        _part("How we reach you", "change_contact", ", ".join(filter(None, details))),
    ]


def _access_part(partner: Partner, number: int, due: int) -> TaskItem:
    said = f"{number} need{'' if number == 1 else 's'}" if number else partner.access_needs
    part = _part("What helps you to take part", "access", said)
    if not due:
        return part
    return TaskItem(part.title, part.href, "To look at again", "yellow", part.hint)


def _away(pause: Pause | None) -> str:
    """ "Away from 3 to 9 December 2026", in full dates."""
    if pause is None:
        return ""
    first = moment(pause.starts_on)
    return f"From {first} to {moment(pause.ends_on)}" if pause.ends_on else f"From {first} on"


def _contact_of(partner: Partner) -> EmergencyContact | None:
    found: EmergencyContact | None = getattr(partner, "emergency_contact", None)
    return found


def _whom_to_ring(contact: EmergencyContact | None) -> str:
    if contact is None:
        return ""
    return f"{contact.name}, {contact.phone}"


# --- Saving --------------------------------------------------------------------------------------


def _own_pause(request: HttpRequest, pk: int) -> Pause:
    partner = own_partner(request)
    own = Pause.objects.visible_to(signed_in(request)).filter(partner=partner)
    pause: Pause = get_object_or_404(own, pk=pk)
    return pause


def _sure(request: HttpRequest, title: str, quoted: str, back: str) -> HttpResponse:
    return render(
        request,
        "partners/profile/remove.html",
        {
            "title": title,
            "quoted": quoted,
            "text": "It is gone for good.",
            "danger": True,
            "submit_text": "Delete it",
            "cancel_url": back,
            "cancel_text": "No, keep it",
            "back_url": back,
        },
    )


def _change_profile(
    request: HttpRequest, form_class: type[NhsukForm], title: str, done: str
) -> HttpResponse:
    partner = own_partner(request)
    initial = {name: getattr(partner, name) for name in form_class.base_fields}
    form = form_class(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        fields: dict[str, Any] = dict(form.cleaned_data)

        def save() -> bool:
            return register.change_partner(
                partner=partner, by=signed_in(request), now=timezone.now(), **fields
            )

        if saved(form, save):
            messages.success(request, done)
            return redirect("partners:profile")
    return form_page(request, form, title, reverse("partners:profile"))
