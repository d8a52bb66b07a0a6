"""Free text identifies no patient: what looks as if it did is refused with a sentence."""

import re
from datetime import date

from django.core.exceptions import ValidationError
from django.utils import timezone

# Of a day this long ago people write when they tell who somebody is; a year or a month is enough
# for everything else.
_LONG_AGO_YEARS = 15

_TEN_DIGITS = re.compile(r"(?<!\d)\d{3}[ -]?\d{3}[ -]?\d{4}(?!\d)")
# What stands before a number that is dialled, or typed to join a meeting.
_DIALLED = re.compile(
    r"(?:(?:\+|\b00)\d{1,3}[ .-]?(?:\(0\)[ .-]?)?"
    r"|\(0\)[ .-]?"
    r"|\b(?:tel|telephone|phone|mobile|fax|meeting|zoom|webinar|conference)[ .:]{0,3}"
    r"(?:(?:no|number|id)[ .:]{0,3})?)$",
    re.IGNORECASE,
)
# The first six digits of a Scottish number are a day of birth; the first two of a Northern Irish
# one are 32 to 39. Other numbers that begin like them are dialled: 0800, 0169 and so on.
_SCOTTISH = re.compile(r"(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])")
_NORTHERN_IRISH = re.compile(r"3[2-9]")
# People plan so far ahead: a year of two digits up to then is to come, and not of a hundred years
# ago.
_PLANNED_YEARS = 2
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_NUMERIC = r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})"
_SPOKEN = r"(\d{1,2})(?:st|nd|rd|th)? (?:of )?([a-z]{3,9}),? (\d{4})"
_YEAR_FIRST = r"(\d{4})-(\d{1,2})-(\d{1,2})"
_MONTH_FIRST = r"\b([a-z]{3,9}) (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})"
_DATE = re.compile(
    rf"(?<!\d)(?:{_NUMERIC}|{_SPOKEN}|{_YEAR_FIRST}|{_MONTH_FIRST})(?!\d)", re.IGNORECASE
)
# A number in national form begins with 0 and its area; abroad or in full with + or 00. Days
# (03-03-2026) and shares (0.75) do not.
_PHONE = re.compile(
    r"(?<![\d.])(?:"
    r"\(?0\d{2,4}\)?(?:[ .-]{0,2}\d){5,8}"
    r"|(?:\+|00)[ ]?[1-9]\d{0,2}(?:[ .-]?\(0\))?(?:[ .-]{0,2}\d){7,11}"
    r"|\b7\d{3}[ .-]?\d{3}[ .-]?\d{3}"
    r")(?!\d)"
)
# A shorter one is told by the word before it.
_PHONE_BY_WORD = re.compile(
    r"\b(?:tel|telephone|phone|mobile|mob|fax|ext|extension|ring|call)\b[ .:]{0,3}"
    r"(?:(?:no|number|on|me on|her on|him on|them on)\b[ .:]{0,3})?(\(?\d(?:[ .()-]{0,2}\d){3,12})",
    re.IGNORECASE,
)
_FEWEST_DIGITS = 9
_EMAIL = re.compile(
    r"(?<![\w.+'-])[\w.+'-]{1,64} ?(?:@|\(at\)|\[at\]) ?[\w-]{1,63}(?:\.[\w-]{1,63})+",
    re.IGNORECASE,
)
_BORN = re.compile(r"(?:date of birth|\bd\.?o\.?b\b\.?|\bborn(?: on)?)\W{0,10}$", re.IGNORECASE)


def nhs_number(text: str) -> str:
    """The first NHS number in `text` as it stands there, or "".

    Ten digits of which the last checks the others: modulus 11, NHS Data Dictionary, NHS NUMBER.
    """
    for found in _TEN_DIGITS.finditer(text):
        figures = re.sub(r"\D", "", found.group())
        digits = [int(digit) for digit in figures]
        check = 11 - sum(digit * (10 - place) for place, digit in enumerate(digits[:9])) % 11
        if check % 11 != digits[9] or not _is_given_out(figures):
            continue
        if not _DIALLED.search(text[max(0, found.start() - 30) : found.start()]):
            return found.group()
    return ""


def _is_given_out(figures: str) -> bool:
    """Numbers of the four nations begin so; ten times the same digit is nobody's."""
    if figures[0] >= "4":
        return len(set(figures)) > 1
    return bool(_SCOTTISH.match(figures) or _NORTHERN_IRISH.match(figures))


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
    """The year of a date that can be one; two digits mean the latest year that is planned for."""
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
    near = today.year // 100 * 100 + int(year)
    return near - (100 if near > today.year + _PLANNED_YEARS else 0)


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


def phone_number(text: str) -> str:
    """The first telephone number in `text` as it stands there, or ""."""
    for found in _PHONE.finditer(text):
        if len(re.sub(r"\D", "", found.group())) >= _FEWEST_DIGITS:
            return found.group().strip()
    by_word = _PHONE_BY_WORD.search(text)
    return by_word.group(1).strip() if by_word else ""


def email_address(text: str) -> str:
    """The first e-mail address in `text` as it stands there, or ""."""
    found = _EMAIL.search(text)
    return found.group() if found else ""


def identifies_no_patient(text: str) -> None:
    """Validator of what is written about a consultation: NHS numbers and dates of birth, and
    besides how somebody is reached. Raises ValidationError that names what to take out."""
    identifies_nobody(text)
    if address := email_address(text):
        raise ValidationError(
            f"“{address}” looks like an e-mail address. Take it out: nothing here may tell who a "
            "patient is."
        )
    if number := phone_number(text):
        raise ValidationError(
            f"“{number}” looks like a phone number. Take it out: nothing here may tell who a "
            "patient is."
        )
