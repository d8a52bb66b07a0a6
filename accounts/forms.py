"""Forms of signing in, and of one's own choices, in the portal's look and words."""

from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.recovery_codes import forms as recovery
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms

from accounts import second_factor
from accounts.models import Programme, Role, Team, User
from nhsuk.forms import Look, NhsukForm, NhsukFormMixin, NhsukModelForm

_EMAIL = Look(autocomplete="email", inputmode="email", spellcheck=False, width=30)
_CODE = Look(autocomplete="one-time-code", spellcheck=False, width=10)


class Plain(NhsukFormMixin):
    """allauth's form in plain words: a label, a hint and an error sentence by field."""

    labels: dict[str, str] = {}
    hints: dict[str, str] = {}
    missing: dict[str, str] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():  # type: ignore[attr-defined]
            field.widget.attrs.pop("placeholder", None)
            # allauth writes HTML hints about passwords; the label and our hint say it.
            field.help_text = self.hints.get(name, "")
            field.label = self.labels.get(name, field.label)
            if name in self.missing:
                field.error_messages["required"] = self.missing[name]
            if isinstance(field, forms.EmailField):
                field.error_messages["invalid"] = "Enter an e-mail address like name@example.org"


_ADDRESS_WORDS = {
    "labels": {"email": "E-mail address"},
    "missing": {"email": "Enter your e-mail address"},
}


class SignIn(Plain, account.LoginForm):
    """E-mail address and password."""

    labels = {"login": "E-mail address", "password": "Password"}
    missing = {"login": "Enter your e-mail address", "password": "Enter your password"}
    looks = {"login": Look(autocomplete="username", inputmode="email", spellcheck=False, width=30)}
    submit_text = "Sign in"


class RequestCode(Plain, account.RequestLoginCodeForm):
    """Where to send a code."""

    labels = _ADDRESS_WORDS["labels"]
    missing = _ADDRESS_WORDS["missing"]
    looks = {"email": _EMAIL}
    submit_text = "Send me a code"


class ResetPassword(Plain, account.ResetPasswordForm):
    """Where to send a code for a new password."""

    labels = _ADDRESS_WORDS["labels"]
    missing = _ADDRESS_WORDS["missing"]
    looks = {"email": _EMAIL}
    submit_text = "Send me a code"


class _EmailedCode(Plain):
    labels = {"code": "The code from the e-mail"}
    missing = {"code": "Enter the code from the e-mail"}
    looks = {"code": _CODE}


class ConfirmLoginCode(_EmailedCode, account.ConfirmLoginCodeForm):
    """The code that was e-mailed for signing in."""


class ConfirmEmailCode(_EmailedCode, account.ConfirmEmailVerificationCodeForm):
    """The code that was e-mailed to a new address."""


class ConfirmResetCode(_EmailedCode, account.ConfirmPasswordResetCodeForm):
    """The code that was e-mailed for a new password."""


class _NewPassword(Plain):
    labels = {
        "oldpassword": "The password you have now",
        "password1": "New password",
        "password2": "New password again",
    }
    hints = {
        "password1": "At least 12 characters. Three words that do not belong together do well."
    }
    missing = {
        "oldpassword": "Enter the password you have now",
        "password1": "Enter a new password",
        "password2": "Enter the new password again",
    }
    submit_text = "Save the password"


class SetPassword(_NewPassword, account.SetPasswordForm):
    """A first password."""


class ChangePassword(_NewPassword, account.ChangePasswordForm):
    """Another password."""


class ResetPasswordWithCode(_NewPassword, account.ResetPasswordKeyForm):
    """A new password after the code."""


class ChangeEmail(Plain, account.AddEmailForm):
    """Another e-mail address to sign in with."""

    labels = {"email": "New e-mail address"}
    hints = {"email": "We send a code there to make sure that it is yours."}
    missing = {"email": "Enter the new e-mail address"}
    looks = {"email": _EMAIL}


class Reauthenticate(Plain, account.ReauthenticateForm):
    """The password once more, before something that matters."""

    labels = {"password": "Password"}
    missing = {"password": "Enter your password"}


class _AppCode(Plain):
    labels = {"code": "The 6 numbers in your authenticator app"}
    missing = {"code": "Enter the 6 numbers in your authenticator app"}
    looks = {"code": _CODE}


class Authenticate(_AppCode, mfa.AuthenticateForm):
    """The second step of signing in."""

    hints = {"code": "Or one of the recovery codes you kept."}
    submit_text = "Continue"

    @property
    def demo_code(self) -> str:
        """What a demonstration shows; empty everywhere else."""
        return second_factor.demo_code(self.user)


