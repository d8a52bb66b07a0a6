"""Who may do what with results. Which rows somebody sees is the querysets' matter."""

from typing import Any

from accounts.models import Team
from accounts.rules import coordinates
from observations.models import ClinicSession, Comment, Reflection
from observations.querysets.results import teams_led


def is_own(user: Any, reflection: Reflection) -> bool:
    """It is what they wrote themselves."""
    return bool(user.pk == reflection.clinician_id)


def may_rewrite(user: Any, reflection: Reflection) -> bool:
    """Its clinician, while nobody else can read it."""
    return is_own(user, reflection) and reflection.status == Reflection.Status.PRIVATE


def may_release(user: Any, reflection: Reflection) -> bool:
    """Its clinician, while nobody else can read it."""
    return may_rewrite(user, reflection)


def may_take_back(user: Any, reflection: Reflection) -> bool:
    """Its clinician, until it was used."""
    return is_own(user, reflection) and reflection.status == Reflection.Status.RELEASED


def may_use(user: Any, reflection: Reflection) -> bool:
    """Its clinician, once it was released."""
    return may_take_back(user, reflection)


def may_rate_own(user: Any, session: ClinicSession) -> bool:
    """The clinician, once the clinic was held."""
    return bool(user.pk == session.clinician_id) and session.status == ClinicSession.Status.HELD


def may_read_team(user: Any, team: Team) -> bool:
    """Its lead, and the programme's coordinators: the figures of the group."""
    return team.pk in teams_led(user) or coordinates(user, team.programme_id)


def may_check(user: Any, comment: Comment) -> bool:
    """A coordinator, but of the clinic that they held themselves."""
    session = comment.observation.consultation.session
    return coordinates(user, session.programme_id) and session.clinician_id != user.pk
