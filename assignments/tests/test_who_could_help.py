"""Who could help: the team that somebody works with is told by the work groups."""

from datetime import date

import pytest

from accounts.models import Role
from accounts.services.programmes import create_team
from accounts.tests.factories import person
from assignments.tests.factories import WorkGroupFactory, placed
from partners.services.search import Asked, search
from partners.tests.factories import NOW, PartnerFactory

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 24)


def found(user, **asked):
    result = search(asked=Asked(**asked), user=user, day=DAY)
    return sorted(getattr(one, "name", one) for one in result.partners)


def test_partners_are_found_by_the_team_they_work_with(programme, coordinator):
    hands, hips = (
        create_team(programme=programme, name=name, by=None, now=NOW) for name in ("Hands", "Hips")
    )
    ann = PartnerFactory(programme=programme, name="Ann Lee")
    bo = PartnerFactory(programme=programme, name="Bo Ray")
    placed(ann, WorkGroupFactory(programme=programme, team=hands))
    placed(bo, WorkGroupFactory(programme=programme, team=hips))

    assert found(coordinator, team=hands.pk) == ["Ann Lee"]


def test_staff_do_not_learn_who_works_with_which_team(programme):
    team = create_team(programme=programme, name="Hands", by=None, now=NOW)
    placed(PartnerFactory(programme=programme), WorkGroupFactory(programme=programme, team=team))

    assert found(person(Role.STAFF, programme), team=team.pk) == []
