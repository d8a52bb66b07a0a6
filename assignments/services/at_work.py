"""Which declared conflicts are of people who are at work together."""

from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from assignments.models import Assignment
from partners.models import Partner


def at_work_together(conflicts: QuerySet[Any], today: date) -> QuerySet[Any]:
    """Those of `conflicts` between whom there is a place in one work group, now or to come.

    Both have a place in it, or one has and the other leads it, or the place is in a group of the
    team. It ends when one of the places does.
    """
    rows = conflicts.annotate(
        one=Coalesce("partner", _partner_of("person")),
        other=Coalesce("with_partner", _partner_of("with_person")),
        one_user=Coalesce("person", "partner__user"),
        other_user=Coalesce("with_person", "with_partner__user"),
    )
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


def _partner_of(user: str) -> Subquery:
    """The partner of the conflict's programme whose sign-in `user` is."""
    mine = Partner.objects.filter(user=OuterRef(user), programme=OuterRef("programme"))
    return Subquery(mine.values("pk")[:1])
