"""python -m bench.count: sign people in, and count what each page asks of the database.

Runs apart from the server that is timed, so that counting costs the timing nothing. Reads a JSON
list of pages on standard input; prints a JSON list of {name, path, cookie, status, queries, rows,
bytes}. Works for the portal and, with its own settings, for the floor.
"""

import json
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import django
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import NoReverseMatch, reverse


@dataclass
class Counter:
    """Statements, and the rows they brought into this process.

    Client-side cursors fetch all of a result at once, so a cursor's row count is what was fetched.
    """

    queries: int = 0
    rows: int = 0

    def __call__(
        self,
        execute: Callable[..., Any],
        sql: str,
        params: Any,
        many: bool,
        context: dict[str, Any],
    ) -> Any:
        result = execute(sql, params, many, context)
        self.queries += 1
        cursor = context["cursor"]
        if cursor.description is not None:
            self.rows += max(cursor.rowcount, 0)
        return result


def person(who: str) -> Any:
    """The sign-in of the first bulk programme for a role; of the floor, its superuser."""
    users = apps.get_model(settings.AUTH_USER_MODEL)._default_manager
    if who == "superuser":
        return users.get(is_superuser=True)
    return users.get(email=f"bulk-1-{who}@example.org")


def sign_in(client: Client, user: Any) -> None:
    """Make a session as signing in does, a second factor passed; the floor asks for none."""
    client.force_login(user)
    session = client.session
    session["account_authentication_methods"] = [
        {"method": "mfa", "at": time.time(), "type": "totp"}
    ]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()


def path_of(page: dict[str, Any], user: Any) -> str:
    """The page's address; raises LookupError where the object is missing."""
    if "path" in page:
        return str(page["path"])
    args = []
    if "object" in page:
        manager = apps.get_model(page["object"])._default_manager
        rows = manager.visible_to(user) if hasattr(manager, "visible_to") else manager.all()
        rows = rows.filter(**page.get("where", {})).order_by(page.get("order", "-pk"))
        found = rows.values_list("pk", flat=True).first()
        if found is None:
            raise LookupError(f"no {page['object']} for {page['name']}")
        args = [found]
    path = reverse(page["url"], args=args)
    return f"{path}?{page['query']}" if "query" in page else path


def count(page: dict[str, Any], client: Client, user: Any) -> dict[str, Any]:
    try:
        path = path_of(page, user)
    except (NoReverseMatch, LookupError) as error:
        return {"name": page["name"], "missing": str(error)}
    for _ in range(2):  # the first fills caches and writes the session
        counter = Counter()
        with connection.execute_wrapper(counter):
            response = client.get(path, secure=True, headers=page.get("headers"))
    return {
        "name": page["name"],
        "path": path,
        "cookie": "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items()),
        "status": response.status_code,
        "queries": counter.queries,
        "rows": counter.rows,
        "bytes": len(response.content),
    }


def main() -> None:
    django.setup()
    clients: dict[str, tuple[Client, Any]] = {}
    counted = []
    for page in json.load(sys.stdin):
        who = page["who"]
        if who not in clients:
            client = Client(HTTP_HOST="localhost", raise_request_exception=False)
            user = person(who) if who else None
            if user is not None:
                sign_in(client, user)
            clients[who] = client, user
        counted.append(count(page, *clients[who]))
    print(json.dumps(counted))


if __name__ == "__main__":
    main()
