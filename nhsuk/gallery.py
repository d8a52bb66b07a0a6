"""Every component with made-up data, to look at and to test; never in production."""

from datetime import date
from types import SimpleNamespace
from typing import Any

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from nhsuk import charts
from nhsuk import components as c
from nhsuk.forms import DateField, Look, NhsukForm, PoundsField, TimeField
from nhsuk.pages import page_of

PAGES = {
    "components": "nhsuk/gallery/components.html",
    "home": "nhsuk/gallery/home.html",
    "welcome": "nhsuk/gallery/welcome.html",
    "form": "nhsuk/gallery/form.html",
    "question": "layouts/form.html",
    "list": "nhsuk/gallery/list.html",
    "empty": "nhsuk/gallery/list.html",
    "confirm": "layouts/confirm.html",
    "done": "layouts/done.html",
}


class GalleryForm(NhsukForm):
    """One of each field."""

    name = forms.CharField(
        label="What should we call you?", error_messages={"required": "Enter a name"}
    )
    email = forms.EmailField(
        label="E-mail address",
        help_text="We use it for reminders only",
        error_messages={
            "required": "Enter an e-mail address",
            "invalid": "Enter an e-mail address like name@example.com",
        },
    )
    day = DateField(label="When was it?", help_text="For example, 27 3 2026", name="The day")
    start = TimeField(label="When did it start?", help_text="For example, 2:30pm")
    amount = PoundsField(label="What did it cost?", required=False)
    how = forms.ChoiceField(
        label="How should we reach you?",
        widget=forms.RadioSelect,
        choices=[("email", "E-mail"), ("phone", "Phone"), ("none", "I will look here")],
        error_messages={"required": "Choose how we should reach you"},
    )
    phone = forms.CharField(
        label="Phone number", error_messages={"required": "Enter a phone number"}
    )
    help = forms.MultipleChoiceField(
        label="What would help you take part?",
        help_text="Choose all that apply",
        widget=forms.CheckboxSelectMultiple,
        choices=[("large", "Large print"), ("loop", "A hearing loop"), ("none", "Nothing")],
        error_messages={"required": "Choose what would help, or nothing"},
    )
    team = forms.ChoiceField(
        label="Team",
        choices=[("", "Choose one"), ("upper", "Upper limb"), ("pain", "Pain")],
        error_messages={"required": "Choose a team"},
    )
    story = forms.CharField(
        label="What happened?",
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=500,
        error_messages={"required": "Enter what happened"},
    )
    receipt = forms.FileField(label="Receipt", required=False)
    password = forms.CharField(
        label="Password",
        widget=forms.PasswordInput,
        error_messages={"required": "Enter your password"},
    )
    agree = forms.BooleanField(
        label="This is right as far as I know",
        error_messages={"required": "Tick the box when it is right"},
    )

    looks = {
        "name": Look(width=20, autocomplete="name"),
        "email": Look(autocomplete="email", spellcheck=False),
        "how": Look(reveals={"phone": ("phone",)}, hints={"none": "Nothing is sent"}),
        "phone": Look(width=20, autocomplete="tel", inputmode="tel"),
        "help": Look(divider_before="none"),
        "story": Look(characters=500),
        "password": Look(autocomplete="current-password"),
    }


class QuestionForm(NhsukForm):
    """One question on a page."""

    heading = "legend"
    answer = forms.ChoiceField(
        label="Can you take part on Tuesday?",
        help_text="Upper limb MDT, 2pm to 3:30pm",
        widget=forms.RadioSelect,
        choices=[("yes", "Yes"), ("no", "No"), ("maybe", "I do not know yet")],
        error_messages={"required": "Choose an answer"},
    )


def gallery(request: HttpRequest, page: str = "components") -> HttpResponse:
    """Show one page of the gallery; ?errors=1 shows the forms with mistakes."""
    if not settings.DEMO or page not in PAGES:
        raise Http404
    return render(request, PAGES[page], _context(request, page))


def _context(request: HttpRequest, page: str) -> dict[str, Any]:
    data = {} if "errors" in request.GET else None
    context: dict[str, Any] = {"title": "Gallery", "pages": list(PAGES)}
    if page == "form":
        context |= {"form": GalleryForm(data), "title": "A form", "cancel_url": "."}
    if page == "question":
        context |= {"form": QuestionForm(data), "title": "A question", "back_url": "."}
    if page in {"list", "empty"}:
        rows = list(range(1, 1301)) if page == "list" else []
        context |= {"page": page_of(request, rows), "title": "Contributions", "filter": None}
        context["filter"] = SimpleNamespace(
            form=_FilterForm(request.GET or None),
            chosen=[c.FilterTag("Team", "Upper limb", "?")] if page == "list" else [],
            clear_url="?",
        )
    if page == "confirm":
        context |= {
            "title": "Withdraw this claim?",
            "text": "It goes back to a draft. You can send it again later.",
            "submit_text": "Yes, withdraw it",
            "cancel_url": ".",
        }
    if page == "done":
        context |= {
            "title": "Thank you. Your claim is sent",
            "text": "Your reference is C-1042",
            "next_steps": [
                "Priya checks it, most often within 3 days.",
                "It is in the payment run of Friday 27 November 2026.",
                "We tell you when it is paid.",
            ],
            "onward_url": "/",
            "onward_text": "Go to your home page",
        }
    return context | _samples()


