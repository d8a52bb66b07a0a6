"""Bulk data holds together as if the services had written it, and the bench's pages open on it."""

import json
import tomllib
from collections.abc import Iterator
from datetime import datetime
from io import StringIO
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import Count, F, Q, Sum
from django.test import Client
from django.utils import timezone

from accounts.models import Programme
from bench.count import count, person, sign_in
from partners.models import Contribution
from payments.models import Claim, ClaimLine, PaymentRun
from pcp_portal import bulk
from pcp_portal.bulk import loading
from pcp_portal.bulk.plan import Plan
from pcp_portal.demo.reset import reset

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=timezone.get_default_timezone())
PAGES = tomllib.loads((settings.BASE_DIR / "bench" / "pages.toml").read_text())["page"]


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: Any) -> Iterator[bulk.Loaded]:
    """Two programmes of thirty partners."""
    with django_db_blocker.unblock():
        yield bulk.load(partners=60, years=2, programmes=2, now=NOW)
        reset()


pytestmark = pytest.mark.django_db


@pytest.fixture
def empty(db: None) -> None:
    """As the first command of an installation finds it, whatever this module made before."""
    reset()


def test_bulk_foreign_keys_all_lead_somewhere(loaded: bulk.Loaded) -> None:
    stray = {}
    for model in apps.get_models():
        if not model._meta.managed or model._meta.app_label == "pghistory":
            continue
        for key in model._meta.concrete_fields:
            if not (key.many_to_one or key.one_to_one) or not key.db_constraint:
                continue
            there = key.related_model._base_manager.values("pk")
            rows = model._base_manager.filter(**{f"{key.name}__isnull": False})
            if lost := rows.exclude(**{f"{key.attname}__in": there}).count():
                stray[f"{model.__name__}.{key.name}"] = lost

    assert stray == {}


def test_bulk_gives_each_partner_as_many_contributions_as_asked(loaded: bulk.Loaded) -> None:
    claimed = Count("contributions", filter=Q(contributions__claimed_at__isnull=False))
    programme = Programme.objects.get(slug="bulk-1")

    assert set(programme.partners.annotate(n=claimed).values_list("n", flat=True)) == {20}


def test_bulk_money_adds_up(loaded: bulk.Loaded) -> None:
    claims = Claim.objects.annotate(sum=Sum("lines__amount")).exclude(total=F("sum"))
    runs = PaymentRun.objects.annotate(sum=Sum("lines__amount")).exclude(total=F("sum"))
    unclaimed = Contribution.objects.filter(claimed_at__isnull=False).exclude(
        pk__in=ClaimLine.objects.live().filter(contribution__isnull=False).values("contribution")
    )

    assert not claims.exists()
    assert not runs.filter(line_count__gt=0).exists()
    assert not unclaimed.exists()


def test_bulk_sequences_stand_after_the_rows(loaded: bulk.Loaded) -> None:
    with connection.cursor() as cursor:
        for table in loaded.rows:
            cursor.execute(f"SELECT max(id) FROM {table}")  # noqa: S608 - our own names
            last = cursor.fetchone()[0]
            cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id'))", [table])

            assert cursor.fetchone()[0] > last, table


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page["name"])
def test_bulk_bench_page_opens_for_its_person(loaded: bulk.Loaded, page: dict[str, Any]) -> None:
    user, client = person(page["who"]), Client()
    sign_in(client, user)

    found = count(page, client, user)

    assert found.get("missing") is None
    assert found["status"] == 200
    assert found["queries"] <= 12


def test_bulk_again_is_refused(loaded: bulk.Loaded) -> None:
    with pytest.raises(CommandError, match="bulk-1 is there already"):
        call_command("bulk_demo", "--partners", "3")


def test_bulk_outside_a_demo_installation_is_refused(empty: None, settings: Any) -> None:
    settings.DEMO = False

    with pytest.raises(CommandError, match="not a demo installation"):
        call_command("bulk_demo", "--partners", "3")

    assert not Programme.objects.exists()


def test_bulk_with_triggers_on_loads_too_and_leaves_an_audit(
    empty: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(loading, "_without_triggers", lambda: False)
    event = apps.get_model("partners", "PartnerEvent")

    loaded = bulk.load(partners=3, years=1, now=NOW)

    assert loaded.audited
    assert event.objects.count() == 3


def test_bulk_that_does_not_hold_together_is_refused_and_leaves_nothing(
    empty: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Plan, "run_of", lambda self, day: 987_654)

    with pytest.raises(bulk.BulkError, match="payments_claimline does not hold together"):
        bulk.load(partners=3, years=1, now=NOW)

    assert not Programme.objects.exists()


def test_bulk_says_what_it_did_in_one_line(empty: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "analyse", lambda: None)  # not inside a test's transaction
    out = StringIO()

    call_command("bulk_demo", "--partners", "2", "--contributions", "5", stdout=out)

    line = json.loads(out.getvalue())
    assert line["partners_partner"] == 2
    assert line["rows"] > 30
