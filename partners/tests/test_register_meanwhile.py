"""The register changes while a workbook is brought in."""

import threading

import pytest
from django.db import connection, connections, transaction

from accounts.tests.factories import ProgrammeFactory
from partners.models import Partner
from partners.services import register_import
from partners.services.register import add_partner
from partners.services.workbook import BadFileError
from partners.tests.factories import NOW
from partners.tests.test_register_unfinished import uploaded


@pytest.mark.django_db(transaction=True)
def test_an_address_taken_meanwhile_is_told_and_nothing_is_half_done() -> None:
    programme = ProgrammeFactory()
    kept = uploaded(programme, mapped=True)
    taken, errors = threading.Event(), []

    def somebody_else() -> None:
        try:
            with transaction.atomic():
                add_partner(
                    programme=programme, name="Al Quick", email="bo@example.org", by=None, now=NOW
                )
                taken.set()
                _until_somebody_waits()
        except Exception as error:  # noqa: BLE001 - told by the test
            errors.append(error)
        finally:
            taken.set()
            connections.close_all()

    other = threading.Thread(target=somebody_else)
    other.start()
    taken.wait()
    try:
        with pytest.raises(BadFileError, match="Somebody changed the register meanwhile"):
            register_import.apply_import(register_import=kept, by=None, now=NOW)
    finally:
        other.join()

    assert errors == []
    assert [partner.name for partner in Partner.objects.all()] == ["Al Quick"]
    kept.refresh_from_db()
    assert (kept.status, len(kept.rows)) == ("mapped", 2)


def _until_somebody_waits() -> None:
    pause = threading.Event()
    with connection.cursor() as cursor:
        for _ in range(500):
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
            pause.wait(0.02)
    raise AssertionError("The import never waited for the address.")
