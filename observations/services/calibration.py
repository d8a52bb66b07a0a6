"""Practice on recordings, one rating at a time, and until when somebody is calibrated.

Lock order: partner or person, version, calibration, requirement record. Whoever rates is locked,
so that of two ratings sent at once one counts and the other is told.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format

from accounts.models import Programme, User
from observations.models import (
    Calibration,
    InstrumentVersion,
    ObservationSettings,
    PracticeRating,
    PracticeRecording,
)
from observations.rules import calibration as rules
from observations.rules.calibration import Evidence, Limits, Measure
from observations.services import instruments
from observations.services.refusals import CalibrationError
from partners.models import Partner
from partners.services import requirement_records


@dataclass(frozen=True)
class CalibratedIds:
    """Who is calibrated: ids of partners, and of people who are not."""

    partners: frozenset[int]
    people: frozenset[int]


@dataclass(frozen=True)
class Standing:
    """Where somebody stands with a version: the calibration of today (None: there is none), the
    last that is over, and what their newest ratings say."""

    version: InstrumentVersion
    calibration: Calibration | None
    over: Calibration | None
    evidence: Evidence
    limits: Limits

    @property
    def is_enough(self) -> bool:
        return self.evidence.is_enough(self.limits)

    @property
    def is_close(self) -> bool:
        return self.evidence.is_close(self.limits)

    @property
    def to_go(self) -> int:
        """How many more recordings are asked for before anything can be said."""
        return max(0, self.limits.recordings - self.evidence.n)


# --- Rating --------------------------------------------------------------------------------------


@transaction.atomic
def rate(
    *,
    recording: PracticeRecording,
    marks: Sequence[int | None],
    by: User | None,
    now: datetime,
    partner: Partner | None = None,
    person: User | None = None,
) -> PracticeRating:
    """Keep somebody's marks of a recording, and calibrate them once their last ones are close.

    The first rating of a version seals it. Raises CalibrationError for marks that are missing or
    off the scale, a recording that is retired or was rated in the last two weeks, and whoever is
    not of its programme.
    """
    partner, person = _locked_one(partner, person)
    recording = _with_version(recording.pk)
    version, programme = recording.version, recording.version.instrument.programme_id
    _check_may_rate(recording, programme, partner, person)
    instruments.seal(version=version, by=by, now=now)
    measure = measure_of(version)
    if not measure.fits(recording.marks):
        raise CalibrationError(
            "The tool has changed since this recording was rated by the group. Tell your "
            "coordinator, please, and rate another."
        )
    if not measure.fits(marks):
        raise CalibrationError(f"Give each item a mark from {measure.lowest} to {measure.highest}.")
    given, agreed = rules.given(marks), rules.given(recording.marks)
    ratings = _ratings(partner, person).filter(recording__version=version)
    _check_not_too_soon(recording, ratings, now)
    rating = PracticeRating.objects.create(
        recording=recording,
        partner=partner,
        person=person,
        marks=given,
        distance=rules.kept(rules.distance(given, agreed)),
        bias=rules.kept(rules.bias(given, agreed, measure)),
        rated_at=now,
    )
    _calibrate(version, measure, partner, person, by=by, now=now)
    return rating


@transaction.atomic
def end(*, calibration: Calibration, by: User, now: datetime) -> Calibration:
    """End a calibration that stands; whoever it was practises anew. Ended already changes nothing.

    Raises CalibrationError for one's own.
    """
    locked = (
        Calibration.objects.select_for_update(of=("self",), no_key=True)
        .select_related("version__instrument", "partner")
        .get(pk=calibration.pk)
    )
    if locked.ended_at is None:
        if not rules.may_end(by, locked):
            raise CalibrationError("Ask another coordinator to end this one.")
        locked.ended_at = now
        locked.save(update_fields=["ended_at"])
    calibration.ended_at = locked.ended_at
    return calibration


# --- Who is calibrated ---------------------------------------------------------------------------


def calibrated_ids(
    *,
    version: InstrumentVersion | int,
    partners: Collection[Partner | int],
    people: Collection[User | int],
    day: date,
) -> CalibratedIds:
    """Which of them are calibrated on `version` that day. One query for any number of them."""
    rows = Calibration.objects.standing(day).filter(
        Q(partner__in=partners) | Q(person__in=people), version=version
    )
    found = list(rows.values_list("partner_id", "person_id"))
    return CalibratedIds(
        frozenset(partner for partner, _ in found if partner is not None),
        frozenset(person for _, person in found if person is not None),
    )


def standing_of(
    *,
    programme: Programme,
    now: datetime,
    partner: Partner | None = None,
    person: User | None = None,
    ratings: Sequence[PracticeRating] | None = None,
) -> list[Standing]:
    """Where somebody stands with each version that is practised on, or that they practised on.

    ratings: theirs of this programme with their recordings, where they are at hand. Asks the
    database as often for one version as for many.
    """
    today = timezone.localdate(now)
    limits = limits_for(programme)
    if ratings is None:
        ratings = list(
            _ratings(partner, person).filter(recording__version__instrument__programme=programme)
        )
    calibrations = list(
        Calibration.objects.filter(
            partner=partner, person=person, version__instrument__programme=programme
        ).order_by("until_on", "pk")
    )
    offered = PracticeRecording.objects.current().values("version")
    touched = {one.recording.version_id for one in ratings} | {c.version_id for c in calibrations}
    versions = (
        InstrumentVersion.objects.filter(instrument__programme=programme)
        .filter(Q(pk__in=touched) | Q(pk__in=offered))
        .exclude(Q(status=InstrumentVersion.Status.RETIRED) & ~Q(pk__in=touched))
        .select_related("instrument")
        .prefetch_related("items", "scales")
    )
    return [_standing(version, ratings, calibrations, limits, today, now) for version in versions]


def _standing(
    version: InstrumentVersion,
    ratings: Iterable[PracticeRating],
    calibrations: Iterable[Calibration],
    limits: Limits,
    today: date,
    now: datetime,
) -> Standing:
    own = [one for one in calibrations if one.version_id == version.pk]
    stands = [one for one in own if one.ended_at is None and one.from_on <= today <= one.until_on]
    over = [one for one in own if one not in stands]
    ended = max((one.ended_at for one in own if one.ended_at is not None), default=None)
    found = rules.evidence(
        [one for one in ratings if one.recording.version_id == version.pk],
        measure_of(version),
        limits,
        since=rules.counts_from(limits, now, ended),
    )
    return Standing(
        version, stands[-1] if stands else None, over[-1] if over else None, found, limits
    )


def limits_for(programme: Programme | int) -> Limits:
    """The programme's numbers, or the usual ones where it has none yet."""
    pk = programme if isinstance(programme, int) else programme.pk
    settings = ObservationSettings.objects.filter(programme=pk).first()
    return rules.limits_of(settings or ObservationSettings())


