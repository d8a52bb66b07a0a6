"""What stands between a partner and a place: each check raises OfferError with its sentence."""

from collections.abc import Sequence
from datetime import date

from assignments.models import Assignment, Offer, Opportunity
from assignments.rules import offers as rules
from assignments.services.apart import kept_apart
from assignments.services.refusals import OfferError
from assignments.words import spoken_day
from partners.models import Partner
from partners.rules.support import may_have_place
from partners.services import requirements

_Status = Offer.Status


def check_partners(opportunity: Opportunity, partners: Sequence[Partner], today: date) -> None:
    """Each of `partners` may be offered a place; OfferError says whom not, and why."""
    live = Offer.objects.live().filter(opportunity=opportunity, partner__in=partners)
    waiting = set(live.values_list("partner", flat=True))
    places = Assignment.objects.on(today).filter(
        work_group=opportunity.work_group_id, partner__in=partners
    )
    placed = set(places.values_list("partner", flat=True))
    said = []
    for partner in partners:
        if partner.programme_id != opportunity.programme_id:
            said.append("Choose partners of the same programme.")
        elif not may_have_place(partner):
            said.append(
                f"{partner.name} is at the stage “{partner.get_status_display()}” and cannot be "
                "offered a place."
            )
        elif partner.pk in waiting:
            said.append(f"{partner.name} has an offer or waits for one already.")
        elif partner.pk in placed:
            said.append(f"{partner.name} has a place in this group already.")
    if said:
        raise OfferError(" ".join(said), "partners")
    check_apart(opportunity, partners, today)


def check_apart(opportunity: Opportunity, partners: Sequence[Partner], today: date) -> None:
    """No declared conflict keeps them apart from the group; for the eyes of coordinators."""
    apart = kept_apart(opportunity.work_group, {one.pk for one in partners}, today)
    if apart:
        names = ", ".join(one.name for one in partners if one.pk in apart)
        raise OfferError(f"A declared conflict keeps apart from this group: {names}.", "partners")


def check_answerable(offer: Offer, today: date) -> None:
    """The offer can still be answered; what is said is for its partner."""
    if offer.status != _Status.OFFERED:
        raise OfferError(said_already(offer))
    if not rules.may_be_joined(offer.opportunity, today):
        raise OfferError("This is withdrawn or over, and cannot be joined any more.")
    if not rules.answerable(offer, today) and offer.answer_by is not None:
        raise OfferError(
            f"The last day to answer was {spoken_day(offer.answer_by)}. "
            "If you would still like to take part, please tell us."
        )


def said_already(offer: Offer) -> str:
    """What its partner reads of an offer that is not one to answer."""
    said: dict[str, str] = {
        _Status.WAITING: "You are on the waiting list: we write to you when a place is free.",
        _Status.ACCEPTED: "You have said yes already. You have a place.",
        _Status.STANDING_IN: "You have said already that you stand in for others.",
        _Status.DECLINED: "You have said no to this already. If you changed your mind, tell us.",
        _Status.LAPSED: "The time to answer is over. If you would still like to, please tell us.",
        _Status.WITHDRAWN: "This offer was taken back.",
        _Status.ENDED: "Your place here has ended.",
    }
    return said.get(offer.status, "Look at this offer again.")


def check_welcome(offer: Offer, today: date) -> None:
    """Nothing is missing that has to be in place, and no conflict stands between.

    What the partner reads says nothing of a conflict: the other side may have declared it.
    """
    missing = requirements.blocks(offer.partner, offer.opportunity.role, today)
    if missing:
        raise OfferError(
            " ".join([*missing, "Once that is in place, this place can be taken. Please ring us."])
        )
    if kept_apart(offer.opportunity.work_group, {offer.partner_id}, today):
        raise OfferError(
            "We would like a word with you before you take this place. Please ring us."
        )
