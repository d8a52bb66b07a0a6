"""Minimal valid rows. Places, meetings and attendances are made by their services."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import factory
from factory.django import DjangoModelFactory

from accounts.tests.factories import LONG_AGO, ProgrammeFactory
from assignments import services
from assignments.models import Assignment, Attendance, Meeting, WorkGroup
from partners.models import Partner

A_DAY = date(2026, 1, 1)
A_MEETING = datetime(2026, 3, 3, 14, 0, tzinfo=UTC)


class WorkGroupFactory(DjangoModelFactory):
    class Meta:
        model = WorkGroup

    programme = factory.SubFactory(ProgrammeFactory)
    kind = WorkGroup.Kind.MDT
    name = factory.Sequence(lambda n: f"Upper limb MDT {n}")


def placed(
    partner: Partner, work_group: WorkGroup, *, now: datetime = LONG_AGO, **values: Any
) -> Assignment:
    """`partner` has a place in `work_group`, and no message about it."""
    values = {"starts_on": A_DAY, "tell": False, **values}
    return services.place_partner(
        work_group=work_group, partner=partner, by=None, now=now, **values
    )


def planned(
    work_group: WorkGroup,
    starts_at: datetime = A_MEETING,
    *,
    minutes: int = 120,
    now: datetime = LONG_AGO,
    **values: Any,
) -> Meeting:
    """A meeting of `work_group`, two hours long; whoever has a place then is down for it."""
    return services.plan_meeting(
        work_group=work_group,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=minutes),
        by=None,
        now=now,
        **values,
    )


def attendance(partner: Partner, starts_at: datetime = A_MEETING, **values: Any) -> Attendance:
    """`partner` is down for a meeting of a group of their programme."""
    group = WorkGroupFactory(programme=partner.programme)
    placed(partner, group)
    meeting = planned(group, starts_at, **values)
    found: Attendance = Attendance.objects.get(meeting=meeting, partner=partner)
    return found
