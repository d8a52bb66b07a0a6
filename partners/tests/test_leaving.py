"""A partner leaves the programme, and comes back."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Invitation, Programme, Role, User
from accounts.querysets import programmes_of
from accounts.services.people import grant_role
from accounts.tests.factories import ProgrammeFactory
from partners.models import Partner
from partners.services import register
from partners.tests.factories import NOW, PartnerFactory, signed_up_partner

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]


def roles(partner: Partner) -> set[tuple[int, str]]:
    user = User.objects.get(pk=partner.user_id)
    return {(grant.programme_id, grant.role) for grant in user.grants}


def leave(partner: Partner, by: User | None = None) -> None:
    register.change_partner(partner=partner, by=by, now=NOW, status=Partner.Status.LEFT)


def come_back(partner: Partner) -> None:
    register.change_partner(partner=partner, by=None, now=NOW, status=Partner.Status.ACTIVE)


def test_whoever_left_has_no_pages_and_home_says_so_kindly(
    programme: Programme, coordinator: User, client_for: SignIn
) -> None:
    partner = signed_up_partner(programme)
    client = client_for(partner.user)

    leave(partner, by=coordinator)

    grant = partner.user.role_grants.get()  # type: ignore[union-attr]
    assert (grant.ended_at, grant.ended_by) == (NOW, coordinator)
    home = client.get(reverse("home"))
    assert home.status_code == 200
    assert "Thank you for the time you gave" in home.content.decode()
    assert client.get(reverse("partners:portfolio")).status_code == 403


def test_leaving_one_programme_leaves_other_roles_alone(programme: Programme) -> None:
    partner = signed_up_partner(programme)
    other = ProgrammeFactory()
    assert partner.user is not None
    grant_role(user=partner.user, programme=other, role=Role.PARTNER, by=None, now=NOW)
    grant_role(user=partner.user, programme=programme, role=Role.STAFF, by=None, now=NOW)

    leave(partner)

    assert roles(partner) == {(other.pk, "partner"), (programme.pk, "staff")}
    assert Partner.objects.own(User.objects.get(pk=partner.user_id), programme) is None


def test_an_open_invitation_is_taken_back_when_its_partner_left(programme: Programme) -> None:
    partner = PartnerFactory(programme=programme)
    register.invite_partner(partner=partner, by=None, now=NOW)
    partner.refresh_from_db()

    leave(partner)

    assert Invitation.objects.get().withdrawn_at == NOW
    come_back(partner)
    assert roles(partner) == set()


def test_who_comes_back_has_the_role_again(programme: Programme) -> None:
    partner = signed_up_partner(programme)
    User.objects.filter(pk=partner.user_id).update(last_login=NOW)

    leave(partner)
    assert not programmes_of(User.objects.get(pk=partner.user_id))
    come_back(partner)

    assert roles(partner) == {(programme.pk, "partner")}
