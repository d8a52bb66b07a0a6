"""Sets `page.typ` of a folder, with the data.json beside it, as out.pdf: a process of its own.

Run by its path, without Django: `python typesetter.py FOLDER FONTS SECONDS`, where SECONDS is the
time that the PDF says it was made at. What typst takes for a long document goes back with the
process, and one that would never end can be ended.

It asks for PDF/UA-1. Where somebody wrote letters that no font here has, such as emoji, that
standard cannot be met, and the same tagged PDF is made without saying that it meets it.
"""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import typst


def main(folder: Path, fonts: str, seconds: int) -> None:
    options: dict[str, Any] = {
        "font_paths": [fonts],
        "root": str(folder),
        "timestamp": datetime.fromtimestamp(seconds, UTC),
    }
    page = str(folder / "page.typ")
    try:
        made = typst.compile(page, pdf_standards=["ua-1"], **options)
    except typst.TypstError as error:
        if "could not be displayed" not in str(error):
            raise
        made = typst.compile(page, **options)
    (folder / "out.pdf").write_bytes(made)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
