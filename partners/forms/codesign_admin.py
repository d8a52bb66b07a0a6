"""What coordinators are asked about rounds, answers, advice and the check and challenge group."""

from typing import Any

from django import forms
from django.db.models import QuerySet

from accounts.models import Programme, User
from nhsuk.forms import DateField, Look, NhsukForm
from partners.models import Advice


class RoundForm(NhsukForm):
    """A question to the programme, and its days; which programme, where there are several."""

    submit_text = "Save"
    looks = {"question": Look(characters=1000)}

    programme = forms.ModelChoiceField(
        queryset=Programme.objects.none(),
        empty_label=None,
        error_messages={"required": "Choose a programme"},
    )
    title = forms.CharField(
        label="Title",
        help_text="For example, “What matters most to us in 2027”",
        max_length=150,
        error_messages={
            "required": "Give the round a title",
            "max_length": "Shorten this to 150 characters",
        },
    )
    question = forms.CharField(
        label="The question",
        help_text="In plain words: everybody who takes part reads it.",
        widget=forms.Textarea({"rows": 4}),
        max_length=1000,
        error_messages={
            "required": "Write the question",
            "max_length": "Shorten this to 1,000 characters",
        },
    )
    opens_on = DateField(name="The first day", label="Proposals from")
    votes_from = DateField(
        name="The first day to vote",
        label="Votes from",
        help_text="You open votes yourself, once you have looked at the proposals.",
    )
    closes_on = DateField(
        name="The last day to vote",
        label="Last day to vote",
        help_text="The votes are counted the night after.",
    )

    def __init__(
        self, *args: Any, programmes: list[Programme], only_end: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if len(programmes) > 1:
            chosen = Programme.objects.filter(pk__in=[one.pk for one in programmes])
            self.fields["programme"].queryset = chosen
        else:
            del self.fields["programme"]
        if only_end:
            for name in [name for name in self.fields if name != "closes_on"]:
                del self.fields[name]


class WhyForm(NhsukForm):
    """A reason that everybody who takes part reads."""

    why = forms.CharField(
        label="Why?",
        help_text="Everybody who takes part reads this.",
        max_length=500,
        error_messages={
            "required": "Say in a few words why",
            "max_length": "Shorten this to 500 characters",
        },
    )


class AnswerForm(NhsukForm):
    """What is being done about a proposal, and where."""

    submit_text = "Save the answer"
    looks = {
        "answer": Look(characters=1000),
        "answer_link": Look(width="two-thirds", inputmode="url", spellcheck=False),
    }

    answer = forms.CharField(
        label="What is being done?",
        help_text="Or why not. Everybody who takes part reads it.",
        widget=forms.Textarea({"rows": 5}),
        max_length=1000,
        error_messages={
            "required": "Say what is being done",
            "max_length": "Shorten this to 1,000 characters",
        },
    )
    answer_link = forms.CharField(
        label="Link to the work",
        help_text=(
            "An address beginning with https://, or a page of the portal such as that of a work "
            "group, copied from /."
        ),
        max_length=300,
        required=False,
        error_messages={"max_length": "Shorten the link to 300 characters"},
    )


class DecisionForm(NhsukForm):
    """What was decided on the group's advice, and why."""

    submit_text = "Record this decision"
    looks = {"reason": Look(characters=2000)}

    decision = forms.ChoiceField(
        label="What was decided?",
        widget=forms.RadioSelect,
        choices=Advice.Decision.choices,
        error_messages={"required": "Choose what was decided"},
    )
    reason = forms.CharField(
        label="Why?",
        help_text="Everybody who takes part reads this beside the advice.",
        widget=forms.Textarea({"rows": 5}),
        max_length=2000,
        error_messages={
            "required": "Say why: everybody who takes part reads it",
            "max_length": "Shorten this to 2,000 characters",
        },
    )


class ChallengerForm(NhsukForm):
    """Who joins the check and challenge group, by the address they sign in with."""

    submit_text = "Name them"

    programme = forms.ModelChoiceField(
        queryset=Programme.objects.none(),
        empty_label=None,
        error_messages={"required": "Choose a programme"},
    )
    person = forms.CharField(
        label="E-mail address",
        help_text="The one they sign in with. They must take part in the programme.",
        max_length=254,
        error_messages={"required": "Enter the address they sign in with"},
    )
    starts_on = DateField(name="The first day", label="From")
    looks = {"person": Look(width=30, spellcheck=False, inputmode="email", autocomplete="off")}

    def __init__(
        self, *args: Any, programmes: list[Programme], people: QuerySet[User], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._people = people
        if len(programmes) > 1:
            chosen = Programme.objects.filter(pk__in=[one.pk for one in programmes])
            self.fields["programme"].queryset = chosen
        else:
            del self.fields["programme"]

    def clean_person(self) -> User:
        typed = self.cleaned_data["person"].strip().lower()
        found = self._people.filter(email=typed, is_active=True).first()
        if found is None:
            raise forms.ValidationError(
                "Nobody you know of signs in with this address. Check it, or invite them first"
            )
        return found


class EndChallengerForm(NhsukForm):
    """The last day of a place in the group."""

    submit_text = "End this place"

    ends_on = DateField(name="The last day", label="Last day")
