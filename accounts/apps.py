from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        from accounts import audit  # noqa: PLC0415  (models exist only now)

        audit.follow_tasks()
        post_migrate.connect(audit.refuse_truncation, sender=self, dispatch_uid="audit")
