"""Requests for partners and proposals of theirs: asked, looked at, answered, finished.

Whoever asked is told of each step, and reads the words of an answer in the portal alone: messages
carry nothing that somebody wrote in confidence.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse

from accounts.models import Programme, User
from accounts.services.messages import queue_message
from assignments.models import Opportunity, Request
from assignments.rules import requests as rules
from assignments.services.pieces import FACTS, check_piece, check_team
from assignments.services.published import address_of, take_down
from assignments.services.refusals import RequestError
from partners.models import Partner
from workflow.transitions import IllegalMoveError, begin, transition

_Status = Request.Status


@transaction.atomic
def ask(
    *,
    programme: Programme,
    title: str,
    why: str,
    kind: str,
    influence: str,
    by: User,
    now: datetime,
    **facts: Any,
) -> Request:
    """Ask for partners, and tell the asker that it has arrived.

    facts: team, starts_on, ends_on, effort, place, places, budget_code, access, minutes_a_month,
        longest_minutes; `proposed_by`, a partner whose proposal somebody writes down.

    Raises RequestError.
    """
    unknown = set(facts) - FACTS - {"team", "proposed_by"}
    if unknown:
        raise TypeError(f"A request has no {', '.join(sorted(unknown))}.")
    request = Request(
        programme=programme,
        title=title,
        why=why,
        kind=kind,
        influence=influence,
        asked_by=by,
        asked_at=now,
        **facts,
    )
    if not kind:
        raise RequestError("Choose what kind of work it is.", "kind")
    check_team(request.team, programme.pk, RequestError)
    check_piece(request, RequestError)
    request.save(force_insert=True)
    begin(request, by=by, now=now)
    _tell(
        request,
        now,
        subject="We have your proposal" if request.proposed_by else "We have your request",
        told=f"Thank you. “{request.title}” is with your coordinator now. "
        "We tell you as soon as something happens.",
    )
    return request


@transaction.atomic
def propose(
    *,
    partner: Partner,
    title: str,
    why: str,
    kind: str,
    influence: str,
    by: User,
    now: datetime,
    **facts: Any,
) -> Request:
    """A partner proposes work of their own; it travels the same road. Raises RequestError."""
    if not rules.takes_part(partner):
        raise RequestError(
            f"{partner.name} does not take part in the programme now and cannot propose work."
        )
    return ask(
        programme=partner.programme,
        title=title,
        why=why,
        kind=kind,
        influence=influence,
        by=by,
        now=now,
        proposed_by=partner,
        **facts,
    )


@transaction.atomic
def look_at(*, request: Request, by: User, now: datetime) -> Request:
    """Say that somebody has begun to look at a request. Raises RequestError."""
    _move(request, _Status.LOOKED_AT, by=by, now=now)
    _tell(
        request,
        now,
        subject=f"We are looking at “{request.title}”",
        told=f"{by.name} is looking at “{request.title}” now, and may ask you about it.",
    )
    return request


@transaction.atomic
def refuse(*, request: Request, reason: str, by: User, now: datetime) -> Request:
    """Answer a request with no; `reason` is what whoever asked reads in the portal.

    What was published of it is withdrawn. Raises RequestError.
    """
    reason = " ".join(reason.split()) if "\n" not in reason else reason.replace("\r\n", "\n")
    reason = reason.strip()
    longest = Request._meta.get_field("answer").max_length or 0
    if not reason:
        raise RequestError("Say why, in words that help whoever asked.", "reason")
    if len(reason) > longest:
        raise RequestError(f"Shorten this to {longest:,} characters.", "reason")
    _move(request, _Status.REFUSED, by=by, now=now, answer=reason)
    _take_down(request, by=by, now=now)
    _tell(
        request,
        now,
        subject=f"An answer to “{request.title}”",
        told=f"“{request.title}” will not happen this time. The portal says why. "
        "Thank you for asking: please do so again.",
    )
    return request


@transaction.atomic
def withdraw(*, request: Request, by: User, now: datetime) -> Request:
    """Take a request back; what was published of it is withdrawn. Raises RequestError."""
    _move(request, _Status.WITHDRAWN, by=by, now=now)
    _take_down(request, by=by, now=now)
    if by.pk != asker_of(request):
        _tell(
            request,
            now,
            subject=f"“{request.title}” is taken back",
            told=f"{by.name} took “{request.title}” back. You need do nothing.",
        )
    return request


@transaction.atomic
def finish(*, request: Request, by: User | None, now: datetime) -> Request:
    """Say that partners are in place. Raises RequestError."""
    _move(request, _Status.DONE, by=by, now=now)
    _tell(
        request,
        now,
        subject=f"Partners are in place for “{request.title}”",
        told=f"Good news: partners are in place for “{request.title}”. "
        "The portal says who they are.",
    )
    return request


def published(
    request: Request, opportunity: Opportunity, *, by: User | None, now: datetime
) -> None:
    """Partners are asked now: move `request` on, and tell whoever asked. Raises RequestError."""
    _move(request, _Status.PUBLISHED, by=by, now=now)
    told = f"Partners are being asked about “{opportunity.title}” now."
    if opportunity.title != request.title:
        told = f"{told} You asked for it as “{request.title}”."
    _tell(request, now, subject=f"Partners are being asked: {opportunity.title}", told=told)


def asker_of(request: Request) -> int | None:
    """The sign-in of whoever is told what becomes of a request; None for who has none."""
    return request.proposed_by.user_id if request.proposed_by else request.asked_by_id


def _move(request: Request, to: str, *, by: User | None, now: datetime, **stamps: Any) -> None:
    try:
        transition(request, to, by=by, now=now, **stamps)
    except IllegalMoveError as error:
        raise RequestError(str(error)) from error


def _take_down(request: Request, *, by: User | None, now: datetime) -> None:
    live = Opportunity.objects.filter(request=request).exclude(status=Opportunity.Status.WITHDRAWN)
    for opportunity in live.select_related("programme"):
        take_down(opportunity, by=by, now=now)


def _tell(request: Request, now: datetime, *, subject: str, told: str) -> None:
    partner = request.proposed_by
    name = partner.called if partner else request.asked_by.name
    queue_message(
        key=f"request:{request.pk}:{request.status}",
        kind="request",
        programme=request.programme,
        recipient=partner.user if partner else request.asked_by,
        to_name=partner.name if partner else request.asked_by.name,
        to_address=address_of(partner) if partner else request.asked_by.email,
        subject=subject[:150],
        body=f"Hello {name},\n\n{told}",
        link=reverse("assignments:request", args=[request.pk]),
        link_label="See where it stands",
        now=now,
    )
