"""What each column of a file of sheets holds: by the words of its heading, not by its place."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from observations.services.sheet_import_file import LOOK_THROUGH_ROWS, Line, SheetFileError
from partners.services.register_headers import words_of

MOST_ITEMS = 40
LABELS = {
    "day": "Date",
    "team": "Team",
    "clinician": "Clinician",
    "half": "Session",
    "number": "Consultation no",
    "observer": "Observer",
    "kind": "Observer type",
    "worked": "What worked",
    "to_try": "One thing to try",
    "decision": "Decision",
    "minutes": "Minutes",
    "place": "Place",
    "asked": "Patients asked",
    "said_yes": "Patients agreed",
    "said_no": "Patients declined",
}
NEEDED = ("day", "team", "clinician", "half", "number", "observer")
_WORDS = {
    "day": "date|day|date of clinic|clinic date|session date|date of session|observed on|"
    "date observed|date of observation|observation date|on",
    "team": "team|clinical team|clinic team|service|department|specialty|speciality|"
    "team name|pathway",
    "clinician": "clinician|clinician observed|observed clinician|observed|clinician name|"
    "name of clinician|practitioner|doctor|consultant|therapist|who was observed",
    "half": "session|half day|halfday|am pm|ampm|time of day|clinic|clinic session|"
    "am or pm|morning or afternoon|part of day",
    "number": "consultation no|consultation number|consultation|consultation n|consult no|"
    "consult|consult number|no|number|nr|n|cons no|case no|patient no|encounter|encounter no|"
    "encounter number|appointment|appointment no",
    "observer": "observer|observer name|name of observer|observed by|rater|rated by|rater name|"
    "observer s name|observers name",
    "kind": "observer type|type of observer|observer role|role of observer|type|role|observer is|"
    "pcp or peer|partner or peer|rater type|observer kind",
    "worked": "what worked|what worked well|worked well|what went well|went well|strengths|"
    "good|positive|positives|what was good",
    "to_try": "one thing to try|thing to try|to try|try|one thing to try next time|next time|"
    "suggestion|suggestions|to improve|could improve|what to try|even better if",
    "decision": "decision|index decision|was there a decision|was there a decision to share|"
    "decision to share|decision made|shared decision",
    "minutes": "minutes|mins|min|duration|length|length in minutes|duration minutes|"
    "duration mins|minutes observed",
    "place": "place|location|site|where|room|venue|clinic location|hospital",
    "asked": "asked|patients asked|no asked|number asked|how many asked",
    "said_yes": "agreed|patients agreed|said yes|consented|no agreed|number agreed|yes",
    "said_no": "declined|patients declined|said no|refused|no declined|number declined",
}
# How well each says it: 0 is best.
_BY_WORDS = {
    words: (name, place)
    for name, listed in _WORDS.items()
    for place, words in enumerate(listed.split("|"))
}
# Of two columns that may be one of these the better said counts; of the others both may matter.
_EITHER = frozenset({"day", "team", "clinician", "half", "number", "kind", "place", "minutes"})
_ITEM = re.compile(r"(?:q|qu|question|item|i|mark|score|rating)(?: no| number)? ?0*(\d{1,2})(?!\d)")


@dataclass(frozen=True)
class Columns:
    """Where each thing stands (index 0 is column A), and the items' marks in order of number."""

    row: int
    width: int
    at: dict[str, int]
    items: list[int]
    headings: list[str] = field(repr=False)

    def heading(self, column: int) -> str:
        """What stands above a column."""
        return self.headings[column] if column < len(self.headings) else ""

    def left_out(self) -> list[str]:
        """The headings that mean nothing here."""
        used = {*self.at.values(), *self.items}
        return [text for i, text in enumerate(self.headings) if text and i not in used]


def find_columns(lines: Iterable[Line]) -> Columns:
    """The row of headings among the first rows. Leaves `lines` at the row after it.

    Raises SheetFileError when there is none, and for headings that are missing or there twice.
    """
    best: tuple[int, list[str]] = (0, [])
    for line in lines:
        said = _said(line.cells)
        known = sum(name != "" for name in said)
        if {"day", "clinician", "observer"} <= set(said):
            return _columns(line, said)
        if known > best[0]:
            best = (known, [name for name in said if name in LABELS])
        if line.number >= LOOK_THROUGH_ROWS:
            break
    if best[0] >= 3:
        raise SheetFileError(_missing(name for name in NEEDED if name not in best[1]))
    raise SheetFileError(
        f"No row of headings was found in the first {LOOK_THROUGH_ROWS} rows. Write headings such "
        "as Date, Team, Clinician, Session, Consultation no, Observer and Q1 above the columns."
    )


def _said(cells: list[str]) -> list[str]:
    """What each heading means: a name of ours, the number of an item, or nothing."""
    found = []
    for cell in cells:
        words = words_of(cell[:200])
        item = _ITEM.match(words)
        if words in _BY_WORDS:
            found.append(_BY_WORDS[words][0])
        elif words.isdigit() and len(words) <= 2:
            found.append(words)
        else:
            found.append(item.group(1) if item else "")
    return found


def _columns(line: Line, said: list[str]) -> Columns:
    at: dict[str, int] = {}
    items: dict[int, int] = {}
    for column, name in enumerate(_best_said(line.cells, said)):
        if name.isdigit():
            number = int(name)
            if number in items:
                raise SheetFileError(f"There are two columns for item {number}. Take one out.")
            items[number] = column
        elif name in at:
            raise SheetFileError(
                f"There are two columns for “{LABELS[name]}”: “{line.cells[at[name]].strip()}” and "
                f"“{line.cells[column].strip()}”. Rename or take out one of them."
            )
        elif name:
            at[name] = column
    if missing := [name for name in NEEDED if name not in at]:
        raise SheetFileError(_missing(missing))
    if not items:
        raise SheetFileError("There is no column of marks. Head them Q1, Q2, Q3 and so on.")
    if sorted(items) != list(range(1, len(items) + 1)) or len(items) > MOST_ITEMS:
        numbers = ", ".join(f"Q{number}" for number in sorted(items))
        raise SheetFileError(
            f"The columns of marks are {numbers}. Number them from Q1 on, without gaps, up to "
            f"Q{MOST_ITEMS}."
        )
    width = max((i + 1 for i, cell in enumerate(line.cells) if cell.strip()), default=0)
    headings = [" ".join(cell.split())[:60] for cell in line.cells]
    return Columns(line.number, width, at, [items[n] for n in sorted(items)], headings)


def _best_said(cells: list[str], said: list[str]) -> list[str]:
    """`said`, with what another column says better left out."""
    places = [_BY_WORDS.get(words_of(cell[:200]), ("", 0))[1] for cell in cells]
    best: dict[str, int] = {}
    for name, place in zip(said, places, strict=True):
        best[name] = min(place, best.get(name, place))
    return [
        "" if name in _EITHER and place > best[name] else name
        for name, place in zip(said, places, strict=True)
    ]


def _missing(names: Iterable[str]) -> str:
    labels = [f"“{LABELS[name]}”" for name in names]
    listed = ", ".join(labels[:-1]) + (" and " if labels[:-1] else "") + labels[-1]
    return f"There is no column for {listed}. Add the heading and what stands beneath it."
