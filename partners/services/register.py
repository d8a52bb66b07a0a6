"""The register of partners: who they are, how to reach them, how much they want to do."""

import re
import unicodedata
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q

from accounts.models import Invitation, Programme, Role, User
from accounts.services import people
from partners.models import Partner
from partners.services import support
from partners.services.refusal import Refusal, check
from workflow.transitions import IllegalMoveError, begin

# What is told of a partner once they are on the register.
ADDED_AFTERWARDS = frozenset(
    {
        "say_name",
        "preferred_channel",
        "phone_hours",
        "address",
        "hours_wanted",
        "hours_per",
        "longest_minutes",
        "rest_days",
        "availability",
    }
)
CHANGEABLE = ADDED_AFTERWARDS | {
    "name",
    "known_as",
    "email",
    "phone",
    "joined_on",
    "status",
    "access_needs",
    "dbs_expires_on",
}
# What they reach somebody by, and what to say where it is missing.
_CHANNEL_NEEDS = {
    Partner.Channel.EMAIL: ("email", "Enter an e-mail address, or choose another way."),
    Partner.Channel.PHONE: ("phone", "Enter a telephone number, or choose another way."),
    Partner.Channel.POST: ("address", "Enter a postal address, or choose another way."),
}
_OF_CHANNELS = frozenset({"preferred_channel", "email", "phone", "address"})
_SEVERAL_LINES = frozenset({"access_needs", "address", "availability"})
# Letters that Unicode does not take apart into a base and an accent.
_UNACCENTED = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ß": "ss"})
_TITLES = frozenset({"mr", "mrs", "ms", "miss", "mx", "dr", "prof", "professor", "revd", "rev"})
MOST_HOURS = 200
MOST_REST_DAYS = 31
_WORDS = {
    "name": "Enter the partner's name.",
    "email": "Enter an e-mail address like name@example.org.",
    "hours_wanted": f"Enter a whole number of hours from 1 to {MOST_HOURS}.",
    "longest_minutes": "Choose one from the list.",
    "rest_days": f"Enter a whole number of days from 0 to {MOST_REST_DAYS}.",
}
_TAKEN = "A partner of this programme already has this e-mail address."


class RegisterError(Refusal):
    """The register refuses."""


@transaction.atomic
def add_partner(
    *,
    programme: Programme,
    name: str,
    by: User | None,
    now: datetime,
    known_as: str = "",
    email: str | None = None,
    phone: str = "",
    joined_on: date | None = None,
    access_needs: str = "",
    dbs_expires_on: date | None = None,
    status: str = Partner.Status.ACTIVE,
) -> Partner:
    """Put somebody on the register, at the stage `status`; no sign-in is made.

    Raises RegisterError for what cannot be kept, such as an e-mail address that is taken.
    """
    partner = prepared(
        Partner(programme=programme, status=status),
        {
            "name": name,
            "known_as": known_as,
            "email": email,
            "phone": phone,
            "joined_on": joined_on,
            "access_needs": access_needs,
            "dbs_expires_on": dbs_expires_on,
        },
    )
    _save(partner)
    begin(partner, by=by, now=now)
    return partner


@transaction.atomic
def change_partner(*, partner: Partner, by: User | None, now: datetime, **fields: Any) -> bool:
    """Change some of `CHANGEABLE`; returns whether anything changed.

    Another stage is a move, with what comes of it (see `support.move`). Raises RegisterError for
    what cannot be kept, and for a stage that does not follow.
    """
    unknown = set(fields) - CHANGEABLE
    if unknown:
        raise TypeError(f"A partner has no field called {', '.join(sorted(unknown))}.")
    locked = Partner.objects.select_for_update(of=("self",), no_key=True).get(pk=partner.pk)
    stage = fields.pop("status", locked.status)
    if "hours_wanted" in fields:
        fields.setdefault("hours_per", locked.hours_per)
    before = {name: getattr(locked, name) for name in fields}
    prepared(locked, fields)
    changed = [name for name, value in before.items() if getattr(locked, name) != value]
    if changed:
        _save(locked, [*changed, "sort_key"])
    if stage != locked.status:
        try:
            support.move(partner=locked, to=stage, by=by, now=now)
        except IllegalMoveError as error:
            raise RegisterError(str(error), "status") from error
        changed.append("status")
    for name in (*changed, "sort_key"):
        setattr(partner, name, getattr(locked, name))
    return bool(changed)


