"""Proposals, the ballots that rank them, and what is being done about them."""

from collections.abc import Mapping
from datetime import datetime
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone

from accounts.models import User
from partners.models import Ballot, Preference, Proposal, Round
from partners.rules import codesign as rules
from partners.services.codesign import CodesignError, line, locked_round, paragraphs

# As many as somebody can weigh on one page, and as many as one person may put there.
MOST_PROPOSALS = 60
MOST_OF_ONE_PERSON = 5
# The lowest rank that can be given; proposals may share a rank.
LAST_RANK = 20
_WHAT = "Say in a few words what it is."


@transaction.atomic
def propose(*, asked: Round, title: str, text: str, by: User, now: datetime) -> Proposal:
    """Put something to the vote of a round.

    Raises CodesignError when the round takes no proposals (any more), when it is full, and for
    missing or overlong words.
    """
    locked = locked_round(asked.pk)
    if not rules.may_propose(by, locked, timezone.localdate(now)):
        raise CodesignError("This round takes no proposals now. The next one will.")
    title, text = line(title, "title", _WHAT), paragraphs(text, "text", 2000)
    standing = Proposal.objects.filter(round=locked).standing()
    if standing.filter(title__iexact=title).exists():
        raise CodesignError(
            "Somebody has proposed this already. Say what is different about yours.", "title"
        )
    if standing.filter(proposed_by=by).count() >= MOST_OF_ONE_PERSON:
        raise CodesignError(
            f"You have made {MOST_OF_ONE_PERSON} proposals in this round, as many as one person "
            "can. Take one back if this one matters more."
        )
    if standing.count() >= MOST_PROPOSALS:
        raise CodesignError(
            f"This round has {MOST_PROPOSALS} proposals, as many as people can weigh. "
            "Keep yours for the next one."
        )
    return Proposal.objects.create(
        round=locked, title=title, text=text, proposed_by=by, proposed_at=now
    )


@transaction.atomic
def change_proposal(
    *, proposal: Proposal, title: str, text: str, by: User, now: datetime
) -> Proposal:
    """Put one's own proposal into other words, until votes are open.

    Raises CodesignError then, for anybody else's, and for what `propose` refuses.
    """
    del now  # the audit says when
    locked = _locked(proposal)
    if not rules.may_change_proposal(by, locked):
        raise CodesignError(
            "Votes are open, or this was taken back: it can no longer be changed. "
            "Ask your coordinator if something in it is wrong."
        )
    title, text = line(title, "title", _WHAT), paragraphs(text, "text", 2000)
    others = Proposal.objects.filter(round=locked.round).standing().exclude(pk=locked.pk)
    if others.filter(title__iexact=title).exists():
        raise CodesignError(
            "Somebody has proposed this already. Say what is different about yours.", "title"
        )
    for row in (locked, proposal):
        row.title, row.text = title, text
    locked.save(update_fields=["title", "text"])
    return proposal


@transaction.atomic
def withdraw_proposal(*, proposal: Proposal, by: User, now: datetime) -> Proposal:
    """Take a proposal back, or off: no page shows it any more, and no count has it in.

    Raises CodesignError when it is too late, and for anybody else than `rules` says.
    """
    locked = _locked(proposal)
    if not rules.may_take_proposal_off(by, locked):
        raise CodesignError(
            "This can no longer be taken back. Ask your coordinator if something in it is wrong."
        )
    locked.withdrawn_at = proposal.withdrawn_at = now
    locked.save(update_fields=["withdrawn_at"])
    return proposal


@transaction.atomic
def cast(*, asked: Round, ranks: Mapping[int, int], by: User, now: datetime) -> Ballot:
    """Rank proposals of a round, in place of what one ranked before.

    `ranks` is a rank from 1 (wanted most) by the id of a proposal; what is left out is ranked
    below all that is in, and several may share a rank.

    Raises CodesignError when votes are not open, and for an empty or impossible ranking.
    """
    locked = locked_round(asked.pk)
    today = timezone.localdate(now)
    if not rules.may_vote(by, locked, today):
        raise CodesignError(
            "The vote has not begun yet."
            if locked.status == Round.Status.PROPOSING
            else "The vote is closed, so this could not be counted. Thank you all the same."
        )
    if not ranks:
        raise CodesignError("Put a 1 beside what matters most to you.")
    standing = Proposal.objects.filter(round=locked, pk__in=ranks).standing().count()
    if standing != len(ranks):
        raise CodesignError("One of these proposals was taken off. Look at your order again.")
    if not all(1 <= rank <= LAST_RANK for rank in ranks.values()):
        raise CodesignError(f"Give ranks from 1 to {LAST_RANK}.")
    ballot, _ = Ballot.objects.update_or_create(round=locked, voter=by, defaults={"cast_at": now})
    ballot.preferences.all().delete()
    Preference.objects.bulk_create(
        Preference(ballot=ballot, proposal_id=proposal, rank=rank)
        for proposal, rank in ranks.items()
    )
    return ballot


@transaction.atomic
def answer_proposal(
    *, proposal: Proposal, answer: str, link: str, by: User, now: datetime
) -> Proposal:
    """Say what is being done about a proposal, and where the work is; everybody reads it.

    `link` is a page of the portal or an address beginning with https://, or empty.

    Raises CodesignError without an answer, and for any other link.
    """
    locked = _locked(proposal)
    if not rules.may_answer(by, locked):
        raise CodesignError("This proposal was taken off, or its round was let go.")
    answer = paragraphs(answer, "answer", 1000, "Say what is being done.")
    link = _checked_link(link.strip())
    values = {"answer": answer, "answer_link": link, "answered_at": now, "answered_by": by}
    for row in (locked, proposal):
        for name, value in values.items():
            setattr(row, name, value)
    locked.save(update_fields=list(values))
    return proposal


def _checked_link(link: str) -> str:
    if not link:
        return ""
    if len(link) > 300:
        raise CodesignError("Shorten the link to 300 characters.", "answer_link")
    try:
        if link.startswith("/"):
            if link.startswith(("//", "/\\", reverse("admin:index"))):
                raise ValidationError("No page of the portal that everybody may open.")
            resolve(urlsplit(link).path)
        else:
            URLValidator(schemes=["https"])(link)
    except (ValidationError, Resolver404, ValueError) as error:
        raise CodesignError(
            "Copy the whole link, beginning with https://, or a page of the portal such as "
            "/groups/1/.",
            "answer_link",
        ) from error
    return link


def _locked(proposal: Proposal) -> Proposal:
    """The proposal with its round, the round locked first."""
    asked = locked_round(proposal.round_id)
    locked: Proposal = Proposal.objects.select_for_update(of=("self",)).get(pk=proposal.pk)
    locked.round = asked
    return locked
