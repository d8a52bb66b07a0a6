"""What the small world has of the pathway, of learning, and of what has to be in place."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Programme
from partners.models import LearningItem, Partner, Requirement
from partners.services import learning, pathway, requirement_records, requirements

KINDS = {
    "partners:wish": "pathwayrole",
    "partners:learning_item": "learningitem",
    "partners:did_it": "learningitem",
    "partners:book": "learningsession",
    "partners:give_back": "booked session",
    "partners:reflect_on_learning": "learningplace",
    "partners:requirement": "requirement",
    "partners:show_requirement": "requirement",
    "partners:accept_agreement": "agreement",
    "partners:requirement_file": "requirementrecord",
    "admin:partners_requirement_version": "agreement",
}
_PDF = b"%PDF-1.4\n%%EOF\n"


def add_pathway(
    world: Any, programme: Programme, whose: str, partners: Mapping[str, Partner], *, by: Any
) -> None:
    """Roles, something to learn with a session each, and requirements; `partners` by whose."""
    now: dict[str, Any] = {"by": by, "now": world.now}
    today = world.now.date()
    role = pathway.seed_pathway(programme=programme, **now)[0]
    item = learning.keep_item(
        item=LearningItem(programme=programme, title="Saying no", kind="core", minutes=60),
        roles=[role],
        **now,
    )
    asked = {one.kind: one for one in requirements.seed_requirements(programme=programme, **now)}
    training = asked[Requirement.Kind.TRAINING]
    world.keep("pathwayrole", whose, role)
    world.keep("learningitem", whose, item)
    world.keep("learningsession", whose, _session(world, item, **now))
    world.keep("requirement", whose, training)
    world.keep("agreement", whose, asked[Requirement.Kind.AGREEMENT])
    for owner, partner in partners.items():
        held = pathway.give_role(partner=partner, role=role, starts_on=today, **now)
        world.keep("roleheld", owner, held)
        world.keep("rolewish", owner, pathway.wish(partner=partner, role=role, **now))
        session = _session(world, item, **now)
        place = learning.book(session=session, partner=partner, **now)
        world.keep("booked session", owner, session)
        world.keep("learningplace", owner, place)
        record = requirement_records.show(
            requirement=training,
            partner=partner,
            obtained_on=today,
            uploaded=SimpleUploadedFile("certificate.pdf", _PDF),
            **now,
        )
        world.keep("requirementrecord", owner, record)


def _session(world: Any, item: LearningItem, *, by: Any, now: Any) -> Any:
    start = now + timedelta(days=5)
    return learning.plan_session(
        item=item, starts_at=start, ends_at=start + timedelta(hours=1), places=3, by=by, now=now
    )
