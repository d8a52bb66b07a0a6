"""Text of several lines."""

from typing import Any

from django import forms


class Lines(forms.CharField):
    """Several lines; the end of one counts as one character, whatever the browser sends."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> str:
        return "\n".join(super().to_python(value).splitlines())
