"""What partners need to take part: identified, recorded, flagged, shared, met and reviewed.

After the Accessible Information Standard, DAPB1605 Amd 30/2025.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from partners.models import Need, Partner
from partners.services.refusal import Refusal, check, check_facts
from partners.services.register import tidy_text

CHANGEABLE = frozenset({"kind", "text", "to_do", "shared", "review_on"})
MOST = 50
_WORDS = {
    "kind": "Choose what it is about.",
    "text": "Say what you need in your own words.",
}
_ABOUT = {"need_has_text": "text", "need_kind_known": "kind", "need_shared_has_to_do": "to_do"}


class NeedError(Refusal):
    """A need cannot be kept as it was told."""


def a_year_on(day: date) -> date:
    """The same day of the next year; of the 29th of February, the 28th."""
    leap = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year + 1, day=28 if leap else day.day)


@transaction.atomic
def add_need(
    *,
    partner: Partner,
    kind: str,
    text: str,
    by: User | None,
    now: datetime,
    to_do: str = "",
    shared: bool = False,
    review_on: date | None = None,
) -> Need:
    """Keep something a partner needs; it is looked at again on `review_on`, else a year on.

    Raises NeedError for what cannot be kept, such as one that is shared without saying what to do.
    """
    del by  # the audit says who
    Partner.objects.select_for_update(of=("self",), no_key=True).get(pk=partner.pk)
    if Need.objects.filter(partner=partner).count() >= MOST:
        raise NeedError(f"There are {MOST} already. Change one of them instead.")
    need = Need(
        partner=partner,
        kind=kind,
        text=tidy_text(text),
        to_do=tidy_text(to_do),
        shared=shared,
        review_on=review_on or a_year_on(timezone.localdate(now)),
        added_at=now,
        changed_at=now,
    )
    _check(need, now, asked_for_day=review_on is not None)
    need.save()
    return need


@transaction.atomic
def change_need(*, need: Need, by: User | None, now: datetime, **fields: Any) -> bool:
    """Change some of `CHANGEABLE`; returns whether anything changed.

    Raises NeedError for what cannot be kept.
    """
    del by  # the audit says who
    unknown = set(fields) - CHANGEABLE
    if unknown:
        raise TypeError(f"A need has no field called {', '.join(sorted(unknown))}.")
    locked = _locked(need)
    values = {
        name: tidy_text(value) if name in {"text", "to_do"} else value
        for name, value in fields.items()
    }
    changed = {name: value for name, value in values.items() if getattr(locked, name) != value}
    if not changed:
        return False
    for row in (locked, need):
        for name, value in changed.items():
            setattr(row, name, value)
        row.changed_at = now
    _check(locked, now, asked_for_day="review_on" in changed)
    locked.save()
    return True


@transaction.atomic
def review_need(*, need: Need, by: User | None, now: datetime) -> Need:
    """It is still right, and is looked at again a year on."""
    del by  # the audit says who
    locked = _locked(need)
    for row in (locked, need):
        row.reviewed_at = now
        row.review_on = a_year_on(timezone.localdate(now))
    locked.save(update_fields=["reviewed_at", "review_on"])
    return need


@transaction.atomic
def remove_need(*, need: Need, by: User | None, now: datetime) -> None:
    """Delete it; nothing of its words is kept."""
    del by, now  # the audit says who and when
    Need.objects.filter(pk=need.pk).delete()


def to_do_for(partners: Iterable[Partner]) -> list[tuple[Partner, str]]:
    """What an organiser has to do for `partners`, in their order: of shared needs, and that alone.

    One pair for each need. One query, however many partners.
    """
    asked = {partner.pk: partner for partner in partners}
    needs = Need.objects.shared().filter(partner__in=asked).order_by("kind", "pk")
    told: dict[int, list[str]] = {}
    for partner_id, to_do in needs.values_list("partner", "to_do"):
        told.setdefault(partner_id, []).append(to_do)
    return [(partner, to_do) for pk, partner in asked.items() for to_do in told.get(pk, [])]


def _locked(need: Need) -> Need:
    try:
        locked: Need = Need.objects.select_for_update(of=("self",)).get(pk=need.pk)
    except Need.DoesNotExist:
        raise NeedError("This was removed a moment ago.") from None
    return locked


def _check(need: Need, now: datetime, *, asked_for_day: bool) -> None:
    check(need, NeedError, exclude={"partner", "review_on"}, words=_WORDS)
    check_facts(need, NeedError, _ABOUT)
    today = timezone.localdate(now)
    if asked_for_day and (need.review_on is None or need.review_on <= today):
        raise NeedError("Choose a day after today to look at it again.", "review_on")
