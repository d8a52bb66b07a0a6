"""Every model: keys downward, audited, its fields classified, its people's rows kept apart."""

from collections import Counter
from collections.abc import Iterable, Mapping
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import pghistory.models
import pghistory.trigger
import pgtrigger
import pytest
from django.conf import settings
from django.db import connection, models
from django.test.utils import isolate_apps

from accounts.privacy import Sensitivity
from accounts.retention import Keep
from tests.architecture.house import OUR_APPS, floor_of, our_models

Models = Iterable[type[models.Model]]
Fields = Mapping[str, Mapping[str, Sensitivity]]


def is_event(model: type[models.Model]) -> bool:
    return issubclass(model, pghistory.models.Event)


def is_history(model: type[models.Model]) -> bool:
    """A history row of `workflow`: append-only, and itself the record of who did what."""
    return any(base.__name__ == "HistoryRow" for base in model.__mro__)


# --- Foreign keys --------------------------------------------------------------------------------


def keys_that_point_up(found: Models) -> list[str]:
    """Keys from one of our apps to an app that does not stand below it.

    A key written as a string is an import that no import linter sees.
    """
    faults = []
    for model in found:
        here = floor_of(model._meta.app_label)
        for field in [*model._meta.local_fields, *model._meta.local_many_to_many]:
            target = field.remote_field.model if field.remote_field else None
            if target is None:
                continue
            app = target.split(".")[0] if isinstance(target, str) else target._meta.app_label
            there = floor_of(app)
            if app != model._meta.app_label and there is not None and there <= (here or 0):
                faults.append(f"{model._meta.label}.{field.name} points to {app}")
    return faults


def keys_that_leave_a_way_back(found: Models) -> list[str]:
    """Keys into the ledger from upper apps, unless related_name is "+".

    The ledger must not grow an attribute for each kind of business above it.
    """
    return [
        f"{model._meta.label}.{field.name}"
        for model in found
        if model._meta.app_label != "partners"
        for field in model._meta.local_fields
        if field.remote_field
        and not isinstance(field.remote_field.model, str)
        and field.remote_field.model._meta.label == "partners.Contribution"
        and not field.remote_field.hidden
        and not is_event(model)
    ]


def test_foreign_keys_point_downward() -> None:
    assert keys_that_point_up(our_models()) == []


def test_foreign_keys_into_the_ledger_leave_no_way_back() -> None:
    assert keys_that_leave_a_way_back(our_models()) == []


@isolate_apps("accounts", "assignments")
def test_foreign_keys_notices_planted_ones() -> None:
    class Upward(models.Model):
        meeting = models.ForeignKey("assignments.Meeting", on_delete=models.CASCADE)

        class Meta:
            app_label = "accounts"

    class Sibling(models.Model):
        claims = models.ManyToManyField("payments.Claim")

        class Meta:
            app_label = "assignments"

    class Downward(models.Model):
        user = models.ForeignKey("accounts.User", on_delete=models.CASCADE)

        class Meta:
            app_label = "assignments"

    assert keys_that_point_up([Upward, Sibling, Downward]) == [
        "accounts.Upward.meeting points to assignments",
        "assignments.Sibling.claims points to payments",
    ]


@isolate_apps("payments", "partners")
def test_keys_into_the_ledger_notices_a_planted_way_back() -> None:
    class Contribution(models.Model):
        class Meta:
            app_label = "partners"

    class Visible(models.Model):
        work = models.ForeignKey(Contribution, on_delete=models.PROTECT)

        class Meta:
            app_label = "payments"

    class Hidden(models.Model):
        work = models.ForeignKey(Contribution, on_delete=models.PROTECT, related_name="+")

        class Meta:
            app_label = "payments"

    assert keys_that_leave_a_way_back([Visible, Hidden]) == ["payments.Visible.work"]


# --- Audit ---------------------------------------------------------------------------------------

NOT_AUDITED = {
    "accounts.Session": "comes and goes with every sign-in; the sign-in itself is logged",
    "accounts.UnsentForm": "what somebody was typing, kept for a day for that person alone",
    "partners.FilePiece": "bytes of a file, which is audited with its digest",
    "observations.Tally": "counted from the sheets, which are audited, and counted anew at will",
    "observations.PairTally": "as observations.Tally",
    "observations.ObserverTally": "as observations.Tally",
}


