"""Whether requirements*.txt, constraints.txt, package.json and what is installed agree. Offline.

`python -m ops.lint_requirements` prints one line a fault and ends with status 1 if there is one.
"""

import json
import sys
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from ops.servers import BASE


def read(path: Path) -> list[Requirement]:
    lines = [line.split("#")[0].strip() for line in path.read_text().splitlines()]
    return [Requirement(line) for line in lines if line and not line.startswith("-")]


def pins(path: Path) -> dict[str, str]:
    """Name to version of every line that holds on this Python."""
    return {
        canonicalize_name(one.name): str(one.specifier).removeprefix("==")
        for one in read(path)
        if one.marker is None or one.marker.evaluate()
    }


def faults_of_python(folder: Path) -> list[str]:
    pinned = pins(folder / "constraints.txt")
    seen = set()
    waiting = read(folder / "requirements.txt") + read(folder / "requirements-dev.txt")
    faults = [
        f"{one.name}: pin one version in requirements*.txt"
        for one in waiting
        if not str(one.specifier).startswith("==")
    ]
    while waiting:
        one = waiting.pop()
        name = canonicalize_name(one.name)
        key = (name, frozenset(one.extras), str(one.specifier))
        if key in seen:
            continue
        seen.add(key)
        if name not in pinned:
            faults.append(f"{name}: not pinned in constraints.txt")
            continue
        if not one.specifier.contains(pinned[name], prereleases=True):
            faults.append(
                f"{name}: constraints.txt pins {pinned[name]}, but {one.specifier} is needed"
            )
        try:
            installed = distribution(name)
        except PackageNotFoundError:
            faults.append(f"{name}: not installed (run `make setup`)")
            continue
        if installed.version != pinned[name]:
            faults.append(f"{name}: {installed.version} is installed, not {pinned[name]}")
        for text in installed.requires or []:
            needed = Requirement(text)
            extras = ["", *one.extras]
            if needed.marker is None or any(needed.marker.evaluate({"extra": e}) for e in extras):
                waiting.append(needed)
    return sorted(set(faults))


def faults_of_node(folder: Path) -> list[str]:
    wanted = json.loads((folder / "package.json").read_text())
    locked = json.loads((folder / "package-lock.json").read_text())
    faults = [
        f"package-lock.json does not have the {group} of package.json"
        for group in ("dependencies", "devDependencies")
        if wanted.get(group, {}) != locked["packages"][""].get(group, {})
    ]
    if any("resolved" in entry for entry in locked["packages"].values()):
        faults.append(
            "package-lock.json names a registry: write it with --omit-lockfile-registry-resolved"
        )
    return faults


if __name__ == "__main__":
    if found := faults_of_python(BASE) + faults_of_node(BASE):
        sys.exit("\n".join(found))
