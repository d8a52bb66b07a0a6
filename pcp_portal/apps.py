from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig as DjangoAdminConfig


class PortalConfig(AppConfig):
    name = "pcp_portal"
    verbose_name = "PCP Portal"


class AdminConfig(DjangoAdminConfig):
    default_site = "accounts.admin_site.PortalAdminSite"
