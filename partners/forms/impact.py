"""What is asked about something raised, and about what became of it."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from nhsuk.forms import DateField, Look, NhsukForm
from partners.models import Contribution, Impact
from partners.services.impact import DECISIONS, LONGEST


def _long(label: str, field: str, *, rows: int = 4, **options: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        widget=forms.Textarea(attrs={"rows": rows}),
        max_length=LONGEST[field],
        error_messages={
            "required": options.pop("empty", "Write a few words"),
            "max_length": f"Shorten this to {LONGEST[field]:,} characters",
        },
        **options,
    )


def _public() -> forms.CharField:
    return _long(
        "What the public page says",
        "public_text",
        required=False,
        help_text=(
            "What was said, and what you did or did not do, because. Anybody can read it: name "
            "nobody who has not agreed. Left empty, it is not on the public page."
        ),
    )


def _day(label: str, name: str) -> DateField:
    return DateField(
        label=label,
        name=name,
        latest=timezone.localdate,
        error_messages={"too_late": f"{name} must be today or in the past"},
    )


def _title() -> forms.CharField:
    return forms.CharField(
        label="In a few words",
        help_text="For example, “Chairs in the waiting room”.",
        max_length=LONGEST["title"],
        error_messages={
            "required": "Say in a few words what it is",
            "max_length": "Shorten this to 150 characters",
        },
    )


def _category() -> forms.ChoiceField:
    return forms.ChoiceField(
        label="What is it about?",
        choices=[("", "Choose one"), *Impact.Category.choices],
        error_messages={"required": "Choose what it is about"},
    )


class RaiseForm(NhsukForm):
    """Something that a partner raised in a piece of work."""

    title = _title()
    raised = _long(
        "What did you raise?",
        "raised",
        help_text="In your own words. Who is asked to answer reads this.",
        rows=6,
        empty="Write what you raised",
    )
    category = _category()
    is_ask = forms.BooleanField(
        label="I asked for something to change", required=False, initial=True
    )
    looks = {"raised": Look(characters=LONGEST["raised"])}
    submit_text = "Send it to my coordinator"


class ImpactForm(NhsukForm):
    """Something raised, as coordinators write it down."""

    title = _title()
    raised = _long("What was raised?", "raised", rows=5, empty="Write what was raised")
    category = _category()
    is_ask = forms.BooleanField(
        label="It asks for something to change",
        help_text="Praise and information ask for nothing, and stay out of the share of answers.",
        required=False,
        initial=True,
    )
    raised_on = _day("When was it raised?", "The day")
    contributions = forms.ModelMultipleChoiceField(
        label="The work it came from",
        queryset=Contribution.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        error_messages={"invalid_choice": "Choose work from the list"},
    )
    public_text = _public()
    looks = {
        "raised": Look(characters=LONGEST["raised"]),
        "public_text": Look(characters=LONGEST["public_text"]),
        "contributions": Look(small=True),
    }
    submit_text = "Save"

    def __init__(self, *args: Any, work: QuerySet[Contribution], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["contributions"]
        field.queryset = work
        field.label_from_instance = _work
        if not work.exists():
            del self.fields["contributions"]


def _work(row: Contribution) -> str:
    return f"{row.partner.name}: {row.title}, {row.happened_on:%-d %B %Y}"


class HearForm(NhsukForm):
    """Who heard it, and when."""

    owner = forms.ModelChoiceField(
        label="Who is to answer?",
        queryset=User.objects.none(),
        required=False,
        empty_label="Somebody without a sign-in",
        help_text="They are told that it waits for them.",
        error_messages={"invalid_choice": "Choose somebody from the list"},
    )
    owner_name = forms.CharField(
        label="Or the name of somebody without a sign-in",
        max_length=LONGEST["owner_name"],
        required=False,
        error_messages={"max_length": "Shorten this to 150 characters"},
    )
    heard_on = _day("When did they hear of it?", "The day")
    looks = {"owner_name": Look(width=20)}
    submit_text = "Save"

    def __init__(self, *args: Any, people: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = people

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not self.errors and not data.get("owner") and not data.get("owner_name"):
            self.add_error("owner", "Choose who is to answer, or write a name")
        return data


class PassOnForm(HearForm):
    """Who answers instead, as coordinators write it down."""

    heard_on = None  # type: ignore[assignment]


class HandOverForm(NhsukForm):
    """The colleague who answers instead."""

    email = forms.EmailField(
        label="What is your colleague’s e-mail address?",
        help_text="The one they sign in with. They are told that it waits for them.",
        error_messages={
            "required": "Write your colleague’s e-mail address",
            "invalid": "Write an e-mail address, such as name@nhs.net",
        },
    )
    why = forms.CharField(
        label="Why them?",
        help_text="Coordinators read this.",
        max_length=300,
        required=False,
        error_messages={"max_length": "Shorten this to 300 characters"},
    )
    may_identify = frozenset({"email"})
    submit_text = "Hand it over"


class AnswerForm(NhsukForm):
    """The answer, and why."""

    decision = forms.ChoiceField(
        label="What is the answer?",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose what the answer is",
            "invalid_choice": "Choose from the list",
        },
    )
    answer = _long(
        "What do you say, and why?",
        "answer",
        help_text="The partners who raised it read this in your words.",
        rows=6,
        empty="Say what the answer is, and why",
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    looks = {
        "answer": Look(characters=LONGEST["answer"]),
        "decision": Look(
            hints={
                "accepted": "We do what was asked",
                "adapted": "We do something of it, or in another way",
                "declined": "We do not, and say why",
            }
        ),
    }
    submit_text = "Send this answer"

    def __init__(self, *args: Any, impact: Impact, **kwargs: Any) -> None:
        initial = {"seen": impact.status, **kwargs.pop("initial", {})}
        super().__init__(*args, initial=initial, **kwargs)
        following = Impact.MOVES[impact.status] & DECISIONS or DECISIONS
        self.fields["decision"].choices = [
            (state.value, _ANSWERS[state]) for state in Impact.Status if state in following
        ]


_ANSWERS = {
    Impact.Status.ACCEPTED: "Yes",
    Impact.Status.ADAPTED: "Yes, in another form",
    Impact.Status.DECLINED: "No",
}


class DecideForm(AnswerForm):
    """The answer as a coordinator writes it down, with its day and what the public reads."""

    decided_on = _day("When was it given?", "The day")
    public_text = _public()
    looks = {"answer": Look(characters=LONGEST["answer"])}
    submit_text = "Save this answer"


class PlanForm(NhsukForm):
    """For when a change is planned."""

    planned_for = DateField(label="When is the change planned for?", name="The day")
    public_text = _public()
    submit_text = "Save"


class MakeForm(NhsukForm):
    """The change that was made."""

    change = _long(
        "What changed?",
        "change",
        help_text="The partners who raised it read this.",
        rows=6,
        empty="Say what changed",
    )
    made_on = _day("Since when?", "The day")
    public_text = _public()
    looks = {"change": Look(characters=LONGEST["change"])}
    submit_text = "Save"


class CheckForm(NhsukForm):
    """A change looked at again."""

    checked_on = _day("When did you look at it again?", "The day")
    why = forms.CharField(
        label="How does it stand?",
        max_length=500,
        error_messages={
            "required": "Say in a few words how it stands",
            "max_length": "Shorten this to 500 characters",
        },
    )
    submit_text = "Save"


# Whoever answered says what came of it; what the public page says is the coordinators' matter.
class OwnPlanForm(PlanForm):
    """For when whoever answered plans the change."""

    public_text = None  # type: ignore[assignment]


class OwnMakeForm(MakeForm):
    """The change as whoever answered made it."""

    public_text = None  # type: ignore[assignment]
