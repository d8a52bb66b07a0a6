"""What partners are told about meetings, each thing once, in the transaction of its cause."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse

from accounts.services.messages import Letter, call_back, queue_messages
from assignments.models import Attendance, Meeting
from assignments.services.calendars import entry
from assignments.words import spoken_day, spoken_time
from nhsuk.templatetags.nhsuk import minutes as in_words
from partners.models import Partner

_DAYS_LISTED = 12


def opening(meeting: Meeting) -> str:
    """The meeting at the beginning of a sentence."""
    said = _called(meeting)
    return said[:1].upper() + said[1:]


def told(attendances: QuerySet[Attendance]) -> QuerySet[Attendance]:
    """Those of `attendances` who are told: whoever left the programme is not."""
    still_here = attendances.exclude(partner__status=Partner.Status.LEFT)
    return still_here.select_related("partner__user", "meeting__programme").order_by("pk")


def tell_moved(
    meeting: Meeting,
    attendances: Iterable[Attendance],
    before: str,
    *,
    ask: str,
    link: str,
    link_label: str,
    now: datetime,
    off: bool = False,
) -> None:
    """The meeting was `before`, and is at its new time. `ask`: what they are asked to do.

    `off`: they are not to come any more.
    """
    rows, moves = list(attendances), _moves(meeting)
    # Where the mail server was away, the word of the move before may still wait: it would come
    # after this one, and be wrong.
    for row in rows:
        call_back(key=_moved_key(row, moves - 1))
    _queue(
        rows,
        key=lambda row: _moved_key(row, moves),
        kind="meeting_moved",
        subject=f"{opening(meeting)} has moved",
        body=[
            f"{opening(meeting)} of {before} has moved.",
            f"It is now on {spoken_time(meeting.starts_at, meeting.ends_at)}.",
            ask,
        ],
        link=link,
        link_label=link_label,
        now=now,
        calendar=entry([meeting], off=off),
    )


def tell_cancelled(
    meeting: Meeting, attendances: Iterable[Attendance], *, why: str, now: datetime
) -> None:
    """The meeting is cancelled; whoever's time counts all the same is told so."""
    rows, moves = list(attendances), _moves(meeting)
    for row in rows:
        call_back(key=_moved_key(row, moves))
    for counts in sorted({row.counted for row in rows}):
        lines = [f"{opening(meeting)} on {meeting.when} is cancelled. You need do nothing."]
        if counts:
            lines.append(f"We tell you late, so {in_words(counts)} of your time count.")
        _queue(
            [row for row in rows if row.counted == counts],
            key=lambda row: f"cancelled:{row.pk}",
            kind="meeting_cancelled",
            subject=f"{opening(meeting)} on {spoken_day(meeting.starts_at)} is cancelled",
            body=[*lines, f"Why: {why}"],
            link=reverse("assignments:meeting", args=[meeting.pk]),
            link_label="See your meeting",
            now=now,
            calendar=entry([meeting]),
        )


def ask_to_stand_in(meeting: Meeting, attendances: Iterable[Attendance], now: datetime) -> None:
    """Somebody cannot come; nobody is told who."""
    _queue(
        attendances,
        key=_stand_in_key,
        kind="stand_in",
        subject=f"Could you stand in? {opening(meeting)} on {spoken_day(meeting.starts_at)}",
        body=[
            f"Somebody cannot come to {_called(meeting)} on {meeting.when}.",
            "Could you stand in? Please tell us either way. It is fine to say no.",
        ],
        link=reverse("assignments:meeting", args=[meeting.pk]),
        link_label="Say whether you can come",
        now=now,
    )


def call_back_stand_ins(attendances: Iterable[Attendance]) -> None:
    """Nobody is missing any more, or there is no meeting any more."""
    for row in attendances:
        call_back(key=_stand_in_key(row))


def tell_corrected(attendance: Attendance, *, number: int, now: datetime) -> None:
    """What was noted of their time was put right; the `number`th line of the meeting's history."""
    meeting, counted = attendance.meeting, attendance.counted
    counts = f"{in_words(counted)} of your time count" if counted else "none of your time counts"
    _queue(
        told(Attendance.objects.filter(pk=attendance.pk)),
        key=lambda row: f"corrected:{row.pk}:{number}",
        kind="attendance_corrected",
        subject=f"We corrected what we noted: {meeting}",
        body=[
            f"We corrected what we had noted for {_called(meeting)} on {meeting.when}.",
            f"Now {counts}. If that is wrong, please tell us.",
        ],
        link=reverse("assignments:meeting", args=[meeting.pk]),
        link_label="See your meeting",
        now=now,
    )


def tell_of_several(
    attendances: Iterable[Attendance],
    meetings: Mapping[int, list[Meeting]],
    *,
    key: str,
    kind: str,
    subject: str,
    lines: list[str],
    now: datetime,
) -> None:
    """One letter to each partner about several meetings, whatever their number.

    attendances: one of each partner. meetings: those they are down for, by their id.
    """
    queue_messages(
        letters=(
            _letter(
                row,
                key=f"{key}:{row.partner_id}",
                kind=kind,
                subject=subject,
                body=[*lines, _listed(meetings[row.partner_id])],
                link=reverse("assignments:diary"),
                link_label="See your diary",
                calendar=entry(meetings[row.partner_id]),
            )
            for row in attendances
        ),
        now=now,
    )


def _called(meeting: Meeting) -> str:
    called: str = meeting.title or meeting.work_group.called
    return called


def _listed(meetings: list[Meeting]) -> str:
    said = [spoken_day(one) for one in sorted(one.starts_at for one in meetings)]
    more = len(said) - _DAYS_LISTED
    listed = "\n".join(said[:_DAYS_LISTED])
    return listed + (f"\nand {more} more: your diary has them all" if more > 0 else "")


def _moves(meeting: Meeting) -> int:
    """How often the meeting was moved."""
    planned = Meeting.Status.PLANNED
    moves: int = meeting.history.filter(from_status=planned, to_status=planned).count()
    return moves


def _moved_key(attendance: Attendance, number: int) -> str:
    """The key of what is told of the move of this number.

    Not of the time: a meeting that is moved there, back and there again is told of each time.
    """
    return f"moved:{attendance.pk}:{number}"


def _stand_in_key(attendance: Attendance) -> str:
    return f"stand-in:{attendance.pk}"


def _queue(
    attendances: Iterable[Attendance],
    *,
    key: Callable[[Attendance], str],
    kind: str,
    subject: str,
    body: list[str],
    link: str,
    link_label: str,
    now: datetime,
    calendar: str = "",
) -> None:
    queue_messages(
        letters=(
            _letter(
                row,
                key=key(row),
                kind=kind,
                subject=subject,
                body=body,
                link=link,
                link_label=link_label,
                calendar=calendar,
            )
            for row in attendances
        ),
        now=now,
    )


def _letter(
    attendance: Attendance,
    *,
    key: str,
    kind: str,
    subject: str,
    body: list[str],
    link: str,
    link_label: str,
    calendar: str = "",
) -> Letter:
    partner = attendance.partner
    return Letter(
        key=key,
        kind=kind,
        programme=attendance.meeting.programme,
        recipient=partner.user,
        to_name=partner.name,
        to_address=partner.email,
        subject=subject[:150],
        body="\n\n".join([f"Hello {partner.called},", *body]),
        link=link,
        link_label=link_label,
        calendar=calendar,
    )
