"""What is written about a consultation tells nobody's number or address either."""

import pytest
from django.core.exceptions import ValidationError

from nhsuk.forms.free_text import email_address, identifies_no_patient, phone_number


@pytest.mark.parametrize(
    "text",
    [
        "Ring 07700 900 101 after lunch",
        "07700900101",
        "077 0090 0101",
        "+44 161 496 0003",
        "+44(0)161 496 0003",
        "0044 161 496 0003",
        "(01273) 496003",
        "020-7946-0003",
        "7700 900101",
        "her mobile is +33 6 12 34 56 78",
        "Tel: 496 003",
        "call her on 496003",
    ],
)
def test_phone_numbers_are_found(text: str) -> None:
    assert phone_number(text)


@pytest.mark.parametrize(
    "text",
    [
        "12/05/2026 and 03-03-2026 09:30",
        "03.03.2026 09.30",
        "2026-03-03",
        "0.75123456789 of a mark",
        "in 7 of 10, and 1000 of 100000",
        "12345678901234567890",
        "call it 2 or 3",
        "ring fenced; extension of 12 weeks",
        "0 " * 20_000,
        "tel " * 20_000,
        "",
    ],
)
def test_other_digits_are_not_phone_numbers(text: str) -> None:
    assert phone_number(text) == ""


@pytest.mark.parametrize(
    "text", ["ann.hall@example.org", "write to a+b@mail.example.co.uk.", "ann (at) example.org"]
)
def test_email_addresses_are_found(text: str) -> None:
    assert email_address(text)


@pytest.mark.parametrize("text", ["met @ ten", "a@b", "a." * 20_000, "a" * 50_000, "@" * 20_000])
def test_other_words_are_not_email_addresses(text: str) -> None:
    assert email_address(text) == ""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Mr Hall, 943 476 5919", "an NHS number"),
        ("Mr Hall, 1/2/1950", "a date of birth"),
        ("Mr Hall, 07700 900101", "a phone number"),
        ("Mr Hall, hall@example.org", "an e-mail address"),
    ],
)
def test_all_four_kinds_are_refused_with_what_to_take_out(text: str, said: str) -> None:
    with pytest.raises(ValidationError, match=f"looks like {said}. Take it out"):
        identifies_no_patient(text)
