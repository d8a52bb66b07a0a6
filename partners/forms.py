"""Forms of a partner's profile and portfolio. They check; services save."""

from dataclasses import dataclass
from typing import Any

from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.utils import timezone

from nhsuk.forms import DateField, Look, NhsukForm
from partners.models import Expertise, Partner
from partners.models.contribution import Kind
from partners.services.ledger import MINUTES_OF_A_DAY
from partners.services.register import RegisterError, prepared
from partners.services.register_fields import CellError, known_fields, read_phone
from partners.services.register_import import Register, header_of
from partners.services.workbook import MOST_BYTES, column_letter

LEAVE_IT_OUT = "-"


class NameForm(NhsukForm):
    """What a partner is called."""

    name = forms.CharField(
        label="Your full name",
        max_length=150,
        error_messages={"required": "Enter your full name"},
    )
    known_as = forms.CharField(
        label="What you like to be called",
        help_text="We greet you with it. Leave it empty and we use your first name.",
        max_length=60,
        required=False,
    )
    looks = {
        "name": Look(autocomplete="name", spellcheck=False),
        "known_as": Look(width=20, autocomplete="nickname", spellcheck=False),
    }
    submit_text = "Save"


class ContactForm(NhsukForm):
    """How a partner is reached."""

    email = forms.EmailField(
        label="E-mail address",
        help_text="We write to you here. It does not change how you sign in.",
        required=False,
        error_messages={"invalid": "Enter an e-mail address like name@example.org"},
    )
    phone = forms.CharField(
        label="Telephone number",
        required=False,
        max_length=30,
        error_messages={"max_length": "Enter one telephone number, in up to 30 characters"},
    )
    looks = {
        "email": Look(autocomplete="email", spellcheck=False),
        "phone": Look(width=20, autocomplete="tel", inputmode="tel"),
    }
    submit_text = "Save"

    def clean_phone(self) -> str:
        return _phone(self.cleaned_data["phone"])


class AccessForm(NhsukForm):
    """What helps a partner to take part."""

    access_needs = forms.CharField(
        label="What helps you to take part?",
        help_text=(
            "For example large print, a hearing loop, breaks, parking by the door. "
            "You and your coordinators can see this; others are only told what to do."
        ),
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=2000,
        required=False,
        error_messages={"max_length": "Shorten this to 2,000 characters"},
    )
    looks = {"access_needs": Look(characters=2000)}
    heading = "label"
    submit_text = "Save"


class ExpertiseForm(NhsukForm):
    """Something a partner brings, and who may see it."""

    kind = forms.ChoiceField(
        label="Where does it come from?",
        widget=forms.RadioSelect,
        choices=Expertise.Kind.choices,
        error_messages={"required": "Choose where it comes from"},
    )
    text = forms.CharField(
        label="What do you bring?",
        help_text="In your own words.",
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
        error_messages={
            "required": "Write a few words",
            "max_length": "Shorten this to 2,000 characters",
        },
    )
    visibility = forms.ChoiceField(
        label="Who may see it?",
        widget=forms.RadioSelect,
        choices=Expertise.Visibility.choices,
        initial=Expertise.Visibility.ONLY_ME,
        error_messages={"required": "Choose who may see it"},
    )
    looks = {"text": Look(characters=2000)}
    submit_text = "Save"


class _Count(forms.IntegerField):
    """A whole number; nothing typed counts as none."""

    def clean(self, value: Any) -> int:
        number: int = super().clean(value if str(value or "").strip() else "0")
        return number


