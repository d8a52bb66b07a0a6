"""Lint of the templates: what a strict content security policy and accessible pages need.

`python -m ops.lint_templates [FOLDER ...]` prints one line a fault and ends with status 1 if there
is one. Rules: every template compiles and includes only what exists; no inline style, script or on*
attribute; every img has an alt; every form that posts carries the token against forgery.
"""

import os
import re
import sys
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import django
from django.template import Context, Engine, Template, TemplateDoesNotExist, TemplateSyntaxError
from django.template.base import Node, NodeList
from django.template.engine import Engine as EngineType
from django.template.loader import get_template
from django.template.loader_tags import ExtendsNode, IncludeNode

from ops.servers import BASE

TEMPLATE_CODE = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", re.S)
COMMENT = re.compile(r"\{%\s*comment\b.*?%\}.*?\{%\s*endcomment\s*%\}", re.S)
TOKEN = re.compile(r"\{%\s*csrf_token\s*%\}")
DATA_BLOCKS = {"application/json", "application/ld+json"}
MAIL = re.compile(r"(^|/)emails?(/|\.html$)")  # mail programs read no style sheets of ours


class Markup(HTMLParser):
    """Reads one template as if it were a page; `faults` are (line, what is wrong)."""

    def __init__(self, *, mail: bool) -> None:
        super().__init__(convert_charrefs=True)
        self.mail = mail
        self.faults: list[tuple[int, str]] = []
        self.posting: list[int] = []  # lines of the open forms that lack a token

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if not self.mail and tag == "style":
            self.fault("a style element: put it into static/src/")
        if not self.mail and "style" in given:
            self.fault(f"a style attribute on {tag}: use a class")
        for name in given:
            if re.fullmatch(r"on[a-z]+", name):
                self.fault(f"an {name} attribute on {tag}: listen in static/src/")
        for name in ("href", "src", "action", "formaction"):
            if (given.get(name) or "").strip().lower().startswith("javascript:"):
                self.fault(f"script in the {name} of {tag}")
        if tag == "script" and "src" not in given and given.get("type") not in DATA_BLOCKS:
            self.fault("an inline script: put it into static/src/")
        if tag == "img" and "alt" not in given:
            self.fault('an img without alt (alt="" where it only decorates)')
        if tag == "form" and (given.get("method") or "get").lower() not in ("get", "dialog"):
            self.posting.append(self.getpos()[0])
        if tag == "csrf-token" and self.posting:
            self.posting.pop()

    handle_startendtag = handle_starttag

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.end_of_form()

    def end_of_form(self) -> None:
        for line in self.posting:
            self.faults.append((line, "a form that posts without {% csrf_token %}"))
        self.posting.clear()

    def fault(self, what: str) -> None:
        self.faults.append((self.getpos()[0], what))


def faults_of_markup(source: str, *, mail: bool = False) -> list[tuple[int, str]]:
    """What is wrong with a template's own markup: (line, sentence)."""

    def stand_in(match: re.Match[str]) -> str:
        lines = "\n" * match.group().count("\n")
        return ("x" if match.group().startswith("{{") else " ") + lines

    text = COMMENT.sub(lambda match: "\n" * match.group().count("\n"), source)
    text = TEMPLATE_CODE.sub(stand_in, TOKEN.sub("<csrf-token>", text))
    markup = Markup(mail=mail)
    markup.feed(text)
    markup.close()
    markup.end_of_form()
    return sorted(markup.faults)


def faults_of_code(source: str, name: str, engine: EngineType) -> list[tuple[int, str]]:
    """Whether a template compiles, and whether what it includes and extends exists."""
    try:
        template = Template(source, name=name, engine=engine)
    except TemplateSyntaxError as error:
        token = getattr(error, "token", None)
        return [(getattr(token, "lineno", 1) or 1, str(error))]
    faults: list[tuple[int, str]] = []
    for node, other in others(template.nodelist):
        try:
            get_template(other)
        except TemplateDoesNotExist:
            line = (node.token.lineno if node.token else 1) or 1
            faults.append((line, f"there is no template {other}"))
        except TemplateSyntaxError:
            continue  # told where it stands
    return faults


def others(nodes: NodeList) -> Iterator[tuple[Node, str]]:
    """The templates that these nodes name by a constant."""
    for node in nodes.get_nodes_by_type(Node):
        expression: Any = None
        if isinstance(node, IncludeNode):
            expression = node.template
        elif isinstance(node, ExtendsNode):
            expression = node.parent_name
        if expression is not None and isinstance(getattr(expression, "var", None), str):
            name = expression.resolve(Context())
            if isinstance(name, str) and not name.startswith("."):
                yield node, name


def lint(folders: Iterable[Path]) -> list[str]:
    engine = Engine.get_default()
    faults = []
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.suffix not in (".html", ".txt", ".svg", ".xml") or not path.is_file():
                continue
            source, name = path.read_text(), path.relative_to(folder).as_posix()
            found = faults_of_code(source, name, engine)
            if path.suffix != ".txt":
                found += faults_of_markup(source, mail=bool(MAIL.search(name)))
            shown = path.relative_to(BASE) if path.is_relative_to(BASE) else path
            faults += [f"{shown}:{line}: {what}" for line, what in found]
    return faults


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pcp_portal.settings.test")
    django.setup()
    given = [Path(argument).resolve() for argument in sys.argv[1:]]
    folders = given or [BASE / "templates", *sorted(BASE.glob("*/templates"))]
    if faults := lint(folders):
        sys.exit("\n".join(faults))


if __name__ == "__main__":
    main()
