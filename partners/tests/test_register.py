"""The register: one spelling of everybody, one sentence for every refusal."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Invitation, Message, Programme, Role, User
from accounts.querysets import programmes_of
from accounts.services import people
from accounts.tests.factories import ProgrammeFactory
from partners.models import Expertise, Partner, RegisterImport
from partners.services import register
from partners.services.register import RegisterError, digits, sort_key
from partners.tests.factories import NOW, ExpertiseFactory, PartnerFactory, signed_up_partner
from partners.tests.test_ledger import at_once

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Maureen Okafor", "okafor maureen"),
        ("Zoë Ní Bhriain", "bhriain zoe ni"),
        ("Anna van der Berg", "van der berg anna"),
        ("Jun Watanabe-Cole", "watanabe-cole jun"),
        ("Okafor, Maureen", "okafor maureen"),
        ("Dr. A. Mensah", "mensah a."),
        ("Łukasz Større", "storre lukasz"),
        ("Cher", "cher"),
        ("x" * 150, "x" * 150),
    ],
)
def test_people_are_sorted_by_surname_without_accents(name: str, key: str) -> None:
    assert sort_key(name) == key


@pytest.mark.parametrize(
    "phone", ["07700 900101", "+44 7700 900101", "(+44) 7700-900101", "0044 7700 900101"]
)
def test_one_number_is_one_number(phone: str) -> None:
    assert digits(phone) == "07700900101"


def test_add_partner_keeps_one_spelling(programme: Programme) -> None:
    partner = register.add_partner(
        programme=programme, name=" Mo  Okafor", by=None, now=NOW, email=" MO@Example.org "
    )

    partner.refresh_from_db()
    assert (partner.name, partner.email, partner.sort_key) == (
        "Mo Okafor",
        "mo@example.org",
        "okafor mo",
    )


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 151}, "name"),
        ({"email": "mo at example"}, "email"),
        ({"email": "TAKEN@example.org"}, "email"),
        ({"phone": "0" * 31}, "phone"),
        ({"access_needs": "x" * 2001}, "access_needs"),
    ],
)
def test_what_cannot_be_kept_is_told(
    programme: Programme, fields: dict[str, Any], field: str
) -> None:
    PartnerFactory(programme=programme, email="taken@example.org")

    with pytest.raises(RegisterError) as refused:
        register.add_partner(**{"programme": programme, "name": "Mo", **fields}, by=None, now=NOW)

    assert refused.value.field == field
    assert str(refused.value).endswith(".")
    assert Partner.objects.count() == 1


def test_the_same_address_is_free_in_another_programme(programme: Programme) -> None:
    PartnerFactory(programme=ProgrammeFactory(), email="mo@example.org")

    assert register.add_partner(
        programme=programme, name="Mo", email="mo@example.org", by=None, now=NOW
    ).pk


def test_change_partner_says_whether_anything_changed(programme: Programme) -> None:
    partner = PartnerFactory(programme=programme, name="Mo Okafor", sort_key="okafor mo")

    assert register.change_partner(partner=partner, by=None, now=NOW, name="Mo Obi")
    assert not register.change_partner(partner=partner, by=None, now=NOW, name=" Mo Obi ")

    partner.refresh_from_db()
    assert (partner.name, partner.sort_key) == ("Mo Obi", "obi mo")


def test_invite_never_hands_a_used_sign_in_to_another_address(programme: Programme) -> None:
    partner = signed_up_partner(programme)
    mine = partner.user
    assert mine is not None
    User.objects.filter(pk=mine.pk).update(last_login=NOW)
    register.change_partner(partner=partner, by=None, now=NOW, email="somebody.else@example.org")

    with pytest.raises(RegisterError, match="signs in already, with another e-mail address"):
        register.invite_partner(partner=partner, by=None, now=NOW)

    partner.refresh_from_db()
    assert partner.user == mine
    assert not Message.objects.exists()


def test_invite_ties_the_sign_in_and_asks_again_without_harm(programme: Programme) -> None:
    partner = PartnerFactory(programme=programme, email="mo@example.org")

    first = register.invite_partner(partner=partner, by=None, now=NOW)
    second = register.invite_partner(partner=partner, by=None, now=NOW)

    partner.refresh_from_db()
    assert first.user == second.user == partner.user
    assert partner.user is not None
    assert programmes_of(partner.user, Role.PARTNER) == {programme.pk}
    assert Message.objects.filter(kind="invitation").count() == 2


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"email": None}, "by post or by phone"),
        ({"status": "left"}, "has left"),
    ],
)
def test_somebody_who_cannot_be_invited_is_told_why(
    programme: Programme, values: dict[str, Any], sentence: str
) -> None:
    partner = PartnerFactory(programme=programme, **values)

    with pytest.raises(RegisterError, match=sentence):
        register.invite_partner(partner=partner, by=None, now=NOW)

    assert not Invitation.objects.exists()


def test_when_the_sign_in_cannot_be_tied_nothing_is_kept(programme: Programme) -> None:
    other = signed_up_partner(programme, email="other@example.org")
    assert other.user is not None
    partner = PartnerFactory(programme=programme, email=other.user.email)

    with pytest.raises(RegisterError, match="already signs in another partner"):
        register.invite_partner(partner=partner, by=None, now=NOW)

    assert not Invitation.objects.exists()
    assert not Message.objects.exists()


def test_visibility_of_expertise_is_item_by_item(programme: Programme) -> None:
    partner = signed_up_partner(programme)
    items = {seen: ExpertiseFactory(partner=partner, visibility=seen) for seen in _SEEN_BY}
    people_by_role = {
        role: _somebody(role, programme) for role in ("coordinator", "staff", "finance", "partner")
    }

    for seen, roles in _SEEN_BY.items():
        for role, user in people_by_role.items():
            visible = Expertise.objects.visible_to(user).filter(pk=items[seen].pk).exists()
            assert visible is (role in roles), (seen, role)
        assert partner.user is not None
        assert Expertise.objects.visible_to(partner.user).filter(pk=items[seen].pk).exists()


_SEEN_BY = {
    "only_me": set(),
    "coordinators": {"coordinator"},
    "staff": {"coordinator", "staff"},
}


def _somebody(role: str, programme: Programme) -> Any:
    invitation = people.invite(
        programme=programme, email=f"{role}@example.org", name=role, role=role, by=None, now=NOW
    )
    return invitation.user


@pytest.mark.parametrize(
    ("name", "wrong", "right"),
    [
        ("partner_has_name", {"name": ""}, {"name": "x"}),
        ("partner_email_empty_is_null", {"email": ""}, {"email": None}),
        ("partner_email_once", {"email": "TAKEN@example.org"}, {"email": "free@example.org"}),
    ],
)
def test_the_database_refuses_what_the_register_forbids(
    programme: Programme, name: str, wrong: dict[str, Any], right: dict[str, Any]
) -> None:
    PartnerFactory(programme=programme, email="taken@example.org")
    partner = PartnerFactory(programme=programme)
    rows = Partner.objects.filter(pk=partner.pk)

    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        rows.update(**wrong)
    rows.update(**right)


def test_an_ended_import_keeps_no_rows(programme: Programme) -> None:
    kept = RegisterImport.objects.create(
        programme=programme, filename="f", sheet="s", header_row=1, rows=[[1, []]], uploaded_at=NOW
    )

    for status in ("applied", "dropped"):
        rows = RegisterImport.objects.filter(pk=kept.pk)
        with (
            pytest.raises(IntegrityError, match="register_import_ended_is_empty"),
            transaction.atomic(),
        ):
            rows.update(status=status)
    rows.update(status="applied", rows=[])


@pytest.mark.django_db(transaction=True)
def test_two_adding_one_address_at_once_are_told(programme: Programme) -> None:
    def add() -> Partner:
        return register.add_partner(
            programme=programme, name="Mo", email="mo@example.org", by=None, now=NOW
        )

    outcomes = at_once(add, add)

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Partner", "RegisterError"]
