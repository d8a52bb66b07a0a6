"""What the small world has of stages, talks, concerns, and of what became of what was raised."""

from collections.abc import Mapping
from typing import Any

from accounts.models import Programme, User
from accounts.services.programmes import change_programme
from partners.models import Contribution, Partner
from partners.services import impact, support, support_check_ins, support_concerns

KINDS = {
    "partners:concern": "concern",
    "partners:take_up_concern": "concern",
    "partners:close_concern": "concern",
    "partners:impact_story": "impact",
    "partners:impact_answer": "impact",
    "partners:impact_hand_over": "impact",
    "partners:impact_follow": "impact",
    "partners:raise_impact": "contribution",
    "partners:said": "public page",
}


def add_support(
    world: Any,
    programme: Programme,
    whose: str,
    partners: Mapping[str, Partner],
    *,
    by: User,
    lead: User,
    owner: User,
) -> None:
    """Checklists and a public page; of each partner a talk, a concern and something raised.

    `lead` hears the concerns, `owner` is named to answer; `partners` by whose.
    """
    now: dict[str, Any] = {"now": world.now}
    today = world.now.date()
    change_programme(programme=programme, by=by, concern_lead=lead, **now)
    programme.refresh_from_db()
    steps = support.seed_stage_steps(programme=programme, by=by, **now)
    world.keep("stagestep", whose, steps[0])
    world.keep("public page", whose, slug=programme.slug)
    for mine, partner in partners.items():
        support_check_ins.write_check_in(
            partner=partner, happened_on=today, shared="Shared", private="Private", by=by, **now
        )
        concern = support_concerns.raise_concern(
            programme=programme, text="Something worries me", by=partner.user, **now
        )
        world.keep("concern", mine, concern)
        row = impact.record(
            programme=programme,
            title=f"Chairs of {partner.called}",
            raised="The chairs are too low",
            category="waiting_rooms",
            raised_on=today,
            contributions=Contribution.objects.filter(partner=partner)[:1],
            public_text="You said that the chairs are too low",
            by=by,
            **now,
        )
        impact.hear(impact=row, owner=owner, heard_on=today, by=by, **now)
        world.keep("impact", mine, row, step="decide", follow="plan")
