"""The columns that a coordinator's register may have, and how each is read and kept.

This app's own columns are here; the apps above add theirs from their `AppConfig.ready`.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from accounts.models import User

_EMPTY = frozenset(
    [
        "n/a",
        "na",
        "n.a.",
        "n.a",
        "#n/a",
        "none",
        "nil",
        "tbc",
        "tba",
        "tbd",
        "unknown",
        "not known",
        "not given",
        "blank",
        "null",
    ]
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
# A spreadsheet counts days from here (its own leap-year mistake of 1900 included).
_SERIAL_ORIGIN = date(1899, 12, 30)
_PHONE_LONGEST = 30


class CellError(Exception):
    """A cell cannot be read or kept; `str(error)` is a sentence that says what to do."""


@dataclass(frozen=True)
class Change:
    """What a row changes: `before` is empty where nothing stood, or where it only adds."""

    before: str
    after: str


@dataclass(frozen=True)
class RegisterField:
    """One column that a register may have.

    words: what its header may say (lower case, accents and punctuation gone).
    read: makes a value of a cell's text; raises CellError. An empty cell is never read.
    write: keeps values for partners who are on the register, all at once, in few queries; called
        with rows (pairs of a partner and a value, where the sheet has one), by and now. Gives for
        each row in turn the Change, None where there is none, or the CellError that kept it from
        that. A value that is a list is added to what is there; others replace it.
    confidential: what it says is shown on coordinators' pages only, never printed.
    """

    name: str
    label: str
    words: tuple[str, ...]
    read: Callable[[str], Any]
    write: Callable[..., list[Change | CellError | None]] | None = None
    confidential: bool = False


_fields: dict[str, RegisterField] = {}


def register_field(field: RegisterField) -> RegisterField:
    """Let registers have one more column."""
    _fields[field.name] = field
    return field


def known_fields() -> dict[str, RegisterField]:
    """Every column that a register may have, by name."""
    return dict(_fields)


def tidy(text: str) -> str:
    """A cell's text with single spaces (its own lines kept) and nothing invisible."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = "".join(
        c if c == "\n" or unicodedata.category(c) not in {"Cc", "Cs", "Co", "Cn"} else " "
        for c in text.translate(_INVISIBLE)
    )
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return "\n".join(lines).strip()


def says_nothing(text: str) -> bool:
    """The cell holds nothing, or one of the ways in which people write that."""
    plain = tidy(text).lower()
    return plain in _EMPTY or not any(c.isalnum() for c in plain)


def read_text(cell: str) -> str:
    """The cell in one line."""
    return " ".join(cell.split())


def read_lines(cell: str) -> str:
    """The cell with its own lines."""
    return cell


def read_name(cell: str) -> str:
    """A person's name: surname first is turned round, capitals throughout are calmed down."""
    name = read_text(cell)
    if not any(c.isalpha() for c in name):
        raise CellError("This is not a name. Put the person's name here.")
    if len(name) > 150:
        raise CellError("This is longer than a name can be. Put only the name here.")
    surname, comma, first = (part.strip() for part in name.partition(","))
    # "Okafor, Mo" is turned round; the letters after "Mo Okafor, MBE" are not a first name.
    one_word = comma and first and "," not in first and " " not in surname
    if one_word and (name.isupper() or not first.replace(".", "").isupper()):
        name = f"{first} {surname}"
    if name.isupper() or name.islower():
        name = re.sub(r"[^\W\d_]+", lambda word: word[0].capitalize(), name)
        name = re.sub(r"'S\b", "'s", name)
    return name


def read_email(cell: str) -> str:
    """One e-mail address, lower case."""
    text = read_text(cell).removeprefix("mailto:")
    if found := re.fullmatch(r".*<([^<>]+)>", text):
        text = found[1]
    address = User.objects.normalize_email(text.strip(" .,;"))
    if len(re.findall(r"@", address)) > 1:
        raise CellError("There are two e-mail addresses here. Keep the one to write to.")
    try:
        validate_email(address)
    except ValidationError:
        raise CellError(
            f"“{_short(cell)}” is not an e-mail address. Correct it, or leave the cell empty."
        ) from None
    return address


def read_phone(cell: str) -> str:
    """A telephone number; a nought that the spreadsheet ate is put back."""
    text = read_text(cell)
    if sum(c.isdigit() for c in text) < 5:
        raise CellError(
            f"“{_short(cell)}” is not a telephone number. Correct it, or leave the cell empty."
        )
    if re.fullmatch(r"[1237]\d{9}", text):
        text = f"0{text}"
    if len(text) > _PHONE_LONGEST:
        raise CellError("Keep the one telephone number to ring; there is room for one.")
    return text