def not_audited(found: Models, exempt: Mapping[str, str]) -> list[str]:
    """Models without an event for each of insert, update and delete, and stale exemptions."""
    watched: dict[type[models.Model], set[Any]] = {}
    for model, trigger in pgtrigger.registered():
        if isinstance(trigger, pghistory.trigger.Event):
            watched.setdefault(model, set()).add(str(trigger.operation))
    found = list(found)
    faults = [
        model._meta.label
        for model in found
        if not is_event(model)
        and not is_history(model)
        and model._meta.label not in exempt
        and watched.get(model, set()) != {"INSERT", "UPDATE", "DELETE"}
    ]
    stale = set(exempt) - {model._meta.label for model in found}
    return faults + [f"{label} is exempt, and is no model" for label in sorted(stale)]


def not_watched_in_the_database(found: Models) -> list[str]:
    """Registered triggers that the database does not have, or has switched off."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
            " WHERE NOT t.tgisinternal AND t.tgenabled IN ('O', 'A')"
        )
        there = set(cursor.fetchall())
    mine = set(found)
    return [
        f"{model._meta.label}: {trigger.name}"
        for model, trigger in pgtrigger.registered()
        if model in mine and (model._meta.db_table, trigger.get_pgid(model)) not in there
    ]


def not_append_only(found: Models) -> list[str]:
    """Histories and events that may be rewritten."""
    guarded: dict[type[models.Model], set[str]] = {}
    for model, trigger in pgtrigger.registered():
        if isinstance(trigger, pgtrigger.Protect):
            guarded.setdefault(model, set()).update(str(trigger.operation).split(" OR "))
    return [
        model._meta.label
        for model in found
        if (is_event(model) or is_history(model))
        and not {"UPDATE", "DELETE"} <= guarded.get(model, set())
    ]


def test_every_model_is_audited_or_exempt_aloud() -> None:
    assert not_audited(our_models(), NOT_AUDITED) == []


def test_histories_and_events_are_append_only() -> None:
    assert not_append_only(our_models()) == []


@pytest.mark.django_db
def test_database_has_every_trigger() -> None:
    assert not_watched_in_the_database(our_models()) == []


@isolate_apps("accounts")
def test_audit_notices_a_planted_model() -> None:
    class Unwatched(models.Model):
        class Meta:
            app_label = "accounts"

    assert not_audited([Unwatched], {}) == ["accounts.Unwatched"]
    assert not_audited([Unwatched], {"accounts.Unwatched": "planted"}) == []
    assert not_audited([Unwatched], {"accounts.Gone": "planted", "accounts.Unwatched": ""}) == [
        "accounts.Gone is exempt, and is no model"
    ]


@isolate_apps("accounts")
def test_append_only_notices_a_planted_history() -> None:
    class HistoryRow(models.Model):
        class Meta:
            abstract = True
            app_label = "accounts"

    class Rewritable(HistoryRow):
        class Meta:
            app_label = "accounts"

    assert not_append_only([Rewritable]) == ["accounts.Rewritable"]


@pytest.mark.django_db
def test_database_triggers_notices_one_switched_off() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE accounts_programme DISABLE TRIGGER USER")

    missing = not_watched_in_the_database(our_models())

    assert {line.split(": ")[0] for line in missing} == {"accounts.Programme"}
    assert len(missing) == 3


# --- Privacy -------------------------------------------------------------------------------------


def classified() -> dict[str, Fields]:
    """FIELDS of every app that has models."""
    return {
        app: import_module(f"{app}.privacy").FIELDS if find_spec(f"{app}.privacy") else {}
        for app in sorted({model._meta.app_label for model in our_models()})
    }


def unclassified(found: Models, fields: Mapping[str, Fields]) -> list[str]:
    """Fields without a class, and classes without a field. Events copy what is classified."""
    asked = {
        (model._meta.app_label, model.__name__, field.name)
        for model in found
        if not is_event(model)
        for field in [*model._meta.concrete_fields, *model._meta.many_to_many]
    }
    told = {
        (app, model, field)
        for app, by_model in fields.items()
        for model, by_field in by_model.items()
        for field, sensitivity in by_field.items()
        if isinstance(sensitivity, Sensitivity)
    }
    return [f"{'.'.join(it)} is not classified" for it in sorted(asked - told)] + [
        f"{'.'.join(it)} is classified, and is no field" for it in sorted(told - asked)
    ]


def test_every_field_is_classified() -> None:
    assert unclassified(our_models(), classified()) == []


@isolate_apps("partners")
def test_classification_notices_a_planted_field() -> None:
    class Pet(models.Model):
        name = models.CharField(max_length=10)

        class Meta:
            app_label = "partners"

    classes = {"id": Sensitivity.NONE, "age": Sensitivity.NONE}

    assert unclassified([Pet], {"partners": {"Pet": classes}}) == [
        "partners.Pet.name is not classified",
        "partners.Pet.age is classified, and is no field",
    ]


# --- Retention -----------------------------------------------------------------------------------

Kept = Mapping[str, Mapping[Keep, str]]


def kept() -> dict[str, Kept]:
    """FIELDS of every app that has models."""
    return {
        app: import_module(f"{app}.retention").FIELDS if find_spec(f"{app}.retention") else {}
        for app in sorted({model._meta.app_label for model in our_models()})
    }


def without_verdict(found: Models, tables: Mapping[str, Kept]) -> list[str]:
    """Fields of which nobody said how long they are kept, said twice, or that are not there."""
    asked = [
        (model._meta.app_label, model.__name__, field.name)
        for model in found
        if not is_event(model)
        for field in [*model._meta.concrete_fields, *model._meta.many_to_many]
    ]
    told = [
        (app, model, field)
        for app, by_model in tables.items()
        for model, by_verdict in by_model.items()
        for verdict, fields in by_verdict.items()
        if isinstance(verdict, Keep)
        for field in fields.split()
    ]
    times = Counter(told)
    missing, over = sorted(set(asked) - set(told)), sorted(set(told) - set(asked))
    return (
        [f"{'.'.join(it)} has no verdict" for it in missing]
        + [f"{'.'.join(it)} has {n} verdicts" for it, n in sorted(times.items()) if n > 1]
        + [f"{'.'.join(it)} has a verdict, and is no field" for it in over]
    )


def test_every_field_has_one_verdict() -> None:
    assert without_verdict(our_models(), kept()) == []


@isolate_apps("partners")
def test_retention_notices_planted_fields() -> None:
    class Pet(models.Model):
        name = models.CharField(max_length=10)
        fur = models.CharField(max_length=10)

        class Meta:
            app_label = "partners"

    verdicts = {Keep.RECORD: "id age", Keep.WHILE_HERE: "fur id"}

    assert without_verdict([Pet], {"partners": {"Pet": verdicts}}) == [
        "partners.Pet.name has no verdict",
        "partners.Pet.id has 2 verdicts",
        "partners.Pet.age has a verdict, and is no field",
    ]


# --- Visibility ----------------------------------------------------------------------------------

NOT_ASKED_FOR = {
    "accounts.User": "shown through the role grant, partner or message that names them",
    "accounts.Session": "read by its own secret key only",
    "accounts.UnsentForm": "read by its owner's id only (accounts.services.unsent)",
    "accounts.Invitation": "opened by its secret token only",
    "partners.FilePiece": "read through the file, and that through the row it belongs to",
}


def without_visible_to(
    found: Models, fields: Mapping[str, Fields], exempt: Mapping[str, str]
) -> list[str]:
    """Models that hold something about a person and cannot say to whom they may be shown."""
    faults = []
    for model in found:
        if is_event(model) or is_history(model) or model._meta.label in exempt:
            continue
        classes = set(fields.get(model._meta.app_label, {}).get(model.__name__, {}).values())
        about_people = classes - {Sensitivity.NONE}
        if about_people and not hasattr(model._default_manager.all(), "visible_to"):
            faults.append(model._meta.label)
    return faults


def test_every_model_about_people_has_visible_to() -> None:
    assert without_visible_to(our_models(), classified(), NOT_ASKED_FOR) == []


@isolate_apps("partners")
def test_visible_to_notices_a_planted_model() -> None:
    class Diary(models.Model):
        writer = models.CharField(max_length=10)

        class Meta:
            app_label = "partners"

    fields: dict[str, Fields] = {
        "partners": {"Diary": {"id": Sensitivity.NONE, "writer": Sensitivity.IDENTIFIES}}
    }

    assert without_visible_to([Diary], fields, {}) == ["partners.Diary"]


def test_every_app_is_installed() -> None:
    assert set(OUR_APPS) <= {app.split(".")[0] for app in settings.INSTALLED_APPS}
