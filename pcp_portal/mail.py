"""Mail of a demo installation: one file a message, in a folder."""

import re
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import EmailMessage


class FolderBackend(BaseEmailBackend):
    """Write each message to `EMAIL_FILE_PATH` as an .eml file.

    The file is named after the Message-ID, so that sending again replaces and never doubles;
    it appears whole or not at all.
    """

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        folder = Path(settings.EMAIL_FILE_PATH)
        folder.mkdir(parents=True, exist_ok=True)
        for message in email_messages:
            mail = message.message()
            name = re.sub(r"[^A-Za-z0-9._@-]", "-", str(mail["Message-ID"]).strip("<>"))
            part = folder / f".{name}.part"
            part.write_bytes(mail.as_bytes())
            part.replace(folder / f"{name}.eml")
        return len(email_messages)
