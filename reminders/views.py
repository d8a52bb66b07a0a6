"""The mail of a demonstration, readable in the browser: nothing of it leaves the machine."""

import email
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.access import audience
from accounts.models import Role
from nhsuk.pages import page_of
from reminders import rules

MAILS_SHOWN = 20


@dataclass(frozen=True)
class DemoMail:
    """One .eml file of the folder. Its parts are read when they are asked for."""

    name: str
    path: Path
    at: datetime

    @property
    def parsed(self) -> EmailMessage:
        return email.message_from_bytes(self.path.read_bytes(), policy=policy.default)

    @property
    def said(self) -> dict[str, str]:
        """Subject, whom it is for, and the plain part."""
        mail = self.parsed
        plain = mail.get_body(preferencelist=("plain",))
        raw = plain.get_payload(decode=True) if plain is not None else b""
        return {
            "subject": str(mail["Subject"] or "No subject"),
            "to": str(mail["To"] or ""),
            "text": raw.decode("utf-8", "replace") if isinstance(raw, bytes) else "",
        }


@require_GET
@audience(Role.COORDINATOR)
def demo_mails(request: HttpRequest) -> HttpResponse:
    """The mails, the newest first."""
    page = page_of(request, _mails(request), MAILS_SHOWN)
    return render(
        request,
        "admin/reminders/demo_mails.html",
        {**_admin(request), "title": "Mail of this demonstration", "page": page},
    )


@require_GET
@audience(Role.COORDINATOR)
def demo_mail(request: HttpRequest, name: str) -> HttpResponse:
    """One mail, as plain text."""
    # The name is looked for among those that are there: it never becomes part of a path.
    found = next((mail for mail in _mails(request) if mail.name == name), None)
    if found is None:
        raise Http404
    said = found.said
    return render(
        request,
        "admin/reminders/demo_mail.html",
        {**_admin(request), "title": said["subject"], "mail": said, "at": found.at},
    )


def _mails(request: HttpRequest) -> list[DemoMail]:
    if not rules.may_read_demo_mail(request.user):
        raise Http404
    folder = getattr(settings, "EMAIL_FILE_PATH", None)  # set where mail goes to a folder
    if not folder or not Path(folder).is_dir():
        return []
    mails = []
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.endswith(".eml") and entry.is_file(follow_symlinks=False):
                at = datetime.fromtimestamp(entry.stat().st_mtime, UTC)
                mails.append(DemoMail(entry.name.removesuffix(".eml"), Path(entry.path), at))
    return sorted(mails, key=lambda mail: (mail.at, mail.name), reverse=True)


def _admin(request: HttpRequest) -> dict[str, Any]:
    return admin.site.each_context(request)
