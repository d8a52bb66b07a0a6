"""The numbers of a programme, each with what it does."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms

from accounts.models import Programme
from nhsuk.forms import Look, NhsukForm
from observations.forms.instruments_admin import whole
from partners.models import Requirement


def _count(label: str, hint: str, least: int, most: int) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        help_text=hint,
        min_value=least,
        max_value=most,
        widget=forms.TextInput,
        error_messages=whole("a number", least, most),
    )


class SettingsForm(NhsukForm):
    """A programme's numbers, each with what it does."""

    least_consultations = _count(
        "Consultations before a clinician sees figures",
        "With fewer, the clinician reads the comments alone. We suggest 5 or more.",
        1,
        100,
    )
    least_observers = _count(
        "Different observers before a clinician sees figures",
        "One observer’s view is one person’s view. We suggest 2.",
        1,
        20,
    )
    least_partners = _count(
        "Partners among these observers",
        "So that no figures come from colleagues alone. We suggest 1.",
        0,
        20,
    )
    least_clinicians = _count(
        "Clinicians in a group before others see its figures",
        "So that nobody can work out one clinician’s figures from a team’s. At least 3; we "
        "suggest 5.",
        3,
        100,
    )
    least_in_group = _count(
        "Consultations in a group before others see its figures",
        "At least 3; we suggest 8, as NHS England does for averages.",
        3,
        1000,
    )
    recordings = _count(
        "Practice recordings to rate",
        "How many somebody rates before their marks can be relied on. We suggest 3.",
        1,
        50,
    )
    furthest_mark = forms.DecimalField(
        label="How far from the agreed marks, on average",
        help_text="In marks for each item, whether higher or lower. We suggest 0.5.",
        max_digits=3,
        decimal_places=2,
        widget=forms.TextInput,
        error_messages={
            "required": "Enter a number, like 0.5",
            "invalid": "Enter a number, like 0.5",
        },
    )
    furthest_total = forms.DecimalField(
        label="How much stricter or more generous on the total",
        help_text="In points of 100. We suggest 10.",
        max_digits=4,
        decimal_places=1,
        widget=forms.TextInput,
        error_messages={
            "required": "Enter a number, like 10",
            "invalid": "Enter a number, like 10",
        },
    )
    calibrated_months = _count("Months until somebody practises again", "We suggest 12.", 1, 120)
    must_be_calibrated = forms.BooleanField(
        label="Only people whose practice is close enough are invited to observe",
        required=False,
    )
    requirement = forms.ModelChoiceField(
        queryset=Requirement.objects.none(),
        label="Requirement that practice meets",
        help_text="When a partner’s practice is close enough, this is recorded as in place until "
        "it runs out.",
        required=False,
        empty_label="None",
        error_messages={"invalid_choice": "Choose from the list"},
    )
    minutes = _count(
        "Minutes that one consultation counts",
        "What a partner’s portfolio and pay begin with, unless they say otherwise.",
        1,
        480,
    )
    looks: ClassVar[Mapping[str, Look]] = {
        **{
            name: Look(width=3, inputmode="numeric")
            for name in (
                "least_consultations",
                "least_observers",
                "least_partners",
                "least_clinicians",
                "least_in_group",
                "recordings",
                "calibrated_months",
                "minutes",
            )
        },
        "furthest_mark": Look(width=4, inputmode="decimal"),
        "furthest_total": Look(width=4, inputmode="decimal"),
    }
    submit_text = "Save"

    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["requirement"].queryset = Requirement.objects.filter(
            programme=programme, retired_on__isnull=True
        ).order_by("name", "pk")
