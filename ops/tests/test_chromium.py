"""Unpacking the test browser, on a Python without tarfile's filters too (Debian 12 has one)."""

import io
import tarfile
from pathlib import Path

import pytest

from ops.chromium import unpack_below
from ops.servers import Trouble

# Pythons that have filters warn of the way that older ones unpack.
pytestmark = pytest.mark.filterwarnings("ignore:Python 3.14 will:DeprecationWarning")


def packed(name: str) -> tarfile.TarFile:
    """An archive with one file called `name`."""
    kept = io.BytesIO()
    with tarfile.open(fileobj=kept, mode="w") as archive:
        member = tarfile.TarInfo(name)
        member.size = 5
        archive.addfile(member, io.BytesIO(b"inner"))
    kept.seek(0)
    return tarfile.open(fileobj=kept)


@pytest.fixture(params=["with filters", "without"])
def tarfile_of_the_day(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "without":
        monkeypatch.delattr(tarfile, "data_filter", raising=False)


@pytest.mark.usefixtures("tarfile_of_the_day")
def test_file_inside_is_unpacked(tmp_path: Path) -> None:
    with packed("lib/part.so") as archive:
        unpack_below(tmp_path / "new", archive)

    assert (tmp_path / "new" / "lib" / "part.so").read_text() == "inner"


@pytest.mark.usefixtures("tarfile_of_the_day")
def test_file_outside_is_refused(tmp_path: Path) -> None:
    with packed("../outside") as archive, pytest.raises((Trouble, tarfile.TarError)):
        unpack_below(tmp_path / "new", archive)

    assert not (tmp_path / "outside").exists()
