"""Throw away everything of a demo installation."""

from django.apps import apps
from django.conf import settings
from django.db import connection, transaction

from accounts.models import Programme

_KEPT = frozenset({"contenttypes", "auth"})  # written by migrate


class OtherProgrammesError(Exception):
    """There is somebody real here; the text says so, for people."""


@transaction.atomic
def reset() -> None:
    """Empty every table of the portal, audit included.

    Raises OtherProgrammesError outside a demo installation, or where a programme is not a demo.
    """
    other = Programme.objects.filter(is_demo=False).order_by("pk").first()
    if other is not None or not settings.DEMO:
        raise OtherProgrammesError(
            f"The programme {other} is not a demo: nothing was thrown away."
            if other
            else "This is not a demo installation: nothing was thrown away."
        )
    ours = {
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label not in _KEPT
    }
    there = ours.intersection(connection.introspection.table_names())
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL portal.may_truncate = 'on'")
        cursor.execute(f"TRUNCATE {', '.join(sorted(there))} RESTART IDENTITY")
