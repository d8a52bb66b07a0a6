"""What coordinators are asked about something to learn."""

from typing import Any

from django import forms
from django.utils import timezone

from accounts.models import Programme
from nhsuk.forms import Look, NhsukForm
from partners.models import LearningItem, PathwayRole
from partners.models.pathway import SkillKind


class LearningItemForm(NhsukForm):
    """Something to learn, and the roles that it helps with."""

    programme = forms.ModelChoiceField(
        queryset=Programme.objects.none(),
        label="Programme",
        error_messages={"required": "Choose the programme", "invalid_choice": "Choose yours"},
    )
    title = forms.CharField(
        label="Title",
        max_length=150,
        error_messages={
            "required": "Give it a title",
            "max_length": "Shorten this to 150 characters",
        },
    )
    about = forms.CharField(
        label="What one learns",
        help_text="In plain words: partners read this.",
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=2000,
        required=False,
        error_messages={"max_length": "Shorten this to 2,000 characters"},
    )
    kind = forms.ChoiceField(
        label="Useful where?",
        widget=forms.RadioSelect,
        choices=[(SkillKind.CORE, "Everywhere"), (SkillKind.CONTEXT, "For a setting")],
        error_messages={"required": "Choose where it is useful"},
    )
    roles = forms.ModelMultipleChoiceField(
        queryset=PathwayRole.objects.none(),
        label="Helps with these roles",
        widget=forms.CheckboxSelectMultiple,
        required=False,
        error_messages={"invalid_choice": "Choose from the list"},
    )
    link = forms.URLField(
        label="Where to learn it by oneself",
        max_length=500,
        required=False,
        assume_scheme="https",
        error_messages={"invalid": "Copy the whole link, beginning with https://"},
    )
    minutes = forms.IntegerField(
        label="How many minutes it takes",
        min_value=1,
        max_value=1440,
        widget=forms.TextInput,
        error_messages={
            "required": "Enter how many minutes it takes",
            "invalid": "Enter a whole number, like 90",
            "min_value": "Enter 1 minute or more",
            "max_value": "Enter 1,440 minutes (24 hours) or fewer",
        },
    )
    payable = forms.BooleanField(label="The time spent is paid", required=False, initial=True)
    retired = forms.BooleanField(label="It is no longer offered", required=False)
    looks = {
        "minutes": Look(width=4, inputmode="numeric"),
        "about": Look(characters=2000),
    }
    submit_text = "Save"

    def __init__(
        self, *args: Any, item: LearningItem, programmes: list[Programme], roles: Any, **kwargs: Any
    ) -> None:
        self.item = item
        if item.pk is not None:
            kwargs.setdefault("initial", _initial(item))
        super().__init__(*args, **kwargs)
        self.fields["roles"].queryset = roles
        self.fields["roles"].label_from_instance = (
            _with_programme if item.pk is None and len(programmes) > 1 else str
        )
        if item.pk is not None or len(programmes) == 1:
            del self.fields["programme"]
        else:
            self.fields["programme"].queryset = Programme.objects.filter(
                pk__in=[programme.pk for programme in programmes]
            )
        if item.pk is None:
            del self.fields["retired"]

    def apply(self, programme: Programme) -> LearningItem:
        """The item with what was typed; not saved."""
        data = self.cleaned_data
        if self.item.pk is None:
            self.item.programme = data.get("programme") or programme
        for name in ("title", "about", "kind", "link", "minutes", "payable"):
            setattr(self.item, name, data[name])
        if data.get("retired"):
            self.item.retired_on = self.item.retired_on or timezone.localdate()
        else:
            self.item.retired_on = None
        return self.item


def _initial(item: LearningItem) -> dict[str, Any]:
    names = ("title", "about", "kind", "link", "minutes", "payable")
    return {
        **{name: getattr(item, name) for name in names},
        "roles": [role.pk for role in item.roles.all()],
        "retired": item.retired_on is not None,
    }


def _with_programme(role: PathwayRole) -> str:
    return f"{role.name} ({role.programme})"
