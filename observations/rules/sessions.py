"""What may be done with a clinic, by whom and until when."""

from datetime import date
from typing import Any

from accounts.rules import coordinates
from observations.models import ClinicSession, Debrief, Observer

_Status = ClinicSession.Status
# Whoever observes as a peer: a clinician, or somebody who is asked to observe and nothing else.
PEER_ROLES = ("peer_observer", "clinician", "clinical_lead")
# Whose clinics are observed.
OBSERVED_ROLES = ("clinician", "clinical_lead")
# A clinic that takes up its people's half-day; one that may still be called off.
ON = (_Status.ASKED, _Status.AGREED, _Status.HELD)
AHEAD = frozenset({_Status.ASKED, _Status.AGREED, _Status.DECLINED})


def is_clinician(user: Any, session: ClinicSession) -> bool:
    """It is this person's clinic."""
    return bool(session.clinician_id == user.pk)


def is_ones_own(user: Any, observer: Observer) -> bool:
    """The invitation is this person's, as a partner or as a peer."""
    partner = observer.partner
    return bool(user.pk == (partner.user_id if partner is not None else observer.person_id))


def may_arrange(user: Any, session: ClinicSession) -> bool:
    """Coordinators invite and cancel; not to their own clinic, whose observers others choose."""
    return not is_clinician(user, session) and coordinates(user, session.programme_id)


def may_agree(session: ClinicSession, today: date) -> bool:
    """Until the day is over, and again after a no."""
    return session.status in {_Status.ASKED, _Status.DECLINED} and session.day >= today


def may_decline(session: ClinicSession, has_sheets: bool) -> bool:
    """Until the first sheet is begun, and no reason is asked."""
    return session.status in {_Status.ASKED, _Status.AGREED} and not has_sheets


def may_invite(session: ClinicSession, today: date) -> bool:
    """While the clinic is ahead and not called off."""
    return session.status in {_Status.ASKED, _Status.AGREED} and session.day >= today


def may_cancel(session: ClinicSession, has_sheets: bool) -> bool:
    """Until the first sheet is begun: what was rated stands."""
    return session.status in AHEAD and not has_sheets


def may_answer(observer: Observer, today: date) -> bool:
    """Once the clinician agreed and until the day is over; changed as often as one likes."""
    session = observer.session
    return (
        observer.ended_at is None
        and session.status in {_Status.AGREED, _Status.HELD}
        and session.day >= today
    )


def is_coming(observer: Observer) -> bool:
    """They said yes to a clinic that takes place."""
    return (
        observer.ended_at is None
        and observer.answer == Observer.Answer.YES
        and observer.session.status in {_Status.AGREED, _Status.HELD}
    )


def may_count(session: ClinicSession, today: date) -> bool:
    """From the day of the clinic on: how many patients were asked, and what they said."""
    return session.status in {_Status.AGREED, _Status.HELD} and session.day <= today


def may_debrief(observer: Observer, today: date) -> bool:
    """Whoever was there, from that day on."""
    return is_coming(observer) and observer.session.day <= today


def may_mark_talked(user: Any, debrief: Debrief) -> bool:
    """A coordinator says that they talked; not for themselves, nor where nobody asked to."""
    observer = debrief.observer
    return (
        debrief.wants_talk
        and not is_ones_own(user, observer)
        and coordinates(user, observer.session.programme_id)
    )
