"""Whom a declared conflict keeps apart from a work group."""

from collections.abc import Collection
from datetime import date

from assignments.models import Assignment, WorkGroup
from partners.services import conflicts


def kept_apart(group: WorkGroup, partners: Collection[int], today: date) -> set[int]:
    """Ids of those of `partners` who must not work with this group: lead, team or its partners."""
    wanted = set(partners)
    if not wanted:
        return set()
    here = Assignment.objects.on(today).filter(work_group=group).exclude(partner__in=wanted)
    return wanted & conflicts.apart(
        programme=group.programme_id,
        partners=set(here.values_list("partner", flat=True)),
        people={group.lead_id} if group.lead_id is not None else (),
        teams={group.team_id} if group.team_id is not None else (),
    )
