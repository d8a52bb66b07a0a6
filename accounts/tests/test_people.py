"""Inviting, accepting, holding roles, leaving."""

import hashlib
from datetime import datetime, timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction

from accounts.models import Invitation, Message, Programme, Role, RoleGrant, User
from accounts.services import people
from accounts.tests.factories import ProgrammeFactory, TeamFactory, UserFactory, person
from workflow.sealed import SealedError

pytestmark = pytest.mark.django_db


def token_of(invitation: Invitation) -> str:
    """The token in the mail that waits for the person invited."""
    link = Message.objects.get(key=f"invitation:{invitation.pk}").link
    return link.rstrip("/").rsplit("/", 1)[1]


def invited(programme: Programme, now: datetime, **values: Any) -> Invitation:
    values = {"email": "mo@example.org", "name": "Mo Ali", "role": Role.PARTNER, **values}
    return people.invite(programme=programme, by=None, now=now, **values)


def test_invite_makes_the_sign_in_the_role_and_the_mail(
    programme: Programme, coordinator: User, now: datetime
) -> None:
    invitation = people.invite(
        programme=programme,
        email=" Mo@Example.ORG ",
        name="Mo  Ali",
        role=Role.PARTNER,
        by=coordinator,
        now=now,
    )

    user = User.objects.get(email="mo@example.org")
    message = Message.objects.get(key=f"invitation:{invitation.pk}")
    assert (user.name, user.has_usable_password()) == ("Mo Ali", False)
    assert [grant.role for grant in user.grants] == [Role.PARTNER]
    assert (message.to_address, message.recipient) == ("mo@example.org", user)
    assert "Cora Lane" in message.body
    assert invitation.token_hash == hashlib.sha256(token_of(invitation).encode()).hexdigest()


def test_invite_to_a_second_programme_adds_a_role_to_the_same_sign_in(
    programme: Programme, now: datetime
) -> None:
    other = ProgrammeFactory()
    invited(programme, now)

    invited(other, now, email="MO@example.org", name="Somebody Else", role=Role.STAFF)

    user = User.objects.get(email="mo@example.org")
    assert user.name == "Mo Ali"
    assert {(g.programme_id, g.role) for g in user.grants} == {
        (programme.pk, Role.PARTNER),
        (other.pk, Role.STAFF),
    }
    assert Invitation.objects.open().count() == 2


def test_invite_again_kills_the_earlier_link(programme: Programme, now: datetime) -> None:
    first = invited(programme, now)
    old = token_of(first)

    second = people.invite_again(invitation=first, by=None, now=now + timedelta(days=20))

    with pytest.raises(people.InvitationOverError):
        people.invitation_of(token=old, now=now)
    assert people.invitation_of(token=token_of(second), now=now + timedelta(days=21)) == second
    called_back = Message.objects.get(key=f"invitation:{first.pk}")
    assert (called_back.link, called_back.status) == ("", "cancelled")


@pytest.mark.parametrize("email", ["", "mo", "mo@", "a b@example.org", "mo@example.org\n"[:3]])
def test_invite_refuses_what_is_no_address(programme: Programme, now: datetime, email: str) -> None:
    with pytest.raises(people.PeopleError, match="not an e-mail address"):
        invited(programme, now, email=email)

    assert not User.objects.filter(name="Mo Ali").exists()


