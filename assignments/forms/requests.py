"""What is asked of those who ask for partners or propose work, and of who answers no."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Team
from assignments.forms.pieces import TITLE_ERRORS, WHY_ERRORS, InOrder, places_field
from assignments.models import WorkGroup
from assignments.models.groups import Influence
from nhsuk.forms import DateField, Look, NhsukForm


class AskingForm(NhsukForm):
    """One page of asking for partners, or of proposing work of one's own."""

    def __init__(self, *args: Any, proposing: bool, teams: QuerySet[Team], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.proposing = proposing
        self.suit(teams)

    def suit(self, teams: QuerySet[Team]) -> None:
        """Ask in the words that suit who is asked."""


class WhatForm(AskingForm):
    """What it is and why."""

    title = forms.CharField(
        label="What would you like partners for?",
        help_text="A few words, such as “Two partners to help us rewrite our letters”.",
        max_length=150,
        error_messages=TITLE_ERRORS,
    )
    why = forms.CharField(
        label="Why?",
        help_text=(
            "What should be better afterwards, and what do partners bring that you do not have? "
            "Please name no patients."
        ),
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=2000,
        error_messages={"required": "Say why you would like partners", **WHY_ERRORS},
    )
    kind = forms.ChoiceField(
        label="What kind of work is it?",
        choices=WorkGroup.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what kind of work it is"},
    )
    team = forms.ModelChoiceField(
        label="Which team is it for?",
        queryset=Team.objects.none(),
        empty_label="No team, or several",
        required=False,
        error_messages={"invalid_choice": "Choose a team from the list"},
    )
    looks = {"why": Look(characters=2000)}

    def suit(self, teams: QuerySet[Team]) -> None:
        if not self.proposing:
            self.fields["team"].queryset = teams
            return
        del self.fields["team"]
        title, why = self.fields["title"], self.fields["why"]
        title.label = "What would you like to do?"
        title.help_text = "A few words, such as “A walk for people who are new to the clinic”."
        why.label = "Why does it matter to you?"
        why.help_text = (
            "In your own words. Your coordinators read it, and nobody else. Please name no "
            "patients and no staff."
        )
        why.error_messages["required"] = "Say why it matters to you"


class PartForm(AskingForm):
    """How far partners' say goes, how many there are, how much time it takes."""

    influence = forms.ChoiceField(
        label="How much influence do partners have?",
        choices=Influence.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how much influence partners have"},
    )
    places = places_field("How many partners?")
    effort = forms.CharField(
        label="How much time does it take?",
        help_text="For example, “Two hours a month, and half an hour to read beforehand”.",
        max_length=200,
        required=False,
        error_messages={"max_length": "Shorten this to 200 characters"},
    )
    looks = {
        "influence": Look(
            hints={
                Influence.INFORM: "They hear what happens, and can ask.",
                Influence.CONSULT: "They say what they think before it is decided.",
                Influence.CO_DESIGN: "They work it out together with staff.",
                Influence.CO_LEAD: "They decide together with staff.",
            }
        ),
        "places": Look(width=3, inputmode="numeric"),
    }

    def suit(self, teams: QuerySet[Team]) -> None:
        if self.proposing:
            self.fields["places"].label = "How many partners, yourself included?"


class WhenForm(InOrder, AskingForm):
    """When and where, and what it needs."""

    starts_on = DateField(
        name="The first day",
        label="From which day?",
        help_text="Leave this empty if it is open.",
        required=False,
    )
    ends_on = DateField(
        name="The last day",
        label="Until which day?",
        help_text="Leave this empty if it goes on.",
        required=False,
        earliest=timezone.localdate,
        error_messages={"too_early": "The last day must be today or later"},
    )
    place = forms.CharField(
        label="Where?",
        help_text="A place, or online",
        max_length=200,
        required=False,
        error_messages={"max_length": "Shorten this to 200 characters"},
    )
    access = forms.CharField(
        label="What is there for access?",
        help_text="Such as a lift, a hearing loop, breaks, or joining online",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
        required=False,
        error_messages={"max_length": "Shorten this to 1,000 characters"},
    )
    budget_code = forms.CharField(
        label="Budget code",
        help_text="Who pays for partners’ time, if you know it",
        max_length=40,
        required=False,
        error_messages={"max_length": "Shorten this to 40 characters"},
    )
    looks = {"access": Look(characters=1000), "budget_code": Look(width=20, spellcheck=False)}

    def suit(self, teams: QuerySet[Team]) -> None:
        if self.proposing:
            del self.fields["budget_code"]
            self.fields["access"].label = "What would help people take part?"


class RefuseForm(NhsukForm):
    """The reason of a no."""

    submit_text = "Answer no"

    reason = forms.CharField(
        label="Why is it not possible this time?",
        help_text="Whoever asked reads this. What could they do instead?",
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=1000,
        error_messages={
            "required": "Say why, in words that help whoever asked",
            "max_length": "Shorten this to 1,000 characters",
        },
    )
    looks = {"reason": Look(characters=1000)}
