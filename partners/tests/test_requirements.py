"""Asked for, shown, looked at, approved; agreements by version; and what blocks."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from accounts.models import Message
from partners.models import AgreementText, Requirement, RequirementRecord, StoredFile
from partners.services import requirement_records as records
from partners.services import requirements as services
from partners.services.pathway import give_role
from partners.services.refusal import Refusal
from partners.services.requirements import RequirementError
from partners.tests.factories import NOW, PartnerFactory, signed_up_partner
from partners.tests.pathway_factories import requirement, role
from workflow.transitions import IllegalMoveError

pytestmark = pytest.mark.django_db
TODAY = NOW.date()
PDF = b"%PDF-1.4\n%%EOF\n"


def _file(content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile("certificate.pdf", content)


def _show(asked: Requirement, partner: Any, **values: Any) -> RequirementRecord:
    facts = {"obtained_on": TODAY, "by": None, "now": NOW, **values}
    return records.show(requirement=asked, partner=partner, **facts)


def _approve(record: RequirementRecord, by: Any, **values: Any) -> RequirementRecord:
    facts = {"obtained_on": TODAY, "expires_on": None, "now": NOW, **values}
    return records.approve(record=record, by=by, **facts)


def test_seeded_requirements_block_nothing_and_are_seeded_once(programme: Any) -> None:
    services.seed_requirements(programme=programme, by=None, now=NOW)

    again = services.seed_requirements(programme=programme, by=None, now=NOW)

    assert len(again) == Requirement.objects.count() == 4
    assert not any(one.strength == "block" or one.kind == "dbs" for one in again)
    assert AgreementText.objects.get().number == 1


def test_what_is_asked_shown_and_approved_is_one_record(programme: Any, coordinator: Any) -> None:
    asked = requirement(programme, valid_months=12, evidence_wanted=True)
    partner = PartnerFactory(programme=programme)
    first = records.ask(requirement=asked, partner=partner, by=coordinator, now=NOW)
    records.ask(requirement=asked, partner=partner, by=coordinator, now=NOW)

    shown = _show(asked, partner, obtained_on=date(2024, 2, 29), uploaded=_file())
    done = _approve(shown, coordinator, obtained_on=shown.obtained_on, expires_on=shown.expires_on)

    assert first.pk == shown.pk == done.pk
    assert (done.status, done.expires_on) == ("approved", date(2025, 2, 28))
    assert [line.to_status for line in done.history.all()] == ["asked", "shown", "approved"]
    message = Message.objects.get()
    assert message.link == f"/in-place/{asked.pk}/"
    with pytest.raises(IllegalMoveError):
        _approve(done, coordinator)


def test_what_is_sent_back_says_what_is_missing_and_comes_again(
    programme: Any, coordinator: Any
) -> None:
    asked = requirement(programme, evidence_wanted=True)
    partner = PartnerFactory(programme=programme)
    shown = _show(asked, partner, uploaded=_file())

    with pytest.raises(RequirementError, match="Say what is missing"):
        records.send_back(record=shown, why=" ", by=coordinator, now=NOW)
    records.send_back(record=shown, why="The second page", by=coordinator, now=NOW)
    again = _show(asked, partner, uploaded=_file(PDF + b"%%EOF\n"))

    assert again.pk == shown.pk
    assert again.status == "shown"
    assert StoredFile.objects.count() == 1  # the one before is gone
    assert "The second page" not in Message.objects.get(kind="requirement_returned").body


def test_something_to_show_is_a_file_or_another_organisation(programme: Any) -> None:
    asked = requirement(programme, evidence_wanted=True)
    partner = PartnerFactory(programme=programme)

    with pytest.raises(RequirementError, match="Add something that shows it"):
        _show(asked, partner)
    with pytest.raises(Refusal, match="cannot tell what this file is"):
        _show(asked, partner, uploaded=_file(b"MZ renamed"))
    with pytest.raises(RequirementError, match="today or in the past"):
        _show(asked, partner, from_elsewhere="Leeds", obtained_on=TODAY + timedelta(days=1))
    assert _show(asked, partner, from_elsewhere=" Leeds  Trust ").from_elsewhere == "Leeds Trust"


def test_dbs_is_a_level_and_a_day_and_reaches_the_register(
    programme: Any, coordinator: Any
) -> None:
    check = requirement(programme, "DBS", kind="dbs", dbs_level="basic", valid_months=36)
    partner = PartnerFactory(programme=programme)

    with pytest.raises(RequirementError, match="Do not send a DBS certificate"):
        _show(check, partner, uploaded=_file())
    shown = _show(check, partner)
    _approve(shown, coordinator, expires_on=shown.expires_on)

    partner.refresh_from_db()
    assert partner.dbs_expires_on == date(2029, 11, 22)
    check.evidence_wanted = True
    with pytest.raises(RequirementError, match="ask for nothing to show"):
        services.keep_requirement(requirement=check, roles=[], by=coordinator, now=NOW)


def test_nobody_approves_their_own(programme: Any) -> None:
    partner = signed_up_partner(programme)
    shown = _show(requirement(programme), partner)

    with pytest.raises(RequirementError, match="Nobody approves their own"):
        _approve(shown, partner.user)
    with pytest.raises(RequirementError, match="Nobody approves their own"):
        records.put_in_place(
            requirement=shown.requirement, partner=partner, obtained_on=TODAY, expires_on=None,
            by=partner.user, now=NOW,
        )  # fmt: skip


def test_agreement_is_accepted_by_version_and_asked_again(programme: Any, coordinator: Any) -> None:
    services.seed_requirements(programme=programme, by=None, now=NOW)
    first = AgreementText.objects.get()
    partner = signed_up_partner(programme)
    one = records.accept(text=first, partner=partner, by=partner.user, now=NOW)

    assert records.accept(text=first, partner=partner, by=partner.user, now=NOW).pk == one.pk
    second = services.new_version(
        requirement=first.requirement, text="Newer", from_on=TODAY, by=coordinator, now=NOW
    )
    with pytest.raises(RequirementError, match="There is a newer version"):
        records.accept(text=first, partner=partner, by=partner.user, now=NOW)
    two = records.accept(text=second, partner=partner, by=partner.user, now=NOW)
    assert (one.agreement_id, two.agreement_id) == (first.pk, second.pk)
    with pytest.raises(RequirementError, match="Only the partner can accept"):
        records.accept(text=second, partner=partner, by=coordinator, now=NOW)
    with pytest.raises(RequirementError, match="signs in, and accepts it there"):
        records.put_in_place(
            requirement=second.requirement, partner=partner, obtained_on=TODAY, expires_on=None,
            by=coordinator, now=NOW,
        )  # fmt: skip


def test_blocks_says_what_stands_in_the_way_of_work_in_a_role(
    programme: Any, coordinator: Any
) -> None:
    everybody = requirement(programme, "Induction", kind="induction", strength="block")
    requirement(programme, "Only warns")
    mentor, panel = role(programme), role(programme, "Panel")
    mentors = requirement(programme, "Supervision", strength="block")
    mentors.roles.add(mentor)
    partner = PartnerFactory(programme=programme, name="Ann Lee")

    assert services.blocks(partner, panel, TODAY) == ["“Induction” of Ann Lee is not in place."]
    assert len(services.blocks(partner, mentor, TODAY)) == 2
    records.put_in_place(
        requirement=everybody, partner=partner, obtained_on=TODAY,
        expires_on=TODAY + timedelta(days=3), by=coordinator, now=NOW,
    )  # fmt: skip
    assert services.blocks(partner, None, TODAY) == []
    assert services.blocks(partner, None, TODAY + timedelta(days=4)) == [
        "“Induction” of Ann Lee ended on 25 November 2026."
    ]
    give_role(partner=partner, role=mentor, starts_on=TODAY, by=coordinator, now=NOW)
    assert services.blocks(partner, None, TODAY) == ["“Supervision” of Ann Lee is not in place."]


def test_requirement_is_kept_with_sentences(programme: Any, coordinator: Any) -> None:
    requirement(programme, "Safeguarding")

    def keep(**values: Any) -> None:
        row = Requirement(**{"programme": programme, "name": "New", "kind": "other", **values})
        services.keep_requirement(requirement=row, roles=[], by=coordinator, now=NOW)

    with pytest.raises(RequirementError, match="already has this requirement"):
        keep(name=" SAFEGUARDING ")
    with pytest.raises(RequirementError, match="Choose the level"):
        keep(kind="dbs")
    keep(kind="dbs", dbs_level="basic")


def test_database_refuses_a_second_open_record_and_an_undated_approval(programme: Any) -> None:
    shown = _show(requirement(programme), PartnerFactory(programme=programme))
    rows = RequirementRecord.objects

    with pytest.raises(IntegrityError, match="record_open_once"), transaction.atomic():
        rows.create(requirement=shown.requirement, partner=shown.partner, recorded_at=NOW)
    with pytest.raises(IntegrityError, match="record_approved_has_date"), transaction.atomic():
        rows.filter(pk=shown.pk).update(status="approved")
    with pytest.raises(IntegrityError, match="record_expires_after_date"), transaction.atomic():
        rows.filter(pk=shown.pk).update(expires_on=TODAY - timedelta(days=1))
    rows.filter(pk=shown.pk).update(status="approved", approved_at=NOW)
    rows.create(requirement=shown.requirement, partner=shown.partner, recorded_at=NOW)