def test_invite_keeps_nothing_when_its_last_step_fails(
    programme: Programme, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(**_: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(people, "queue_message", fail)

    with pytest.raises(RuntimeError):
        invited(programme, now)

    assert not User.objects.filter(email="mo@example.org").exists()
    assert not RoleGrant.objects.exists()
    assert not Invitation.objects.exists()


def test_accept_proves_the_address_once(programme: Programme, now: datetime) -> None:
    invitation = invited(programme, now)
    token = token_of(invitation)

    user = people.accept_invitation(token=token, now=now)

    address = EmailAddress.objects.get(user=user)
    assert (address.email, address.verified, address.primary) == ("mo@example.org", True, True)
    with pytest.raises(people.InvitationOverError):
        people.accept_invitation(token=token, now=now)
    assert Message.objects.get(key=f"invitation:{invitation.pk}").link == ""


def test_accept_keeps_nothing_when_its_last_step_fails(
    programme: Programme, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(**_: Any) -> None:
        raise RuntimeError

    invitation = invited(programme, now)
    token = token_of(invitation)
    monkeypatch.setattr(people, "verify_address", fail)

    with pytest.raises(RuntimeError):
        people.accept_invitation(token=token, now=now)

    assert people.invitation_of(token=token, now=now) == invitation


def test_invitation_works_to_its_last_second_and_not_after(
    programme: Programme, now: datetime
) -> None:
    token = token_of(invited(programme, now))
    end = now + people.INVITATION_LASTS

    assert people.invitation_of(token=token, now=end - timedelta(seconds=1))
    with pytest.raises(people.InvitationOverError):
        people.invitation_of(token=token, now=end)


def test_withdraw_ends_the_roles_that_were_never_taken_up(
    programme: Programme, coordinator: User, now: datetime
) -> None:
    invitation = invited(programme, now)

    people.withdraw_invitation(invitation=invitation, by=coordinator, now=now)

    user = User.objects.get(email="mo@example.org")
    assert user.grants == []
    taken = invited(programme, now, email="b@example.org")
    people.accept_invitation(token=token_of(taken), now=now)
    with pytest.raises(people.PeopleError, match="accepted already"):
        people.withdraw_invitation(invitation=taken, by=coordinator, now=now)


def test_role_is_held_once(programme: Programme, now: datetime) -> None:
    user = person(Role.STAFF, programme)

    again = people.grant_role(user=user, programme=programme, role=Role.STAFF, by=None, now=now)

    assert again == user.grants[0]
    with pytest.raises(IntegrityError, match="role_held_once"), transaction.atomic():
        RoleGrant.unsealed(user=user, programme=programme, role=Role.STAFF, granted_at=now)


def test_role_refuses_a_team_of_another_programme(programme: Programme, now: datetime) -> None:
    with pytest.raises(people.PeopleError, match="another programme"):
        people.grant_role(
            user=UserFactory(),
            programme=programme,
            role=Role.CLINICIAN,
            team=TeamFactory(),
            by=None,
            now=now,
        )


def test_role_can_be_held_again_after_it_ended(
    programme: Programme, coordinator: User, now: datetime
) -> None:
    user = person(Role.STAFF, programme)
    people.end_role(grant=user.grants[0], by=coordinator, now=now)

    people.grant_role(user=user, programme=programme, role=Role.STAFF, by=coordinator, now=now)

    assert RoleGrant.objects.filter(user=user).count() == 2
    assert len(user.grants) == 1


def test_role_is_written_by_its_service_only(programme: Programme, now: datetime) -> None:
    grant = person(Role.STAFF, programme).grants[0]

    with pytest.raises(SealedError):
        grant.save()
    with pytest.raises(SealedError):
        RoleGrant.objects.filter(pk=grant.pk).update(role=Role.COORDINATOR)


def test_role_cannot_end_before_it_began(programme: Programme, now: datetime) -> None:
    grant = person(Role.STAFF, programme, now=now).grants[0]

    people.end_role(grant=grant, by=None, now=now)

    later = person(Role.STAFF, programme, now=now).grants[0]
    with pytest.raises(IntegrityError, match="role_ends_after_start"), transaction.atomic():
        people.end_role(grant=later, by=None, now=now - timedelta(seconds=1))


def test_leave_ends_everything_at_once(
    programme: Programme, coordinator: User, client_for: Any, now: datetime
) -> None:
    user = person(Role.PARTNER, programme)
    phone, laptop = client_for(user), client_for(user)
    invited(ProgrammeFactory(), now, email=user.email)

    people.leave(user=user, by=coordinator, now=now)

    found = User.objects.get(pk=user.pk)
    assert (found.is_active, found.left_at, found.grants) == (False, now, [])
    assert not found.sessions.exists()
    assert not Invitation.objects.open().exists()
    for browser in (phone, laptop):
        answer = browser.get("/account/security/")
        assert answer.status_code == 302
        assert answer["Location"].startswith("/account/login/")


def test_leave_keeps_nothing_when_its_last_step_fails(
    programme: Programme, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError

    user = person(Role.PARTNER, programme)
    monkeypatch.setattr(people.Session.objects, "filter", fail)

    with pytest.raises(RuntimeError):
        people.leave(user=user, by=None, now=now)

    found = User.objects.get(pk=user.pk)
    assert (found.is_active, len(found.grants)) == (True, 1)


def test_somebody_who_left_is_welcomed_back_by_an_invitation(
    programme: Programme, now: datetime
) -> None:
    user = person(Role.PARTNER, programme, email="mo@example.org")
    people.leave(user=user, by=None, now=now)

    invited(programme, now)

    found = User.objects.get(pk=user.pk)
    assert (found.is_active, found.left_at, len(found.grants)) == (True, None, 1)


def test_who_looked_after_the_installation_and_left_is_not_welcomed_back_to_that(
    programme: Programme, now: datetime
) -> None:
    user = person(Role.STAFF, programme, email="mo@example.org", is_superuser=True)
    people.leave(user=user, by=None, now=now)

    invited(programme, now)

    found = User.objects.get(pk=user.pk)
    assert (found.is_active, found.is_superuser) == (True, False)


def test_add_person_keeps_a_name_and_lets_nobody_in(now: datetime) -> None:
    team = TeamFactory()

    kept = people.add_person(
        programme=team.programme,
        name="  K.  Lindqvist ",
        role="clinician",
        by=None,
        now=now,
        team=team,
    )

    assert (kept.name, kept.email, kept.has_usable_password()) == ("K. Lindqvist", None, False)
    assert [(grant.role, grant.team) for grant in kept.grants] == [("clinician", team)]
    assert not Invitation.objects.exists()
    with pytest.raises(people.PeopleError, match="a name of 1 to 150"):
        people.add_person(programme=team.programme, name=" ", role="clinician", by=None, now=now)
