from django.db import models

from accounts.audit import audited
from partners.querysets import StoredFileQuerySet


@audited()
class StoredFile(models.Model):
    """A file that somebody gave or asked for. In the database, in pieces: never whole in memory.

    Who may have it is the business of the row that points here.
    """

    PIECE = 1024 * 1024

    programme = models.ForeignKey("accounts.Programme", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=150)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    stored_at = models.DateTimeField()

    objects = StoredFileQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name


class FilePiece(models.Model):
    """Up to a mebibyte of a file, in its place."""

    file = models.ForeignKey(StoredFile, on_delete=models.CASCADE, related_name="pieces")
    number = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        ordering = ("number",)
        constraints = (models.UniqueConstraint(fields=("file", "number"), name="file_piece_once"),)

    def __str__(self) -> str:
        return f"{self.file_id}, {self.number}"
