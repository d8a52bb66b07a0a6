"""Whoever leaves is erased as the retention tables say: nothing more stays, nothing else goes."""

from datetime import date, timedelta
from typing import Any

import pytest

from accounts.models import Message, Programme, RoleGrant, User
from accounts.retention import Keep
from partners.models import Contribution, Partner, Story, StoryConsent
from partners.services import erasing, held, leaving, support
from tests.architecture.marked import NOW, Marks, found_in_database, mark_everything
from tests.architecture.world import World

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=31)


def una(world: World) -> Partner:
    return Partner.objects.get(pk=world.rows["partner", "own"]["pk"])


def gone(partner: Partner, *, donated: bool = False, by: Any = None) -> Partner:
    """`partner`, after leaving and after the grace."""
    if donated:
        Story.objects.filter(partner=partner).update(donated_at=NOW)
    support.move(partner=partner, to="left", by=by, now=NOW)
    return leaving.erase(partner=partner, by=None, now=LATER)


def wrong(marks: Marks, found: dict[str, set[str]], going: set[Keep]) -> list[str]:
    """Marks that had to go and are there, and that had to stay and are not."""
    faults = []
    for mark, (model, name, _) in marks.where.items():
        goes = held.verdicts(model)[name] in going
        if goes and mark in found:
            faults.append(f"{model.__name__}.{name} is still in {sorted(found[mark])}")
        elif not goes and mark not in found:
            faults.append(f"{model.__name__}.{name} is gone")
    return faults


OWN = {Keep.WHILE_HERE, Keep.UNLESS_DONATED, Keep.SHORT}


def test_what_a_partner_wrote_goes_and_the_record_stays(world: World) -> None:
    partner = una(world)
    marks = mark_everything(partner, world.people["coordinator"])
    assert len(marks.where) > 120
    assert set(marks.where) <= set(found_in_database())

    gone(partner)

    assert wrong(marks, found_in_database(), OWN) == []
    user = User.objects.get(pk=partner.user_id)
    assert (user.is_active, user.email) == (False, None)


def test_a_donated_story_stays_while_a_use_is_allowed(world: World) -> None:
    partner = una(world)
    marks = mark_everything(partner, world.people["coordinator"])
    consents = StoryConsent.objects.filter(story__partner=partner)
    consents.update(until=date(2027, 6, 1), withdrawn_at=None)
    Story.objects.filter(partner=partner).update(withdrawn_at=None)

    gone(partner, donated=True)

    assert wrong(marks, found_in_database(), OWN - {Keep.UNLESS_DONATED}) == []
    assert leaving.drop_lapsed(now=NOW.replace(year=2027, month=6, day=1)) == 0
    assert leaving.drop_lapsed(now=NOW.replace(year=2027, month=6, day=2)) == 1
    assert wrong(marks, found_in_database(), OWN) == []


def test_after_the_term_only_figures_are_left(world: World) -> None:
    partner = una(world)
    marks = mark_everything(partner, world.people["coordinator"])
    minutes = list(Contribution.objects.filter(partner=partner).values_list("minutes"))
    gone(partner)
    last = leaving.kept_until(partner)

    too_early = leaving.forget_due(now=LATER.replace(year=last.year, month=3, day=31))
    in_time = leaving.forget_due(now=LATER.replace(year=last.year, month=4, day=1))

    assert (too_early, in_time) == (0, 1)
    partner.refresh_from_db()
    assert partner.name == erasing.FORMER
    assert User.objects.get(pk=partner.user_id).name == erasing.FORMER
    assert list(Contribution.objects.filter(partner=partner).values_list("minutes")) == minutes
    named = marks.of("Partner.name", "Partner.sort_key", "User.name", "Expense.description")
    assert len(named) > 3
    assert not named & set(found_in_database())
    assert leaving.forget_due(now=LATER.replace(year=last.year, month=4, day=1)) == 0


def test_erasing_twice_changes_nothing(world: World) -> None:
    partner = una(world)
    gone(partner)
    erased_at = partner.erased_at

    leaving.erase(partner=partner, by=None, now=LATER + timedelta(days=1))

    partner.refresh_from_db()
    assert partner.erased_at == erased_at
    assert leaving.erase_due(now=LATER + timedelta(days=9)) == 0


def test_erasing_leaves_other_people_and_other_places_alone(world: World) -> None:
    partner, other = una(world), Partner.objects.get(pk=world.rows["partner", "team"]["pk"])
    marks = mark_everything(other, world.people["coordinator"])
    elsewhere = Programme.objects.get(pk=world.rows["programme", "elsewhere"]["pk"])
    assert partner.user is not None
    RoleGrant.unsealed(user=partner.user, programme=elsewhere, role="staff", granted_at=NOW)

    gone(partner)

    assert set(marks.where) <= set(found_in_database())
    user = User.objects.get(pk=partner.user_id)
    assert user.is_active
    assert user.email == "una@example.org"
    assert not Message.objects.filter(recipient=user, programme=partner.programme).exists()


def test_the_search_notices_what_was_forgotten(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    partner = una(world)
    marks = mark_everything(partner, world.people["coordinator"])
    emptied = erasing._write
    monkeypatch.setattr(
        erasing,
        "_write",
        lambda rows, model, names: emptied(
            rows, model, [name for name in names if name != "reflection"]
        ),
    )

    gone(partner)

    faults = wrong(marks, found_in_database(), OWN)
    assert faults
    assert all("reflection is still in ['partners_" in fault for fault in faults)
