"""Pages of results: who reads what, and that a page changes nothing."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Programme, Role, User
from accounts.tests.factories import ProgrammeFactory, TeamFactory, person
from observations.models import (
    AppraisalPdf,
    ClinicSession,
    ObservationSettings,
    Reflection,
    SelfRating,
)
from observations.services import appraisal_pdf, comments, reflections
from observations.tests.results_factories import (
    NOW,
    Observed,
    comment,
    held,
    observed,
    reflection,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
DAYS = tuple(date(2026, month, 3) for month in (2, 5, 8, 10))
QUERIES = 15
SignIn = Callable[..., Client]


@pytest.fixture
def there(programme: Programme, coordinator: User) -> Observed:
    return observed(programme, coordinator)


def at(name: str, *args: int) -> str:
    return reverse(f"observations:{name}", args=args)


def text_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def released(there: Observed) -> Reflection:
    row = reflection(there)
    return reflections.release(reflection=row, by=there.clinician, now=NOW)


def group(there: Observed) -> list[User]:
    """Five more clinicians of the team, all observed."""
    others = [
        person(Role.CLINICIAN, there.programme, team=there.team, name=f"Other {number}")
        for number in range(5)
    ]
    for other in others:
        held(there, *DAYS, clinician=other)
    return others


def test_clinician_reads_sides_beside_each_other(there: Observed, client_for: SignIn) -> None:
    rows = held(there, *DAYS)
    said = comment(rows[0], "Time to think")
    comments.clear(comment=said, text="Time to think", theme=None, by=there.coordinator, now=NOW)
    comment(rows[1], "Not read yet")

    page = text_of(client_for(there.clinician), at("results"))

    assert "What was seen, item by item" in page
    assert "Partners 1" in page
    assert "Peers 2" in page
    assert "Time to think" in page
    assert "Not read yet" not in page
    assert there.partner.name not in page
    assert there.peer.name not in page


def test_below_the_minimum_there_are_words_only(there: Observed, client_for: SignIn) -> None:
    held(there, DAYS[0])

    page = text_of(client_for(there.clinician), at("results"))

    assert "1 more consultation" in page
    assert "app-chart" not in page


def test_new_clinician_is_told_what_will_be_here(there: Observed, client_for: SignIn) -> None:
    assert "Your results will stand here" in text_of(client_for(there.clinician), at("results"))
    assert client_for(there.clinician).get(at("reflect")).status_code == 404


def test_another_teams_series_is_not_there(there: Observed, client_for: SignIn) -> None:
    held(there, *DAYS)
    other = TeamFactory(programme=there.programme)
    client = client_for(there.clinician)

    for wanted in (f"{other.pk}-{there.version.pk}", "x", "1-"):
        assert client.get(at("results"), {"of": wanted}).status_code == 404


def test_nothing_changes_on_get(there: Observed, client_for: SignIn) -> None:
    held(there, *DAYS)
    row = reflection(there)
    client = client_for(there.clinician)
    session = ClinicSession.objects.first()
    assert session is not None

    for name in ("reflection", "rewrite_reflection", "release_reflection"):
        assert client.get(at(name, row.pk)).status_code == 200
    assert client.get(at("rate_own", session.pk)).status_code == 200
    assert client.get(at("ask_for_paper", row.pk)).status_code == 405

    row.refresh_from_db()
    assert row.status == "private"
    assert not AppraisalPdf.objects.exists()
    assert not SelfRating.objects.exists()


def test_reading_makes_no_settings(there: Observed, client_for: SignIn) -> None:
    ObservationSettings.objects.all().delete()

    client_for(there.clinician).get(at("results"))
    client_for(there.coordinator).get(at("programme_results"))

    assert not ObservationSettings.objects.exists()


def test_lead_opens_what_was_released_and_nothing_else(there: Observed, client_for: SignIn) -> None:
    held(there, *DAYS)
    row = released(there)
    client = client_for(there.lead)

    page = text_of(client, at("released_reflection", row.pk))
    assert "Ada Khan" in page
    assert "I rush at the end." in page
    assert there.partner.name not in page
    reflections.take_back(reflection=row, by=there.clinician, now=NOW)

    assert client.get(at("released_reflection", row.pk)).status_code == 404
    assert client.get(at("reflection", row.pk)).status_code == 404
    assert "Ada Khan" not in text_of(client, at("team_result", there.team.pk))


def test_released_page_is_of_its_months_alone(there: Observed, client_for: SignIn) -> None:
    held(there, *DAYS)
    row = reflection(there, date(2026, 5, 1), date(2026, 8, 1))
    reflections.release(reflection=row, by=there.clinician, now=NOW)

    page = text_of(client_for(there.lead), at("released_reflection", row.pk))

    assert "From 2 consultations" in page


@pytest.mark.parametrize("who", ["coordinator", "peer", "clinician", "other_lead", "elsewhere"])
def test_released_results_are_the_leads_alone(
    there: Observed, client_for: SignIn, who: str
) -> None:
    held(there, *DAYS)
    row = released(there)
    other = TeamFactory(programme=there.programme)
    abroad = ProgrammeFactory()
    people = {
        "other_lead": person(Role.CLINICAL_LEAD, there.programme, team=other),
        "elsewhere": person(Role.CLINICAL_LEAD, abroad, team=TeamFactory(programme=abroad)),
    }
    user = people.get(who) or getattr(there, who)

    answer = client_for(user).get(at("released_reflection", row.pk))

    assert answer.status_code in {403, 404}


def test_another_clinicians_pages_are_not_there(there: Observed, client_for: SignIn) -> None:
    held(there, *DAYS)
    row = reflection(there)
    job = appraisal_pdf.ask_for_pdf(reflection=row, by=there.clinician, now=NOW)
    appraisal_pdf.make_pdf(pk=job.pk, now=NOW)
    session = ClinicSession.objects.first()
    assert session is not None
    other = client_for(person(Role.CLINICIAN, there.programme, team=there.team))

    for name in (
        "reflection",
        "rewrite_reflection",
        "release_reflection",
        "take_back_reflection",
        "use_reflection",
    ):
        assert other.get(at(name, row.pk)).status_code == 404
        assert other.post(at(name, row.pk)).status_code in {404, 405}
    assert other.post(at("ask_for_paper", row.pk)).status_code == 404
    for name in ("paper", "paper_progress", "paper_file"):
        assert other.get(at(name, job.pk)).status_code == 404
        assert client_for(there.clinician).get(at(name, job.pk)).status_code == 200
    assert other.get(at("rate_own", session.pk)).status_code == 404


def test_team_below_the_minimum_says_so(there: Observed, client_for: SignIn) -> None:
    held(there, *DAYS)

    page = text_of(client_for(there.lead), at("team_result", there.team.pk))

    assert "Too few to show" in page
    assert "app-chart" not in page
    assert "Ada Khan" not in page


def test_team_that_is_large_enough_is_shown(there: Observed, client_for: SignIn) -> None:
    held(there, *DAYS)
    others = group(there)

    for user in (there.lead, there.coordinator):
        page = text_of(client_for(user), at("team_result", there.team.pk))
        assert "The team, item by item" in page
        assert not [one for one in others if one.name in page]


def test_lead_does_not_open_a_team_that_they_do_not_lead(
    there: Observed, client_for: SignIn
) -> None:
    other = TeamFactory(programme=there.programme, name="Lower limb")
    client = client_for(there.lead)

    assert client.get(at("team_result", other.pk)).status_code == 404
    assert "Lower limb" not in text_of(client, at("team_results"))
    assert "Lower limb" in text_of(client_for(there.coordinator), at("team_results"))


def test_programme_page_is_the_coordinators(there: Observed, client_for: SignIn) -> None:
    held(there, *DAYS)

    assert "Upper limb" in text_of(client_for(there.coordinator), at("programme_results"))
    for user in (there.lead, there.clinician, there.peer):
        assert client_for(user).get(at("programme_results")).status_code == 403


def test_reflection_is_written_released_and_used(there: Observed, client_for: SignIn) -> None:
    held(there, *DAYS)
    client = client_for(there.clinician)
    sent = {"first_month": "2026-01-01", "last_month": "2026-11-01", "words": "I rush."}

    wrong = client.post(at("reflect"), {**sent, "words": "Ring 020 7946 0991"})
    assert "phone number" in wrong.content.decode()
    assert "Ring 020 7946 0991" in wrong.content.decode()
    answer = client.post(at("reflect"), sent)
    row = Reflection.objects.get()
    assert answer.url == at("reflection", row.pk)
    assert "Lea Stone" in text_of(client, at("release_reflection", row.pk))
    client.post(at("release_reflection", row.pk))
    assert client.get(at("rewrite_reflection", row.pk)).status_code == 403
    client.post(at("use_reflection", row.pk))

    row.refresh_from_db()
    assert row.status == "used"
    assert client.post(at("take_back_reflection", row.pk)).status_code == 403
    assert "You released this to your clinical lead" in text_of(client, at("reflection", row.pk))


def test_same_months_twice_are_told_beside_the_field(there: Observed, client_for: SignIn) -> None:
    held(there, *DAYS)
    reflection(there)
    sent = {"first_month": "2026-01-01", "last_month": "2026-11-01", "words": "Once more"}

    page = client_for(there.clinician).post(at("reflect"), sent).content.decode()

    assert "You wrote about these months already" in page
    assert "Once more" in page


def test_words_are_kept_as_they_are_typed(there: Observed, client_for: SignIn) -> None:
    held(there, *DAYS)
    client = client_for(there.clinician)
    header = {"X-Autosave": "yes"}
    sent = {"first_month": "2026-01-01", "last_month": "2026-11-01", "words": "I"}

    first = client.post(at("reflect"), sent, headers=header).json()
    row = Reflection.objects.get()
    assert first["address"] == at("rewrite_reflection", row.pk)
    seen = first["set"]["seen"]
    second = client.post(first["address"], {"words": "I rush", "seen": seen}, headers=header)
    stale = client.post(first["address"], {"words": "Old", "seen": seen}, headers=header)
    refused = client.post(first["address"], {"words": "", "seen": seen}, headers=header)

    assert second.status_code == 200
    assert stale.status_code == refused.status_code == 422
    assert "another window" in stale.json()["said"]
    row.refresh_from_db()
    assert row.words == "I rush"


def test_saving_nothing_by_itself_is_answered(there: Observed, client_for: SignIn) -> None:
    held(there, *DAYS)
    row = reflection(there)
    client, header = client_for(there.clinician), {"X-Autosave": "yes"}

    for there_page in (at("reflect"), at("rewrite_reflection", row.pk)):
        assert client.get(there_page, headers=header).status_code == 200
        said = client.post(there_page, {}, headers=header)
        assert said.status_code == 422
        assert said.json()["said"].startswith("Not saved yet: ")


def test_own_rating_asks_for_every_item_and_keeps_what_was_chosen(
    there: Observed, client_for: SignIn
) -> None:
    held(there, *DAYS)
    session = ClinicSession.objects.first()
    assert session is not None
    client = client_for(there.clinician)
    marks = {f"item_{number}": "3" for number in range(1, 9)}

    wrong = client.post(at("rate_own", session.pk), {**marks, "item_8": "9"})
    assert "Choose a mark for “Item 8”" in wrong.content.decode()
    assert wrong.content.decode().count(" checked") == 7
    right = client.post(at("rate_own", session.pk), marks)

    assert right.url == at("results")
    assert SelfRating.objects.get().marks == [3] * 8
    assert "You 3" in text_of(client, at("results"))


def test_paper_is_asked_for_made_and_fetched(there: Observed, client_for: SignIn) -> None:
    held(there, *DAYS)
    row = reflection(there)
    client = client_for(there.clinician)

    asked = client.post(at("ask_for_paper", row.pk))
    job = AppraisalPdf.objects.get()
    assert asked.url == at("paper", job.pk)
    assert client.get(at("paper_file", job.pk)).status_code == 404
    assert "Waiting for its turn" in text_of(client, at("paper", job.pk))
    appraisal_pdf.make_pdf(pk=job.pk, now=NOW)

    assert "Your paper is ready" in text_of(client, at("paper_progress", job.pk))
    answer = client.get(at("paper_file", job.pk))
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert b"".join(answer.streaming_content).startswith(b"%PDF")  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("name", "who"),
    [("results", "clinician"), ("team_result", "lead"), ("programme_results", "coordinator")],
)
def test_pages_cost_the_same_however_much_there_is(
    there: Observed, client_for: SignIn, name: str, who: str, django_assert_max_num_queries
) -> None:
    args = [there.team.pk] if name == "team_result" else []
    held(there, *DAYS)
    group(there)
    client = client_for(getattr(there, who))
    client.get(at(name, *args))
    with django_assert_max_num_queries(QUERIES) as few:
        client.get(at(name, *args))
    for month in (1, 3, 4, 6, 7, 9):
        held(there, date(2026, month, 10))
        for other in User.objects.filter(name__startswith="Other"):
            held(there, date(2026, month, 10), clinician=other)

    with django_assert_max_num_queries(QUERIES) as many:
        client.get(at(name, *args))

    assert len(few) == len(many)
