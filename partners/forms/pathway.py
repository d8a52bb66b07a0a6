"""What coordinators are asked about the pathway."""

from typing import Any

from django import forms

from accounts.models import Programme
from nhsuk.forms import DateField, Look, NhsukForm
from partners.models import PathwayRole
from partners.models.pathway import SkillKind

_A_LINE_EACH = {"rows": 5}


class RoleForm(NhsukForm):
    """A role of the pathway, with its skills and the roles people often go on to."""

    programme = forms.ModelChoiceField(
        queryset=Programme.objects.none(),
        label="Programme",
        error_messages={"required": "Choose the programme", "invalid_choice": "Choose yours"},
    )
    name = forms.CharField(
        label="Name of the role",
        max_length=80,
        error_messages={
            "required": "Give the role a name",
            "max_length": "Shorten this to 80 characters",
        },
    )
    purpose = forms.CharField(
        label="What it is for",
        help_text="In plain words: partners read this.",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=600,
        required=False,
        error_messages={"max_length": "Shorten this to 600 characters"},
    )
    core = forms.CharField(
        label="Skills that are useful everywhere",
        help_text="One on a line",
        widget=forms.Textarea(attrs=_A_LINE_EACH),
        max_length=4000,
        required=False,
    )
    context = forms.CharField(
        label="Skills for this setting",
        help_text="One on a line",
        widget=forms.Textarea(attrs=_A_LINE_EACH),
        max_length=4000,
        required=False,
    )
    leads_to = forms.ModelMultipleChoiceField(
        queryset=PathwayRole.objects.none(),
        label="From here people often go on to",
        help_text="In any direction. The way back is said on the other role’s page.",
        widget=forms.CheckboxSelectMultiple,
        required=False,
        error_messages={"invalid_choice": "Choose from the list"},
    )
    position = forms.IntegerField(
        label="Its place on the picture",
        help_text="A number. It says nothing of worth.",
        min_value=0,
        max_value=1000,
        widget=forms.TextInput,
        error_messages={
            "required": "Enter a number, like 3",
            "invalid": "Enter a number, like 3",
            "min_value": "Enter 0 or more",
            "max_value": "Enter 1,000 or less",
        },
    )
    looks = {
        "position": Look(width=3, inputmode="numeric"),
        "purpose": Look(characters=600),
    }
    submit_text = "Save"

    def __init__(
        self, *args: Any, role: PathwayRole, programmes: list[Programme], others: Any, **kwargs: Any
    ) -> None:
        if role.pk is not None:
            kwargs.setdefault("initial", _initial(role))
        super().__init__(*args, **kwargs)
        if role.pk is not None or len(programmes) == 1:
            del self.fields["programme"]
        else:
            self.fields["programme"].queryset = Programme.objects.filter(
                pk__in=[programme.pk for programme in programmes]
            )
        if role.pk is None:
            del self.fields["leads_to"]
        else:
            self.fields["leads_to"].queryset = others

    @property
    def skills(self) -> dict[str, Any]:
        """What the service takes beside the role itself."""
        return {
            "core": self.cleaned_data["core"].splitlines(),
            "context": self.cleaned_data["context"].splitlines(),
            "leads_to": list(self.cleaned_data.get("leads_to") or []),
        }


def _initial(role: PathwayRole) -> dict[str, Any]:
    skills = list(role.skills.all())
    return {
        "name": role.name,
        "purpose": role.purpose,
        "position": role.position,
        "core": "\n".join(one.text for one in skills if one.kind == SkillKind.CORE),
        "context": "\n".join(one.text for one in skills if one.kind == SkillKind.CONTEXT),
        "leads_to": [link.to_role_id for link in role.links.all()],
    }


class GiveRoleForm(NhsukForm):
    """A role for a partner who was chosen already."""

    role = forms.ModelChoiceField(
        queryset=PathwayRole.objects.none(),
        label="Which role?",
        empty_label="Choose one",
        error_messages={"required": "Choose the role", "invalid_choice": "Choose from the list"},
    )
    starts_on = DateField(name="The first day", label="From", help_text="For example, 27 3 2026")
    ends_on = DateField(
        name="The last day", label="To", help_text="Only if it has ended", required=False
    )
    where = forms.CharField(
        label="Where, or with whom",
        help_text="For example, the upper limb team",
        max_length=150,
        required=False,
        error_messages={"max_length": "Shorten this to 150 characters"},
    )
    submit_text = "Give this role"

    def __init__(self, *args: Any, roles: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].queryset = roles

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        first, last = data.get("starts_on"), data.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", "The last day must be on or after the first day")
        return data


class EndRoleForm(NhsukForm):
    """The last day of a role."""

    ends_on = DateField(name="The last day", label="The last day")
    submit_text = "Keep this last day"
