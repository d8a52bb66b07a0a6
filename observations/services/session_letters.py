"""What clinicians and observers are told about a clinic, each thing once, as it happens.

Nothing in them says whose clinic it is, nor how anything was rated.
"""

from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse

from accounts.models import User
from accounts.services.messages import Letter, call_back_all, queue_messages
from nhsuk.templatetags.nhsuk import day as spoken
from observations.models import ClinicSession, Observer
from observations.words import the_team
from partners.models import Partner


def when(session: ClinicSession) -> str:
    """The half-day in words: Tuesday 3 March 2026, in the morning."""
    part = {"am": "in the morning", "pm": "in the afternoon", "evening": "in the evening"}
    return f"{spoken(session.day)}, {part[session.half]}"


def ask_clinician(session: ClinicSession, now: datetime) -> None:
    """Would you let somebody watch? Nobody comes unless they agree."""
    _queue(
        [
            _letter(
                session,
                session.clinician,
                key=_key(session, "ask"),
                kind="clinic_asked",
                subject=f"May your clinic on {spoken(session.day)} be observed?",
                body=[
                    (
                        f"We would like to see how decisions are shared in your clinic of the "
                        f"{session.team} team on {when(session)}."
                    ),
                    (
                        "A partner and a peer would sit in. Nobody comes unless you agree, and you "
                        "need give no reason. You see what they rated first."
                    ),
                ],
                label="Say yes, or not this time",
            )
        ],
        now,
    )


def invite(session: ClinicSession, observers: Iterable[Observer], now: datetime) -> None:
    """The clinician agreed: could you come?"""
    agreed = session.history.filter(to_status=ClinicSession.Status.AGREED).count()
    _queue(
        (
            _letter(
                session,
                observer.partner or observer.person,
                key=_key(
                    session, f"invite:{observer.pk}:{observer.invited_at.timestamp()}:{agreed}"
                ),
                kind="clinic_invited",
                subject=f"Could you observe a clinic on {spoken(session.day)}?",
                body=[
                    f"Could you observe a clinic of {the_team(session.team)} on {when(session)}?",
                    (
                        "You would watch how decisions are shared, and rate it on your phone or on "
                        "paper. Please tell us either way. It is fine to say no."
                    ),
                ],
                label="Say whether you can come",
            )
            for observer in observers
        ),
        now,
    )


def tell_off(
    session: ClinicSession, people: Iterable[Partner | User], now: datetime, why: str = ""
) -> None:
    """The clinic is not observed after all: you need do nothing. `why` is told where it is given.

    Nobody is told who thought again.
    """
    moves = session.history.count()
    call_back_all(prefix=_key(session, ""))
    _queue(
        (
            _letter(
                session,
                one,
                key=f"clinic-off:{session.pk}:{moves}:{_who(one)}",
                kind="clinic_off",
                subject=f"No clinic is observed on {spoken(session.day)}",
                body=[
                    (
                        f"The clinic of {the_team(session.team)} on {when(session)} is not "
                        "observed after all. You need do nothing."
                    ),
                    *([f"Why: {why}"] if why else []),
                ],
                label="See the clinic",
            )
            for one in people
        ),
        now,
    )


def tell_taken_back(session: ClinicSession, observer: Observer, now: datetime) -> None:
    """Somebody who was invited need not come."""
    call_back_all(prefix=_key(session, f"invite:{observer.pk}:"))
    _queue(
        [
            _letter(
                session,
                observer.partner or observer.person,
                key=f"clinic-taken-back:{observer.pk}:{now.timestamp()}",
                kind="clinic_taken_back",
                subject=f"You need not come on {spoken(session.day)}",
                body=[
                    (
                        f"You need not come to the clinic of {the_team(session.team)} on "
                        f"{when(session)} after all. Thank you for being ready to."
                    ),
                ],
                label="See the clinics you observe",
                link=reverse("observations:to_observe"),
            )
        ],
        now,
    )


def tell_planner(session: ClinicSession, planner: User | None, now: datetime) -> None:
    """The clinician said not this time: whoever planned the clinic hears of it."""
    if planner is None or not planner.is_active:
        return
    _queue(
        [
            _letter(
                session,
                planner,
                key=f"clinic-declined:{session.pk}:{session.history.count()}",
                kind="clinic_declined",
                subject=f"Not this time: the clinic on {spoken(session.day)}",
                body=[
                    (
                        f"The clinic of {the_team(session.team)} on {when(session)} is not "
                        "observed: the clinician said not this time. No reason is asked, and they "
                        "may think again. "
                        "Observers who knew of it are told that they need not come."
                    ),
                ],
                label="See the clinic",
                link=reverse("admin:observations_clinicsession_change", args=[session.pk]),
            )
        ],
        now,
    )


def _key(session: ClinicSession, about: str) -> str:
    """The key of what is asked of people; what begins so is called back with the clinic."""
    return f"clinic:{session.pk}:{about}"


def _who(one: Partner | User) -> str:
    return f"{'partner' if isinstance(one, Partner) else 'person'}-{one.pk}"


def _queue(letters: Iterable[Letter], now: datetime) -> None:
    queue_messages(letters=letters, now=now)


def _letter(
    session: ClinicSession,
    to: Partner | User | None,
    *,
    key: str,
    kind: str,
    subject: str,
    body: list[str],
    label: str,
    link: str = "",
) -> Letter:
    if to is None:
        raise TypeError("An observer is a partner or a peer.")
    return Letter(
        key=key,
        kind=kind,
        programme=session.programme,
        recipient=to.user if isinstance(to, Partner) else to,
        to_name=to.name,
        to_address=to.email or None,
        subject=subject[:150],
        body="\n\n".join([f"Hello {to.called if isinstance(to, Partner) else to.name},", *body]),
        link=link or reverse("observations:clinic", args=[session.pk]),
        link_label=label,
    )
