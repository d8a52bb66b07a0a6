"""What partners raised, who heard it, what was decided, and what changed because of it."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import Programme, Role, RoleGrant, User
from accounts.services.messages import Letter, queue_message, queue_messages
from partners.models import Contribution, Impact, Partner
from partners.services.long_text import tidy_long
from partners.services.refusal import Refusal
from workflow.transitions import IllegalMoveError, begin, transition

LONGEST = {
    "title": 150,
    "raised": 4000,
    "answer": 4000,
    "change": 4000,
    "public_text": 1000,
    "owner_name": 150,
}
FACTS = frozenset({"title", "raised", "category", "is_ask", "raised_on", "public_text"})
_ONE_LINE = frozenset({"title", "owner_name"})
_EMPTY = {
    "title": "Say in a few words what it is.",
    "raised": "Write what was raised.",
    "answer": "Say what the answer is, and why.",
    "change": "Say what changed.",
    "owner_name": "Say who is to answer.",
}
_Status = Impact.Status
DECISIONS = frozenset({_Status.ACCEPTED, _Status.ADAPTED, _Status.DECLINED})


class ImpactError(Refusal):
    """What was raised cannot be kept or moved so."""


# --- Recording -----------------------------------------------------------------------------------


@transaction.atomic
def record(
    *,
    programme: Programme,
    title: str,
    raised: str,
    category: str,
    raised_on: date,
    by: User | None,
    now: datetime,
    is_ask: bool = True,
    contributions: Iterable[Contribution] = (),
    public_text: str = "",
) -> Impact:
    """Write down something that was raised, and the work that it came from.

    Raises ImpactError for what is missing or too long, a day to come, an unknown category, and
    work of another programme.
    """
    impact = Impact(
        programme=programme,
        title=_words("title", title),
        raised=_words("raised", raised),
        category=_category(category),
        is_ask=is_ask,
        raised_on=_past("raised_on", raised_on, now),
        recorded_by=by,
        public_text=_words("public_text", public_text),
    )
    linked = _of_programme(programme, contributions)
    impact.save()
    impact.contributions.set(linked)
    begin(impact, by=by, now=now)
    return impact


@transaction.atomic
def amend(
    *,
    impact: Impact,
    by: User | None,
    now: datetime,
    contributions: Iterable[Contribution] | None = None,
    **facts: Any,
) -> Impact:
    """Correct what was raised, and what the public page says; `FACTS` and the work it came from.

    Raises ImpactError as `record` does, and for a day after the one on which it was heard.
    """
    del by  # the audit says who
    unknown = set(facts) - FACTS
    if unknown:
        raise TypeError(f"There is no fact called {', '.join(sorted(unknown))}.")
    locked = _locked(impact)
    for name, value in facts.items():
        if name in LONGEST:
            value = _words(name, value)
        elif name == "category":
            value = _category(value)
        elif name == "raised_on":
            value = _past(name, value, now)
            if locked.heard_on and value > locked.heard_on:
                raise ImpactError("It was heard before that day. Check the day.", "raised_on")
        setattr(locked, name, value)
        setattr(impact, name, value)
    if facts:
        locked.save(update_fields=list(facts))
    if contributions is not None:
        locked.contributions.set(_of_programme(locked.programme, contributions))
    return impact


# --- What becomes of it --------------------------------------------------------------------------


@transaction.atomic
def hear(
    *,
    impact: Impact,
    heard_on: date,
    by: User | None,
    now: datetime,
    owner: User | None = None,
    owner_name: str = "",
    why: str = "",
) -> Impact:
    """Name who heard it and is to answer; somebody with a sign-in is told that it waits.

    A "no" that is asked again is heard again; the earlier answer stands until there is another.

    Raises ImpactError without an owner, for somebody who does not belong to the programme, for a
    day before it was raised or to come, and IllegalMoveError where it cannot be heard now: of what
    is heard already, see `hand_over`.
    """
    owner_name = _owner_named(impact, owner, owner_name)
    locked = _locked(impact)
    if locked.status == _Status.HEARD:
        raise IllegalMoveError(locked, _Status.HEARD)
    day = _past("heard_on", heard_on, now)
    if day < locked.raised_on:
        raise ImpactError("It is heard on the day it is raised or later.", "heard_on")
    _move(
        impact,
        _Status.HEARD,
        by=by,
        now=now,
        why=why,
        owner=owner,
        owner_name=owner_name,
        heard_on=day,
    )
    if owner is not None and owner != by:
        _tell_owner(impact, owner, now)
    return impact


@transaction.atomic
def hand_over(
    *,
    impact: Impact,
    by: User | None,
    now: datetime,
    owner: User | None = None,
    owner_name: str = "",
    why: str = "",
) -> Impact:
    """Give something heard to somebody else to answer, who is told; since when it waits stays.

    Raises ImpactError as `hear` does, and for whoever has it already; IllegalMoveError once there
    is an answer.
    """
    name = _owner_named(impact, owner, owner_name)
    locked = _locked(impact)
    if locked.status != _Status.HEARD:
        raise IllegalMoveError(locked, _Status.HEARD)
    if (owner.pk if owner else None, name) == (locked.owner_id, locked.owner_name):
        raise ImpactError(f"It is with {name} already. Choose somebody else.", "owner")
    note = f"To {name}. {why}".strip()
    _move(impact, _Status.HEARD, by=by, now=now, why=note, owner=owner, owner_name=name)
    if owner is not None and owner != by:
        _tell_owner(impact, owner, now)
    return impact


def colleague(*, impact: Impact, email: str) -> User:
    """The person of the programme's staff who signs in with `email`; ImpactError for nobody."""
    held = RoleGrant.objects.current().filter(programme=impact.programme_id)
    staff = held.exclude(role__in=[Role.PARTNER, Role.FINANCE]).values("user")
    found: User | None = User.objects.filter(
        pk__in=staff, is_active=True, email__iexact=email.strip()
    ).first()
    if found is None:
        raise ImpactError(
            "Nobody of the programme’s staff signs in with that address. Check it, or ask your "
            "coordinator to hand it over.",
            "email",
        )
    return found


