"""Drift: whether the marks of somebody who is calibrated have moved away from their own side's.

Reckoned from `ObserverTally`, which is kept in step with the sheets: of consultations that a
partner and a peer both rated, how far one's total lies above or below the other's. Partners and
peers see different things, and that difference is a finding: so somebody's gap is held against
the gap that others of their side have, where there are enough of those.
"""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db import models
from django.db.models import (
    Case,
    DecimalField,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Abs, Cast, Coalesce
from django.db.models.lookups import Exact

from observations.models import Calibration, ObservationSettings, ObserverTally, Scale
from partners.rules.requirements import months_after

MONTHS = 6
# Below this many consultations a mean gap is chance as much as anything: no verdict.
LEAST = 10
_POINTS: Any = DecimalField(max_digits=24, decimal_places=6)
_COUNT: Any = models.BigIntegerField()
_USUAL_LIMIT = Decimal(str(ObservationSettings._meta.get_field("furthest_total").default))


class Verdict(models.TextChoices):
    """What the last months say."""

    NOTHING = "nothing", "Nothing to compare"
    FEW = "few", "Too few to say"
    STEADY = "steady", "Steady"
    DRIFTING = "drifting", "Drifting"


@dataclass(frozen=True)
class Drift:
    """Over `n` consultations rated by two, a mean gap of `gap` points of 100 (None: none); the
    same of others of their side (`usual`, 0 where these are too few); and the furthest apart that
    the programme allows."""

    n: int
    gap: Decimal | None
    limit: Decimal
    usual: Decimal = Decimal(0)

    @property
    def apart(self) -> Decimal:
        """How far they are from the others of their side, in points of 100."""
        return (self.gap or Decimal(0)) - self.usual

    @property
    def verdict(self) -> Verdict:
        if self.gap is None or not self.n:
            return Verdict.NOTHING
        if self.n < LEAST:
            return Verdict.FEW
        return Verdict.DRIFTING if abs(self.apart) > self.limit else Verdict.STEADY

    @property
    def sentence(self) -> str:
        """What it says, in words; no verdict on too few."""
        if self.gap is None or not self.n:
            return f"No consultation rated by two observers in the last {MONTHS} months."
        if self.n < LEAST:
            consultations = "1 consultation" if self.n == 1 else f"{self.n} consultations"
            return (
                f"{consultations} rated by two observers in the last {MONTHS} months: too few to "
                f"say anything. {LEAST} are needed."
            )
        points = _whole(self.gap)
        if not points:
            where = "their total was on average level with the other observer's"
        else:
            side = "above" if self.gap > 0 else "below"
            word = "point" if abs(points) == 1 else "points"
            where = (
                f"their total was on average {abs(points)} {word} of 100 {side} the other "
                "observer's"
            )
        said = f"Over {self.n} consultations rated by two in the last {MONTHS} months, {where}."
        if self.usual:
            side = "above" if self.usual > 0 else "below"
            said += f" That of others of their side was {abs(_whole(self.usual))} {side}."
        if self.verdict == Verdict.DRIFTING:
            said += (
                f" The difference is more than {_said(self.limit)}. It is worth talking about: it "
                "says that two people see things differently, not who is right."
            )
        return said


def with_drift(calibrations: QuerySet[Calibration], today: date) -> QuerySet[Any]:
    """`calibrations`, each with `shared` and `gap` of the last months, `usual` of the others of
    their side, `sheets` ever and `limit`.

    Costs no query beyond that of the rows, and `only_drifting` keeps those that drift.
    """
    since = months_after(today.replace(day=1), 1 - MONTHS)
    recent = _tallies().filter(month__gte=since, month__lte=today)
    partners = _of_version().filter(month__gte=since, month__lte=today, person__isnull=True)
    peers = _of_version().filter(month__gte=since, month__lte=today, partner__isnull=True)
    others = (
        partners.exclude(partner=OuterRef("partner")),
        peers.exclude(person=OuterRef("person")),
    )
    first = Scale.objects.filter(version=OuterRef("version")).order_by("number")
    found: QuerySet[Any] = calibrations.annotate(
        sheets=Coalesce(_sum(_tallies(), "sheets", _COUNT), 0),
        shared=Coalesce(_sum(recent, "gaps", _COUNT), 0),
        gap_sum=_sum(recent, "gap_sum", _POINTS),
        others=Coalesce(_of_side(others, "gaps", _COUNT), 0),
        others_sum=_of_side(others, "gap_sum", _POINTS),
        # A mean is on the marks' scale: its gaps are brought to points of 100.
        whole=Case(
            When(
                Exact(Subquery(first.values("rule")[:1]), Scale.Rule.MEAN),
                then=F("version__highest") - F("version__lowest"),
            ),
            default=Value(100),
            output_field=_COUNT,
        ),
        limit=Coalesce(
            F("version__instrument__programme__observation_settings__furthest_total"),
            Value(_USUAL_LIMIT),
            output_field=_POINTS,
        ),
    ).annotate(
        gap=_mean("gap_sum", "shared", When(shared=0, then=None)),
        usual=_mean(
            "others_sum", "others", When(others__lt=LEAST, then=Value(0, output_field=_POINTS))
        ),
    )
    return found


def only_drifting(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Those of `with_drift` who are further from their side than their programme allows."""
    far: QuerySet[Any] = rows.annotate(far=Abs(F("gap") - F("usual")))
    return far.filter(shared__gte=LEAST, far__gt=F("limit"))


def drift_of(row: Any) -> Drift:
    """What `with_drift` found of one calibration."""
    return Drift(int(row.shared), row.gap, row.limit, row.usual)


def _mean(total: str, many: str, none: When) -> Case:
    """The mean gap in points of 100; `none` says what stands where there are none."""
    hundred = Value(Decimal(100), output_field=_POINTS)
    mean = F(total) * hundred / Cast(F(many) * F("whole"), output_field=_POINTS)
    return Case(none, default=mean, output_field=_POINTS)


def _of_side(others: tuple[QuerySet[ObserverTally], ...], field: str, output: Any) -> Case:
    """The sum over the other partners for a partner, over the other peers for a peer."""
    partners, peers = (_sum(rows, field, output) for rows in others)
    return Case(When(partner__isnull=False, then=partners), default=peers, output_field=output)


def _tallies() -> QuerySet[ObserverTally]:
    """What the observer of a calibration rated with its version, in all of the programme."""
    return _of_version().filter(
        Q(partner=OuterRef("partner")) | Q(person=OuterRef("person")),
    )


def _of_version() -> QuerySet[ObserverTally]:
    """What everybody rated with the version of a calibration, in all of the programme."""
    return ObserverTally.objects.filter(
        programme=OuterRef("version__instrument__programme"),
        version=OuterRef("version"),
        team__isnull=True,
        clinician__isnull=True,
    )


def _sum(tallies: QuerySet[ObserverTally], field: str, output: Any) -> Subquery:
    rows = tallies.order_by().values("version").annotate(total=Sum(field)).values("total")
    return Subquery(rows, output_field=output)


def _whole(points: Decimal) -> int:
    return int(points.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def _said(limit: Decimal) -> str:
    """The limit without needless noughts."""
    return f"{limit.normalize():f}"
