"""How close somebody's marks are to what was agreed, and when that is close enough.

Everything is reckoned in exact fractions and rounded only where it is kept, so that "at most
half a mark" means half a mark.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from django.utils import timezone

from accounts.models import Role
from accounts.rules import coordinates, has_role
from observations.models import (
    Calibration,
    InstrumentVersion,
    ObservationSettings,
    PracticeRating,
    PracticeRecording,
)
from observations.rules.sessions import PEER_ROLES
from observations.statistics.scoring import score
from partners.models import Requirement
from partners.rules.requirements import months_after

# Having seen what was agreed, one rates the same recording again after two weeks: the time after
# which a study of a similar measure had recordings rated twice (German OPTION-5, 2018).
AGAIN_AFTER = timedelta(days=14)
KEPT_TO = Decimal("0.0001")
PRACTISE = (Role.PARTNER, *(Role(role) for role in PEER_ROLES))


@dataclass(frozen=True)
class Limits:
    """What a programme asks for: `recordings` different ones, on average no further off than
    `furthest_mark` marks an item and `furthest_total` points of 100, for `months`."""

    recordings: int
    furthest_mark: Decimal
    furthest_total: Decimal
    months: int


@dataclass(frozen=True)
class Measure:
    """What is rated: the numbers of its items in order, those that the total is made of, and the
    lowest and the highest mark."""

    numbers: tuple[int, ...]
    counted: tuple[int, ...]
    lowest: int
    highest: int

    def total(self, marks: Sequence[int]) -> Fraction:
        """The total of a sheet, of 100: the sum rescaled, whichever rule the scale has, so that
        one limit of points fits every instrument."""
        own = [
            mark for number, mark in zip(self.numbers, marks, strict=True) if number in self.counted
        ]
        return score("sum_100", own, self.lowest, self.highest) or Fraction(0)

    def fits(self, marks: Sequence[int | None]) -> bool:
        """A mark of the scale for each item, and none left out."""
        return len(marks) == len(self.numbers) and all(
            mark is not None and self.lowest <= mark <= self.highest for mark in marks
        )


@dataclass(frozen=True)
class Evidence:
    """The newest ratings that count: how many, and how far off they are on average.

    `distance` in marks an item, `bias` in points of 100 with its sign; None without a rating.
    """

    n: int
    distance: Fraction | None
    bias: Fraction | None

    def is_enough(self, limits: Limits) -> bool:
        """As many different recordings as the programme asks for."""
        return self.n >= limits.recordings

    def is_close(self, limits: Limits) -> bool:
        """No further off than the programme allows, exactly on the limit included."""
        return (
            self.distance is not None
            and self.bias is not None
            and self.distance <= Fraction(limits.furthest_mark)
            and abs(self.bias) <= Fraction(limits.furthest_total)
        )


def may_keep_recordings(user: Any, version: InstrumentVersion) -> bool:
    """Coordinators say what is practised on."""
    return coordinates(user, version.instrument.programme_id)


def may_end(user: Any, calibration: Calibration) -> bool:
    """Coordinators end a calibration, never their own."""
    own = calibration.person_id or (calibration.partner and calibration.partner.user_id)
    return coordinates(user, calibration.version.instrument.programme_id) and own != user.pk


def may_practise(user: Any, programme: int) -> bool:
    """Those who may sit in a clinic practise: partners, and peers."""
    return has_role(user, programme, *PRACTISE)


def is_peer(user: Any, programme: int) -> bool:
    """Somebody observes as a peer, or may."""
    return has_role(user, programme, *PEER_ROLES)


def limits_of(settings: ObservationSettings) -> Limits:
    """The numbers of a programme; the row may be one that was never saved."""
    return Limits(
        recordings=int(settings.recordings),
        furthest_mark=Decimal(settings.furthest_mark),
        furthest_total=Decimal(settings.furthest_total),
        months=int(settings.calibrated_months),
    )


def given(marks: Iterable[int | None]) -> list[int]:
    """The marks of a complete sheet; what is kept of practice always is one."""
    return [mark for mark in marks if mark is not None]


def gaps(marks: Sequence[int], agreed: Sequence[int]) -> list[int]:
    """Mark minus agreed mark, item by item."""
    return [mark - right for mark, right in zip(marks, agreed, strict=True)]


def distance(marks: Sequence[int], agreed: Sequence[int]) -> Fraction:
    """The mean over the items of how far a mark is from the agreed one."""
    return Fraction(sum(abs(gap) for gap in gaps(marks, agreed)), len(marks))


def bias(marks: Sequence[int], agreed: Sequence[int], measure: Measure) -> Fraction:
    """The total minus the agreed total, in points of 100."""
    return measure.total(marks) - measure.total(agreed)


def kept(value: Fraction) -> Decimal:
    """A fraction as it is kept: four places, half up."""
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return exact.quantize(KEPT_TO, rounding=ROUND_HALF_UP)


def evidence(
    ratings: Iterable[PracticeRating],
    measure: Measure,
    limits: Limits,
    *,
    since: datetime,
) -> Evidence:
    """What the last ratings of different recordings say, from `since` on.

    ratings: of one person and version, each with its recording. Of a recording that was rated
    twice the last rating counts.
    """
    newest: dict[int, PracticeRating] = {}
    for rating in sorted(ratings, key=lambda one: (one.rated_at, one.pk), reverse=True):
        if rating.rated_at >= since and len(newest) < limits.recordings:
            newest.setdefault(rating.recording_id, rating)
    if not newest:
        return Evidence(0, None, None)
    apart, above = Fraction(0), Fraction(0)
    for rating in newest.values():
        marks, agreed = given(rating.marks), given(rating.recording.marks)
        apart += distance(marks, agreed)
        above += bias(marks, agreed, measure)
    return Evidence(len(newest), apart / len(newest), above / len(newest))


def counts_from(limits: Limits, now: datetime, last_ended_at: datetime | None = None) -> datetime:
    """The moment from which ratings count: not older than a calibration lasts, and none from
    before a calibration was ended, for whoever drifted practises anew."""
    day = months_after(timezone.localdate(now), -limits.months)
    begins = timezone.make_aware(datetime.combine(day, datetime.min.time()))
    return max(begins, last_ended_at) if last_ended_at else begins


def good_until(limits: Limits, today: date) -> date:
    """The last day of a calibration that begins or is renewed today."""
    return months_after(today, limits.months)


def again_from(rated_at: datetime) -> date:
    """The first day on which the same recording may be rated again."""
    return timezone.localdate(rated_at) + AGAIN_AFTER


def is_in_use(recording: PracticeRecording) -> bool:
    """People practise on it: neither it nor its version is retired."""
    return (
        recording.retired_at is None
        and recording.version.status != InstrumentVersion.Status.RETIRED
    )


def meets(requirement: Requirement) -> bool:
    """Being calibrated puts this in place: what can be learnt, never a check or an agreement."""
    kinds = Requirement.Kind
    return requirement.retired_on is None and requirement.kind in {
        kinds.INDUCTION,
        kinds.TRAINING,
        kinds.OTHER,
    }
