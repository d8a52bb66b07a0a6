"""How the people of a demo installation sign in: fixed passwords, a second factor that is real."""

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings
from django.contrib.auth.hashers import make_password

from accounts.models import Programme, Role, RoleGrant, Team, User
from accounts.services.people import grant_role, verify_address

# Not secrets: they open fictional people's pages, in installations that hold nobody else.
PASSWORDS = {
    Role.COORDINATOR: "coordinator-demo-1",
    Role.FINANCE: "finance-demo-1",
    Role.PARTNER: "partner-demo-1",
    Role.CLINICAL_LEAD: "clinical-lead-demo-1",
    Role.CLINICIAN: "clinician-demo-1",
    Role.PEER_OBSERVER: "peer-observer-demo-1",
    Role.STAFF: "staff-demo-1",
}


@dataclass(frozen=True)
class Person:
    """Somebody of the demo who signs in."""

    role: str
    email: str
    name: str
    team: str = ""

    @property
    def password(self) -> str:
        return PASSWORDS[Role(self.role)]

    @property
    def totp(self) -> str | None:
        """The authenticator's secret, fixed for an installation; None where none is asked for."""
        if self.role not in RoleGrant.SECOND_FACTOR_ROLES:
            return None
        digest = hmac.new(
            settings.SECRET_KEY.encode(), f"demo totp {self.email}".encode(), hashlib.sha256
        )
        return base64.b32encode(digest.digest()[:20]).decode()

    @property
    def start(self) -> str:
        """The path they begin at."""
        return "/admin/" if self.role in RoleGrant.ADMIN_ROLES else "/"

    def as_line(self) -> dict[str, str | None]:
        """What `demo --sign-ins` says of them."""
        return {
            "role": str(self.role),
            "email": self.email,
            "password": self.password,
            "totp": self.totp,
            "start": self.start,
        }


@cache
def _hashed(password: str) -> str:
    """One hash for all who share a password: each takes a third of a second, as it should."""
    return make_password(password)


def open_sign_in(
    *, programme: Programme, person: Person, now: datetime, team: Team | None = None
) -> User:
    """Make (or mend) the sign-in of `person`: password, proved address, role, second factor."""
    user = User.objects.filter(email=person.email).first()
    if user is None:
        user = User(email=person.email, name=person.name)
    if not user.has_usable_password() or not user.check_password(person.password):
        user.password = _hashed(person.password)
        user.save()
    verify_address(user=user)
    grant_role(user=user, programme=programme, role=person.role, by=None, now=now, team=team)
    if person.totp and not Authenticator.objects.filter(user=user, type="totp").exists():
        TOTP.activate(user, person.totp)
    return user
