"""Write the plans' rows by COPY, prove that they hold together, and let go of nothing half done."""

import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from django.db import ProgrammingError, connection, models, transaction
from django.utils import timezone

from accounts.models import Programme, Role
from accounts.services.programmes import create_programme, create_team
from payments.services.rates import seed_rates
from pcp_portal.bulk import money, people
from pcp_portal.bulk.plan import BulkError, Plan, Table
from pcp_portal.bulk.words import SUBJECTS
from pcp_portal.demo.sign_ins import Person, open_sign_in


class _Lines:
    """A file for COPY over lines that are made as they are read, each with `more` values after."""

    def __init__(self, lines: Iterable[str], more: Iterable[str]) -> None:
        end = "".join(f"\t{value}" for value in more) + "\n"
        self._lines = (line.removesuffix("\n") + end for line in lines)
        self.written = 0

    def read(self, size: int = -1) -> str:
        lines = list(islice(self._lines, 4000))
        self.written += len(lines)
        return "".join(lines)


@dataclass
class _Range:
    """The primary keys this load gave to the rows of one model."""

    first: int
    last: int


@dataclass
class Loaded:
    """What a load wrote: rows by table, and how it was done."""

    programmes: list[str] = field(default_factory=list)
    rows: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    audited: bool = False
    seconds: float = 0.0


@transaction.atomic
def load(
    *,
    partners: int,
    years: int,
    programmes: int = 1,
    contributions: int = 20,
    now: datetime,
    say: Callable[[str], None] = lambda line: None,
) -> Loaded:
    """Make the programmes bulk-1, bulk-2 ... with `partners` partners among them.

    All or nothing: an interrupted load leaves no row. Raises BulkError where these programmes are
    there already, the numbers make no sense, or what was written does not hold together.
    """
    began = time.monotonic()
    if not 1 <= programmes <= partners or years < 1 or contributions < 1:
        raise BulkError(
            "Ask for at least one partner in each programme, one year, one contribution."
        )
    slugs = [f"bulk-{number}" for number in range(1, programmes + 1)]
    if taken := Programme.objects.filter(slug__in=slugs).order_by("pk").first():
        raise BulkError(f"The programme {taken.slug} is there already: load into another database.")
    loaded = Loaded(programmes=slugs)
    sizes = [partners // programmes + (n < partners % programmes) for n in range(programmes)]
    made = [
        _make_programme(number, size, years, contributions, now)
        for number, size in enumerate(sizes, start=1)
    ]
    loaded.audited = not _without_triggers()
    ranges: dict[type[models.Model], _Range] = {}
    for one in made:
        say(f"{one.programme.slug}: {one.partners:,} partners")
        _write(one, ranges, loaded)
    _total_runs([one.programme.pk for one in made])
    _check(ranges)
    _with_triggers()
    loaded.seconds = round(time.monotonic() - began, 1)
    return loaded


def _make_programme(
    number: int, partners: int, years: int, contributions: int, now: datetime
) -> Plan:
    slug = f"bulk-{number}"
    programme = create_programme(slug=slug, name=f"Bulk programme {number}", by=None, now=now)
    programme.is_demo = True
    programme.save()
    for subject in SUBJECTS:
        create_team(programme=programme, name=subject, by=None, now=now)
    people = {
        role: open_sign_in(
            programme=programme,
            person=Person(role, f"{slug}-{role}@example.org", f"{slug} {role}".capitalize()),
            now=now,
        )
        for role in (Role.COORDINATOR, Role.FINANCE, Role.PARTNER)
    }
    today = timezone.localdate(now)
    first_day = today - timedelta(days=365 * (years + 1))
    return Plan(
        programme=programme,
        coordinator=people[Role.COORDINATOR],
        member=people[Role.PARTNER],
        rate=seed_rates(programme=programme, by=None, now=now, starts_on=first_day),
        number=number,
        partners=partners,
        years=years,
        contributions=contributions,
        today=today,
    )


def _without_triggers() -> bool:
    """Switch audit, freezing and foreign-key triggers off until the end of the load, where we may.

    This is the one place that does so: the audit of millions of invented rows is worth nothing and
    doubles the load. It needs a superuser (the embedded PostgreSQL's role is one); another role
    loads with every trigger on, slower. Foreign keys are not enforced meanwhile, so `_check` proves
    them before anything is committed.
    """
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
    except ProgrammingError:
        return False
    return True


def _with_triggers() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('session_replication_role')")
        if cursor.fetchone() == ("replica",):
            cursor.execute("SET LOCAL session_replication_role = origin")


def _write(one: Plan, ranges: dict[type[models.Model], _Range], loaded: Loaded) -> None:
    """COPY one programme's tables, and set their sequences past the new rows."""
    tables = [*people.tables(one), *money.tables(one)]
    with connection.cursor() as cursor:
        for table in tables:
            # The keys are worked out beforehand: nobody else may take one meanwhile.
            name = table.model._meta.db_table
            cursor.execute(f"LOCK TABLE {name} IN EXCLUSIVE MODE")
            cursor.execute(f"SELECT nextval(pg_get_serial_sequence('{name}', 'id'))")
            one.ids[table.model] = cursor.fetchone()[0]
        for table in tables:
            name, left = table.model._meta.db_table, _left_to_defaults(table)
            lines = _Lines(table.lines(), [str(field.get_default()) for field in left])
            written = [table.model._meta.get_field(part) for part in table.fields.split()]
            columns = [field.column for field in [*written, *left]]
            cursor.copy_expert(f"COPY {name} ({', '.join(columns)}) FROM STDIN", lines, 1 << 20)
            first = one.ids[table.model]
            last = first + lines.written - 1
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), %s)", [max(last, first)]
            )
            known = ranges.setdefault(table.model, _Range(first, last))
            known.last = max(known.last, last)
            loaded.rows[name] += lines.written


