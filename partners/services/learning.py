"""Learning: what there is, sessions, places and a waiting list that moves by itself.

Lock order: partner, session, place, contribution. A session is locked before its places are
counted, so that two people never get the last one.
"""

from collections.abc import Collection
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from accounts.models import User
from accounts.services.messages import Letter, queue_messages
from nhsuk.templatetags.nhsuk import clock
from partners.models import (
    Contribution,
    LearningItem,
    LearningPlace,
    LearningSession,
    Partner,
    PathwayRole,
)
from partners.rules import learning as rules
from partners.services import ledger
from partners.services.refusal import Refusal, check
from partners.services.told import told_by_constraints
from workflow.transitions import begin, transition

_Place = LearningPlace.Status
_Session = LearningSession.Status
_LONGEST_REFLECTION = 20_000
_CHANGEABLE = frozenset({"place", "join_link", "places"})


class LearningError(Refusal):
    """Something about learning cannot be done like this."""


@transaction.atomic
def keep_item(
    *, item: LearningItem, roles: Collection[PathwayRole], by: User | None, now: datetime
) -> LearningItem:
    """Write something to learn, new or changed, and the roles that it helps with.

    Raises LearningError for a title that is missing or taken, and roles of another programme.
    """
    item.title = " ".join(item.title.split())
    check(item, LearningError, exclude={"programme"})
    if any(role.programme_id != item.programme_id for role in roles):
        raise LearningError("Choose roles of the same programme.", "roles")
    with told_by_constraints(
        LearningItem,
        LearningError,
        learning_item_once="title",
        learning_item_minutes_in_a_day="minutes",
    ):
        item.save()
    item.roles.set(roles)
    return item


@transaction.atomic
def plan_session(
    *,
    item: LearningItem,
    starts_at: datetime,
    ends_at: datetime,
    places: int,
    by: User | None,
    now: datetime,
    place: str = "",
    join_link: str = "",
) -> LearningSession:
    """Plan a date for `item`, with so many places. One of the past may be entered.

    Raises LearningError for an end before the beginning, more than a day, or no places.
    """
    if timezone.is_naive(starts_at) or timezone.is_naive(ends_at):
        raise ValueError("A session's times carry their time zone.")
    if ends_at - starts_at > timedelta(days=1):
        raise LearningError("A session is 24 hours at most: plan one for each day.", "ends")
    session = LearningSession(
        item=item,
        starts_at=starts_at,
        ends_at=ends_at,
        places=places,
        place=" ".join(place.split()),
        join_link=join_link,
    )
    check(session, LearningError, exclude={"item"})
    with told_by_constraints(
        LearningSession,
        LearningError,
        learning_session_ends_later="ends",
        learning_session_has_places="places",
    ):
        session.save(force_insert=True)
    begin(session, by=by, now=now)
    return session


@transaction.atomic
def change_session(
    *, session: LearningSession, by: User | None, now: datetime, **facts: Any
) -> LearningSession:
    """Change where a planned session is, or how many places it has; the waiting list moves up.

    Raises LearningError when it is no longer planned, and for fewer places than are booked.
    """
    unknown = set(facts) - _CHANGEABLE
    if unknown:
        raise TypeError(f"A session has no {', '.join(sorted(unknown))} to change.")
    locked = _locked(session)
    if locked.status != _Session.PLANNED:
        raise LearningError("Only a planned session can be changed.")
    for name, value in facts.items():
        for row in (locked, session):
            setattr(row, name, value)
    check(locked, LearningError, exclude={"item"})
    taken = LearningPlace.objects.filter(session=locked).taken().count()
    if locked.places < taken:
        raise LearningError(f"{taken} places are booked already. Enter {taken} or more.", "places")
    with told_by_constraints(LearningSession, LearningError, learning_session_has_places="places"):
        locked.save(update_fields=list(facts))
    _move_up(locked, now=now)
    return session


@transaction.atomic
def cancel_session(
    *, session: LearningSession, by: User | None, now: datetime, why: str
) -> LearningSession:
    """Cancel a planned session; whoever had a place or waited is told, with the reason.

    Raises LearningError without a reason, and IllegalMoveError when it is no longer planned.
    """
    why = " ".join(why.split())
    if not why:
        raise LearningError("Say in a few words why it is cancelled.", "why")
    transition(session, _Session.CANCELLED, by=by, now=now, why=why[:500])
    if session.starts_at > now:
        coming = _of(session).filter(status__in=[_Place.BOOKED, _Place.WAITING])
        letters = (
            _letter(
                place,
                key=f"learning-cancelled:{place.pk}",
                kind="learning_cancelled",
                subject=f"{session.item.title} is cancelled",
                body=[
                    f"“{session.item.title}” on {when(session)} is cancelled. You need do nothing.",
                    f"Why: {why}",
                ],
                link_label="See other dates",
            )
            for place in coming
        )
        queue_messages(letters=letters, now=now)
    return session


