"""What results pages show, as plain rows: made by `observations.services.results`, kept nowhere.

Means of scores are rounded to one place and means of marks to two, half up. A figure that may not
be shown is None, never 0; sentences say why.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from accounts.models import Team, User
from observations.models import InstrumentVersion, Reflection
from observations.statistics.estimate import Estimate
from observations.statistics.limits import Limits
from observations.statistics.spc import Chart


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A scale or an item, and the ends of its axis.

    `kind` is "scale" or "item"; a scale's score runs from 0 to 100, but a mean of marks, which
    like an item runs from the lowest mark to the highest. `number` is that of the scale or item.
    """

    kind: str
    number: int
    name: str
    lowest: int
    highest: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A mean of `n` sheets (of `n` clinics where the clinician rated)."""

    n: int
    mean: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """The three sides beside each other; they are never averaged together."""

    partner: Figure | None = None
    peer: Figure | None = None
    own: Figure | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """One month of one measure."""

    month: date
    figures: Beside


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One measure: the last twelve months as one, and month by month, oldest first.

    `months` has only months in which something was observed.
    """

    measure: Measure
    year: Beside
    months: tuple[Month, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How much was observed. `no_decision` sheets are beside those of the sides, not in them."""

    consultations: int
    partner_sheets: int
    peer_sheets: int
    self_ratings: int
    no_decision: int
    pairs: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Minimum:
    """Whether there is enough for figures; `more` says what is missing, a phrase for each.

    `sentence` is the whole of it in words: "There are figures from ... on. 2 more consultations
    and 1 more observer are needed." Empty when it is reached.
    """

    reached: bool
    consultations: int
    observers: int
    partners: int
    more: tuple[str, ...] = ()
    sentence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureAgreement:
    """How far partner and peer agree on one measure.

    Of an item `raw` (share of the same mark), `near` (at most one apart) and `ac2` (quadratic
    weights); of a scale `icc` (ICC(1,1): pairs of observers differ) and `limits` (partner minus
    peer). What there is none of is None; what cannot be estimated says why.
    """

    measure: Measure
    raw: Estimate | None = None
    near: Estimate | None = None
    ac2: Estimate | None = None
    icc: Estimate | None = None
    limits: Limits | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """Of consultations that a partner and a peer both rated. Below 10 there is only a sentence."""

    pairs: int
    sentence: str
    scales: tuple[MeasureAgreement, ...] = ()
    items: tuple[MeasureAgreement, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherVersion:
    """What was found with another version of the instrument: a series of its own.

    `crosswalks` are sentences on how its scores read on the version shown, where somebody wrote
    one; scores are never changed by them.
    """

    version: InstrumentVersion
    scales: tuple[Measured, ...]
    crosswalks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ClinicianResults:
    """What a clinician reads of themselves in one team, with one version.

    Until the minimum is reached `scales` and `items` are empty: words only. `sentence` says first
    what went best and where to grow, `difference` how partners and peers differ; both may be
    empty. `year` is the first and the last month of the last twelve.
    """

    clinician: User
    team: Team
    version: InstrumentVersion
    year: tuple[date, date]
    minimum: Minimum
    counts: Counts
    sentence: str = ""
    difference: str = ""
    scales: tuple[Measured, ...] = ()
    items: tuple[Measured, ...] = ()
    agreement: Agreement | None = None
    others: tuple[OtherVersion, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodPoint:
    """One point of a team's series: a month, or several that are enough only together."""

    first_month: date
    last_month: date
    label: str
    figure: Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One scale and side over time, oldest first; `chart.points` stand beside `points`."""

    measure: Measure
    side: str
    points: tuple[PeriodPoint, ...]
    chart: Chart


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Partners minus peers on the consultations both rated, with 95 % limits of agreement."""

    measure: Measure
    n: int
    limits: Limits
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """What "one thing to try" was about; `shown` is "*" for 1 to 7, else rounded to fives."""

    name: str
    shown: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Released:
    """A clinician who let the lead see the months of `reflection`."""

    reflection: Reflection
    minimum: Minimum
    counts: Counts
    scales: tuple[Measured, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamResults:
    """What a lead reads of a team, with one version: groups only, and what was released.

    Full months only. Every figure is of one or several whole periods of `series`, each of which
    has enough clinicians and consultations, so that none can be worked out for fewer. `why` says
    what is missing where there is nothing. `year` is the first and last month of the summary in
    `scales` and `items` (`Measured.months` is empty in them), None where there is none.
    """

    team: Team
    version: InstrumentVersion
    why: str = ""
    year: tuple[date, date] | None = None
    sentence: str = ""
    difference: str = ""
    counts: Counts | None = None
    scales: tuple[Measured, ...] = ()
    items: tuple[Measured, ...] = ()
    series: tuple[Series, ...] = ()
    gaps: tuple[Gap, ...] = ()
    agreement: Agreement | None = None
    themes: tuple[Theme, ...] = ()
    released: tuple[Released, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """How much was observed in a month or of a team: sheets by side. Counts, never ratings."""

    name: str
    partner: int
    peer: int
    own: int
    no_decision: int
    month: date | None = None
    team: Team | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """Means of the first scale; empty where there is not enough for any."""

    figures: Beside = field(default_factory=Beside)


@dataclass(frozen=True, slots=True, kw_only=True)
class TableRow:
    """A team, or all of them: a cell for each quarter, and one for all quarters."""

    name: str
    cells: tuple[Cell, ...]
    total: Cell
    team: Team | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class QuarterTable:
    """Teams by quarters. Margins are of what the table shows, so that nothing follows from them.

    A period of several months stands in the quarter in which it ends.
    """

    measure: Measure
    quarters: tuple[str, ...]
    rows: tuple[TableRow, ...]
    total: TableRow


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammeResults:
    """What coordinators read: how much, by whom, how dependable.

    `version` is the one most used in the last twelve months; agreement and table are of it.
    """

    year: tuple[date, date]
    months: tuple[Observed, ...]
    teams: tuple[Observed, ...]
    partners: int
    peers: int
    version: InstrumentVersion | None = None
    agreement: Agreement | None = None
    table: QuarterTable | None = None
