"""Opportunities: published, changed, closed, opened again, withdrawn; partners invited.

Lock order: partner, group, request, opportunity.
"""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from assignments.models import Invite, Offer, Opportunity, Request, WorkGroup
from assignments.rules import requests as rules
from assignments.services import requests
from assignments.services.pieces import FACTS, check_piece
from assignments.services.published import call_back, take_down, tell_partners, to_be_asked
from assignments.services.refusals import OpportunityError
from assignments.services.waiting_list import move_waiting_list
from assignments.words import spoken_day
from partners.models import Partner, PathwayRole, Theme
from workflow.transitions import IllegalMoveError, begin, transition

_Status = Opportunity.Status
_Audience = Opportunity.Audience
_CHANGEABLE = FACTS | {"closes_on", "role", "themes", "audience"}
_BATCH = 500


@transaction.atomic
def publish(
    *,
    work_group: WorkGroup,
    title: str,
    why: str,
    influence: str,
    places: int,
    audience: str,
    by: User | None,
    now: datetime,
    request: Request | None = None,
    themes: Collection[Theme] = (),
    invited: Collection[Partner] = (),
    closes_on: date | None = None,
    role: PathwayRole | None = None,
    **facts: Any,
) -> Opportunity:
    """Ask partners to join `work_group`: all of the programme, or those `invited`.

    In this order: the opportunity and its history; the request it answers moves on and its asker
    is told; invites, with the partner first who proposed the work; a message to everybody asked.

    facts: starts_on, ends_on, effort, minutes_a_month, longest_minutes, place, budget_code,
        access.

    Raises OpportunityError, and RequestError for a request that was answered meanwhile.
    """
    unknown = set(facts) - FACTS
    if unknown:
        raise TypeError(f"An opportunity has no {', '.join(sorted(unknown))}.")
    group = (
        WorkGroup.objects.select_for_update(of=("self",), no_key=True)
        .select_related("programme")
        .get(pk=work_group.pk)
    )
    if request is not None and request.programme_id != group.programme_id:
        raise OpportunityError("The request and the group belong to different programmes.")
    today = timezone.localdate(now)
    if group.ends_on is not None and group.ends_on < today:
        raise OpportunityError(
            f"This group ended on {spoken_day(group.ends_on)}. Choose another one.", "work_group"
        )
    opportunity = Opportunity(
        programme=group.programme,
        request=request,
        work_group=group,
        title=title,
        why=why,
        influence=influence,
        places=places,
        audience=audience,
        closes_on=closes_on,
        role=role,
        published_at=now,
        **facts,
    )
    _check(opportunity, themes)
    _check_last_day(closes_on, today)
    if request is not None:
        # Moved before the row is there: of two who publish at once the second is told.
        requests.published(request, opportunity, by=by, now=now)
    opportunity.save(force_insert=True)
    opportunity.themes.set(themes)
    begin(opportunity, by=by, now=now)
    chosen = list(invited)
    proposer = request.proposed_by if request is not None else None
    if proposer is not None and rules.takes_part(proposer):
        chosen = [proposer, *(one for one in chosen if one.pk != proposer.pk)]
    _invite(opportunity, chosen, now)
    if audience == _Audience.ALL:
        tell_partners(opportunity, to_be_asked(opportunity, now).iterator(), now)
    return opportunity


@transaction.atomic
def change(*, opportunity: Opportunity, by: User | None, now: datetime, **facts: Any) -> bool:
    """Change what an opportunity says, or whom it asks; True when anything changed.

    `places` cannot become fewer than the people who have one. Asking all instead of some tells
    everybody who was not told yet; what all were asked is not taken back to some.

    Raises OpportunityError.
    """
    del by  # the audit says who
    unknown = set(facts) - _CHANGEABLE
    if unknown:
        raise TypeError(f"An opportunity has no {', '.join(sorted(unknown))} to change.")
    locked = _locked(opportunity)
    if locked.status == _Status.WITHDRAWN:
        raise OpportunityError("This was withdrawn and stays as it is.")
    themes = facts.pop("themes", None)
    before = {name: getattr(locked, name) for name in facts}
    for name, value in facts.items():
        setattr(locked, name, value)
    _check(locked, themes or ())
    changed = [name for name, value in before.items() if getattr(locked, name) != value]
    if "closes_on" in changed:
        _check_last_day(locked.closes_on, timezone.localdate(now))
    if "audience" in changed and locked.audience == _Audience.SOME:
        raise OpportunityError("All partners were asked already, and can answer.", "audience")
    if "places" in changed:
        _keep_seats(locked)
    if changed:
        locked.save(update_fields=changed)
        for name in changed:
            setattr(opportunity, name, getattr(locked, name))
    others = themes is not None and {one.pk for one in themes} != {
        one.pk for one in locked.themes.all()
    }
    if others:
        locked.themes.set(themes)
    if "places" in changed and locked.places > before["places"]:
        move_waiting_list(opportunity=locked, now=now)
    if "audience" in changed and locked.status == _Status.OPEN:
        tell_partners(locked, to_be_asked(locked, now).iterator(), now)
    return bool(changed) or others


@transaction.atomic
def close(*, opportunity: Opportunity, by: User | None, now: datetime) -> Opportunity:
    """Take no more answers. Where somebody has a place, the request is finished with it.

    Raises OpportunityError.
    """
    request = _locked_request(opportunity)
    _move(opportunity, _Status.CLOSED, by=by, now=now)
    call_back(opportunity)
    if (
        request is not None
        and request.status == Request.Status.PUBLISHED
        and holders(opportunity).exists()
    ):
        requests.finish(request=request, by=by, now=now)
    return opportunity


