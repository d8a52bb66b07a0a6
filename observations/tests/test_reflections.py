"""A clinician's own words and ratings: who may write, release, take back and use them."""

from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Programme
from observations.models import ClinicSession, Reflection, SelfRating, Side, Tally
from observations.services import reflections, self_ratings, tallies
from observations.services.refusals import ResultsError
from observations.tests.results_factories import NOW, Observed, held, observed, reflection

pytestmark = pytest.mark.django_db
MARKS = [3, 3, 3, 3, 3, 3, 4, 4]


@pytest.fixture
def there(programme: Programme) -> Observed:
    return observed(programme)


def one_clinic(there: Observed, day: date = date(2026, 3, 3)) -> ClinicSession:
    held(there, day)
    return ClinicSession.objects.get(clinician=there.clinician, day=day)


def test_reflection_is_its_clinicians_until_released(there: Observed) -> None:
    row = reflection(there)

    assert not Reflection.objects.visible_to(there.lead).exists()
    reflections.release(reflection=row, by=there.clinician, now=NOW)
    assert list(Reflection.objects.visible_to(there.lead)) == [row]
    reflections.take_back(reflection=row, by=there.clinician, now=NOW)
    assert not Reflection.objects.visible_to(there.lead).exists()
    assert [line.to_status for line in row.history.all()] == ["private", "released", "private"]


def test_used_reflection_stands_as_it_is(there: Observed) -> None:
    row = reflection(there)
    reflections.release(reflection=row, by=there.clinician, now=NOW)
    reflections.use(reflection=row, by=there.clinician, now=NOW)

    for do in (reflections.take_back, reflections.release):
        with pytest.raises(ResultsError):
            do(reflection=row, by=there.clinician, now=NOW)
    with pytest.raises(ResultsError):
        reflections.rewrite(reflection=row, words="Other", by=there.clinician, now=NOW)


def test_private_reflection_is_not_used_before_it_is_released(there: Observed) -> None:
    row = reflection(there)

    with pytest.raises(ResultsError, match="cannot become"):
        reflections.use(reflection=row, by=there.clinician, now=NOW)


@pytest.mark.parametrize("who", ["lead", "coordinator", "peer"])
def test_nobody_else_writes_or_releases(there: Observed, who: str) -> None:
    row, other = reflection(there), getattr(there, who)

    with pytest.raises(ResultsError, match="Only the clinician"):
        reflections.release(reflection=row, by=other, now=NOW)
    with pytest.raises(ResultsError, match="Only the clinician"):
        reflections.rewrite(reflection=row, words="Mine now", by=other, now=NOW)


def test_released_words_change_only_after_they_are_taken_back(there: Observed) -> None:
    row = reflection(there)
    reflections.release(reflection=row, by=there.clinician, now=NOW)

    with pytest.raises(ResultsError, match="Take it back first"):
        reflections.rewrite(reflection=row, words="Other", by=there.clinician, now=NOW)


def test_older_page_does_not_write_over_a_newer_one_unasked(there: Observed) -> None:
    row = reflection(there)
    later = NOW + timedelta(minutes=1)
    reflections.rewrite(reflection=row, words="Newer", by=there.clinician, now=later)

    with pytest.raises(ResultsError, match="another window"):
        reflections.rewrite(
            reflection=row, words="Older", by=there.clinician, now=later, seen=NOW, anyway=False
        )
    row.refresh_from_db()
    assert row.words == "Newer"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("  ", "Write what you take"),
        ("x" * 5001, "Shorten this to 5,000"),
        ("Ring 020 7946 0991", "phone number"),
        ("943 476 5919 came late", "NHS number"),
    ],
)
def test_words_that_cannot_be_kept_get_a_sentence(
    there: Observed, words: str, sentence: str
) -> None:
    with pytest.raises(ResultsError, match=sentence) as refused:
        reflection(there, words=words)

    assert refused.value.field == "words"


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2026, 5, 1), date(2026, 4, 1)),
        (date(2026, 5, 2), date(2026, 6, 1)),
        (date(2026, 5, 1), date(2026, 12, 1)),
        (date(2020, 1, 1), date(2026, 1, 1)),
    ],
)
def test_reflection_is_about_whole_months_that_have_begun(
    there: Observed, first: date, last: date
) -> None:
    with pytest.raises(ResultsError):
        reflection(there, first, last)


def test_month_begins_at_midnight_in_london(there: Observed) -> None:
    row = reflections.write(
        clinician=there.clinician,
        team=there.team,
        version=there.version,
        first_month=date(2026, 7, 1),
        last_month=date(2026, 7, 1),
        words="I rush.",
        by=there.clinician,
        now=datetime.fromisoformat("2026-06-30T23:30:00+00:00"),
    )

    assert str(row) == "July 2026 to July 2026"


def test_second_reflection_on_the_same_months_is_refused(there: Observed) -> None:
    reflection(there)

    with pytest.raises(ResultsError, match="wrote about these months already"):
        reflection(there)


def test_database_keeps_months_whole(there: Observed) -> None:
    row = reflection(there)

    with pytest.raises(IntegrityError, match="whole_months"), transaction.atomic():
        Reflection.objects.filter(pk=row.pk).update(last_month=date(2026, 11, 2))


def test_own_rating_is_counted_beside_the_others(there: Observed) -> None:
    session = one_clinic(there)

    self_ratings.rate(session=session, marks=MARKS, by=there.clinician, now=NOW)
    self_ratings.rate(session=session, marks=[4] * 8, by=there.clinician, now=NOW)

    assert SelfRating.objects.get().marks == [4] * 8
    own = Tally.objects.get(clinician=there.clinician, side=Side.SELF)
    assert (own.sheets, own.items_sum) == (1, [4] * 8)
    assert tallies.check(there.programme) == []


@pytest.mark.parametrize("marks", [[3] * 7, [3] * 7 + [5], [3] * 7 + [-1]])
def test_marks_off_the_scale_are_refused(there: Observed, marks: list[int]) -> None:
    with pytest.raises(ResultsError):
        self_ratings.rate(session=one_clinic(there), marks=marks, by=there.clinician, now=NOW)


def test_only_the_clinician_rates_and_only_what_was_held(there: Observed) -> None:
    session = one_clinic(there)

    with pytest.raises(ResultsError, match="Only the clinician"):
        self_ratings.rate(session=session, marks=MARKS, by=there.lead, now=NOW)
    ClinicSession.objects.filter(pk=session.pk).update(status="agreed")
    with pytest.raises(ResultsError, match="after it was held"):
        self_ratings.rate(session=session, marks=MARKS, by=there.clinician, now=NOW)


def test_own_rating_stands_while_its_months_are_released(there: Observed) -> None:
    session = one_clinic(there)
    row = reflection(there)
    reflections.release(reflection=row, by=there.clinician, now=NOW)

    with pytest.raises(ResultsError, match="your rating stands"):
        self_ratings.rate(session=session, marks=MARKS, by=there.clinician, now=NOW)
    reflections.take_back(reflection=row, by=there.clinician, now=NOW)
    self_ratings.rate(session=session, marks=MARKS, by=there.clinician, now=NOW)
