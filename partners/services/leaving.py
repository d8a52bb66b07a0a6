"""Leaving the programme: nothing goes at once, what goes then is gone for good.

What goes and what stays is said in each app's `retention`, and done by `erasing`.
"""

from collections.abc import Collection
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Any

from django.db import models, transaction
from django.db.models import F, Max, Q, QuerySet
from django.utils import timezone

from accounts.models import Message, RoleGrant, User
from accounts.retention import Keep
from accounts.services import people
from partners.models import Partner, Story
from partners.models.partner import Stage
from partners.services import erasing, farewell, held, support
from partners.services.refusal import Refusal

# After the financial year of the last of what was paid.
YEARS_KEPT = 6


class LeavingError(Refusal):
    """This cannot be done about leaving."""


# --- Going, and coming back -----------------------------------------------------------------------


@transaction.atomic
def leave(*, partner: Partner, by: User, now: datetime) -> Partner:
    """A partner leaves by themselves; `support.move` does what comes of it.

    Raises LeavingError for anybody else, and IllegalMoveError for somebody who has left.
    """
    if partner.user_id != by.pk:
        raise LeavingError("Only the partner can say that they leave.")
    return support.move(partner=partner, to=Stage.LEFT, by=by, now=now)


@transaction.atomic
def stay(*, partner: Partner, by: User, now: datetime) -> Partner:
    """Somebody who left by themselves takes it back, to the stage they were at.

    Raises LeavingError when a coordinator moved them, or what they wrote is erased already.
    """
    locked = _locked(partner)
    left = farewell.last_left(locked)
    if left is None:
        return locked
    if by.pk not in {locked.user_id} or left.by_id != by.pk:
        raise LeavingError("Ask your coordinator: they can welcome you back.")
    if farewell.is_erased(locked, left) or now >= left.at + farewell.GRACE:
        raise LeavingError("That time is over. Your coordinator can welcome you back.")
    before = left.from_status
    back = before if before in Partner.MOVES[Stage.LEFT] else Stage.CONVERSATION
    return support.move(partner=partner, to=back, by=by, now=now)


@transaction.atomic
def donate(*, partner: Partner, stories: Collection[int], by: User, now: datetime) -> None:
    """Give exactly these of one's stories to the programme; taken back by leaving one out.

    A story is kept within the uses that its owner allows, and no longer than they stand. Raises
    LeavingError for anybody else, and once it is all erased.
    """
    locked = _locked(partner)
    if locked.user_id != by.pk:
        raise LeavingError("Only the partner can give a story away.")
    left = farewell.last_left(locked)
    if left is not None and farewell.is_erased(locked, left):
        raise LeavingError("What you wrote is erased already.")
    own = Story.objects.filter(partner=locked)
    own.filter(pk__in=stories, donated_at__isnull=True).update(donated_at=now)
    own.exclude(pk__in=stories).filter(donated_at__isnull=False).update(donated_at=None)


# --- Erasing -------------------------------------------------------------------------------------


@transaction.atomic
def erase(*, partner: Partner, by: User | None, now: datetime) -> Partner:
    """Erase what somebody who left leaves behind, all but what the money's rules keep.

    Donated stories stay while a use of them is allowed. A sign-in that opens nothing else is
    closed and emptied. A second time changes nothing. Raises LeavingError for somebody who is
    here, and before the grace is over unless `by` is the partner.
    """
    locked = _locked(partner)
    left = farewell.last_left(locked)
    if left is None:
        raise LeavingError("This partner is here: nothing is erased.")
    if farewell.is_erased(locked, left):
        return locked
    own_wish = by is not None and by.pk == locked.user_id
    if not own_wish and now < left.at + farewell.GRACE:
        raise LeavingError("What they wrote is kept for a while, in case they come back.")
    donated = list(_kept_stories(locked, timezone.localdate(now)))
    user = locked.user
    with erasing.opened({**held.ways_to_partner(), **held.ways_to_user()}):
        for pk in held.messages_to(locked).values_list("pk", flat=True):
            erasing.erase_own({Message: "pk"}, pk)
        erasing.erase_own(held.ways_to_partner(), locked.pk, donated=donated)
        erasing.erase_own(held.ways_of_another(Partner), locked.pk)
        if user is not None and not _grants(user).filter(programme=locked.programme).exists():
            _erase_sign_in(user, locked, now)
    Partner.objects.filter(pk=locked.pk).update(erased_at=now)
    partner.refresh_from_db()
    return partner


