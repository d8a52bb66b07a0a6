"""Names are imported downward only: the contracts of pyproject.toml hold, and notice a breach."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.house import OUR_APPS, ROOT


def contracts(root: Path) -> subprocess.CompletedProcess[str]:
    """What the import linter says of the tree at `root`."""
    return subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"],
        cwd=root,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(root), "COLUMNS": "200"},
    )


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Our packages and their contracts, in a folder where something may be planted."""
    folder = tmp_path_factory.mktemp("house")
    shutil.copy(ROOT / "pyproject.toml", folder)
    for package in (*OUR_APPS, "ops"):
        shutil.copytree(
            ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__")
        )
    return folder


def test_contracts_hold() -> None:
    said = contracts(ROOT)

    assert said.returncode == 0, said.stdout + said.stderr


@pytest.mark.parametrize(
    ("module", "line", "told"),
    [
        (
            "partners/querysets/register.py",
            "import payments.models",
            "partners is not allowed to import",
        ),
        ("accounts/rules.py", "import reminders.models", "accounts is not allowed to import"),
        ("payments/querysets.py", "import assignments.models", "is not allowed to import"),
        ("nhsuk/pages.py", "import workflow.stamps", "nhsuk is not allowed to import workflow"),
        ("partners/querysets/register.py", "import partners.models", "is not allowed to import"),
        ("accounts/rules.py", "import ops.servers", "accounts is not allowed to import ops"),
    ],
    ids=["upward", "to the top", "sibling", "ground floor", "inside an app", "ops"],
)
def test_contracts_notice_a_planted_import(copy: Path, module: str, line: str, told: str) -> None:
    planted = copy / module
    before = planted.read_text()
    planted.write_text(f"{before}\n{line}\n")

    said = contracts(copy)

    planted.write_text(before)
    assert said.returncode == 1, said.stdout + said.stderr
    assert told in said.stdout
