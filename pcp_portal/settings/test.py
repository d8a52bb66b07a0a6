"""The test run: as production, with fast hashes and a host of its own."""

from pcp_portal.settings.base import *  # noqa: F403  (a settings module is the sum of two)

SECRET_KEY = "tests-only"
DEMO = True
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "testserver"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True

# Small models of its own to try `workflow` on.
INSTALLED_APPS += ["workflow.tests.apps.WorkflowTestsConfig"]
