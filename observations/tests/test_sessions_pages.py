"""The pages of clinics: the clinician's, the observers', and nobody else's."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.tests.factories import ProgrammeFactory, TeamFactory, person
from observations.services import sessions, sheets
from observations.tests.factories import clinic, sheet, version_of
from partners.tests.factories import PartnerFactory, signed_up_partner

pytestmark = pytest.mark.django_db


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
    def planned(days=0, observers=(), place="", **facts):
        values = {"day": timezone.localdate(now) + timedelta(days=days), **facts}
        session = clinic(team, clinician, version, observers=observers, now=now, **values)
        type(session).objects.filter(pk=session.pk).update(place=place)
        return session

    return planned


def text_of(client, path, status=200):
    answer = client.get(path)
    assert answer.status_code == status, path
    return answer.content.decode()


def test_clinician_is_asked_says_yes_and_thinks_again(client_for, plan, clinician, una):
    session = plan(7, [una], status="asked")
    page = f"/observing/clinics/{session.pk}/"
    client = client_for(clinician)

    assert "Please say yes, or not this time" in text_of(client, "/observing/clinics/")
    text = text_of(client, page)
    for words in ("May we observe this clinic?", "Una Marsh, partner", "Who sees what", "Item 3"):
        assert words in text
    text = client.post(f"{page}agree/", follow=True).content.decode()
    assert "You agreed to this" in text
    text = client.post(f"{page}decline/", follow=True).content.decode()

    assert "You said not this time" in text
    session.refresh_from_db()
    assert session.status == "declined"


def test_observer_hears_of_a_clinic_once_its_clinician_agreed(
    client_for, plan, clinician, una, now
):
    session = plan(7, [una], status="asked")
    page = f"/observing/clinics/{session.pk}/"
    client = client_for(una.user)
    assert "No clinic to observe is coming" in text_of(client, "/observing/")
    text_of(client, page, 404)

    sessions.agree(session=session, by=clinician, now=now)
    assert "Priya Nair" in text_of(client, "/observing/")
    assert "Who sees what" in text_of(client, page)
    sessions.decline(session=session, by=clinician, now=now)

    text = text_of(client, page)
    assert "is not observed after all" in text
    assert "Not this time" not in text


def test_observer_answers_and_is_told_what_to_bring(client_for, plan, una, peter):
    session = plan(7, [una, peter])
    session.observers.filter(partner=una).update(answer="invited")
    page = f"/observing/clinics/{session.pk}/"
    client = client_for(una.user)

    assert "Please tell us if you can come" in text_of(client, "/observing/")
    assert "Can you come?" in text_of(client, page)
    text = client.post(f"{page}answer/", {"answer": "yes"}, follow=True).content.decode()
    for words in ("You told us that you are coming", "What to bring", "Peter Holm, peer"):
        assert words in text
    assert "Start a sheet" not in text
    text = client.post(f"{page}answer/", {"answer": "perhaps"}, follow=True).content.decode()
    assert "Choose whether you can come" in text
    text = client.post(f"{page}answer/", {"answer": "no"}, follow=True).content.decode()
    assert "We ask somebody else" in text


def test_sheets_start_on_the_day_for_whoever_said_yes(client_for, plan, una, peter, now):
    session = plan(0, [una, peter])
    page = f"/observing/clinics/{session.pk}/"
    client = client_for(una.user)
    assert f"/observing/{session.pk}/1/" in text_of(client, page)
    sheet(session.observers.get(partner=una), 1, submitted=False, decision="")

    text = text_of(client, page)
    assert "Consultation 1" in text
    assert f"/observing/{session.pk}/2/" in text

    session.observers.filter(person=peter).update(answer="no")
    other = plan(0, [una], half="pm")
    text = text_of(client, f"/observing/clinics/{other.pk}/")
    assert "still needs a peer" in text
    assert "Start a sheet" in text
    seat = other.observers.get(partner=una)
    assert sheets.begin(observer=seat, number=1, by=una.user, now=now).pk


def test_clinic_is_hidden_from_whoever_it_does_not_concern(client_for, plan, programme, una):
    session = plan(0, [una])
    elsewhere = ProgrammeFactory()
    page = f"/observing/clinics/{session.pk}/"

    for somebody in (
        signed_up_partner(programme).user,
        person("clinician", programme),
        person("peer_observer", programme),
        person("clinical_lead", programme, team=session.team),
        person("coordinator", elsewhere),
    ):
        text_of(client_for(somebody), page, 404)
    client = client_for(una.user)
    text_of(client, f"{page}patients/", 403)
    other = client_for(person("clinician", programme))
    for name in ("patients/", "afterwards/"):
        text_of(other, f"{page}{name}", 404)
    for name in ("agree/", "decline/", "answer/"):
        assert other.post(f"{page}{name}", {"answer": "yes"}).status_code == 404
    text_of(client_for(person("staff", programme)), page, 403)


def test_counts_that_do_not_add_up_stand_beside_their_field_and_stay_typed(
    client_for, plan, clinician
):
    session = plan()
    page = f"/observing/clinics/{session.pk}/patients/"
    client = client_for(clinician)

    text = client.post(page, {"asked": "8", "said_yes": "6", "said_no": "3"}).content.decode()
    assert "<title>Error:" in text
    assert "make 9, which is more than the 8" in text
    assert 'value="6"' in text
    text = client.post(page, {"asked": "eight", "said_yes": "", "said_no": "3"}).content.decode()
    assert "Enter a number, like 8" in text
    assert 'value="eight"' in text
    numbers = {"asked": "9", "said_yes": "6", "said_no": "3"}
    assert (
        "9 asked, 6 said yes, 3 said no" in client.post(page, numbers, follow=True).content.decode()
    )


def test_counts_wait_for_the_day(client_for, plan, clinician):
    session = plan(2)

    text_of(client_for(clinician), f"/observing/clinics/{session.pk}/patients/", 403)


def test_debrief_is_ones_own_and_keeps_what_was_typed(client_for, plan, una, peter, clinician):
    session = plan(0, [una, peter])
    page = f"/observing/clinics/{session.pk}/afterwards/"
    client = client_for(una.user)

    text = client.post(page, {"note": "Ring 07700 900123 please"}).content.decode()
    assert "Choose how it was" in text
    assert "looks like a phone number" in text
    assert "Ring 07700 900123 please" in text
    typed = {"feeling": "hard", "note": "My own story came up", "wants_talk": "on"}
    text = client.post(page, typed, follow=True).content.decode()
    assert "Your coordinator knows that you would like to talk" in text
    assert "My own story" in text_of(client, page)

    assert "My own story" not in text_of(client_for(peter), page)
    text_of(client_for(clinician), page, 404)
    assert "My own story" not in text_of(client_for(clinician), f"/observing/clinics/{session.pk}/")


def test_debrief_is_not_for_whoever_did_not_come(client_for, plan, una):
    session = plan(0, [una])
    session.observers.update(answer="no")

    text_of(client_for(una.user), f"/observing/clinics/{session.pk}/afterwards/", 403)


def test_past_clinics_stand_by_themselves(client_for, plan, clinician, una):
    plan(-7, [una], status="held", place="Room 9")
    plan(3, [una], place="Room 4")

    for client, page in (
        (client_for(clinician), "/observing/clinics/"),
        (client_for(una.user), "/observing/"),
    ):
        coming, past = text_of(client, page), text_of(client, f"{page}?when=past")
        assert ("Room 4" in coming, "Room 9" in coming) == (True, False)
        assert ("Room 4" in past, "Room 9" in past) == (False, True)


def test_lists_cost_the_same_for_one_and_for_three(
    client_for, plan, clinician, una, django_assert_num_queries
):
    pages = ((clinician, "/observing/clinics/", 5), (una.user, "/observing/", 5))
    for days in (1, 2, 3):
        plan(days, [una, PartnerFactory(programme=una.programme)])
        if days == 2:
            continue
        for user, page, cost in pages:
            client = client_for(user)
            client.get(page)
            with django_assert_num_queries(cost):
                client.get(page)
