"""What the small world has of copies of data, and of what somebody asked to have put right."""

from datetime import timedelta
from typing import TYPE_CHECKING

from partners.models import DataCopy, Partner
from partners.services import corrections, files

if TYPE_CHECKING:
    from tests.architecture.world import World

KINDS = {
    "partners:data_copy": "data copy",
    "partners:data_copy_progress": "data copy",
    "partners:data_copy_file": "data copy",
}


def add_my_data(world: "World", partner: Partner, whose: str) -> None:
    """A copy that is ready, and a request that waits for an answer."""
    user, now = partner.user, world.now
    assert user is not None
    file = files.store(
        programme=partner.programme,
        name="My data.zip",
        media_type="application/zip",
        content=[b"PK"],
        now=now,
    )
    ready = DataCopy.objects.create(
        user=user,
        programme=partner.programme,
        asked_at=now,
        asked_by=user,
        status=DataCopy.Status.READY,
        ready_at=now,
        file=file,
        expires_at=now + timedelta(days=7),
    )
    world.keep("data copy", whose, ready)
    asked = corrections.ask(
        partner=partner, about="My day of joining", text="It was in May", by=user, now=now
    )
    world.keep("correction", whose, asked)
