"""Claims: opened from confirmed work, sent, asked about, approved. Locks: partner, contribution,
claim."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Q, Sum
from django.utils import timezone

from accounts.models import User
from partners.models import Contribution, Partner
from partners.services import ledger
from partners.services.register import folded
from payments import emails, rules
from payments.models import Claim, ClaimLine, Expense
from payments.services import pricing
from workflow.sealed import writing
from workflow.transitions import begin, transition

LARGEST_EXPENSE = Decimal("5000.00")


class ClaimError(Exception):
    """The claim cannot be opened, changed, sent or approved; the text says why, for people."""


class ChangedError(ClaimError):
    """The claim is not what its partner was shown."""


def of_partners_called(asked: str) -> Q:
    """Claims of partners with every word of `asked` in their name or in what they are called.

    The partners are found first, by the index of their names: asked through the claims, the
    whole register would be read. Not by address, which finance does not see.
    """
    partners = Partner.objects.all()
    for typed in asked.split():
        called = Q(sort_key__contains=folded(typed)) | Q(known_as__icontains=typed)
        partners = partners.filter(called)
    return Q(partner__in=partners.values("pk"))


@transaction.atomic
def open_claim(*, partner: Partner, by: User | None, now: datetime) -> Claim:
    """Return the partner's draft, with a line for every contribution that can be claimed.

    Work that the partner declined to be paid for, or that no rate covers, gets no line. The draft
    is made when there is none; raises ClaimError when it would be empty.
    """
    partner = _lock(partner)
    offer = pricing.quote(
        partner=partner,
        contributions=Contribution.objects.of(partner)
        .claimable()
        .select_for_update(of=("self",))
        .order_by("happened_on", "pk"),
    )
    claim = Claim.objects.filter(partner=partner, status=Claim.Status.DRAFT).first()
    if claim is None:
        if not offer.quotes:
            raise ClaimError(_nothing_to_claim(offer))
        claim = _new_draft(partner, by, now)
    with writing(ClaimLine):
        ClaimLine.objects.bulk_create(
            ClaimLine(
                claim=claim,
                partner=partner,
                contribution=quote.contribution,
                happened_on=quote.contribution.happened_on,
                description=quote.contribution.title,
                **quote.facts(),
            )
            for quote in offer.quotes
        )
    ledger.mark_claimed(contributions=[quote.contribution for quote in offer.quotes], now=now)
    return _add_up(claim)


@transaction.atomic
def open_for_expenses(*, partner: Partner, by: User | None, now: datetime) -> Claim:
    """Return the partner's draft, made empty when there is none: for expenses without work."""
    partner = _lock(partner)
    draft = Claim.objects.filter(partner=partner, status=Claim.Status.DRAFT).first()
    return draft or _new_draft(partner, by, now)


@transaction.atomic
def add_expense(
    *,
    claim: Claim,
    head: str,
    amount: Decimal,
    happened_on: date,
    description: str = "",
    by: User | None,
    now: datetime,
) -> ClaimLine:
    """Put an expense of `amount` pounds on a claim that is with the partner.

    Raises ClaimError for a claim that was sent, an unknown head, a day to come or before the
    partner joined, or an amount out of reason.
    """
    claim = _lock_with_partner(claim)
    if head not in Expense.Head.values:
        raise ClaimError("Choose what you paid for.")
    if happened_on > timezone.localdate(now):
        raise ClaimError("This day is still to come. Claim it once you have paid.")
    joined_on = claim.partner.joined_on
    if joined_on and happened_on < joined_on:
        raise ClaimError(f"This day is before you joined, on {joined_on:%-d %B %Y}.")
    if not 0 < amount <= LARGEST_EXPENSE:
        raise ClaimError("Enter an amount between 1p and £5,000.")
    expense = Expense.objects.create(
        programme_id=claim.programme_id,
        partner=claim.partner,
        happened_on=happened_on,
        head=head,
        description=description.strip(),
        amount=amount,
        recorded_at=now,
        recorded_by=by,
    )
    line = ClaimLine.unsealed(
        claim=claim,
        partner=claim.partner,
        expense=expense,
        happened_on=happened_on,
        description=str(expense),
        amount=amount,
    )
    _add_up(claim)
    return line


@transaction.atomic
def remove_line(*, line: ClaimLine, by: User | None, now: datetime) -> Claim:
    """Take a line off a claim that is with the partner; its work can be claimed again.

    Other lines of its day are priced again. Raises ClaimError for a claim that was sent.
    """
    claim = _lock_with_partner(line.claim)
    found = claim.lines.live().filter(pk=line.pk)
    if not found.exists():
        raise ClaimError("This is not on the claim any more.")
    _void(found, now)
    _price_again(pricing.as_it_stands(claim=claim), now)
    return _add_up(claim)


