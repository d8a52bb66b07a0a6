"""One portal and one browser for all journeys."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ops.browser import launch
from tests.system.stack import Stack, running
from tests.system.visitor import Visitor

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The portal as `make run` starts it, with its demo programme."""
    with running(tmp_path_factory.mktemp("portal")) as portal:
        yield portal


@pytest.fixture(scope="session")
def chromium() -> "Iterator[Browser]":
    with launch() as browser:
        yield browser


@pytest.fixture(scope="module")
def arrive(stack: Stack, chromium: "Browser") -> Iterator[Callable[..., Visitor]]:
    """`arrive(PHONE)`: somebody comes to the portal with a browser of their own."""
    visitors: list[Visitor] = []

    def come(size: dict[str, int], *, script: bool = True) -> Visitor:
        visitors.append(Visitor.arrive(chromium, stack, size, script=script))
        return visitors[-1]

    yield come
    for visitor in visitors:
        visitor.leave()


@pytest.fixture(scope="session")
def workbook() -> Path:
    """The coordinator's workbook, as it is."""
    return Path(__file__).with_name("data") / "partner-register.xlsx"
