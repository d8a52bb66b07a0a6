"""How it was to observe: the observer's own, but for the wish to talk."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.tests.factories import LONG_AGO, TeamFactory, person
from observations.models import Debrief
from observations.services import debriefs
from observations.services.refusals import SessionError
from observations.tests.factories import clinic, version_of
from partners.tests.factories import signed_up_partner

pytestmark = pytest.mark.django_db
HOURS = timedelta(hours=1)


@pytest.fixture
def una(programme):
    return signed_up_partner(programme, name="Una Marsh")


@pytest.fixture
def seat(programme, una):
    team = TeamFactory(programme=programme)
    today = timezone.localdate(LONG_AGO)
    clinician = person("clinician", programme, team=team)
    session = clinic(team, clinician, version_of(programme), day=today, observers=[una])
    return session.observers.get()


def said(seat, by, now=LONG_AGO, **facts):
    values = {"feeling": "hard", "note": "", "wants_talk": True, **facts}
    return debriefs.say(observer=seat, by=by, now=now, **values)


def test_debrief_is_kept_and_changed_by_its_observer_alone(seat, una, coordinator):
    said(seat, una.user, note="It stirred things up")
    changed = said(seat, una.user, feeling="mixed", note="Better now", wants_talk=False)

    assert Debrief.objects.get() == changed
    assert (changed.feeling, changed.note, changed.wants_talk) == ("mixed", "Better now", False)
    with pytest.raises(SessionError, match="observer alone"):
        said(seat, coordinator)


@pytest.mark.parametrize(
    ("facts", "field", "words"),
    [
        ({"note": "Ring her on 07700 900123"}, "note", "phone number"),
        ({"note": "mo@example.org said so"}, "note", "e-mail address"),
        ({"note": "x" * 2001}, "note", "Shorten"),
        ({"feeling": "odd"}, "feeling", "from the list"),
    ],
)
def test_debrief_refuses_what_cannot_be_kept(seat, una, facts, field, words):
    with pytest.raises(SessionError, match=words) as refused:
        said(seat, una.user, **facts)

    assert refused.value.field == field
    assert not Debrief.objects.exists()


def test_debrief_is_for_after_the_clinic_and_for_whoever_came(seat, una):
    with pytest.raises(SessionError, match="after the clinic"):
        said(seat, una.user, now=LONG_AGO - timedelta(days=1))
    type(seat).objects.update(answer="no")
    with pytest.raises(SessionError, match="after the clinic"):
        said(seat, una.user)


def test_wish_to_talk_waits_until_they_talked_and_may_be_wished_again(seat, una, coordinator):
    row = said(seat, una.user)
    assert Debrief.objects.visible_to(coordinator).to_talk().get() == row

    debriefs.talked(debrief=row, by=coordinator, now=LONG_AGO + HOURS)
    assert not Debrief.objects.to_talk().exists()
    said(seat, una.user, now=LONG_AGO + 2 * HOURS)
    assert not Debrief.objects.to_talk().exists()  # said again, and nothing new in it
    said(seat, una.user, now=LONG_AGO + 3 * HOURS, note="There is more")
    assert Debrief.objects.to_talk().exists()

    said(seat, una.user, now=LONG_AGO + 4 * HOURS, wants_talk=False)
    with pytest.raises(SessionError, match="any more"):
        debriefs.talked(debrief=row, by=coordinator, now=LONG_AGO + 5 * HOURS)
