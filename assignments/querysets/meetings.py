"""Who may see which meetings and attendances."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Case, F, Q, When
from django.utils import timezone

from accounts.querysets import programmes_of

if TYPE_CHECKING:
    from accounts.models import User


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


class MeetingQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> MeetingQuerySet:
        """Meetings one is down for, of groups one leads, and of a programme one coordinates."""
        attendance = self.model._meta.get_field("attendances").related_model
        mine = attendance._default_manager.filter(partner__user=user).values("meeting")
        return self.filter(
            Q(programme__in=programmes_of(user, "coordinator"))
            | Q(pk__in=mine)
            | Q(
                work_group__in=user.groups_led.filter(programme__in=programmes_of(user)).values(
                    "pk"
                )
            )
        )

    def organised_by(self, user: User) -> MeetingQuerySet:
        """Meetings of the groups that one leads, in the programmes one belongs to."""
        return self.filter(work_group__lead=user, programme__in=programmes_of(user))

    def ahead(self, now: datetime) -> MeetingQuerySet:
        """Planned and not over, the next first."""
        return self.planned().filter(ends_at__gt=now).order_by("starts_at", "pk")

    def planned(self) -> MeetingQuerySet:
        """Neither held nor cancelled."""
        return self.filter(status="planned")

    def to_confirm(self, now: datetime) -> MeetingQuerySet:
        """Over, and nobody has said yet who was there."""
        # As the index meeting_to_confirm has it: that most planned meetings are to come, the
        # database knows of this expression and not of the two columns.
        unconfirmed: MeetingQuerySet = self.alias(
            to_confirm_from=Case(When(status="planned", then=F("ends_at")))
        )
        return unconfirmed.filter(to_confirm_from__lt=now)

    def called(self, words: str, groups: models.QuerySet[Any]) -> MeetingQuerySet:
        """Those with every word in their title, or in the name of their group, one of `groups`.

        Asks for those groups at once: both parts are found by an index when they are known.
        """
        titled, named = Q(), groups.order_by()
        for word in words.split():
            titled &= Q(title__icontains=word)
            named = named.filter(name__icontains=word)
        return self.filter(titled | Q(work_group__in=list(named.values_list("pk", flat=True))))

    def on_days(self, first: date, last: date) -> MeetingQuerySet:
        """Meetings that start on London's days from `first` to `last`, both included."""
        return self.starting_between(_midnight(first), _midnight(last + timedelta(days=1)))

    def starting_between(self, first: datetime, last: datetime) -> MeetingQuerySet:
        """Meetings that start from `first` up to but not at `last`."""
        return self.filter(starts_at__gte=first, starts_at__lt=last)


class AttendanceQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> AttendanceQuerySet:
        """One's own, and those of a programme one coordinates."""
        return self.filter(
            Q(partner__user=user) | Q(meeting__programme__in=programmes_of(user, "coordinator"))
        )

    def of(self, user: User) -> AttendanceQuerySet:
        """What this person's own sign-in is down for."""
        return self.filter(partner__user=user)

    def diary(self, now: datetime) -> AttendanceQuerySet:
        """What is coming, the next first, then what is past, the latest first."""
        past = Q(meeting__ends_at__lte=now)
        ordered: AttendanceQuerySet = self.annotate(
            is_past=Case(When(past, then=True), default=False, output_field=models.BooleanField()),
            coming_at=Case(When(~past, then=F("meeting__starts_at"))),
        ).order_by("is_past", F("coming_at").asc(), F("meeting__starts_at").desc(), "-pk")
        return ordered

    def expected(self) -> AttendanceQuerySet:
        """All but those who said not this time, or left the programme.

        Whoever was asked to stand in is expected once they said that they come.
        """
        return (
            self.exclude(plan="not_this_time")
            .exclude(partner__status="left")
            .exclude(plan="unanswered", stands_in=True)
        )

    def standing_in(self) -> AttendanceQuerySet:
        """Whoever stands in and said that they come."""
        return self.filter(stands_in=True, plan__in=["coming", "online"])
