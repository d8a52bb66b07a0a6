"""Bringing in a register: the real sample, its cousins, and files that were made to hurt."""

import datetime as dt
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter  # noqa: TID253 (tests make workbooks)
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Programme
from accounts.tests.factories import ProgrammeFactory
from partners.models import Expertise, Partner, RegisterImport, RememberedColumn
from partners.services import register_import, workbook
from partners.services.register_fields import CellError, read_day, read_email, read_name, read_phone
from partners.services.register_headers import field_for
from partners.services.workbook import BadFileError
from partners.tests.factories import NOW, PartnerFactory

pytestmark = pytest.mark.django_db
SAMPLE = Path(__file__).parent / "data" / "partner-register.xlsx"
Rows = list[list[Any]]


def xlsx(*sheets: tuple[str, Rows], hidden: str = "") -> bytes:
    """A workbook of these sheets; a cell that is a date is written as one."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True, "strings_to_formulas": False}) as book:
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        for name, rows in sheets:
            sheet = book.add_worksheet(name)
            for r, row in enumerate(rows):
                for c, value in enumerate(row):
                    if isinstance(value, dt.date):
                        sheet.write_datetime(r, c, value, day)
                    elif isinstance(value, Formula):
                        sheet.write_formula(r, c, value.text, None, value.value)
                    elif value is not None:
                        sheet.write(r, c, value)
            if name == hidden:
                sheet.hide()
    return made.getvalue()


class Formula:
    def __init__(self, text: str, value: str = "") -> None:
        self.text, self.value = text, value


def bring_in(
    programme: Programme, data: bytes, name: str = "register.xlsx", **options: Any
) -> register_import.Outcome:
    return register_import.import_file(
        file=io.BytesIO(data), filename=name, programme=programme, by=None, now=NOW, **options
    )[1]


def told(outcome: register_import.Outcome) -> list[str]:
    return [str(line) for line in outcome.told]


# --- The sample -----------------------------------------------------------------------------------


def test_the_sample_comes_in_as_it_is(programme: Programme) -> None:
    outcome = bring_in(programme, SAMPLE.read_bytes())

    assert outcome.counts() == {
        "created": 9,
        "updated": 0,
        "unchanged": 0,
        "refused": 0,
        "ignored": 2,
    }
    assert told(outcome) == [
        "row 14, column C: The same person as row 8 (Derek Whitlock). Nothing in it is new.",
        "row 16, column A: This is a row of totals, not a partner.",
    ]
    ines = Partner.objects.get(email="ines.carvalho@example.org")
    assert (ines.name, ines.known_as, ines.dbs_expires_on) == ("Ines Carvalho", "Ines", None)
    assert ines.joined_on == dt.date(2019, 4, 8)
    pauline = Partner.objects.get(name="Pauline Hargreaves")
    assert (pauline.email, pauline.joined_on) == (None, dt.date(2018, 9, 17))
    assert pauline.access_needs == "No e-mail: letters by post, or phone before noon"
    assert Partner.objects.get(email="gareth.pd@example.org").dbs_expires_on == dt.date(2021, 6, 1)
    assert Expertise.objects.count() == 18
    assert set(Expertise.objects.values_list("visibility", flat=True)) == {"coordinators"}
    assert RegisterImport.objects.get().rows == []


def test_the_sample_twice_changes_nothing(programme: Programme) -> None:
    bring_in(programme, SAMPLE.read_bytes())

    def everything() -> list[Any]:
        return [list(model.objects.order_by("pk").values()) for model in (Partner, Expertise)]

    before = everything()
    outcome = bring_in(programme, SAMPLE.read_bytes())

    assert (outcome.created, outcome.updated, outcome.unchanged) == (0, 0, 9)
    assert everything() == before


def test_a_dry_run_says_the_same_and_keeps_nothing(programme: Programme) -> None:
    outcome = bring_in(programme, SAMPLE.read_bytes(), dry_run=True)

    assert outcome.created == 9
    assert not Partner.objects.exists()
    assert not RegisterImport.objects.exists()
    assert bring_in(programme, SAMPLE.read_bytes()).counts() == outcome.counts()


# --- Other services' workbooks --------------------------------------------------------------------


THEIRS = {
    "Surname": "OKAFOR",
    "First name": "MAUREEN",
    "Preferred name": "Mo",
    "Email address": "Mo <MO@example.org>",
    "Contact number": 7700900101,
    "Start date": "3rd Sept 2019",
    "Lived experience": "Ten years of pain",
    "DBS renewal date": 44287,
    "Shoe size": 6,
}


def test_another_services_workbook_maps_by_its_words(programme: Programme) -> None:
    data = xlsx(
        (
            "Members",
            [
                ["Heart service"],
                [],
                list(THEIRS),
                list(THEIRS.values()),
            ],
        )
    )

    register, outcome = register_import.import_file(
        file=io.BytesIO(data), filename="m.xlsx", programme=programme, by=None, now=NOW
    )

    partner = Partner.objects.get()
    assert (partner.name, partner.known_as) == ("Maureen Okafor", "Mo")
    assert (partner.email, partner.phone) == ("mo@example.org", "07700900101")
    assert (partner.joined_on, partner.dbs_expires_on) == (dt.date(2019, 9, 3), dt.date(2021, 4, 1))
    assert register.unmapped == ["Shoe size"]
    assert outcome.created == 1


def test_a_partner_is_changed_only_where_the_sheet_says_something(programme: Programme) -> None:
    partner = PartnerFactory(
        programme=programme,
        name="Mo Okafor",
        known_as="Mo",
        email="mo@example.org",
        phone="07700 900101",
        access_needs="Loop",
    )
    data = xlsx(
        (
            "S",
            [
                ["Name", "E-mail", "Phone", "Access needs", "Known as"],
                ["MO  OKAFOR", " MO@example.org", "+44 7700 900101", "n/a", "Maureen"],
            ],
        )
    )

    outcome = bring_in(programme, data)

    partner.refresh_from_db()
    assert (outcome.updated, outcome.created) == (1, 0)
    assert (partner.name, partner.phone) == ("Mo Okafor", "07700 900101")
    assert (partner.access_needs, partner.known_as) == ("Loop", "Maureen")
    assert bring_in(programme, data).unchanged == 1


def test_other_programmes_partners_are_other_people(programme: Programme) -> None:
    PartnerFactory(programme=ProgrammeFactory(), name="Mo Okafor", email="mo@example.org")

    outcome = bring_in(
        programme, xlsx(("S", [["Name", "E-mail"], ["Mo Okafor", "mo@example.org"]]))
    )

    assert outcome.created == 1


HEAD = ["Name", "E-mail", "Phone", "Date joined", "Lived experience"]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (["Mo Okafor", "mo@example.org"], ["mo okafor ", " MO@EXAMPLE.ORG"]),
        (["Mo Okafor", None, "07700 900101"], ["Mo\u00a0Okafor", "n/a", "(+44) 7700-900101"]),
        (["Mo Okafor", "", "", "12/03/2018"], ["MO OKAFOR", "", "", dt.date(2018, 3, 12)]),
        (["Zoë Shaw", "zoe@example.org"], ["Zoe Shaw", ""]),
    ],
)
def test_a_duplicate_is_told_and_ignored(
    programme: Programme, first: list[Any], second: list[Any]
) -> None:
    outcome = bring_in(programme, xlsx(("S", [HEAD, first, second])))

    assert (outcome.created, outcome.ignored) == (1, 1)
    assert "The same person as row 2" in told(outcome)[0]


def test_a_row_that_may_be_two_partners_is_refused(programme: Programme) -> None:
    PartnerFactory(programme=programme, name="John Smith", email="a@example.org")
    PartnerFactory(programme=programme, name="John Smith", email="b@example.org")

    outcome = bring_in(programme, xlsx(("S", [HEAD, ["John Smith", "", "07700 900101"]])))

    assert outcome.refused == 1
    assert "There are 2 partners called John Smith" in told(outcome)[0]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (["John Smith", "a@example.org"], ["John Smith", "b@example.org"]),
        (["John Smith", "", "07700 900101"], ["John Smith", "", "07700 900102"]),
        (["John Smith", "", "", "12/03/2018"], ["John Smith", "", "", "13/03/2018"]),
    ],
)
def test_namesakes_who_differ_are_two_people(
    programme: Programme, first: list[Any], second: list[Any]
) -> None:
    outcome = bring_in(programme, xlsx(("S", [HEAD, first, second])))

    assert outcome.created == 2


def test_a_duplicate_still_adds_to_lists(programme: Programme) -> None:
    rows = [
        HEAD,
        ["Mo Okafor", "mo@example.org", "", "", "Ten years of pain"],
        ["Mo Okafor", "mo@example.org", "07700 900101", "", "Being a carer"],
    ]

    outcome = bring_in(programme, xlsx(("S", rows)))

    (line,) = told(outcome)
    assert "What “Lived experience” adds was brought in." in line
    assert "What “Phone” says was not: put it into row 2 if it is right." in line
    assert Partner.objects.get().phone == ""
    assert set(Expertise.objects.values_list("text", flat=True)) == {
        "Ten years of pain",
        "Being a carer",
    }
    assert bring_in(programme, xlsx(("S", rows))).unchanged == 1


def test_one_address_for_two_people_is_refused(programme: Programme) -> None:
    rows = [HEAD, ["Ann Lee", "home@example.org"], ["Bob Cole", "home@example.org"]]

    outcome = bring_in(programme, xlsx(("S", rows)))

    assert (outcome.created, outcome.refused) == (1, 1)
    (line,) = told(outcome)
    assert line.startswith("row 3, column B: This e-mail address is Ann Lee’s in row 2.")


def test_what_cannot_be_read_is_refused_by_row_and_column(programme: Programme) -> None:
    rows = [
        HEAD,
        ["Ann Lee", "ann at example", "", "31/02/2019"],
        ["", "nobody@example.org"],
        ["Bob Cole", "", "ring me", "soon"],
        ["Cy Dee", "", "#REF!"],
        ["Dee Eff", "dee@example.org", "", "TBC"],
    ]

    outcome = bring_in(programme, xlsx(("S", rows)))

    assert (outcome.created, outcome.refused) == (1, 4)
    assert [line.split(":")[0] for line in told(outcome)] == [
        "row 2, column B",
        "row 2, column D",
        "row 3, column A",
        "row 4, column C",
        "row 4, column D",
        "row 5, column C",
    ]


def test_totals_notes_and_repeated_headings_are_ignored(programme: Programme) -> None:
    rows = [
        HEAD,
        ["Ann Lee", "ann@example.org"],
        ["Former partners"],
        HEAD,
        ["Bob Cole", "bob@example.org"],
        ["Grand total:", 2],
        ["", Formula("=COUNTA(A2:A5)", "2")],
        ["n/a", "-"],
        ["Please ring before you share this list with others."],
    ]

    outcome = bring_in(programme, xlsx(("S", rows)))

    assert (outcome.created, outcome.ignored, outcome.refused) == (2, 6, 0), told(outcome)


def test_text_that_looks_like_a_formula_stays_text(programme: Programme) -> None:
    rows = [HEAD, ["Ann Lee", "", "+44 7700 900101", "", "=SUM of what I learned"]]

    bring_in(programme, xlsx(("S", rows)))

    assert Partner.objects.get().phone == "+44 7700 900101"
    assert Expertise.objects.get().text == "=SUM of what I learned"


def test_a_formula_elsewhere_counts_by_its_result(programme: Programme) -> None:
    rows = [
        HEAD,
        ["Ann Lee", Formula('=LOWER("ANN@EXAMPLE.ORG")', "ann@example.org")],
        ["Bob Cole", "bob@example.org", Formula("=1/0", "")],
    ]

    outcome = bring_in(programme, xlsx(("S", rows)))

    assert Partner.objects.get().email == "ann@example.org"
    assert "holds a formula" in told(outcome)[0]


def test_cells_merged_downwards_hold_for_each_row(programme: Programme) -> None:
    rows = [HEAD, ["Ann Lee", "a@example.org", "", "12/03/2018"], ["Bob Cole", "b@example.org"]]

    bring_in(programme, xlsx(("S", rows)))
    bring_in(programme, _merged(rows))

    assert Partner.objects.get(name="Bob Cole").joined_on == dt.date(2018, 3, 12)


def _merged(rows: Rows) -> bytes:
    data = xlsx(("S", rows))
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w") as new:
        for part in old.infolist():
            text = old.read(part)
            if part.filename.endswith("sheet1.xml"):
                merge = b'</sheetData><mergeCells count="1"><mergeCell ref="D2:D3"/></mergeCells>'
                text = text.replace(b"</sheetData>", merge)
            new.writestr(part.filename, text)
    return made.getvalue()


def test_the_sheet_with_the_best_headings_is_taken(programme: Programme) -> None:
    partners = [HEAD, ["Ann Lee", "ann@example.org"]]
    hidden = [[*HEAD, "Known as"], ["Old Row", "old@example.org"]]
    log = [["Date", "PCP", "Hours"], ["12/03/2018", "Ann Lee", 2]]
    data = xlsx(("Log", log), ("Old", hidden), ("People", partners), hidden="Old")

    register, _ = register_import.import_file(
        file=io.BytesIO(data), filename="m.xlsx", programme=programme, by=None, now=NOW
    )

    assert register.sheet == "People"
    assert bring_in(programme, data, sheet=" old ").created == 1
    with pytest.raises(BadFileError, match=r"There is no sheet “X”\. The sheets are: “Log”"):
        bring_in(programme, data, sheet="X")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_csv_of_any_kind_comes_in(programme: Programme, encoding: str, mark: str) -> None:
    lines = [
        "Our partners",
        "",
        "Name|E-mail|Access needs",
        'Zoë Ní|zoe@example.org|"Loop\nLarge print"',
    ]
    text = "\r\n".join(lines).replace("|", mark)

    outcome = bring_in(programme, text.encode(encoding), "partners.csv")

    assert outcome.created == 1
    assert Partner.objects.get().name == "Zoë Ní"
    assert Partner.objects.get().access_needs == "Loop\nLarge print"


def test_columns_said_are_remembered(programme: Programme) -> None:
    data = b"Who,Reach\nAnn Lee,ann@example.org\n"

    with pytest.raises(BadFileError, match="No row of headings"):
        bring_in(programme, data, "p.csv")
    bring_in(programme, data, "p.csv", said={"WHO": "name", "reach": "email"})

    assert Partner.objects.get().email == "ann@example.org"
    assert RememberedColumn.objects.count() == 2
    assert bring_in(programme, data, "p.csv").unchanged == 1


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"E-mail": "mail"}, "no field called “mail”"),
        ({"Nowhere": "email"}, "There is no column “nowhere”"),
        ({"Name": "email", "E-mail": "email"}, "Two columns"),
        ({"Name": ""}, "No row of headings"),
    ],
)
def test_what_is_said_wrongly_of_columns_is_told(
    programme: Programme, said: dict[str, str], sentence: str
) -> None:
    with pytest.raises(BadFileError, match=sentence):
        bring_in(programme, b"Name,E-mail\nAnn,ann@example.org\n", "p.csv", said=said)

    assert not Partner.objects.exists()
    assert not RememberedColumn.objects.exists()


_pool = st.sampled_from
_some_rows = st.lists(
    st.tuples(
        _pool(["Ann Lee", "ANN LEE", "Bob Cole", "Ann Cole", ""]),
        _pool(["", "n/a", "a@example.org", "A@example.org", "b@example.org"]),
        _pool(["", "07700 900101", "+447700900101", "07700 900102"]),
        _pool(["", "12/03/2018", "2018-03-12", "13/03/2018", "soon"]),
        _pool(["", "Pain", "pain", "Caring"]),
    ),
    max_size=7,
)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(rows=_some_rows)
def test_whatever_the_rows_twice_changes_nothing(programme: Programme, rows: Rows) -> None:
    Expertise.objects.all().delete()
    Partner.objects.all().delete()
    lines = [HEAD, ["Cy Dee", "cy@example.org", "", "", ""], *rows]
    data = "\n".join(",".join(map(str, line)) for line in lines).encode()

    first = bring_in(programme, data, "p.csv")
    second = bring_in(programme, data, "p.csv")

    assert (second.created, second.updated) == (0, 0)
    assert second.unchanged == first.created
    assert (second.refused, second.ignored) == (first.refused, first.ignored)
    filled = [row for row in lines[1:] if any(row)]
    assert first.created + first.refused + first.ignored == len(filled)


def test_import_writes_of_each_partner_only_what_their_row_changes(programme: Programme) -> None:
    bring_in(
        programme, b"Name,E-mail,Phone\nAnn Lee,a@example.org,\nBo Ray,b@example.org,", "p.csv"
    )
    sheet = b"Name,E-mail,Phone,Known as\nAnn Lee,a@example.org,07700 900111,\n"

    with CaptureQueriesContext(connection) as asked:
        bring_in(programme, sheet + b"Bo Ray,b@example.org,,Bobby", "p.csv")

    writes = [q["sql"] for q in asked if q["sql"].startswith('UPDATE "partners_partner"')]
    assert [("phone" in sql, "known_as" in sql) for sql in sorted(writes)] == [
        (False, True),
        (True, False),
    ]


def test_many_rows_ask_the_database_little(programme: Programme) -> None:
    head = [*HEAD, "MDT(s)", "Payment?"]
    rows = [
        [f"Ann Lee{i}", f"a{i}@example.org", "", "12/03/2018", f"Pain {i}", "Hips; Knees", "Yes"]
        for i in range(900)
    ]
    data = xlsx(("S", [head, *rows]))

    with CaptureQueriesContext(connection) as first:
        bring_in(programme, data)
    with CaptureQueriesContext(connection) as again:
        outcome = bring_in(programme, data)

    assert Partner.objects.count() == outcome.unchanged == 900
    assert len(first) < 100
    assert len(again) < 40


# --- Reading cells --------------------------------------------------------------------------------


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


# --- Files that were made to hurt -----------------------------------------------------------------


def _with_part(name: str, text: bytes, *, stored: bool = False) -> bytes:
    """The sample with one of its parts replaced."""
    made = io.BytesIO()
    how = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(SAMPLE) as old, zipfile.ZipFile(made, "w", how) as new:
        for part in old.infolist():
            new.writestr(part.filename, text if part.filename == name else old.read(part))
    return made.getvalue()


_SHEET = (
    b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s'
)
_BOMB = (
    b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    + _SHEET % b"<row><c t='str'><v>&b;</v></c></row></sheetData></worksheet>"
)
_ONE = "xl/worksheets/sheet1.xml"
HOSTILE: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "empty": ("r.xlsx", lambda: b"", "is empty"),
    "not a workbook": ("r.xlsx", lambda: b"hello there", "not a workbook"),
    "a picture": ("r.csv", lambda: b"\x89PNG\r\n\x1a\n\0\0\0", "not a CSV file of text"),
    "password": (
        "r.xlsx",
        lambda: b"\xd0\xcf\x11\xe0" * 99,
        "locked with a password",
    ),
    "cut off": ("r.xlsx", lambda: SAMPLE.read_bytes()[:3000], "damaged"),
    "a zip": ("r.xlsx", lambda: _zip({"a.txt": b"hello"}), "damaged"),
    "a zip bomb": ("r.xlsx", lambda: _with_part(_ONE, b" " * 90_000_000), "unpacks to far more"),
    "many cells": (
        "r.xlsx",
        lambda: _with_part(_ONE, _SHEET % (b"<row>" + b"<c/>" * 2_000_000)),
        "unpacks to far more",
    ),
    "entities": ("r.xlsx", lambda: _with_part(_ONE, _BOMB), "damaged"),
    "broken xml": ("r.xlsx", lambda: _with_part(_ONE, _SHEET % b"<row>"), "damaged"),
    "a far column": (
        "r.xlsx",
        lambda: xlsx(("S", [["Name", "E-mail", *[None] * 300, "far"]])),
        "more than 200 columns",
    ),
    "no headings": ("r.xlsx", lambda: xlsx(("S", [["Ann", 3], ["Bob", 4]])), "No row of headings"),
    "nothing in it": ("r.xlsx", lambda: xlsx(("S", [])), "nothing in this workbook"),
    "only headings": ("r.xlsx", lambda: xlsx(("S", [["Name", "E-mail"]])), "no partners beneath"),
    "too many rows": (
        "r.csv",
        lambda: b"Name,E-mail\n" + b"Ann,\n" * 20_001,
        "more than 20,000 rows",
    ),
    "too large": ("r.csv", lambda: b"x" * (10 * 1024 * 1024 + 1), "larger than 10 MB"),
    "a wild quote": ("r.csv", lambda: b'Name,E-mail\n"' + b"x" * 200_000, "damaged"),
    "a formula for a name": (
        "r.xlsx",
        lambda: xlsx(
            ("S", [["Name", "E-mail"], ["Ann", "a@example.org"], [Formula("=B1"), "b@example.org"]])
        ),
        "Row 3, column A: a formula (=B1) stands where a name should be",
    ),
}


def _zip(parts: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return made.getvalue()


@pytest.mark.parametrize("case", HOSTILE)
def test_a_bad_file_gets_one_sentence_and_changes_nothing(programme: Programme, case: str) -> None:
    name, make, sentence = HOSTILE[case]

    with pytest.raises(BadFileError) as refused:
        bring_in(programme, make(), name)

    assert sentence in str(refused.value)
    assert not Partner.objects.exists()


def test_rows_far_down_cost_nothing(programme: Programme) -> None:
    row = b'<row r="%d"><c r="A%d" t="str"><v>%s</v></c><c r="B%d" t="str"><v>%s</v></c></row>'
    rows = b"".join(
        row % (n, n, a, n, b)
        for n, a, b in [(2, b"Name", b"E-mail"), (1_048_576, b"Ann Lee", b"ann@example.org")]
    )

    outcome = bring_in(programme, _with_part(_ONE, _SHEET % (rows + b"</sheetData></worksheet>")))

    assert outcome.created == 1


# --- The command ----------------------------------------------------------------------------------


def test_the_command_prints_one_line_of_json_and_the_reasons(
    programme: Programme, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("import_register", str(SAMPLE))

    out, err = capsys.readouterr()
    first, *others = out.splitlines()
    assert json.loads(first) == {
        "created": 9,
        "updated": 0,
        "unchanged": 0,
        "refused": 0,
        "ignored": 2,
        "dry_run": False,
        "sheet": "PCP register",
        "unmapped": [],
    }
    assert [line[:16] for line in others] == ["row 14, column C", "row 16, column A"]
    assert err == ""


def test_the_command_maps_and_tries_out(
    programme: Programme, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    ProgrammeFactory(slug="other")
    file = tmp_path / "theirs.csv"
    file.write_text("Who = what,Reach\nAnn,ann@example.org\n")
    said = ["--map", "Who = what=Name", "--map", "Reach=E-mail", "--programme", programme.slug]

    call_command("import_register", str(file), *said, "--dry-run")

    answer = json.loads(capsys.readouterr().out)
    assert (answer["created"], answer["dry_run"]) == (1, True)
    assert not Partner.objects.exists()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["nowhere.xlsx"], "cannot be opened"),
        (["."], "cannot be opened"),
        ([str(SAMPLE), "--sheet", "Elsewhere"], "There is no sheet “Elsewhere”"),
        ([str(SAMPLE), "--map", "Name=nonsense"], "no field called “nonsense”"),
        ([str(SAMPLE), "--map", "Name"], "does not say what a column is"),
        ([str(SAMPLE), "--programme", "elsewhere"], "There is no programme “elsewhere”"),
    ],
)
def test_the_command_refuses_with_one_sentence(
    programme: Programme,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    sentence: str,
) -> None:
    with pytest.raises(SystemExit) as ended:
        call_command("import_register", *arguments)

    out, err = capsys.readouterr()
    assert ended.value.code == 1
    assert out == ""
    assert sentence in err
    assert len(err.strip().splitlines()) == 1
    assert not Partner.objects.exists()


def test_the_command_asks_which_programme(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        call_command("import_register", str(SAMPLE))
    assert "There is no programme yet" in capsys.readouterr().err
    ProgrammeFactory(slug="one")
    ProgrammeFactory(slug="two")

    with pytest.raises(SystemExit):
        call_command("import_register", str(SAMPLE))

    assert "The programmes are: one, two." in capsys.readouterr().err


def test_a_sheet_of_50_mb_is_not_read_into_memory(programme: Programme, tmp_path: Path) -> None:
    file = tmp_path / "large.xlsx"
    with file.open("wb") as made:
        made.truncate(50 * 1024 * 1024)

    class Unread(io.FileIO):
        def read(self, size: int = -1) -> bytes:
            raise AssertionError("it was read")

    with Unread(file) as large, pytest.raises(BadFileError, match="larger than 10 MB"):
        workbook.open_sheets(large, "large.xlsx")  # type: ignore[arg-type]
