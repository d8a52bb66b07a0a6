"""The only door to the ledger: every contribution is recorded, changed and confirmed here.

Everything that can change how much work stands on a partner's day locks the partner first, so
that two people writing at once cannot fill a day with more than 24 hours. Lock order: partner,
contribution.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.formats import date_format

from accounts.models import User
from partners import rules
from partners.models import (
    Contribution,
    ContributionHistory,
    Partner,
    PortfolioEntry,
    ThankYou,
)
from partners.services.refusal import Refusal
from workflow.sealed import writing
from workflow.transitions import IllegalMoveError, begin, transition

MINUTES_OF_A_DAY = 24 * 60
_LABELS = {
    "kind": "kind of work",
    "happened_on": "day",
    "minutes": "minutes",
    "title": "title",
    "payable": "whether it is paid",
}
FACTS = frozenset(_LABELS)
_LONGEST_REFLECTION = 20_000
_Status = Contribution.Status


class LedgerError(Refusal):
    """The ledger refuses."""


@transaction.atomic
def record(
    *,
    partner: Partner,
    kind: str,
    happened_on: date,
    minutes: int,
    title: str,
    by: User | None,
    now: datetime,
    payable: bool = True,
    source_path: str = "",
    reflection: str = "",
) -> Contribution:
    """Write one piece of work of `partner` on one day; it waits for somebody to confirm it.

    `minutes` is the time it took; `source_path` the portal's page it came from, if any.

    Raises LedgerError for a day to come, a day before the partner joined, a day with more than
    24 hours of work on it, and for missing or overlong facts.
    """
    partner = _locked_partner(partner.pk)
    contribution = Contribution(
        programme_id=partner.programme_id,
        partner=partner,
        kind=kind,
        happened_on=happened_on,
        minutes=minutes,
        title=_one_line(title),
        source_path=source_path,
        reflection=_tidy_reflection(reflection),
        payable=payable,
        recorded_at=now,
        recorded_by=by,
    )
    _check(contribution, partner, now)
    with writing(Contribution):
        contribution.save(force_insert=True)
    begin(contribution, by=by, now=now)
    return contribution


@transaction.atomic
def amend(*, contribution: Contribution, by: User | None, now: datetime, **facts: Any) -> bool:
    """Correct `facts` (kind, happened_on, minutes, title, payable) while they wait.

    Returns whether anything changed. Raises LedgerError once it is confirmed or withdrawn, and
    for whatever `record` refuses.
    """
    unknown = set(facts) - FACTS
    if unknown:
        raise TypeError(f"A contribution has no fact called {', '.join(sorted(unknown))}.")
    partner, locked = _locked(contribution)
    if locked.status != _Status.RECORDED:
        raise LedgerError(
            "This has been confirmed, so the day and the time can no longer be changed. "
            "Ask your coordinator to withdraw it, then add it again."
            if locked.status == _Status.CONFIRMED
            else "This was withdrawn. Add it again instead."
        )
    if "title" in facts:
        facts["title"] = _one_line(facts["title"])
    changed = {name: value for name, value in facts.items() if getattr(locked, name) != value}
    if not changed:
        return False
    for name, value in changed.items():
        setattr(locked, name, value)
    _check(locked, partner, now)
    labels = [_LABELS[name] for name in sorted(changed)]
    _move(contribution, _Status.RECORDED, by=by, now=now, why=_changed(labels), **changed)
    return True


@transaction.atomic
def confirm(*, contribution: Contribution, by: User, now: datetime) -> Contribution:
    """Say that the work was done; from here on its facts stand.

    Raises LedgerError for somebody's own work, and when it does not wait to be confirmed.
    """
    _, locked = _locked(contribution)
    if by is None or rules.is_own(by, locked):
        raise LedgerError("Nobody confirms their own work. Ask another coordinator to do it.")
    return _move(contribution, _Status.CONFIRMED, by=by, now=now, confirmed_at=now, confirmed_by=by)


@transaction.atomic
def withdraw(
    *, contribution: Contribution, by: User | None, now: datetime, why: str
) -> Contribution:
    """Take the work off the ledger; the row and its history stay.

    Raises LedgerError without a reason, when it stands on a claim, and when it was withdrawn.
    """
    why = _one_line(why)
    if not why:
        raise LedgerError("Say in a few words why it is withdrawn.", "why")
    _, locked = _locked(contribution)
    if locked.claimed_at is not None:
        raise LedgerError("This is on a claim. Take it off the claim first, then withdraw it.")
    return _move(contribution, _Status.WITHDRAWN, by=by, now=now, why=why[:500])


@transaction.atomic
def replace(
    *, contribution: Contribution, by: User, now: datetime, why: str, **facts: Any
) -> Contribution:
    """Put right what was confirmed: withdraw it, and write it anew with `facts`, confirmed.

    What was confirmed is never rewritten. The partner's own words, the evidence, the thanks and
    what came of it go over to the new row. Raises LedgerError as `withdraw`, `record` and
    `confirm`.
    """
    unknown = set(facts) - FACTS
    if unknown:
        raise TypeError(f"A contribution has no fact called {', '.join(sorted(unknown))}.")
    old = withdraw(contribution=contribution, by=by, now=now, why=why)
    old.refresh_from_db()
    new = record(
        partner=old.partner,
        by=by,
        now=now,
        source_path=old.source_path,
        reflection=old.reflection,
        **{name: facts.get(name, getattr(old, name)) for name in FACTS},
    )
    PortfolioEntry.objects.filter(contribution=old).update(contribution=new)
    ThankYou.objects.filter(contribution=old).update(contribution=new)
    new.impacts.set(old.impacts.all())
    old.impacts.clear()
    with writing(Contribution):
        old.reflection = ""
        old.save(update_fields=["reflection"])
    return confirm(contribution=new, by=by, now=now)


@transaction.atomic
def reflect(*, contribution: Contribution, text: str, by: User, now: datetime) -> Contribution:
    """Keep the partner's own words about the work, whatever became of it.

    Raises LedgerError for anybody else, and for a text longer than 20,000 characters.
    """
    del now  # a reflection has no history: it is the partner's, not the programme's
    _, locked = _locked(contribution)
    if not rules.is_own(by, locked):
        raise LedgerError("Only the partner whose work this is can write about it here.")
    text = _tidy_reflection(text)
    locked.reflection = contribution.reflection = text
    with writing(Contribution):
        locked.save(update_fields=["reflection"])
    return contribution


@transaction.atomic
def mark_claimed(*, contributions: Iterable[Contribution], now: datetime) -> int:
    """Say that a live claim line stands on each of `contributions`. Payments calls this.

    Returns how many. Raises LedgerError, marking none, when one cannot be claimed (any more).
    """
    locked = _locked_all(contributions)
    for row in locked:
        if row.status != _Status.CONFIRMED or not row.payable or row.claimed_at is not None:
            raise LedgerError(
                f"“{row.title}” cannot be claimed: it is not confirmed and payable, "
                "or it is on a claim already."
            )
    return _set_claimed(locked, now, now=now, why="Put on a claim")


@transaction.atomic
def release(*, contributions: Iterable[Contribution], now: datetime) -> int:
    """Say that no live claim line stands on `contributions` any more; returns how many did."""
    locked = [row for row in _locked_all(contributions) if row.claimed_at is not None]
    return _set_claimed(locked, None, now=now, why="Taken off a claim")


def _locked_partner(pk: int) -> Partner:
    partner: Partner = Partner.objects.select_for_update(of=("self",), no_key=True).get(pk=pk)
    return partner


def _locked(contribution: Contribution) -> tuple[Partner, Contribution]:
    partner = _locked_partner(contribution.partner_id)
    locked = Contribution.objects.select_for_update(of=("self",)).get(pk=contribution.pk)
    locked.partner = partner
    return partner, locked


def _locked_all(contributions: Iterable[Contribution]) -> list[Contribution]:
    pks = [contribution.pk for contribution in contributions]
    return list(
        Contribution.objects.select_for_update(of=("self",)).filter(pk__in=pks).order_by("pk")
    )


def _set_claimed(
    rows: list[Contribution], claimed_at: datetime | None, *, now: datetime, why: str
) -> int:
    with writing(Contribution):
        Contribution.objects.filter(pk__in=[row.pk for row in rows]).update(claimed_at=claimed_at)
    ContributionHistory.objects.bulk_create(
        ContributionHistory(
            subject=row, at=now, from_status=row.status, to_status=row.status, why=why
        )
        for row in rows
    )
    return len(rows)


def _move(
    contribution: Contribution, to: str, *, by: User | None, now: datetime, **stamps: Any
) -> Contribution:
    try:
        transition(contribution, to, by=by, now=now, **stamps)
    except IllegalMoveError as error:
        raise LedgerError(str(error)) from error
    return contribution


def _check(contribution: Contribution, partner: Partner, now: datetime) -> None:
    """Refuse what cannot have been; `partner` is locked."""
    try:
        contribution.clean_fields(
            exclude={"programme", "partner", "recorded_by", "confirmed_by", "minutes"}
        )
    except ValidationError as error:
        field, sentences = next(iter(error.message_dict.items()))
        sentence = {
            "kind": "Choose a kind of work from the list.",
            "title": "Say in up to 200 characters what it was.",
        }.get(field, sentences[0])
        raise LedgerError(sentence, field) from error
    if not 1 <= contribution.minutes <= MINUTES_OF_A_DAY:
        raise LedgerError("Enter between 1 minute and 24 hours.", "minutes")
    day = contribution.happened_on
    if day > timezone.localdate(now):
        raise LedgerError("That day is still to come. Add this when it is done.", "happened_on")
    if partner.joined_on and day < partner.joined_on:
        joined = date_format(partner.joined_on, "j F Y")
        raise LedgerError(
            f"That is before the day of joining, {joined}. Check the day.", "happened_on"
        )
    others = Contribution.objects.of(partner).standing().filter(happened_on=day)
    if contribution.pk:
        others = others.exclude(pk=contribution.pk)
    already = others.aggregate(minutes=Sum("minutes"))["minutes"] or 0
    if already + contribution.minutes > MINUTES_OF_A_DAY:
        raise LedgerError(
            "With what is recorded for that day already, this would be more than 24 hours. "
            "Check the day and the time.",
            "minutes",
        )


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _tidy_reflection(text: str) -> str:
    text = text.replace("\r\n", "\n").strip()
    if len(text) > _LONGEST_REFLECTION:
        raise LedgerError("Shorten what you wrote to 20,000 characters.", "reflection")
    return text


def _changed(labels: list[str]) -> str:
    return f"Changed: {', '.join(labels)}"
