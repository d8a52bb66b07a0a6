"""What an observer fills in: one sheet for each consultation, and what they agree on later."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django import forms

from nhsuk.forms import Look, NhsukForm
from nhsuk.forms.free_text import identifies_no_patient
from observations.models import InstrumentVersion, Item, Observation
from observations.rules.instruments import shown_question, shows_wording
from observations.rules.sheets import stamp_of
from observations.services.sheet_facts import Facts
from observations.services.sheets import MOST_MINUTES
from partners.forms.lines import Lines

_TOO_LONG = {"max_length": "Shorten this to 1,000 characters"}


def marks_of(version: InstrumentVersion) -> range:
    """Every mark of the scale, from the lowest."""
    return range(version.lowest, version.highest + 1)


class _Marks(NhsukForm):
    """A question for each item of a version, named item_1, item_2 and so on."""

    def __init__(
        self,
        *args: Any,
        version: InstrumentVersion,
        items: Sequence[Item],
        words: Mapping[int, str],
        **kwargs: Any,
    ) -> None:
        self.version, self.items = version, items
        self.shows_wording = shows_wording(version.instrument)
        words = words if self.shows_wording else {}
        super().__init__(*args, **kwargs)
        said = f"Choose a mark from {version.lowest} to {version.highest}."
        choices = [
            (mark, f"{mark}, {words[mark]}" if mark in words else str(mark))
            for mark in marks_of(version)
        ]
        for item in items:
            self.fields[f"item_{item.number}"] = forms.TypedChoiceField(
                label=shown_question(item, self.shows_wording),
                help_text=item.help if self.shows_wording else "",
                choices=choices,
                coerce=int,
                empty_value=None,
                required=False,
                widget=forms.RadioSelect,
                error_messages={"invalid_choice": said},
            )

    @property
    def questions(self) -> Iterator[tuple[Item, forms.BoundField]]:
        """The items, each with its field."""
        for item in self.items:
            yield item, self[f"item_{item.number}"]

    @property
    def marks(self) -> tuple[int | None, ...]:
        """The marks that were given, in the order of the items."""
        return tuple(self.cleaned_data.get(f"item_{item.number}") for item in self.items)


class _Sooner(forms.ChoiceField):
    """Has to be answered in the end, and may be left for now."""

    def validate(self, value: str) -> None:
        if value:
            super().validate(value)


class SheetForm(_Marks):
    """One sheet. Parts may be missing until it is submitted."""

    decision = _Sooner(
        label="Was there a decision to share?",
        help_text="Something that could go one way or another: a treatment, a test, or waiting.",
        choices=Observation.Decision.choices,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "Choose one from the list."},
    )
    worked = Lines(
        label="What worked",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
        required=False,
        validators=[identifies_no_patient],
        error_messages=_TOO_LONG,
    )
    to_try = Lines(
        label="One thing to try",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
        required=False,
        validators=[identifies_no_patient],
        error_messages=_TOO_LONG,
    )
    # The edition that this page knew, and the questions that it showed.
    edition = forms.CharField(required=False, widget=forms.HiddenInput)
    version_stamp = forms.CharField(required=False, widget=forms.HiddenInput)
    may_identify = frozenset({"worked", "to_try"})  # they have a stricter validator of their own
    looks = {"worked": Look(characters=1000), "to_try": Look(characters=1000)}

    def clean_edition(self) -> int:
        said: str = self.cleaned_data["edition"]
        return int(said) if said.isascii() and said.isdigit() and len(said) < 9 else 0

    @property
    def facts(self) -> Facts:
        """What was filled in; of a form with errors, what could be read."""
        said = self.cleaned_data
        return Facts(
            decision=said.get("decision") or "",
            marks=self.marks,
            worked=said.get("worked") or "",
            to_try=said.get("to_try") or "",
        )


def initial_of(
    sheet: Observation | None, version: InstrumentVersion, items: Sequence[Item]
) -> dict[str, Any]:
    """What a form shows of `sheet`, or of none."""
    values: dict[str, Any] = {
        "edition": sheet.edition if sheet else 0,
        "version_stamp": stamp_of(version, items),
    }
    if sheet is None:
        return values
    values |= {name: getattr(sheet, name) for name in ("decision", "worked", "to_try")}
    if sheet.version_id == version.pk:
        marks = zip(items, sheet.marks, strict=False)
        values |= {f"item_{item.number}": mark for item, mark in marks}
    return values


class SubmitForm(NhsukForm):
    """How long each consultation took."""

    minutes = forms.IntegerField(
        label="Minutes for each consultation",
        help_text="With the time to fill in the sheet. It goes into your portfolio.",
        min_value=1,
        max_value=MOST_MINUTES,
        widget=forms.TextInput,
        error_messages={
            "required": "Enter how many minutes it took",
            "invalid": "Enter minutes as a whole number, like 30",
            "min_value": "Enter between 1 minute and 8 hours",
            "max_value": "Enter between 1 minute and 8 hours",
        },
    )
    looks = {"minutes": Look(width=4, inputmode="numeric", suffix="minutes", spellcheck=False)}


class ConsensusForm(_Marks):
    """What observers agree on, item by item."""

    note = Lines(
        label="What you talked about",
        help_text="Where you saw things differently, and what you made of it.",
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=2000,
        required=False,
        validators=[identifies_no_patient],
        error_messages={"max_length": "Shorten this to 2,000 characters"},
    )
    may_identify = frozenset({"note"})
    looks = {"note": Look(characters=2000)}
