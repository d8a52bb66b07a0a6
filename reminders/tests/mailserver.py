"""A real SMTP server on loopback that tests can make refuse, wait and hang up."""

import email
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import Message as Mail
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP


def free_port() -> int:
    """A port on which nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class MailServer:
    """Keeps what it accepts; answers as `on_rcpt` and `on_data` say.

    `on_data`: a reply, or "cut before" or "cut after": the connection is closed without one,
    before or after the mail is kept. `hold`: the answer to each mail waits here, once `arrived`
    is set.
    """

    def __init__(self) -> None:
        self.mails: list[Mail] = []
        self.on_rcpt = "250 OK"
        self.unknown: set[str] = set()
        self.on_data = "250 OK"
        self.arrived = threading.Event()
        self.hold = threading.Event()
        self.hold.set()
        self.port = free_port()

    @property
    def ids(self) -> list[str]:
        return [str(mail["Message-ID"]) for mail in self.mails]

    async def handle_RCPT(
        self, server: SMTP, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        if address in self.unknown:
            return "550 No such user"
        if self.on_rcpt.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.on_rcpt

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:
        # Kept before the wait: a client that is killed meanwhile takes this handler with it.
        if self.on_data.startswith(("250", "cut after")):
            self.mails.append(email.message_from_bytes(envelope.content))
        self.arrived.set()
        await server.loop.run_in_executor(None, self.hold.wait, 60)
        if self.on_data == "cut before":
            server.transport.abort()
            return ""
        if self.on_data == "cut after":
            server.transport.abort()
            return ""
        return self.on_data


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """The server, for the length of a block."""
    server = MailServer()
    controller = Controller(server, hostname="127.0.0.1", port=server.port)
    controller.start()
    try:
        yield server
    finally:
        server.hold.set()
        controller.stop()
