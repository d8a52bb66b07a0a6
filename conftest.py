"""What every test has, and the hostile surroundings it runs in.

A test fails, beyond its own assertions, for an undefined variable in a template of ours, for a log
of level ERROR, and for any connection that leaves this machine.
"""

import ipaddress
import logging
import socket
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db.backends.signals import connection_created
from django.template import engines
from django.template.base import Node
from django.test import Client

ROOT = Path(__file__).resolve().parent
# A Tuesday in term time, in winter: Europe/London is UTC.
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "error_logs(reason): the test provokes logs of level ERROR and says why"
    )


# --- Undefined template variables ----------------------------------------------------------------

_undefined: list[str] = []


class _Undefined:
    """Stands for `string_if_invalid`: notes who asked for a variable that is not there."""

    def __contains__(self, part: str) -> bool:
        return part == "%s"

    def __bool__(self) -> bool:
        return True

    def __mod__(self, variable: Any) -> str:
        template = self._template()
        # Django's, allauth's and crispy's own templates lean on variables that may be missing.
        if template is not None and template.is_relative_to(ROOT) and ".venv" not in str(template):
            _undefined.append(f"{template.relative_to(ROOT)}: {variable}")
        return ""

    @staticmethod
    def _template() -> Path | None:
        frame = sys._getframe(1)
        while frame is not None:
            node = frame.f_locals.get("self")
            if isinstance(node, Node) and getattr(node, "origin", None) is not None:
                return Path(str(node.origin.name))
            frame = frame.f_back  # type: ignore[assignment]
        return None


@pytest.fixture(autouse=True)
def _undefined_variables_fail() -> Iterator[None]:
    engine = engines["django"].engine
    before, engine.string_if_invalid = engine.string_if_invalid, _Undefined()
    _undefined.clear()
    yield
    engine.string_if_invalid = before
    assert not _undefined, "undefined in a template: " + "; ".join(sorted(set(_undefined)))


# --- Logs of level ERROR -------------------------------------------------------------------------


class _Errors(logging.Handler):
    def __init__(self) -> None:
        super().__init__(level=logging.ERROR)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"{record.name}: {record.getMessage()}")


@pytest.fixture(autouse=True)
def _error_logs_fail(request: pytest.FixtureRequest) -> Iterator[None]:
    handler = _Errors()
    logging.getLogger().addHandler(handler)
    yield
    logging.getLogger().removeHandler(handler)
    if request.node.get_closest_marker("error_logs") is None:
        assert not handler.lines, "logged as ERROR: " + "; ".join(handler.lines)


# --- Nothing leaves this machine -----------------------------------------------------------------


class NetworkBlockedError(RuntimeError):
    """A test tried to reach another machine."""


def _is_here(host: Any) -> bool:
    if host in {None, "", "localhost", b"localhost"}:
        return True
    try:
        return ipaddress.ip_address(host.decode() if isinstance(host, bytes) else host).is_loopback
    except ValueError:
        return False


def _checked(connect: Callable[..., Any]) -> Callable[..., Any]:
    def only_here(self: socket.socket, address: Any) -> Any:
        if self.family in {socket.AF_INET, socket.AF_INET6} and not _is_here(address[0]):
            raise NetworkBlockedError(f"a test tried to reach {address[0]}")
        return connect(self, address)

    return only_here


@pytest.fixture(autouse=True, scope="session")
def _network_blocked() -> Iterator[None]:
    look_up = socket.getaddrinfo

    def only_here(host: Any, *args: Any, **kwargs: Any) -> Any:
        if not _is_here(host):
            raise NetworkBlockedError(f"a test tried to look up {host}")
        return look_up(host, *args, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket, "getaddrinfo", only_here)
        patch.setattr(socket.socket, "connect", _checked(socket.socket.connect))
        patch.setattr(socket.socket, "connect_ex", _checked(socket.socket.connect_ex))
        yield


# --- The database --------------------------------------------------------------------------------


def _let_flush(connection: Any, **kwargs: Any) -> None:
    """Emptying the test database between tests is the one TRUNCATE that the audit lets through."""
    with connection.cursor() as cursor:
        cursor.execute("SET portal.may_truncate = 'on'")


@pytest.fixture(autouse=True, scope="session")
def _tables_may_be_emptied() -> Iterator[None]:
    connection_created.connect(_let_flush)
    yield
    connection_created.disconnect(_let_flush)


# --- What tests begin with -----------------------------------------------------------------------


@pytest.fixture
def now() -> Iterator[datetime]:
    """A Tuesday morning; the clock is there too, and goes on from it."""
    with time_machine.travel(NOW, tick=True):
        yield NOW


@pytest.fixture
def programme(db: None) -> Any:
    """A programme."""
    return _factories().ProgrammeFactory(name="North Hospital", slug="north-hospital")


@pytest.fixture
def coordinator(programme: Any) -> Any:
    """The coordinator of `programme`."""
    return _factories().person("coordinator", programme, name="Cora Lane", email="cora@example.org")


@pytest.fixture
def client_for(db: None) -> Callable[..., Client]:
    """`client_for(user)`: a browser signed in as somebody, their second factor passed.

    `client_for(user, second_factor=False)` leaves it at the first.
    """

    def sign_in(user: Any, *, second_factor: bool = True) -> Client:
        client = Client()
        client.force_login(user)
        if second_factor:
            _factories().pass_second_factor(client, user)
        return client

    return sign_in


def _factories() -> Any:
    from accounts.tests import factories  # noqa: PLC0415  (models exist once Django is set up)

    return factories
