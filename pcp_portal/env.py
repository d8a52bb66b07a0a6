"""The environment, read in one place and typed.

Everything has a default that works on a laptop; `settings.production` refuses the defaults that
would be unsafe on a real server.
"""

from pathlib import Path

import environ

from ops.servers import database_url, redis_url, var_folder

BASE_DIR = Path(__file__).resolve().parent.parent

_read = environ.Env()

VAR = var_folder()
SECRET_KEY: str = _read.str("SECRET_KEY", default="")
ALLOWED_HOSTS: list[str] = _read.list("ALLOWED_HOSTS", default=[])
SITE_URL: str = _read.str(
    "SITE_URL", default=f"http://localhost:{_read.str('PORT', default='8000')}"
)
DATABASE_URL: str = _read.str("DATABASE_URL", default=database_url(VAR))
REPLICA_URL: str = _read.str("REPLICA_URL", default="")
REDIS_URL: str = _read.str("REDIS_URL", default=redis_url(VAR))
EMAIL_URL: str = _read.str("EMAIL_URL", default="")
MAIL_FROM: str = _read.str("MAIL_FROM", default="PCP Portal <portal@example.org>")
LOG_LEVEL: str = _read.str("LOG_LEVEL", default="INFO")
OIDC_NAME: str = _read.str("OIDC_NAME", default="")
OIDC_SERVER_URL: str = _read.str("OIDC_SERVER_URL", default="")
OIDC_CLIENT_ID: str = _read.str("OIDC_CLIENT_ID", default="")
OIDC_CLIENT_SECRET: str = _read.str("OIDC_CLIENT_SECRET", default="")


def database(url: str) -> dict[str, object]:
    """Django's settings of the database at `url`."""
    return dict(_read.db_url_config(url))


def email(url: str) -> dict[str, object]:
    """Django's e-mail settings for `url`, such as smtp+tls://name:secret@host:587."""
    return dict(_read.email_url_config(url))


def broker(url: str) -> str:
    """Celery's spelling of a Redis address; a unix socket is `redis+socket://`."""
    if not url.startswith("unix://"):
        return url
    path, _, query = url.removeprefix("unix://").partition("?")
    number = dict(pair.split("=", 1) for pair in query.split("&") if "=" in pair).get("db", "0")
    return f"redis+socket://{path}?virtual_host={number}"
