"""How one field of a form is shown."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting
from django.utils.safestring import SafeString

INPUT_WIDTHS = {2, 3, 4, 5, 10, 20, 30}


@dataclass(frozen=True)
class Look:
    """How a field is shown; everything a form may say about it besides its rules.

    label_size: "s", "m", "l" or "xl".
    heading: the label or legend is the page's h1.
    width: characters (2, 3, 4, 5, 10, 20 or 30) or a fraction ("one-half", "two-thirds").
    characters, words: a limit that is counted down beneath the box (the field itself must
        refuse what is too long).
    reveals: for radios and checkboxes, the names of the fields shown under a choice, by its value.
    hints: for radios and checkboxes, a hint beneath a choice, by its value.
    divider_before: the value of the choice that stands after an "or".
    """

    label_size: str = "s"
    heading: bool = False
    width: int | str = ""
    characters: int = 0
    words: int = 0
    prefix: str = ""
    suffix: str = ""
    autocomplete: str = ""
    inputmode: str = ""
    spellcheck: bool = True
    inline: bool = False
    small: bool = False
    hide_label: bool = False
    reveals: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    hints: Mapping[str, str] = field(default_factory=dict)
    divider_before: str = ""

    def over(self, other: "Look") -> "Look":
        """Return other with everything that this one sets."""
        said = {
            f.name: getattr(self, f.name)
            for f in fields(self)
            if getattr(self, f.name) != getattr(_PLAIN, f.name)
        }
        return replace(other, **said)


_PLAIN = Look()


@dataclass(frozen=True)
class Choice:
    """One radio or checkbox of a group."""

    id: str
    name: str
    value: str
    label: str
    checked: bool
    disabled: bool
    hint: str
    divider: bool
    revealed: list[BoundField]


@dataclass(frozen=True)
class DateBox:
    """One of the three boxes of a date."""

    id: str
    name: str
    label: str
    value: str
    width: int
    inputmode: str
    autocomplete: str
    wrong: bool
    disabled: bool


class NhsukBoundField(BoundField):
    """A field together with its look; templates/nhsuk/fields/ draws it."""

    # What the form says, and what it came to: templates ask a dozen times for each field.
    _looked: tuple[Look, Look] | None = None

    @property
    def look(self) -> Look:
        own = getattr(self.field, "look", _PLAIN)
        said = getattr(self.form, "looks", {}).get(self.name)
        if not said:
            return own
        if self._looked is None or self._looked[0] is not said:
            self._looked = (said, said.over(own))
        return self._looked[1]

    @property
    def component(self) -> str:
        """Name the template in templates/nhsuk/fields/ that draws this field."""
        widget = self.field.widget
        if isinstance(widget, forms.MultiWidget):
            return "date" if getattr(widget, "is_date_input", False) else "group"
        if isinstance(widget, forms.CheckboxSelectMultiple):
            return "checkboxes"
        if isinstance(widget, forms.RadioSelect):
            return "radios"
        if isinstance(widget, forms.CheckboxInput):
            return "checkbox"
        if isinstance(widget, forms.Select):
            return "select"
        if isinstance(widget, forms.Textarea):
            return "textarea"
        if isinstance(widget, forms.FileInput):
            return "file"
        if isinstance(widget, forms.PasswordInput):
            return "password"
        return "input"

    def get_context(self) -> dict[str, Any]:
        """What the templates of a field ask for, each found once: forms are most of a page."""
        look, component = self.look, self.component
        return {
            "field": self,
            "look": look,
            "component": component,
            "template": f"nhsuk/fields/{component}.html",
            "is_group": self.is_group,
            "counted": self.counted,
            "errors": self.errors,
            "optional": not self.field.required
            and not look.heading
            and getattr(self.form, "method", "post") != "get"
            and component != "checkbox",
        }

    @property
    def is_group(self) -> bool:
        """Say whether the field stands in a fieldset with a legend."""
        return self.component in {"date", "group", "radios", "checkboxes"}

    @property
    def counted(self) -> int:
        return self.look.words or self.look.characters

    @property
    def aria_describedby(self) -> str | None:
        described = super().aria_describedby
        if described is None or not self.counted or not self.auto_id:
            return described
        return f"{described} {self.auto_id}-info".strip()

    @property
    def error_target(self) -> str:
        """Return the id of the control that an error summary leads to."""
        if self.is_hidden or not self.auto_id:
            return ""
        if self.component == "date":
            return f"{self.auto_id}_{self.first_wrong_part}"
        if self.is_group:
            return f"{self.auto_id}_0"
        return self.id_for_label

    @property
    def wrong_parts(self) -> set[int]:
        """Return which boxes of a date (0 day, 1 month, 2 year) the error is about."""
        errors = self.form.errors.as_data().get(self.name, [])
        if not errors:
            return set()
        named = getattr(errors[0], "params", None) or {}
        return set(named.get("parts", (0, 1, 2)))

    @property
    def first_wrong_part(self) -> int:
        return min(self.wrong_parts, default=0)

    @property
    def choices(self) -> Iterator[Choice]:
        look = self.look
        for shown in self.subwidgets:
            value = str(shown.data["value"])
            yield Choice(
                id=shown.id_for_label,
                name=shown.data["name"],
                value=value,
                label=shown.choice_label,
                checked=bool(shown.data["selected"]),
                disabled=bool(shown.data["attrs"].get("disabled")),
                hint=look.hints.get(value, ""),
                divider=bool(look.divider_before) and value == look.divider_before,
                revealed=[self.form[name] for name in look.reveals.get(value, ())],
            )

    @property
    def boxes(self) -> list[DateBox]:
        """Return the three boxes of a date, as typed."""
        widget = self.field.widget
        value = self.value()
        typed = value if isinstance(value, list | tuple) else widget.decompress(value)
        birthday = self.look.autocomplete == "bday"
        return [
            DateBox(
                id=f"{self.auto_id}_{i}",
                name=f"{self.html_name}_{part}",
                label=part.capitalize(),
                value="" if typed[i] is None else str(typed[i]),
                width=4 if part == "year" else 2,
                inputmode=widget.widgets[i].attrs.get("inputmode", ""),
                autocomplete=f"bday-{part}" if birthday else "",
                wrong=i in self.wrong_parts,
                disabled=self.field.disabled,
            )
            for i, part in enumerate(("day", "month", "year"))
        ]

    @property
    def control(self) -> SafeString:
        """Draw the control alone, with the classes and attributes of its look."""
        look = self.look
        component = "input" if self.component == "password" else self.component
        css = {"file": "nhsuk-file-upload"}.get(component, f"nhsuk-{component}")
        classes = [css]
        if self.errors:
            classes.append(f"{css}--error")
        if look.width:
            prefix = "nhsuk-input--width-" if look.width in INPUT_WIDTHS else "nhsuk-u-width-"
            classes.append(f"{prefix}{look.width}")
        if self.counted:
            classes.append("nhsuk-js-character-count")
        if self.component == "password":
            classes.append("nhsuk-password-input__input nhsuk-js-password-input-input")
        if component == "checkbox":
            classes = ["nhsuk-checkboxes__input"]
        own = self.field.widget.attrs
        attrs: dict[str, Any] = {"class": " ".join([*classes, own.get("class", "")]).strip()}
        if look.autocomplete:
            attrs["autocomplete"] = look.autocomplete
        if look.inputmode:
            attrs["inputmode"] = look.inputmode
        if not look.spellcheck:
            attrs["spellcheck"] = "false"
        if self.counted:
            attrs["maxlength"] = False  # a cut-off paste is a loss; the count and the error say it
        return self.as_widget(attrs=attrs)


class NhsukRenderer(TemplatesSetting):
    """Draws every form of the project in the NHS.UK look (the admin draws its own)."""

    form_template_name = "nhsuk/form.html"
    field_template_name = "nhsuk/field_group.html"
    bound_field_class = NhsukBoundField
