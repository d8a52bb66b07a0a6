"""Free text identifies no patient: what looks as if it did is refused with a sentence."""

import re
from datetime import date

from django.core.exceptions import ValidationError
from django.utils import timezone

# Of a day this long ago people write when they tell who somebody is; a year or a month is enough
# for everything else.
_LONG_AGO_YEARS = 15

_TEN_DIGITS = re.compile(r"(?<!\d)\d{3}[ -]?\d{3}[ -]?\d{4}(?!\d)")
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_NUMERIC = r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})"
_SPOKEN = r"(\d{1,2})(?:st|nd|rd|th)? (?:of )?([a-z]{3,9}),? (\d{4})"
_YEAR_FIRST = r"(\d{4})-(\d{1,2})-(\d{1,2})"
_MONTH_FIRST = r"\b([a-z]{3,9}) (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})"
_DATE = re.compile(
    rf"(?<!\d)(?:{_NUMERIC}|{_SPOKEN}|{_YEAR_FIRST}|{_MONTH_FIRST})(?!\d)", re.IGNORECASE
)
_BORN = re.compile(r"(?:date of birth|\bd\.?o\.?b\b\.?|\bborn(?: on)?)\W{0,10}$", re.IGNORECASE)


def nhs_number(text: str) -> str:
    """The first NHS number in `text` as it stands there, or "".

    Ten digits of which the last checks the others: modulus 11, NHS Data Dictionary, NHS NUMBER.
    """
    for found in _TEN_DIGITS.finditer(text):
        digits = [int(digit) for digit in re.sub(r"\D", "", found.group())]
        check = 11 - sum(digit * (10 - place) for place, digit in enumerate(digits[:9])) % 11
        if check % 11 == digits[9] and len(set(digits)) > 1:
            return found.group()
    return ""


def date_of_birth(text: str, today: date) -> str:
    """The first day in `text` that looks like somebody's birthday, or "".

    A day that follows "born" or "date of birth", and any full date of more than 15 years ago.
    """
    for found in _DATE.finditer(text):
        if _BORN.search(text[max(0, found.start() - 30) : found.start()]):
            return found.group()
        year = _year(found, today)
        if year is not None and today.year - year > _LONG_AGO_YEARS:
            return found.group()
    return ""


def _year(found: re.Match[str], today: date) -> int | None:
    """The year of a date that can be one; two digits mean the latest year that is not to come."""
    day, month, year, *spoken = found.groups()
    written_year, written_month, written_day = spoken[3:6]
    if written_year:
        day, month, year = written_day, written_month, written_year
    spoken_day, spoken_month, spoken_year = (
        spoken[:3] if spoken[0] else (spoken[7], spoken[6], spoken[8])
    )
    if spoken_day:
        known = spoken_month[:3].lower() in _MONTHS and 1 <= int(spoken_day) <= 31
        return int(spoken_year) if known else None
    if not (1 <= int(day) <= 31 and 1 <= int(month) <= 31):
        return None
    if len(year) == 4:
        return int(year)
    century = today.year // 100 * 100
    return century + int(year) - (100 if century + int(year) > today.year else 0)


def identifies_nobody(text: str) -> None:
    """Validator of free text. Raises ValidationError that names what to take out."""
    if number := nhs_number(text):
        raise ValidationError(
            f"“{number}” looks like an NHS number. Take it out: nothing here may tell who a "
            "patient is."
        )
    if day := date_of_birth(text, timezone.localdate()):
        raise ValidationError(
            f"“{day}” looks like a date of birth. Take it out, or write the year alone: nothing "
            "here may tell who a patient is."
        )
