"""A conflict that is declared by people who are at work together waits until a place ends."""

from collections.abc import Callable
from datetime import date

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from accounts.models import Programme, Role, User
from accounts.tests.factories import TeamFactory, person
from assignments import services
from assignments.tests.factories import WorkGroupFactory, placed
from partners.models import DeclaredConflict
from partners.services import conflicts
from partners.tests.factories import NOW, PartnerFactory, signed_up_partner

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]
TODAY = NOW.date()


def together() -> set[int]:
    rows = conflicts.at_work_together(DeclaredConflict.objects.all(), TODAY)
    return set(rows.values_list("pk", flat=True))


def test_people_of_one_group_or_its_lead_or_team_are_at_work_together(
    programme: Programme,
) -> None:
    team, lead = TeamFactory(programme=programme), person(Role.CLINICAL_LEAD, programme)
    nurse = person(Role.STAFF, programme)
    mo, ann, kim = (PartnerFactory(programme=programme) for _ in range(3))
    kim.user = person(Role.PARTNER, programme)
    kim.save(update_fields=["user"])
    group = WorkGroupFactory(programme=programme, team=team, lead=lead)
    placed(mo, group)
    here = placed(kim, group)

    def declare(**sides: object) -> int:
        return conflicts.declare(programme=programme, by=nurse, now=NOW, **sides).pk  # type: ignore[arg-type]

    both = declare(partner=kim, with_partner=mo)
    declare(partner=mo, with_partner=ann)
    of_team = declare(partner=mo, with_team=team)
    led = declare(partner=mo, with_person=lead)
    leads = declare(person=lead, with_partner=kim)
    declare(person=nurse, with_partner=mo)
    assert together() == {both, of_team, led, leads}

    services.end_assignment(assignment=here, ends_on=date(2026, 11, 21), by=None, now=NOW)

    assert together() == {of_team, led}


def test_who_declares_is_told_and_coordinators_see_it_until_a_place_ends(
    programme: Programme, coordinator: User, client_for: SignIn
) -> None:
    mo, ann = (signed_up_partner(programme, name=name) for name in ("Mo Okafor", "Ann Ellery"))
    group = WorkGroupFactory(programme=programme)
    place, _ = placed(mo, group), placed(ann, group)
    said = {"kind": "person", "who": "Ann Ellery", "holds": "yes"}

    page = client_for(mo.user).post(reverse("partners:declare_conflict"), said, follow=True)

    assert "You and Ann Ellery are in one work group now." in page.content.decode()
    client = client_for(coordinator)
    words = "pair not to work together is"
    assert words in client.get(reverse("admin:index")).content.decode()
    waiting = reverse("admin:partners_declaredconflict_changelist") + "?show=together"
    assert "Mo Okafor and Ann Ellery" in client.get(waiting).content.decode()
    row = DeclaredConflict.objects.get()
    shown = client.get(reverse("admin:partners_declaredconflict_change", args=[row.pk]))
    assert "They are at work together now" in shown.content.decode()
    services.end_assignment(assignment=place, ends_on=date(2026, 11, 1), by=coordinator, now=NOW)
    fresh = User.objects.get(pk=coordinator.pk)
    assert words not in {item.title for item in admin.site.worklist(fresh)}
