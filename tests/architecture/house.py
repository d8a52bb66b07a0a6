"""The house as its guards see it: floors, apps, models, source files, tracked files."""

import ast
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.apps import apps
from django.db import models

ROOT = Path(__file__).resolve().parents[2]

# Top to bottom, as in docs/architecture.md; apps on one floor never know each other.
FLOORS: tuple[frozenset[str], ...] = (
    frozenset({"pcp_portal"}),
    frozenset({"reminders"}),
    frozenset({"assignments", "observations", "mentoring", "payments"}),
    frozenset({"partners"}),
    frozenset({"accounts"}),
    frozenset({"nhsuk", "workflow"}),
)
OUR_APPS: tuple[str, ...] = tuple(app for floor in FLOORS for app in sorted(floor))


def floor_of(app: str) -> int | None:
    """The floor of one of our apps, counted from the top; None for a third party's."""
    return next((number for number, floor in enumerate(FLOORS) if app in floor), None)


def our_models() -> list[type[models.Model]]:
    """Every model of our apps, pghistory's event models included."""
    return [model for model in apps.get_models() if model._meta.app_label in OUR_APPS]


def python_files(root: Path = ROOT, *, tests: bool = False) -> Iterator[Path]:
    """Our apps' modules, without migrations; tests only when asked for."""
    for app in OUR_APPS:
        for path in sorted((root / app).rglob("*.py")):
            inside = path.relative_to(root / app).parts
            if "migrations" in inside or ("tests" in inside and not tests):
                continue
            yield path


def parsed(paths: Iterable[Path], root: Path = ROOT) -> Iterator[tuple[str, str, ast.Module]]:
    """Name relative to `root`, text and syntax tree of each file."""
    for path in paths:
        text = path.read_text(encoding="utf-8")
        yield path.relative_to(root).as_posix(), text, ast.parse(text)


def tracked_files(root: Path = ROOT) -> list[Path]:
    """What git keeps, and what it would keep: new files that are not ignored count too."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=root,
        capture_output=True,
        check=True,
        text=True,
    ).stdout
    return [root / name for name in listed.split("\0") if name and (root / name).is_file()]
