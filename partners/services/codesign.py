"""Rounds of what matters most: opened, put to the vote, counted, or let go.

Whatever depends on a round's state locks the round first: a vote is in time and in the count, or
it is refused. Lock order: round, then its proposals and ballots.
"""

from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from accounts.models import Programme, RoleGrant, User
from accounts.services.messages import Letter, queue_messages
from partners.models import Ballot, Partner, Preference, Proposal, Round
from partners.rules import codesign as rules
from partners.services.counting import count
from partners.services.refusal import Refusal
from workflow.transitions import IllegalMoveError, begin, transition

# From so many ballots on numbers are shown: fewer would tell who ranked what.
SHOWN_FROM = 3
_Status = Round.Status
_FACTS = ("title", "question", "opens_on", "votes_from", "closes_on")


class CodesignError(Refusal):
    """A round, a proposal, a ballot or advice is refused."""


@transaction.atomic
def open_round(
    *,
    programme: Programme,
    title: str,
    question: str,
    opens_on: date,
    votes_from: date,
    closes_on: date,
    by: User,
    now: datetime,
) -> Round:
    """Ask a programme's people what matters most; they propose from `opens_on`.

    Raises CodesignError for missing words and for days out of order or in the past.
    """
    asked = Round(
        programme=programme,
        title=line(title, "title", "Give the round a title."),
        question=paragraphs(question, "question", 1000, "Write the question."),
        opens_on=opens_on,
        votes_from=votes_from,
        closes_on=closes_on,
    )
    _check_days(asked, timezone.localdate(now))
    asked.save(force_insert=True)
    begin(asked, by=by, now=now)
    return asked


@transaction.atomic
def change_round(*, asked: Round, by: User, now: datetime, **facts: Any) -> bool:
    """Change `facts` (title, question, opens_on, votes_from, closes_on); says whether any changed.

    Once votes are open only the last day to vote may change: people vote on what they were asked.

    Raises CodesignError then, for a round that has ended, and for what `open_round` refuses.
    """
    del by  # the audit says who
    unknown = set(facts) - set(_FACTS)
    if unknown:
        raise TypeError(f"A round has no fact called {', '.join(sorted(unknown))}.")
    locked = locked_round(asked.pk)
    if "title" in facts:
        facts["title"] = line(facts["title"], "title", "Give the round a title.")
    if "question" in facts:
        facts["question"] = paragraphs(facts["question"], "question", 1000, "Write the question.")
    changed = {name: value for name, value in facts.items() if getattr(locked, name) != value}
    if not changed:
        return False
    if locked.status not in {_Status.PROPOSING, _Status.VOTING}:
        raise CodesignError("This round has ended, so it stays as it is.")
    frozen = next((name for name in _FACTS if name in changed and name != "closes_on"), "")
    if locked.status == _Status.VOTING and frozen:
        raise CodesignError(
            "Votes are open: only the last day to vote can change now.",
            frozen,
        )
    for name, value in changed.items():
        setattr(locked, name, value)
    _check_days(locked, timezone.localdate(now))
    locked.save(update_fields=list(changed))
    for name, value in changed.items():
        setattr(asked, name, value)
    return True


@transaction.atomic
def open_votes(*, asked: Round, by: User, now: datetime) -> Round:
    """Close a round to proposals, open it to votes, and tell the partners.

    Raises CodesignError with fewer than two proposals, and when the last day to vote is over.
    """
    locked = locked_round(asked.pk)
    if locked.status == _Status.PROPOSING:
        if Proposal.objects.filter(round=locked).standing()[:2].count() < 2:
            raise CodesignError("A vote needs at least two proposals to choose between.")
        if locked.closes_on < timezone.localdate(now):
            raise CodesignError("The last day to vote is over. Change it first, then open votes.")
    _move(asked, _Status.VOTING, by=by, now=now)
    _tell(
        asked,
        "votes",
        now,
        subject="What matters most to us: please vote",
        told=f"The vote on “{asked.title}” is open. Put what matters to you in your order. "
        f"The last day to vote is {spoken(asked.closes_on)}.",
        label="Vote",
    )
    return asked


@transaction.atomic
def close_round(*, asked: Round, by: User | None, now: datetime, why: str = "") -> Round:
    """Count a round: its order stands from now on, and partners are told that it is there.

    `why` says why it is closed before its last day is over; everybody who takes part reads it.

    Raises CodesignError when votes are not open, and before the last day is over for the portal
    itself (`by` is None) or without a `why`.
    """
    locked = locked_round(asked.pk)
    why = " ".join(why.split())[:500]
    if rules.is_voting(locked, timezone.localdate(now)) and (by is None or not why):
        raise CodesignError(
            f"People were told that they can vote until {spoken(locked.closes_on)}. "
            "Say why it closes earlier.",
            "why",
        )
    result = _counted(locked) if locked.status == _Status.VOTING else {}
    _move(asked, _Status.CLOSED, by=by, now=now, why=why, result=result)
    _tell(
        asked,
        "result",
        now,
        subject="What matters most to us: the result",
        told=f"The votes on “{asked.title}” are counted. "
        "See what comes first, how it was worked out, and what is being done.",
        label="See the result",
    )
    return asked


