"""Which of somebody's programmes has its pages open."""

from typing import Any

from accounts.models import Programme


def current_programme(user: Any, session: Any) -> Programme | None:
    """The programme whose pages are open: the chosen one, else the first the person belongs to."""
    programmes = {grant.programme_id: grant.programme for grant in getattr(user, "grants", [])}
    chosen = programmes.get(session.get("programme"))
    return chosen or next(iter(programmes.values()), None)