class _FilterForm(NhsukForm):
    method = "get"
    q = forms.CharField(label="Words", required=False)
    team = forms.ChoiceField(
        label="Team", required=False, choices=[("", "All"), ("upper", "Upper limb")]
    )
    state = forms.MultipleChoiceField(
        label="State",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[("confirmed", "Confirmed"), ("draft", "Draft")],
    )
    looks = {"state": Look(small=True)}


def _samples() -> dict[str, Any]:
    return {
        "next": c.NextThing(
            title="Upper limb MDT",
            when="Tuesday 24 November, 2pm to 3:30pm",
            where="Seminar room 2, level 3, or online",
            url="#detail",
            join_url="#join",
            asks="Read two short summaries first (about 15 minutes), then say what you would ask.",
            contact_name="Priya Shah",
            contact_phone="020 7946 0018",
            contact_email="priya@example.org",
            cannot_url="#cannot",
        ),
        "todo": [
            c.ToDo("Say if you can come in December", "#1", 2),
            c.ToDo("Write down what you did on 12 November", "#2", 5, "Pain pathway workshop"),
            c.ToDo("Read and sign your new agreement", "#3", 10),
        ],
        "steps": [
            c.Step(
                "Tell us how to reach you",
                "Your name, your phone and how you like to be told.",
                "#1",
                3,
                done=True,
            ),
            c.Step(
                "Say what you bring",
                "From your life and from being a patient. In your words.",
                "#2",
                10,
            ),
            c.Step(
                "Choose your pace",
                "A few hours a month, or now and then. You can change it.",
                "#3",
                2,
            ),
        ],
        "rows": [
            c.SummaryRow("Name", "Mo Khan", "#name"),
            c.SummaryRow("Phone", "020 7946 0991", "#phone"),
            c.SummaryRow("Partner since", "4 March 2024"),
        ],
        "tasks": [
            c.TaskItem("About you", "#1", "Done"),
            c.TaskItem("What you bring", "#2", "Not started", "blue", "About 10 minutes"),
            c.TaskItem("Check and send", "", "Cannot start yet"),
        ],
        "events": [
            c.Event("Mo confirmed this", "4 November 2026"),
            c.Event("Priya asked for one more line", "2 November 2026", "Which session was it?"),
            c.Event("You wrote it down", "1 November 2026"),
        ],
        "columns": [c.Column("When"), c.Column("What"), c.Column("Minutes", numeric=True)],
        "cells": [
            ["4 November 2026", "Upper limb MDT", 90],
            ["12 November 2026", "Pain pathway workshop", 150],
        ],
        "chosen": [c.FilterTag("Team", "Upper limb", "#"), c.FilterTag("State", "Confirmed", "#")],
        **_charts(),
    }


def _charts() -> dict[str, Any]:
    sides = (("partner", "Partners"), ("peer", "Peers"), ("self", "You"))
    rated = {
        "Said there is a choice": (2.4, 3.1, 3.0),
        "Laid out the options": (1.8, 1.9, 2.0),
        "Checked what was understood": (0.4, 2.2, 3.6),
    }
    lines = [
        charts.MarkLine(
            item,
            [charts.Mark(*side, value) for side, value in zip(sides, values, strict=True)],
        )
        for item, values in rated.items()
    ]
    values = [48, 52, 47, 50, 49, 53, 46, 51, 50, 66, 54, 55, 56, 57, 58, 59, 60, 31]
    said = {9: ("improvement", "above the limit"), 17: ("concern", "below the limit")}
    said |= dict.fromkeys(range(10, 17), ("improvement", "rising"))
    months = [date(2025 + (month + 5) // 12, (month + 5) % 12 + 1, 1) for month in range(18)]
    points = [
        charts.XmrPoint(f"{month:%B %Y}", f"{month:%b %y}", value, *said.get(number, ()))
        for number, (month, value) in enumerate(zip(months, values, strict=True))
    ]
    return {
        "mark_lines": lines,
        "xmr_points": points,
        "xmr_lines": SimpleNamespace(mean=52.3, lower=38.0, upper=62.5),
        "spark_values": values[:8],
        "time_lines": [
            charts.TimeLine("partner", "Partners", values[:12]),
            charts.TimeLine("peer", "Peers", [None, *(value + 9 for value in values[1:12])]),
            charts.TimeLine("self", "You", [None] * 9 + [70, None, 66]),
        ],
        "periods": [(one.label, one.short) for one in points[:12]],
    }
