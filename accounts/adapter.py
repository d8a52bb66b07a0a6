"""How allauth behaves here: nobody signs up by themselves, and every sentence is ours."""

import base64
import hashlib
import logging
import time
from smtplib import SMTPException
from typing import Any, ClassVar

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.http import HttpRequest
from django.shortcuts import render
from django.template import TemplateDoesNotExist
from django.template.loader import render_to_string

from accounts import rules, second_factor
from accounts.models import User
from accounts.services.people import verify_address

logger = logging.getLogger(__name__)


class InvitationOnly(DefaultAccountAdapter):
    """An account exists because a coordinator invited the person."""

    error_messages: ClassVar[dict[str, str]] = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": "This sign-in was closed. Ask your programme coordinator.",
        "email_password_mismatch": (
            "The e-mail address and password do not fit together. Try again, or ask for a code by "
            "e-mail instead."
        ),
        "duplicate_email": "This is the e-mail address that you have already.",
        "email_taken": "Somebody else signs in with this e-mail address.",
        "enter_current_password": "That is not the password you have now.",
        "incorrect_code": "That code does not work. Check it, or wait for the next one.",
        "incorrect_password": "That is not your password.",
        "too_many_login_attempts": (
            "There were too many tries. Wait 5 minutes and try again, or ask for a code by e-mail."
        ),
        "rate_limited": "There were too many tries. Wait 5 minutes and try again.",
        "same_as_current": "This is what you have already.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        # Whoever signed in a moment ago has just said who they are.
        records = get_authentication_records(self.request, self.request.user)
        if records and time.time() - records[-1]["at"] < app_settings.REAUTHENTICATION_TIMEOUT:
            return False
        return bool(super().is_reauthentication_required(app=app, **kwargs))

    def render_mail(
        self,
        template_prefix: str,
        email: str | list[str],
        context: dict[str, Any],
        headers: dict[str, str] | None = None,
    ) -> EmailMessage:
        """One text template a mail, its first line the subject; the HTML twin is made of it."""
        name = template_prefix.replace("/email/", "/")
        try:
            text = render_to_string(f"emails/{name}.txt", context)
        except TemplateDoesNotExist:
            return super().render_mail(template_prefix, email, context, headers)
        subject, _, body = text.strip().partition("\n")
        paragraphs = [" ".join(part.split()) for part in body.strip().split("\n\n")]
        mail = EmailMultiAlternatives(
            subject.strip(),
            "\n\n".join(paragraphs) + "\n",
            self.get_from_email(),
            [email] if isinstance(email, str) else email,
            headers=headers,
        )
        html = render_to_string(
            "emails/account/base.html",
            {"heading": subject.strip(), "paragraphs": paragraphs, "code": context.get("code")},
        )
        mail.attach_alternative(html, "text/html")
        return mail

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send at once. A code that cannot be sent is told; a mere notice is not worth a stop.

        Raises ImmediateHttpResponse with a page of status 503.
        """
        try:
            self.render_mail(template_prefix, email, {"email": email, **context}).send()
        except (SMTPException, OSError) as error:
            logger.warning("A mail of kind %s was not sent: %s", template_prefix, type(error))
            if "code" in context:
                page = render(self.request, "account/mail_not_sent.html", status=503)
                raise ImmediateHttpResponse(page) from error


class InvitationOnlySocial(DefaultSocialAccountAdapter):
    """An organisation's sign-in opens an invited account and makes none."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Connect the sign-in of an invited person at their first visit, else say so.

        The address must be one that the organisation vouches for; it is then proved here too.
        """
        if sociallogin.is_existing:
            return
        said = {
            User.objects.normalize_email(address.email)
            for address in sociallogin.email_addresses
            if address.verified
        }
        user = User.objects.filter(email__in=said, is_active=True).first() if said else None
        if user is None:
            raise ImmediateHttpResponse(render(request, "account/not_invited.html", status=403))
        verify_address(user=user)
        sociallogin.connect(request, user)


class SecondFactorAdapter(DefaultMFAAdapter):
    """Authenticator apps and passkeys."""

    error_messages: ClassVar[dict[str, str]] = {
        **DefaultMFAAdapter.error_messages,
        "cannot_delete_authenticator": (
            "Your role needs a second step when you sign in. Set another one up first."
        ),
        "incorrect_code": (
            "That code does not work. Check that the clock of your phone is right, and try the "
            "next one."
        ),
        "unverified_email": "Confirm your e-mail address first.",
    }

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        entity: dict[str, str] = super().get_public_key_credential_rp_entity()
        return {**entity, "name": settings.MFA_TOTP_ISSUER}

    def generate_authenticator_name(self, user: Any, type: Any) -> str:  # noqa: A002  (allauth's)
        count = Authenticator.objects.filter(user=user, type=type).count()
        return "My passkey" if count == 0 else f"My passkey {count + 1}"

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """The last factor stays with whoever needs one."""
        others = Authenticator.objects.filter(
            user=authenticator.user_id, type__in=second_factor.FACTORS
        ).exclude(pk=authenticator.pk)
        return others.exists() or not rules.needs_second_factor(authenticator.user)

    # A copy of the database alone must not be enough to make codes.

    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _cipher().decrypt(encrypted_text.encode()).decode()


def _cipher() -> MultiFernet:
    """Fernet with keys made of SECRET_KEY and, for reading only, of SECRET_KEY_FALLBACKS."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = [hashlib.sha256(b"second factor:" + secret.encode()).digest() for secret in secrets]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])
