"""The story of each partner of the small world, lent to staff and to the board."""

from typing import TYPE_CHECKING

from partners.models import Partner
from partners.services import stories

if TYPE_CHECKING:
    from tests.architecture.world import World

KINDS = {
    "partners:story": "story",
    "partners:change_story": "story",
    "partners:story_reading": "story",
    "partners:story_consents": "story",
    "partners:withdraw_story": "story",
    "partners:bring_back_story": "story",
    "partners:read_story": "story",
    "partners:stop_story_use": "story consent",
}


def add_story(world: "World", partner: Partner, whose: str) -> None:
    story = stories.write_story(
        partner=partner, title="A wait", text="I waited.", by=partner.user, now=world.now
    )
    uses = dict.fromkeys(("staff", "board"))
    stories.agree(story=story, uses=uses, by=partner.user, now=world.now)
    world.keep("story", whose, story)
    world.keep("story consent", whose, story.consents.first())