class ReauthenticateByCode(_AppCode, mfa.ReauthenticateForm):
    """The second step once more."""

    hints = {"code": "Or one of the recovery codes you kept."}

    @property
    def demo_code(self) -> str:
        """What a demonstration shows; empty everywhere else."""
        return second_factor.demo_code(self.user)


class ActivateApp(_AppCode, totp.ActivateTOTPForm):
    """The first code of a new authenticator app."""

    @property
    def demo_code(self) -> str:
        """What a demonstration shows; empty everywhere else."""
        return second_factor.demo_code_of(self.secret)

    @property
    def secret_in_fours(self) -> str:
        """The secret as people type it over."""
        return " ".join(self.secret[i : i + 4] for i in range(0, len(self.secret), 4))


class DeactivateApp(Plain, totp.DeactivateTOTPForm):
    """Taking the authenticator app away."""


class GenerateCodes(Plain, recovery.GenerateRecoveryCodesForm):
    """New recovery codes."""


class AddPasskey(Plain, webauthn.AddWebAuthnForm):
    """A new passkey and its name."""

    labels = {"name": "What should we call it?"}
    hints = {"name": "For example: my phone, my laptop."}
    looks = {"name": Look(width=20)}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A key of ours always signs in by itself: one thing fewer to decide.
        self.fields["passwordless"].initial = True
        self.fields["passwordless"].label = "Let it sign me in by itself, with no password"


class RenamePasskey(Plain, webauthn.EditWebAuthnForm):
    """Another name for a passkey."""

    labels = {"name": "What should we call it?"}
    looks = {"name": Look(width=20)}
    submit_text = "Save"


class DisplayForm(NhsukModelForm):
    """How pages look for one person."""

    class Meta:
        model = User
        fields = ("text_size", "contrast", "letterforms")
        widgets = {
            "text_size": forms.RadioSelect,
            "contrast": forms.RadioSelect,
            "letterforms": forms.RadioSelect,
        }
        labels = {"text_size": "Size of text", "contrast": "Contrast", "letterforms": "Letterforms"}

    looks = {
        "text_size": Look(label_size="m"),
        "contrast": Look(
            label_size="m", hints={"strong": "Black on white, thicker lines, stronger links."}
        ),
        "letterforms": Look(
            label_size="m",
            hints={
                "hyperlegible": "Letters that are easier to tell apart, by the Braille Institute."
            },
        ),
    }
    submit_text = "Save"


class ProgrammeForm(NhsukForm):
    """Which programme's pages to open."""

    programme = forms.ChoiceField(
        label="Which programme do you want to see?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a programme"},
    )
    heading = "legend"
    submit_text = "Continue"

    def __init__(self, *args: Any, programmes: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["programme"].choices = [(str(p.pk), p.name) for p in programmes]  # type: ignore[attr-defined]


class InviteForm(NhsukForm):
    """Who to invite, and as what. Partners are invited from the register, where they are known."""

    programme = forms.ModelChoiceField(
        Programme.objects.none(),
        empty_label=None,
        error_messages={"required": "Choose a programme"},
    )
    name = forms.CharField(
        label="Their name", max_length=150, error_messages={"required": "Enter their name"}
    )
    email = forms.EmailField(
        label="Their e-mail address",
        help_text="The invitation goes there, and it is what they sign in with.",
        error_messages={
            "required": "Enter their e-mail address",
            "invalid": "Enter an e-mail address like name@example.org",
        },
    )
    role = forms.ChoiceField(
        choices=[choice for choice in Role.choices if choice[0] != Role.PARTNER],
        widget=forms.RadioSelect,
        help_text="A patient partner is invited from their page in the register.",
        error_messages={"required": "Choose what they will be"},
    )
    team = forms.ModelChoiceField(
        Team.objects.none(),
        required=False,
        empty_label="The whole programme",
        help_text="Leave it at the whole programme for coordinators and finance.",
    )
    looks = {"email": _EMAIL, "name": Look(spellcheck=False, width=30)}
    submit_text = "Send the invitation"

    def __init__(self, *args: Any, programmes: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["programme"].queryset = programmes  # type: ignore[attr-defined]
        self.fields["programme"].initial = programmes.first()
        teams = Team.objects.filter(programme__in=programmes).select_related("programme")
        self.fields["team"].queryset = teams  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any] | None:
        said = super().clean() or {}
        team, programme = said.get("team"), said.get("programme")
        if team and programme and team.programme_id != programme.pk:
            self.add_error("team", f"Choose a team of {programme}")
        return said
