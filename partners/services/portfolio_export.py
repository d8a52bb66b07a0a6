"""A portfolio to take along as a table or as data: the facts and what the partner wrote of them.

Rows come one after the other from the database, so that a long portfolio takes no more memory than
a short one.
"""

import csv
import io
import json
from collections.abc import Collection, Iterator
from typing import Any

from django.db.models import Prefetch, QuerySet

from partners.models import Contribution, Evidence, Partner, ThankYou
from partners.services.formulas import neutral

ROWS_AT_ONCE = 200
CSV_TYPE = "text/csv; charset=utf-8"
JSON_TYPE = "application/json"
_HEADINGS = {
    "day": "Day",
    "what": "What",
    "kind": "Kind of work",
    "minutes": "Minutes",
    "confirmed": "Confirmed",
    "role": "My part in it",
    "brought": "What I brought",
    "changed": "What changed",
    "reflection": "What I take from it",
    "evidence": "Evidence",
    "thanks": "Thanks",
}


def chosen_of(partner: Partner, chosen: Collection[int] | None) -> QuerySet[Any]:
    """The work of `partner` that stands, newest first; of it what is in `chosen`, or all."""
    rows: QuerySet[Any] = (
        Contribution.objects.of(partner).standing().order_by("-happened_on", "-pk")
    )
    return rows if chosen is None else rows.filter(pk__in=chosen)


def told(rows: QuerySet[Any], *, with_reflections: bool) -> Iterator[dict[str, Any]]:
    """Each contribution of `rows` as plain values; of the thanks those that the partner shows."""
    thanks = ThankYou.objects.filter(shown_at__isnull=False).order_by("given_at", "pk")
    full = rows.select_related("entry").prefetch_related(
        Prefetch("entry__evidence", Evidence.objects.select_related("file")),
        Prefetch("thank_yous", thanks, to_attr="shown_thanks"),
    )
    for row in full.iterator(chunk_size=ROWS_AT_ONCE):
        entry = getattr(row, "entry", None)
        yield {
            "day": row.happened_on.isoformat(),
            "what": row.title,
            "kind": row.get_kind_display(),
            "minutes": row.minutes,
            "confirmed": row.status == Contribution.Status.CONFIRMED,
            "role": entry.role if entry else "",
            "brought": entry.brought if entry else "",
            "changed": entry.changed if entry else "",
            "reflection": row.reflection if with_reflections else "",
            "evidence": [
                {"title": one.title, "link": one.link, "file": one.file.name if one.file else ""}
                for one in (entry.evidence.all() if entry else ())
            ],
            "thanks": [{"from": one.name, "words": one.words} for one in row.shown_thanks],
        }


def as_csv(rows: Iterator[dict[str, Any]]) -> Iterator[str]:
    """A table that a double click opens rightly; no cell of it is a formula."""
    out = io.StringIO(newline="")
    out.write("\ufeff")
    write = csv.writer(out, lineterminator="\r\n")
    write.writerow(_HEADINGS.values())
    for row in rows:
        write.writerow([_cell(row[name]) for name in _HEADINGS])
        yield _emptied(out)
    yield _emptied(out)


def as_json(rows: Iterator[dict[str, Any]]) -> Iterator[str]:
    """One array with an object a contribution."""
    before = "[\n"
    for row in rows:
        yield before + json.dumps(row, ensure_ascii=False)
        before = ",\n"
    yield "\n]\n" if before == ",\n" else "[]\n"


def _cell(value: Any) -> str | int:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return value
    if isinstance(value, list):
        value = "\n".join(_line(one) for one in value)
    return neutral(value)


def _line(one: dict[str, str]) -> str:
    if "words" in one:
        return f"{one['words']} ({one['from']})"
    return f"{one['title']}: {one['link'] or one['file']}"


def _emptied(out: io.StringIO) -> str:
    text = out.getvalue()
    out.seek(0)
    out.truncate()
    return text
