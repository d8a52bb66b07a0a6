"""What people upload: told by its content, made harmless, or refused with a sentence.

Images are read and written anew, so that nothing of the camera survives (the place a photograph
was taken, the phone's number) and nothing that only looks like an image gets through. Documents
are kept as they are, and are therefore always handed out as attachments.
"""

import re
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from PIL import ExifTags, Image, ImageFile

from partners.services.refusal import Refusal

MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 50_000_000
LONGEST_EDGE = 4096  # of a photograph, in pixels; half of that is a page at 170 to the inch
MAX_UNPACKED = 100 * 1024 * 1024
MAX_MEMBERS = 2000

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
JPEG = "image/jpeg"
PNG = "image/png"
ENDINGS = {PDF: ".pdf", DOCX: ".docx", JPEG: ".jpg", PNG: ".png"}
ACCEPT = ".pdf,.docx,.jpg,.jpeg,.png"

# Word keeps a locked docx, and every doc, in this container of older days.
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_KINDS = "Choose a PDF, a Word document (docx), or a picture (jpeg or png)."
# A photograph's note of how the camera was held (EXIF 2.3, tag 274), and what sets it upright.
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_BOMB = "This picture has more than 50 million pixels. Save it smaller and try again."
# A sentence, and what the readers raise over bytes that do not go on as they began.
_BROKEN_PICTURE = (
    "This picture is damaged. Save it again and try once more.",
    (OSError, ValueError, SyntaxError),
)
_BROKEN_DOCX = (
    f"This file is damaged. {_KINDS}",
    (
        zipfile.BadZipFile,
        zlib.error,
        ValueError,
        NotImplementedError,
        EOFError,
        OverflowError,
    ),
)
_PACKINGS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
# What makes a document do something when it is opened.
_ACTIVE_PDF = re.compile(rb"/(JavaScript|JS|Launch|RichMedia|EmbeddedFile)\b")
# The packed bytes of a scan are any bytes: three of them say "/JS" in every other large one.
_PACKED_FROM, _PACKED_TO = re.compile(rb"\bstream\r?\n"), re.compile(rb"\bendstream\b")
_ACTIVE_DOCX = re.compile(r"vbaProject|\.bin$|\.exe$|\.dll$|activeX", re.IGNORECASE)


@dataclass(frozen=True)
class Checked:
    """A file fit to be kept: a clean name, what it is, its bytes."""

    name: str
    media_type: str
    content: bytes


def checked(uploaded: "UploadedFile[Any]", *, field: str = "file") -> Checked:
    """What was uploaded, fit to be kept.

    Raises Refusal, about `field`, with a sentence that says what to do.
    """
    if (uploaded.size or 0) > MAX_BYTES:
        raise Refusal("This file is larger than 10 MB. Choose a smaller one.", field)
    content = uploaded.read()
    if not content:
        raise Refusal("This file is empty. Choose another one.", field)
    try:
        media_type, content = _made_harmless(content)
    except Refusal as refusal:
        raise Refusal(str(refusal), field) from None
    return Checked(clean_name(uploaded.name or "", media_type), media_type, content)


def clean_name(name: str, media_type: str) -> str:
    """The file's own name without folders and control characters, ending as its content says."""
    stem = PurePosixPath(name.replace("\\", "/")).name
    stem = re.sub(r"\.[A-Za-z0-9]{1,5}$", "", stem)
    stem = re.sub(r'[\x00-\x1f\x7f"\\/:*?<>|\u200b-\u200f\u202a-\u202e\u2066-\u2069]', "", stem)
    return f"{stem.strip(' .')[:100] or 'File'}{ENDINGS[media_type]}"


def _made_harmless(content: bytes) -> tuple[str, bytes]:
    if content.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")):
        return _image(content)
    if content.startswith(b"%PDF-"):
        return PDF, _pdf(content)
    if content.startswith(b"PK\x03\x04"):
        return DOCX, _docx(content)
    if content.startswith(_OLE):
        raise Refusal(
            "This document is locked with a password, or made by an old Word. Save it as docx "
            "without a password, or as a PDF."
        )
    raise Refusal(f"We cannot tell what this file is. {_KINDS}")


@contextmanager
def _refused_as(sentence: str, errors: tuple[type[Exception], ...]) -> Iterator[None]:
    """Only around what a library reads: a mistake of our own must not be told as theirs."""
    try:
        yield
    except errors:
        raise Refusal(sentence) from None


