"""Whoever leads a group: who is coming and what to do for them, and nothing beyond."""

from datetime import timedelta

import pytest

from accounts.services.people import end_role
from accounts.tests.factories import ProgrammeFactory, person
from assignments import services
from assignments.models import Attendance, Meeting
from assignments.rules.organiser import organises
from assignments.tests.factories import WorkGroupFactory, placed, planned
from partners.services.profile import add_need
from partners.tests.factories import signed_up_partner

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead(programme):
    return person("clinical_lead", programme, name="Priya Nair")


@pytest.fixture
def group(programme, lead):
    return WorkGroupFactory(programme=programme, name="Upper limb MDT", lead=lead)


def people_of(group, *plans, now):
    """Partners who are down for a meeting tomorrow, with these answers."""
    names = ("Una Marsh", "Tom Ridge", "Prue Vale", "Olu Bank")
    partners = [signed_up_partner(group.programme, name=name) for name, _ in zip(names, plans)]  # noqa: B905 (as many as plans)
    for partner in partners:
        placed(partner, group)
    meeting = planned(group, now + timedelta(days=1))
    for partner, plan in zip(partners, plans, strict=True):
        Attendance.objects.filter(meeting=meeting, partner=partner).update(plan=plan)
    return meeting, partners


def test_organiser_sees_who_is_coming_and_what_to_do_alone(client_for, group, lead, now):
    meeting, partners = people_of(group, "coming", "online", "not_this_time", "unanswered", now=now)
    for partner in partners:
        add_need(
            partner=partner,
            kind="energy",
            text=f"Illness of {partner.name}",
            to_do=f"Break for {partner.called}",
            shared=partner.name != "Tom Ridge",
            by=partner.user,
            now=now,
        )

    text = client_for(lead).get(f"/meetings/{meeting.pk}/led/").content.decode()

    for words in ("Una Marsh", "Tom Ridge, online", "Break for Una", "1 partner has not answered"):
        assert words in text
    for words in ("Prue", "Olu", "Illness", "Break for Tom", "energy"):
        assert words not in text


def test_organiser_sees_who_was_there_and_not_why_others_were_not(
    client_for, group, lead, coordinator, now
):
    meeting, _ = people_of(group, "coming", "coming", "coming", now=now)
    there, part, unwell = meeting.attendances.order_by("pk")
    services.confirm_meeting(
        meeting=meeting,
        outcomes={there.pk: ("there", None), part.pk: ("part", 30), unwell.pk: ("unwell", None)},
        by=coordinator,
        now=now + timedelta(days=2),
    )

    text = client_for(lead).get(f"/meetings/{meeting.pk}/led/").content.decode()

    assert "Una Marsh" in text
    assert "Tom Ridge" in text
    for words in ("Prue Vale", "health", "30 minutes"):
        assert words not in text


def test_pages_are_hidden_from_whoever_does_not_lead(client_for, group, coordinator, now):
    meeting, partners = people_of(group, "coming", now=now)
    elsewhere = person("clinical_lead", ProgrammeFactory())
    other_lead = person("clinical_lead", group.programme)

    for user in (partners[0].user, coordinator, elsewhere, other_lead):
        client = client_for(user)
        assert client.get(f"/meetings/{meeting.pk}/led/").status_code == 404
        assert "Upper limb MDT" not in client.get("/meetings/led/").content.decode()
        assert not organises(user, meeting)
    finance = client_for(person("finance", group.programme))
    assert finance.get("/meetings/led/").status_code == 403


def test_who_left_the_programme_organises_nothing_in_it(client_for, group, lead, now):
    meeting, _ = people_of(group, "coming", now=now)
    person("clinical_lead", ProgrammeFactory(), name="Priya elsewhere")
    assert organises(lead, meeting)
    assert meeting in Meeting.objects.organised_by(lead)

    for grant in lead.role_grants.current():
        end_role(grant=grant, by=None, now=now)
    lead = type(lead).objects.get(pk=lead.pk)

    assert not organises(lead, meeting)
    assert meeting not in Meeting.objects.organised_by(lead)


def test_list_shows_what_is_coming_then_past_when_asked(client_for, group, lead, now):
    planned(group, now - timedelta(days=2), title="Before")
    planned(group, now + timedelta(days=9), title="Later")
    planned(group, now + timedelta(days=2), title="Soon")
    client = client_for(lead)

    def shown(**asked):
        return [str(row) for row in client.get("/meetings/led/", asked).context["page"]]

    assert shown() == ["Soon", "Later"]
    assert shown(when="past") == ["Before"]
    assert shown(when="nonsense") == ["Soon", "Later"]


def test_home_and_group_lead_to_the_meetings_one_leads(client_for, group, lead, now):
    meeting, partners = people_of(group, "coming", now=now)
    other = person("clinical_lead", group.programme)

    def links(user, path):
        return client_for(user).get(path).content.decode()

    assert 'href="/meetings/led/"' in links(lead, "/")
    assert 'href="/meetings/led/"' in links(lead, f"/groups/{group.pk}/")
    assert f'href="/meetings/{meeting.pk}/led/"' in links(lead, f"/groups/{group.pk}/")
    for user in (other, partners[0].user):
        assert "/led/" not in links(user, "/") + links(user, f"/groups/{group.pk}/")


@pytest.mark.parametrize("rows", [1, 3])
def test_pages_ask_as_often_for_one_as_for_three(
    client_for, group, lead, now, rows, django_assert_num_queries
):
    meeting, partners = people_of(group, *["coming"] * rows, now=now)
    for number in range(rows):
        planned(group, now + timedelta(days=3 + number))
        add_need(
            partner=partners[number],
            kind="energy",
            text="I tire",
            to_do="A break",
            shared=True,
            by=None,
            now=now,
        )
    client = client_for(lead)
    client.get("/meetings/led/")

    with django_assert_num_queries(5):
        client.get("/meetings/led/")
    with django_assert_num_queries(7):
        client.get(f"/meetings/{meeting.pk}/led/")
