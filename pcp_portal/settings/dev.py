"""`make run`: a laptop, with the demo programme and mail in var/mail."""

from pcp_portal import env
from pcp_portal.settings.base import *  # noqa: F403  (a settings module is the sum of two)

DEMO = True
# Not a secret: this installation holds fictional people only, and `settings.production` refuses it.
SECRET_KEY = env.SECRET_KEY or "demo-installations-only-not-a-secret-00000000000000000000"
ALLOWED_HOSTS = env.ALLOWED_HOSTS or ["localhost", "127.0.0.1", "[::1]"]

if env.EMAIL_URL:
    globals().update(env.email(env.EMAIL_URL))
else:
    EMAIL_BACKEND = "pcp_portal.mail.FolderBackend"
    EMAIL_FILE_PATH = env.VAR / "mail"

# A phone on the same machine's address and a passkey on localhost both work without TLS here.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True

# Names carry fingerprints as on real servers; compressing would only slow the first start down.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
}