@transaction.atomic
def book(
    *, session: LearningSession, partner: Partner, by: User | None, now: datetime
) -> LearningPlace:
    """Give `partner` a place, or one on the waiting list when all are taken. Twice changes nothing.

    Raises LearningError when the session has begun or is cancelled, and for a partner of another
    programme or one who left.
    """
    partner = Partner.objects.select_for_update(of=("self",), no_key=True).get(pk=partner.pk)
    locked = _locked(session)
    if partner.programme_id != locked.item.programme_id:
        raise LearningError("Choose a partner of the programme.")
    if partner.status == Partner.Status.LEFT:
        raise LearningError(f"{partner.name} has left.")
    _check_ahead(locked, now)
    place: LearningPlace | None = LearningPlace.objects.filter(
        session=locked, partner=partner
    ).first()
    if place is not None and rules.holds_place(place):
        return place
    status = _Place.BOOKED if _free(locked) > 0 else _Place.WAITING
    if place is None:
        place = LearningPlace.objects.create(
            session=locked, partner=partner, status=status, asked_at=now
        )
        begin(place, by=by, now=now)
    else:
        transition(place, status, by=by, now=now, asked_at=now)
    return place


@transaction.atomic
def give_back(*, place: LearningPlace, by: User | None, now: datetime) -> LearningPlace:
    """Give a place back; whoever waits longest gets it and is told.

    Raises LearningError when the session has begun, and when there is nothing to give back.
    """
    locked = _locked(place.session)
    _check_ahead(locked, now)
    place.refresh_from_db(fields=["status"])
    if not rules.holds_place(place):
        raise LearningError("This place was given back already.")
    transition(place, _Place.LET_GO, by=by, now=now)
    _move_up(locked, now=now)
    return place


@transaction.atomic
def give_all_back(*, partner: Partner, by: User | None, now: datetime) -> int:
    """Give back what somebody who leaves has booked or waits for; returns how many places."""
    held = LearningPlace.objects.filter(partner=partner, status__in=[_Place.BOOKED, _Place.WAITING])
    ahead = held.filter(session__status=_Session.PLANNED, session__starts_at__gt=now)
    places = list(ahead.select_related("session").order_by("session"))
    for place in places:
        give_back(place=place, by=by, now=now)
    return len(places)


@transaction.atomic
def record_attendance(
    *, session: LearningSession, there: Collection[int], by: User, now: datetime
) -> LearningSession:
    """Say once who was there: `there` holds the pks of the places of those who were.

    In this order: partners, session and places locked; for each who was there a contribution of
    the session's length recorded, and confirmed unless it is the coordinator's own; the others
    marked as missed, the waiting list let go; the session held. All of it or none.

    Raises LearningError before the end, a second time, and for what the ledger refuses.
    """
    booked = LearningPlace.objects.filter(session=session).taken()
    partners = Partner.objects.select_for_update(of=("self",), no_key=True)
    by_pk = {one.pk: one for one in partners.filter(pk__in=booked.values("partner")).order_by("pk")}
    locked = _locked(session)
    if locked.status == _Session.HELD:
        raise LearningError("Somebody has recorded this already. Nothing was changed.")
    if not rules.is_over(locked, now):
        raise LearningError("Record who was there once the session is over, if it is held.")
    places = list(LearningPlace.objects.select_for_update(of=("self",)).filter(session=locked))
    if not set(there) <= {place.pk for place in places if place.status == _Place.BOOKED}:
        raise LearningError("Who has a place has changed. Look at the list again.")
    for place in places:
        if place.status == _Place.WAITING:
            transition(place, _Place.LET_GO, by=by, now=now, why="There was no place")
        elif place.status == _Place.BOOKED and place.pk not in there:
            transition(place, _Place.MISSED, by=by, now=now)
        elif place.status == _Place.BOOKED:
            _attended(place, locked, by_pk[place.partner_id], by=by, now=now)
    transition(session, _Session.HELD, by=by, now=now)
    return session


@transaction.atomic
def did_it(
    *,
    item: LearningItem,
    partner: Partner,
    happened_on: date,
    minutes: int,
    by: User | None,
    now: datetime,
    reflection: str = "",
) -> Contribution:
    """Write that `partner` learnt `item` alone; a coordinator confirms it like any other work.

    Raises LearningError when it is down for that day already, and LedgerError.
    """
    partner = Partner.objects.select_for_update(of=("self",), no_key=True).get(pk=partner.pk)
    if partner.programme_id != item.programme_id:
        raise LearningError("Choose something of your own programme.")
    same = Contribution.objects.of(partner).standing().filter(kind=Contribution.Kind.EDUCATION)
    if same.filter(happened_on=happened_on, title=item.title).exists():
        raise LearningError(
            "This is down for that day already. Choose another day, or change it in your "
            "portfolio.",
            "happened_on",
        )
    return ledger.record(
        partner=partner,
        kind=Contribution.Kind.EDUCATION,
        happened_on=happened_on,
        minutes=minutes,
        title=item.title,
        payable=item.payable,
        reflection=reflection,
        by=by,
        now=now,
    )


