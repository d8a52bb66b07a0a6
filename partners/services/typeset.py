"""Papers set by typst: a page and its data become a tagged PDF, in a process of its own.

What people wrote reaches the page as text, never as markup.
"""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from accounts.models import Programme
from partners.services import typesetter

MEDIA_TYPE = "application/pdf"
MOST_SECONDS = 50  # a worker that is silent for a minute is taken for dead
_FONTS = Path(settings.BASE_DIR) / "static" / "vendor" / "fonts" / "pdf"
_PIECE = 256 * 1024
_ACCENTS = {
    "blue": "#00407d",
    "teal": "#00474a",
    "purple": "#341c68",
    "green": "#004620",
    "plum": "#581a3c",
}


def accent_of(programme: Programme) -> str:
    """The programme's colour, dark enough for paper."""
    return _ACCENTS.get(programme.accent, _ACCENTS["blue"])


def typeset(folder: Path, page: str, data: dict[str, Any], now: datetime) -> Path:
    """Where the PDF of `data` is, set in `folder` by the page of that name under templates/."""
    shutil.copyfile(Path(settings.BASE_DIR) / "templates" / page, folder / "page.typ")
    (folder / "data.json").write_text(json.dumps(data), encoding="utf-8")
    subprocess.run(  # noqa: S603 - our own script, and paths of our own
        [sys.executable, typesetter.__file__, folder, _FONTS, str(int(now.timestamp()))],
        check=True,
        timeout=MOST_SECONDS,
        capture_output=True,
    )
    return folder / "out.pdf"


def pieces(path: Path) -> Iterator[bytes]:
    """A file in parts, so that it is whole nowhere."""
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            yield piece
