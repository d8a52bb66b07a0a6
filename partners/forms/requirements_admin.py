"""What coordinators are asked about something that has to be in place."""

from typing import Any

from django import forms
from django.utils import timezone

from accounts.models import Programme
from nhsuk.forms import Look, NhsukForm
from partners.models import PathwayRole, Requirement

_NAMES = (
    "name",
    "about",
    "kind",
    "strength",
    "dbs_level",
    "valid_months",
    "warn_days",
    "evidence_wanted",
)
_WHOLE = "Enter a whole number, like 12"


class RequirementForm(NhsukForm):
    """Something that has to be in place, for whom and for how long."""

    programme = forms.ModelChoiceField(
        queryset=Programme.objects.none(),
        label="Programme",
        error_messages={"required": "Choose the programme", "invalid_choice": "Choose yours"},
    )
    name = forms.CharField(
        label="Name",
        max_length=120,
        error_messages={
            "required": "Give it a name",
            "max_length": "Shorten this to 120 characters",
        },
    )
    about = forms.CharField(
        label="What it is, and how to get it",
        help_text="In plain words: partners read this.",
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=1000,
        required=False,
        error_messages={"max_length": "Shorten this to 1,000 characters"},
    )
    kind = forms.ChoiceField(
        label="What kind is it?",
        widget=forms.RadioSelect,
        choices=Requirement.Kind.choices,
        error_messages={"required": "Choose the kind"},
    )
    dbs_level = forms.ChoiceField(
        label="Level of the check",
        help_text="Only a level that the role is eligible for: asking for more is unlawful.",
        choices=[("", "Choose one"), *Requirement.DbsLevel.choices[1:]],
        error_messages={"required": "Choose the level of the check that the role allows"},
    )
    roles = forms.ModelMultipleChoiceField(
        queryset=PathwayRole.objects.none(),
        label="For which roles?",
        help_text="Choose none, and it is asked of everybody.",
        widget=forms.CheckboxSelectMultiple,
        required=False,
        error_messages={"invalid_choice": "Choose from the list"},
    )
    strength = forms.ChoiceField(
        label="When it is missing",
        widget=forms.RadioSelect,
        choices=Requirement.Strength.choices,
        initial=Requirement.Strength.WARN,
        error_messages={"required": "Choose what happens when it is missing"},
    )
    valid_months = forms.IntegerField(
        label="How many months it lasts",
        help_text="Leave it empty if it does not end.",
        min_value=1,
        max_value=600,
        required=False,
        widget=forms.TextInput,
        error_messages={
            "invalid": _WHOLE,
            "min_value": "Enter 1 month or more",
            "max_value": "Enter 600 months or fewer",
        },
    )
    warn_days = forms.IntegerField(
        label="How many days before the end to say so",
        min_value=0,
        max_value=730,
        initial=60,
        widget=forms.TextInput,
        error_messages={
            "required": "Enter a number of days, like 60",
            "invalid": "Enter a number of days, like 60",
            "min_value": "Enter 0 or more",
            "max_value": "Enter 730 days or fewer",
        },
    )
    evidence_wanted = forms.BooleanField(label="Ask for something that shows it", required=False)
    retired = forms.BooleanField(label="It is no longer asked for", required=False)
    looks = {
        "valid_months": Look(width=3, inputmode="numeric"),
        "warn_days": Look(width=3, inputmode="numeric"),
        "about": Look(characters=1000),
        "kind": Look(reveals={Requirement.Kind.DBS: ("dbs_level",)}),
    }
    submit_text = "Save"

    def __init__(
        self,
        *args: Any,
        requirement: Requirement,
        programmes: list[Programme],
        roles: Any,
        **kwargs: Any,
    ) -> None:
        self.requirement = requirement
        if requirement.pk is not None:
            kwargs.setdefault("initial", _initial(requirement))
        super().__init__(*args, **kwargs)
        self.fields["roles"].queryset = roles
        if requirement.pk is not None or len(programmes) == 1:
            del self.fields["programme"]
        else:
            self.fields["programme"].queryset = Programme.objects.filter(
                pk__in=[programme.pk for programme in programmes]
            )
        if requirement.pk is None:
            del self.fields["retired"]

    def apply(self, programme: Programme) -> Requirement:
        """The requirement with what was typed; not saved."""
        data = self.cleaned_data
        if self.requirement.pk is None:
            self.requirement.programme = data.get("programme") or programme
        for name in _NAMES:
            setattr(self.requirement, name, data[name])
        if data.get("retired"):
            self.requirement.retired_on = self.requirement.retired_on or timezone.localdate()
        else:
            self.requirement.retired_on = None
        return self.requirement


def _initial(requirement: Requirement) -> dict[str, Any]:
    return {
        **{name: getattr(requirement, name) for name in _NAMES},
        "roles": [role.pk for role in requirement.roles.all()],
        "retired": requirement.retired_on is not None,
    }
