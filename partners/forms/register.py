"""What coordinators are asked about partners and registers."""

from dataclasses import dataclass
from typing import Any

from django import forms

from nhsuk.forms import Look, NhsukForm
from partners.forms.phone import typed_phone
from partners.models import Partner
from partners.services.register import ADDED_AFTERWARDS, RegisterError, prepared
from partners.services.register_fields import known_fields
from partners.services.register_import import Register, header_of
from partners.services.workbook import MOST_BYTES, column_letter

LEAVE_IT_OUT = "-"


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
    looks = {"sheet": Look(width=20, spellcheck=False)}
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
            *sorted(ADDED_AFTERWARDS),
        )
        error_messages = {
            "name": {"required": "Enter the partner’s name."},
            "email": {"invalid": "Enter an e-mail address like name@example.org."},
        }
        help_texts = {
            "email": "Leave it empty for somebody without one: they are told by post or by phone.",
            "access_needs": "The partner and the programme’s coordinators see this.",
            "dbs_expires_on": "The day alone. What the certificate says is not kept.",
            "preferred_channel": "What they like best needs its detail above.",
            "hours_wanted": "What they want to give, never what they owe.",
        }

    def clean_phone(self) -> str:
        return typed_phone(self.cleaned_data["phone"])

    def _post_clean(self) -> None:
        super()._post_clean()
        if self.errors:
            return
        judged = {"name", "email", "phone", *ADDED_AFTERWARDS} & self.cleaned_data.keys()
        try:
            prepared(self.instance, {name: self.cleaned_data[name] for name in judged})
        except RegisterError as error:
            self.add_error(error.field if error.field in self.fields else None, str(error))
