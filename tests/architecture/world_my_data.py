"""What the small world has of copies of data, and of what somebody asked to have put right."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from partners.models import DataCopy, Partner, StoredFile
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
    ready = DataCopy.objects.create(
        user=user,
        programme=partner.programme,
        asked_at=now,
        asked_by=user,
        status=DataCopy.Status.READY,
        ready_at=now,
        file=_zip(partner, now),
        expires_at=now + timedelta(days=7),
    )
    world.keep("data copy", whose, ready)
    _add_copy_for(world, partner)
    asked = corrections.ask(
        partner=partner, about="My day of joining", text="It was in May", by=user, now=now
    )
    world.keep("correction", whose, asked)


def _add_copy_for(world: "World", partner: Partner) -> None:
    """A copy that a coordinator is to hand over, where the partner has not signed in."""
    DataCopy.objects.create(
        partner=partner,
        programme=partner.programme,
        asked_at=world.now,
        status=DataCopy.Status.READY,
        ready_at=world.now,
        file=_zip(partner, world.now),
        expires_at=world.now + timedelta(days=7),
    )


def _zip(partner: Partner, now: datetime) -> StoredFile:
    return files.store(
        programme=partner.programme,
        name="My data.zip",
        media_type="application/zip",
        content=[b"PK"],
        now=now,
    )
