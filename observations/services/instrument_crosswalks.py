"""How a score of the version before reads on this one, where a study says so."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction

from accounts.models import User
from observations.models import Crosswalk, InstrumentVersion, Scale
from observations.services.refusals import InstrumentError, told_by_constraints
from partners.services.refusal import check


@transaction.atomic
def keep_crosswalk(
    *,
    scale: Scale,
    before: Scale,
    factor: Decimal,
    constant: Decimal,
    basis: str,
    by: User | None,
    now: datetime,
) -> Crosswalk:
    """Write down that a score of `before` reads about factor x score + constant on `scale`.

    Trends say it and join nothing. Raises InstrumentError when `before` is not of the version that
    this one follows, for a factor that is not more than 0, and without what it rests on.
    """
    version = InstrumentVersion.objects.select_for_update(of=("self",)).get(pk=scale.version_id)
    if version.follows_id is None or before.version_id != version.follows_id:
        raise InstrumentError("Choose a score of the version that this one follows.", "before")
    if factor <= 0:
        raise InstrumentError("Enter a factor of more than 0.", "factor")
    row = Crosswalk.objects.filter(scale=scale).first() or Crosswalk(scale=scale)
    row.before, row.factor, row.constant = before, factor, constant
    row.basis = "\n".join(basis.splitlines()).strip()
    words = {"basis": "Say what it rests on."}
    check(row, InstrumentError, exclude={"scale", "before"}, words=words)
    with told_by_constraints(Crosswalk, InstrumentError, crosswalk_between_two="before"):
        row.save()
    return row