@transaction.atomic
def reopen(*, opportunity: Opportunity, by: User, now: datetime) -> Opportunity:
    """Take answers again; a last day that is over counts no more. Raises OpportunityError."""
    locked = _locked(opportunity)
    over = locked.closes_on is not None and locked.closes_on < timezone.localdate(now)
    stamps = {"closes_on": None} if over else {}
    _move(opportunity, _Status.OPEN, by=by, now=now, **stamps)
    return opportunity


@transaction.atomic
def withdraw(*, opportunity: Opportunity, why: str, by: User, now: datetime) -> Opportunity:
    """Take an opportunity down. Whoever hoped for it is told; who has a place keeps it.

    `why` is the answer that whoever asked for partners reads. Raises OpportunityError.
    """
    why = " ".join(why.split())
    if not why:
        raise OpportunityError("Say in a few words why it is withdrawn.", "why")
    if len(why) > 500:
        raise OpportunityError("Shorten this to 500 characters.", "why")
    request = _locked_request(opportunity)
    try:
        take_down(opportunity, by=by, now=now, why=why)
    except IllegalMoveError as error:
        raise OpportunityError(str(error)) from error
    if request is not None and request.status == Request.Status.PUBLISHED:
        requests.refuse(request=request, reason=why, by=by, now=now)
    return opportunity


@transaction.atomic
def invite(
    *, opportunity: Opportunity, partners: Collection[Partner], by: User, now: datetime
) -> int:
    """Ask `partners` in person; how many of them were not asked so before.

    Raises OpportunityError for an opportunity that is not open, and for somebody who does not
    take part.
    """
    del by  # the audit says who
    locked = _locked(opportunity)
    if not rules.is_open(locked, timezone.localdate(now)):
        raise OpportunityError("This takes no more answers. Open it again first.")
    return _invite(locked, partners, now)


def holders(opportunity: Opportunity) -> Any:
    """The offers of those who have a place, or stand in for somebody who has."""
    return Offer.objects.filter(
        opportunity=opportunity, status__in=[Offer.Status.ACCEPTED, Offer.Status.STANDING_IN]
    )


def _invite(opportunity: Opportunity, partners: Iterable[Partner], now: datetime) -> int:
    chosen = list({partner.pk: partner for partner in partners}.values())
    for partner in chosen:
        if partner.programme_id != opportunity.programme_id:
            raise OpportunityError("Choose partners of the same programme.", "partners")
        if not rules.takes_part(partner):
            raise OpportunityError(
                f"{partner.name} is at the stage “{partner.get_status_display()}”. Ask partners "
                "who are active, on a break or in their induction.",
                "partners",
            )
    there = set(
        Invite.objects.filter(opportunity=opportunity, partner__in=chosen).values_list(
            "partner", flat=True
        )
    )
    new = [partner for partner in chosen if partner.pk not in there]
    Invite.objects.bulk_create(
        [Invite(opportunity=opportunity, partner=partner, invited_at=now) for partner in new],
        batch_size=_BATCH,
        ignore_conflicts=True,
    )
    tell_partners(opportunity, new, now)
    return len(new)


def _keep_seats(opportunity: Opportunity) -> None:
    """Everybody who has a place keeps one, within the places that there are now."""
    offers = list(
        Offer.objects.select_for_update(of=("self",))
        .filter(opportunity=opportunity, seat__isnull=False)
        .order_by("seat")
    )
    if len(offers) > opportunity.places:
        people = "1 partner has" if len(offers) == 1 else f"{len(offers)} partners have"
        raise OpportunityError(
            f"{people} a place already. Enter {len(offers)} or more, or end a place first.",
            "places",
        )
    taken = {offer.seat for offer in offers}
    free = [seat for seat in range(1, opportunity.places + 1) if seat not in taken]
    for offer in offers:
        if offer.seat is not None and offer.seat > opportunity.places:
            offer.seat = free.pop(0)
            offer.save(update_fields=["seat"])


def _check(opportunity: Opportunity, themes: Iterable[Theme]) -> None:
    if opportunity.audience not in _Audience.values:
        raise OpportunityError("Choose who is asked.", "audience")
    check_piece(opportunity, OpportunityError)
    here = opportunity.programme_id
    if opportunity.role is not None and opportunity.role.programme_id != here:
        raise OpportunityError("Choose a role of the same programme.", "role")
    if any(theme.programme_id != here for theme in themes):
        raise OpportunityError("Choose themes of the same programme.", "themes")


def _check_last_day(closes_on: date | None, today: date) -> None:
    if closes_on is not None and closes_on < today:
        raise OpportunityError("The last day to answer must be today or later.", "closes_on")


def _locked(opportunity: Opportunity) -> Opportunity:
    locked: Opportunity = (
        Opportunity.objects.select_for_update(of=("self",), no_key=True)
        .select_related("programme", "role")
        .get(pk=opportunity.pk)
    )
    return locked


def _locked_request(opportunity: Opportunity) -> Request | None:
    rows = Request.objects.select_for_update(of=("self",), no_key=True)
    found: Request | None = rows.filter(pk=opportunity.request_id).first()
    return found


def _move(
    opportunity: Opportunity, to: str, *, by: User | None, now: datetime, **stamps: Any
) -> None:
    try:
        transition(opportunity, to, by=by, now=now, **stamps)
    except IllegalMoveError as error:
        raise OpportunityError(str(error)) from error
