"""The test browser: Chromium of the npm package @sparticuz/chromium, unpacked by Python alone.

`python -m ops.chromium` unpacks it and prints where it is; the tests call `program()` themselves.
"""

import fcntl
import io
import json
import os
import shutil
import tarfile
from pathlib import Path

from ops.servers import BASE, Trouble, make_folder

PACKAGE = BASE / "node_modules" / "@sparticuz" / "chromium"
ARIMO = BASE / "node_modules" / "@expo-google-fonts" / "arimo"

# Arimo has the widths of Arial, so that lines break where they do for most people. It is the only
# face: the machine's own fonts would make a page look different on every machine.
FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>{fonts}</dir>
  <cachedir>{cache}</cachedir>
  <alias binding="same"><family>Arial</family><prefer><family>Arimo</family></prefer></alias>
  <alias binding="same"><family>Helvetica</family><prefer><family>Arimo</family></prefer></alias>
  <alias binding="same">
    <family>Liberation Sans</family><prefer><family>Arimo</family></prefer>
  </alias>
  <alias><family>sans-serif</family><prefer><family>Arimo</family></prefer></alias>
</fontconfig>
"""


def folder() -> Path:
    """Where the browser is unpacked; a new version gets a new folder."""
    version = json.loads((PACKAGE / "package.json").read_text())["version"]
    return BASE / "var" / f"chromium-{version}"


def program() -> Path:
    """The browser's executable, unpacked when it is not there yet; CHROMIUM names another one."""
    if os.environ.get("CHROMIUM"):
        return Path(os.environ["CHROMIUM"])
    if not PACKAGE.exists():
        raise Trouble("The test browser is not installed: run `make setup`.")
    there = folder()
    if not (there / "chromium").exists():
        make_folder(there.parent)
        with (there.parent / ".chromium.lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not (there / "chromium").exists():
                _unpack(there)
    return there / "chromium"


def environment() -> dict[str, str]:
    """The environment that the browser needs: its own libraries and fonts."""
    if os.environ.get("CHROMIUM"):
        return dict(os.environ)
    there = folder()
    return {
        **os.environ,
        "LD_LIBRARY_PATH": str(there / "al2023" / "lib"),
        "FONTCONFIG_PATH": str(there / "fonts"),
        "VK_ICD_FILENAMES": str(there / "swiftshader" / "vk_swiftshader_icd.json"),
    }


def _unpack(there: Path) -> None:
    import brotli

    new = there.with_name(f"{there.name}.new")
    shutil.rmtree(new, ignore_errors=True)
    (new / "fonts").mkdir(parents=True)
    for name in ("swiftshader", "al2023"):
        packed = brotli.decompress((PACKAGE / "bin" / f"{name}.tar.br").read_bytes())
        with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
            unpack_below(new / name, archive)
    for font in ARIMO.glob("*/*.ttf"):
        shutil.copy(font, new / "fonts")
    cache = there / "font-cache"
    (new / "fonts" / "fonts.conf").write_text(FONTS.format(fonts=there / "fonts", cache=cache))
    (new / "chromium").write_bytes(
        brotli.decompress((PACKAGE / "bin" / "chromium.br").read_bytes())
    )
    (new / "chromium").chmod(0o755)
    shutil.rmtree(there, ignore_errors=True)
    new.rename(there)


if __name__ == "__main__":
    print(program())


def unpack_below(folder: Path, archive: tarfile.TarFile) -> None:
    """Unpack below `folder` only; Python 3.11.3 and older have no filter that sees to it."""
    if hasattr(tarfile, "data_filter"):
        archive.extractall(folder, filter="data")
        return
    for member in archive.getmembers():
        inside = (folder / member.name).resolve().is_relative_to(folder.resolve())
        if not inside or not (member.isfile() or member.isdir() or member.issym()):
            raise Trouble(f"The test browser's package holds a file out of place: {member.name}.")
    archive.extractall(folder)  # noqa: S202 - every member was looked at
