"""What is asked of those who publish work for partners and look after it, and of partners."""

from typing import Any

from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.db.models import QuerySet

from assignments.forms.pieces import TITLE_ERRORS, WHY_ERRORS, InOrder, places_field
from assignments.models import Interest, Opportunity, WorkGroup
from assignments.models.groups import Influence
from nhsuk.forms import DateField, Look, NhsukForm
from partners.models import Partner, PathwayRole, Theme


def _minutes(label: str, help_text: str, most: int) -> forms.IntegerField:
    said = f"Enter a whole number of minutes up to {most:,}, or leave it empty"
    return forms.IntegerField(
        label=label,
        help_text=help_text,
        min_value=1,
        max_value=most,
        required=False,
        widget=forms.TextInput,
        error_messages={"invalid": said, "min_value": said, "max_value": said},
    )


class InterestForm(NhsukForm):
    """A partner's answer, and a line with it."""

    submit_text = "Send my answer"

    answer = forms.ChoiceField(
        label="Would you like to?",
        choices=Interest.Answer.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose yes, maybe or not now"},
    )
    line = forms.CharField(
        label="Anything to add?",
        help_text="A line for your coordinators. Nobody else reads it.",
        max_length=300,
        required=False,
        error_messages={"max_length": "Shorten this to 300 characters"},
    )
    looks = {
        "answer": Look(
            label_size="m",
            hints={
                Interest.Answer.YES: "This is no promise yet: you are offered a place first.",
                Interest.Answer.MAYBE: "You would like to know more.",
                Interest.Answer.NOT_NOW: "That is fine. You will be asked another time.",
            },
        )
    }