def read_day(cell: str) -> date:
    """A day as people in the United Kingdom write it, or a spreadsheet's own number for it."""
    text = read_text(cell).lower()
    if re.fullmatch(r"\d{4,5}(\.0+)?", text) and 10_000 <= int(float(text)) <= 80_000:
        return _sensible(_SERIAL_ORIGIN + timedelta(days=int(float(text))), cell)
    text = re.sub(r"[ t]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?( ?[ap]m)?$", "", text)
    text = re.sub(r"^(mon|tue|wed|thu|fri|sat|sun)[a-z]*[ ,.]+", "", text)
    text = re.sub(r"(?<=\d)(st|nd|rd|th)\b", "", text)
    parts = re.split(r"[\s/.,\-–]+", text.strip(" .,"))
    if len(parts) == 3 and re.fullmatch(r"[a-z]+", parts[0]) and parts[1].isdigit():
        parts = [parts[1], parts[0], parts[2]]  # March 3, 2019 can only be meant in one way
    if len(parts) != 3:
        raise _no_day(cell)
    if re.fullmatch(r"\d{4}", parts[0]):
        parts.reverse()
    day, month, year = parts
    if month.isalpha() and len(month) >= 3 and month[:3] in _MONTHS:
        month = str(_MONTHS.index(month[:3]) + 1)
    if not (re.fullmatch(r"\d{1,2}", day) and re.fullmatch(r"\d{1,2}", month)):
        raise _no_day(cell)
    if not re.fullmatch(r"\d{4}|\d{2}", year):
        raise _no_day(cell)
    full_year = int(year) if len(year) == 4 else int(year) + (2000 if int(year) < 60 else 1900)
    try:
        found = date(full_year, int(month), int(day))
    except ValueError:
        raise _no_day(cell) from None
    return _sensible(found, cell)


def read_expertise(cell: str) -> list[str]:
    """What somebody brings, in the words of the sheet; a list, for it is added to theirs."""
    if len(cell) > 2000:
        raise CellError("Shorten this to 2,000 characters.")
    return [cell]


def _limited(longest: int, read: Callable[[str], str]) -> Callable[[str], str]:
    def limited(cell: str) -> str:
        text = read(cell)
        if len(text) > longest:
            raise CellError(f"Shorten this to {longest:,} characters.")
        return text

    return limited


def _sensible(found: date, cell: str) -> date:
    if not 1930 <= found.year <= 2100:
        raise _no_day(cell)
    return found


def _no_day(cell: str) -> CellError:
    return CellError(f"“{_short(cell)}” is not a day. Write day, month and year, like 12/03/2018.")


def _short(cell: str) -> str:
    text = read_text(cell)
    return text if len(text) <= 40 else f"{text[:39]}…"


for _field in (
    RegisterField(
        "name",
        "Name",
        (
            "name",
            "full name",
            "partner name",
            "name of partner",
            "partner",
            "pcp",
            "pcp name",
            "patient partner",
            "volunteer name",
            "member name",
            "person",
        ),
        read_name,
    ),
    RegisterField(
        "first_name",
        "First name",
        ("first name", "forename", "given name", "first names", "forenames", "christian name"),
        read_text,
    ),
    RegisterField(
        "last_name",
        "Surname",
        ("surname", "last name", "family name", "second name"),
        read_text,
    ),
    RegisterField(
        "known_as",
        "Known as",
        ("known as", "preferred name", "likes to be called", "nickname", "goes by", "called"),
        _limited(60, read_text),
    ),
    RegisterField(
        "email",
        "E-mail",
        ("email", "e mail", "email address", "e mail address", "mail address", "contact email"),
        read_email,
    ),
    RegisterField(
        "phone",
        "Telephone",
        (
            "phone",
            "telephone",
            "tel",
            "mobile",
            "mob",
            "contact number",
            "phone number",
            "telephone number",
            "mobile number",
            "contact tel",
            "contact phone",
            "landline",
            "home phone",
            "cell",
        ),
        read_phone,
    ),
    RegisterField(
        "joined_on",
        "Date joined",
        (
            "date joined",
            "joined",
            "joining date",
            "join date",
            "joined on",
            "start date",
            "date started",
            "started",
            "member since",
            "partner since",
            "since",
        ),
        read_day,
    ),
    RegisterField(
        "frozen_assets",
        "Expertise from life before illness",
        (
            "before illness",
            "frozen assets",
            "frozen asset",
            "life before illness",
            "professional skills",
            "skills",
            "work background",
            "background",
            "skills and experience",
        ),
        read_expertise,
        confidential=True,
    ),
    RegisterField(
        "jewels",
        "Expertise from being a patient or carer",
        (
            "from illness",
            "jewels of wisdom",
            "jewels",
            "jewel",
            "lived experience",
            "patient experience",
            "since illness",
            "experience as patient or carer",
        ),
        read_expertise,
        confidential=True,
    ),
    RegisterField(
        "access_needs",
        "Access and communication needs",
        (
            "access needs",
            "access",
            "comms needs",
            "communication needs",
            "access and communication needs",
            "accessibility",
            "accessibility needs",
            "reasonable adjustments",
            "adjustments",
            "support needs",
            "access requirements",
        ),
        _limited(2000, read_lines),
        confidential=True,
    ),
    RegisterField(
        "dbs_expires_on",
        "DBS check to be renewed by",
        (
            "dbs expires",
            "dbs expiry",
            "dbs expiry date",
            "dbs renewal",
            "dbs renewal date",
            "dbs due",
            "dbs valid until",
            "dbs until",
            "dbs check expires",
        ),
        read_day,
    ),
):
    register_field(_field)
