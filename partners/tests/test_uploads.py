"""Uploads: what gets through, what is refused, and what is left of a photograph."""

import struct
import zipfile
import zlib
from datetime import UTC, datetime
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import ExifTags, Image, ImageOps, PngImagePlugin

from accounts.tests.factories import ProgrammeFactory
from partners.models import FilePiece, StoredFile
from partners.services import files, uploads
from partners.services.refusal import Refusal

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)


def picture(
    kind: str = "JPEG", *, mode: str = "RGB", size: tuple[int, int] = (40, 20), **info: object
) -> bytes:
    out = BytesIO()
    Image.new(mode, size, "teal" if mode != "L" else 90).save(out, kind, **info)
    return out.getvalue()


def png_with_a_broken_part() -> bytes:
    out = BytesIO()
    Image.effect_noise((300, 300), 50).save(out, "PNG")
    first, second, rest = out.getvalue().split(b"IDAT", 2)
    return first + b"IDAT" + second + b"\x01\x02\x03\x04" + rest


def png_with_a_text_bomb() -> bytes:
    note = PngImagePlugin.PngInfo()
    note.add_text("Comment", "0" * 2_000_000, zip=True)
    return picture("PNG", pnginfo=note)


def document(packing: int = zipfile.ZIP_DEFLATED, **members: str) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", packing) as archive:
        for name, text in {
            "[Content_Types].xml": "<Types/>",
            "word/document.xml": "<w:document/>",
            **members,
        }.items():
            archive.writestr(name, text)
    return out.getvalue()


def in_the_list(made: bytes, offset: int, value: bytes) -> bytes:
    """`made` with `value` in the first entry of its list of contents (APPNOTE.TXT, 4.3.12)."""
    at = made.index(b"PK\x01\x02") + offset
    return made[:at] + value + made[at + len(value) :]


def damaged(kind: str) -> bytes:
    """A document that breaks its reader in the way that `kind` names."""
    made = document(**{"word/\u00e9.xml": "text " * 100})
    contents = made.index(b"PK\x01\x02")
    if kind == "a name in no alphabet":
        return made[:contents] + made[contents:].replace(b"\xc3\xa9", b"\xff\xff")
    if kind == "a version to come":
        return in_the_list(made, 6, b"\xff\x00")
    if kind == "bytes that cannot be unpacked":
        begins = made.index(b"[Content_Types].xml") + len("[Content_Types].xml")
        return made[:begins] + b"\xff" * 5 + made[begins + 5 :]
    if kind == "a place before the beginning":
        end = made.rindex(b"PK\x05\x06") + 16
        (begins,) = struct.unpack("<I", made[end : end + 4])
        return made[:end] + struct.pack("<I", begins + 1000) + made[end + 4 :]
    if kind == "a part that never ends":
        stored = document(zipfile.ZIP_STORED)
        sizes = stored.rindex(b"PK\x01\x02") + 20
        return stored[:sizes] + struct.pack("<II", 10**6, 10**6) + stored[sizes + 8 :]
    if kind == "a place past any end":
        return far_away(document(zipfile.ZIP_STORED))
    bomb = document(**{"[Content_Types].xml": "0" * (101 * 1024 * 1024)})
    return in_the_list(bomb, 24, struct.pack("<I", 10))


def far_away(made: bytes) -> bytes:
    """`made` whose first part is said to begin 2**64 - 1 bytes in (zip64, APPNOTE 4.5.3)."""
    extra = struct.pack("<HHQ", 1, 8, 2**64 - 1)
    made = in_the_list(in_the_list(made, 42, b"\xff" * 4), 30, struct.pack("<H", len(extra)))
    listed = made.index(b"PK\x01\x02")
    (name,) = struct.unpack("<H", made[listed + 28 : listed + 30])
    made = made[: listed + 46 + name] + extra + made[listed + 46 + name :]
    size = made.rindex(b"PK\x05\x06") + 12
    (before,) = struct.unpack("<I", made[size : size + 4])
    return made[:size] + struct.pack("<I", before + len(extra)) + made[size + 4 :]


