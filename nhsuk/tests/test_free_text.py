"""Free text: what tells who a patient is, and what only looks like it."""

from datetime import date

import pytest
from django import forms

from nhsuk.forms import Look, NhsukForm
from nhsuk.forms.free_text import date_of_birth, nhs_number

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    "text",
    [
        "NHS 943 476 5919 was called",
        "9434765919",
        "943-476-5919",
        "the telephone rang for 943 476 5919",
        "010 101 0001",
        "3201010014",
    ],
)
def test_nhs_numbers_are_found(text: str) -> None:
    assert nhs_number(text)


@pytest.mark.parametrize(
    "text",
    [
        "9434765918",  # the last digit does not check the others
        "0000000000",
        "5555555555",
        "+44 943 476 5919",
        "+44 161 496 0003",
        "+44(0)943 476 5919",
        "0044 9434765919",
        "Tel: 943 476 5919",
        "mobile no. 9434765919",
        "Zoom meeting ID: 943 476 5919",
        "0800000021",
        "0169700003",
        "07700 900101",
        "19434765919",
        "The claim came to 1234567890 pounds in a dream",
        "",
    ],
)
def test_other_digits_are_not_nhs_numbers(text: str) -> None:
    assert nhs_number(text) == ""


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Mrs Jones, 12/03/1947, was next", "12/03/1947"),
        ("DOB 12.3.19", "12.3.19"),
        ("date of birth: 29/02/2020", "29/02/2020"),
        ("she was born on 3rd March 2012", "3rd March 2012"),
        ("3 Mar 1961", "3 Mar 1961"),
        ("12-03-47", "12-03-47"),
        ("12-03-29", "12-03-29"),
        ("born 12-03-27", "12-03-27"),
        ("Mrs Jones, 1947-03-12, was next", "1947-03-12"),
        ("born March 3rd, 2012", "March 3rd, 2012"),
        ("Mar 3 1961", "Mar 3 1961"),
    ],
)
def test_dates_of_birth_are_found(text: str, found: str) -> None:
    assert date_of_birth(text, TODAY) == found


@pytest.mark.parametrize(
    "text",
    [
        "We met on 12/03/2025 and again on 3 March 2026",
        "In March 1998, and in 1998",
        "Born in Leeds; version 3.2.1; 24/7; 10-12 people",
        "32/03/1947 is no day",
        "12 apples 1947",
        "12 May 2026 workshop",
        "Workshop, 12/05/26",
        "Workshop, 12.5.27, and again on 12.5.28",
        "apples 12, 1947",
        "1947-13-32 is no day, and we met on 2025-03-12 and on March 3, 2026",
        "january " * 20_000,
        "1. " * 20_000,
        "dob " * 20_000,
    ],
)
def test_other_days_are_not_dates_of_birth(text: str) -> None:
    assert date_of_birth(text, TODAY) == ""


class _Form(NhsukForm):
    story = forms.CharField(widget=forms.Textarea)
    title = forms.CharField()
    address = forms.CharField(widget=forms.Textarea)
    phone = forms.CharField()
    link = forms.CharField()
    name = forms.CharField()
    seen = forms.CharField(widget=forms.HiddenInput)
    may_identify = frozenset({"address"})
    looks = {
        "phone": Look(inputmode="tel"),
        "link": Look(inputmode="url"),
        "name": Look(autocomplete="name"),
    }


class _Search(NhsukForm):
    method = "get"
    words = forms.CharField()


@pytest.mark.parametrize("told", ["Mr Hall, 1/2/1950", "Mr Hall, 943 476 5919"])
def test_what_people_write_is_looked_at_and_stays(told: str) -> None:
    typed = dict.fromkeys(_Form.base_fields, told)

    form = _Form(typed)

    assert list(form.errors) == ["story", "title"]
    for name in ("story", "title"):
        assert form.errors[name][0].startswith(f"“{told.removeprefix('Mr Hall, ')}” looks like ")
        assert form[name].value() == told


def test_what_is_searched_for_is_not_looked_at() -> None:
    assert _Search({"words": "1/2/1950"}).is_valid()


@pytest.mark.parametrize(
    "line", ["12 May 2026 workshop", "Workshop, 12/05/27", "Ring 07700 900 101", "+44 161 496 0003"]
)
def test_lines_hold_the_days_and_numbers_of_ordinary_work(line: str) -> None:
    assert _Form(dict.fromkeys(_Form.base_fields, line)).is_valid()
