"""What partners are asked about their work."""

from typing import Any

from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.utils import timezone

from nhsuk.forms import DateField, Look, NhsukForm
from partners.models.contribution import Kind
from partners.services.ledger import MINUTES_OF_A_DAY

# What has no page of its own comes first where partners write down what they did.
WITHOUT_PAGE = (
    Kind.WRITING,
    Kind.TALK,
    Kind.PANEL,
    Kind.RESEARCH,
    Kind.PEER_SUPPORT,
    Kind.READING,
    Kind.OTHER,
)


class _Count(forms.IntegerField):
    """A whole number; nothing typed counts as none."""

    def clean(self, value: Any) -> int:
        number: int = super().clean(value if str(value or "").strip() else "0")
        return number


class ContributionForm(NhsukForm):
    """Something a partner did: what, when, and how long it took."""

    title = forms.CharField(
        label="What did you do?",
        help_text="A few words, such as “Expert panel on physiotherapy”.",
        max_length=200,
        error_messages={
            "required": "Say in a few words what you did",
            "max_length": "Shorten this to 200 characters",
        },
    )
    kind = forms.ChoiceField(
        label="What kind of work was it?",
        choices=[
            ("", "Choose one"),
            ("Without a page of its own", [(kind.value, kind.label) for kind in WITHOUT_PAGE]),
            ("Mostly here by itself", [(k.value, k.label) for k in Kind if k not in WITHOUT_PAGE]),
        ],
        error_messages={"required": "Choose the kind of work"},
    )
    happened_on = DateField(
        label="Which day was it?",
        help_text="For example, 27 3 2026",
        name="The day",
        latest=timezone.localdate,
        error_messages={"too_late": "The day must be today or in the past"},
    )
    hours = _Count(
        label="Hours",
        min_value=0,
        max_value=24,
        widget=forms.TextInput,
        error_messages={
            "invalid": "Hours must be a whole number, like 2",
            "min_value": "Hours must be 0 or more",
            "max_value": "Hours must be 24 or fewer",
        },
    )
    minutes = _Count(
        label="Minutes",
        min_value=0,
        max_value=59,
        widget=forms.TextInput,
        error_messages={
            "invalid": "Minutes must be a whole number, like 30",
            "min_value": "Minutes must be 0 or more",
            "max_value": "Minutes must be 59 or fewer",
        },
    )
    looks = {
        "hours": Look(width=2, inputmode="numeric"),
        "minutes": Look(width=2, inputmode="numeric"),
    }

    def get_layout(self) -> Layout:
        return Layout(
            "title",
            "kind",
            "happened_on",
            Fieldset("How long did it take, all in all?", "hours", "minutes"),
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if "hours" in data and "minutes" in data:
            total = data["hours"] * 60 + data["minutes"]
            if total == 0:
                self.add_error("hours", "Enter how long it took, in hours, minutes or both")
            elif total > MINUTES_OF_A_DAY:
                self.add_error("hours", "Enter 24 hours or less")
            data["total"] = total
        return data

    @property
    def facts(self) -> dict[str, Any]:
        """What the ledger keeps."""
        data = self.cleaned_data
        return {
            "title": data["title"],
            "kind": data["kind"],
            "happened_on": data["happened_on"],
            "minutes": data["total"],
        }


class WithdrawForm(NhsukForm):
    """Why a piece of work is taken off."""

    why = forms.CharField(
        label="Why do you take it back?",
        help_text="For example, “I put it down twice”.",
        max_length=500,
        error_messages={
            "required": "Say in a few words why you take it back",
            "max_length": "Shorten this to 500 characters",
        },
    )