class ContributionForm(NhsukForm):
    """Something a partner did: what, when, and how long it took."""

    title = forms.CharField(
        label="What did you do?",
        help_text="A few words, such as “Expert panel on physiotherapy”.",
        max_length=200,
        error_messages={
            "required": "Say in a few words what you did",
            "max_length": "Shorten this to 200 characters",
        },
    )
    kind = forms.ChoiceField(
        label="What kind of work was it?",
        choices=[("", "Choose one"), *Kind.choices],
        error_messages={"required": "Choose the kind of work"},
    )
    happened_on = DateField(
        label="Which day was it?",
        help_text="For example, 27 3 2026",
        name="The day",
        latest=timezone.localdate,
        error_messages={"too_late": "The day must be today or in the past"},
    )
    hours = _Count(
        label="Hours",
        min_value=0,
        max_value=24,
        widget=forms.TextInput,
        error_messages={
            "invalid": "Hours must be a whole number, like 2",
            "min_value": "Hours must be 0 or more",
            "max_value": "Hours must be 24 or fewer",
        },
    )
    minutes = _Count(
        label="Minutes",
        min_value=0,
        max_value=59,
        widget=forms.TextInput,
        error_messages={
            "invalid": "Minutes must be a whole number, like 30",
            "min_value": "Minutes must be 0 or more",
            "max_value": "Minutes must be 59 or fewer",
        },
    )
    looks = {
        "hours": Look(width=2, inputmode="numeric"),
        "minutes": Look(width=2, inputmode="numeric"),
    }

    def get_layout(self) -> Layout:
        return Layout(
            "title",
            "kind",
            "happened_on",
            Fieldset("How long did it take, all in all?", "hours", "minutes"),
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if "hours" in data and "minutes" in data:
            total = data["hours"] * 60 + data["minutes"]
            if total == 0:
                self.add_error("hours", "Enter how long it took, in hours, minutes or both")
            elif total > MINUTES_OF_A_DAY:
                self.add_error("hours", "Enter 24 hours or less")
            data["total"] = total
        return data

    @property
    def facts(self) -> dict[str, Any]:
        """What the ledger keeps."""
        data = self.cleaned_data
        return {
            "title": data["title"],
            "kind": data["kind"],
            "happened_on": data["happened_on"],
            "minutes": data["total"],
        }


class ReflectionForm(NhsukForm):
    """A partner's own words about a piece of work."""

    reflection = forms.CharField(
        label="What do you take from it?",
        help_text=(
            "What you learned, what changed, what you would tell others. Only you can see this."
        ),
        widget=forms.Textarea(attrs={"rows": 8}),
        max_length=20_000,
        required=False,
        error_messages={"max_length": "Shorten this to 20,000 characters"},
    )
    heading = "label"
    submit_text = "Save"


class WithdrawForm(NhsukForm):
    """Why a piece of work is taken off."""

    why = forms.CharField(
        label="Why do you take it back?",
        help_text="For example, “I put it down twice”.",
        max_length=500,
        error_messages={
            "required": "Say in a few words why you take it back",
            "max_length": "Shorten this to 500 characters",
        },
    )


class UploadForm(NhsukForm):
    """The workbook that holds the partners."""

    programme = forms.ChoiceField(
        label="Which programme is it for?",
        error_messages={"required": "Choose the programme", "invalid_choice": "Choose yours"},
    )
    file = forms.FileField(
        label="Your register",
        help_text="An Excel workbook (.xlsx) or a CSV file, up to 10 MB, just as it is.",
        error_messages={
            "required": "Choose the workbook that holds your partners",
            "empty": "This file is empty. Choose the workbook that holds your partners.",
            "max_length": "Give the file a shorter name",
        },
    )
    sheet = forms.CharField(
        label="Sheet",
        help_text="Only if we pick the wrong one: the name of the sheet, as on its tab.",
        required=False,
        max_length=100,
    )
    looks = {"sheet": Look(width=20)}
    submit_text = "Read it"

    def __init__(self, *args: Any, programmes: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if len(programmes) > 1:
            self.fields["programme"].choices = [("", "Choose one"), *programmes]
        else:
            del self.fields["programme"]

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(
                "This file is larger than 10 MB. Save only the sheet with your partners, "
                "without pictures, as a new workbook."
            )
        return file


@dataclass(frozen=True)
class ColumnToCheck:
    """A column of a register: its letter and heading, its first values, and the field to choose."""

    letter: str
    heading: str
    examples: list[str]
    bound: forms.BoundField


class ColumnsForm(NhsukForm):
    """What each column of a register is."""

    EXAMPLES = 3
    submit_text = "Try it out"

    def __init__(self, *args: Any, register: Register, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.register = register
        headers = register.headings.headers
        width = max([len(headers), *(len(row.cells) for row in register.rows)])
        choices = [
            (LEAVE_IT_OUT, "Leave it out"),
            *((field.name, field.label) for field in known_fields().values()),
        ]
        self.columns: list[int] = []
        for i in range(width):
            header = headers[i] if i < len(headers) else ""
            if not header and not any(row[i] for row in register.rows):
                continue
            self.columns.append(i)
            self.fields[f"column_{i}"] = forms.ChoiceField(
                label=f"What “{header_of(headers, i)}” is",
                choices=choices,
                initial=register.headings.mapping.get(i, LEAVE_IT_OUT),
                error_messages={
                    "required": "Choose what it is, or leave it out",
                    "invalid_choice": "Choose from the list",
                },
            )
            self.looks[f"column_{i}"] = Look(hide_label=True)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        seen: dict[str, int] = {}
        for i in self.columns:
            chosen = data.get(f"column_{i}")
            if not chosen or chosen == LEAVE_IT_OUT:
                continue
            if chosen in seen:
                first = header_of(self.register.headings.headers, seen[chosen])
                self.add_error(
                    f"column_{i}",
                    f"“{known_fields()[chosen].label}” is chosen for “{first}” too. "
                    "Leave one of them out.",
                )
            seen.setdefault(chosen, i)
        if not seen.keys() & {"name", "first_name", "last_name"} and self.columns:
            self.add_error(
                f"column_{self.columns[0]}", "Choose “Name” for the column that holds the names."
            )
        return data

    @property
    def mapping(self) -> dict[int, str]:
        """The chosen field by the column's index."""
        chosen = {i: self.cleaned_data[f"column_{i}"] for i in self.columns}
        return {i: name for i, name in chosen.items() if name != LEAVE_IT_OUT}

    @property
    def preview(self) -> list[ColumnToCheck]:
        """Every column with its first values."""
        headers = self.register.headings.headers
        return [
            ColumnToCheck(
                column_letter(i),
                headers[i] if i < len(headers) else "",
                [row[i].text for row in self.register.rows if row[i].text][: self.EXAMPLES],
                self[f"column_{i}"],
            )
            for i in self.columns
        ]


class PartnerForm(forms.ModelForm):
    """A partner on the register, for coordinators."""

    class Meta:
        model = Partner
        fields = (
            "programme",
            "name",
            "known_as",
            "email",
            "phone",
            "joined_on",
            "status",
            "access_needs",
            "dbs_expires_on",
        )
        error_messages = {
            "name": {"required": "Enter the partner’s name."},
            "email": {"invalid": "Enter an e-mail address like name@example.org."},
        }
        help_texts = {
            "email": "Leave it empty for somebody without one: they are told by post or by phone.",
            "access_needs": "The partner and the programme’s coordinators see this.",
            "dbs_expires_on": "The day alone. What the certificate says is not kept.",
        }

    def clean_phone(self) -> str:
        return _phone(self.cleaned_data["phone"])

    def _post_clean(self) -> None:
        super()._post_clean()
        if self.errors:
            return
        try:
            prepared(self.instance, {name: self.cleaned_data[name] for name in ("name", "email")})
        except RegisterError as error:
            self.add_error(error.field, str(error))


def _phone(text: str) -> str:
    if not text.strip():
        return ""
    try:
        return read_phone(text)
    except CellError:
        raise forms.ValidationError(
            "Enter a telephone number, like 01632 960 001 or 07700 900 982"
        ) from None
