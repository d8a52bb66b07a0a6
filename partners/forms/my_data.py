"""What is asked about what is held of somebody, and at leaving."""

from typing import Any, ClassVar

from django import forms

from nhsuk.forms import Look, NhsukForm


class CorrectionForm(NhsukForm):
    """Something that is wrong in what is held."""

    # A date of birth may be what is wrong.
    may_identify = frozenset({"about", "text"})
    about = forms.CharField(
        label="What is it about?",
        help_text="For example, “My telephone number” or “The panel in May”.",
        max_length=150,
        error_messages={
            "required": "Say what it is about",
            "max_length": "Shorten this to 150 characters",
        },
    )
    text = forms.CharField(
        label="What is wrong, and what would be right?",
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=4000,
        error_messages={
            "required": "Say what is wrong, and what would be right",
            "max_length": "Shorten this to 4,000 characters",
        },
    )
    looks: ClassVar[dict[str, Look]] = {"text": Look(characters=4000)}
    submit_text = "Send"


class AnswerForm(NhsukForm):
    """A coordinator's answer to it."""

    # A date of birth may be what was put right.
    may_identify = frozenset({"answer"})
    was_made = forms.TypedChoiceField(
        label="What did you do?",
        choices=(("yes", "I put it right"), ("no", "I changed nothing")),
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what you did"},
    )
    answer = forms.CharField(
        label="What was done, and why",
        help_text="The partner reads this.",
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=2000,
        error_messages={
            "required": "Say what was done, and why",
            "max_length": "Shorten this to 2,000 characters",
        },
    )
    submit_text = "Send the answer"


class CopyForm(NhsukForm):
    """A coordinator says how the copy for a partner without a sign-in is treated."""

    sure = forms.BooleanField(
        error_messages={"required": "Say that you were asked for it, and will hand it over unread"},
    )
    submit_text = "Make the copy"

    def __init__(self, *args: Any, called: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sure"].label = (
            f"{called} asked me for this copy. I hand it to {called} and to nobody else, and do "
            "not read it."
        )


class DonateForm(NhsukForm):
    """Which stories stay with the programme."""

    stories = forms.TypedMultipleChoiceField(
        label="Which stories would you like to give to the programme?",
        help_text="They stay within the uses that you allow. All others are erased with the rest.",
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Choose stories from the list"},
    )
    submit_text = "Save my choice"

    def __init__(self, *args: Any, stories: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["stories"].choices = [(story.pk, story.title) for story in stories]
        self.fields["stories"].initial = [story.pk for story in stories if story.donated_at]
