"""What there is to read for a meeting, and what counts for who could not be there."""

from typing import TYPE_CHECKING, Any

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Programme
from assignments import services
from assignments.models import Attendance, Meeting, PayRule

if TYPE_CHECKING:
    from tests.architecture.world import World

KINDS = {"assignments:paper": "paper"}
_PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n%%EOF\n"


def add_pay_rules(world: "World", programme: Programme, whose: str) -> None:
    """What counts in the programme."""
    services.set_pay_terms(
        programme=programme,
        unwell="half",
        called_off="full",
        notice_hours=48,
        by=None,
        now=world.now,
    )
    world.keep("payrule", whose, PayRule.objects.filter(programme=programme).first())


def add_papers(
    world: "World", meeting: Meeting, attendance: Attendance, whose: str, *, by: Any
) -> None:
    """A file to read for `meeting`, where `attendance` is down."""
    paper = services.add_paper(
        meeting=meeting,
        uploaded=SimpleUploadedFile("agenda.pdf", _PDF),
        by=by,
        now=world.now,
    )
    world.keep("paper", whose, paper)
    world.keep("meeting", whose, meeting, attendance=attendance.pk, paper=paper.pk)
