"""Whom to ask about an opportunity: in an order that says why, and never whom one must not."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from accounts.models import Programme, Role, User
from accounts.tests.factories import ProgrammeFactory, TeamFactory, person
from assignments.models import Opportunity
from assignments.rules.pacing import Standing
from assignments.rules.suggestions import REASONS, Suggestion, looked_for
from assignments.services import offers, pacing, suggestions
from assignments.tests.factories import WorkGroupFactory, placed, planned
from assignments.tests.request_factories import asked, opened
from partners.models import Partner, Passion, Pause, Priority, RoleWish, Theme
from partners.models.pathway import PathwayRole
from partners.services import conflicts, requirements, support
from partners.tests.factories import ExpertiseFactory, PartnerFactory, contribution

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
TODAY = NOW.date()
OWN = {"added_at": NOW, "changed_at": NOW}


def partner(programme: Programme, name: str = "Ann Ellery", **facts: Any) -> Partner:
    found: Partner = PartnerFactory(programme=programme, name=name, **facts)
    return found


def told(opportunity: Opportunity) -> list[Suggestion]:
    fresh = Opportunity.objects.select_related("work_group", "request").get(pk=opportunity.pk)
    return list(suggestions.suggest(fresh, TODAY))


def of(opportunity: Opportunity, one: Partner) -> Suggestion:
    return next(row for row in told(opportunity) if row.partner == one)


def names(opportunity: Opportunity) -> list[str]:
    return [row.partner.name for row in told(opportunity)]


def test_what_was_shared_speaks_for_somebody_in_their_own_words(programme: Programme) -> None:
    theme = Theme.objects.create(programme=programme, name="Waiting")
    piece = opened(programme, NOW, title="Letters about pain", why="Easy to read", themes=[theme])
    ann, bob = partner(programme), partner(programme, "Bob Ash")
    ExpertiseFactory(partner=ann, text="Twenty years of painful joints", visibility="coordinators")
    passion = Passion.objects.create(partner=ann, text="Clinics", visibility="staff", **OWN)
    passion.themes.add(theme)
    Priority.objects.create(partner=ann, text="To read aloud", visibility="staff", **OWN)
    ExpertiseFactory(partner=bob, text="Pain, pain, pain", visibility="only_me")

    reasons = of(piece, ann).reasons

    assert reasons[:3] == [
        "Brings: “Twenty years of painful joints”",
        "Cares about (under Waiting): “Clinics”",
        "Would like: “To read aloud”",
    ]
    assert not any("ain" in reason.split("“")[-1] for reason in of(piece, bob).reasons)
    assert names(piece) == ["Ann Ellery", "Bob Ash"]


def test_facts_speak_for_somebody_in_words(programme: Programme) -> None:
    role = PathwayRole.objects.create(programme=programme, name="Mentor")
    piece = opened(programme, NOW, role=role, starts_on=date(2027, 1, 4), ends_on=date(2027, 3, 31))
    ann = partner(programme, hours_wanted=4, hours_per="month", joined_on=date(2026, 1, 5))
    RoleWish.objects.create(partner=ann, role=role, added_at=NOW)

    one = of(piece, ann)

    assert one.reasons == [
        "Would like to try the role “Mentor”.",
        "Free in that period.",
        "Within the pace they chose.",
        "Has had no new place or offer since Monday 5 January 2026.",
        "Has no place now.",
    ]
    assert one.warnings == []


def test_what_to_mind_is_a_warning_and_no_exclusion(programme: Programme) -> None:
    requirements.seed_requirements(programme=programme, by=None, now=NOW)
    programme.requirements.filter(kind="agreement").update(strength="block")
    piece = opened(programme, NOW, starts_on=date(2027, 1, 4), ends_on=date(2027, 3, 31))
    ann = partner(programme, hours_wanted=1, hours_per="month")
    bob = partner(programme, "Bob Ash")
    contribution(ann, happened_on=date(2026, 11, 2), minutes=90)
    days = {"starts_on": date(2027, 1, 1), "ends_on": date(2027, 1, 9), "added_at": NOW}
    Pause.objects.create(partner=ann, **days)
    Pause.objects.create(partner=bob, **{**days, "starts_on": date(2027, 1, 5)})

    warnings = of(piece, ann).warnings

    assert warnings[:2] == [
        "Away until Saturday 9 January 2027 then.",
        "Ask first: they have much to do already.",
    ]
    assert "of Ann Ellery is not in place" in " ".join(warnings) or "of Ann Ellery" in warnings[2]
    assert not {"Free in that period.", "Within the pace they chose."} & set(of(piece, ann).reasons)
    assert "Free in that period." in of(piece, bob).reasons
    assert of(piece, bob).warnings[0].startswith("Away from Tuesday 5 January 2027 until Sat")


def test_whom_one_must_not_ask_is_not_among_them(programme: Programme, coordinator: User) -> None:
    team, lead = TeamFactory(programme=programme), person(Role.CLINICAL_LEAD, programme)
    asker = person(Role.STAFF, programme)
    group = WorkGroupFactory(programme=programme, team=team, lead=lead)
    piece = opened(
        programme, NOW, work_group=group, request=asked(programme, NOW, by=asker), places=9
    )
    here = {name: partner(programme, name) for name in "ABCDEFGHIJ"}
    placed(here["A"], group)
    placed(here["J"], group, ends_on=date(2026, 11, 23))
    offers.offer(opportunity=piece, partners=[here["B"]], answer_by=None, by=coordinator, now=NOW)
    support.move(partner=here["C"], to="left", by=None, now=NOW)
    declare = {"programme": programme, "by": coordinator, "now": NOW}
    conflicts.declare(partner=here["D"], with_person=lead, **declare)
    conflicts.declare(person=asker, with_partner=here["E"], **declare)
    conflicts.declare(partner=here["F"], with_team=team, **declare)
    conflicts.declare(partner=here["A"], with_partner=here["G"], **declare)
    conflicts.declare(partner=here["H"], with_partner=here["I"], **declare)
    partner(programme, "Zoe", status="enquiry")
    PartnerFactory(name="Elsewhere")

    assert sorted(names(piece)) == ["H", "I", "J"]


def test_pages_of_the_order_are_the_order(programme: Programme) -> None:
    piece = opened(programme, NOW)
    for number in range(7):
        partner(programme, f"P{number}", joined_on=TODAY - timedelta(days=400 * (number % 3)))

    found = suggestions.suggest(Opportunity.objects.get(pk=piece.pk), TODAY)

    assert len(found) == 7
    whole = [row.partner.name for row in found]
    assert whole == ["P2", "P5", "P1", "P4", "P0", "P3", "P6"]
    assert [row.partner.name for at in (0, 3, 6) for row in found[at : at + 3]] == whole
    assert found[4].partner.name == "P0"


# --- Properties ----------------------------------------------------------------------------------


def lived(programme: Programme, seed: Any) -> Opportunity:
    """An opportunity, and partners of whom this and that speaks for them."""
    role = PathwayRole.objects.create(programme=programme, name="Mentor")
    piece = opened(programme, NOW, title="Letters about pain", role=role)
    group = WorkGroupFactory(programme=programme)
    meeting = datetime(2026, 12, 3, 14, 0, tzinfo=UTC)
    for number, facts in enumerate(seed):
        one = partner(
            programme,
            f"P{number}",
            joined_on=TODAY - timedelta(days=300 if facts["waited"] else 10),
            **({"hours_wanted": 2, "hours_per": "month"} if facts["paced"] else {}),
        )
        if facts["expertise"]:
            ExpertiseFactory(partner=one, text="Pain", visibility="staff")
        if facts["passions"]:
            Passion.objects.create(partner=one, text="Letters", visibility="staff", **OWN)
        if facts["wishes"]:
            RoleWish.objects.create(partner=one, role=role, added_at=NOW)
        if facts["away"]:
            Pause.objects.create(partner=one, starts_on=TODAY, added_at=NOW)
        if facts["busy"]:
            placed(one, group, starts_on=TODAY)
            contribution(one, happened_on=date(2026, 11, 20), minutes=150)
    if any(facts["busy"] for facts in seed):
        for days in range(3):
            planned(group, meeting + timedelta(days=days))
    return piece


FACTS = ("waited", "paced", "expertise", "passions", "wishes", "away", "busy")
SEEDS = st.lists(
    st.fixed_dictionaries({name: st.booleans() for name in FACTS}), min_size=2, max_size=4
)
WEIGHTS = st.fixed_dictionaries({name: st.integers(0, 5) for name in REASONS})
A_FEW = settings(
    max_examples=6,
    deadline=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def weigh(programme: Programme, weights: dict[str, int]) -> None:
    suggestions.set_weights(programme=programme, by=None, now=NOW, **weights)


@A_FEW
@given(seed=SEEDS, weights=WEIGHTS, reason=st.sampled_from(REASONS))
def test_a_heavier_reason_never_lowers_who_has_it(
    seed: Any, weights: dict[str, int], reason: str
) -> None:
    programme = ProgrammeFactory()
    piece = lived(programme, seed)
    weigh(programme, {**weights, reason: 1})
    before = told(piece)
    again = told(piece)
    weigh(programme, {**weights, reason: 5})
    after = told(piece)

    assert before == again
    place = {row.partner: at for at, row in enumerate(after)}
    having = {row.partner for row in after if _has(row, reason)}
    for at, row in enumerate(before):
        if row.partner in having:
            assert place[row.partner] <= at
    scores = [row.score for row in after]
    assert scores == sorted(scores, reverse=True)


def _has(row: Suggestion, reason: str) -> bool:
    return bool(getattr(row.partner, f"has_{reason}"))


@A_FEW
@given(seed=SEEDS)
def test_ask_first_is_what_pacing_calls_it(seed: Any) -> None:
    programme = ProgrammeFactory()
    piece = lived(programme, [{**facts, "away": False} for facts in seed])

    rows = told(piece)

    standing = pacing.standing_of([row.partner for row in rows], TODAY)
    for row in rows:
        assert _has(row, "pace") == (standing[row.partner.pk] != Standing.ASK_FIRST)


def test_searched_words_are_those_that_tell_something() -> None:
    assert looked_for("Partners for the pain team", "We need pain letters") == (
        '"pain" or "letters"'
    )
    assert looked_for("Team", "") == ""


@pytest.mark.parametrize("number", [1, 3])
def test_suggestions_ask_as_often_for_three_as_for_one(programme: Programme, number: int) -> None:
    requirements.seed_requirements(programme=programme, by=None, now=NOW)
    piece = opened(programme, NOW)
    for one in range(number):
        ExpertiseFactory(partner=partner(programme, f"P{one}"), visibility="staff")

    with CaptureQueriesContext(connection) as queries:
        rows = told(piece)

    assert len(rows) == number
    assert len(queries) == 12
