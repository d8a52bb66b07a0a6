"""What people are asked about a draft."""

from collections.abc import Mapping
from typing import ClassVar

from django import forms

from nhsuk.forms import Look, NhsukForm
from nhsuk.forms.free_text import identifies_no_patient
from partners.forms.lines import Lines

_LONGEST = 1000
_TOO_LONG = {"max_length": "Shorten this to 1,000 characters"}


class CommentForm(NhsukForm):
    """What somebody thinks of an item, or of a whole draft."""

    text = Lines(
        label="What do you think?",
        help_text="Would you know what to look for? Which words would you change? Say nothing "
        "about a patient you have seen.",
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=_LONGEST,
        validators=[identifies_no_patient],
        error_messages={"required": "Write what you think", **_TOO_LONG},
    )
    looks: ClassVar[Mapping[str, Look]] = {"text": Look(characters=_LONGEST)}
    submit_text = "Send your comment"


class AnswerForm(NhsukForm):
    """What came of a comment."""

    answer = Lines(
        label="What came of it?",
        help_text="Whoever takes part reads this. Say what you changed, or why it stays.",
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=_LONGEST,
        validators=[identifies_no_patient],
        error_messages={"required": "Say what came of it", **_TOO_LONG},
    )
    looks: ClassVar[Mapping[str, Look]] = {"answer": Look(characters=_LONGEST)}
    submit_text = "Save"
