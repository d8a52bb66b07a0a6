"""What a new programme begins with; its coordinators change all of it as they like."""

from datetime import datetime

from django.db import transaction

from accounts.models import Programme, User
from partners.services.expertise import seed_themes
from partners.services.pathway import seed_pathway
from partners.services.requirements import seed_requirements
from partners.services.support import seed_stage_steps


@transaction.atomic
def seed_programme(*, programme: Programme, by: User | None, now: datetime) -> None:
    """Themes, the roles of the pathway, what has to be in place, and the checklists of stages.

    Done twice it adds nothing.
    """
    seed_themes(programme=programme, by=by, now=now)
    seed_pathway(programme=programme, by=by, now=now)
    seed_requirements(programme=programme, by=by, now=now)
    seed_stage_steps(programme=programme, by=by, now=now)
