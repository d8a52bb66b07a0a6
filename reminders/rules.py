"""Verbs of messages: small predicates, readable without HTTP."""

from typing import Any

from django.conf import settings

from accounts.models import Message, Role
from accounts.querysets import programmes_of
from accounts.rules import coordinates


def may_send_again(user: Any, message: Message) -> bool:
    """Coordinators send again what failed."""
    return message.status == Message.Status.FAILED and coordinates(user, message.programme_id)


def may_read_demo_mail(user: Any) -> bool:
    """Coordinators of a demo installation, where everybody is invented."""
    return bool(settings.DEMO and programmes_of(user, Role.COORDINATOR))
