"""Clinics in the admin: planned, observers invited, counted in sheets alone, called off."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.tests.factories import ProgrammeFactory, TeamFactory, person
from observations.models import Debrief
from observations.tests.factories import clinic, sheet, version_of
from partners.services.conflicts import declare
from partners.tests.factories import PartnerFactory, signed_up_partner

pytestmark = pytest.mark.django_db
LIST = "/admin/observations/clinicsession/"


@pytest.fixture
def team(programme):
    return TeamFactory(programme=programme, name="Upper limb")


@pytest.fixture
def clinician(programme, team):
    return person("clinician", programme, team=team, name="Priya Nair")


@pytest.fixture
def version(programme):
    return version_of(programme)


@pytest.fixture
def una(programme):
    return signed_up_partner(programme, name="Una Marsh")


@pytest.fixture
def peter(programme):
    return person("peer_observer", programme, name="Peter Holm")


@pytest.fixture
def plan(team, clinician, version, now):
    def planned(days=0, observers=(), **facts):
        values = {"day": timezone.localdate(now) + timedelta(days=days), **facts}
        return clinic(team, clinician, version, observers=observers, now=now, **values)

    return planned


def text_of(client, path, status=200):
    answer = client.get(path)
    assert answer.status_code == status, path
    return answer.content.decode()


def test_coordinator_plans_a_clinic_and_invites_both_sides(
    client_for, coordinator, team, clinician, version, una, peter, now
):
    client = client_for(coordinator)
    assert "Upper limb" in text_of(client, f"{LIST}add/")
    page = f"{LIST}add/?team={team.pk}"
    assert "Priya Nair" in text_of(client, page)
    typed = {"clinician": clinician.pk, "half": "am", "version": version.pk, "place": "Room 4"}
    wrong = {**typed, "day_day": "1", "day_month": "2", "day_year": "2026"}
    text = client.post(page, wrong).content.decode()
    assert "Choose today or a later day" in text
    assert 'value="Room 4"' in text
    typed |= {"day_day": "1", "day_month": "12", "day_year": "2026"}
    text = client.post(page, typed, follow=True).content.decode()
    assert "Priya Nair is asked" in text
    assert "Needs a partner and a peer" in text

    session = clinician.clinic_sessions.get()
    invite = f"{LIST}{session.pk}/invite/"
    assert "Tick whom to invite" in client.post(invite, {}).content.decode()
    assert (
        "once the clinician agrees"
        in client.post(invite, {"who": [una.pk]}, follow=True).content.decode()
    )
    client.post(f"{invite}?side=peers", {"who": [peter.pk]})

    assert session.observers.count() == 2
    text = text_of(client, f"{LIST}{session.pk}/change/")
    assert "Una Marsh" in text
    assert "Peter Holm" in text


def test_picker_says_why_somebody_may_not_come(
    client_for, coordinator, plan, programme, una, clinician, now
):
    session = plan(7)
    declare(programme=programme, by=clinician, now=now, person=clinician, with_partner=una)
    page = f"{LIST}{session.pk}/invite/"
    client = client_for(coordinator)

    text = text_of(client, page)

    assert "They are not to work together." in text
    assert f'value="{una.pk}" id="who-' not in text
    text = client.post(page, {"who": [una.pk]}).content.decode()
    assert "Una Marsh: They are not to work together." in text
    assert not session.observers.exists()


def test_coordinator_sees_counts_of_sheets_and_the_wish_to_talk_and_nothing_more(
    client_for, coordinator, plan, una, peter, now
):
    session = plan(0, [una, peter], status="held")
    seat = session.observers.get(partner=una)
    sheet(seat, 1, [4, 3, 4, 3, 4, 3, 4, 3], worked="Drew a picture", to_try="Pause")
    sheet(seat, 2, submitted=False, decision="")
    debrief = Debrief.objects.create(
        observer=seat, feeling="hard", note="My own story", wants_talk=True, said_at=now
    )
    Debrief.objects.create(
        observer=session.observers.get(person=peter), feeling="hard", note="Nothing", said_at=now
    )
    client = client_for(coordinator)

    text = text_of(client, f"{LIST}{session.pk}/change/")
    assert "1 sent, 1 begun" in text
    assert "Would like to talk" in text
    for words in ("Drew a picture", "Pause", "My own story", "It was hard", "[4"):
        assert words not in text
    waits = text_of(client, "/admin/observations/debrief/")
    assert "Una Marsh" in waits
    assert "Peter Holm" not in waits
    assert "observer who would like to talk" in text_of(client, "/admin/")
    client.post(f"/admin/observations/debrief/{debrief.pk}/talked/")

    assert "Nobody waits to talk" in text_of(client, "/admin/observations/debrief/")


def test_coordinator_answers_for_whoever_rang_and_takes_back(
    client_for, coordinator, plan, programme
):
    ann = PartnerFactory(programme=programme, name="Ann Lee")
    session = plan(5, [ann])
    session.observers.update(answer="invited")
    seat = session.observers.get()
    client = client_for(coordinator)
    page = f"{LIST}{session.pk}/observers/{seat.pk}/"

    assert (
        "Ann Lee: coming."
        in client.post(f"{page}answer/", {"answer": "yes"}, follow=True).content.decode()
    )
    assert (
        "Ann Lee need not come." in client.post(f"{page}take-back/", follow=True).content.decode()
    )
    assert client.post(f"{page}take-back/").status_code == 404


def test_coordinator_calls_a_clinic_off_with_a_reason(client_for, coordinator, plan):
    session = plan(5)
    client = client_for(coordinator)
    page = f"{LIST}{session.pk}/cancel/"

    assert "Say in a few words" in client.post(page, {"why": " "}).content.decode()
    text = client.post(page, {"why": "The lift is broken"}, follow=True).content.decode()

    assert "Called off" in text
    assert "The lift is broken" in text
    text_of(client, page, 403)


def test_clinics_of_another_programme_are_hidden_from_coordinators(client_for, plan):
    session = plan(5)
    client = client_for(person("coordinator", ProgrammeFactory()))

    for name in ("change", "invite", "cancel"):
        text_of(client, f"{LIST}{session.pk}/{name}/", 404)
    assert "No clinic is planned yet" in text_of(client, LIST)
    text_of(client, f"{LIST}add/?team={session.team_id}")


def test_nobody_arranges_their_own_clinic(client_for, plan, coordinator, team, programme):
    session = plan(5)
    type(session).objects.filter(pk=session.pk).update(clinician=coordinator)
    client = client_for(coordinator)

    for name in ("invite", "cancel"):
        text_of(client, f"{LIST}{session.pk}/{name}/", 403)


def test_list_is_narrowed_by_team_clinician_state_and_days(
    client_for, coordinator, plan, una, team
):
    plan(3, [una])
    plan(-30, status="held")
    client = client_for(coordinator)
    lacking, all_of_them = "Needs a peer", "27 November 2026"

    assert lacking in text_of(client, LIST)
    for asked, there in (
        (f"team={team.pk}", True),
        ("clinician=nair", True),
        ("clinician=nobody", False),
        ("state=agreed", True),
        ("state=lacking", True),
        ("state=held", False),
        ("first_day=1&first_month=11&first_year=2026", True),
        ("last_day=1&last_month=11&last_year=2026", False),
        ("last_day=31&last_month=2&last_year=2026", True),
    ):
        assert (all_of_them in text_of(client, f"{LIST}?{asked}")) == there, asked


def test_worklist_tells_what_lacks_and_who_has_not_answered(client_for, coordinator, plan, una):
    plan(3, [una])
    plan(20)
    plan(4, [una], status="asked")

    text = text_of(client_for(coordinator), "/admin/")

    assert "clinics without a partner or a peer" in text
    assert "clinic that waits for its clinician" in text


def test_admin_pages_cost_the_same_for_one_and_for_three(
    client_for, coordinator, plan, programme, una, peter, django_assert_num_queries
):
    session = plan(5)
    client = client_for(coordinator)
    costs = {
        LIST: 6,
        f"{LIST}{session.pk}/invite/": 10,
        f"{LIST}{session.pk}/invite/?side=peers": 12,
    }
    for rows in (1, 3):
        if rows == 3:
            plan(6)
            plan(7)
            for _ in range(2):
                signed_up_partner(programme)
                person("peer_observer", programme)
        for page, cost in costs.items():
            client.get(page)
            with django_assert_num_queries(cost):
                client.get(page)