def huge_png(width: int = 20_000, height: int = 15_000) -> bytes:
    """A header that promises 300 megapixels, in a hundred bytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        checksum = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + checksum

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    packed = zlib.compress(b"\0" * 1000)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")
    )


def check(content: bytes, name: str = "file.bin") -> uploads.Checked:
    return uploads.checked(SimpleUploadedFile(name, content))


def test_photograph_keeps_nothing_of_the_camera() -> None:
    exif = Image.Exif()
    exif[0x010F] = "CAMERAMAKER"
    exif.get_ifd(0x8825)[2] = (53.0, 24.0, 36.0)
    taken = picture(exif=exif.tobytes(), comment=b"HOMEADDRESS")
    assert b"CAMERAMAKER" in taken
    assert b"HOMEADDRESS" in taken

    kept = check(taken, "IMG 1.jpeg")

    assert (kept.name, kept.media_type) == ("IMG 1.jpg", uploads.JPEG)
    assert b"CAMERAMAKER" not in kept.content
    assert b"HOMEADDRESS" not in kept.content
    read = Image.open(BytesIO(kept.content))
    assert dict(read.getexif()) == {}
    assert read.size == (40, 20)


def test_photograph_stands_upright_though_its_note_of_that_is_gone() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6

    kept = check(picture(exif=exif.tobytes()))

    assert Image.open(BytesIO(kept.content)).size == (20, 40)


@pytest.mark.parametrize(
    ("size", "turn", "kept"),
    [
        ((4096, 64), 1, (4096, 64)),
        ((4098, 64), 6, (32, 2049)),
        ((20000, 64), 1, (2500, 8)),
    ],
)
def test_large_photograph_is_kept_smaller_and_upright(
    size: tuple[int, int], turn: int, kept: tuple[int, int]
) -> None:
    exif = Image.Exif()
    exif[0x0112] = turn

    smaller = check(picture(size=size, exif=exif.tobytes()))

    assert Image.open(BytesIO(smaller.content)).size == kept


@pytest.mark.parametrize("mode", ["RGBA", "L", "P", "1", "LA"])
def test_pictures_of_every_mode_are_kept(mode: str) -> None:
    made = Image.new(mode, (4, 4))
    out = BytesIO()
    made.save(out, "PNG")

    assert check(out.getvalue()).media_type == uploads.PNG


@pytest.mark.parametrize(
    ("content", "media_type", "name"),
    [
        (b"%PDF-1.7\n1 0 obj\n%%EOF\n", uploads.PDF, "minutes.pdf"),
        (b"%PDF-1.7\nstream\n\x80/JS\xff\nendstream\n%%EOF\n", uploads.PDF, "minutes.pdf"),
        (document(), uploads.DOCX, "minutes.docx"),
    ],
    ids=["pdf", "a scan as a pdf", "docx"],
)
def test_documents_are_kept_as_they_are(content: bytes, media_type: str, name: str) -> None:
    kept = check(content, "C:\\papers\\minutes.exe")

    assert kept == uploads.Checked(name, media_type, content)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "empty"),
        (b"MZ\x90\x00 a programme", "cannot tell what this file is"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "cannot tell what this file is"),
        (b"\x89PNG\r\n\x1a\n and nothing more", "damaged"),
        (b"\xff\xd8\xff\xe0 and nothing more", "damaged"),
        (picture()[:300], "damaged"),
        (png_with_a_broken_part(), "damaged"),
        (png_with_a_text_bomb(), "damaged"),
        (huge_png(), "50 million pixels"),
        (huge_png(10_000, 6_000), "50 million pixels"),
        (b"%PDF-1.7 cut short", "not complete"),
        (b"%PDF-1.7 /OpenAction << /S /JavaScript >> %%EOF", "holds a programme"),
        (
            b"%PDF-1.7\nstream\na\nendstream\n/S /JS (app) stream\nb\nendstream\n%%EOF",
            "holds a programme",
        ),
        (b"PK\x03\x04 and nothing more", "damaged"),
        (document(zipfile.ZIP_LZMA), "damaged"),
        (in_the_list(document(), 8, b"\x01\x00"), "locked with a password"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and more", "locked with a password, or made by an old"),
        (document(**{"word/vbaProject.bin": "x"}), "macro"),
        (document(**{"word/media/bomb.xml": "0" * (101 * 1024 * 1024)}), "unpacks to far more"),
        (document(**{f"word/{n}.xml": "" for n in range(2001)}), "unpacks to far more"),
        (b"\0" * (uploads.MAX_BYTES + 1), "larger than 10 MB"),
    ],
    ids=[
        "empty",
        "a renamed executable",
        "svg",
        "half a png",
        "half a jpeg",
        "a jpeg cut short",
        "a png broken between its parts",
        "two megabytes of text in two kilobytes",
        "300 megapixels",
        "60 megapixels",
        "half a pdf",
        "script in a pdf",
        "script between packed parts",
        "half a zip",
        "packed as no document is",
        "locked",
        "locked by word",
        "macro",
        "zip bomb",
        "too many members",
        "too large",
    ],
)
def test_upload_is_refused_with_a_sentence(content: bytes, told: str) -> None:
    with pytest.raises(Refusal, match=told) as refused:
        check(content, "holiday.png")

    assert refused.value.field == "file"


@pytest.mark.parametrize(
    "kind",
    [
        "a name in no alphabet",
        "a version to come",
        "bytes that cannot be unpacked",
        "a place before the beginning",
        "a place past any end",
        "a part that never ends",
        "a bomb that says it is small",
    ],
)
def test_document_that_breaks_its_reader_is_refused(kind: str) -> None:
    with pytest.raises(Refusal, match="damaged"):
        check(damaged(kind))


def test_mistake_of_our_own_is_not_told_as_damage(monkeypatch: pytest.MonkeyPatch) -> None:
    def mistaken(*_: object) -> None:
        raise ValueError("ours")

    monkeypatch.setattr(uploads, "_check_members", mistaken)
    monkeypatch.setattr(uploads, "_written_anew", mistaken)

    for content in (document(), picture()):
        with pytest.raises(ValueError, match="ours"):
            check(content)


def test_photograph_with_a_note_that_cannot_be_written_again_is_kept() -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    exif[ExifTags.Base.Make] = "MAKER"
    # The maker's name stands where a width should: Pillow reads such a note, and cannot write it.
    note = exif.tobytes().replace(b"\x01\x0f", b"\x01\x00", 1)
    with pytest.raises(struct.error):
        ImageOps.exif_transpose(Image.open(BytesIO(picture(exif=note))))

    kept = check(picture(exif=note))

    with Image.open(BytesIO(kept.content)) as image:
        assert image.size == (20, 40)


def test_long_unfinished_streams_are_looked_through_once() -> None:
    lines = 200_000

    parts = list(uploads._not_packed(b"stream\n" * lines))

    assert [len(part) for part in parts] == [7 * lines]


def test_a_zip_that_is_no_word_document_is_refused() -> None:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("readme.txt", "hello")

    with pytest.raises(Refusal, match="not a Word document"):
        check(out.getvalue())


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        ("a\r\nSet-Cookie: b.pdf", "aSet-Cookie b.pdf"),
        ("\u202efdp.exe", "fdp.pdf"),
        ("", "File.pdf"),
        ("ä" * 300 + ".pdf", "ä" * 100 + ".pdf"),
    ],
)
def test_names_are_clean(name: str, clean: str) -> None:
    assert uploads.clean_name(name, uploads.PDF) == clean


@pytest.mark.django_db
def test_file_is_kept_in_pieces_and_read_back_whole() -> None:
    parts = [b"a" * 700_000, b"b" * 700_000, b"c" * 700_000]

    file = files.store(
        programme=ProgrammeFactory(),
        name="x.pdf",
        media_type=uploads.PDF,
        content=iter(parts),
        now=NOW,
    )

    read = list(files.stream(file))
    assert [len(piece) for piece in read] == [StoredFile.PIECE, StoredFile.PIECE, 2848]
    assert b"".join(read) == b"".join(parts)
    assert file.size == 2_100_000


@pytest.mark.django_db
def test_file_is_removed_with_its_pieces() -> None:
    file = files.store(
        programme=ProgrammeFactory(), name="x", media_type=uploads.PDF, content=[b"a"], now=NOW
    )

    files.remove(file)

    assert not StoredFile.objects.exists()
    assert not FilePiece.objects.exists()