def _erase_sign_in(user: User, partner: Partner, now: datetime) -> None:
    """What the sign-in has of this programme; all of it where nothing else needs it."""
    others = Partner.objects.filter(user=user).exclude(pk=partner.pk)
    stays = others.exclude(status=Stage.LEFT, erased_at__isnull=False)
    if _grants(user).exists() or stays.exists():
        within = {"programme": partner.programme_id}
        erasing.erase_own(held.ways_to_user(), user.pk, within=within)
        erasing.erase_own(held.ways_of_another(User), user.pk, within=within)
        return
    people.leave(user=user, by=None, now=now)
    people.forget_sign_in(user=user)
    erasing.erase_own(held.ways_to_user(), user.pk)
    erasing.erase_own(held.ways_of_another(User), user.pk)


def erase_due(*, now: datetime) -> int:
    """Erase for everybody whose grace is over, each alone; returns for how many."""
    erased = 0
    for partner in _to_erase(now).order_by("pk").iterator():
        with suppress(LeavingError):  # they came back a moment ago
            erase(partner=partner, by=None, now=now)
            erased += 1
    return erased


def _to_erase(now: datetime) -> QuerySet[Any]:
    left = Partner.objects.filter(status=Stage.LEFT).annotate(
        left_at=Max("history__at", filter=Q(history__to_status=Stage.LEFT))
    )
    found: QuerySet[Any] = left.filter(
        Q(erased_at__isnull=True) | Q(erased_at__lt=F("left_at")),
        left_at__lte=now - farewell.GRACE,
    )
    return found


def drop_lapsed(*, now: datetime) -> int:
    """Erase donated stories of which no use is allowed any more; returns of how many partners."""
    today = timezone.localdate(now)
    kept = Story.objects.lent(today).values("pk")
    gone = Partner.objects.filter(status=Stage.LEFT, erased_at__isnull=False).filter(
        pk__in=Story.objects.exclude(pk__in=kept).values("partner")
    )
    ways = {
        model: way
        for model, way in held.ways_to_partner().items()
        if held.verdict(model) is Keep.UNLESS_DONATED
    }
    lapsed = list(gone.order_by("pk"))
    for partner in lapsed:
        with transaction.atomic(), erasing.opened(ways):
            locked = _locked(partner)
            donated = list(_kept_stories(locked, today))
            erasing.erase_own(ways, locked.pk, donated=donated)
    return len(lapsed)


def _kept_stories(partner: Partner, today: date) -> QuerySet[Any]:
    lent = Story.objects.lent(today).filter(partner=partner, donated_at__isnull=False)
    pks: QuerySet[Any] = lent.values_list("pk", flat=True)
    return pks


# --- The end of the term -------------------------------------------------------------------------


def kept_until(partner: Partner) -> date:
    """The last day on which the records of payments name this partner.

    The end of the financial year (31 March) of the last thing on record, and six years.
    """
    days = [
        timezone.localdate(value) if isinstance(value, datetime) else value
        for model, way in held.ways_to_partner().items()
        for value in model._default_manager.filter(**{way: partner.pk})
        .aggregate(**{f"last_{name}": Max(name) for name in _days_of(model)})
        .values()
        if value is not None
    ]
    last = max(days)
    return date(last.year + (last.month > 3) + YEARS_KEPT, 3, 31)


def _days_of(model: held.Model) -> list[str]:
    return [
        name
        for name, keep in held.verdicts(model).items()
        if keep is Keep.FINANCE and isinstance(model._meta.get_field(name), models.DateField)
    ]


@transaction.atomic
def forget_name(*, partner: Partner, now: datetime) -> bool:
    """Once the term is over, leave only figures: names become "Former partner".

    Returns whether it was time. The name behind a sign-in goes with its last partner row.
    """
    locked = _locked(partner)
    is_due = locked.status == Stage.LEFT and locked.erased_at is not None
    if not is_due or timezone.localdate(now) <= kept_until(locked):
        return False
    user = locked.user
    with erasing.opened({**held.ways_to_partner(), **held.ways_to_user()}):
        erasing.forget_names(held.ways_to_partner(), locked.pk)
        named = Partner.objects.filter(user=user).exclude(name=erasing.FORMER)
        if user is not None and not _grants(user).exists() and not named.exists():
            erasing.forget_names(held.ways_to_user(), user.pk)
    partner.refresh_from_db()
    return True


def forget_due(*, now: datetime) -> int:
    """Forget the names whose term is over; returns how many."""
    long_ago = now - timedelta(days=365 * YEARS_KEPT)
    old = Partner.objects.filter(status=Stage.LEFT, erased_at__lt=long_ago)
    named = old.exclude(name=erasing.FORMER).order_by("pk")
    return sum(forget_name(partner=partner, now=now) for partner in named)


def _grants(user: User) -> QuerySet[Any]:
    grants: QuerySet[Any] = RoleGrant.objects.current().filter(user=user)
    return grants


def _locked(partner: Partner) -> Partner:
    rows = Partner.objects.select_for_update(of=("self",)).select_related("programme", "user")
    locked: Partner = rows.get(pk=partner.pk)
    return locked
