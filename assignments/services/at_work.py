"""Which declared conflicts are of people who are at work together."""

from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from assignments.models import Assignment


def at_work_together(conflicts: QuerySet[Any], today: date) -> QuerySet[Any]:
    """Those of `conflicts` between whom there is a place in one work group, now or to come.

    Both have a place in it, or one has and the other leads it, or the place is in a group of the
    team. It ends when one of the places does.
    """
    rows = conflicts.with_people()  # type: ignore[attr-defined]
    places = Assignment.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=today))
    of_one = places.filter(partner=OuterRef("one"))
    theirs = places.filter(partner=OuterRef(OuterRef("other"))).values("work_group")
    of_other = places.filter(partner=OuterRef("other"))
    found: QuerySet[Any] = rows.filter(
        Exists(of_one.filter(work_group__in=theirs))
        | Exists(of_one.filter(work_group__team=OuterRef("with_team")))
        | Exists(of_one.filter(work_group__lead=OuterRef("other_user")))
        | Exists(of_other.filter(work_group__lead=OuterRef("one_user")))
    )
    return found
