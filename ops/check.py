"""make check: everything that can be said about the code without running the portal.

All checks run, two at a time; what fails is shown in full, and the exit status is 1.
"""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from ops.servers import BASE

TYPED = ["services", "rules", "querysets", "tasks", "statistics"]

# None of these is used: the checks start no server and send nothing.
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "pcp_portal.settings.production",
    "SECRET_KEY": "made-for-the-deploy-checks-only-0123456789-abcdefghijklmnopq",
    "ALLOWED_HOSTS": "portal.example.org",
    "SITE_URL": "https://portal.example.org",
    "EMAIL_URL": "smtp+tls://portal:secret@mail.example.org:587",
    "DATABASE_URL": "postgresql://portal:secret@127.0.0.1:1/portal",
    "REDIS_URL": "redis://127.0.0.1:1/0",
}
TEST = {
    "DJANGO_SETTINGS_MODULE": "pcp_portal.settings.test",
    "DATABASE_URL": PRODUCTION["DATABASE_URL"],
    "REDIS_URL": PRODUCTION["REDIS_URL"],
}


@dataclass
class Check:
    name: str
    argv: list[str]
    env: dict[str, str] = field(default_factory=dict)

    def run(self) -> tuple[int, str, float]:
        started = time.monotonic()
        done = subprocess.run(
            [sys.executable, *self.argv],
            cwd=BASE,
            env={**os.environ, **self.env},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        return done.returncode, done.stdout.strip(), time.monotonic() - started


def typed_files() -> list[str]:
    """The modules that mypy judges strictly."""
    found = [BASE / "ops"]
    for name in TYPED:
        found += [*BASE.glob(f"*/{name}.py"), *BASE.glob(f"*/{name}/")]
    return sorted(str(path.relative_to(BASE)) for path in found)


def checks() -> list[Check]:
    contracts = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    # Without a database Django warns that it cannot read the history; it compares models only.
    quiet = ["-W", "ignore::RuntimeWarning"]
    return [
        Check("types (mypy)", ["-m", "mypy", *typed_files()], TEST),
        Check("lint (ruff)", ["-m", "ruff", "check", "--output-format", "concise", "."]),
        Check(
            "format (ruff)", ["-m", "ruff", "format", "--check", "--output-format", "concise", "."]
        ),
        Check("imports between floors", ["-c", contracts]),
        Check(
            "migrations",
            [*quiet, "manage.py", "makemigrations", "--check", "--dry-run"],
            TEST,
        ),
        Check(
            "deployment",
            ["manage.py", "check", "--deploy", "--fail-level", "WARNING"],
            PRODUCTION,
        ),
        Check("templates", ["-m", "ops.lint_templates"], TEST),
        Check("requirements", ["-m", "ops.lint_requirements"]),
    ]


def main() -> None:
    all_checks = checks()
    failed = 0
    with ThreadPoolExecutor(2) as pool:
        results = [pool.submit(check.run) for check in all_checks]
        for check, result in zip(all_checks, results, strict=True):
            code, said, seconds = result.result()
            print(f"{'ok' if code == 0 else 'FAULT':6} {check.name} ({seconds:.1f} s)", flush=True)
            if code:
                failed += 1
                print(said or f"exit status {code}", flush=True)
    if failed:
        sys.exit(f"{failed} of {len(all_checks)} checks found faults.")
    print(f"All {len(all_checks)} checks passed.")


if __name__ == "__main__":
    main()
