"""The check and challenge group: who is in it, its advice, and what was decided on it."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import Programme, User
from partners.models import Advice, Challenger, Proposal
from partners.querysets.codesign import taking_part
from partners.rules import codesign as rules
from partners.services.codesign import CodesignError, locked_round, paragraphs
from partners.services.told import told_by_constraints


def name_challenger(
    *, programme: Programme, person: User, starts_on: date, by: User, now: datetime
) -> Challenger:
    """Give somebody a place in the programme's check and challenge group.

    Raises CodesignError for somebody who takes no part in the programme, or is in the group.
    """
    del by, now  # the audit says who and when
    if programme.pk not in taking_part(person):
        raise CodesignError("Choose somebody who takes part in the programme.", "person")
    with told_by_constraints(Challenger, CodesignError, challenger_once_at_a_time="person"):
        return Challenger.objects.create(programme=programme, user=person, starts_on=starts_on)


@transaction.atomic
def end_challenger(*, challenger: Challenger, ends_on: date, by: User, now: datetime) -> Challenger:
    """End a place in the group after the day `ends_on`.

    Raises CodesignError for a day before it began.
    """
    del by, now  # the audit says who and when
    locked = Challenger.objects.select_for_update(of=("self",)).get(pk=challenger.pk)
    locked.ends_on = ends_on
    with told_by_constraints(
        Challenger,
        CodesignError,
        challenger_ends_after_start="ends_on",
        challenger_once_at_a_time="ends_on",
    ):
        locked.save(update_fields=["ends_on"])
    challenger.ends_on = ends_on
    return challenger


@transaction.atomic
def advise(*, proposal: Proposal, text: str, by: User, now: datetime) -> Advice:
    """Record what the check and challenge group says of a proposal; everybody reads it.

    Raises CodesignError for anybody outside the group, for one's own proposal, and without text.
    """
    asked = locked_round(proposal.round_id)
    locked = Proposal.objects.select_for_update(of=("self",)).get(pk=proposal.pk)
    locked.round = asked
    if not rules.may_advise(by, locked, timezone.localdate(now)):
        raise CodesignError(
            "Advice comes from the check and challenge group, on what others have proposed."
        )
    text = paragraphs(text, "text", 4000, "Write what the group says.")
    return Advice.objects.create(proposal=locked, text=text, given_at=now, given_by=by)


@transaction.atomic
def decide(*, advice: Advice, decision: str, reason: str, by: User, now: datetime) -> Advice:
    """Record what was decided on the group's advice, and why; everybody reads both.

    Raises CodesignError for one's own advice, for a second decision, and without a reason.
    """
    locked = (
        Advice.objects.select_for_update(of=("self",))
        .select_related("proposal__round")
        .get(pk=advice.pk)
    )
    if locked.decision:
        raise CodesignError("This was decided already. Look at it again.")
    if not rules.may_decide(by, locked):
        raise CodesignError("You gave this advice yourself. Another coordinator decides on it.")
    if decision not in Advice.Decision.values:
        raise CodesignError("Choose what was decided.", "decision")
    reason = paragraphs(reason, "reason", 2000, "Say why: everybody who takes part reads it.")
    values = {"decision": decision, "reason": reason, "decided_at": now, "decided_by": by}
    for row in (locked, advice):
        for name, value in values.items():
            setattr(row, name, value)
    locked.save(update_fields=list(values))
    return advice