class OpportunityForm(InOrder, NhsukForm):
    """What partners read of a piece of work, and who is asked."""

    submit_text = "Save"

    title = forms.CharField(label="What it is", max_length=150, error_messages=TITLE_ERRORS)
    why = forms.CharField(
        label="Why, and what partners do",
        help_text="In plain words: this is what partners read.",
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=2000,
        error_messages={"required": "Say why partners are asked", **WHY_ERRORS},
    )
    influence = forms.ChoiceField(
        label="How much influence partners have",
        choices=Influence.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how much influence partners have"},
    )
    places = places_field("How many places")
    starts_on = DateField(name="The first day", label="First day", required=False)
    ends_on = DateField(name="The last day", label="Last day", required=False)
    effort = forms.CharField(
        label="How much time it takes",
        help_text="In words: this is what partners read.",
        max_length=200,
        required=False,
    )
    minutes_a_month = _minutes(
        "Minutes a month", "What it comes to against the pace a partner chose", 44640
    )
    longest_minutes = _minutes("Longest stint in minutes", "The longest meeting or day", 1440)
    place = forms.CharField(label="Where, or online", max_length=200, required=False)
    access = forms.CharField(
        label="What is there for access",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
        required=False,
        error_messages={"max_length": "Shorten this to 1,000 characters"},
    )
    budget_code = forms.CharField(
        label="Budget code", help_text="Not shown to partners", max_length=40, required=False
    )
    role = forms.ModelChoiceField(
        label="Role on the pathway",
        queryset=PathwayRole.objects.none(),
        empty_label="None of them",
        required=False,
    )
    themes = forms.ModelMultipleChoiceField(
        label="Themes",
        help_text="What suggestions look for in partners’ expertise and passions",
        queryset=Theme.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    closes_on = DateField(name="The last day to answer", label="Last day to answer", required=False)
    audience = forms.ChoiceField(
        label="Who is asked?",
        choices=Opportunity.Audience.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose who is asked"},
    )
    looks = {
        "why": Look(characters=2000),
        "places": Look(width=3, inputmode="numeric"),
        "minutes_a_month": Look(width=5, suffix="minutes", inputmode="numeric"),
        "longest_minutes": Look(width=5, suffix="minutes", inputmode="numeric"),
        "access": Look(characters=1000),
        "budget_code": Look(width=20, spellcheck=False),
        "audience": Look(
            hints={
                "all": "Everybody who takes part is told by e-mail.",
                "some": "You choose them next, with suggestions to help.",
            }
        ),
    }

    def __init__(self, *args: Any, programme: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].queryset = PathwayRole.objects.filter(programme=programme)
        self.fields["themes"].queryset = Theme.objects.filter(programme=programme)
        if not self.fields["themes"].queryset:
            del self.fields["themes"]

    def get_layout(self) -> Layout:
        return Layout(
            *(name for name in ("where",) if name in self.fields),
            Fieldset(
                "What partners read",
                *("title", "why", "influence", "places", "starts_on", "ends_on"),
                *("effort", "place", "access"),
            ),
            Fieldset(
                "What suggestions and pacing reckon with",
                *("minutes_a_month", "longest_minutes", "role"),
                *(name for name in ("themes",) if name in self.fields),
                "budget_code",
            ),
            Fieldset("Who is asked", "audience", "closes_on"),
        )

    @property
    def facts(self) -> dict[str, Any]:
        """What the services take."""
        return {
            name: value
            for name, value in self.cleaned_data.items()
            if name in OpportunityForm.base_fields
        }


class PublishForm(OpportunityForm):
    """An opportunity, and the group it leads into: a new one, or one that is there."""

    submit_text = "Publish it"

    where = forms.ChoiceField(
        label="Which group do partners join?",
        choices=[("new", "A new group"), ("existing", "A group that is there")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose which group partners join"},
    )
    name = forms.CharField(
        label="Name of the new group",
        max_length=150,
        error_messages={"required": "Give the new group a name"},
    )
    kind = forms.ChoiceField(
        label="Kind of group",
        choices=WorkGroup.Kind.choices,
        error_messages={"required": "Choose what kind of group it is"},
    )
    work_group = forms.ModelChoiceField(
        label="Group",
        queryset=WorkGroup.objects.none(),
        empty_label="Choose one",
        error_messages={"required": "Choose a group", "invalid_choice": "Choose a group"},
    )
    field_order = ("where", "name", "kind", "work_group")
    looks = {
        **OpportunityForm.looks,
        "where": Look(reveals={"new": ("name", "kind"), "existing": ("work_group",)}),
    }

    def __init__(self, *args: Any, groups: QuerySet[WorkGroup], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["work_group"].queryset = groups

    @property
    def is_new(self) -> bool:
        """The group is to be made."""
        return bool(self.cleaned_data["where"] == "new")


class WithdrawForm(NhsukForm):
    """Why an opportunity is withdrawn."""

    submit_text = "Withdraw it"

    why = forms.CharField(
        label="Why is it withdrawn?",
        help_text="Whoever asked for partners reads this.",
        max_length=500,
        error_messages={
            "required": "Say in a few words why it is withdrawn",
            "max_length": "Shorten this to 500 characters",
        },
    )


class ChooseGroupForm(NhsukForm):
    """Which group partners are asked to join."""

    method = "get"
    submit_text = "Go on"

    work_group = forms.ModelChoiceField(
        label="Group", queryset=WorkGroup.objects.none(), empty_label=None
    )

    def __init__(self, *args: Any, groups: QuerySet[WorkGroup], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["work_group"].queryset = groups


class InviteForm(NhsukForm):
    """Partners who are asked in person, out of those that fit a search."""

    submit_text = "Ask these partners"

    partners = forms.ModelMultipleChoiceField(
        label="Whom would you like to ask?",
        queryset=Partner.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Choose at least one partner",
            "invalid_choice": "Choose partners of this programme who take part",
        },
    )

    def __init__(
        self, *args: Any, partners: QuerySet[Partner], shown: list[Partner], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["partners"]
        field.queryset = partners
        field.widget.choices = [(partner.pk, partner.name) for partner in shown]
