"""Pages of requests and opportunities: what was typed stays, what is wrong is told beside it."""

import pytest
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import Role
from accounts.tests.factories import person
from assignments.models import Interest, Invite, Offer, Opportunity, Request, WorkGroup
from assignments.services import interests, opportunities
from assignments.tests.factories import WorkGroupFactory, placed
from assignments.tests.request_factories import asked, opened, proposed
from partners.tests.factories import PartnerFactory, signed_up_partner

pytestmark = pytest.mark.django_db

WHAT = {"title": "Two partners", "why": "Our letters", "kind": "project", "team": ""}
PART = {"influence": "consult", "places": "2", "effort": "Two hours"}
WHEN = {
    **{f"{end}_on_{part}": "" for end in ("starts", "ends") for part in ("day", "month", "year")},
    "place": "Online",
    "access": "",
    "budget_code": "R12",
}


@pytest.fixture
def staff(programme):
    return person(Role.STAFF, programme, name="Dr Abena Mensah")


@pytest.fixture
def partner(programme):
    return signed_up_partner(programme, name="Maureen Okafor")


def body(response):
    return response.content.decode()


def test_asking_leads_from_page_to_page_to_a_summary(staff, client_for):
    client = client_for(staff)
    ask = reverse("assignments:ask")

    first = client.post(ask, WHAT)
    second = client.post(first.url, PART)
    third = client.post(second.url, WHEN)
    check = body(client.get(third.url))
    again = body(client.get(ask))
    changed = client.post(ask, {**WHAT, "title": "Three partners"})
    sent = client.post(third.url)

    assert (second.url, third.url) == ("/requests/ask/when/", "/requests/ask/check/")
    assert "Partners are asked for their view" in check
    assert 'value="Two partners"' in again
    assert changed.url == third.url
    request = Request.objects.get()
    assert sent.url == reverse("assignments:request_sent", args=[request.pk])
    assert (request.title, request.places, request.budget_code) == ("Three partners", 2, "R12")
    assert request.asked_by == staff
    assert "What happens next" in body(client.get(sent.url))
    assert client.get(third.url).url == ask


def test_summary_sends_what_it_holds_when_the_session_forgot(staff, client_for):
    client = client_for(staff)

    sent = client.post(reverse("assignments:ask_step", args=["check"]), {**WHAT, **PART, **WHEN})

    assert Request.objects.get().title == "Two partners"
    assert sent.url.endswith("/sent/")


def test_what_was_typed_stays_beside_what_is_wrong(staff, client_for):
    client = client_for(staff)

    page = body(client.post(reverse("assignments:ask"), {**WHAT, "why": "", "title": "A" * 151}))
    wrong = {**WHEN, "starts_on_day": "2", "starts_on_month": "3", "starts_on_year": "2027"}
    wrong |= {"ends_on_day": "1", "ends_on_month": "3", "ends_on_year": "2027"}
    late = body(client.post(reverse("assignments:ask_step", args=["when"]), wrong))

    assert "Error:" in page
    assert "Shorten this to 150 characters" in page
    assert "Say why you would like partners" in page
    assert "A" * 151 in page
    assert "The last day must be on or after the first day" in late
    assert 'value="2027"' in late
    assert not Request.objects.exists()


def test_partner_proposes_work_of_their_own(partner, client_for):
    client = client_for(partner.user)
    facts = {name: value for name, value in WHEN.items() if name != "budget_code"}

    client.post(reverse("assignments:propose_step", args=["check"]), {**WHAT, **PART, **facts})

    assert Request.objects.get().proposed_by == partner
    assert "Two partners" in body(client.get(reverse("assignments:requests")))
    assert client.get(reverse("assignments:ask")).status_code == 403


