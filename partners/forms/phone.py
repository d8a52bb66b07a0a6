"""A telephone number as somebody typed it."""

from django import forms

from partners.services.register_fields import CellError, read_phone


def typed_phone(text: str) -> str:
    """The number in the register's spelling; raises ValidationError."""
    if not text.strip():
        return ""
    try:
        return read_phone(text)
    except CellError:
        raise forms.ValidationError(
            "Enter a telephone number, like 01632 960 001 or 07700 900 982"
        ) from None
