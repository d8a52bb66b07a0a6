"""A partner's home: what is next, what waits, this month, and the welcome of a new account."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import Role
from accounts.services.programmes import create_team
from accounts.tests.factories import person
from assignments.models import Attendance
from assignments.services import answer
from assignments.services.interests import say
from assignments.tests.factories import WorkGroupFactory, placed, planned
from assignments.tests.request_factories import opened
from observations.tests.factories import clinic, sheet, version_of
from partners.services.support_concerns import raise_concern
from partners.tests.codesign_factories import put_to_the_vote
from partners.tests.factories import confirmed_contribution, contribution, signed_up_partner
from partners.tests.support_factories import lead_of, made
from payments.services.rates import choose
from payments.tests.factories import RateFactory
from pcp_portal.home import partner_home

pytestmark = pytest.mark.django_db


@pytest.fixture
def partner(programme):
    return signed_up_partner(programme, name="Maureen Okafor", known_as="Mo")


@pytest.fixture
def meeting(programme, partner, now):
    group = WorkGroupFactory(
        programme=programme,
        name="Upper limb MDT",
        lead_name="Dr Abena Mensah",
        contact_phone="01632 960111",
        place="Seminar room 2",
    )
    placed(partner, group)
    return planned(group, now + timedelta(days=1))


def test_next_says_when_where_and_who_to_ask(partner, meeting, now):
    shown = partner_home(partner, partner.user, now).next

    assert shown is not None
    assert shown.title == "Upper limb MDT"
    assert shown.when.startswith("Tomorrow, ")
    assert (shown.where, shown.contact_name) == ("Seminar room 2", "Dr Abena Mensah")


def test_meeting_that_somebody_said_no_to_is_not_next(partner, meeting, now):
    Attendance.objects.update(plan=Attendance.Plan.NOT_THIS_TIME, planned_at=now)

    assert partner_home(partner, partner.user, now).next is None


def test_to_do_asks_for_an_answer_and_offers_to_claim(partner, meeting, now):
    RateFactory(programme=partner.programme)
    confirmed_contribution(partner)

    titles = [item.title for item in partner_home(partner, partner.user, now).to_do]

    assert titles == ["Say whether you can come to Upper limb MDT", "Claim for 1 piece of work"]


def test_to_do_says_give_away_to_who_gives_the_money_away(partner, now):
    RateFactory(programme=partner.programme)
    confirmed_contribution(partner, happened_on=now.date() - timedelta(days=9))
    confirmed_contribution(partner, happened_on=now.date() - timedelta(days=8))
    start = now.date() - timedelta(days=30)
    choose(partner=partner, choice="donate", starts_on=start, by=partner.user, now=now)

    all_of_it = [item.title for item in partner_home(partner, partner.user, now).to_do]
    start = now.date() - timedelta(days=8)
    choose(partner=partner, choice="take", starts_on=start, by=partner.user, now=now)
    some_of_it = [item.title for item in partner_home(partner, partner.user, now).to_do]

    assert all_of_it == ["Give away the money for 2 pieces of work"]
    assert some_of_it == ["Claim for 1 of 2 pieces of work, and give away the money for 1"]


def test_to_do_offers_nothing_to_claim_to_who_declined_the_money(partner, now):
    RateFactory(programme=partner.programme)
    done = confirmed_contribution(partner)
    choose(partner=partner, choice="decline", starts_on=done.happened_on, by=partner.user, now=now)

    assert partner_home(partner, partner.user, now).to_do == []


def test_what_was_given_is_said_in_words(partner, now):
    confirmed_contribution(partner, minutes=120)
    confirmed_contribution(partner, minutes=90)

    said = partner_home(partner, partner.user, now).so_far

    assert "you have given 3 hours 30 minutes in 2 pieces of work. Thank you." in said


def test_what_was_given_counts_what_is_not_confirmed_yet(partner, now):
    contribution(partner, minutes=90)

    assert "1 hour 30 minutes in 1 piece of work" in partner_home(partner, partner.user, now).so_far


def test_meeting_held_online_names_online_once(programme, partner, now):
    group = WorkGroupFactory(
        programme=programme, place="Online", join_link="https://meet.example.org/one"
    )
    placed(partner, group)
    planned(group, now + timedelta(days=1))

    shown = partner_home(partner, partner.user, now).next

    assert shown is not None
    assert shown.where == "Online"


def test_new_partner_is_welcomed_with_three_steps(partner, client_for):
    answer = client_for(partner.user).get("/")

    page = answer.content.decode()
    assert "Welcome, Mo" in page
    assert len(answer.context["home"].steps) == 3


def test_somebody_elses_meetings_are_not_on_the_page(programme, partner, meeting, client_for):
    other = signed_up_partner(programme, name="Gareth Pugh-Davies")

    page = client_for(other.user).get("/").content.decode()

    assert "Upper limb MDT" not in page


# With nothing to claim, nobody asks what it would be worth.
@pytest.mark.parametrize(("rows", "queries"), [(0, 10), (1, 12), (3, 12)])
def test_home_costs_the_same_for_one_row_and_three(
    rows,
    queries,
    programme,
    partner,
    meeting,
    now,
    client_for,
    django_assert_num_queries: DjangoAssertNumQueries,
):
    for number in range(rows):
        planned(meeting.work_group, now + timedelta(days=2 + number))
        confirmed_contribution(partner)
    client: Client = client_for(partner.user)
    client.get("/")

    with django_assert_num_queries(queries):
        assert client.get("/").status_code == 200


def test_to_do_asks_whether_somebody_would_like_to_join(programme, partner, now):
    opportunity = opened(programme, now, title="Read our letters", closes_on=now.date())
    answered = opened(programme, now, title="Walk with newcomers")
    say(opportunity=answered, partner=partner, answer="maybe", line="", by=None, now=now)

    to_do = partner_home(partner, partner.user, now).to_do

    assert [item.title for item in to_do] == ["Would you like to? Read our letters"]
    assert to_do[0].url == f"/opportunities/{opportunity.pk}/"
    assert to_do[0].hint.startswith("Until ")


def test_to_do_asks_who_stands_in_once_somebody_cannot_come(programme, partner, now):
    group = WorkGroupFactory(programme=programme, name="Pain MDT")
    placed(partner, group, stands_in=True)
    placed(signed_up_partner(programme, name="Ann Lee"), group)
    planned(group, now + timedelta(days=3), now=now)
    assert not partner_home(partner, partner.user, now).to_do

    missing = Attendance.objects.get(partner__name="Ann Lee")
    answer(attendance=missing, plan="not_this_time", by=None, now=now)

    [asked] = partner_home(partner, partner.user, now).to_do
    assert asked.title == "Could you stand in? Pain MDT"


def test_coordinator_is_led_to_the_work_list(coordinator, client_for):
    assert client_for(coordinator).get("/").url == "/admin/"


def test_staff_are_shown_doors_and_a_concern_raised_with_them(programme, client_for):
    lead = lead_of(programme)
    quiet = client_for(lead).get("/").content.decode()

    raise_concern(
        programme=programme, text="Something", by=person(Role.STAFF, programme), now=timezone.now()
    )
    told = client_for(lead).get("/").content.decode()

    assert "Who could help" in quiet
    assert "raised a concern" not in quiet
    assert "Somebody raised a concern with you" in told
    assert "Something" not in told


def test_change_and_open_vote_stand_on_the_partners_home(programme, partner, now, coordinator):
    change = made(programme, contributions=[confirmed_contribution(partner)])
    asked = put_to_the_vote(programme, "Parking", "Waits", by=coordinator)[0]

    home = partner_home(partner, partner.user, now)

    assert home.changed == change
    assert f"Vote: {asked.title}" in [item.title for item in home.to_do]


def test_clinics_to_observe_stand_on_the_partners_home(programme, partner, now):
    team = create_team(programme=programme, name="Upper limb", by=None, now=now)
    version, today = version_of(programme), timezone.localdate(now)
    clinician = person(Role.CLINICIAN, programme, team=team)
    observed = {"team": team, "clinician": clinician, "version": version, "observers": [partner]}
    asked = clinic(**observed, day=today + timedelta(days=9))
    asked.observers.update(answer="invited", answered_at=None)
    coming = clinic(**observed, day=today + timedelta(days=1))
    held = clinic(**observed, day=today - timedelta(days=1), status="held")
    sheet(held.observers.get(), submitted=False, decision="")

    home = partner_home(partner, partner.user, now)

    assert home.next.title == "Observe a clinic: Upper limb"
    assert home.next.when.startswith("Tomorrow, ")
    assert home.next.url == f"/observing/clinics/{coming.pk}/"
    assert {item.title: item.url for item in home.to_do} == {
        "Submit your sheets: clinic, Upper limb": f"/observing/{held.pk}/sheets/",
        "Could you observe a clinic? Upper limb": f"/observing/clinics/{asked.pk}/",
    }
