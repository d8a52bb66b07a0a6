"""From a request to an opportunity: what becomes of it, who is told, and what is refused."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Message
from accounts.tests.factories import ProgrammeFactory
from assignments.models import Interest, Invite, Offer, Opportunity, Request, WorkGroup
from assignments.services import interests, offers, opportunities, requests
from assignments.services.refusals import InterestError, OpportunityError, RequestError
from assignments.tests.factories import WorkGroupFactory, placed
from assignments.tests.request_factories import PIECE, asked, opened, proposed
from partners.models import Partner
from partners.tests.factories import PartnerFactory, signed_up_partner

pytestmark = pytest.mark.django_db


def told(kind):
    return sorted(Message.objects.filter(kind=kind).values_list("subject", flat=True))


def offered(opportunity, partner, now, status="offered", **values):
    return Offer.objects.create(
        opportunity=opportunity, partner=partner, status=status, queued_at=now, **values
    )


def holding(opportunity, partner, now, seat):
    place = placed(partner, opportunity.work_group)
    return offered(opportunity, partner, now, "accepted", seat=seat, assignment=place)


def test_asker_is_told_at_every_step(programme, coordinator, now):
    request = asked(programme, now, title="  Two  partners ")

    requests.look_at(request=request, by=coordinator, now=now)
    group = WorkGroupFactory(programme=programme)
    opportunities.publish(
        work_group=group,
        request=request,
        places=2,
        audience="all",
        by=coordinator,
        now=now,
        **{**PIECE, "title": "Sharper"},
    )
    requests.finish(request=request, by=coordinator, now=now)

    assert request.title == "Two partners"
    assert told("request") == [
        "Partners are being asked: Sharper",
        "Partners are in place for “Two partners”",
        "We are looking at “Two partners”",
        "We have your request",
    ]
    steps = [step.to_status for step in request.history.all()]
    assert steps == ["asked", "looked_at", "published", "done"]


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"title": " "}, "title"),
        ({"why": ""}, "why"),
        ({"why": "a\0b"}, "why"),
        ({"title": "a" * 151}, "title"),
        ({"influence": "all"}, "influence"),
        ({"kind": "magic"}, "kind"),
        ({"places": 0}, "places"),
        ({"places": 10**9}, "places"),
    ],
)
def test_request_that_says_too_little_gets_a_sentence(programme, now, facts, field):
    with pytest.raises(RequestError) as refusal:
        asked(programme, now, **facts)

    assert refusal.value.field == field
    assert not Request.objects.exists()


def test_request_that_ends_before_it_starts_is_refused(programme, now):
    today = now.date()

    with pytest.raises(RequestError, match="on or after the first day") as refusal:
        asked(programme, now, starts_on=today, ends_on=today - timedelta(days=1))

    assert refusal.value.field == "ends_on"


def test_no_needs_a_reason_that_stays_out_of_mail(programme, coordinator, now):
    request = asked(programme, now)
    with pytest.raises(RequestError, match="Say why"):
        requests.refuse(request=request, reason=" ", by=coordinator, now=now)

    requests.refuse(request=request, reason="Nobody is free in May", by=coordinator, now=now)

    assert request.answer == "Nobody is free in May"
    message = Message.objects.get(key=f"request:{request.pk}:refused")
    assert "May" not in message.body
    with pytest.raises(RequestError, match="Somebody may have changed it"):
        requests.look_at(request=request, by=coordinator, now=now)


def test_database_refuses_a_no_without_a_reason(programme, now):
    request = asked(programme, now)

    with pytest.raises(IntegrityError, match="request_refused_has_reason"), transaction.atomic():
        Request.objects.filter(pk=request.pk).update(status="refused")


def test_request_becomes_one_opportunity_only(programme, coordinator, now):
    request = asked(programme, now)
    opened(programme, now, request=request)

    with pytest.raises(RequestError, match="Somebody may have changed it"):
        opened(programme, now, request=request)

    assert Opportunity.objects.count() == 1


def test_all_who_take_part_are_told_once(programme, coordinator, now):
    here = signed_up_partner(programme)
    PartnerFactory(programme=programme, status=Partner.Status.ENQUIRY)
    PartnerFactory(programme=programme, status=Partner.Status.ON_BREAK)
    PartnerFactory(programme=programme, email=None)
    PartnerFactory()

    opportunity = opened(programme, now)
    opportunities.invite(opportunity=opportunity, partners=[here], by=coordinator, now=now)

    message = Message.objects.get(kind="opportunity")
    assert message.recipient == here.user
    assert message.link == f"/opportunities/{opportunity.pk}/"


def test_some_are_told_and_others_do_not_see_it(programme, now):
    chosen, other = signed_up_partner(programme), signed_up_partner(programme)

    opportunity = opened(programme, now, audience="some", invited=[chosen])

    assert [message.recipient for message in Message.objects.all()] == [chosen.user]
    assert list(Opportunity.objects.asking(chosen)) == [opportunity]
    assert list(Opportunity.objects.visible_to(chosen.user)) == [opportunity]
    assert not Opportunity.objects.asking(other).exists()
    assert not Opportunity.objects.visible_to(other.user).exists()


def test_who_proposed_work_is_asked_first(programme, coordinator, now):
    partner = signed_up_partner(programme)
    request = proposed(partner, now)

    opportunity = opened(programme, now, request=request, audience="some", by=coordinator)

    assert [row.partner for row in Invite.objects.filter(opportunity=opportunity)] == [partner]
    assert told("opportunity") == [f"Would you like to? {PIECE['title']}"]
    assert Message.objects.filter(kind="request", recipient=partner.user).count() == 2


def test_who_left_proposes_nothing(programme, now):
    partner = signed_up_partner(programme, status=Partner.Status.LEFT)

    with pytest.raises(RequestError, match="does not take part"):
        proposed(partner, now)


def test_answer_can_be_changed_while_answers_are_taken(programme, now):
    partner, today = signed_up_partner(programme), now.date()
    opportunity = opened(programme, now, closes_on=today)
    values = {"opportunity": opportunity, "partner": partner, "by": partner.user}

    interests.say(answer="maybe", line="", now=now, **values)
    interests.say(answer="yes", line=" On  Mondays ", now=now, **values)

    row = Interest.objects.get()
    assert (row.answer, row.line) == ("yes", "On Mondays")
    with pytest.raises(InterestError, match="no more answers"):
        interests.say(answer="not_now", line="", now=now + timedelta(days=1), **values)
    with pytest.raises(InterestError, match="Choose yes, maybe or not now"):
        interests.say(answer="perhaps", line="", now=now, **values)


def test_who_is_not_asked_cannot_answer(programme, now):
    partner = signed_up_partner(programme)
    for opportunity in (
        opened(programme, now, audience="some"),
        opened(ProgrammeFactory(), now),
    ):
        with pytest.raises(InterestError, match="asks other partners"):
            interests.say(
                opportunity=opportunity,
                partner=partner,
                answer="yes",
                line="",
                by=partner.user,
                now=now,
            )


def test_places_cannot_become_fewer_than_the_people_in_them(programme, coordinator, now):
    opportunity = opened(programme, now, places=3)
    first, second = (PartnerFactory(programme=programme) for _ in range(2))
    holding(opportunity, first, now, 1)
    high = holding(opportunity, second, now, 3)

    with pytest.raises(OpportunityError, match="2 partners have a place already") as refusal:
        opportunities.change(opportunity=opportunity, places=1, by=coordinator, now=now)
    assert refusal.value.field == "places"
    opportunities.change(opportunity=opportunity, places=2, by=coordinator, now=now)

    high.refresh_from_db()
    opportunity.refresh_from_db()
    assert (high.seat, opportunity.places) == (2, 2)


def test_asking_all_instead_of_some_tells_the_others_too(programme, coordinator, now):
    chosen, _ = signed_up_partner(programme), signed_up_partner(programme)
    opportunity = opened(programme, now, audience="some", invited=[chosen])

    assert opportunities.change(opportunity=opportunity, audience="all", by=coordinator, now=now)

    assert Message.objects.filter(kind="opportunity").count() == 2
    assert not opportunities.change(
        opportunity=opportunity, audience="all", by=coordinator, now=now
    )
    with pytest.raises(OpportunityError, match="asked already"):
        opportunities.change(opportunity=opportunity, audience="some", by=coordinator, now=now)


def test_withdrawn_opportunity_answers_the_request_and_lets_people_down_kindly(
    programme, coordinator, now
):
    request = asked(programme, now)
    opportunity = opened(programme, now, request=request)
    keen, waiting, no = (signed_up_partner(programme) for _ in range(3))
    for partner, answer in ((keen, "yes"), (no, "not_now")):
        interests.say(
            opportunity=opportunity, partner=partner, answer=answer, line="", by=None, now=now
        )
    offered(opportunity, waiting, now, "waiting")

    opportunities.withdraw(opportunity=opportunity, why="No money", by=coordinator, now=now)

    request.refresh_from_db()
    assert (request.status, request.answer) == ("refused", "No money")
    assert Offer.objects.get().status == "withdrawn"
    recipients = {m.recipient for m in Message.objects.filter(kind="opportunity_withdrawn")}
    assert recipients == {keen.user, waiting.user}
    assert not any("No money" in message.body for message in Message.objects.all())


def test_offer_of_what_is_withdrawn_is_not_sent_any_more(programme, coordinator, now):
    opportunity = opened(programme, now)
    partner = signed_up_partner(programme)
    offers.offer(
        opportunity=opportunity,
        partners=[partner],
        answer_by=(now + timedelta(days=7)).date(),
        by=coordinator,
        now=now,
    )

    opportunities.withdraw(opportunity=opportunity, why="No money", by=coordinator, now=now)

    assert Message.objects.get(kind="offered").status == "cancelled"


def test_request_taken_back_takes_down_what_was_published(programme, now):
    request = asked(programme, now)
    signed_up_partner(programme)
    opportunity = opened(programme, now, request=request)

    requests.withdraw(request=request, by=request.asked_by, now=now)

    opportunity.refresh_from_db()
    assert (request.status, opportunity.status) == ("withdrawn", "withdrawn")
    assert Message.objects.get(kind="opportunity").status == Message.Status.CANCELLED


def test_closing_finishes_the_request_once_somebody_has_a_place(programme, coordinator, now):
    request = asked(programme, now)
    opportunity = opened(programme, now, request=request)
    opportunities.close(opportunity=opportunity, by=coordinator, now=now)
    request.refresh_from_db()
    assert request.status == "published"
    opportunities.reopen(opportunity=opportunity, by=coordinator, now=now)
    holding(opportunity, PartnerFactory(programme=programme), now, 1)

    opportunities.close(opportunity=opportunity, by=coordinator, now=now)

    request.refresh_from_db()
    assert request.status == "done"


def test_opportunity_in_a_group_that_ended_is_refused(programme, now):
    group = WorkGroupFactory(programme=programme, ends_on=now.date() - timedelta(days=1))

    with pytest.raises(OpportunityError, match="This group ended"):
        opened(programme, now, work_group=group)
    with pytest.raises(OpportunityError, match="today or later"):
        opened(programme, now, closes_on=now.date() - timedelta(days=1))

    assert WorkGroup.objects.count() == 2
