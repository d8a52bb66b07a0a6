"""How allauth behaves here: nobody signs up by themselves."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.http import HttpRequest


class InvitationOnly(DefaultAccountAdapter):
    """An account exists because a coordinator invited the person."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


class InvitationOnlySocial(DefaultSocialAccountAdapter):
    """An organisation's sign-in opens an invited account and makes none."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False


class SecondFactorAdapter(DefaultMFAAdapter):
    """Names in authenticator apps and passkey lists."""

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        entity: dict[str, str] = super().get_public_key_credential_rp_entity()
        return {**entity, "name": "PCP Portal"}