@transaction.atomic
def decide(
    *,
    impact: Impact,
    decision: str,
    answer: str,
    decided_on: date,
    by: User | None,
    now: datetime,
    public_text: str | None = None,
    seen: str = "",
) -> Impact:
    """Answer: accepted, adapted or declined, and why; whose work it came from is told.

    A "yes" may become a "no"; `seen` is the state in which whoever answers had it open, so that
    nobody writes over an answer that they have not read.

    Raises ImpactError for an unknown decision, an empty answer, a day before it was heard or to
    come, and when it was moved on since `seen`; IllegalMoveError where this cannot be decided now.
    """
    if decision not in DECISIONS:
        raise ImpactError("Choose what the answer is.", "decision")
    locked = _locked(impact)
    if (seen or impact.status) != locked.status:
        raise ImpactError(
            f"Somebody else was here a moment ago: this is “{locked.get_status_display().lower()}” "
            "now. Copy what you typed, and open it again to read what they wrote."
        )
    day = _past("decided_on", decided_on, now)
    if locked.heard_on and day < locked.heard_on:
        raise ImpactError("The answer comes on the day it was heard or later.", "decided_on")
    stamps: dict[str, Any] = {
        "answer": _words("answer", answer),
        "decided_on": day,
        **_said(public_text),
    }
    _move(impact, decision, by=by, now=now, **stamps)
    _tell_partners(impact, "There is an answer to something you raised", by, now)
    return impact


@transaction.atomic
def plan(
    *,
    impact: Impact,
    planned_for: date,
    by: User | None,
    now: datetime,
    public_text: str | None = None,
) -> Impact:
    """Say for when the change is planned; raises IllegalMoveError where nothing was accepted."""
    _move(impact, _Status.PLANNED, by=by, now=now, planned_for=planned_for, **_said(public_text))
    return impact


@transaction.atomic
def make(
    *,
    impact: Impact,
    made_on: date,
    change: str,
    by: User | None,
    now: datetime,
    public_text: str | None = None,
) -> Impact:
    """Say what changed, and since when; whose work it came from is told.

    Raises ImpactError for an empty text and a day to come, IllegalMoveError where nothing was
    accepted.
    """
    day = _past("made_on", made_on, now)
    _move(
        impact,
        _Status.MADE,
        by=by,
        now=now,
        made_on=day,
        change=_words("change", change),
        **_said(public_text),
    )
    _tell_partners(impact, "Something changed because of you", by, now)
    return impact