def measure_of(version: InstrumentVersion) -> Measure:
    """What is rated with `version`; its first scale is the total. Two queries, or none when its
    items and scales are at hand."""
    numbers = tuple(sorted(item.number for item in version.items.all()))
    first = min(version.scales.all(), key=lambda scale: scale.number, default=None)
    counted = tuple(first.items) if first is not None else numbers
    return Measure(numbers, counted, version.lowest, version.highest)


# --- Parts ---------------------------------------------------------------------------------------


def _calibrate(
    version: InstrumentVersion,
    measure: Measure,
    partner: Partner | None,
    person: User | None,
    *,
    by: User | None,
    now: datetime,
) -> None:
    """Begin or prolong the calibration of somebody whose last ratings are close enough."""
    today = timezone.localdate(now)
    settings = (
        ObservationSettings.objects.filter(programme=version.instrument.programme_id)
        .select_related("requirement")
        .first()
    ) or ObservationSettings()
    limits = rules.limits_of(settings)
    own = Calibration.objects.filter(version=version, partner=partner, person=person)
    ended = own.filter(ended_at__isnull=False).order_by("-ended_at").first()
    found = rules.evidence(
        _ratings(partner, person).filter(recording__version=version),
        measure,
        limits,
        since=rules.counts_from(limits, now, ended.ended_at if ended else None),
    )
    if found.distance is None or found.bias is None:
        return
    if not (found.is_enough(limits) and found.is_close(limits)):
        return
    until = rules.good_until(limits, today)
    stands = own.standing(today).select_for_update(of=("self",), no_key=True).first()
    row = stands or Calibration(
        version=version, partner=partner, person=person, from_on=today, until_on=until
    )
    row.until_on = max(row.until_on, until)
    row.recordings = found.n
    row.distance, row.bias = rules.kept(found.distance), rules.kept(found.bias)
    row.save()
    requirement = settings.requirement
    if partner is not None and requirement is not None and rules.meets(requirement):
        requirement_records.meet(
            requirement=requirement,
            partner=partner,
            obtained_on=today,
            expires_on=row.until_on,
            now=now,
        )


def _check_may_rate(
    recording: PracticeRecording, programme: int, partner: Partner | None, person: User | None
) -> None:
    if partner is not None and partner.programme_id != programme:
        raise CalibrationError("Choose a recording of your own programme.")
    if partner is not None and partner.status == Partner.Status.LEFT:
        raise CalibrationError(f"{partner.name} has left.")
    if person is not None and not rules.is_peer(person, programme):
        raise CalibrationError("Only those who observe clinics practise here.")
    if not rules.is_in_use(recording):
        raise CalibrationError("Nobody practises on this recording any more. Choose another.")


def _check_not_too_soon(
    recording: PracticeRecording, ratings: QuerySet[PracticeRating], now: datetime
) -> None:
    last = ratings.filter(recording=recording).first()
    if last is None:
        return
    again = rules.again_from(last.rated_at)
    if timezone.localdate(now) < again:
        raise CalibrationError(
            "You have rated this recording and seen the agreed marks. You can rate it again from "
            f"{date_format(again, 'j F Y')}; choose another until then."
        )


def _locked_one(partner: Partner | None, person: User | None) -> tuple[Partner | None, User | None]:
    """Whoever rates, locked: one of the two, or a TypeError."""
    if partner is not None and person is None:
        partners = Partner.objects.select_for_update(of=("self",), no_key=True)
        return partners.get(pk=partner.pk), None
    if person is not None and partner is None:
        people = User.objects.select_for_update(of=("self",), no_key=True)
        return None, people.get(pk=person.pk)
    raise TypeError("A recording is rated by a partner or by a person.")


def _with_version(pk: int) -> PracticeRecording:
    """A recording as nobody changes it meanwhile: its agreed marks stand while one is compared."""
    found: PracticeRecording = (
        PracticeRecording.objects.select_for_update(of=("self",), no_key=True)
        .select_related("version__instrument")
        .get(pk=pk)
    )
    return found


def _ratings(partner: Partner | None, person: User | None) -> QuerySet[PracticeRating]:
    """Somebody's own, newest first, each with its recording."""
    return PracticeRating.objects.filter(partner=partner, person=person).select_related("recording")
