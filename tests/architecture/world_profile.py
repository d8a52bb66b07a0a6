"""What partners of the small world say of themselves: what they bring, want and need, and when."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from partners.models import Partner
from partners.services import expertise, needs, profile

if TYPE_CHECKING:
    from tests.architecture.world import World

KINDS = {
    "partners:change_expertise": "expertise",
    "partners:remove_expertise": "expertise",
    "partners:change_passion": "passion",
    "partners:remove_passion": "passion",
    "partners:change_priority": "priority",
    "partners:remove_priority": "priority",
    "partners:change_need": "need",
    "partners:remove_need": "need",
    "partners:review_need": "need",
    "partners:end_pause": "pause",
    "partners:remove_pause": "pause",
}


def add_profile(world: "World", partner: Partner, whose: str, *, by: Any) -> None:
    """What a partner brings, cares about, wants and needs, when they are away, whom to ring."""
    who: dict[str, Any] = {"partner": partner, "by": by, "now": world.now}
    shared: dict[str, Any] = {"visibility": "coordinators", **who}
    own_words = {
        "expertise": expertise.add_expertise(kind="jewel", text="Ten years of pain", **shared),
        "passion": expertise.add_passion(text="Waiting rooms", **shared),
        "priority": expertise.add_priority(text="To speak in public", **shared),
    }
    for kind, item in own_words.items():
        world.keep(kind, whose, item)
    need = needs.add_need(kind="energy", text="I tire", to_do="Two breaks", shared=True, **who)
    world.keep("need", whose, need)
    pause = profile.add_pause(starts_on=timezone.localdate(world.now) + timedelta(days=60), **who)
    world.keep("pause", whose, pause)
    world.keep("partner", whose, partner, need=need.pk, pause=pause.pk)
    profile.set_emergency_contact(name="Ada Marsh", phone="01632 960002", **who)
