"""Somebody or a team that one is not to work with: one question, and no reason."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms

from accounts.models import Programme, Team
from nhsuk.forms import Look, NhsukForm
from partners.services.conflicts import LONGEST_NAME

PERSON, TEAM = "person", "team"
_WHOLE_NAME = "The whole name, or their e-mail address"


class ConflictForm(NhsukForm):
    """Who it is, and whether one of the five grounds holds: which one is never asked."""

    kind = forms.ChoiceField(
        label="Who is it?",
        choices=((PERSON, "A person"), (TEAM, "A team")),
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a person or a team"},
    )
    who = forms.CharField(
        label="Who is the person?",
        help_text=_WHOLE_NAME,
        max_length=LONGEST_NAME,
        error_messages={
            "required": "Enter their whole name, or their e-mail address",
            "max_length": f"Shorten this to {LONGEST_NAME} characters",
        },
    )
    team = forms.ModelChoiceField(
        label="Which team?",
        queryset=Team.objects.none(),
        empty_label="Choose a team",
        error_messages={"required": "Choose the team", "invalid_choice": "Choose from the list"},
    )
    holds = forms.TypedChoiceField(
        label="Is one of these so?",
        help_text="They treat you or you treat them; there is an open complaint between you; one "
        "of you manages the other; you are family or close friends; or one of you asked to avoid "
        "the other. Do not say which: we keep your yes, and no reason.",
        choices=(("yes", "Yes"), ("no", "No")),
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose yes or no"},
    )
    looks: ClassVar[Mapping[str, Look]] = {
        "kind": Look(reveals={PERSON: ("who",), TEAM: ("team",)}),
        "who": Look(spellcheck=False),
    }
    submit_text = "Save"

    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["team"].queryset = Team.objects.filter(programme=programme)


class ConflictForForm(ConflictForm):
    """The same, by a coordinator for somebody who asked."""

    own = forms.CharField(
        label="Who asked for it?",
        help_text=f"{_WHOLE_NAME}. They see it on their own page.",
        max_length=LONGEST_NAME,
        error_messages={
            "required": "Enter the whole name of who asked, or their e-mail address",
            "max_length": f"Shorten this to {LONGEST_NAME} characters",
        },
    )
    looks: ClassVar[Mapping[str, Look]] = {**ConflictForm.looks, "own": Look(spellcheck=False)}
    field_order = ("programme", "own", "kind", "who", "team", "holds")

    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        super().__init__(*args, programme=programme, **kwargs)
        self.fields["kind"].label = "Whom are they not to work with?"
        self.fields["holds"].help_text = (
            "One treats the other; there is an open complaint between them; one manages the "
            "other; they are family or close friends; or one of them asked to avoid the other. "
            "Which one is not kept."
        )
