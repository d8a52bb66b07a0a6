"""People who are not to work together, and are: what waits until one of the places ends."""

from typing import Any

from django.contrib import admin
from django.urls import reverse
from django.utils import timezone

from accounts.admin_site import Waits
from accounts.models import Role
from accounts.querysets import programmes_of
from partners.models import DeclaredConflict
from partners.services.conflicts import at_work_together


@admin.site.waits
def at_work_though_declared(user: Any) -> list[Waits]:
    """Conflicts that were declared by people who have places in one work group."""
    mine = programmes_of(user, Role.COORDINATOR)
    if not mine:
        return []
    seen = DeclaredConflict.objects.visible_to(user).filter(programme__in=mine)
    return [
        Waits(
            rows=at_work_together(seen, timezone.localdate()),
            one="pair not to work together is",
            many="pairs not to work together are",
            url=f"{reverse('admin:partners_declaredconflict_changelist')}?show=together",
            sentence="They said so, and have places in one work group. Find a way with them.",
        )
    ]
