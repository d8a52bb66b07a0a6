"""How cells and headings of a register are read."""

import datetime as dt

import pytest

from partners.services.register_fields import CellError, read_day, read_email, read_name, read_phone
from partners.services.register_headers import field_for


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("12/03/2018", dt.date(2018, 3, 12)),
        ("3 Sept 2019", dt.date(2019, 9, 3)),
        ("3rd September 2019", dt.date(2019, 9, 3)),
        ("Tue 3 Sep 19", dt.date(2019, 9, 3)),
        ("September 3, 2019", dt.date(2019, 9, 3)),
        ("2019-09-03", dt.date(2019, 9, 3)),
        ("2019-09-03 00:00:00", dt.date(2019, 9, 3)),
        ("06.11.17", dt.date(2017, 11, 6)),
        ("6-Nov-2017", dt.date(2017, 11, 6)),
        ("43045", dt.date(2017, 11, 6)),
        ("01/02/99", dt.date(1999, 2, 1)),
    ],
)
def test_days_are_read_as_people_here_write_them(cell: str, day: dt.date) -> None:
    assert read_day(cell) == day


@pytest.mark.parametrize(
    "cell", ["31/02/2019", "03/25/2019", "soon", "2019", "Sept 2019", "7", "1/2"]
)
def test_what_is_no_day_is_told(cell: str) -> None:
    with pytest.raises(CellError, match="is not a day"):
        read_day(cell)


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        ("  Ines  Carvalho ", "Ines Carvalho"),
        ("TOBIAS ADEYEMI", "Tobias Adeyemi"),
        ("niamh o'neill-byrne", "Niamh O'Neill-Byrne"),
        ("Okafor, Maureen", "Maureen Okafor"),
        ("Maureen Okafor, MBE", "Maureen Okafor, MBE"),
        ("Bo", "Bo"),
        ("Anna van der Berg", "Anna van der Berg"),
    ],
)
def test_names_are_read_in_one_spelling(cell: str, name: str) -> None:
    assert read_name(cell) == name


def test_addresses_and_numbers_are_tidied_or_told() -> None:
    assert read_email("mailto:Mo@Example.org.") == "mo@example.org"
    assert read_phone("01273 555 0107") == "01273 555 0107"
    with pytest.raises(CellError, match="two e-mail addresses"):
        read_email("a@example.org; b@example.org")
    with pytest.raises(CellError, match="one telephone number"):
        read_phone("07700 900101 (daytime), 01273 555 0107")


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("Name ", "name"),
        ("Full name", "name"),
        ("E-mail", "email"),
        ("Email address:", "email"),
        ("Mobile / tel", "phone"),
        ("Contact no.", None),
        ("Contact number", "phone"),
        ("Date joined (dd/mm/yyyy)", "joined_on"),
        ("Before illness (frozen assets)", "frozen_assets"),
        ("From illness (jewels of wisdom)", "jewels"),
        ("Access / comms needs", "access_needs"),
        ("DBS expires", "dbs_expires_on"),
        ("DBS number", None),
        ("Date of birth", None),
        ("Emergency contact number", None),
        ("GP name", None),
        ("Next of kin", None),
        ("Prénom", None),
        ("", None),
    ],
)
def test_headings_are_known_by_their_words(header: str, field: str | None) -> None:
    found = field_for(header)

    assert (found[0] if found else None) == field