def close_due(*, now: datetime) -> int:
    """Count every round whose last day to vote is over, each by itself; returns how many.

    Doing it twice counts nothing twice: a round that somebody else closed is left alone.
    """
    today = timezone.localdate(now)
    due = Round.objects.filter(status=_Status.VOTING, closes_on__lt=today).order_by("pk")
    closed = 0
    for asked in due.select_related("programme"):
        try:
            close_round(asked=asked, by=None, now=now)
        except CodesignError:  # closed, let go or prolonged meanwhile
            continue
        closed += 1
    return closed


@transaction.atomic
def drop_round(*, asked: Round, by: User, now: datetime, why: str) -> Round:
    """Let a round go uncounted; everybody who takes part reads why.

    Raises CodesignError without a reason, and for a round that has ended.
    """
    why = line(why, "why", "Say in a few words why it is let go.", 500)
    return _move(asked, _Status.DROPPED, by=by, now=now, why=why)


def locked_round(pk: int) -> Round:
    """The round, locked until the transaction ends."""
    locked: Round = Round.objects.select_for_update(of=("self",), no_key=True).get(pk=pk)
    return locked


def line(text: str, field: str, missing: str, longest: int = 150) -> str:
    """One line of words; refused with the sentence `missing`, or for more than `longest`."""
    return _not_longer(" ".join(text.split()), field, missing, longest)


def paragraphs(text: str, field: str, longest: int, missing: str = "") -> str:
    """Words in paragraphs; they may be left out where no sentence `missing` is given."""
    return _not_longer(text.replace("\r\n", "\n").strip(), field, missing, longest)


def spoken(day: date) -> str:
    """A day as the portal's messages write it."""
    return date_format(day, "l j F")


def _not_longer(text: str, field: str, missing: str, longest: int) -> str:
    if missing and not text:
        raise CodesignError(missing, field)
    if len(text) > longest:
        raise CodesignError(f"Shorten this to {longest:,} characters.", field)
    return text


def _check_days(asked: Round, today: date) -> None:
    if asked.votes_from < asked.opens_on:
        raise CodesignError(
            "Voting begins on the day the round opens or later. Check the days.", "votes_from"
        )
    if asked.closes_on < asked.votes_from:
        raise CodesignError(
            "The last day to vote is the day voting begins or later. Check the days.", "closes_on"
        )
    if asked.closes_on < today:
        raise CodesignError("The last day to vote must be today or later.", "closes_on")


def _move(asked: Round, to: str, *, by: User | None, now: datetime, **stamps: Any) -> Round:
    try:
        transition(asked, to, by=by, now=now, **stamps)
    except IllegalMoveError as error:
        raise CodesignError(str(error)) from error
    return asked


def _counted(locked: Round) -> dict[str, Any]:
    """What the result's page is made of; without a number where there are too few ballots."""
    proposals = list(
        Proposal.objects.filter(round=locked).standing().order_by("pk").values_list("pk", flat=True)
    )
    ballots: dict[int, dict[int, int]] = {
        ballot: {} for ballot in locked.ballots.values_list("pk", flat=True)
    }
    lines = Preference.objects.filter(ballot__round=locked, proposal__in=proposals)
    for ballot, proposal, rank in lines.values_list("ballot", "proposal", "rank"):
        ballots[ballot][proposal] = rank
    found = count(proposals, ballots.values())
    result: dict[str, Any] = {
        "method": "ranked pairs",
        "few": len(ballots) < SHOWN_FROM,
        # The order of a single ballot is that person's vote.
        "places": [list(place) for place in found.places] if len(ballots) > 1 else [],
    }
    if not result["few"]:
        result |= {
            "ballots": len(ballots),
            "could": could_vote(locked),
            "steps": [
                {**asdict(step.pair), "against": list(step.against), "by_age": step.by_age}
                for step in found.steps
            ],
            "level": [asdict(pair) for pair in found.level],
        }
    return result


def could_vote(asked: Round) -> int:
    """People who may vote today, and whoever did and has left since."""
    may = (
        RoleGrant.objects.current()
        .filter(programme=asked.programme_id, role__in=rules.TAKING_PART, user__is_active=True)
        .values("user")
    )
    did = Ballot.objects.filter(round=asked).values("voter")
    return int(User.objects.filter(Q(pk__in=may) | Q(pk__in=did)).count())


def _tell(asked: Round, what: str, now: datetime, *, subject: str, told: str, label: str) -> None:
    partners = (
        Partner.objects.filter(programme=asked.programme_id, user__is_active=True)
        .exclude(status=Partner.Status.LEFT)
        .select_related("user")
        .order_by("pk")
    )
    name = {"votes": "partners:vote", "result": "partners:round_result"}[what]
    letters = (
        Letter(
            key=f"round:{asked.pk}:{what}:{partner.user_id}",
            kind=f"round_{what}",
            programme=asked.programme,
            recipient=partner.user,
            to_name=partner.name,
            to_address=partner.email or partner.user.email,
            subject=subject,
            body="\n\n".join([f"Hello {partner.called},", told]),
            link=reverse(name, args=[asked.pk]),
            link_label=label,
        )
        for partner in partners.iterator()
    )
    queue_messages(letters=letters, now=now)