@transaction.atomic
def submit(*, claim: Claim, by: User | None, now: datetime, shown: str | None = None) -> Claim:
    """Send a claim, or send it again after a question, at the prices of now.

    `shown` is the mark of what the partner was shown (`pricing.as_it_stands`); None where nobody
    looks at a page. Raises ClaimError for an empty claim or one that is not as it was shown,
    IllegalMoveError for one that was sent already.
    """
    claim = _lock_claim(claim)
    if claim.status in Claim.WITH_PARTNER:
        stands = pricing.as_it_stands(claim=claim)
        if shown is not None and shown != stands.mark:
            raise ChangedError(
                "Something on this claim has changed, so it was not sent. "
                "Check what it comes to now, then send it."
            )
        _price_again(stands, now)
        _add_up(claim)
        if not claim.lines.live().exists():
            raise ClaimError("There is nothing on this claim yet. Add work or an expense first.")
    transition(claim, Claim.Status.SUBMITTED, by=by, now=now, submitted_at=now, query="")
    return claim


@transaction.atomic
def approve(*, claim: Claim, by: User, now: datetime) -> Claim:
    """Approve a claim: its lines go with the next payment run, and the partner is told.

    Raises ClaimError for one's own claim, IllegalMoveError for one that does not wait.
    """
    claim = _lock_claim(claim)
    _refuse_own(claim, by, "approve")
    transition(claim, Claim.Status.APPROVED, by=by, now=now, approved_at=now, approved_by=by)
    emails.tell_approved(claim=claim, now=now)
    return claim


@transaction.atomic
def query(*, claim: Claim, question: str, by: User, now: datetime) -> Claim:
    """Give a claim back to the partner with a question, and tell them.

    Raises ClaimError for one's own claim or an empty question, IllegalMoveError for a claim that
    does not wait.
    """
    question = " ".join(question.split())
    if not question:
        raise ClaimError("Write your question.")
    claim = _lock_claim(claim)
    _refuse_own(claim, by, "ask about")
    transition(claim, Claim.Status.QUERIED, by=by, now=now, why=question, query=question)
    emails.tell_question(claim=claim, now=now)
    return claim


@transaction.atomic
def withdraw(*, claim: Claim, by: User | None, now: datetime) -> Claim:
    """Take back a claim that is not approved; its work can be claimed again.

    Raises IllegalMoveError for a claim that was approved or withdrawn.
    """
    claim = _lock_claim(claim)
    transition(claim, Claim.Status.WITHDRAWN, by=by, now=now)
    _void(claim.lines.live(), now)
    return _add_up(claim)


def _lock(partner: Partner) -> Partner:
    found: Partner = Partner.objects.select_for_update(of=("self",), no_key=True).get(pk=partner.pk)
    return found


def _lock_claim(claim: Claim) -> Claim:
    _lock(claim.partner)
    contributions = claim.lines.live().filter(contribution__isnull=False).values("contribution")
    list(Contribution.objects.filter(pk__in=contributions).order_by("pk").select_for_update())
    found: Claim = (
        Claim.objects.select_for_update(of=("self",)).select_related("partner").get(pk=claim.pk)
    )
    return found


def _lock_with_partner(claim: Claim) -> Claim:
    claim = _lock_claim(claim)
    if claim.status not in Claim.WITH_PARTNER:
        raise ClaimError("This claim has been sent, so it cannot be changed now.")
    return claim


def _refuse_own(claim: Claim, by: User, verb: str) -> None:
    if rules.is_claimant(by, claim):
        raise ClaimError(f"You cannot {verb} your own claim. Ask another coordinator.")


def _new_draft(partner: Partner, by: User | None, now: datetime) -> Claim:
    claim = Claim.unsealed(programme_id=partner.programme_id, partner=partner, opened_at=now)
    begin(claim, by=by, now=now)
    return claim


def _nothing_to_claim(offer: pricing.Offer) -> str:
    if offer.without_rate:
        return "No rate is set for this work yet, so it cannot be claimed. Ask your coordinator."
    return "There is nothing to claim at the moment."


def _price_again(stands: pricing.AsItStands, now: datetime) -> None:
    """Bring the work on a claim to the prices of now; what cannot be paid now comes off it."""
    with writing(ClaimLine):
        ClaimLine.objects.bulk_update(
            stands.changed, ["minutes", "rate", "percent", "donated", "amount"]
        )
    if stands.gone:
        _void(stands.gone, now)


def _void(lines: Iterable[ClaimLine], now: datetime) -> None:
    rows = list(lines)
    with writing(ClaimLine):
        ClaimLine.objects.filter(pk__in=[line.pk for line in rows]).update(voided_at=now)
    work = Contribution.objects.filter(pk__in=[line.contribution_id for line in rows])
    ledger.release(contributions=list(work), now=now)


def _add_up(claim: Claim) -> Claim:
    claim.total = claim.lines.live().aggregate(sum=Sum("amount"))["sum"] or rules.NOTHING
    with writing(Claim):
        claim.save(update_fields=["total"])
    return claim
