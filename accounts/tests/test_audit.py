"""Every write leaves a row that says who and where, and nobody can take it back."""

from datetime import datetime
from typing import Any

import pgtrigger
import pytest
from celery import shared_task
from django.apps import apps
from django.db import DatabaseError, connection, transaction
from django.test import Client

from accounts.audit import append_only_models
from accounts.models import Programme, Role, Team, User
from accounts.services.programmes import create_team
from accounts.tests.factories import UserFactory, person
from accounts.tests.test_people import invited, token_of

pytestmark = pytest.mark.django_db

TeamEvent = apps.get_model("accounts", "TeamEvent")
UserEvent = apps.get_model("accounts", "UserEvent")


def events(team_name: str) -> list[str]:
    found = TeamEvent.objects.filter(name=team_name).order_by("pgh_id")
    return [event.pgh_label for event in found]


def test_bulk_create_is_audited(programme: Programme) -> None:
    Team.objects.bulk_create([Team(programme=programme, name=name) for name in ("A", "B")])

    assert (events("A"), events("B")) == (["insert"], ["insert"])


def test_queryset_update_and_delete_are_audited(programme: Programme) -> None:
    Team.objects.create(programme=programme, name="Pain")

    Team.objects.filter(name="Pain").update(name="Knee")
    Team.objects.filter(name="Knee").delete()

    assert events("Knee") == ["update", "delete"]


def test_raw_sql_is_audited(programme: Programme) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO accounts_team (programme_id, name) VALUES (%s, 'Raw')", [programme.pk]
        )

    assert events("Raw") == ["insert"]


def test_audit_says_who_and_by_which_route(programme: Programme, client_for: Any) -> None:
    user = person(Role.PARTNER, programme)

    client_for(user).post(
        "/account/display/",
        {"text_size": "large", "contrast": "usual", "letterforms": "usual"},
    )

    said = UserEvent.objects.filter(id=user.pk, pgh_label="update").get().pgh_context.metadata
    assert said == {"user": user.pk, "route": "account/display/"}


def test_route_of_a_secret_address_has_no_secret(programme: Programme, now: datetime) -> None:
    invitation = invited(programme, now)
    token = token_of(invitation)
    Client().post(f"/account/invitation/{token}/")

    model = apps.get_model("accounts", "InvitationEvent")
    said = model.objects.filter(pgh_label="update").get().pgh_context.metadata
    assert said["route"] == "account/invitation/<str:token>/"
    assert not hasattr(model, "token_hash")


@pytest.mark.django_db(transaction=True)
def test_audit_says_which_task(programme: Programme, now: datetime) -> None:
    @shared_task(name="tests.make_team")
    def make_team() -> None:
        create_team(programme=programme, name="Made", by=None, now=now)

    make_team.apply()
    create_team(programme=programme, name="Later", by=None, now=now)

    made, later = TeamEvent.objects.order_by("pgh_id")
    assert made.pgh_context.metadata == {"task": "tests.make_team"}
    assert later.pgh_context is None


@pytest.mark.django_db(transaction=True)
@pytest.mark.error_logs(reason="the task fails on purpose")
def test_audit_of_a_failed_task_ends_with_it(programme: Programme, now: datetime) -> None:
    @shared_task(name="tests.fail")
    def fail() -> None:
        raise ValueError

    fail.apply()
    create_team(programme=programme, name="Later", by=None, now=now)

    assert TeamEvent.objects.get().pgh_context is None


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE accounts_teamevent SET name = 'x'",
        "DELETE FROM accounts_teamevent",
        "TRUNCATE accounts_teamevent",
    ],
)
def test_audit_cannot_be_taken_back(programme: Programme, sql: str) -> None:
    Team.objects.create(programme=programme, name="Pain")

    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL portal.may_truncate = 'off'")
        with pytest.raises(DatabaseError, match="Cannot"), transaction.atomic():
            cursor.execute(sql)

    assert events("Pain") == ["insert"]


def test_every_audit_and_history_table_refuses_truncation() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text FROM pg_trigger"
            " WHERE tgname = 'portal_append_only_truncate'"
        )
        guarded = {row[0] for row in cursor.fetchall()}

    assert guarded == {model._meta.db_table for model in append_only_models()}
    assert "accounts_userevent" in guarded


def test_secrets_stay_out_of_the_audit() -> None:
    user = UserFactory()

    User.objects.filter(pk=user.pk).update(password="x")

    assert not hasattr(UserEvent, "password")
    assert [event.pgh_label for event in UserEvent.objects.filter(id=user.pk)] == ["insert"]


def test_ignoring_triggers_is_what_this_test_would_notice(programme: Programme) -> None:
    """The guard seen to fail: with the audit switched off, the row is missing."""
    with pgtrigger.ignore("accounts.Team:insert_insert"):
        Team.objects.create(programme=programme, name="Silent")

    assert events("Silent") == []
