"""Where the terms of an instrument do not allow it, no page shows its wording."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Programme, Role
from accounts.tests.factories import TeamFactory, person
from observations.models import Anchor, Instrument, InstrumentVersion, PracticeRecording
from observations.services import appraisal, instruments, tallies
from observations.services.instruments_seed import OPTION_5
from observations.tests.factories import clinic, settings_of, sheet
from partners.tests.factories import signed_up_partner

pytestmark = pytest.mark.django_db
MARKED = "Zyxwording"


@pytest.fixture
def version(programme: Programme, coordinator: Any) -> InstrumentVersion:
    """OPTION-5 as it is seeded, its terms accepted and its wording typed in, not to be shown."""
    now = timezone.now()
    instruments.seed(programme=programme, by=coordinator, now=now)
    theirs: Instrument = Instrument.objects.get(programme=programme, key=OPTION_5.key)
    instruments.accept_terms(
        instrument=theirs, may_display=False, may_edit=False, by=coordinator, now=now
    )
    found: InstrumentVersion = theirs.versions.get()
    found.items.update(text=f"{MARKED} of what is rated", help=f"{MARKED} of what to look for")
    for mark in range(found.lowest, found.highest + 1):
        Anchor.objects.create(version=found, mark=mark, words=f"{MARKED} {mark}")
    instruments.seal(version=found, by=coordinator, now=now)
    return found


def test_a_clinic_is_observed_without_its_wording_on_any_page(
    version: InstrumentVersion, programme: Programme, client_for: Callable[..., Client]
) -> None:
    today = timezone.localdate()
    settings_of(programme, least_consultations=1, least_observers=1, least_partners=1)
    team = TeamFactory(programme=programme)
    owner = person(Role.CLINICIAN, programme, team=team)
    mo, peer = signed_up_partner(programme), person(Role.PEER_OBSERVER, programme)
    past = today - timedelta(days=40)
    held = clinic(team, owner, version, day=past, status="held", observers=(mo, peer))
    for seat in held.observers.all():
        sheet(seat, 1, [1, 2, 3, 4, 0])
    coming = clinic(team, owner, version, day=today, half="pm", observers=(mo, peer))
    seat = coming.observers.get(partner=mo)
    sheet(seat, 1, [1, 2, 3, 4, 0], submitted=False)
    tallies.recount([held])
    recording = PracticeRecording.objects.create(
        version=version,
        title="A talk",
        where="The shelf",
        minutes=10,
        marks=[1, 2, 3, 4, 0],
        agreed_by="A group",
    )
    user = client_for(mo.user)
    sent = user.post(
        reverse("observations:practice_rate", args=[recording.pk]),
        {"item_1": 4, "item_2": 0, "item_3": 0, "item_4": 0, "item_5": 4},
    )
    rated = user.post(
        reverse("observations:practice_rate", args=[recording.pk]),
        {
            **{f"item_{number}": 4 for number in range(1, 6)},
            "seen": sent.context["form"].wording,
        },
    )

    at = {"clinic": coming.pk, "sheets": coming.pk, "check_sheets": coming.pk}
    by_partner = [
        *(reverse(f"observations:{name}", args=[pk]) for name, pk in at.items()),
        reverse("observations:sheet", args=[coming.pk, 1]),
        reverse("observations:sheet", args=[coming.pk, 2]),
        reverse("observations:check_sheet", args=[coming.pk, 1]),
        reverse("observations:compare_sheets", args=[held.pk, 1]),
        reverse("observations:consensus", args=[held.pk, 1]),
        reverse("observations:instrument_version", args=[version.pk]),
        reverse("observations:practice"),
        rated.url,
    ]
    by_clinician = [
        reverse("observations:clinic", args=[coming.pk]),
        reverse("observations:rate_own", args=[held.pk]),
        reverse("observations:results"),
    ]
    pages = [user.get(url) for url in by_partner] + [sent]
    pages += [client_for(owner).get(url) for url in by_clinician]

    for page in pages:
        assert page.status_code == 200
        assert MARKED not in page.content.decode()
    told = [page for page in pages if "Use the printed sheet." in page.content.decode()]
    assert len(told) >= 6
    assert MARKED not in str(appraisal.method(version))
