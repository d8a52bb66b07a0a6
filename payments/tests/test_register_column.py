"""The register's column of payment: read with care, written once, changed from today on."""

from datetime import UTC, date, datetime

import pytest

from partners.models import Partner
from partners.services.register_fields import CellError, Change, known_fields
from partners.tests.factories import PartnerFactory
from payments.models import PaymentChoice

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def write(*cells: tuple[Partner, str]) -> list[Change | CellError | None]:
    field = known_fields()["payment_choice"]
    assert field.write is not None
    rows = [(partner, field.read(cell)) for partner, cell in cells]
    return field.write(rows=rows, by=None, now=NOW)


def test_first_choices_are_kept_from_the_day_of_joining_once() -> None:
    ann = PartnerFactory(joined_on=date(2018, 3, 12))
    bob = PartnerFactory(programme=ann.programme)

    first = write((ann, "Yes"), (bob, "half"))
    second = write((ann, "Yes"), (bob, "half"))

    assert first == [Change("", "Take it"), Change("", "Take part of it: 50%")]
    assert second == [None, None]
    assert set(PaymentChoice.objects.values_list("partner", "choice", "percent", "starts_on")) == {
        (ann.pk, "take", 100, date(2018, 3, 12)),
        (bob.pk, "part", 50, date(2026, 11, 22)),
    }


def test_a_later_choice_counts_from_today_on() -> None:
    ann = PartnerFactory(joined_on=date(2018, 3, 12))
    write((ann, "Yes"))

    assert write((ann, "Donates")) == [Change("Take it", "Give it away")]

    assert list(PaymentChoice.objects.order_by("starts_on").values_list("choice", "starts_on")) == [
        ("take", date(2018, 3, 12)),
        ("donate", date(2026, 11, 22)),
    ]


def test_what_does_not_say_a_choice_is_told() -> None:
    with pytest.raises(CellError, match="does not say what to do with the money"):
        write((PartnerFactory(), "perhaps"))
