"""What is asked when a recording is rated, or added to practise on."""

import hashlib
from collections.abc import Sequence
from typing import Any

from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.http import QueryDict

from nhsuk.forms import Look, NhsukForm
from observations.models import InstrumentVersion, Item, PracticeRecording
from observations.rules.instruments import shown_question, shows_wording

CHANGED_MEANWHILE = (
    "The wording has changed since you opened this page. Your marks are still here: look at the "
    "items again, then send them."
)


def _choices(version: InstrumentVersion, shows: bool) -> list[tuple[str, str]]:
    """The marks of the scale, lowest first, each with what it means where that may be shown."""
    anchors = version.anchors.all() if shows else ()
    words = {anchor.mark: anchor.words for anchor in anchors}
    return [
        (str(mark), f"{mark}: {words[mark]}" if mark in words else str(mark))
        for mark in range(version.lowest, version.highest + 1)
    ]


class _Marks(NhsukForm):
    """A mark for each item of a version; its items and anchors are at hand or cost two queries."""

    as_radios = True
    said = "Choose a mark"

    def __init__(self, *args: Any, version: InstrumentVersion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.items: list[Item] = sorted(version.items.all(), key=lambda item: item.number)
        # Coordinators, who add recordings, wrote the wording; whoever practises reads what may be.
        self.shows_wording = not self.as_radios or shows_wording(version.instrument)
        marks = _choices(version, self.shows_wording)
        choices = marks if self.as_radios else [("", ""), *marks]
        for item in self.items:
            text = shown_question(item, self.shows_wording)
            self.fields[_name(item)] = forms.TypedChoiceField(
                label=f"{item.number}. {text}",
                help_text=item.help if self.shows_wording else "",
                choices=choices,
                widget=forms.RadioSelect if self.as_radios else forms.Select,
                coerce=int,
                error_messages={
                    "required": f"{self.said} for {item.number}, {item.short}",
                    "invalid_choice": f"{self.said} of the scale for {item.number}, {item.short}",
                },
            )

    @property
    def marks(self) -> list[int]:
        """The marks in the order of the items, once they are right."""
        return [self.cleaned_data[_name(item)] for item in self.items]


class RatingForm(_Marks):
    """Somebody's marks of a recording; `seen` tells whether the wording changed meanwhile."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    submit_text = "Send my marks"

    data: QueryDict

    def __init__(self, *args: Any, version: InstrumentVersion, **kwargs: Any) -> None:
        self.wording = wording_of(version)
        super().__init__(*args, version=version, initial={"seen": self.wording}, **kwargs)
        self.changed = self.is_bound and self.data.get("seen") != self.wording
        if self.changed:  # told once; sent again, it is what was seen
            self.data = self.data.copy()
            self.data["seen"] = self.wording

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if self.changed:
            self.add_error(None, CHANGED_MEANWHILE)
        return data


class RecordingForm(_Marks):
    """A recording to practise on: where it is, and the marks that a group agreed on."""

    as_radios = False
    said = "Choose the agreed mark"

    title = forms.CharField(
        label="Title",
        help_text="For example, “Knee pain: exercise, injection or operation?”. Nothing that tells "
        "who the patient is.",
        max_length=150,
        error_messages={
            "required": "Give it a title",
            "max_length": "Shorten this to 150 characters",
        },
    )
    where = forms.CharField(
        label="Where to find it",
        help_text="An address that observers can open, or the place where it is kept. The "
        "recording itself is not kept here.",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=500,
        error_messages={
            "required": "Say where to find it",
            "max_length": "Shorten this to 500 characters",
        },
    )
    minutes = forms.IntegerField(
        label="How long it is, in minutes",
        min_value=1,
        max_value=240,
        widget=forms.TextInput,
        error_messages={
            "required": "Enter how many minutes it lasts",
            "invalid": "Enter a whole number, like 12",
            "min_value": "Enter 1 minute or more",
            "max_value": "Enter 240 minutes or fewer",
        },
    )
    agreed_by = forms.CharField(
        label="Who agreed on the marks",
        help_text="For example, “Two partners and two physiotherapists, 3 March 2026”.",
        max_length=300,
        error_messages={
            "required": "Say who agreed on the marks",
            "max_length": "Shorten this to 300 characters",
        },
    )
    looks = {"minutes": Look(width=3, inputmode="numeric")}
    submit_text = "Save"

    def __init__(
        self,
        *args: Any,
        version: InstrumentVersion,
        recording: PracticeRecording | None = None,
        **kwargs: Any,
    ) -> None:
        initial = {}
        if recording is not None:
            initial = {name: getattr(recording, name) for name in _TYPED}
            numbers = sorted(item.number for item in version.items.all())
            initial |= {
                f"item_{number}": mark
                for number, mark in zip(numbers, recording.marks, strict=False)
            }
        super().__init__(*args, version=version, initial=initial, **kwargs)

    def get_layout(self) -> Layout:
        marks = [_name(item) for item in self.items]
        return Layout(*_TYPED, Fieldset("The marks that were agreed", *marks))

    @property
    def facts(self) -> dict[str, Any]:
        """What the service takes."""
        return {**{name: self.cleaned_data[name] for name in _TYPED}, "marks": self.marks}


class EndForm(NhsukForm):
    """Nothing is asked: the button is the answer."""

    submit_text = "End this calibration"


class RetireForm(NhsukForm):
    """Nothing is asked: the button is the answer."""

    submit_text = "Retire this recording"


_TYPED: Sequence[str] = ("title", "where", "minutes", "agreed_by")


def wording_of(version: InstrumentVersion) -> str:
    """What the items and marks of a version say, in a few figures: other words, other figures."""
    said = [
        *(f"{one.number} {one.text or one.short} {one.help}" for one in version.items.all()),
        *(str(anchor) for anchor in version.anchors.all()),
        f"{version.lowest} {version.highest}",
    ]
    return hashlib.sha256("\n".join(said).encode()).hexdigest()[:16]


def _name(item: Item) -> str:
    return f"item_{item.number}"
