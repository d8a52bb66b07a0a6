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
