"""Who may observe a clinic, by rule; inviting, answering and taking back."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import Message
from accounts.services.people import grant_role, leave
from accounts.tests.factories import LONG_AGO, TeamFactory, person
from observations.models import Calibration, Observer
from observations.services import sessions
from observations.services.observers import (
    partner_candidates,
    peer_candidates,
    reasons,
    take_back,
)
from observations.services.refusals import SessionError
from observations.tests.factories import clinic, settings_of, sheet, version_of
from partners.models import Pause
from partners.services.conflicts import declare
from partners.services.conflicts import take_back as take_back_conflict
from partners.tests.factories import PartnerFactory, signed_up_partner

pytestmark = pytest.mark.django_db
DAY = timezone.localdate(LONG_AGO) + timedelta(days=10)
TOGETHER = "They are not to work together."


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
def session(team, clinician, version):
    return clinic(team, clinician, version, day=DAY)


def test_partners_and_peers_may_observe(programme, team, session):
    fit = [
        PartnerFactory(programme=programme),
        person("peer_observer", programme),
        person("clinician", programme, team=team),
        person("clinical_lead", programme, team=TeamFactory(programme=programme)),
    ]

    assert [sessions.why_not(session, one) for one in fit] == [""] * 4


def test_nobody_observes_themselves(programme, clinician, session):
    same = PartnerFactory(programme=programme, user=clinician)

    assert sessions.why_not(session, clinician) == "They are the clinician of this clinic."
    assert sessions.why_not(session, same) == "They are the clinician of this clinic."


@pytest.mark.parametrize("side", ["observer", "clinician", "team"])
@pytest.mark.parametrize("who", ["partner", "peer"])
def test_declared_conflict_keeps_apart_whichever_side_declared(
    programme, team, clinician, session, side, who
):
    one = (
        PartnerFactory(programme=programme) if who == "partner" else person("clinician", programme)
    )
    own = {"partner": one} if who == "partner" else {"person": one}
    other = {"with_partner": one} if who == "partner" else {"with_person": one}
    by = person("coordinator", programme)
    facts = {
        "observer": {**own, "with_person": clinician},
        "clinician": {"person": clinician, **other},
        "team": {**own, "with_team": team},
    }[side]
    unrelated = PartnerFactory(programme=programme)

    conflict = declare(programme=programme, by=by, now=LONG_AGO, **facts)

    assert sessions.why_not(session, one) == TOGETHER
    assert sessions.why_not(session, unrelated) == ""
    take_back_conflict(conflict=conflict, by=by, now=LONG_AGO)
    assert sessions.why_not(session, one) == ""


def test_lead_of_the_clinicians_team_counts_as_their_manager(programme, team, session):
    own = person("clinical_lead", programme, team=team)
    everywhere = person("clinical_lead", programme)
    both = person("clinician", programme)
    grant_role(
        user=both, programme=programme, role="clinical_lead", by=None, now=LONG_AGO, team=team
    )

    for one in (own, everywhere, both):
        assert sessions.why_not(session, one) == "They lead the clinician’s team."


def test_whoever_takes_no_part_does_not_observe(programme, session):
    left = PartnerFactory(programme=programme, status="left")
    on_break = PartnerFactory(programme=programme, status="on_break")
    enquiring = PartnerFactory(programme=programme, status="enquiry")
    away = PartnerFactory(programme=programme)
    Pause.objects.create(partner=away, starts_on=DAY, ends_on=DAY, added_at=LONG_AGO)
    back = PartnerFactory(programme=programme)
    Pause.objects.create(
        partner=back,
        starts_on=DAY - timedelta(days=5),
        ends_on=DAY - timedelta(days=1),
        added_at=LONG_AGO,
    )
    elsewhere = PartnerFactory()
    staff = person("staff", programme)
    of_elsewhere = person("clinician", elsewhere.programme)
    partner = signed_up_partner(programme)
    grant_role(user=partner.user, programme=programme, role="peer_observer", by=None, now=LONG_AGO)
    gone = person("clinician", programme)
    leave(user=gone, by=None, now=LONG_AGO + timedelta(hours=1))
    gone.refresh_from_db()

    assert {
        one: sessions.why_not(session, one)
        for one in (left, on_break, enquiring, away, back, elsewhere)
    } == {
        left: "They have left the programme.",
        on_break: "They are on a break.",
        enquiring: "They are at the stage “Enquiry”.",
        away: "They are on a break.",
        back: "",
        elsewhere: "They belong to another programme.",
    }
    nobody = "They are no clinician or peer observer of this programme."
    assert sessions.why_not(session, staff) == nobody
    assert sessions.why_not(session, of_elsewhere) == nobody
    assert "invite them as a partner" in sessions.why_not(session, partner.user)
    assert sessions.why_not(session, gone) == "Their sign-in is closed."


def test_only_calibrated_people_observe_where_the_programme_says_so(programme, version, session):
    partner, peer = PartnerFactory(programme=programme), person("peer_observer", programme)
    fit = PartnerFactory(programme=programme)
    facts = {"version": version, "recordings": 3, "distance": 0, "bias": 0}
    Calibration.objects.create(partner=fit, from_on=DAY, until_on=DAY, **facts)
    Calibration.objects.create(
        partner=partner,
        from_on=DAY - timedelta(days=9),
        until_on=DAY - timedelta(days=1),
        **facts,
    )
    assert set(reasons(session, partners=[partner, fit], people=[peer]).values()) == {""}

    settings_of(programme, must_be_calibrated=True)

    practise = "They are to practise on recordings first."
    assert reasons(session, partners=[partner, fit], people=[peer]) == {
        partner: practise,
        fit: "",
        peer: practise,
    }


def test_nobody_is_in_two_clinics_at_once(programme, team, version, session):
    partner, peer, other = (
        PartnerFactory(programme=programme),
        person("peer_observer", programme),
        person("clinician", programme, team=team),
    )
    busy = clinic(team, other, version, day=DAY, observers=[partner, peer], status="asked")

    assert reasons(session, partners=[partner], people=[peer, other]) == {
        partner: "They observe another clinic that half-day.",
        peer: "They observe another clinic that half-day.",
        other: "They have a clinic of their own that half-day.",
    }
    type(busy).objects.filter(pk=busy.pk).update(status="cancelled")
    assert set(reasons(session, partners=[partner], people=[peer, other]).values()) == {""}


def test_reasons_cost_the_same_for_one_and_for_three(programme, session, django_assert_num_queries):
    partners = PartnerFactory.create_batch(3, programme=programme)
    peers = [person("peer_observer", programme) for _ in range(3)]
    settings_of(programme, must_be_calibrated=True)

    for count in (1, 3):
        with django_assert_num_queries(12):
            reasons(session, partners=partners[:count], people=peers[:count])


def test_invitation_is_refused_in_a_sentence_for_each_and_nobody_is_invited(
    programme, clinician, session
):
    fit, apart = (
        PartnerFactory(programme=programme),
        PartnerFactory(programme=programme, name="Ann"),
    )
    declare(programme=programme, by=clinician, now=LONG_AGO, person=clinician, with_partner=apart)

    with pytest.raises(SessionError) as refused:
        sessions.invite(session=session, partners=[fit, apart], by=None, now=LONG_AGO)

    assert str(refused.value) == f"Ann: {TOGETHER}"
    assert not session.observers.exists()


def test_somebody_invited_already_is_not_invited_twice_but_asked_again_after_a_no(
    programme, session
):
    partner = PartnerFactory(programme=programme, email="una@example.org")
    seat = sessions.invite(session=session, partners=[partner], by=None, now=LONG_AGO)[0]

    with pytest.raises(SessionError, match="invited already"):
        sessions.invite(session=session, partners=[partner], by=None, now=LONG_AGO)
    sessions.answer(observer=seat, yes=False, by=None, now=LONG_AGO)
    again = sessions.invite(
        session=session, partners=[partner], by=None, now=LONG_AGO + timedelta(hours=1)
    )[0]

    assert (again.pk, again.answer) == (seat.pk, "invited")
    assert Message.objects.filter(kind="clinic_invited").count() == 2


def test_answers_wait_for_the_clinician_and_end_with_the_day(programme, team, clinician, version):
    partner = PartnerFactory(programme=programme)
    asked = clinic(
        team, clinician, version, day=DAY, half="pm", status="asked", observers=[partner]
    )
    agreed = clinic(
        team, clinician, version, day=DAY, observers=[PartnerFactory(programme=programme)]
    )

    for observer, now in ((asked.observers.get(), LONG_AGO), (agreed.observers.get(), None)):
        with pytest.raises(SessionError, match="no longer be answered"):
            sessions.answer(
                observer=observer, yes=True, by=None, now=now or LONG_AGO + timedelta(days=11)
            )


def test_whoever_rated_was_there(programme, session):
    seat = sessions.invite(
        session=session, partners=[PartnerFactory(programme=programme)], by=None, now=LONG_AGO
    )[0]
    sessions.answer(observer=seat, yes=True, by=None, now=LONG_AGO)
    sheet(seat, submitted=False, decision="")

    with pytest.raises(SessionError, match="you were there"):
        sessions.answer(observer=seat, yes=False, by=None, now=LONG_AGO)
    with pytest.raises(SessionError, match="what was rated stands"):
        take_back(observer=seat, by=None, now=LONG_AGO)


def test_conflict_declared_meanwhile_stops_the_yes_and_tells_nothing(programme, clinician, session):
    partner = PartnerFactory(programme=programme)
    seat = sessions.invite(session=session, partners=[partner], by=None, now=LONG_AGO)[0]
    declare(programme=programme, by=clinician, now=LONG_AGO, person=clinician, with_partner=partner)

    with pytest.raises(SessionError) as refused:
        sessions.answer(observer=seat, yes=True, by=None, now=LONG_AGO)

    assert "together" not in str(refused.value)
    assert "conflict" not in str(refused.value)
    assert sessions.answer(observer=seat, yes=False, by=None, now=LONG_AGO).answer == "no"


def test_invitation_taken_back_is_told_and_may_be_given_again(programme, session):
    partner = PartnerFactory(programme=programme, email="una@example.org")
    seat = sessions.invite(session=session, partners=[partner], by=None, now=LONG_AGO)[0]

    take_back(observer=seat, by=None, now=LONG_AGO)

    assert Message.objects.get(kind="clinic_taken_back").to_address == "una@example.org"
    assert Message.objects.get(kind="clinic_invited").status == "cancelled"
    sessions.invite(session=session, partners=[partner], by=None, now=LONG_AGO + timedelta(hours=1))
    assert Observer.objects.get().ended_at is None


def test_candidates_who_waited_longest_stand_first_and_the_invited_do_not(
    programme, team, clinician, version, session
):
    lately, long_ago, never, invited = (
        PartnerFactory(programme=programme, name=f"Robin {name}") for name in ("A", "B", "C", "D")
    )
    peer, lead = person("peer_observer", programme), person("clinical_lead", programme, team=team)
    for days, partner in ((2, lately), (60, long_ago)):
        clinic(
            team,
            clinician,
            version,
            day=DAY - timedelta(days=days),
            status="held",
            observers=[partner, peer],
        )
    sessions.invite(session=session, partners=[invited], by=None, now=LONG_AGO)

    found = list(partner_candidates(session))

    assert found == [never, long_ago, lately]
    assert [one.last_observed for one in found] == [
        None,
        DAY - timedelta(days=60),
        DAY - timedelta(days=2),
    ]
    assert list(peer_candidates(session)) == [lead, peer]


@pytest.mark.django_db(transaction=True)
def test_two_coordinators_invite_the_same_partner_at_once(programme, team, version):
    partner = PartnerFactory(programme=programme, email=None)
    pairs = []
    for number in range(15):
        one, two = (person("clinician", programme, team=team) for _ in range(2))
        day = DAY + timedelta(days=number)
        pairs.append([clinic(team, who, version, day=day) for who in (one, two)])
    start = threading.Barrier(2)
    said = [[] for _ in pairs]

    def invites(which):
        try:
            for number, pair in enumerate(pairs):
                # The same clinic every second time, two clinics of one half-day else.
                session = pair[0] if number % 2 else pair[which]
                start.wait(30)
                try:
                    sessions.invite(session=session, partners=[partner], by=None, now=LONG_AGO)
                    said[number].append("invited")
                except SessionError as refusal:
                    said[number].append(str(refusal))
        finally:
            connection.close()

    threads = [threading.Thread(target=invites, args=(which,)) for which in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [outcome.count("invited") for outcome in said] == [1] * len(pairs), said
    assert Observer.objects.count() == len(pairs)
