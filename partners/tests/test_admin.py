"""What coordinators do: the register, contributions that wait, and bringing in a workbook."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib import admin
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Invitation, Message, Programme, Role, User
from accounts.services.people import grant_role
from accounts.tests.factories import ProgrammeFactory, person
from partners.admin import contributions
from partners.models import Contribution, Partner, RegisterImport, RememberedColumn
from partners.tests.factories import (
    NOW,
    ExpertiseFactory,
    PartnerFactory,
    confirmed_contribution,
    contribution,
    signed_up_partner,
)

pytestmark = pytest.mark.django_db
SAMPLE = Path(__file__).parent / "data" / "partner-register.xlsx"
SignIn = Callable[..., Client]


@pytest.fixture
def cora(coordinator: User, client_for: SignIn) -> Client:
    return client_for(coordinator)


def url(model: str, page: str, *args: Any) -> str:
    return reverse(f"admin:partners_{model}_{page}", args=args)


# --- Partners -------------------------------------------------------------------------------------


def test_the_register_finds_by_name_address_and_number(cora: Client, programme: Programme) -> None:
    PartnerFactory(programme=programme, name="Zoë Ní Bhriain", email="zoe@example.org")
    PartnerFactory(
        programme=programme, name="Jun Watanabe", known_as="Jún", phone="07700 900108", email=None
    )
    PartnerFactory(name="Zoë Elsewhere")

    def found(term: str) -> list[str]:
        page = cora.get(url("partner", "changelist"), {"q": term})
        return [partner.name for partner in page.context["cl"].result_list]

    assert found("") == ["Zoë Ní Bhriain", "Jun Watanabe"]
    assert found("zoe") == found("ní Zoë") == found("zoe@EXAMPLE") == ["Zoë Ní Bhriain"]
    assert found("07700900108") == found("+44 7700 900108") == found("900 108") == ["Jun Watanabe"]
    assert found("jún") == ["Jun Watanabe"]
    assert found("Elsewhere") == []


def test_a_partner_is_added_and_changed_through_the_register(
    cora: Client, programme: Programme
) -> None:
    sent = {"programme": programme.pk, "name": " Mo  Okafor ", "status": "on_break", "email": ""}
    sent |= {"joined_on": "12/03/2018", "phone": "7700900101"}

    answer = cora.post(url("partner", "add"), sent)

    partner = Partner.objects.get()
    assert answer.status_code == 302, answer.context["errors"]
    assert (partner.name, partner.sort_key, partner.status) == (
        "Mo Okafor",
        "okafor mo",
        "on_break",
    )
    assert (partner.email, partner.phone) == (None, "07700900101")
    sent |= {"name": "Mo Obi", "email": "Mo@Example.org"}
    assert cora.post(url("partner", "change", partner.pk), sent).status_code == 302
    partner.refresh_from_db()
    assert (partner.sort_key, partner.email) == ("obi mo", "mo@example.org")


def test_a_taken_address_is_told_beside_the_field(cora: Client, programme: Programme) -> None:
    PartnerFactory(programme=programme, email="mo@example.org")

    page = cora.post(
        url("partner", "add"),
        {"programme": programme.pk, "name": "Mo", "status": "active", "email": "MO@example.org"},
    )

    assert page.status_code == 200
    assert "already has this e-mail" in page.content.decode()


def test_coordinators_see_access_needs_and_what_is_shared(
    cora: Client, programme: Programme
) -> None:
    partner = signed_up_partner(programme, access_needs="Hearing loop")
    ExpertiseFactory(partner=partner, text="Shared words", visibility="coordinators")
    ExpertiseFactory(partner=partner, text="Private words", visibility="only_me")

    page = cora.get(url("partner", "change", partner.pk)).content.decode()

    assert "Hearing loop" in page
    assert "Shared words" in page
    assert "Private words" not in page


def test_invite_writes_the_mail_and_ties_the_sign_in(cora: Client, programme: Programme) -> None:
    partner = PartnerFactory(programme=programme, email="mo@example.org")

    page = cora.post(url("partner", "invite", partner.pk), follow=True).content.decode()

    partner.refresh_from_db()
    assert Invitation.objects.get().user == partner.user
    assert Message.objects.get().to_address == "mo@example.org"
    assert "An invitation is on its way" in page
    assert "was invited and has not signed in yet" in page


def test_somebody_without_an_address_is_told_by_post(cora: Client, programme: Programme) -> None:
    partner = PartnerFactory(programme=programme, email=None, phone="01273 555 0107")

    page = cora.get(url("partner", "change", partner.pk)).content.decode()
    after = cora.post(url("partner", "invite", partner.pk), follow=True).content.decode()

    assert "by post or by phone: 01273 555 0107" in page
    assert "told by post or by phone" in after
    assert not Invitation.objects.exists()


# --- Contributions --------------------------------------------------------------------------------


def test_what_waits_is_on_the_work_list_and_confirmed_together(
    cora: Client, programme: Programme, coordinator: User
) -> None:
    partner = signed_up_partner(programme)
    rows = [contribution(partner), contribution(partner), confirmed_contribution(partner)]
    grant_role(user=coordinator, programme=programme, role=Role.PARTNER, by=None, now=NOW)
    own = contribution(PartnerFactory(programme=programme, user=coordinator))

    items = {item.title: item for item in admin.site.worklist(coordinator)}
    page = cora.post(
        url("contribution", "changelist"),
        {"action": "confirm_selected", "_selected_action": [row.pk for row in [*rows, own]]},
        follow=True,
    ).content.decode()

    assert items["contributions to confirm"].count == 2
    assert "2 contributions are confirmed." in page
    assert "Nobody confirms their own work" in page
    for row in rows[:2]:
        row.refresh_from_db()
        assert (row.status, row.confirmed_by) == ("confirmed", coordinator)
    own.refresh_from_db()
    assert own.status == "recorded"


def test_all_of_a_long_list_is_confirmed_a_part_at_a_time(
    cora: Client, programme: Programme, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contributions, "CONFIRMED_AT_ONCE", 2)
    partner = signed_up_partner(programme)
    rows = [contribution(partner) for _ in range(3)]

    page = cora.post(
        url("contribution", "changelist"),
        {
            "action": "confirm_selected",
            "_selected_action": [rows[0].pk],
            "select_across": "1",
        },
        follow=True,
    ).content.decode()

    assert "2 contributions are confirmed." in page
    assert "These were the first 2. Choose the others again." in page
    assert [row.pk for row in Contribution.objects.to_confirm()] == [rows[2].pk]


def test_one_contribution_is_confirmed_or_withdrawn_without_its_reflection(
    cora: Client, programme: Programme
) -> None:
    row = contribution(signed_up_partner(programme), reflection="Mine alone")
    page = url("contribution", "change", row.pk)

    assert "Mine alone" not in cora.get(page).content.decode()
    assert cora.get(url("contribution", "confirm", row.pk)).status_code == 405
    cora.post(url("contribution", "confirm", row.pk))
    assert "why" in cora.post(url("contribution", "withdraw", row.pk), {"why": ""}).content.decode()
    cora.post(url("contribution", "withdraw", row.pk), {"why": "Another day"})

    row.refresh_from_db()
    assert row.status == "withdrawn"
    shown = cora.get(page).content.decode()
    assert "Another day" in shown
    assert "Mine alone" not in shown


# --- Bringing in a register -----------------------------------------------------------------------


def upload(client: Client, data: bytes, name: str = "register.xlsx", **sent: Any) -> Any:
    file = SimpleUploadedFile(name, data)
    return client.post(url("registerimport", "upload"), {"file": file, **sent})


def as_chosen(page: Any) -> dict[str, str]:
    form = page.context["form"]
    return {bound.name: bound.value() for bound in form}


def test_the_sample_goes_from_upload_to_done(cora: Client, programme: Programme) -> None:
    assert cora.get(url("registerimport", "upload")).status_code == 200

    answer = upload(cora, SAMPLE.read_bytes())
    kept = RegisterImport.objects.get()
    assert answer.url == url("registerimport", "columns", kept.pk)
    columns = cora.get(answer.url)
    assert "Before illness (frozen assets)" in columns.content.decode()
    assert "Maureen Okafor" in columns.content.decode()
    answer = cora.post(answer.url, as_chosen(columns))
    assert answer.url == url("registerimport", "check", kept.pk)
    check = cora.get(answer.url).content.decode()
    assert "This is a row of totals" in check
    assert "The same person as row 8" in check
    assert not Partner.objects.exists()
    page = cora.post(url("registerimport", "apply", kept.pk), follow=True)

    assert page.redirect_chain == [(url("registerimport", "done", kept.pk), 302)]
    assert "The register is in" in page.content.decode()
    assert Partner.objects.count() == 9
    kept.refresh_from_db()
    assert (kept.status, kept.rows) == ("applied", [])
    assert [line.to_status for line in kept.history.all()] == ["read", "mapped", "applied"]
    assert cora.get(url("registerimport", "change", kept.pk)).url.endswith("/done/")
    again = cora.post(url("registerimport", "apply", kept.pk), follow=True).content.decode()
    assert "Somebody may have changed it" in again


def test_chosen_columns_are_remembered_and_stay_after_a_mistake(
    cora: Client, programme: Programme
) -> None:
    data = b"Name,Reach,Odd\nMo Okafor,mo@example.org,x\n,,\n"
    address = upload(cora, data, "theirs.csv").url

    wrong = cora.post(address, {"column_0": "-", "column_1": "email", "column_2": "email"})
    text = wrong.content.decode()
    assert "Choose “Name” for the column" in text
    assert "is chosen for “Reach” too" in text
    assert as_chosen(wrong)["column_1"] == "email"
    cora.post(address, {"column_0": "name", "column_1": "email", "column_2": "-"})
    cora.post(address.replace("columns", "apply"))

    assert Partner.objects.get().email == "mo@example.org"
    assert dict(RememberedColumn.objects.values_list("header", "field")) == {
        "Name": "name",
        "Reach": "email",
        "Odd": "",
    }
    next_time = cora.get(upload(cora, data, "theirs.csv").url)
    assert as_chosen(next_time) == {"column_0": "name", "column_1": "email", "column_2": "-"}


def test_what_an_old_workbook_would_replace_is_seen_first(
    cora: Client, programme: Programme
) -> None:
    partner = PartnerFactory(
        programme=programme, name="Ann Lee", email="a@example.org", access_needs="A signer"
    )
    sheet = b"Name,E-mail,Phone,Access needs\nAnn Lee,a@example.org,07700 900101,A ramp\n"
    columns = upload(cora, sheet, "old.csv").url

    answer = cora.post(columns, as_chosen(cora.get(columns)), follow=True)

    page = answer.content.decode()
    assert "1 thing on the register would be replaced" in page
    assert page.index(">A signer<") < page.index(">A ramp<") < page.index(">07700 900101<")
    partner.refresh_from_db()
    assert partner.access_needs == "A signer"
    kept = RegisterImport.objects.get()
    cora.post(url("registerimport", "apply", kept.pk))
    kept.refresh_from_db()
    assert "A signer" not in str(kept.outcome)


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("register.xlsx", b"", "This file is empty"),
        ("register.xlsx", b"PK\x03\x04 no zip", "This workbook is damaged"),
        ("register.xlsx", b"\xd0\xcf\x11\xe0 old", "locked with a password"),
        ("register.pdf", b"%PDF-1.7", "This is not a workbook"),
        ("register.csv", b"a,b\n1,2\n", "There is no sheet “My sheet”"),
        ("register.csv", b"x" * (10 * 1024 * 1024 + 1), "larger than 10 MB"),
    ],
)
def test_a_bad_file_gets_a_sentence_beside_the_field(
    cora: Client, name: str, data: bytes, sentence: str
) -> None:
    page = upload(cora, data, name, sheet="My sheet").content.decode()

    assert sentence in page
    assert "<title>Error: " in page
    assert "My sheet" in page
    assert not RegisterImport.objects.exists()


def test_a_formula_for_a_name_stops_the_columns_page(cora: Client) -> None:
    address = upload(cora, b"Name,E-mail\n=A1,mo@example.org\n", "r.csv").url

    page = cora.post(address, {"column_0": "name", "column_1": "email"}).content.decode()

    assert "stands where a name should be" in page
    assert RegisterImport.objects.get().status == "read"


def test_a_new_upload_lets_the_unfinished_one_go(cora: Client) -> None:
    upload(cora, b"Name,E-mail\nMo,mo@example.org\n", "one.csv")
    upload(cora, b"Name,E-mail\nMo,mo@example.org\n", "two.csv")

    first, second = RegisterImport.objects.order_by("pk")
    assert (first.status, first.rows, second.status) == ("dropped", [], "read")
    cora.post(url("registerimport", "drop", second.pk))
    second.refresh_from_db()
    assert (second.status, second.rows) == ("dropped", [])
    assert (
        "was not brought in" in cora.get(url("registerimport", "done", second.pk)).content.decode()
    )


def test_a_coordinator_of_two_programmes_says_which(
    coordinator: User, programme: Programme, client_for: SignIn
) -> None:
    other = ProgrammeFactory()
    grant_role(user=coordinator, programme=other, role=Role.COORDINATOR, by=None, now=NOW)
    client = client_for(coordinator)
    data = b"Name,E-mail\nMo,mo@example.org\n"

    assert "Choose the programme" in upload(client, data, "r.csv").content.decode()
    upload(client, data, "r.csv", programme=str(other.pk))

    assert RegisterImport.objects.get().programme == other


# --- Who gets in ----------------------------------------------------------------------------------


def _addresses(programme: Programme) -> list[str]:
    partner = signed_up_partner(programme)
    row = contribution(partner)
    kept = RegisterImport.objects.create(
        programme=programme, filename="f", sheet="s", header_row=1, uploaded_at=NOW
    )
    return [
        url("partner", "change", partner.pk),
        url("partner", "invite", partner.pk),
        url("contribution", "change", row.pk),
        url("contribution", "confirm", row.pk),
        url("contribution", "withdraw", row.pk),
        *(
            url("registerimport", page, kept.pk)
            for page in ("change", "columns", "check", "apply", "drop", "done")
        ),
    ]


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.FINANCE])
def test_another_programmes_rows_are_not_found(
    programme: Programme, client_for: SignIn, role: str
) -> None:
    where = ProgrammeFactory() if role == Role.COORDINATOR else programme
    client = client_for(person(role, where))

    for address in _addresses(programme):
        answers = {client.get(address).status_code, client.post(address).status_code}
        # The stock change page of a row that is not there leads back to the list.
        if role == Role.COORDINATOR:
            assert answers <= {404, 405, 302}, address
        else:
            assert answers <= {403, 405}, address
    assert [row.status for row in RegisterImport.objects.all()] == ["read"]
    assert not Invitation.objects.exists()


@pytest.mark.parametrize(
    ("model", "number"), [("partner", 5), ("contribution", 5), ("registerimport", 5)]
)
@pytest.mark.parametrize("rows", [1, 3])
def test_a_list_asks_the_same_however_many_rows(
    cora: Client, programme: Programme, model: str, number: int, rows: int
) -> None:
    for _ in range(rows):
        contribution(signed_up_partner(programme))
        RegisterImport.objects.create(
            programme=programme, filename="f", sheet="s", header_row=1, uploaded_at=NOW
        )
    cora.get(url(model, "changelist"))

    with CaptureQueriesContext(connection) as asked:
        page = cora.get(url(model, "changelist"))

    assert len(page.context["cl"].result_list) == rows
    assert len(asked) == number
