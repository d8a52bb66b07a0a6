"""The surroundings of every test notice what nobody asserted: each planted fault fails its test."""

import os
import subprocess
import sys

import pytest

from tests.architecture.house import ROOT

PLANTED = """
import logging, os, socket, warnings
from pathlib import Path
import pytest
from django.template import Context, Origin, Template

def render(text):
    origin = Origin(name=str(Path(os.getcwd()) / "templates" / "planted.html"))
    return Template(text, origin=origin).render(Context({"there": "here"}))

def test_nothing_planted():
    assert render("{{ there }}") == "here"
    logging.getLogger("planted").warning("no error")
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname(), timeout=5).close()

def test_undefined_variable():
    render("{{ there }}{{ nobody.home }}")

def test_undefined_in_an_if():
    render("{% if nobody == 'home' %}{% endif %}{{ nobody|default:'' }}")

def test_error_log():
    logging.getLogger("planted").error("planted error")

@pytest.mark.error_logs("planted")
def test_error_log_with_a_reason():
    logging.getLogger("planted").error("planted error")

def test_connection():
    with socket.socket() as here:
        here.settimeout(1)
        here.connect(("192.0.2.1", 80))

def test_look_up():
    socket.getaddrinfo("www.example.org", 80)

def test_warning():
    warnings.warn("planted warning", UserWarning)
"""


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What a run of the planted tests says, in the surroundings of all tests."""
    planted = tmp_path_factory.mktemp("planted") / "test_planted.py"
    planted.write_text(PLANTED)
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-c", "pytest.ini", "-p", "conftest", "-rA", str(planted)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        env={**os.environ, "COLUMNS": "200"},
    )
    return run.stdout + run.stderr


@pytest.mark.parametrize(
    ("test", "why"),
    [
        ("test_undefined_variable", "undefined in a template: templates/planted.html: nobody.home"),
        ("test_undefined_in_an_if", "undefined in a template: templates/planted.html: nobody"),
        ("test_error_log", "logged as ERROR: planted: planted error"),
        ("test_connection", "a test tried to reach 192.0.2.1"),
        ("test_look_up", "a test tried to look up www.example.org"),
        ("test_warning", "UserWarning: planted warning"),
    ],
)
def test_planted_fault_fails_its_test(said: str, test: str, why: str) -> None:
    lines = said.splitlines()

    failed = [
        line for line in lines if line.startswith(("FAILED", "ERROR")) and f"::{test} " in line
    ]
    assert failed, said
    assert why in said


@pytest.mark.parametrize("test", ["test_nothing_planted", "test_error_log_with_a_reason"])
def test_clean_test_passes(said: str, test: str) -> None:
    lines = said.splitlines()

    assert [line for line in lines if line.startswith("PASSED") and line.endswith(f"::{test}")], (
        said
    )
    assert not [line for line in lines if line.startswith("ERROR") and f"::{test} " in line]
