"""What is asked about stages, talks and concerns."""

from django import forms
from django.utils import timezone

from nhsuk.forms import DateField, Look, NhsukForm
from partners.models import Partner
from partners.services.support import LONGEST_NOTE
from partners.services.support_check_ins import LONGEST
from partners.services.support_concerns import LONGEST_OUTCOME, LONGEST_TEXT


class MoveForm(NhsukForm):
    """The stage that somebody moves to, and a note."""

    to = forms.ChoiceField(
        label="Which stage comes next?",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose the stage that comes next",
            "invalid_choice": "That stage does not follow. Choose one from the list",
        },
    )
    why = forms.CharField(
        label="A note for the history",
        help_text="Coordinators read it. Nothing about health: that is the partner’s to share.",
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=LONGEST_NOTE,
        required=False,
        error_messages={"max_length": "Shorten this to 500 characters"},
    )
    submit_text = "Move to this stage"

    def __init__(self, *args: object, partner: Partner, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        following = Partner.MOVES[partner.status]
        self.fields["to"].choices = [
            (stage.value, stage.label) for stage in Partner.Status if stage in following
        ]


class CheckInForm(NhsukForm):
    """A talk with a partner: what both may read, and what its author keeps to herself."""

    happened_on = DateField(
        label="When did you talk?",
        name="The day",
        latest=timezone.localdate,
        error_messages={"too_late": "The day must be today or in the past"},
    )
    shared = forms.CharField(
        label="What you said, for both of you",
        help_text="The partner reads this in the portal, and so do the other coordinators.",
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=LONGEST,
        required=False,
        error_messages={"max_length": "Shorten this to 4,000 characters"},
    )
    private = forms.CharField(
        label="For yourself alone",
        help_text="Nobody else reads this: no other coordinator, and not the partner.",
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=LONGEST,
        required=False,
        error_messages={"max_length": "Shorten this to 4,000 characters"},
    )
    next_on = DateField(label="When will you talk again?", name="The next day", required=False)
    looks = {"shared": Look(characters=LONGEST), "private": Look(characters=LONGEST)}
    submit_text = "Save"


class ConcernForm(NhsukForm):
    """Something that worries somebody."""

    # A concern has to say about whom it is; one named person reads it.
    may_identify = frozenset({"text"})
    text = forms.CharField(
        label="What worries you?",
        help_text="In your own words. You need not be sure, and you need not write much.",
        widget=forms.Textarea(attrs={"rows": 8}),
        max_length=LONGEST_TEXT,
        error_messages={
            "required": "Say what worries you, in your own words",
            "max_length": "Shorten this to 10,000 characters",
        },
    )
    wants_call = forms.BooleanField(label="I should like to be rung", required=False)
    looks = {"text": Look(characters=LONGEST_TEXT)}
    submit_text = "Send it"


class CloseConcernForm(NhsukForm):
    """What was done about a concern."""

    # As the concern itself.
    may_identify = frozenset({"outcome"})
    outcome = forms.CharField(
        label="What was done?",
        help_text="Who raised it reads this, and nobody else.",
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=LONGEST_OUTCOME,
        error_messages={
            "required": "Say what was done",
            "max_length": "Shorten this to 4,000 characters",
        },
    )
    looks = {"outcome": Look(characters=LONGEST_OUTCOME)}
    heading = "label"
    submit_text = "Answer and close it"