def test_asker_sees_who_took_a_place_and_not_who_did_not(programme, staff, now, client_for):
    request = asked(programme, now, by=staff)
    opportunity = opened(programme, now, request=request)
    taken = PartnerFactory(programme=programme, name="Tom Ridge")
    no = PartnerFactory(programme=programme, name="Prue Vale")
    place = placed(taken, opportunity.work_group)
    values = {"opportunity": opportunity, "queued_at": now}
    Offer.objects.create(partner=taken, status="accepted", seat=1, assignment=place, **values)
    Offer.objects.create(partner=no, status="declined", **values)

    page = body(client_for(staff).get(reverse("assignments:request", args=[request.pk])))

    assert "Tom Ridge" in page
    assert "Prue Vale" not in page
    assert "Partners are being asked" in page


def test_somebody_elses_request_is_hidden_and_cannot_be_taken_back(
    programme, staff, coordinator, now, client_for
):
    request = asked(programme, now)
    there = reverse("assignments:take_back_request", args=[request.pk])

    assert client_for(staff).post(there).status_code == 404
    assert client_for(coordinator).post(there).status_code == 403
    assert client_for(request.asked_by).post(there).status_code == 302
    request.refresh_from_db()
    assert request.status == "withdrawn"


def test_answer_is_kept_and_a_wrong_one_told(programme, partner, now, client_for):
    opportunity = opened(programme, now)
    client = client_for(partner.user)
    there = reverse("assignments:answer_opportunity", args=[opportunity.pk])

    wrong = body(client.post(there, {"line": "I know the clinic"}))
    client.post(there, {"answer": "maybe", "line": "After Easter"})
    page = body(client.get(reverse("assignments:opportunity", args=[opportunity.pk])))

    assert "Choose yes, maybe or not now" in wrong
    assert "I know the clinic" in wrong
    assert "You said maybe" in page
    assert "After Easter" in page
    assert Interest.objects.get().partner == partner


def test_answer_that_comes_too_late_is_refused_and_stays(programme, partner, now, client_for):
    opportunity = opened(programme, now)
    opportunities.close(opportunity=opportunity, by=None, now=now)
    Invite.objects.create(opportunity=opportunity, partner=partner, invited_at=now)

    page = body(
        client_for(partner.user).post(
            reverse("assignments:answer_opportunity", args=[opportunity.pk]),
            {"answer": "yes", "line": "Gladly"},
        )
    )

    assert "This takes no more answers" in page
    assert "Gladly" in page
    assert not Interest.objects.exists()


def test_opportunities_are_filtered_by_ones_own_answer(programme, partner, now, client_for):
    said = opened(programme, now, title="Read our letters")
    opened(programme, now, title="Walk with newcomers")
    interests.say(opportunity=said, partner=partner, answer="yes", line="", by=None, now=now)
    client = client_for(partner.user)

    mine = body(client.get(reverse("assignments:opportunities"), {"answered": "yes"}))
    none = body(client.get(reverse("assignments:opportunities"), {"answered": "none"}))
    over = body(client.get(reverse("assignments:opportunities"), {"show": "over"}))

    assert "Read our letters" in mine
    assert "Walk with newcomers" not in mine
    assert "Walk with newcomers" in none
    assert "Read our letters" not in none
    assert "Nothing fits these filters" in over


@pytest.mark.parametrize("rows", [1, 3])
def test_lists_cost_the_same_for_one_row_and_three(
    rows, programme, partner, now, client_for, django_assert_num_queries: DjangoAssertNumQueries
):
    for number in range(rows):
        opened(programme, now, title=f"Number {number}")
        proposed(partner, now, title=f"Idea {number}")
    client = client_for(partner.user)
    client.get("/")

    with django_assert_num_queries(6):
        client.get(reverse("assignments:opportunities"))
    with django_assert_num_queries(5):
        client.get(reverse("assignments:requests"))


@pytest.mark.parametrize("rows", [1, 3])
def test_pages_of_coordinators_cost_the_same_for_one_row_and_three(
    rows, programme, coordinator, now, client_for, django_assert_num_queries: DjangoAssertNumQueries
):
    opportunity = opened(programme, now, request=asked(programme, now))
    for _ in range(rows):
        one = PartnerFactory(programme=programme)
        interests.say(opportunity=opportunity, partner=one, answer="yes", line="", by=None, now=now)
        asked(programme, now)
    client = client_for(coordinator)
    client.get("/admin/")

    with django_assert_num_queries(5):
        client.get(reverse("admin:assignments_request_changelist"))
    with django_assert_num_queries(12):
        client.get(reverse("admin:assignments_opportunity_change", args=[opportunity.pk]))


