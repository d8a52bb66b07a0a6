"""Observers' words, read for names before the clinician reads them."""

import re
from datetime import date

import pytest
from django.urls import reverse

from accounts.models import Programme, Role, User
from accounts.services.people import grant_role
from observations.admin.comments import comments_to_read
from observations.models import Comment, Observation, Observer, Tally
from observations.services import comment_hints, comments
from observations.services.refusals import ResultsError
from observations.tests.factories import sheet, version_of
from observations.tests.results_factories import NOW, Observed, comment, held, observed

pytestmark = pytest.mark.django_db
LIST = "admin:observations_comment_changelist"


@pytest.fixture
def there(programme: Programme, coordinator: User) -> Observed:
    return observed(programme, coordinator)


@pytest.fixture
def waiting(there: Observed) -> Comment:
    return comment(held(there, date(2026, 3, 3))[0], kind="to_try")


def marked(text: str, *names: str) -> list[str]:
    return [one.text for one in comment_hints.pieces(text, set(names)) if one.why]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Dr Khan listened", ["Dr Khan"]),
        ("as mrs. Patel said", ["mrs. Patel"]),
        ("the dr listened well", []),
        ("on Tuesday morning at 3", ["Tuesday morning", "at 3"]),
        ("the second patient cried", ["second patient"]),
        ("an 82-year-old and her husband", ["82-year-old", "her husband"]),
        ("in room 4", ["room 4"]),
        ("Mo asked, and mo's notes", ["Mo", "mo"]),
        ("You may wait. May waited", ["May"]),
        ("Good eye contact; options laid out", []),
    ],
)
def test_hints_name_what_may_tell_on_somebody(text: str, found: list[str]) -> None:
    assert marked(text, "mo", "may") == found


def test_text_in_pieces_is_the_text() -> None:
    text = "Dr Khan saw Mo on Tuesday at 3pm.\nThen <b>nothing</b>."

    assert "".join(one.text for one in comment_hints.pieces(text, {"mo"})) == text


def test_names_are_those_of_the_programmes_people(there: Observed) -> None:
    names = comment_hints.names_in(["Maureen and mo met Ada; Zoe (x) [y] .*"], there.programme)

    assert names == {"maureen", "mo", "ada"}


def test_cleared_words_are_the_clinicians_and_the_original_stays(
    there: Observed, waiting: Comment
) -> None:
    theme = there.version.items.get(number=2)

    comments.clear(comment=waiting, text="Wait", theme=theme, by=there.coordinator, now=NOW)

    assert list(Comment.objects.visible_to(there.clinician)) == [waiting]
    waiting.refresh_from_db()
    assert (waiting.text, waiting.read_by, waiting.theme) == ("Wait", there.coordinator, theme)
    tally = Tally.objects.get(clinician=there.clinician, side="partner")
    assert tally.themes == [0, 1, 0, 0, 0, 0, 0, 0]
    comments.hold_back(comment=waiting, by=there.coordinator, now=NOW, was="cleared")
    tally.refresh_from_db()
    assert sum(tally.themes) == 0
    assert not Comment.objects.visible_to(there.clinician).exists()


def test_second_reader_is_told(there: Observed, waiting: Comment) -> None:
    comments.hold_back(comment=waiting, by=there.coordinator, now=NOW)

    with pytest.raises(ResultsError, match="Somebody else has read this"):
        comments.clear(comment=waiting, text="x", theme=None, by=there.coordinator, now=NOW)
    assert comments.clear_as_they_are(comments=[waiting], by=there.coordinator, now=NOW) == 0


def test_coordinator_does_not_read_for_their_own_clinic(there: Observed, waiting: Comment) -> None:
    grant_role(
        user=there.clinician, programme=there.programme, role=Role.COORDINATOR, by=None, now=NOW
    )

    with pytest.raises(ResultsError, match="your own clinic"):
        comments.clear(comment=waiting, text="x", theme=None, by=there.clinician, now=NOW)
    assert comments.clear_as_they_are(comments=[waiting], by=there.clinician, now=NOW) == 0


