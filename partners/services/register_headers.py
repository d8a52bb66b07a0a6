"""Finds the row of headings in a sheet and says what each column holds: by words, not by place."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from partners.services.register import folded
from partners.services.register_fields import known_fields
from partners.services.workbook import Row

LOOK_THROUGH_ROWS = 30
LEAVE_OUT = ""
# Words that a heading may hold beside those of its field.
_FILLERS = frozenset(
    [
        "a",
        "address",
        "and",
        "by",
        "check",
        "comms",
        "communication",
        "contact",
        "current",
        "date",
        "day",
        "dd",
        "details",
        "for",
        "if",
        "in",
        "is",
        "known",
        "list",
        "main",
        "mm",
        "needs",
        "no",
        "number",
        "number",
        "of",
        "on",
        "or",
        "other",
        "partner",
        "partners",
        "pcp",
        "pcps",
        "please",
        "s",
        "their",
        "the",
        "to",
        "yyyy",
        "yy",
        "expires",
        "expiry",
        "until",
        "valid",
    ]
)
_NAME_SOURCES = frozenset({"name", "first_name", "last_name"})
_LONGEST_HEADER = 200


@dataclass(frozen=True)
class Headings:
    """The row of headings: where it is, what it says, which field each column (by index) is."""

    row: int
    headers: list[str]
    mapping: dict[int, str]


def words_of(header: str) -> str:
    """A heading for comparing: lower case, accents, punctuation and "(s)" gone."""
    text = re.sub(r"(?<=\w)\(s\)", "s", folded(header))
    return " ".join(re.findall(r"[a-z0-9]+", text.replace("'", "").replace("’", "")))


def field_for(header: str) -> tuple[str, bool] | None:
    """The field that a heading names, and whether it does so exactly; None for no field."""
    said = words_of(header)
    if not said:
        return None
    fields = known_fields().values()
    for field in fields:
        if said in field.words or said == words_of(field.label):
            return field.name, True
    parts = said.split()
    best: tuple[int, str] | None = None
    for field in fields:
        vocabulary = {word for phrase in field.words for word in phrase.split()} | _FILLERS
        if not set(parts) <= vocabulary:
            continue
        found = [phrase for phrase in field.words if f" {phrase} " in f" {said} "]
        longest = max((len(phrase) for phrase in found), default=0)
        if longest and (best is None or longest > best[0]):
            best = (longest, field.name)
    return (best[1], False) if best else None


def mapping_for(
    headers: list[str], remembered: Mapping[str, str], said: Mapping[str, str]
) -> dict[int, str]:
    """Which column (by index) is which field; each field once.

    What was `said` comes first, then what is `remembered` (both by `words_of`, with LEAVE_OUT for
    a column to leave out), then exact headings, then near ones, each from the left.
    """
    mapping: dict[int, str] = {}
    left_out: set[int] = set()
    keys = [words_of(header) for header in headers]
    fields = known_fields()
    for source in (said, remembered):
        for i, key in enumerate(keys):
            if not key or key not in source or i in mapping or i in left_out:
                continue
            if source[key] == LEAVE_OUT:
                left_out.add(i)
            elif source[key] in fields and source[key] not in mapping.values():
                mapping[i] = source[key]
    found = [field_for(header) for header in headers]
    for exactly in (True, False):
        for i, match in enumerate(found):
            if match is None or match[1] is not exactly or i in mapping or i in left_out:
                continue
            if match[0] not in mapping.values():
                mapping[i] = match[0]
    return dict(sorted(mapping.items()))


def find_headings(
    rows: Iterable[Row], remembered: Mapping[str, str], said: Mapping[str, str]
) -> Headings | None:
    """The row among the first that names most fields, or None when none names a person."""
    best: Headings | None = None
    above: Row | None = None
    for row in rows:
        if row.number > LOOK_THROUGH_ROWS:
            break
        headers = _with_gaps_filled(row, above)
        mapping = mapping_for(headers, remembered, said)
        if _names_a_person(mapping, headers) and (best is None or len(mapping) > len(best.mapping)):
            best = Headings(row.number, headers, mapping)
        above = row
    return best


def _names_a_person(mapping: dict[int, str], headers: list[str]) -> bool:
    """A name and something else; or a name alone, said exactly or by whoever brings it in."""
    named = set(mapping.values())
    if not named & _NAME_SOURCES:
        return False
    column = next(i for i, name in mapping.items() if name in _NAME_SOURCES)
    return len(named) > 1 or field_for(headers[column]) in {None, (mapping[column], True)}


def _with_gaps_filled(row: Row, above: Row | None) -> list[str]:
    """The headings of `row`; where one is merged downwards, its words stand in the row above."""
    headers = [" ".join(cell.text.split())[:_LONGEST_HEADER] for cell in row.cells]
    if above is None or above.number != row.number - 1 or len(above.filled) < 2:
        return headers
    width = max(len(headers), len(above.cells))
    headers += [""] * (width - len(headers))
    for i, header in enumerate(headers):
        text = " ".join(above[i].text.split())[:_LONGEST_HEADER]
        if not header and text and field_for(text) is not None:
            headers[i] = text
    return headers