def published_as(row, **values):
    return {
        "title": row.title,
        "why": row.why,
        "influence": row.influence,
        "places": "1",
        "audience": "some",
        "where": "new",
        "name": "Letters group",
        "kind": "project",
        **values,
    }


def test_proposal_becomes_a_group_and_its_proposer_is_asked(
    programme, partner, coordinator, now, client_for
):
    row = proposed(partner, now)
    client = client_for(coordinator)
    there = reverse("admin:assignments_request_publish", args=[row.pk])

    wrong = body(client.post(there, published_as(row, name="", why="")))
    done = client.post(there, published_as(row))

    assert "Give the new group a name" in wrong
    assert "Say why partners are asked" in wrong
    opportunity = Opportunity.objects.get()
    assert done.url == reverse("admin:assignments_opportunity_change", args=[opportunity.pk])
    assert WorkGroup.objects.get().name == "Letters group"
    assert Invite.objects.get().partner == partner
    assert "Offer them a place before others" in body(client.get(done.url))


def test_publishing_that_is_refused_leaves_no_group_behind(programme, coordinator, now, client_for):
    row = asked(programme, now)
    WorkGroupFactory(programme=programme, name="Letters group")
    client = client_for(coordinator)
    there = reverse("admin:assignments_request_publish", args=[row.pk])
    over = {"closes_on_day": "1", "closes_on_month": "1", "closes_on_year": "2020"}

    twice = body(client.post(there, published_as(row)))
    late = body(client.post(there, published_as(row, name="Another", **over)))

    assert "already has a work group of this name" in twice
    assert "The last day to answer must be today or later" in late
    assert not Opportunity.objects.exists()
    assert WorkGroup.objects.count() == 1


def test_coordinator_asks_partners_by_name(programme, coordinator, partner, now, client_for):
    opportunity = opened(programme, now, audience="some")
    client = client_for(coordinator)
    there = reverse("admin:assignments_opportunity_invite", args=[opportunity.pk])
    elsewhere = PartnerFactory()

    found = body(client.get(there, {"q": "Okafor"}))
    none = body(client.post(there, {}))
    stranger = body(client.post(there, {"partners": [elsewhere.pk]}))
    client.post(there, {"partners": [partner.pk]})

    assert "Maureen Okafor" in found
    assert "Choose at least one partner" in none
    assert "Choose partners of this programme who take part" in stranger
    assert [row.partner for row in Invite.objects.all()] == [partner]


def test_fewer_places_than_people_gets_a_sentence(programme, coordinator, partner, now, client_for):
    opportunity = opened(programme, now, places=2)
    for seat, one in enumerate((partner, PartnerFactory(programme=programme)), start=1):
        Offer.objects.create(
            opportunity=opportunity,
            partner=one,
            status="accepted",
            seat=seat,
            queued_at=now,
            assignment=placed(one, opportunity.work_group),
        )
    facts = published_as(opportunity, audience="all")

    page = body(
        client_for(coordinator).post(
            reverse("admin:assignments_opportunity_edit", args=[opportunity.pk]), facts
        )
    )

    assert "2 partners have a place already" in page
    opportunity.refresh_from_db()
    assert opportunity.places == 2


def test_request_that_waits_is_on_the_work_list(programme, coordinator, staff, now, client_for):
    asked(programme, now, by=staff)

    page = body(client_for(coordinator).get("/admin/"))

    assert "request for partners" in page


def test_home_asks_for_an_answer_and_shows_staff_where_it_stands(
    programme, partner, staff, now, client_for
):
    opened(programme, now, title="Read our letters", request=asked(programme, now, by=staff))

    home = body(client_for(partner.user).get("/"))
    page = body(client_for(staff).get("/"))

    assert "Opportunities" in home
    assert "Two partners for the pain pathway" in page
    assert "Partners are being asked" in page
