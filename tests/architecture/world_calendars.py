"""What the small world has of calendars."""

from typing import Any

from accounts.models import User
from assignments.services import calendars

KINDS = {"assignments:feed": "calendar feed"}


def add_calendar(world: Any, whose: str, user: User) -> None:
    """The feed of `user`, with the address that opens it."""
    feed = calendars.open_feed(user=user, by=user, now=world.now)
    token = calendars.address_of(feed).rsplit("-", 1)[1].removesuffix(".ics")
    world.keep("calendar feed", whose, feed, token=token)
