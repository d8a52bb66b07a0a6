"""Brings paper sheets of observed clinics in: reads, checks, looks people up, writes, counts.

All in one transaction. A hundred thousand sheets stream through: what is kept in memory is who
has which name, and what is told.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any, BinaryIO

from django.db import transaction
from django.utils import timezone

from accounts.models import Programme, User
from observations.models import ClinicSession, InstrumentVersion, Observation
from observations.services import tallies
from observations.services.instruments import seal, settings_of, usable_versions
from observations.services.refusals import InstrumentError
from observations.services.sheet_import_file import (
    Line,
    SheetFileError,
    lines_of,
    separator_of,
    text_of,
)
from observations.services.sheet_import_headings import Columns, find_columns
from observations.services.sheet_import_names import People
from observations.services.sheet_import_rows import PaperSheet, Scale, Wrong, ignored, read_sheet
from observations.services.sheet_import_staging import BATCH, Problem, Staging
from partners.models import Contribution
from partners.services import ledger
from partners.services.register_fields import CellError
from partners.services.workbook import column_letter

MOST_TOLD = 20_000
SAY_EVERY = 10_000

Say = Callable[[str], None]
Found = tuple[PaperSheet, int, int, int, int]


@dataclass(frozen=True)
class Told:
    """Something to tell of a row: where, why, and whether it is refused, already there or left."""

    row: int
    column: str
    heading: str
    reason: str
    what: str

    def __str__(self) -> str:
        under = f" ({self.heading})" if self.heading else ""
        return f"row {self.row}, column {self.column}{under}: {self.reason}"

    def as_json(self) -> dict[str, Any]:
        return {
            "row": self.row,
            "column": self.column,
            "heading": self.heading,
            "reason": self.reason,
            "what": self.what,
        }


@dataclass
class Outcome:
    """What an import did, or would do. `good` rows can be brought in, `imported` ones were."""

    programme: str
    version: str
    rows: int = 0
    good: int = 0
    imported: int = 0
    already: int = 0
    refused: int = 0
    ignored: int = 0
    sessions: int = 0
    contributions: int = 0
    made: dict[str, list[str]] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)
    untold: int = 0

    def as_json(self) -> dict[str, Any]:
        """Everything, for a program that reads it."""
        return {**vars(self), "told": [one.as_json() for one in self.told]}


@dataclass(frozen=True)
class Wishes:
    """What whoever brings the sheets in asks for."""

    dry_run: bool = False
    partial: bool = False
    create_people: bool = False
    contributions: bool = False


@transaction.atomic
def import_sheets(
    *,
    file: BinaryIO,
    filename: str,
    programme: Programme,
    by: User | None,
    now: datetime,
    version: InstrumentVersion | None = None,
    wishes: Wishes = Wishes(),
    say: Say = lambda line: None,
) -> Outcome:
    """Bring the sheets of `file` into `programme`; `version` is what they were rated with.

    Nothing is written when a row is refused, unless the wish is `partial`; with `dry_run`
    everything is done and taken back, so that the outcome is exact.

    Raises SheetFileError for a file that cannot be used, and for sheets of an instrument that
    cannot be told or used.
    """
    text = text_of(file)
    try:
        lines = lines_of(text, separator_of(text))
        columns = find_columns(lines)
        version = version or _only_version(programme, len(columns.items))
        items = version.items.count()
        if items != len(columns.items):
            raise SheetFileError(
                f"The sheets have marks for {len(columns.items)} items, and {version} has {items}."
            )
        # Two imports at once would each make the people and clinics that the other is making.
        Programme.objects.select_for_update(of=("self",), no_key=True).get(pk=programme.pk)
        try:
            seal(version=version, by=by, now=now)
        except InstrumentError as error:
            raise SheetFileError(f"{version}: {error}") from error
        run = _Run(programme, version, columns, filename, by, now, wishes, say)
        run.read(lines)
    finally:
        text.detach()
    run.write()
    return run.outcome


def _only_version(programme: Programme, items: int) -> InstrumentVersion:
    """The one usable version with so many items. Raises SheetFileError for none or several."""
    usable = usable_versions(programme)
    fitting = [one for one in usable if len(one.items.all()) == items]
    if len(fitting) == 1:
        return fitting[0]
    names = "; ".join(f"“{one.instrument.name}, {one.number}”" for one in fitting or usable)
    if fitting:
        raise SheetFileError(
            f"The sheets have {items} items, as have {names}. Say which with --version."
        )
    others = f" What may be used: {names}." if names else ""
    raise SheetFileError(
        f"No instrument with {items} items may be used in this programme: its terms are to be "
        f"accepted, and its wording written, first.{others}"
    )


class _Run:
    """One file on its way in."""

    def __init__(
        self,
        programme: Programme,
        version: InstrumentVersion,
        columns: Columns,
        filename: str,
        by: User | None,
        now: datetime,
        wishes: Wishes,
        say: Say,
    ) -> None:
        self.programme, self.version, self.columns = programme, version, columns
        self.by, self.now, self.wishes, self.say = by, now, wishes, say
        self.outcome = Outcome(programme.slug, str(version), left_out=columns.left_out())
        self.people = People(programme=programme, create=wishes.create_people, by=by, now=now)
        why = f"Imported from {' '.join(filename.split())}"[:500]
        self.staging = Staging(programme=programme, version=version, by=by, now=now, why=why)

    def read(self, lines: Iterator[Line]) -> None:
        """Read every row; what can be kept goes into the staging, the rest is told."""
        sheets = self._sheets(lines)
        while batch := list(islice(sheets, BATCH)):
            self.staging.add(batch)
        for problem in self.staging.problems():
            self._tell_problem(problem)

    def _sheets(self, lines: Iterator[Line]) -> Iterator[Found]:
        scale = Scale(self.version.lowest, self.version.highest)
        today = timezone.localdate(self.now)
        for line in lines:
            self.outcome.rows += 1
            if self.outcome.rows % SAY_EVERY == 0:
                self.say(f"{self.outcome.rows:,} rows read, {self.outcome.refused:,} refused")
            reason = "" if line.broken else ignored(line, self.columns)
            if reason:
                self.outcome.ignored += 1
                first = next(i for i, cell in enumerate(line.cells) if cell.strip())
                self._tell(line.number, first, reason, "ignored")
                continue
            sheet = read_sheet(line, self.columns, scale, today)
            found = self._look_up(sheet)
            if sheet.wrong:
                self.outcome.refused += 1
                for wrong in sheet.wrong:
                    self._tell(sheet.row, wrong.column, wrong.reason, "refused")
            elif found:
                yield found

    def _look_up(self, sheet: PaperSheet) -> Found | None:
        """Who and where is meant; people are made for rows that nothing else is wrong with."""
        found = self._resolved(sheet, make=False)
        if sheet.wrong or found is None:
            return None
        if 0 in (found[1], found[2]) or found[3:] == (0, 0):
            found = self._resolved(sheet, make=True)
            if sheet.wrong or found is None:
                return None
        _, team, clinician, partner, person = found
        if reason := self.people.why_apart(partner, person, clinician, team):
            sheet.wrong.append(Wrong(self.columns.at["observer"], reason))
            return None
        return found

    def _resolved(self, sheet: PaperSheet, *, make: bool) -> Found | None:
        """The ids of who and where is meant, 0 for what is yet to be made."""
        people, said, at = self.people, sheet.said, self.columns.at
        team = clinician = partner = person = 0
        before = len(sheet.wrong)

        def wrong(name: str, error: CellError) -> None:
            sheet.wrong.append(Wrong(at[name], str(error)))

        try:
            team = people.team(said["team"], make=make) if said.get("team") else 0
        except CellError as error:
            wrong("team", error)
        try:
            if said.get("clinician"):
                clinician = people.clinician(said["clinician"], team, make=make)
        except CellError as error:
            wrong("clinician", error)
        try:
            if said.get("observer"):
                partner, person = people.observer(said["observer"], said["kind"], team, make=make)
        except CellError as error:
            wrong("observer", error)
        return None if len(sheet.wrong) > before else (sheet, team, clinician, partner, person)

    def write(self) -> None:
        """Write what is in the staging, unless something was refused or this is a trial."""
        outcome, wishes, staging = self.outcome, self.wishes, self.staging
        outcome.made, outcome.unknown = self.people.made, list(self.people.unknown)
        outcome.good = staging.count()
        may = wishes.partial or not outcome.refused
        if outcome.good and (may or wishes.dry_run):
            self.say(f"{outcome.good:,} sheets are written")
            staging.write()
            sessions = ClinicSession.objects.filter(pk__in=staging.sessions())
            outcome.sessions = len(sessions)
            if wishes.contributions:
                self._record_contributions()
            self.say(f"{outcome.sessions:,} clinics are counted")
            tallies.recount(list(sessions))
        if may and outcome.good and not wishes.dry_run:
            outcome.imported = outcome.good
        else:
            transaction.set_rollback(True)
        outcome.told.sort(key=lambda one: one.row)

    def _record_contributions(self) -> None:
        usual = settings_of(self.programme).minutes
        rows = {pk: row for row, pk in self.staging.of_partners()}
        observations = Observation.objects.filter(pk__in=rows).select_related(
            "observer__partner", "consultation__session"
        )
        for one in observations.order_by("pk").iterator(chunk_size=BATCH):
            session = one.consultation.session
            partner = one.observer.partner
            if partner is None:
                continue
            try:
                one.contribution = ledger.record(
                    partner=partner,
                    kind=Contribution.Kind.OBSERVATION,
                    happened_on=session.day,
                    minutes=one.minutes or usual,
                    title=f"Observed a clinic, consultation {one.consultation.number}",
                    by=self.by,
                    now=self.now,
                )
            except ledger.LedgerError as error:
                reason = f"No contribution is recorded: {error}"
                self._tell(rows[one.pk], self.columns.at["observer"], reason, "noted")
                continue
            one.save(update_fields=["contribution"])
            self.outcome.contributions += 1

    def _tell_problem(self, problem: Problem) -> None:
        if problem.already:
            self.outcome.already += 1
        else:
            self.outcome.refused += 1
        what = "already" if problem.already else "refused"
        self._tell(problem.row, self.columns.at.get(problem.name, 0), problem.reason, what)

    def _tell(self, row: int, column: int, reason: str, what: str) -> None:
        if len(self.outcome.told) >= MOST_TOLD:
            self.outcome.untold += 1
            return
        heading = self.columns.heading(column)
        self.outcome.told.append(Told(row, column_letter(column), heading, reason, what))
