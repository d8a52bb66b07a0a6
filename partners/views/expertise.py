"""What a partner brings, cares about and wants."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts.access import audience
from accounts.models import Role
from partners.forms.expertise import (
    ChangePriorityForm,
    ExpertiseForm,
    OwnWordsForm,
    PassionForm,
    PriorityForm,
)
from partners.models import Expertise, Partner, Passion, Priority, Theme
from partners.services import expertise
from partners.views.pages import form_page, get_or_post, own_partner, saved, signed_in


@dataclass(frozen=True)
class OwnWords:
    """One of the three kinds of things that partners say in their own words."""

    name: str
    model: Any
    form: type[OwnWordsForm]
    change_form: type[OwnWordsForm]
    add: Callable[..., Any]
    change: Callable[..., bool]
    title: str
    nothing: str
    add_text: str

    @property
    def change_route(self) -> str:
        return f"partners:change_{self.name}"

    @property
    def remove_route(self) -> str:
        return f"partners:remove_{self.name}"

    @property
    def add_url(self) -> str:
        return reverse(f"partners:add_{self.name}")


KINDS = {
    words.name: words
    for words in (
        OwnWords(
            "expertise",
            Expertise,
            ExpertiseForm,
            ExpertiseForm,
            expertise.add_expertise,
            lambda item, **values: expertise.change_expertise(expertise=item, **values),
            "What you bring",
            "What you learned in your work, and what you learned from being a patient or a carer: "
            "both help the teams you work with. Nothing is here yet.",
            "Add something you bring",
        ),
        OwnWords(
            "passion",
            Passion,
            PassionForm,
            PassionForm,
            expertise.add_passion,
            lambda item, **values: expertise.change_passion(passion=item, **values),
            "What you care about",
            "Say what you would love to work on, so that we can ask you when it comes up.",
            "Add something you care about",
        ),
        OwnWords(
            "priority",
            Priority,
            PriorityForm,
            ChangePriorityForm,
            expertise.add_priority,
            lambda item, **values: expertise.change_priority(priority=item, **values),
            "What you want for yourself",
            "Taking part should give you something too. What would you like to get out of it?",
            "Add something you want",
        ),
    )
}


def in_own_words(request: HttpRequest, partner: Partner) -> list[tuple[OwnWords, list[Any]]]:
    """Everything that a partner said in their own words, kind by kind."""
    return [
        (
            words,
            list(words.model.objects.visible_to(request.user).filter(partner=partner).shown()),
        )
        for words in KINDS.values()
    ]


@get_or_post
@audience(Role.PARTNER)
def add(request: HttpRequest, what: str) -> HttpResponse:
    """Say something, and who may see it."""
    words, partner = KINDS[what], own_partner(request)
    form = words.form(request.POST or None, themes=_themes(request, partner))
    if request.method == "POST" and form.is_valid():

        def save() -> Any:
            return words.add(
                partner=partner, by=signed_in(request), now=timezone.now(), **form.cleaned_data
            )

        if saved(form, save):
            messages.success(request, "Thank you. It is on your profile.")
            return redirect("partners:profile")
    return form_page(request, form, words.title, reverse("partners:profile"))


@get_or_post
@audience(Role.PARTNER)
def change(request: HttpRequest, what: str, pk: int) -> HttpResponse:
    """Put it into other words, or share it with others or nobody."""
    words, partner = KINDS[what], own_partner(request)
    item = _own(request, words, partner, pk)
    form = words.change_form(request.POST or None, themes=_themes(request, partner), item=item)
    if request.method == "POST" and form.is_valid():

        def save() -> bool:
            return words.change(
                item, by=signed_in(request), now=timezone.now(), **form.cleaned_data
            )

        if saved(form, save):
            messages.success(request, "Saved.")
            return redirect("partners:profile")
    return form_page(
        request,
        form,
        words.title,
        reverse("partners:profile"),
        remove_url=reverse(words.remove_route, args=[item.pk]),
    )


@get_or_post
@audience(Role.PARTNER)
def remove(request: HttpRequest, what: str, pk: int) -> HttpResponse:
    """Take it away altogether."""
    words, partner = KINDS[what], own_partner(request)
    item = _own(request, words, partner, pk)
    if request.method == "POST":
        expertise.remove(item=item, by=signed_in(request), now=timezone.now())
        messages.success(request, "It is deleted.")
        return redirect("partners:profile")
    back = reverse(words.change_route, args=[item.pk])
    return render(
        request,
        "partners/profile/remove.html",
        {
            "title": "Delete this?",
            "quoted": item.text,
            "text": "It is gone for good, here and for everybody who could see it.",
            "danger": True,
            "submit_text": "Delete it",
            "cancel_url": back,
            "cancel_text": "No, keep it",
            "back_url": back,
        },
    )


def _own(request: HttpRequest, words: OwnWords, partner: Partner, pk: int) -> Any:
    own = words.model.objects.visible_to(request.user).filter(partner=partner).defer("search")
    return get_object_or_404(own, pk=pk)


def _themes(request: HttpRequest, partner: Partner) -> list[Theme]:
    known = Theme.objects.visible_to(signed_in(request))
    return list(known.filter(programme=partner.programme_id))
