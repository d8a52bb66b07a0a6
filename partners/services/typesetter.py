"""Sets `page.typ` of a folder, with the data.json beside it, as out.pdf: a process of its own.

Run by its path, without Django: `python typesetter.py FOLDER FONTS SECONDS`, where SECONDS is the
time that the PDF says it was made at. What typst takes for a long document goes back with the
process, and one that would never end can be ended.

The PDF declares PDF/UA-1, which asks that each letter be in a font. A letter that no font here
has is shown as `REPLACEMENT`, and data.json says so by a true `unprintable`.
"""

import json
import re
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import typst

REPLACEMENT = "\N{WHITE SQUARE}"
# Sets each letter by itself: typst can come to grief over a line of several that no font has.
_LETTERS = '#set document(title: "Letters")\n#for one in json("letters.json") { par(one) }\n'
_LOST = re.compile(r'the text `"((?:[^"\\]|\\.)*)"` could not be displayed')
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")
# Letters may be missing only together, such as a mark over one it is never written over.
_TRIES = 3


def main(folder: Path, fonts: str, seconds: int) -> None:
    options: dict[str, Any] = {
        "font_paths": typst.Fonts(font_paths=[fonts]),
        "root": str(folder),
        "timestamp": datetime.fromtimestamp(seconds, UTC),
        "pdf_standards": ["ua-1"],
    }
    data = json.loads((folder / "data.json").read_text(encoding="utf-8"))
    lost = _letters_lost(folder, data, options)
    for _ in range(_TRIES):
        if lost:
            data = {**_without(lost, data), "unprintable": True}
            _write(folder / "data.json", data)
        made, lost = _made(folder / "page.typ", options)
        if made is not None:
            (folder / "out.pdf").write_bytes(made)
            return
    raise ValueError(f"These could not be replaced: {sorted(lost)}")


def _letters_lost(folder: Path, data: Any, options: dict[str, Any]) -> set[str]:
    letters = sorted(letter for letter in set("".join(_texts(data))) if not letter.isascii())
    if not letters:
        return set()
    _write(folder / "letters.json", letters)
    page = folder / "letters.typ"
    page.write_text(_LETTERS, encoding="utf-8")
    return _made(page, options)[1]


def _made(page: Path, options: dict[str, Any]) -> tuple[bytes | None, set[str]]:
    """The PDF of `page`; or None, and what no font here has."""
    try:
        return typst.compile(str(page), **options), set()
    except typst.TypstError as error:
        found = _LOST.findall(error.diagnostic)
        if not found:
            raise
        return None, {_ESCAPED.sub(lambda code: chr(int(code[1], 16)), text) for text in found}


def _texts(data: Any) -> list[str]:
    """Everything in `data` that is printed; an address is followed, not read."""
    if isinstance(data, dict):
        return [text for key, one in data.items() if key != "link" for text in _texts(one)]
    if isinstance(data, list):
        return [text for one in data for text in _texts(one)]
    return [data] if isinstance(data, str) else []


def _without(lost: set[str], data: Any) -> Any:
    if isinstance(data, dict):
        return {key: one if key == "link" else _without(lost, one) for key, one in data.items()}
    if isinstance(data, list):
        return [_without(lost, one) for one in data]
    if not isinstance(data, str):
        return data
    single = {ord(text): REPLACEMENT for text in lost if len(text) == 1}
    for text in sorted(lost, key=len, reverse=True):
        if len(text) > 1:
            data = data.replace(text, REPLACEMENT)
    return data.translate(single)


def _write(path: Path, data: Any) -> None:
    path.write_text(json.dumps(data), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
