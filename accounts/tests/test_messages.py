"""Messages wait in the database with their cause: once for each key, however many at a time."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.forms.models import model_to_dict
from django.test.utils import CaptureQueriesContext

from accounts.models import Message, Programme, Role
from accounts.services.messages import Letter, queue_message, queue_messages
from accounts.tests.factories import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def said(programme: Programme) -> Callable[..., dict[str, Any]]:
    def words(key: str, **other: Any) -> dict[str, Any]:
        return {
            "key": key,
            "kind": "round_votes",
            "programme": programme,
            "to_name": "Mo",
            "to_address": "mo@example.org",
            "subject": "Please\n vote",
            "body": "Hello Mo,\n\nThe vote is open.",
            **other,
        }

    return words


def row(key: str) -> dict[str, Any]:
    return model_to_dict(Message.objects.get(key=key), exclude=["id", "key"])


def test_many_at_once_are_the_rows_of_one_by_one(
    said: Callable[..., dict[str, Any]], programme: Programme, now: datetime
) -> None:
    user = person(Role.PARTNER, programme)
    options: list[dict[str, Any]] = [
        {},
        {"recipient": user, "link": "/money/", "link_label": "See it"},
        {"due_at": now + timedelta(days=1)},
    ]

    queue_messages(letters=(Letter(**said(f"b{n}", **o)) for n, o in enumerate(options)), now=now)

    for number, other in enumerate(options):
        queue_message(**said(f"a{number}", **other), now=now)
        assert row(f"b{number}") == row(f"a{number}")
    assert row("b0")["subject"] == "Please vote"


def test_nobody_is_told_twice_or_without_an_address(
    said: Callable[..., dict[str, Any]], now: datetime
) -> None:
    first = queue_message(**said("once"), now=now)
    letters = [said("once", subject="Another"), said("new"), said("new"), said("no", to_address="")]

    queue_messages(letters=[Letter(**one) for one in letters], now=now)

    again = queue_message(**said("once", subject="A third"), now=now)
    assert again == first
    assert again is not None
    assert again.subject == "Please vote"
    assert queue_message(**said("no", to_address=None), now=now) is None
    assert sorted(Message.objects.values_list("key", flat=True)) == ["new", "once"]


@pytest.mark.parametrize("number", [1, 3])
def test_telling_many_asks_the_database_once(
    said: Callable[..., dict[str, Any]], now: datetime, number: int
) -> None:
    with CaptureQueriesContext(connection) as asked:
        queue_messages(letters=(Letter(**said(f"k{n}")) for n in range(number)), now=now)

    assert len(asked) == 1
    assert Message.objects.count() == number
