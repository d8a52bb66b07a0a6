"""Rows that live for a while only."""

from datetime import datetime

from django.db import transaction

from accounts.models import Session, UnsentForm
from accounts.services.unsent import KEPT_FOR


@transaction.atomic
def clear_expired(*, now: datetime) -> int:
    """Delete sessions that are over and forms kept long enough; returns how many rows went."""
    sessions, _ = Session.objects.filter(expire_date__lt=now).delete()
    forms, _ = UnsentForm.objects.filter(kept_at__lt=now - KEPT_FOR).delete()
    return sessions + forms
