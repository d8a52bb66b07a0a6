"""Forms in the NHS.UK look: fields, the way each field is shown, and the form itself."""

from nhsuk.forms.bound import Look, NhsukBoundField, NhsukRenderer
from nhsuk.forms.fields import DateField, PoundsField, TimeField
from nhsuk.forms.forms import NhsukForm, NhsukFormMixin, NhsukModelForm, error_links

__all__ = [
    "DateField",
    "Look",
    "NhsukBoundField",
    "NhsukForm",
    "NhsukFormMixin",
    "NhsukModelForm",
    "NhsukRenderer",
    "PoundsField",
    "TimeField",
    "error_links",
]
