"""A message as an e-mail: one column, one button, and the same in plain text."""

import hashlib
from email.mime.text import MIMEText
from email.utils import quote
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

from accounts.models import Message


def message_id(message: Message) -> str:
    """The Message-ID: the same whenever and by whomever a message is sent."""
    named = f"{message.programme.slug}:{message.key}".encode()
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    return f"<{hashlib.sha256(named).hexdigest()[:40]}@{host}>"


def compose(message: Message) -> EmailMultiAlternatives:
    """The e-mail of `message`, plain text first."""
    context = {
        "heading": message.subject,
        "paragraphs": [part for part in message.body.split("\n\n") if part.strip()],
        "programme": message.programme,
        "button_url": urljoin(settings.SITE_URL, message.link) if message.link else "",
        "button_text": message.link_label or "Open the portal",
        "why": f"you are in touch with {message.programme.name}",
    }
    mail = EmailMultiAlternatives(
        subject=message.subject,
        body=render_to_string("emails/reminders/message.txt", context).strip() + "\n",
        to=[f'"{quote(" ".join(message.to_name.split()))}" <{message.to_address}>'],
        headers={"Message-ID": message_id(message), "Auto-Submitted": "auto-generated"},
    )
    if message.calendar:
        entry = MIMEText(message.calendar, "calendar", "utf-8")
        entry.set_param("method", "PUBLISH")
        entry.add_header("Content-Disposition", "attachment", filename="meeting.ics")
        mail.attach(entry)
    mail.attach_alternative(render_to_string("emails/reminders/message.html", context), "text/html")
    return mail
