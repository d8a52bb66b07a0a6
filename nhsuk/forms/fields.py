"""Fields whose mistakes are told in words."""

import datetime as dt
import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import date_format

from nhsuk.forms.bound import Look
from nhsuk.forms.widgets import DateInput

PARTS = ("day", "month", "year")
MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("jan", "january"),
            ("feb", "february"),
            ("mar", "march"),
            ("apr", "april"),
            ("may",),
            ("jun", "june"),
            ("jul", "july"),
            ("aug", "august"),
            ("sep", "sept", "september"),
            ("oct", "october"),
            ("nov", "november"),
            ("dec", "december"),
        ),
        start=1,
    )
    for name in names
}
DateBound = dt.date | Callable[[], dt.date] | None


def _listed(words: Sequence[str]) -> str:
    return " and ".join(words)


class DateField(forms.MultiValueField):
    """A date typed as day, month and year; the value is a datetime.date or None.

    name: how errors call it, "Date" by default: "Date must include a month".
    earliest, latest: the first and last date allowed (or a callable that gives it).
    """

    widget = DateInput

    def __init__(
        self,
        *,
        name: str = "Date",
        earliest: DateBound = None,
        latest: DateBound = None,
        **kwargs: Any,
    ) -> None:
        self.name = name
        self.earliest = earliest
        self.latest = latest
        messages = {
            "required": f"Enter {name[:1].lower()}{name[1:]}" if name != "Date" else "Enter a date",
            **(kwargs.pop("error_messages", None) or {}),
        }
        boxes = [forms.CharField(required=False) for _ in PARTS]
        super().__init__(boxes, require_all_fields=False, error_messages=messages, **kwargs)

    def clean(self, value: Any) -> dt.date | None:
        if isinstance(value, dt.date):
            value = self.widget.decompress(value)
        typed = [str(part or "").strip() for part in (value or ["", "", ""])]
        if not any(typed):
            if self.required:
                raise ValidationError(self.error_messages["required"], "required")
            return None
        found = self._real_date(typed)
        self._check_bounds(found)
        self.run_validators(found)
        return found

    def compress(self, data_list: list) -> dt.date | None:
        return self._real_date(data_list) if any(data_list or []) else None

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return self.clean(data) != (initial or None)
        except ValidationError:
            return True

    def _refuse(self, sentence: str, code: str, parts: Sequence[int] = (0, 1, 2)) -> None:
        raise ValidationError(sentence, code, params={"parts": tuple(parts)})

    def _real_date(self, typed: Sequence[str]) -> dt.date:
        missing = [i for i, text in enumerate(typed) if not text]
        if missing:
            names = _listed([f"a {PARTS[i]}" for i in missing])
            self._refuse(f"{self.name} must include {names}", "incomplete", missing)
        day, month, year = typed
        if not re.fullmatch(r"[0-9]{4}", year):
            self._refuse("Year must include 4 numbers", "year", [2])
        numbers = [day, str(MONTHS.get(month.lower().rstrip("."), month)), year]
        if not re.fullmatch(r"[0-9]{1,2}", numbers[1]) or not 1 <= int(numbers[1]) <= 12:
            self._refuse(f"{self.name} must have a month from 1 to 12", "month", [1])
        if not re.fullmatch(r"[0-9]{1,2}", day):
            self._refuse(f"{self.name} must have a day from 1 to 31", "day", [0])
        if not 1900 <= int(year) <= 2200:
            self._refuse(f"{self.name} must have a year from 1900 to 2200", "year", [2])
        try:
            return dt.date(int(year), int(numbers[1]), int(day))
        except ValueError:
            self._refuse(f"{self.name} must be a real date", "invalid")
        raise AssertionError  # _refuse always raises

    def _check_bounds(self, found: dt.date) -> None:
        earliest = self.earliest() if callable(self.earliest) else self.earliest
        latest = self.latest() if callable(self.latest) else self.latest
        if earliest and found < earliest:
            self._refuse(
                self.error_messages.get(
                    "too_early",
                    f"{self.name} must be {date_format(earliest, 'j F Y')} or later",
                ),
                "too_early",
            )
        if latest and found > latest:
            self._refuse(
                self.error_messages.get(
                    "too_late",
                    f"{self.name} must be {date_format(latest, 'j F Y')} or earlier",
                ),
                "too_late",
            )


