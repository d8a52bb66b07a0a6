"""Real servers. Refuses to start without what must not be guessed."""

from django.core.exceptions import ImproperlyConfigured

from pcp_portal import env
from pcp_portal.settings.base import *  # noqa: F403  (a settings module is the sum of two)

for _name, _value in {
    "SECRET_KEY": env.SECRET_KEY,
    "ALLOWED_HOSTS": env.ALLOWED_HOSTS,
    "EMAIL_URL": env.EMAIL_URL,
}.items():
    if not _value:
        raise ImproperlyConfigured(f"Set {_name} in the environment of web, worker and beat.")

SECRET_KEY = env.SECRET_KEY
ALLOWED_HOSTS = env.ALLOWED_HOSTS
globals().update(env.email(env.EMAIL_URL))

SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