@transaction.atomic
def reflect_on_place(*, place: LearningPlace, text: str, by: User, now: datetime) -> LearningPlace:
    """Keep the partner's own words about a session; nobody else reads them.

    Raises LearningError for anybody else, and for more than 20,000 characters.
    """
    if not rules.may_reflect_on_place(by, place):
        raise LearningError("Only the partner whose place this is can write about it here.")
    text = text.replace("\r\n", "\n").strip()
    if len(text) > _LONGEST_REFLECTION:
        raise LearningError("Shorten what you wrote to 20,000 characters.", "reflection")
    place.reflection = text
    place.save(update_fields=["reflection"])
    return place


def when(session: LearningSession) -> str:
    """Day and hours in London: "Tuesday 4 November 2026, 2:30pm to 4pm"."""
    begins, ends = timezone.localtime(session.starts_at), timezone.localtime(session.ends_at)
    until = clock(ends)
    if ends.date() != begins.date():
        until = f"{until} on {date_format(ends, 'l j F Y')}"
    return f"{date_format(begins, 'l j F Y')}, {clock(begins)} to {until}"


def minutes_of(session: LearningSession) -> int:
    """How long a session is, a night when the clocks change included; in whole minutes."""
    passed = session.ends_at.astimezone(UTC) - session.starts_at.astimezone(UTC)
    return max(1, round(passed.total_seconds() / 60))


def _locked(session: LearningSession) -> LearningSession:
    locked: LearningSession = (
        LearningSession.objects.select_for_update(of=("self",))
        .select_related("item__programme")
        .get(pk=session.pk)
    )
    return locked


def _check_ahead(session: LearningSession, now: datetime) -> None:
    if session.status == _Session.CANCELLED:
        raise LearningError("This session is cancelled. Choose another date.")
    if not rules.is_ahead(session, now):
        raise LearningError("This session has begun, so places can no longer be changed.")


def _free(session: LearningSession) -> int:
    """Places still free; the session is locked."""
    taken: int = LearningPlace.objects.filter(session=session).taken().count()
    return session.places - taken


def _move_up(session: LearningSession, *, now: datetime) -> None:
    """Give free places to whoever waits longest, and tell them; the session is locked."""
    if not rules.is_ahead(session, now):
        return
    free = max(0, _free(session))
    waiting = LearningPlace.objects.filter(session=session).waiting()
    letters = []
    for place in waiting.select_related("partner__user")[:free]:
        transition(place, _Place.BOOKED, by=None, now=now, why="A place came free")
        place.session = session
        letter = _letter(
            place,
            key=f"learning-place:{place.pk}:{place.history.count()}",
            kind="learning_place",
            subject=f"You have a place: {session.item.title}",
            body=[
                f"You are down for “{session.item.title}” on {when(session)}: a place came free.",
                "If it does not suit you any more, please give it back, for somebody else to come.",
            ],
            link_label="See the session",
        )
        letters.append(letter)
    queue_messages(letters=letters, now=now)


def _attended(
    place: LearningPlace, session: LearningSession, partner: Partner, *, by: User, now: datetime
) -> None:
    item = session.item
    try:
        contribution = ledger.record(
            partner=partner,
            kind=Contribution.Kind.EDUCATION,
            happened_on=timezone.localdate(session.starts_at),
            minutes=minutes_of(session),
            title=item.title,
            payable=item.payable,
            source_path=reverse("partners:learning_item", args=[item.pk]),
            by=by,
            now=now,
        )
        if partner.user_id != by.pk:  # one's own is confirmed by another coordinator
            ledger.confirm(contribution=contribution, by=by, now=now)
    except ledger.LedgerError as error:
        raise LearningError(f"{partner.name}: {error}") from error
    transition(place, _Place.ATTENDED, by=by, now=now, contribution=contribution)


def _of(session: LearningSession) -> Any:
    return (
        LearningPlace.objects.filter(session=session)
        .exclude(partner__status=Partner.Status.LEFT)
        .select_related("partner__user", "session__item__programme")
        .order_by("pk")
    )


def _letter(
    place: LearningPlace,
    *,
    key: str,
    kind: str,
    subject: str,
    body: list[str],
    link_label: str,
) -> Letter:
    partner, item = place.partner, place.session.item
    return Letter(
        key=key,
        kind=kind,
        programme=item.programme,
        recipient=partner.user,
        to_name=partner.name,
        to_address=partner.email,
        subject=subject[:150],
        body="\n\n".join([f"Hello {partner.called},", *body]),
        link=reverse("partners:learning_item", args=[item.pk]),
        link_label=link_label,
    )