@transaction.atomic
def check(
    *, impact: Impact, checked_on: date, by: User | None, now: datetime, why: str = ""
) -> Impact:
    """Say that the change was looked at again, and how it stands.

    Raises ImpactError for a day before the change or to come, IllegalMoveError where none was made.
    """
    locked = _locked(impact)
    day = _past("checked_on", checked_on, now)
    if locked.made_on and day < locked.made_on:
        raise ImpactError("It is looked at again after the change was made.", "checked_on")
    _move(impact, _Status.CHECKED, by=by, now=now, why=why, checked_on=day)
    return impact


# --- The latest ----------------------------------------------------------------------------------


def latest_impact(partner: Partner) -> Impact | None:
    """The latest change that was made because of something `partner` raised, if there is one."""
    own = Impact.objects.filter(contributions__partner=partner)
    changed = own.filter(status__in=[_Status.MADE, _Status.CHECKED])
    found: Impact | None = changed.order_by("-made_on", "-pk").first()
    return found


# --- Within --------------------------------------------------------------------------------------


def _move(
    impact: Impact, to: str, *, by: User | None, now: datetime, why: str = "", **stamps: Any
) -> None:
    note = " ".join(why.split())
    if len(note) > 500:
        raise ImpactError(f"Shorten the note to 500 characters; it has {len(note):,}.", "why")
    transition(impact, to, by=by, now=now, why=note, **stamps)


def _locked(impact: Impact) -> Impact:
    found: Impact = Impact.objects.select_for_update(of=("self",)).get(pk=impact.pk)
    return found


def _said(public_text: str | None) -> dict[str, str]:
    return {} if public_text is None else {"public_text": _words("public_text", public_text)}


def _words(field: str, text: str) -> str:
    words = " ".join(text.split()) if field in _ONE_LINE else tidy_long(text)
    if not words and field in _EMPTY:
        raise ImpactError(_EMPTY[field], field)
    if len(words) > LONGEST[field]:
        raise ImpactError(
            f"Shorten this to {LONGEST[field]:,} characters; it has {len(words):,}.", field
        )
    return words


def _category(category: str) -> str:
    if category not in Impact.Category.values:
        raise ImpactError("Choose what it is about.", "category")
    return category


def _past(field: str, day: date, now: datetime) -> date:
    if day > timezone.localdate(now):
        raise ImpactError("The day must be today or in the past.", field)
    return day


def _of_programme(
    programme: Programme, contributions: Iterable[Contribution]
) -> list[Contribution]:
    linked = list(contributions)
    if any(one.programme_id != programme.pk for one in linked):
        raise ImpactError("Choose work of this programme.", "contributions")
    return linked


def _owner_named(impact: Impact, owner: User | None, owner_name: str) -> str:
    """The name of who is to answer: somebody of the programme, or written down."""
    if owner is None:
        return _words("owner_name", owner_name)
    held = RoleGrant.objects.current().filter(user=owner, programme=impact.programme_id)
    if not held.exists():
        raise ImpactError("Choose somebody of the programme, or write a name.", "owner")
    return _words("owner_name", owner.name)


def _tell_owner(impact: Impact, owner: User, now: datetime) -> None:
    queue_message(
        key=f"impact:{impact.pk}:heard:{impact.history.count()}",
        kind="impact",
        programme=impact.programme,
        recipient=owner,
        to_name=owner.name,
        to_address=owner.email,
        subject="Something partners raised waits for your answer",
        body=(
            f"Hello {owner.name},\n\nSomething that partners of {impact.programme} raised is with "
            "you. A yes, a no or something in between: what matters to them is an answer, and why."
        ),
        link=reverse("partners:impact_waiting"),
        link_label="Read it and answer",
        now=now,
    )


def _tell_partners(impact: Impact, subject: str, by: User | None, now: datetime) -> None:
    """Each partner once, but not who wrote it; what it is about stands in the portal alone."""
    told = Partner.objects.filter(contributions__impacts=impact, user__isnull=False)
    step = impact.history.count()
    partners = told.exclude(user=by).select_related("user").distinct().order_by("pk")
    letters = (
        Letter(
            key=f"impact:{impact.pk}:{step}:{partner.pk}",
            kind="impact",
            programme=impact.programme,
            recipient=partner.user,
            to_name=partner.name,
            to_address=partner.email or (partner.user.email if partner.user else None),
            subject=subject,
            body=f"Hello {partner.called},\n\n{subject}. Thank you for speaking up.",
            link=reverse("partners:impact_story", args=[impact.pk]),
            link_label="Read what happened",
        )
        for partner in partners
    )
    queue_messages(letters=letters, now=now)
