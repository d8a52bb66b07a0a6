"""What the small world has of meetings that are over, and of whoever leads a group."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from assignments import services as assignments
from assignments.models import Attendance, WorkGroup
from assignments.services import needs_answers
from partners.models import Partner

if TYPE_CHECKING:
    from tests.architecture.world import World

KINDS = {"assignments:needs": "held meeting", "assignments:meeting_led": "meeting"}


def add_pacing(world: "World", partner: Partner, whose: str, group: WorkGroup, *, by: Any) -> None:
    """A meeting that was held, and what the partner said of their needs.

    The clinical lead leads Una's group, to whose next meeting its partners come.
    """
    now = world.now
    if whose == "own":
        group.lead = world.people["clinical lead"]
        group.save(update_fields=["lead"])
    Attendance.objects.filter(partner=partner, meeting__starts_at__gt=now).update(
        plan=Attendance.Plan.COMING, planned_at=now
    )
    past = now - timedelta(days=2)
    meeting = assignments.plan_meeting(
        work_group=group,
        starts_at=past,
        ends_at=past + timedelta(hours=1),
        by=by,
        now=now - timedelta(days=9),
    )
    meeting.attendances.exclude(partner=partner).delete()
    row = meeting.attendances.get()
    assignments.confirm_meeting(meeting=meeting, outcomes={row.pk: ("there", None)}, by=by, now=now)
    given = needs_answers.answer(
        attendance=Attendance.objects.get(pk=row.pk),
        answer="partly",
        note="No break",
        by=partner.user,
        now=now,
    )
    needs_answers.see_to(answer=given, done="A break at half time", by=by, now=now)
    world.keep("held meeting", whose, meeting)
    world.keep("needsanswer", whose, given)
