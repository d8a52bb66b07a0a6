"""Bringing in a register: the real sample, and its cousins from other services."""

import datetime as dt
import io
import zipfile
from typing import Any

import pytest

from accounts.models import Programme
from accounts.tests.factories import ProgrammeFactory
from partners.models import Expertise, Partner, RegisterImport, RememberedColumn
from partners.services import register_import
from partners.services.workbook import BadFileError
from partners.tests.factories import NOW, PartnerFactory
from partners.tests.workbooks import HEAD, SAMPLE, Formula, Rows, bring_in, told, xlsx

pytestmark = pytest.mark.django_db


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