def _image(content: bytes) -> tuple[str, bytes]:
    with (
        _refused_as(_BOMB, (Image.DecompressionBombError,)),
        _refused_as(*_BROKEN_PICTURE),
        warnings.catch_warnings(action="ignore", category=Image.DecompressionBombWarning),
    ):
        # The formats are named: Pillow knows many more, and their readers are rarely tried.
        image = Image.open(BytesIO(content), formats=("JPEG", "PNG"))
    # Told by the header, before a single pixel is unpacked.
    if image.width * image.height > MAX_PIXELS:
        raise Refusal(_BOMB)
    kind = "PNG" if image.format == "PNG" else "JPEG"
    with _refused_as(*_BROKEN_PICTURE):
        turn = _TURNS.get(image.getexif().get(ExifTags.Base.Orientation, 1))
        if kind == "JPEG":
            _unpack_smaller(image)
        image.load()
    upright = image if turn is None else image.transpose(turn)
    return _written_anew(upright, kind)


def _unpack_smaller(image: ImageFile.ImageFile) -> None:
    """Have a photograph decoded at half its size, a quarter or an eighth, to fit `LONGEST_EDGE`.

    The whole of 50 million pixels takes 200 MB, and as much again to be turned.
    """
    times = next((n for n in (1, 2, 4) if max(image.size) <= n * LONGEST_EDGE), 8)
    if times > 1:
        image.draft(None, (image.width // times, image.height // times))


def _written_anew(image: Image.Image, kind: str) -> tuple[str, bytes]:
    """The pixels alone: no EXIF, no XMP, no comments, no colour profile, no second frame."""
    mode = "RGBA" if kind == "PNG" and "A" in image.getbands() else "RGB"
    # Kept as it is where it can be: converting holds the picture twice.
    as_it_is = {mode, "L", "LA"} if kind == "PNG" else {mode, "L"}
    pixels = image if image.mode in as_it_is else image.convert(mode)
    pixels.info.clear()
    out = BytesIO()
    if kind == "PNG":
        pixels.save(out, "PNG", optimize=False)
        return PNG, out.getvalue()
    pixels.save(out, "JPEG", quality=88)
    return JPEG, out.getvalue()


def _pdf(content: bytes) -> bytes:
    """A PDF as it is. Only what stands in it unpacked is looked at: a reader guards the rest."""
    if b"%%EOF" not in content[-2048:]:
        raise Refusal("This PDF is not complete. Save it again and try once more.")
    if any(_ACTIVE_PDF.search(part) for part in _not_packed(content)):
        raise Refusal(
            "This PDF holds a programme or another file. Print it to a new PDF and choose that."
        )
    return content


def _not_packed(content: bytes) -> Iterator[bytes]:
    """What stands between a PDF's streams. Each byte is looked at once, whatever was sent."""
    *before_an_end, rest = _PACKED_TO.split(content)
    for part in before_an_end:
        begins = _PACKED_FROM.search(part)
        yield part[: begins.start()] if begins else part
    yield rest


def _docx(content: bytes) -> bytes:
    with _refused_as(*_BROKEN_DOCX):
        archive = zipfile.ZipFile(BytesIO(content))
    _check_members(archive.infolist())
    with _refused_as(*_BROKEN_DOCX):
        _unpack(archive)
    return content


def _check_members(members: list[zipfile.ZipInfo]) -> None:
    """What the list of contents says, before anything is unpacked."""
    names = {member.filename for member in members}
    if not {"[Content_Types].xml", "word/document.xml"} <= names:
        raise Refusal(f"This file is not a Word document. {_KINDS}")
    unpacked = sum(member.file_size for member in members)
    if len(members) > MAX_MEMBERS or unpacked > MAX_UNPACKED:
        raise Refusal("This document unpacks to far more than it should. Save it again as a PDF.")
    if any(_ACTIVE_DOCX.search(name) for name in names):
        raise Refusal("This document holds a programme (a macro). Save it without, or as a PDF.")
    if any(member.flag_bits & 1 for member in members):
        raise Refusal("This document is locked with a password. Save it without one.")
    # ECMA-376, part 2: the parts of a document are stored or deflated, and nothing else.
    if any(member.compress_type not in _PACKINGS for member in members):
        raise Refusal(_BROKEN_DOCX[0])


def _unpack(archive: zipfile.ZipFile) -> None:
    """Unpack every member and keep nothing: a list of contents that lies is found out.

    No member gives more than the list says, and its checksum tells when that was not all of it;
    so what is unpacked here is within `MAX_UNPACKED`, and a mebibyte of it is held at a time.
    """
    for member in archive.infolist():
        with archive.open(member) as part:
            while part.read(1024 * 1024):
                pass
