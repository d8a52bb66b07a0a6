from datetime import date

from django import forms


class DateInput(forms.MultiWidget):
    """Day, month and year in three boxes, sent as <name>_day, <name>_month and <name>_year."""

    use_fieldset = True
    is_date_input = True

    def __init__(self, attrs: dict | None = None) -> None:
        super().__init__(
            {
                "day": forms.TextInput({"inputmode": "numeric"}),
                "month": forms.TextInput(),  # "nov" is as good as 11, so no numeric keypad
                "year": forms.TextInput({"inputmode": "numeric"}),
            },
            attrs,
        )

    def decompress(self, value: date | str | None) -> list:
        if isinstance(value, str) and value:
            try:
                value = date.fromisoformat(value)
            except ValueError:
                return [None, None, None]
        return [value.day, value.month, value.year] if value else [None, None, None]
