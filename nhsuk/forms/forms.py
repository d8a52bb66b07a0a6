"""The form itself: what crispy draws, what an error summary lists, what a choice reveals."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.forms.formsets import BaseFormSet

from nhsuk.forms.bound import Look
from nhsuk.forms.free_text import identifies_nobody


@dataclass(frozen=True)
class ErrorLink:
    """One line of an error summary; target is the id of a control, or empty."""

    text: str
    target: str = ""


def error_links(*shown: forms.BaseForm | BaseFormSet) -> list[ErrorLink]:
    """Return everything that is wrong with forms and formsets, in the order of the page."""
    links = []
    for item in shown:
        if isinstance(item, BaseFormSet):
            links += [ErrorLink(str(text)) for text in item.non_form_errors()]
            links += error_links(*item.forms)
            continue
        links += [ErrorLink(str(text)) for text in item.non_field_errors()]
        for bound in item:
            target = getattr(bound, "error_target", bound.id_for_label)
            links += [ErrorLink(str(text), target) for text in bound.errors]
    return links


class NhsukHelper(FormHelper):
    """crispy's helper for a form whose page writes the form tag, the summary and the buttons."""

    def __init__(self, form: forms.BaseForm | None = None) -> None:
        super().__init__(form)
        self.form_tag = False
        self.disable_csrf = True
        self.include_media = False


class NhsukFormMixin:
    """Gives a form its look.

    looks: a Look by field name.
    heading: "label" (or "legend", the same) makes the first question the page's h1; for pages
        that ask one thing.
    submit_text: what the button of layouts/form.html says.
    method: "get" for filters, whose fields are optional without saying so.
    may_identify: texts that may tell who somebody is. All others are refused when they hold an
        NHS number or a date of birth; so are not the lines for a number, an address or a name,
        which their look tells from a line of words.
    """

    method = "post"

    use_required_attribute = False  # the server's sentences are better than the browser's
    looks: ClassVar[Mapping[str, Look]] = {}
    heading = ""
    submit_text = "Continue"
    may_identify: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if name not in self.may_identify and self._is_words(name, field):
                field.validators.append(identifies_nobody)
        self.looks = dict(type(self).looks)
        if self.heading:
            first = next(bound.name for bound in self if not bound.is_hidden)
            said = self.looks.get(first, Look())
            self.looks[first] = Look(label_size="l", heading=True).over(said)

    def _is_words(self, name: str, field: forms.Field) -> bool:
        """People write here as they like, and somebody keeps it: what is searched for is not."""
        if isinstance(field.widget, forms.Textarea):
            return True
        look = self.looks.get(name, Look())
        is_line = isinstance(field, forms.CharField) and type(field.widget) is forms.TextInput
        is_plain = not (look.inputmode or look.autocomplete) and look.spellcheck is not False
        return is_line and is_plain and self.method == "post"

    @property
    def revealed_names(self) -> set[str]:
        """Return the fields that stand beneath a choice of another."""
        return {
            name
            for look in self.looks.values()
            for names in look.reveals.values()
            for name in names
        }

    @property
    def shown_fields(self) -> list[forms.BoundField]:
        return [bound for bound in self if bound.name not in self.revealed_names]

    def get_layout(self) -> Layout:
        """Return crispy's layout; override it for fieldsets and another order."""
        return Layout(*(bound.name for bound in self.shown_fields))

    @property
    def helper(self) -> NhsukHelper:
        helper = NhsukHelper()
        helper.layout = self.get_layout()
        return helper

    def _clean_fields(self) -> None:
        super()._clean_fields()
        for name in self._not_revealed():
            # What stands under a choice that was not made is neither asked nor kept.
            self._errors.pop(name, None)
            field = self.fields[name]
            required, field.required = field.required, False
            self.cleaned_data[name] = field.clean(None)
            field.required = required

    def _not_revealed(self) -> Iterable[str]:
        chosen, hidden = set(), set()
        for controller, look in self.looks.items():
            if not look.reveals or controller not in self.fields:
                continue
            value = self[controller].data
            values = {str(v) for v in (value if isinstance(value, list | tuple) else [value])}
            for choice, names in look.reveals.items():
                (chosen if choice in values else hidden).update(names)
        return hidden - chosen


class NhsukForm(NhsukFormMixin, forms.Form):
    """A form in the NHS.UK look."""


class NhsukModelForm(NhsukFormMixin, forms.ModelForm):
    """A model's form in the NHS.UK look. It validates; a service saves."""
