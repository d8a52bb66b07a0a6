"""What practice pages say: how close somebody was, where they stand, and what to do next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from django.utils.formats import date_format

from observations.models import InstrumentVersion, Item, PracticeRating
from observations.rules import calibration as rules
from observations.rules.calibration import Limits
from observations.services.calibration import Standing

# Said beforehand, as long as what has to be in place usually is.
SOON = timedelta(days=60)
_NAMED = {
    Fraction(1, 4): "a quarter of a mark",
    Fraction(1, 2): "half a mark",
    Fraction(3, 4): "three quarters of a mark",
    Fraction(1): "one mark",
}


@dataclass(frozen=True)
class ItemRow:
    """One item: the mark that was given, the agreed one, and how far they are apart in words."""

    item: Item
    own: int
    agreed: int
    apart: str


@dataclass(frozen=True)
class Result:
    """How close one rating was: a heading, sentences, the items, and the one that differed most."""

    heading: str
    sentences: list[str]
    rows: list[ItemRow]
    most: ItemRow | None
    is_close: bool


@dataclass(frozen=True)
class Stand:
    """Where somebody stands with a version: a tag and its colour, and sentences."""

    standing: Standing
    tag: str
    colour: str
    sentences: list[str]


def result_of(rating: PracticeRating, version: InstrumentVersion, limits: Limits) -> Result:
    """What the page after a rating says. The items of `version` are at hand or cost a query."""
    own, agreed = rules.given(rating.marks), rules.given(rating.recording.marks)
    items = sorted(version.items.all(), key=lambda item: item.number)
    rows = [
        ItemRow(item, mark, right, _apart(mark - right))
        for item, mark, right in zip(items, own, agreed, strict=True)
    ]
    off = rules.distance(own, agreed)
    most = max(rows, key=lambda row: abs(row.own - row.agreed), default=None) if off else None
    bias = Fraction(rating.bias)
    near = off <= Fraction(limits.furthest_mark)
    level = abs(bias) <= Fraction(limits.furthest_total)
    return Result(
        heading=_heading(off, near, level, bias, limits),
        sentences=[_distance_said(off), _bias_said(bias)],
        rows=rows,
        most=most,
        is_close=near and level,
    )


def stand_of(standing: Standing, today: date) -> Stand:
    """Where somebody stands, in words."""
    calibration = standing.calibration
    if calibration is not None:
        until = date_format(calibration.until_on, "j F Y")
        said = [f"You are calibrated until {until}."]
        if calibration.until_on - SOON <= today:
            said.append("It runs out soon. Rate a recording to renew it.")
            return Stand(standing, "Runs out soon", "yellow", said)
        return Stand(standing, "Calibrated", "green", said)
    said = [_over_said(standing)] if standing.over is not None else []
    if not standing.is_enough:
        said.append(_to_go_said(standing))
        return Stand(standing, "Not calibrated yet", "grey", said)
    if standing.is_close:  # the programme has asked for less since then
        said.append("Your last recordings were close. Rate one more, and you are calibrated.")
        return Stand(standing, "Nearly there", "blue", said)
    said += _not_close_said(standing)
    return Stand(standing, "Not close enough yet", "yellow", said)


def marks_said(apart: Fraction | Decimal) -> str:
    """A distance in words: "half a mark", "0.38 of a mark", "1.5 marks"."""
    exact = Fraction(apart)
    if exact in _NAMED:
        return _NAMED[exact]
    hundredths = (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(
        Decimal("0.01"), rounding=ROUND_HALF_UP
    )
    said = f"{hundredths.normalize():f}"
    return f"{said} of a mark" if exact < 1 else f"{said} marks"


def points_said(points: Fraction | Decimal) -> str:
    """Points of 100 as a whole number: "8 points", "1 point", "less than a point"."""
    exact = abs(Fraction(points))
    whole = int(exact + Fraction(1, 2))
    if not whole:
        return "less than a point"
    return "1 point" if whole == 1 else f"{whole} points"


def totals_said(bias: Fraction | Decimal) -> str:
    """A bias in words: "4 points of 100 below the agreed ones"."""
    if not bias:
        return "the same as the agreed ones"
    return f"{points_said(bias)} of 100 {'above' if bias > 0 else 'below'} the agreed ones"


def _heading(off: Fraction, near: bool, level: bool, bias: Fraction, limits: Limits) -> str:
    if not off:
        return "You gave exactly the agreed marks"
    if near and level:
        return "You were close"
    if near:
        return f"You were close, and a little {'generous' if bias > 0 else 'strict'}"
    if off <= 2 * Fraction(limits.furthest_mark):
        return "You were a little way off"
    return "You saw this one differently"


def _distance_said(off: Fraction) -> str:
    if not off:
        return "On every item your mark and the agreed mark are the same."
    return f"On average your marks were {marks_said(off)} away from the agreed ones."


def _bias_said(bias: Fraction) -> str:
    if not bias:
        return "Your total is the same as the agreed total."
    side = "above" if bias > 0 else "below"
    return f"Your total, of 100, is {points_said(bias)} {side} the agreed total."


def _apart(gap: int) -> str:
    if not gap:
        return "The same"
    return f"{abs(gap)} {'above' if gap > 0 else 'below'}"


def _over_said(standing: Standing) -> str:
    over = standing.over
    if over is None:
        return ""
    if over.ended_at is not None:
        day = date_format(over.ended_at, "j F Y")
        return f"Your coordinator asked you on {day} to practise again."
    return f"Your calibration ran out on {date_format(over.until_on, 'j F Y')}."


def _to_go_said(standing: Standing) -> str:
    wanted, done = standing.limits.recordings, standing.evidence.n
    if not done:
        some = "a recording" if wanted == 1 else f"{wanted} recordings"
        return f"Rate {some}, and we can tell you how close you are."
    return f"You have rated {done} of {wanted} recordings. {_more(standing.to_go)} to go."


def _more(number: int) -> str:
    return "One" if number == 1 else str(number)


def _not_close_said(standing: Standing) -> Sequence[str]:
    found, limits = standing.evidence, standing.limits
    said = []
    if found.distance is not None and found.distance > Fraction(limits.furthest_mark):
        said.append(
            f"On your last {limits.recordings} recordings your marks were on average "
            f"{marks_said(found.distance)} away from the agreed ones. "
            f"{marks_said(limits.furthest_mark).capitalize()} or less is what we ask for."
        )
    if found.bias is not None and abs(found.bias) > Fraction(limits.furthest_total):
        side = "above" if found.bias > 0 else "below"
        said.append(
            f"Your totals were on average {points_said(found.bias)} {side} the agreed ones. "
            f"{points_said(limits.furthest_total).capitalize()} or fewer is what we ask for."
        )
    said.append(
        "Many people need a few more. Look at the items that differed, talk one over with your "
        "coordinator, and rate another recording."
    )
    return said