def test_coordinator_who_observes_does_not_read_a_fellows_words_before_their_own_sheet(
    there: Observed, waiting: Comment
) -> None:
    grant_role(user=there.peer, programme=there.programme, role=Role.COORDINATOR, by=None, now=NOW)
    reader = User.objects.get(pk=there.peer.pk)
    session = waiting.observation.consultation.session
    begun = sheet(Observer.objects.get(session=session, person=reader), 2, submitted=False)
    partners = sheet(Observer.objects.get(session=session, partner=there.partner), 2)
    unread = comment(partners)

    assert list(Comment.objects.visible_to(reader)) == [waiting]  # they rated that one
    with pytest.raises(ResultsError, match="submit your own sheet"):
        comments.clear(comment=unread, text="x", theme=None, by=reader, now=NOW)
    with pytest.raises(ResultsError, match="submit your own sheet"):
        comments.hold_back(comment=unread, by=reader, now=NOW)
    assert comments.clear_as_they_are(comments=[unread], by=reader, now=NOW) == 0
    assert comments_to_read(reader)[0].rows.count() == 1

    Observation.objects.filter(pk=begun.pk).update(status="submitted", submitted_at=NOW)
    assert unread in Comment.objects.visible_to(reader)


def test_clinician_who_coordinates_reads_only_what_was_cleared(
    there: Observed, waiting: Comment
) -> None:
    grant_role(
        user=there.clinician, programme=there.programme, role=Role.COORDINATOR, by=None, now=NOW
    )

    assert not Comment.objects.visible_to(User.objects.get(pk=there.clinician.pk)).exists()


@pytest.mark.parametrize("chosen", ["9" * 5000, "9" * 25, "x", "\u0661", "-1"])
def test_ticks_that_are_no_comments_are_told(there: Observed, client_for, chosen: str) -> None:
    answer = client_for(there.coordinator).post(
        reverse("admin:observations_comment_read_many"), {"chosen": chosen}, follow=True
    )

    assert "Tick the comments that you have read." in answer.content.decode()


@pytest.mark.parametrize("text", ["", "x" * 1001, "Ring 020 7946 0991"])
def test_words_that_cannot_be_kept_are_refused(
    there: Observed, waiting: Comment, text: str
) -> None:
    with pytest.raises(ResultsError):
        comments.clear(comment=waiting, text=text, theme=None, by=there.coordinator, now=NOW)


def test_theme_is_of_the_same_version(there: Observed, waiting: Comment) -> None:
    other = version_of(there.programme).items.first()

    with pytest.raises(ResultsError, match="same instrument"):
        comments.clear(comment=waiting, text="x", theme=other, by=there.coordinator, now=NOW)


def test_reader_learns_neither_the_observer_nor_the_marks(
    there: Observed, waiting: Comment, client_for
) -> None:
    Comment.objects.filter(pk=waiting.pk).update(text="Dr Khan and Ada on Tuesday")
    client = client_for(there.coordinator)

    pages = [
        client.get(reverse(LIST)).content.decode(),
        client.get(
            reverse("admin:observations_comment_change", args=[waiting.pk])
        ).content.decode(),
    ]

    for page in pages:
        assert "<mark>Dr Khan</mark>" in page
        assert "“Ada”: a name in the programme" in page
        main = re.sub(r"(?s).*<main", "", page)
        assert there.partner.name not in main
        assert "Per Olsen" not in main
    waiting.refresh_from_db()
    assert waiting.status == "waiting"


def test_several_are_cleared_at_once_and_one_is_changed(
    there: Observed, waiting: Comment, client_for
) -> None:
    client = client_for(there.coordinator)
    rows = [comment(one, "Calm and kind") for one in held(there, date(2026, 4, 1))]

    answer = client.post(
        reverse("admin:observations_comment_read_many"),
        {"chosen": [row.pk for row in rows], "clear": "1"},
        follow=True,
    )
    there_page = reverse("admin:observations_comment_change", args=[waiting.pk])
    wrong = client.post(there_page, {"text": "Ring 020 7946 0991", "was": "waiting"})
    right = client.post(
        there_page,
        {"text": "Wait", "was": "waiting", "theme": there.version.items.get(number=1).pk},
    )

    assert "2 comments are cleared." in answer.content.decode()
    assert "phone number" in wrong.content.decode()
    assert "Ring 020 7946 0991" in wrong.content.decode()
    assert right.status_code == 302
    assert Comment.objects.filter(status="cleared").count() == 3


def test_list_costs_the_same_for_one_and_for_three(
    there: Observed, waiting: Comment, client_for, django_assert_num_queries
) -> None:
    client = client_for(there.coordinator)
    client.get(reverse(LIST))
    with django_assert_num_queries(7):
        client.get(reverse(LIST))
    for one in held(there, date(2026, 4, 1)):
        comment(one)

    with django_assert_num_queries(7):
        client.get(reverse(LIST))


@pytest.mark.parametrize("who", ["clinician", "lead", "peer"])
def test_list_is_for_coordinators(there: Observed, waiting: Comment, client_for, who: str) -> None:
    assert client_for(getattr(there, who)).get(reverse(LIST)).status_code in {302, 403}
