from django.conf import settings
from django.db import models


class UnsentForm(models.Model):
    """What somebody sent just after their session ended, kept until they are signed in again.

    Deleted as soon as it is sent or let go, and after a day in any case.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="unsent_forms"
    )
    path = models.CharField(max_length=500)
    page = models.CharField("page it was written on", max_length=500, blank=True)
    fields = models.JSONField()
    had_files = models.BooleanField(default=False)
    kept_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("user", "path"), name="unsent_form_once_per_page"),
        )

    def __str__(self) -> str:
        return self.path

    @property
    def shown(self) -> list[tuple[str, str]]:
        """What was typed, as its writer would know it again: label and text, no empty ones."""
        return [
            (name.rsplit("-", 1)[-1].replace("_", " ").strip().capitalize(), text)
            for name, values in self.fields.items()
            if not name.startswith("_") and "_FORMS" not in name
            for text in values
            if text.strip()
        ]

    @property
    def inputs(self) -> list[tuple[str, str]]:
        """Every field to be sent again, as name and value."""
        return [(name, text) for name, values in self.fields.items() for text in values]
