"""Registers that nobody finishes bringing in."""

import io
from datetime import timedelta

import pytest
import time_machine

from accounts.models import Programme
from accounts.tests.factories import ProgrammeFactory
from partners.models import RegisterImport
from partners.services import register_import
from partners.tasks import drop_abandoned_imports
from partners.tests.factories import NOW

CSV = b"Name,E-mail\nMo Okafor,mo@example.org\nBo Lee,bo@example.org\n"


def uploaded(programme: Programme, *, days_ago: int = 0, mapped: bool = False) -> RegisterImport:
    then = NOW - timedelta(days=days_ago)
    register = register_import.read_register(
        file=io.BytesIO(CSV), filename="r.csv", programme=programme
    )
    kept = register_import.start_import(register=register, programme=programme, by=None, now=then)
    if mapped:
        register_import.choose_columns(
            register_import=kept, mapping={0: "name", 1: "email"}, by=None, now=then
        )
    return kept


@pytest.mark.django_db
@pytest.mark.parametrize("mapped", [False, True])
def test_an_import_nobody_finishes_keeps_no_rows(mapped: bool) -> None:
    old = uploaded(ProgrammeFactory(), days_ago=31, mapped=mapped)
    young = uploaded(ProgrammeFactory(), days_ago=29, mapped=mapped)

    with time_machine.travel(NOW, tick=False):
        drop_abandoned_imports()
        drop_abandoned_imports()

    old.refresh_from_db()
    young.refresh_from_db()
    assert (old.status, old.rows, old.outcome) == ("dropped", [], {})
    assert young.status == ("mapped" if mapped else "read")
    assert len(young.rows) == 2
    line = old.history.latest("pk")
    assert (line.by, line.at, line.why) == (None, NOW, "Nobody finished it in 30 days")
    assert old.history.filter(to_status="dropped").count() == 1


@pytest.mark.django_db
def test_an_import_brought_in_long_ago_keeps_its_counts_alone() -> None:
    old, young = (uploaded(ProgrammeFactory(), days_ago=days, mapped=True) for days in (31, 29))
    for one in (old, young):
        register_import.apply_import(register_import=one, by=None, now=NOW)
        told = [{"what": "changed", "number": 2, "words": "Ann Oak"}]
        type(one).objects.filter(pk=one.pk).update(outcome={**one.outcome, "told": told})

    with time_machine.travel(NOW, tick=False):
        drop_abandoned_imports()

    old.refresh_from_db()
    young.refresh_from_db()
    assert old.outcome["told"] == []
    assert old.outcome["created"] == 2
    assert young.outcome["told"] == told
