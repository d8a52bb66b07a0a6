"""What `deliver` must be better than: mark as sent, send, forget. A kill in between loses one."""

from celery import shared_task
from django.core.mail import get_connection
from django.utils import timezone

from accounts.models import Message
from reminders.emails import compose


@shared_task
def send_and_forget() -> None:
    while message := Message.objects.due(timezone.now()).first():
        Message.objects.filter(pk=message.pk).update(status="sent", sent_at=timezone.now())
        get_connection().send_messages([compose(message)])
