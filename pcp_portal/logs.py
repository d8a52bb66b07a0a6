"""What a log line may say: where and when, never a secret, an address or a row's content."""

import re
from typing import Any

# Tokens of invitations and e-mail confirmations stand in addresses as long segments.
_LONG_SEGMENT = re.compile(r"/[A-Za-z0-9:_=.-]{20,}(?=/|\s|$|['\"])")
_QUERY = re.compile(r"\?\S*")
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
# PostgreSQL explains a refused write by showing the row.
_DETAIL = re.compile(r"^(?:DETAIL|CONTEXT): .*$", re.MULTILINE)


def _clean(text: str) -> str:
    return _ADDRESS.sub("[address]", _DETAIL.sub("DETAIL: [left out]", text))


def without_secrets(logger: Any, name: str, event: dict[str, Any]) -> dict[str, Any]:
    """structlog processor: take tokens, searches, addresses and rows out of `event`."""
    for key, value in event.items():
        if not isinstance(value, str):
            continue
        if key in {"request", "event"}:
            value = _LONG_SEGMENT.sub("/[left out]", _QUERY.sub("", value))
        event[key] = _clean(value)
    return event