def _left_to_defaults(table: Table) -> list[Any]:
    """What the table says nothing of and may not be null: every row has its default."""
    said = set(table.fields.split())
    return [
        field
        for field in table.model._meta.concrete_fields
        if field.name not in said and field.attname not in said and not field.generated
        if not field.null and (field.has_default() or field.get_default() == "")
    ]


def _total_runs(programmes: list[int]) -> None:
    """Write each run's totals from its lines, as closing it would."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE payments_paymentrun AS run
            SET line_count = sums.lines, partner_count = sums.partners, fees = sums.fees,
                expenses = sums.expenses, total = sums.fees + sums.expenses
            FROM (
                SELECT run_id, count(*) AS lines, count(DISTINCT partner_id) AS partners,
                       coalesce(sum(amount) FILTER (WHERE contribution_id IS NOT NULL), 0) AS fees,
                       coalesce(sum(amount) FILTER (WHERE expense_id IS NOT NULL), 0) AS expenses
                FROM payments_claimline WHERE run_id IS NOT NULL GROUP BY run_id
            ) AS sums
            WHERE run.id = sums.run_id AND run.programme_id = ANY(%s)
            """,
            [programmes],
        )


def _check(ranges: dict[type[models.Model], _Range]) -> None:
    """Prove the foreign keys of what was written; raises BulkError.

    The keys of loaded rows have no gaps, so a reference within the range of its table is good.
    References to the few other rows are looked up, each different value once.
    """
    for model, own in ranges.items():
        name = model._meta.db_table
        keys = [key for key in model._meta.concrete_fields if key.many_to_one or key.one_to_one]
        inside = {
            key.column: ranges[key.related_model] for key in keys if key.related_model in ranges
        }
        outside = {key.column: key.related_model for key in keys if key.related_model not in ranges}
        stray = "".join(
            f", count(*) FILTER (WHERE {column} NOT BETWEEN {to.first} AND {to.last})"
            for column, to in inside.items()
        )
        where = f"FROM {name} WHERE id BETWEEN {own.first} AND {own.last}"
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) - {own.last - own.first + 1}{stray} {where}")
            found = dict(zip(["id", *inside], cursor.fetchone(), strict=True))
            for column, to in outside.items():
                used = f"SELECT DISTINCT {column} AS key {where}"
                there = f"SELECT 1 FROM {to._meta.db_table} WHERE id = used.key"  # noqa: S608 - ours
                cursor.execute(
                    f"SELECT count(*) FROM ({used}) AS used "  # noqa: S608 - our own names
                    f"WHERE key IS NOT NULL AND NOT EXISTS ({there})"
                )
                found[column] = cursor.fetchone()[0]
        if wrong := [column for column, rows in found.items() if rows]:
            raise BulkError(f"{name} does not hold together: look at {', '.join(wrong)}.")


def analyse() -> None:
    """Let the planner know the new rows; outside a transaction."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
