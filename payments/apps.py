from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "payments"

    def ready(self) -> None:
        from payments.services import register_column  # noqa: PLC0415  (models exist only now)

        register_column.offer_column()
