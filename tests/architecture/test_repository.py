"""The repository: migrations in a line, decisions numbered once, nothing of one machine in it."""

import re
import subprocess
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from django.db.migrations.loader import MigrationLoader

from tests.architecture.house import OUR_APPS, ROOT, tracked_files

# --- Migrations ----------------------------------------------------------------------------------

Key = tuple[str, str]


def not_in_line(migrations: Mapping[Key, Iterable[Key]]) -> list[str]:
    """Migrations of one app that two others follow, or that begin a second line."""
    faults = []
    for app in sorted({app for app, _ in migrations}):
        parents = {
            name: [parent for of, parent in needs if of == app]
            for (of_app, name), needs in migrations.items()
            if of_app == app
        }
        followed = Counter(parent for mine in parents.values() for parent in mine)
        faults += [
            f"{app}.{name} is followed twice" for name, times in followed.items() if times > 1
        ]
        faults += [
            f"{app}.{name} joins two lines" for name, mine in parents.items() if len(mine) > 1
        ]
        starts = [name for name, mine in parents.items() if not mine]
        faults += [f"{app} begins {len(starts)} times"] if len(starts) != 1 else []
    return faults


def test_migrations_are_in_line() -> None:
    loader = MigrationLoader(None)
    ours = {
        key: migration.dependencies
        for key, migration in loader.disk_migrations.items()
        if key[0] in OUR_APPS
    }

    assert ours
    assert not_in_line(ours) == []


def test_migrations_notices_a_planted_fork() -> None:
    line = {("a", "0001"): [], ("a", "0002"): [("a", "0001"), ("b", "0001")], ("b", "0001"): []}
    fork = {**line, ("a", "0002_too"): [("a", "0001")]}

    assert not_in_line(line) == []
    assert not_in_line(fork) == ["a.0001 is followed twice"]
    assert not_in_line({**line, ("b", "0002"): []}) == ["b begins 2 times"]


# --- Decisions -----------------------------------------------------------------------------------


def misnumbered(folder: Path) -> list[str]:
    """Decision records whose number is taken, missing or out of the row."""
    names = sorted(path.name for path in folder.glob("*.md") if path.name != "README.md")
    numbers = [name[:4] for name in names]
    faults = [f"{name} has no number" for name in names if not re.match(r"\d{4}-", name)]
    faults += [f"{number} is taken twice" for number, n in Counter(numbers).items() if n > 1]
    if not faults and numbers != [f"{number:04}" for number in range(1, len(names) + 1)]:
        faults.append("a number is missing")
    return faults


def test_decisions_are_numbered_once() -> None:
    assert misnumbered(ROOT / "docs" / "adr") == []


def test_decisions_notices_planted_numbers(tmp_path: Path) -> None:
    for name in ("0001-one.md", "0002-two.md"):
        (tmp_path / name).touch()
    assert misnumbered(tmp_path) == []

    (tmp_path / "0004-four.md").touch()
    assert misnumbered(tmp_path) == ["a number is missing"]

    (tmp_path / "0002-again.md").touch()
    assert misnumbered(tmp_path) == ["0002 is taken twice"]


# --- Nothing of one machine ----------------------------------------------------------------------

# Put together here, so that this file does not find itself.
_MACHINE = re.compile(
    "|".join("/" + place for place in (r"home/\w", r"Users/\w", "work/", "root/"))
)
# Where packages come from, as anybody can reach it.
REGISTRIES = {"registry.npmjs.org", "pypi.org", "files.pythonhosted.org"}
_REGISTRY_FILES = re.compile(
    r"(^|/)(package(-lock)?\.json|.*requirements.*\.txt|constraints\.txt|\.npmrc|pip\.conf|pyproject\.toml"
    r"|uv\.lock|Dockerfile|compose\.yaml|Makefile|run)$|^\.ci/|^ops/"
)
_ADDRESS = re.compile(r"https?://[^\s\"'`<>)\]}]+")
# Addresses in those files that no package comes from.
NO_REGISTRY = {"localhost", "127.0.0.1", "opencollective.com", "github.com"}


def of_one_machine(files: Iterable[Path], root: Path) -> list[str]:
    """Lines with a path of one machine, or with packages from a place others cannot reach."""
    faults = []
    for path in files:
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # an image or a workbook
        name = path.relative_to(root).as_posix()
        for number, line in enumerate(text.splitlines(), 1):
            if _MACHINE.search(line):
                faults.append(f"{name}:{number} has a path of one machine")
            if not _REGISTRY_FILES.search(name) or '"funding"' in line or '"url":' in line:
                continue
            for address in _ADDRESS.findall(line):
                host = urlsplit(address).hostname or ""
                if not host or host in REGISTRIES | NO_REGISTRY or "{" in address:
                    continue
                if host.split(".")[-2:] == ["example", "org"]:
                    continue  # nobody's, by agreement
                faults.append(f"{name}:{number} names the host {host}")
    return faults


def test_nothing_of_one_machine() -> None:
    assert of_one_machine(tracked_files(), ROOT) == []


def test_machine_notices_planted_lines(tmp_path: Path) -> None:
    (tmp_path / "notes.md").write_text(
        "See " + "/home" + "/mo/portal, and https://anywhere.example"
    )
    (tmp_path / "requirements.txt").write_text("--index-url https://mirror.internal.example/simple")
    (tmp_path / "package-lock.json").write_text(
        '"resolved": "https://registry.npmjs.org/a",\n"resolved": "http://10.0.0.9:4873/b"'
    )

    assert of_one_machine(sorted(tmp_path.iterdir()), tmp_path) == [
        "notes.md:1 has a path of one machine",
        "package-lock.json:2 names the host 10.0.0.9",
        "requirements.txt:1 names the host mirror.internal.example",
    ]


def test_tracked_files_are_those_of_git(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    (tmp_path / ".gitignore").write_text("var/\n")
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "left.py").touch()
    (tmp_path / "new.py").touch()

    names = {path.name for path in tracked_files(tmp_path)}

    assert names == {".gitignore", "new.py"}


def pictures_that_do_not_match(root: Path) -> list[str]:
    """Pictures that the page of pictures lacks, shows without having, or that no journey makes."""
    page = (root / "docs" / "screenshots.md").read_text()
    shown = set(re.findall(r"\(screenshots/([\w-]+)\.png\)", page))
    there = {path.stem for path in (root / "docs" / "screenshots").glob("*.png")}
    journeys = "".join(path.read_text() for path in (root / "tests" / "system").glob("*.py"))
    return sorted(
        [f"{name} is not shown" for name in there - shown]
        + [f"{name} is not there" for name in shown - there]
        + [f"{name} is made by no journey" for name in shown if f'"{name}"' not in journeys]
    )


def test_every_picture_is_shown_and_made_by_a_journey() -> None:
    assert pictures_that_do_not_match(ROOT) == []


def test_pictures_notice_one_that_is_missing_and_one_that_nobody_makes(tmp_path: Path) -> None:
    (tmp_path / "docs" / "screenshots").mkdir(parents=True)
    (tmp_path / "tests" / "system").mkdir(parents=True)
    (tmp_path / "docs" / "screenshots.md").write_text("![](screenshots/lost.png)")
    (tmp_path / "docs" / "screenshots" / "unshown.png").touch()

    assert pictures_that_do_not_match(tmp_path) == [
        "lost is made by no journey",
        "lost is not there",
        "unshown is not shown",
    ]
