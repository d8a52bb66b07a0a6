from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "People and programmes"

    def ready(self) -> None:
        from accounts import audit, second_factor  # noqa: PLC0415  (models exist only now)

        audit.follow_tasks()
        second_factor.follow_set_up()
        post_migrate.connect(audit.refuse_truncation, sender=self, dispatch_uid="audit")
