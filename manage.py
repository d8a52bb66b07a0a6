#!/usr/bin/env python
"""Django's commands. Without DATABASE_URL each starts, or finds, the embedded PostgreSQL."""

import os
import sys

WITHOUT_DATABASE = {
    "agreement",
    "collectstatic",
    "compilemessages",
    "diffsettings",
    "findstatic",
    "help",
    "makemessages",
    "spc",
    "startapp",
    "version",
}


def needs_embedded_database(argv: list[str]) -> bool:
    if os.environ.get("DATABASE_URL") or os.environ["DJANGO_SETTINGS_MODULE"].endswith(
        ".production"
    ):
        return False
    if len(argv) < 2 or argv[1] in WITHOUT_DATABASE or argv[1].startswith("-"):
        return False
    return not {"-h", "--help", "--version"} & set(argv)


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pcp_portal.settings.dev")
    try:
        from django.core.management import execute_from_command_line  # noqa: PLC0415 - may be missing
    except ImportError:
        sys.exit(
            "Django is not installed here: run `make setup`, then use .venv/bin/python manage.py."
        )
    if not needs_embedded_database(sys.argv):
        execute_from_command_line(sys.argv)
        return
    from ops.database import held  # noqa: PLC0415 - real servers have no embedded database
    from ops.servers import Trouble, var_folder  # noqa: PLC0415

    try:
        with held(var_folder()):
            execute_from_command_line(sys.argv)
    except Trouble as trouble:
        sys.exit(str(trouble))


if __name__ == "__main__":
    main()
