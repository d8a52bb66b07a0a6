"""What coordinators are asked about instruments and their versions."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, ClassVar

from django import forms

from accounts.models import Programme
from nhsuk.forms import Look, NhsukForm
from observations.models import Instrument, InstrumentVersion, Item, Scale
from partners.forms.lines import Lines

_LINK = {"invalid": "Copy the whole address, beginning with https://"}
FACTS = (
    "name",
    "about",
    "licence",
    "licence_url",
    "attribution",
    "may_display",
    "may_edit",
    "needs_acceptance",
)


def _short(limit: int, required: str = "") -> dict[str, str]:
    said = {"max_length": f"Shorten this to {limit:,} characters"}
    return {**said, "required": required} if required else said


def whole(what: str, least: int, most: int) -> dict[str, str]:
    return {
        "required": f"Enter {what}",
        "invalid": f"Enter {what} as a whole number, like {max(least, 5)}",
        "min_value": f"Enter {least} or more",
        "max_value": f"Enter {most} or less",
    }


def _mark(label: str, initial: int) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        min_value=0,
        max_value=10,
        initial=initial,
        widget=forms.TextInput,
        error_messages=whole("a mark", 0, 10),
    )


_NUMBER = Look(width=2, inputmode="numeric")


class InstrumentForm(NhsukForm):
    """An instrument: what it is for, and on which terms it may be used."""

    programme = forms.ModelChoiceField(
        queryset=Programme.objects.none(),
        label="Programme",
        error_messages={"required": "Choose the programme", "invalid_choice": "Choose yours"},
    )
    name = forms.CharField(
        label="Name", max_length=120, error_messages=_short(120, "Give the instrument a name")
    )
    about = Lines(
        label="What it is for",
        help_text="In plain words: partners and clinicians read this.",
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=2000,
        required=False,
        error_messages=_short(2000),
    )
    lowest = _mark("Lowest mark", 0)
    highest = _mark("Highest mark", 4)
    licence = forms.CharField(
        label="Licence",
        help_text="For example CC0 1.0, or “By letter of the authors, March 2026”.",
        max_length=120,
        error_messages=_short(120, "Say under which licence it may be used"),
    )
    licence_url = forms.URLField(
        label="Address of the licence",
        max_length=300,
        required=False,
        assume_scheme="https",
        widget=forms.TextInput,
        error_messages={**_LINK, **_short(300)},
    )
    attribution = forms.CharField(
        label="Whom to name",
        help_text="Its authors and year; shown wherever the instrument is.",
        max_length=300,
        required=False,
        error_messages=_short(300),
    )
    may_display = forms.BooleanField(
        label="The wording may be shown to those who observe", required=False
    )
    may_edit = forms.BooleanField(
        label="The wording may be changed in a new version", required=False
    )
    needs_acceptance = forms.BooleanField(
        label="Somebody has to accept the terms before it is used", required=False
    )
    looks: ClassVar[Mapping[str, Look]] = {
        "about": Look(characters=2000),
        "lowest": _NUMBER,
        "highest": _NUMBER,
        "licence_url": Look(spellcheck=False, inputmode="url"),
        "attribution": Look(spellcheck=False),
    }
    submit_text = "Save"

    def __init__(
        self, *args: Any, instrument: Instrument | None, programmes: list[Programme], **kwargs: Any
    ) -> None:
        if instrument is not None:
            kwargs["initial"] = {name: getattr(instrument, name) for name in FACTS}
        super().__init__(*args, **kwargs)
        if instrument is not None or len(programmes) == 1:
            del self.fields["programme"]
        else:
            self.fields["programme"].queryset = Programme.objects.filter(
                pk__in=[one.pk for one in programmes]
            )
        if instrument is not None:
            del self.fields["lowest"], self.fields["highest"]

    def facts(self) -> dict[str, Any]:
        """What was typed about the instrument itself."""
        return {name: self.cleaned_data[name] for name in FACTS}


class TermsForm(NhsukForm):
    """The terms are accepted, and this is what they allow."""

    may_display = forms.BooleanField(
        label="They allow us to show the wording to those who observe",
        help_text="If not, observers use the authors’ printed sheet and give marks by number.",
        required=False,
    )
    may_edit = forms.BooleanField(
        label="They allow us to change the wording in a new version", required=False
    )
    accepted = forms.BooleanField(
        label="I have read the terms, and accept them for the programme",
        error_messages={"required": "Tick this once you have read the terms and accept them"},
    )
    submit_text = "Accept the terms"


class ItemForm(NhsukForm):
    """One item: its short name, its wording, and what to look for."""

    short = forms.CharField(
        label="Short name",
        help_text="Two or three words, for pictures and tables.",
        max_length=40,
        error_messages=_short(40, "Say in two or three words what it is"),
    )
    text = forms.CharField(
        label="What is rated",
        help_text="One sentence that an observer reads in the clinic.",
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages=_short(300),
    )
    help = Lines(
        label="What to look for",
        help_text="What counts, what does not, and an example or two.",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages=_short(1000),
    )
    to = forms.TypedChoiceField(
        label="Its place among the items", coerce=int, error_messages={"required": "Choose one"}
    )
    looks: ClassVar[Mapping[str, Look]] = {
        "text": Look(characters=300),
        "help": Look(characters=1000),
    }
    submit_text = "Save"

    def __init__(self, *args: Any, item: Item | None, count: int, **kwargs: Any) -> None:
        if item is not None:
            shown = {name: getattr(item, name) for name in ("short", "text", "help")}
            kwargs["initial"] = {**shown, "to": item.number}
        super().__init__(*args, **kwargs)
        if item is None:
            del self.fields["to"]
        else:
            self.fields["to"].choices = [(n, str(n)) for n in range(1, count + 1)]


class MarksForm(NhsukForm):
    """From which mark to which an item is rated."""

    lowest = _mark("Lowest mark", 0)
    highest = _mark("Highest mark", 4)
    looks: ClassVar[Mapping[str, Look]] = {"lowest": _NUMBER, "highest": _NUMBER}
    submit_text = "Save"


class AnchorsForm(NhsukForm):
    """What each mark means: a box for each."""

    submit_text = "Save"

    def __init__(self, *args: Any, version: InstrumentVersion, **kwargs: Any) -> None:
        said = {anchor.mark: anchor.words for anchor in version.anchors.all()}
        super().__init__(*args, **kwargs)
        for mark in range(version.lowest, version.highest + 1):
            ends = mark in {version.lowest, version.highest}
            self.fields[f"mark_{mark}"] = forms.CharField(
                label=f"What {mark} means",
                max_length=120,
                required=ends,
                initial=said.get(mark, ""),
                error_messages=_short(120, f"Say what {mark} means"),
            )

    def words(self) -> dict[int, str]:
        """The words by mark."""
        return {int(name.removeprefix("mark_")): said for name, said in self.cleaned_data.items()}


class ScaleForm(NhsukForm):
    """A score: which items count towards it, and by which rule."""

    name = forms.CharField(
        label="Name", max_length=60, error_messages=_short(60, "Give the score a name")
    )
    rule = forms.ChoiceField(
        label="How is it worked out?",
        widget=forms.RadioSelect,
        choices=Scale.Rule.choices,
        error_messages={"required": "Choose how it is worked out"},
    )
    items = forms.TypedMultipleChoiceField(
        label="Which items count?",
        widget=forms.CheckboxSelectMultiple,
        coerce=int,
        error_messages={"required": "Choose the items that count"},
    )
    looks: ClassVar[Mapping[str, Look]] = {
        "rule": Look(
            hints={
                Scale.Rule.SUM_100: "The marks are added up and stretched to go from 0 to 100.",
                Scale.Rule.MEAN: "The marks are added up and divided by how many there are.",
                Scale.Rule.TOP: "How many sheets of 100 have the highest mark on every item.",
            }
        )
    }
    submit_text = "Save"

    def __init__(
        self, *args: Any, scale: Scale | None, items: Iterable[Item], **kwargs: Any
    ) -> None:
        if scale is not None:
            shown = {"name": scale.name, "rule": scale.rule, "items": list(scale.items)}
            kwargs["initial"] = shown
        super().__init__(*args, **kwargs)
        self.fields["items"].choices = [(one.number, f"{one.number}. {one.short}") for one in items]


class AgreedForm(NhsukForm):
    """Who agreed what about a version."""

    agreed = Lines(
        label="Who agreed what?",
        help_text="When you met, who took part, and what you changed and why. Whoever observes "
        "can read this.",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages=_short(2000, "Say who agreed what"),
    )
    looks: ClassVar[Mapping[str, Look]] = {"agreed": Look(characters=2000)}
    submit_text = "Save"


class RetireForm(NhsukForm):
    """Why a version is no longer used."""

    why = forms.CharField(
        label="Why is it no longer used?",
        help_text="Optional. It stands in the history of the version.",
        max_length=500,
        required=False,
        error_messages=_short(500),
    )
    submit_text = "Retire it"


class SureForm(NhsukForm):
    """Nothing to fill in: the button is the answer."""

    submit_text = "Yes"


class CrosswalkForm(NhsukForm):
    """How a score of the version before reads on this one."""

    before = forms.ModelChoiceField(
        queryset=Scale.objects.none(),
        label="Score of the version before",
        empty_label="Choose a score",
        error_messages={"required": "Choose the score", "invalid_choice": "Choose from the list"},
    )
    factor = forms.DecimalField(
        label="Multiply it by",
        max_digits=8,
        decimal_places=4,
        initial=Decimal(1),
        widget=forms.TextInput,
        error_messages={"required": "Enter a number, like 1.05", "invalid": "Enter a number"},
    )
    constant = forms.DecimalField(
        label="Then add",
        help_text="A negative number is taken off.",
        max_digits=8,
        decimal_places=4,
        initial=Decimal(0),
        widget=forms.TextInput,
        error_messages={"required": "Enter a number, like -2.5", "invalid": "Enter a number"},
    )
    basis = Lines(
        label="What does it rest on?",
        help_text="How many consultations were rated with both versions, by whom, and when.",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages=_short(1000, "Say what it rests on"),
    )
    looks: ClassVar[Mapping[str, Look]] = {
        "factor": Look(width=5, inputmode="decimal"),
        "constant": Look(width=5),
        "basis": Look(characters=1000),
    }
    submit_text = "Save"
