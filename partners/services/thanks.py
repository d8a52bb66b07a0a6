"""A line of thanks: a partner asks for it by link, a member of staff gives it, the partner decides.

The link's token is known to the message alone; the row keeps its SHA-256.
"""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.urls import reverse

from accounts.models import User
from accounts.services.messages import call_back, queue_message
from partners.models import Contribution, ThankYou
from partners.rules.portfolio import is_own
from partners.services.refusal import Refusal

LINK_LASTS = timedelta(days=60)
OPEN_FOR_ONE_PIECE = 5
ASKED_IN_A_DAY = 10
KIND = "thanks_request"
_LONGEST = 600


class ThanksOverError(Exception):
    """The link was used, has ended, or is none. `was_used` says the first."""

    def __init__(self, *, was_used: bool = False) -> None:
        super().__init__("This link is not open any more.")
        self.was_used = was_used


@transaction.atomic
def ask_for_thanks(
    *, contribution: Contribution, name: str, email: str, by: User, now: datetime
) -> ThankYou:
    """Ask `name`, by a link sent to `email`, for a line of thanks for a piece of work.

    Raises Refusal for anybody but the partner, for an address that is none, and where the person,
    or too many people, have been asked already: nobody's letter box is to be filled from here.
    """
    locked = _locked(contribution)
    if not is_own(by, locked):
        raise Refusal("Only the partner whose work this is can ask for thanks.")
    if locked.status == Contribution.Status.WITHDRAWN:
        raise Refusal("This was taken off your portfolio, so nobody can be asked about it.")
    name, email = " ".join(name.split()), User.objects.normalize_email(email.strip())
    if not name or len(name) > 150:
        raise Refusal("Give the name of the person you ask, in up to 150 characters.", "name")
    try:
        validate_email(email)
    except ValidationError:
        raise Refusal("Enter an e-mail address like name@example.org.", "email") from None
    _refuse_too_many(locked, email, now)
    token = secrets.token_urlsafe(32)
    row = ThankYou.objects.create(
        contribution=locked,
        name=name,
        email=email,
        token_hash=_digest(token),
        asked_at=now,
        asked_by=by,
        expires_at=now + LINK_LASTS,
    )
    partner = locked.partner
    queue_message(
        key=f"{KIND}:{row.pk}",
        kind=KIND,
        programme=locked.programme,
        to_name=name,
        to_address=email,
        subject=f"{partner.name} asks you for a line"[:150],
        body=(
            f"Hello {name},\n\n"
            f"{partner.name}, a {locked.programme.partner_term} of {locked.programme.name}, worked "
            "with you and would like to have a line from you for their portfolio: what their part "
            "meant to you or to your team. It takes two minutes, and there is nothing to sign in "
            "to.\n\n"
            f"The link is yours alone and works once, for {LINK_LASTS.days} days. If you would "
            "rather not, you need do nothing."
        ),
        link=reverse("partners:give_thanks", args=[token]),
        link_label="Write a line",
        now=now,
    )
    return row


def thanks_asked_for(*, token: str, now: datetime) -> ThankYou:
    """The request that `token` opens, for showing it. Raises ThanksOverError."""
    return _open(ThankYou.objects.select_related("contribution__partner__programme"), token, now)


@transaction.atomic
def give_thanks(*, token: str, words: str, now: datetime) -> ThankYou:
    """Keep the line that somebody gives, and tell the partner that there is one.

    Raises ThanksOverError, and Refusal for no words or more than 600 characters of them.
    """
    row = _open(ThankYou.objects.select_for_update(of=("self",)), token, now)
    words = words.replace("\r\n", "\n").strip()
    if not words:
        raise Refusal("Write a line, or close this page.", "words")
    if len(words) > _LONGEST:
        raise Refusal("Shorten this to 600 characters.", "words")
    row.words, row.given_at = words, now
    row.save(update_fields=["words", "given_at"])
    call_back(key=f"{KIND}:{row.pk}")
    partner = row.contribution.partner
    queue_message(
        key=f"thanks_given:{row.pk}",
        kind="thanks_given",
        programme=partner.programme,
        recipient=partner.user,
        to_name=partner.name,
        to_address=partner.email,
        subject="Somebody wrote you a line of thanks",
        body=(
            f"Hello {partner.called},\n\n"
            "One of the people you asked has written you a line. You can read it in your "
            "portfolio, and you decide whether it shows to others."
        ),
        link=reverse("partners:contribution", args=[row.contribution_id]),
        link_label="Read it",
        now=now,
    )
    return row


@transaction.atomic
def show_thanks(*, thank_you: ThankYou, shows: bool, by: User, now: datetime) -> ThankYou:
    """Let a line show with the entry it belongs to, or not.

    Raises Refusal for anybody but the partner, and for a line that did not come yet.
    """
    row: ThankYou = ThankYou.objects.select_for_update(of=("self",)).get(pk=thank_you.pk)
    if not is_own(by, row.contribution):
        raise Refusal("Only the partner who was thanked decides whether it shows.")
    if row.given_at is None:
        raise Refusal("Nothing has come yet.")
    row.shown_at = (row.shown_at or now) if shows else None
    row.save(update_fields=["shown_at"])
    return row


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _locked(contribution: Contribution) -> Contribution:
    row: Contribution = (
        Contribution.objects.select_for_update(of=("self",))
        .select_related("partner__programme")
        .get(pk=contribution.pk)
    )
    row.programme = row.partner.programme
    return row


def _refuse_too_many(contribution: Contribution, email: str, now: datetime) -> None:
    asked = ThankYou.objects.filter(contribution=contribution)
    if asked.filter(email__iexact=email, expires_at__gt=now).exists():
        raise Refusal("You have asked this person about this already.", "email")
    if asked.filter(given_at__isnull=True, expires_at__gt=now).count() >= OPEN_FOR_ONE_PIECE:
        raise Refusal(
            f"You have asked {OPEN_FOR_ONE_PIECE} people about this, and wait for their answers."
        )
    today = ThankYou.objects.filter(
        contribution__partner=contribution.partner_id, asked_at__gt=now - timedelta(days=1)
    )
    if today.count() >= ASKED_IN_A_DAY:
        raise Refusal(f"You have asked {ASKED_IN_A_DAY} people today. Ask the next one tomorrow.")


def _open(rows: object, token: str, now: datetime) -> ThankYou:
    row: ThankYou | None = rows.filter(token_hash=_digest(token)).first()  # type: ignore[attr-defined]
    if row is None:
        raise ThanksOverError
    if row.given_at is not None:
        raise ThanksOverError(was_used=True)
    if row.expires_at <= now or row.contribution.status == Contribution.Status.WITHDRAWN:
        raise ThanksOverError
    return row
