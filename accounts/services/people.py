"""Who belongs to a programme and may sign in: invite, accept, hold a role, leave."""

import hashlib
import secrets
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.urls import reverse

from accounts.models import Invitation, Programme, Role, RoleGrant, Session, Team, UnsentForm, User
from accounts.services.messages import call_back, queue_message
from workflow.sealed import writing

INVITATION_LASTS = timedelta(days=14)


class PeopleError(Exception):
    """Somebody cannot be invited, or hold the role. `str(error)` is a sentence for people."""


class InvitationOverError(Exception):
    """The link is unknown, used, withdrawn or too old; which of these is nobody's business."""


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _address(email: str) -> str:
    address = User.objects.normalize_email(email)
    try:
        validate_email(address)
    except ValidationError:
        raise PeopleError(
            f"“{email}” is not an e-mail address: it should look like name@example.org."
        ) from None
    return address


@transaction.atomic
def invite(
    *,
    programme: Programme,
    email: str,
    name: str,
    role: str,
    by: User | None,
    now: datetime,
    team: Team | None = None,
) -> Invitation:
    """Give the person of `email` a role, and write them a mail with the link that lets them in.

    Side effects, in order: makes the sign-in where there is none (a person who left is welcomed
    back, one of another programme keeps the sign-in and the name they have); grants the role;
    withdraws an earlier open invitation to this programme; writes the new one; queues its mail.

    Raises PeopleError when the address, the name or the team is wrong.
    """
    address = _address(email)
    said_name = " ".join(name.split())
    if not said_name:
        raise PeopleError("Say the name of the person you invite.")
    user, _ = User.objects.get_or_create(email=address, defaults={"name": said_name[:150]})
    user = User.objects.select_for_update().get(pk=user.pk)
    if not user.password:
        user.set_unusable_password()
    if not user.is_active:
        user.is_active, user.left_at = True, None
    user.save()
    grant_role(user=user, programme=programme, role=role, by=by, now=now, team=team)
    return _write_invitation(user=user, programme=programme, by=by, now=now)


@transaction.atomic
def add_person(
    *,
    programme: Programme,
    name: str,
    role: str,
    by: User | None,
    now: datetime,
    team: Team | None = None,
) -> User:
    """Keep somebody by name alone, with a role: without an address, so that nobody signs in.

    For whoever stands in old papers. Raises PeopleError when the name or the team is wrong.
    """
    said_name = " ".join(name.split())
    if not said_name or len(said_name) > 150:
        raise PeopleError("Give the person a name of 1 to 150 characters.")
    user = User.objects.create_user(None, name=said_name)
    grant_role(user=user, programme=programme, role=role, by=by, now=now, team=team)
    return user


@transaction.atomic
def invite_again(*, invitation: Invitation, by: User | None, now: datetime) -> Invitation:
    """Write a new invitation in the place of one not accepted; its old link is dead.

    Raises PeopleError when the person is in already, or has left.
    """
    user = User.objects.select_for_update().get(pk=invitation.user_id)
    found = Invitation.objects.get(pk=invitation.pk)
    if found.accepted_at:
        raise PeopleError(f"{user.name} has accepted this invitation already.")
    if not user.is_active:
        raise PeopleError(f"{user.name} has left. Invite them anew, with a role.")
    return _write_invitation(user=user, programme=found.programme, by=by, now=now)


def _write_invitation(
    *, user: User, programme: Programme, by: User | None, now: datetime
) -> Invitation:
    for earlier in Invitation.objects.open().filter(user=user, programme=programme):
        _withdraw(invitation=earlier, now=now)
    token = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        user=user,
        programme=programme,
        token_hash=_digest(token),
        invited_at=now,
        invited_by=by,
        expires_at=now + INVITATION_LASTS,
    )
    inviter = by.name if by else programme.name
    queue_message(
        key=f"invitation:{invitation.pk}",
        kind="invitation",
        programme=programme,
        recipient=user,
        to_name=user.name,
        to_address=user.email,
        subject=f"Your invitation to {programme.name}"[:150],
        body=(
            f"Hello {user.name},\n\n"
            f"{inviter} invites you to {programme.name}. The link below opens your sign-in. "
            "There is nothing to install, and no password to think of now.\n\n"
            f"The link is yours alone and works for {INVITATION_LASTS.days} days. "
            "If you did not expect this, you need do nothing."
        ),
        link=reverse("accounts:invitation", args=[token]),
        link_label="Accept the invitation",
        now=now,
    )
    return invitation


def _withdraw(*, invitation: Invitation, now: datetime) -> None:
    invitation.withdrawn_at = now
    invitation.save(update_fields=["withdrawn_at"])
    call_back(key=f"invitation:{invitation.pk}")


def invitation_of(*, token: str, now: datetime) -> Invitation:
    """The invitation that `token` opens, for showing it.

    Raises InvitationOverError.
    """
    found: Invitation | None = (
        Invitation.objects.usable(now)
        .filter(token_hash=_digest(token))
        .select_related("user", "programme", "invited_by")
        .first()
    )
    if found is None:
        raise InvitationOverError
    return found


