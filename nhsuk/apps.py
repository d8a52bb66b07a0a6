from django.apps import AppConfig


class NhsukConfig(AppConfig):
    """How the portal looks: fields, components, layouts, pagination."""

    name = "nhsuk"
    verbose_name = "How it looks"
