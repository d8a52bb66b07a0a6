"""The lints of `make check` notice what is planted."""

import json
import re
import shutil
from pathlib import Path

import pytest
from django.template import Engine

from ops.lint_requirements import faults_of_node, faults_of_python
from ops.lint_templates import faults_of_code, faults_of_markup, lint
from ops.servers import BASE


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("<p>\n<b style='color: red'>x</b>", (2, "a style attribute on b: use a class")),
        ("<style>p {}</style>", (1, "a style element: put it into static/src/")),
        ("<script>go()</script>", (1, "an inline script: put it into static/src/")),
        (
            "{# x #}\n<a onclick='go()'>x</a>",
            (2, "an onclick attribute on a: listen in static/src/"),
        ),
        ("<a href='javascript:go()'>x</a>", (1, "script in the href of a")),
        (
            "<img src='{{ a }}' {% if b %}class='c'{% endif %}>",
            (1, 'an img without alt (alt="" where it only decorates)'),
        ),
        (
            "<form method='POST'>\n{% comment %}{% csrf_token %}{% endcomment %}</form>",
            (1, "a form that posts without {% csrf_token %}"),
        ),
        (
            "<form method='{{ m }}'></form>{% csrf_token %}",
            (1, "a form that posts without {% csrf_token %}"),
        ),
    ],
)
def test_markup_lint_notices_a_planted_fault(source: str, told: tuple[int, str]) -> None:
    assert faults_of_markup(source) == [told]


@pytest.mark.parametrize(
    "source",
    [
        "<script src='{% static 'app.js' %}' type='module'></script>",
        "<script type='application/json'>{}</script>",
        "<img src='a' alt=''>",
        "<form method='get'></form><form><p></form>",
        "<form method='post' {% if a %}class='{{ b }}'{% endif %}>{% csrf_token %}</form>",
        "<p class='x{% if a %} y\" {% endif %}'>a > b & c</p>",
        "{# <script>go()</script> #}{% comment 'why' %}<p style='x'>{% endcomment %}",
    ],
)
def test_markup_lint_passes_what_is_right(source: str) -> None:
    assert faults_of_markup(source) == []


def test_markup_lint_lets_mail_have_style_attributes() -> None:
    assert faults_of_markup("<p style='margin: 0'>", mail=True) == []


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("\n{% no_such_tag %}", (2, "Invalid block tag on line 2: 'no_such_tag'")),
        ("{% if x %}", (1, "Unclosed tag on line 1: 'if'")),
        ("{{ x|no_such_filter }}", (1, "Invalid filter: 'no_such_filter'")),
        (
            "{% if x %}\n{% include 'no/such.html' %}{% endif %}",
            (2, "there is no template no/such"),
        ),
        ("{% extends 'no/such.html' %}", (1, "there is no template no/such.html")),
    ],
)
def test_template_lint_notices_a_planted_fault(source: str, told: tuple[int, str]) -> None:
    faults = faults_of_code(source, "planted.html", Engine.get_default())

    assert [(line, text[: len(told[1])]) for line, text in faults] == [told]


def test_lint_walks_folders(tmp_path: Path) -> None:
    (tmp_path / "emails").mkdir()
    (tmp_path / "emails" / "right.html").write_text("<p style='margin: 0'>")
    (tmp_path / "wrong.html").write_text("<p style='margin: 0'>")

    assert lint([tmp_path]) == [f"{tmp_path}/wrong.html:1: a style attribute on p: use a class"]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for name in (
        "requirements.txt",
        "requirements-dev.txt",
        "constraints.txt",
        "package.json",
        "package-lock.json",
    ):
        shutil.copy(BASE / name, tmp_path)
    return tmp_path


def plant(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert re.search(old, text, re.M)
    file.write_text(re.sub(old, new, text, count=1, flags=re.M))


@pytest.mark.parametrize(
    ("name", "old", "new", "told"),
    [
        ("requirements.txt", r"^celery==\S+", "celery>=5", "celery: pin one version in requir"),
        ("requirements.txt", r"^celery==\S+", "celery==1.0", "celery: constraints.txt pins "),
        ("constraints.txt", r"^kombu==.*\n", "", "kombu: not pinned in constraints.txt"),
        ("constraints.txt", r"^amqp==\S+", "amqp==0.1", "amqp: constraints.txt pins 0.1, but "),
        ("constraints.txt", r"^sqlparse==\S+", "sqlparse==0.9", "sqlparse: 0."),
    ],
)
def test_requirements_lint_notices_a_planted_fault(
    copy: Path, name: str, old: str, new: str, told: str
) -> None:
    before = faults_of_python(copy)
    plant(copy / name, old, new)

    faults = faults_of_python(copy)

    assert before == []
    assert [fault for fault in faults if fault.startswith(told)]


def test_requirements_lint_notices_a_stale_lock_file(copy: Path) -> None:
    wanted = json.loads((copy / "package.json").read_text())
    wanted["dependencies"]["htmx.org"] = "2.0.10"
    (copy / "package.json").write_text(json.dumps(wanted))

    assert faults_of_node(BASE) == []
    assert faults_of_node(copy) == [
        "package-lock.json does not have the dependencies of package.json"
    ]