@transaction.atomic
def invite_partner(*, partner: Partner, by: User | None, now: datetime) -> Invitation:
    """Send a partner the way in, and tie their sign-in to them.

    Raises RegisterError for somebody without an e-mail address, somebody who left, somebody whose
    address signs in another partner of the programme, and somebody who signs in already with
    another address: their own words must not open to whoever reads the new one.
    """
    locked = Partner.objects.select_for_update(of=("self",), no_key=True).get(pk=partner.pk)
    if not locked.email:
        raise RegisterError(
            "There is no e-mail address to send an invitation to. "
            "They will be told by post or by phone.",
            "email",
        )
    if locked.status == Partner.Status.LEFT:
        raise RegisterError("This partner has left. Make them active again first.", "status")
    signs_in = locked.user
    if signs_in and signs_in.last_login and signs_in.email != locked.email:
        raise RegisterError(
            f"{locked.name} signs in already, with another e-mail address. They can change it "
            "themselves, under “Sign-in and security”.",
            "email",
        )
    try:
        invitation = people.invite(
            programme=locked.programme,
            email=locked.email,
            name=locked.name,
            role=Role.PARTNER,
            by=by,
            now=now,
        )
    except people.PeopleError as error:
        raise RegisterError(str(error), "email") from error
    if locked.user_id != invitation.user_id:
        others = Partner.objects.filter(programme=locked.programme_id, user=invitation.user_id)
        if others.exclude(pk=locked.pk).exists():
            raise RegisterError("This e-mail address already signs in another partner.", "email")
        locked.user_id = partner.user_id = invitation.user_id
        locked.save(update_fields=["user"])
    return invitation


def prepared(partner: Partner, fields: dict[str, Any]) -> Partner:
    """Set `fields` on an unsaved or locked `partner` in the spelling that the register keeps.

    Raises RegisterError for what cannot be kept. Asks the database nothing.
    """
    for name, value in fields.items():
        if name == "email":
            value = User.objects.normalize_email(value) or None
        elif name in _SEVERAL_LINES:
            value = tidy_text(value)
        elif isinstance(value, str):
            value = " ".join(value.split())
        setattr(partner, name, value)
    partner.sort_key = sort_key(partner.name)
    check(partner, RegisterError, exclude={"programme", "user", "sort_key"}, words=_WORDS)
    if _OF_CHANNELS & set(fields) and partner.preferred_channel:
        needed, sentence = _CHANNEL_NEEDS[Partner.Channel(partner.preferred_channel)]
        if not getattr(partner, needed):
            raise RegisterError(sentence, needed)
    if {"hours_wanted", "hours_per", "rest_days"} & set(fields):
        _check_pace(partner)
    return partner


def _check_pace(partner: Partner) -> None:
    if partner.hours_wanted is None:
        partner.hours_per = ""
    elif not 1 <= partner.hours_wanted <= MOST_HOURS:
        raise RegisterError(_WORDS["hours_wanted"], "hours_wanted")
    elif not partner.hours_per:
        raise RegisterError("Choose whether that is a week or a month.", "hours_per")
    if partner.rest_days is not None and partner.rest_days > MOST_REST_DAYS:
        raise RegisterError(_WORDS["rest_days"], "rest_days")


def sort_key(name: str) -> str:
    """`name` as the register sorts it: surname first, lower case, accents removed.

    Small words before a surname belong to it: Anna van der Berg stands under v.
    """
    words = [word for word in name.replace(",", " , ").split() if word != "."]
    if "," in words:
        comma = words.index(",")
        surname, others = words[:comma], [word for word in words[comma + 1 :] if word != ","]
        return folded(" ".join([*surname, *others]))[:160]
    while len(words) > 1 and words[0].lower().rstrip(".") in _TITLES:
        words.pop(0)
    start = max(len(words) - 1, 0)
    while start > 1 and words[start - 1].islower():
        start -= 1
    return folded(" ".join(words[start:] + words[:start]))[:160]


def folded(text: str) -> str:
    """`text` for comparing: lower case, accents removed, spaces single."""
    plain = unicodedata.normalize("NFKD", text.lower().translate(_UNACCENTED))
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).split())


def named(asked: str) -> Q:
    """Partners with every word asked for in their name, what they are called, or their address.

    Capitals and accents do not matter, in the words or in the name.
    """
    found = Q()
    for typed in asked.split():
        word = folded(typed)
        # What they are called is kept as they write it, accents included.
        spellings = {word, typed.lower()}
        called = Q(*(Q(known_as__icontains=one) for one in sorted(spellings)), _connector=Q.OR)
        found &= Q(sort_key__contains=word) | Q(email__contains=word) | called
    return found


def digits(phone: str) -> str:
    """A telephone number for comparing: its figures, as dialled within the country."""
    found = re.sub(r"\D", "", phone.replace("(0)", ""))
    abroad = found.removeprefix("00")
    if abroad.startswith("44") and ("+" in phone or found.startswith("00")):
        return "0" + abroad.removeprefix("44")
    return found


def tidy_text(text: str) -> str:
    """Several lines as they stand, without ragged ends."""
    lines = [" ".join(line.split()) for line in text.strip().splitlines()]
    return "\n".join(lines)


def _save(partner: Partner, fields: list[str] | None = None) -> None:
    try:
        with transaction.atomic():
            partner.save(update_fields=fields)
    except IntegrityError as error:
        if "partner_email_once" in str(error):
            raise RegisterError(_TAKEN, "email") from error
        raise