@transaction.atomic
def accept_invitation(*, token: str, now: datetime) -> User:
    """Take the invitation of `token` up, once. Following the link proved the e-mail address.

    Raises InvitationOverError.
    """
    found = (
        Invitation.objects.select_for_update(of=("self",))
        .usable(now)
        .filter(token_hash=_digest(token))
        .select_related("user")
        .first()
    )
    if found is None:
        raise InvitationOverError
    found.accepted_at = now
    found.save(update_fields=["accepted_at"])
    call_back(key=f"invitation:{found.pk}")
    user: User = found.user
    verify_address(user=user)
    return user


def verify_address(*, user: User) -> None:
    """Tell allauth that the sign-in's own e-mail address was proved, and that it is the one."""
    address, _ = EmailAddress.objects.get_or_create(
        user=user, email=user.email, defaults={"verified": True, "primary": True}
    )
    if not (address.verified and address.primary):
        EmailAddress.objects.filter(user=user).exclude(pk=address.pk).update(primary=False)
        address.verified = address.primary = True
        address.save()


@transaction.atomic
def withdraw_invitation(*, invitation: Invitation, by: User | None, now: datetime) -> None:
    """Take an invitation back, and with it the roles of its programme when it was never accepted.

    Raises PeopleError when it was accepted meanwhile.
    """
    found = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if found.accepted_at:
        raise PeopleError("This invitation was accepted already: end the role instead.")
    if found.withdrawn_at:
        return
    _withdraw(invitation=found, now=now)
    accepted_before = Invitation.objects.filter(
        user=found.user_id, programme=found.programme_id, accepted_at__isnull=False
    )
    if not accepted_before.exists():
        grants = RoleGrant.objects.current()
        for grant in grants.filter(user=found.user_id, programme=found.programme_id):
            end_role(grant=grant, by=by, now=now)


@transaction.atomic
def grant_role(
    *,
    user: User,
    programme: Programme,
    role: str,
    by: User | None,
    now: datetime,
    team: Team | None = None,
) -> RoleGrant:
    """Let `user` hold `role` in `programme`, or in one team of it. Held already: that grant.

    Raises PeopleError for an unknown role, a team of another programme, or somebody who left.
    """
    if role not in Role.values:
        raise PeopleError("Choose a role from the list.")
    if team is not None and team.programme_id != programme.pk:
        raise PeopleError(f"{team.name} is a team of another programme.")
    User.objects.select_for_update().get(pk=user.pk)
    if not user.is_active:
        raise PeopleError(f"{user.name} has left and can hold no role.")
    held: RoleGrant | None = (
        RoleGrant.objects.current()
        .filter(user=user, programme=programme, role=role, team=team)
        .first()
    )
    # The roles of a request are read once; whoever goes on with this user sees the new one.
    user.__dict__.pop("grants", None)
    if held is not None:
        return held
    return RoleGrant.unsealed(
        user=user, programme=programme, team=team, role=role, granted_at=now, granted_by=by
    )


@transaction.atomic
def end_role(*, grant: RoleGrant, by: User | None, now: datetime) -> RoleGrant:
    """End a role; what it opened is closed from the next request on. Ended already: nothing."""
    found: RoleGrant = RoleGrant.objects.select_for_update(of=("self",)).get(pk=grant.pk)
    if found.ended_at is None:
        found.ended_at, found.ended_by = now, by
        with writing(RoleGrant):
            found.save(update_fields=["ended_at", "ended_by"])
    grant.ended_at, grant.ended_by = found.ended_at, found.ended_by
    return found


@transaction.atomic
def leave(*, user: User, by: User | None, now: datetime) -> User:
    """End all that `user` holds: roles, looking after the installation, open invitations, every
    session, what was kept unsent.

    The sign-in stays as the name behind what they did, and opens nothing.
    """
    found: User = User.objects.select_for_update().get(pk=user.pk)
    for grant in RoleGrant.objects.current().filter(user=found):
        end_role(grant=grant, by=by, now=now)
    for invitation in Invitation.objects.open().filter(user=found):
        _withdraw(invitation=invitation, now=now)
    if found.is_active:
        found.is_active, found.left_at = False, now
        # Any coordinator may welcome somebody back: with a role, never with the installation.
        found.is_superuser = False
        found.set_unusable_password()
        found.save()
    UnsentForm.objects.filter(user=found).delete()
    Session.objects.filter(user=found).delete()
    return found


@transaction.atomic
def forget_sign_in(*, user: User) -> None:
    """Delete what only a sign-in needs, of somebody who left: addresses, second factors, links."""
    for model in (EmailAddress, Authenticator, SocialAccount):
        model.objects.filter(user=user).delete()


@transaction.atomic
def reset_second_factor(
    *, user: User, programme: Programme, by: User | None, now: datetime
) -> None:
    """Take away every second factor of somebody who lost theirs, and end their sessions.

    They set a new one up at the next sign-in; `programme` writes them that it happened.
    """
    found = User.objects.select_for_update().get(pk=user.pk)
    Authenticator.objects.filter(user=found).delete()
    Session.objects.filter(user=found).delete()
    queue_message(
        key=f"second-factor-reset:{found.pk}:{now.isoformat()}",
        kind="second_factor_reset",
        programme=programme,
        recipient=found,
        to_name=found.name,
        to_address=found.email,
        subject="Your second step was taken away",
        body=(
            f"Hello {found.name},\n\n"
            f"{by.name if by else programme.name} took the second step of your sign-in away, "
            "because you asked for it. At your next sign-in you set a new one up.\n\n"
            "If you did not ask for this, ring your programme coordinator today."
        ),
        now=now,
    )
