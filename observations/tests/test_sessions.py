"""Clinics: planned, agreed to, thought about again, held, counted and called off."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import Message
from accounts.services.people import end_role
from accounts.tests.factories import LONG_AGO, TeamFactory, UserFactory, person
from observations.models import ClinicSession, Observation
from observations.services import sessions, sheets
from observations.services.refusals import SessionError, SheetError
from observations.tests.factories import clinic, sheet, version_of
from partners.tests.factories import PartnerFactory, signed_up_partner

pytestmark = pytest.mark.django_db
DAY = timezone.localdate(LONG_AGO) + timedelta(days=10)


@pytest.fixture
def team(programme):
    return TeamFactory(programme=programme, name="Upper limb")


@pytest.fixture
def clinician(programme, team):
    return person("clinician", programme, team=team, name="Priya Nair", email="priya@example.org")


@pytest.fixture
def version(programme):
    return version_of(programme)


def planned(team, clinician, version, by=None, now=LONG_AGO, **facts):
    values = {"day": DAY, "half": "am", **facts}
    return sessions.plan(
        programme=team.programme,
        team=team,
        clinician=clinician,
        version=version,
        by=by,
        now=now,
        **values,
    )


def told(prefix):
    return sorted(
        Message.objects.filter(kind=prefix, status="waiting").values_list("to_address", flat=True)
    )


def test_plan_asks_the_clinician_without_saying_whose_clinic_it_is(
    team, clinician, version, coordinator
):
    session = planned(team, clinician, version, by=coordinator)

    message = Message.objects.get(kind="clinic_asked")
    assert (session.status, session.history.get().by) == ("asked", coordinator)
    assert message.to_address == "priya@example.org"
    assert message.link == f"/observing/clinics/{session.pk}/"
    assert "Sunday 11 January 2026, in the morning" in message.body


def test_plan_refuses_what_cannot_be(programme, team, clinician, version):
    elsewhere = TeamFactory()
    other_team = person("clinician", programme, team=TeamFactory(programme=programme))
    retired = version_of(programme, status="retired")
    unaccepted = version_of(programme)
    type(unaccepted.instrument).objects.filter(pk=unaccepted.instrument_id).update(
        needs_acceptance=True
    )
    today = timezone.localdate(LONG_AGO)
    wrong = [
        ({"clinician": other_team}, "clinician", "Choose a clinician of this team."),
        ({"clinician": person("staff", programme)}, "clinician", "Choose a clinician"),
        ({"clinician": UserFactory()}, "clinician", "Choose a clinician"),
        ({"version": retired}, "version", "in use"),
        ({"version": unaccepted}, "version", "accepted"),
        ({"version": version_of(elsewhere.programme)}, "version", "in use"),
        ({"day": today - timedelta(days=1)}, "day", "today or a later day"),
        ({"day": today + timedelta(days=400)}, "day", "within a year"),
        ({"half": "night"}, "half", "half-day"),
        ({"place": "Ring 07700 900123"}, "place", "phone number"),
    ]

    for facts, field, words in wrong:
        values = {"clinician": clinician, "version": version, **facts}
        with pytest.raises(SessionError, match=words) as refused:
            planned(team, **values)
        assert refused.value.field == field, facts
    assert not ClinicSession.objects.exists()
    with pytest.raises(SessionError, match="team of this programme"):
        sessions.plan(
            programme=programme,
            team=elsewhere,
            clinician=clinician,
            version=version,
            day=DAY,
            half="am",
            by=None,
            now=LONG_AGO,
        )


def test_plan_takes_leads_and_clinicians_of_the_programme_but_not_whose_role_ended(
    programme, team, version
):
    lead = person("clinical_lead", programme, team=team)
    everywhere = person("clinician", programme)
    gone = person("clinician", programme, team=team)
    end_role(grant=gone.role_grants.get(), by=None, now=LONG_AGO + timedelta(hours=1))

    for one in (lead, everywhere):
        assert planned(team, one, version).clinician == one
    with pytest.raises(SessionError, match="clinician of this team"):
        planned(team, gone, version)


def test_clinic_is_planned_once_a_half_day_until_it_is_called_off(
    programme, team, clinician, version, coordinator
):
    other_team = TeamFactory(programme=programme)
    everywhere = person("clinician", programme)
    session = planned(team, everywhere, version)

    with pytest.raises(SessionError, match="planned already"):
        planned(other_team, everywhere, version)
    assert planned(team, everywhere, version, half="pm").half == "pm"
    sessions.cancel(session=session, by=coordinator, now=LONG_AGO, why="The room is taken")

    assert planned(other_team, everywhere, version).team == other_team


def test_observers_are_told_once_the_clinician_agrees_and_not_before(
    programme, team, clinician, version
):
    session = planned(team, clinician, version)
    partner = PartnerFactory(programme=programme, email="una@example.org")
    peer = person("peer_observer", programme, email="peter@example.org")
    sessions.invite(session=session, partners=[partner], people=[peer], by=None, now=LONG_AGO)
    assert told("clinic_invited") == []

    sessions.agree(session=session, by=clinician, now=LONG_AGO)

    assert session.status == "agreed"
    assert told("clinic_invited") == ["peter@example.org", "una@example.org"]
    assert not Message.objects.filter(kind="clinic_invited", body__contains="Priya").exists()


def test_clinician_thinks_again_and_again_and_everybody_is_told_each_time(
    programme, team, clinician, version, coordinator
):
    session = planned(team, clinician, version, by=coordinator)
    una = PartnerFactory(programme=programme, email="una@example.org")
    sessions.invite(session=session, partners=[una], by=None, now=LONG_AGO)

    sessions.agree(session=session, by=clinician, now=LONG_AGO)
    sessions.decline(session=session, by=clinician, now=LONG_AGO)

    assert told("clinic_invited") == []
    assert told("clinic_off") == ["una@example.org"]
    assert told("clinic_declined") == ["cora@example.org"]
    off = Message.objects.get(kind="clinic_off")
    assert "clinician" not in off.body
    sessions.agree(session=session, by=clinician, now=LONG_AGO)
    assert told("clinic_invited") == ["una@example.org"]
    assert [row.why for row in session.history.all()] == [""] * 4


def test_clinician_who_never_agreed_declines_and_no_observer_hears_of_it(
    programme, team, clinician, version
):
    session = planned(team, clinician, version)
    una = PartnerFactory(programme=programme, email="una@example.org")
    sessions.invite(session=session, partners=[una], by=None, now=LONG_AGO)

    sessions.decline(session=session, by=clinician, now=LONG_AGO)

    assert session.status == "declined"
    assert not Message.objects.filter(to_address="una@example.org").exists()


def test_nobody_answers_for_the_clinician(team, clinician, version, coordinator):
    session = planned(team, clinician, version)

    for do in (sessions.agree, sessions.decline):
        with pytest.raises(SessionError, match="Only the clinician"):
            do(session=session, by=coordinator, now=LONG_AGO)


def test_agreement_ends_with_the_day(team, clinician, version):
    session = planned(team, clinician, version)

    with pytest.raises(SessionError, match="nothing to say yes to"):
        sessions.agree(session=session, by=clinician, now=LONG_AGO + timedelta(days=11))


def test_first_sheet_ends_thinking_again_and_calling_off(
    programme, team, clinician, version, coordinator
):
    session = clinic(
        team, clinician, version, day=DAY, observers=[PartnerFactory(programme=programme)]
    )
    sheet(session.observers.get(), submitted=False, decision="")

    with pytest.raises(SessionError, match="begun to rate"):
        sessions.decline(session=session, by=clinician, now=LONG_AGO)
    with pytest.raises(SessionError, match="called off any more"):
        sessions.cancel(session=session, by=coordinator, now=LONG_AGO, why="Snow")


def test_cancelling_says_why_to_whoever_knew(programme, team, clinician, version, coordinator):
    una, tom = (
        PartnerFactory(programme=programme, email=f"{name}@example.org") for name in ("una", "tom")
    )
    session = clinic(team, clinician, version, day=DAY, observers=[una, tom])
    session.observers.filter(partner=tom).update(answer="no")

    with pytest.raises(SessionError, match="why"):
        sessions.cancel(session=session, by=coordinator, now=LONG_AGO, why="  ")
    with pytest.raises(SessionError, match="NHS number"):
        sessions.cancel(session=session, by=coordinator, now=LONG_AGO, why="For 943 476 5919")
    sessions.cancel(session=session, by=coordinator, now=LONG_AGO, why="The lift is broken")

    assert session.status == "cancelled"
    assert told("clinic_off") == ["priya@example.org", "una@example.org"]
    assert "The lift is broken" in Message.objects.filter(kind="clinic_off")[0].body


def test_clinic_is_held_once_and_only_when_agreed(team, clinician, version):
    session = clinic(team, clinician, version, day=DAY)
    asked = planned(team, clinician, version, half="pm")

    sessions.hold(session=session, by=None, now=LONG_AGO)
    sessions.hold(session=session, by=None, now=LONG_AGO)

    assert list(session.history.values_list("to_status", flat=True)) == ["held"]
    with pytest.raises(SessionError, match="not agreed to"):
        sessions.hold(session=asked, by=None, now=LONG_AGO)


@pytest.mark.parametrize(
    ("numbers", "field", "words"),
    [
        ((8, 6, 3), "asked", "make 9, which is more than the 8"),
        ((101, 6, 3), "asked", "from 0 to 100"),
        ((8, -1, 3), "said_yes", "from 0 to 100"),
    ],
)
def test_counts_that_do_not_add_up_are_refused(team, clinician, version, numbers, field, words):
    session = clinic(team, clinician, version, day=timezone.localdate(LONG_AGO))
    asked, said_yes, said_no = numbers

    with pytest.raises(SessionError, match=words) as refused:
        sessions.count_patients(
            session=session,
            asked=asked,
            said_yes=said_yes,
            said_no=said_no,
            by=clinician,
            now=LONG_AGO,
        )

    assert refused.value.field == field


def test_counts_are_kept_from_the_day_on_and_put_right_later(team, clinician, version):
    session = clinic(team, clinician, version, day=DAY)
    numbers = {"said_yes": 6, "said_no": 1, "session": session, "by": clinician}

    with pytest.raises(SessionError, match="from the day"):
        sessions.count_patients(asked=8, now=LONG_AGO, **numbers)
    for asked in (8, 7):
        sessions.count_patients(asked=asked, now=LONG_AGO + timedelta(days=10), **numbers)

    session.refresh_from_db()
    assert (session.asked, session.said_yes, session.said_no) == (7, 6, 1)


@pytest.mark.parametrize(
    ("answers", "lacks"),
    [
        ({"partner": "yes", "peer": "yes"}, ""),
        ({"partner": "yes", "peer": "invited"}, "Needs a peer"),
        ({"partner": "no", "peer": "yes"}, "Needs a partner"),
        ({}, "Needs a partner and a peer"),
    ],
)
def test_clinic_goes_ahead_with_a_partner_and_a_peer_who_said_yes(
    programme, team, clinician, version, answers, lacks
):
    made = {
        "partner": lambda: PartnerFactory(programme=programme),
        "peer": lambda: person("peer_observer", programme),
    }
    session = clinic(
        team, clinician, version, day=DAY, observers=[made[side]() for side in answers]
    )
    for seat, said in zip(session.observers.order_by("pk"), answers.values(), strict=True):
        type(seat).objects.filter(pk=seat.pk).update(answer=said)

    assert sessions.needs(list(session.observers.all())) == lacks


def test_what_waits_is_told_to_whom_it_waits_for(programme, team, clinician, version):
    una = signed_up_partner(programme)
    today = timezone.localdate(LONG_AGO)
    asked = planned(team, clinician, version)
    sessions.invite(session=asked, partners=[una], by=None, now=LONG_AGO)
    invited = clinic(team, clinician, version, day=DAY, half="pm", observers=[una])
    invited.observers.update(answer="invited")
    begun, over, _long_ago = (
        clinic(
            team,
            clinician,
            version,
            day=today - timedelta(days=days),
            status="held",
            observers=[una],
        )
        for days in (1, 2, 40)
    )
    sheet(begun.observers.get(), submitted=False, decision="")
    coming = clinic(team, clinician, version, day=DAY + timedelta(days=2), observers=[una])

    assert [(one.what, one.session) for one in sessions.waiting_for(una.user, LONG_AGO)] == [
        ("debrief", over),
        ("sheets", begun),
        ("answer", invited),
    ]
    assert [(one.what, one.session) for one in sessions.waiting_for(clinician, LONG_AGO)] == [
        ("counts", over),
        ("counts", begun),
        ("agree", asked),
    ]
    assert sessions.next_to_observe(una.user, LONG_AGO) == coming
    assert sessions.next_to_observe(clinician, LONG_AGO) is None
    assert sessions.waiting_for(person("clinician", programme), LONG_AGO) == []


@pytest.mark.django_db(transaction=True)
def test_clinician_declines_while_the_first_sheet_begins(programme, team, clinician, version):
    una = signed_up_partner(programme)
    trials = [
        clinic(team, clinician, version, day=DAY + timedelta(days=number), observers=[una])
        for number in range(20)
    ]
    then = LONG_AGO + timedelta(days=40)
    start = threading.Barrier(2)
    outcomes = {trial.pk: [] for trial in trials}

    def declines():
        try:
            for trial in trials:
                start.wait(30)
                try:
                    sessions.decline(session=trial, by=clinician, now=LONG_AGO)
                    outcomes[trial.pk].append("declined")
                except SessionError:
                    pass
        finally:
            connection.close()

    def begins():
        try:
            for trial in trials:
                start.wait(30)
                try:
                    seat = trial.observers.get()
                    sheets.begin(observer=seat, number=1, by=una.user, now=then)
                    outcomes[trial.pk].append("begun")
                except SheetError:
                    pass
        finally:
            connection.close()

    threads = [threading.Thread(target=one) for one in (declines, begins)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert all(len(outcome) == 1 for outcome in outcomes.values()), outcomes
    for trial in trials:
        trial.refresh_from_db()
        has_sheet = Observation.objects.filter(consultation__session=trial).exists()
        assert has_sheet == (trial.status == "agreed")