class TimeField(forms.Field):
    """A time of day typed as people write it (2:30pm, 14.30, 9am); a datetime.time or None."""

    look = Look(width=5)
    widget = forms.TextInput

    def __init__(self, *, name: str = "Time", **kwargs: Any) -> None:
        self.name = name
        messages = {
            "required": f"Enter {name[:1].lower()}{name[1:]}" if name != "Time" else "Enter a time",
            "invalid": f"{name} must be a time, like 2:30pm or 14:30",
            **(kwargs.pop("error_messages", None) or {}),
        }
        super().__init__(error_messages=messages, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return value.strftime("%H:%M") if isinstance(value, dt.time) else value

    def to_python(self, value: Any) -> dt.time | None:
        if value in self.empty_values or isinstance(value, dt.time):
            return value or None
        text = str(value).lower().replace(" ", "")
        if text in {"noon", "midday"}:
            return dt.time(12)
        if text == "midnight":
            return dt.time(0)
        match = re.fullmatch(r"([0-9]{1,2})(?:[:.]?([0-9]{2}))?(am|pm|a\.m\.|p\.m\.)?", text)
        if not match or not (match[2] or match[3]):
            raise ValidationError(self.error_messages["invalid"], "invalid")
        hour, minute, half = int(match[1]), int(match[2] or 0), (match[3] or "")[:1]
        if half and not 1 <= hour <= 12:
            raise ValidationError(self.error_messages["invalid"], "invalid")
        if half:
            hour = hour % 12 + (12 if half == "p" else 0)
        if hour > 23 or minute > 59:
            raise ValidationError(self.error_messages["invalid"], "invalid")
        return dt.time(hour, minute)

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return self.to_python(data) != (initial or None)
        except ValidationError:
            return True


_THOUSANDS = re.compile(r"\d{1,3}(?:[, ]\d{3})+(?:\.\d*)?")


class PoundsField(forms.DecimalField):
    """An amount in pounds and pence; the value is a Decimal with two places or None.

    name: how errors call it, "Amount" by default.
    """

    look = Look(width=5, prefix="£", inputmode="decimal", spellcheck=False)
    widget = forms.TextInput

    def __init__(
        self,
        *,
        name: str = "Amount",
        min_value: Decimal | None = Decimal("0.00"),
        max_value: Decimal | None = None,
        **kwargs: Any,
    ) -> None:
        low = "£0" if not min_value else f"£{min_value:,.2f}"
        messages = {
            "required": f"Enter {name[:1].lower()}{name[1:]}"
            if name != "Amount"
            else "Enter an amount",
            "invalid": f"{name} must be an amount in pounds, like 12.50",
            "max_decimal_places": f"{name} must have pounds and pence only, like 12.50",
            "max_digits": f"{name} is too large",
            "max_whole_digits": f"{name} is too large",
            "min_value": f"{name} must be {low} or more",
            "max_value": f"{name} must be £{max_value:,.2f} or less" if max_value else "",
            **(kwargs.pop("error_messages", None) or {}),
        }
        kwargs.setdefault("max_digits", 9)
        super().__init__(
            min_value=min_value,
            max_value=max_value,
            decimal_places=2,
            error_messages=messages,
            **kwargs,
        )

    def prepare_value(self, value: Any) -> Any:
        return f"{value:.2f}" if isinstance(value, Decimal) else value

    def to_python(self, value: Any) -> Decimal | None:
        if isinstance(value, str):
            value = value.strip().removeprefix("£").strip()
            # "1,250" and "1 250" only: of "7,50" nobody knows that it is not £750.
            if _THOUSANDS.fullmatch(value):
                value = value.replace(",", "").replace(" ", "")
        amount = super().to_python(value)
        if amount is None:
            return None
        if amount.is_finite() and -(amount.normalize().as_tuple().exponent) <= 2:
            return amount.quantize(Decimal("0.01"))
        return amount  # the validators refuse more than two places with their own sentence
