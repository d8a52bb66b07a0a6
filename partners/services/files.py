"""Files in the database, written and read in pieces: whole nowhere, and gone with their row."""

import hashlib
from collections.abc import Iterable, Iterator
from datetime import datetime

from django.db import transaction

from accounts.models import Programme
from partners.models import FilePiece, StoredFile


@transaction.atomic
def store(
    *, programme: Programme, name: str, media_type: str, content: Iterable[bytes], now: datetime
) -> StoredFile:
    """Keep a file whose bytes come in parts of any length; at most two mebibytes are held."""
    file = StoredFile.objects.create(
        programme=programme, name=name, media_type=media_type, stored_at=now
    )
    digest, size, number, rest = hashlib.sha256(), 0, 0, bytearray()
    for part in content:
        digest.update(part)
        size += len(part)
        rest += part
        while len(rest) >= StoredFile.PIECE:
            _keep(file, number, bytes(rest[: StoredFile.PIECE]))
            del rest[: StoredFile.PIECE]
            number += 1
    if rest:
        _keep(file, number, bytes(rest))
    file.size, file.sha256 = size, digest.hexdigest()
    file.save(update_fields=["size", "sha256"])
    return file


def _keep(file: StoredFile, number: int, content: bytes) -> None:
    FilePiece.objects.bulk_create([FilePiece(file=file, number=number, content=content)])


def stream(file: StoredFile) -> Iterator[bytes]:
    """The bytes of a file, a mebibyte at a time, each read when it is asked for."""
    number = 0
    while True:
        piece = file.pieces.filter(number=number).values_list("content", flat=True).first()
        if piece is None:
            return
        yield bytes(piece)
        number += 1


@transaction.atomic
def remove(file: StoredFile) -> None:
    """Delete a file for good. The row that points to it must have let go of it."""
    file.pieces.all().delete()
    file.delete()
