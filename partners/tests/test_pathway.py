"""Roles with their days, wishes, and a pathway walked in any direction."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from partners.models import PathwayLink, PathwayRole, RoleHeld, RoleSkill, RoleWish
from partners.rules.pathway import next_roles
from partners.services import pathway as services
from partners.services.pathway import PathwayError
from partners.tests.factories import NOW, PartnerFactory
from partners.tests.pathway_factories import role

TODAY = date(2026, 11, 22)


def _link(one: PathwayRole, other: PathwayRole) -> PathwayLink:
    return PathwayLink(from_role=one, to_role=other)


def test_next_roles_lie_in_every_direction_from_every_role_of_today() -> None:
    telling, improving, governing, mentoring = (
        PathwayRole(pk=pk, name=name) for pk, name in enumerate("tigm", start=1)
    )
    roles = [telling, improving, governing, mentoring]
    links = [_link(improving, governing), _link(improving, telling), _link(governing, telling)]
    links += [_link(telling, mentoring), _link(improving, mentoring)]
    held = [
        RoleHeld(role=improving, role_id=2, starts_on=TODAY),
        RoleHeld(role=governing, role_id=3, starts_on=date(2020, 1, 1), ends_on=TODAY),
        RoleHeld(role=telling, role_id=1, starts_on=date(2019, 1, 1), ends_on=date(2020, 1, 1)),
    ]

    found = next_roles(roles, links, held, TODAY)

    told = [(one.role.name, [r.name for r in one.from_roles], one.had_before) for one in found]
    assert told == [("t", ["i", "g"], True), ("m", ["i"], False)]


def test_who_holds_no_role_may_begin_anywhere() -> None:
    roles = [PathwayRole(pk=1), PathwayRole(pk=2)]
    ended = RoleHeld(role_id=1, starts_on=date(2020, 1, 1), ends_on=date(2021, 1, 1))

    assert [one.role for one in next_roles(roles, [], [ended], TODAY)] == roles


@pytest.mark.django_db
def test_seeded_pathway_is_walked_both_ways_and_seeded_once(programme: Any) -> None:
    services.seed_pathway(programme=programme, by=None, now=NOW)

    again = services.seed_pathway(programme=programme, by=None, now=NOW)

    assert len(again) == PathwayRole.objects.filter(programme=programme).count() == 8
    links = set(PathwayLink.objects.values_list("from_role", "to_role"))
    assert {(b, a) for a, b in links} == links
    assert {role.pk for role in again} == {one for one, _ in links}
    for kind in RoleSkill.Kind.values:
        assert RoleSkill.objects.filter(kind=kind).values("role").distinct().count() == 8


@pytest.mark.django_db
def test_role_is_given_from_a_day_and_never_twice_at_a_time(programme: Any) -> None:
    partner, mentor = PartnerFactory(programme=programme), role(programme)
    services.wish(partner=partner, role=mentor, by=None, now=NOW)
    facts: dict[str, Any] = {"partner": partner, "role": mentor, "by": None, "now": NOW}

    held = services.give_role(**facts, starts_on=date(2026, 3, 1))

    assert not RoleWish.objects.exists()
    with pytest.raises(PathwayError, match="down for some of these days") as refused:
        services.give_role(**facts, starts_on=date(2026, 10, 1))
    assert refused.value.field == "starts_on"
    services.end_role_held(held=held, ends_on=date(2026, 9, 30), by=None, now=NOW)
    services.give_role(**facts, starts_on=date(2026, 10, 1))  # the day after, again
    with pytest.raises(PathwayError, match="down for some of these days"):
        services.end_role_held(held=held, ends_on=date(2026, 10, 1), by=None, now=NOW)
    with pytest.raises(PathwayError, match="ends on the day it begins or later"):
        services.end_role_held(held=held, ends_on=date(2026, 2, 1), by=None, now=NOW)


@pytest.mark.django_db
def test_role_of_another_programme_is_neither_given_nor_wished_for(programme: Any) -> None:
    partner, mentor = PartnerFactory(), role(programme)

    with pytest.raises(PathwayError, match="programme"):
        services.give_role(partner=partner, role=mentor, starts_on=TODAY, by=None, now=NOW)
    with pytest.raises(PathwayError, match="programme"):
        services.wish(partner=partner, role=mentor, by=None, now=NOW)


@pytest.mark.django_db
def test_role_is_kept_with_its_skills_and_where_it_leads(programme: Any) -> None:
    mentor, panel = role(programme), role(programme, "Panel")
    elsewhere = role(PartnerFactory().programme, "Far away")
    facts: dict[str, Any] = {"role": mentor, "by": None, "now": NOW, "context": []}

    services.keep_role(**facts, core=["Listening ", "", "Listening", "Trust"], leads_to=[panel])

    assert [skill.text for skill in mentor.skills.all()] == ["Listening", "Trust"]
    assert [link.to_role for link in mentor.links.all()] == [panel]
    services.keep_role(**facts, core=["Trust"], leads_to=[])
    assert [skill.text for skill in mentor.skills.all()] == ["Trust"]
    assert not mentor.links.exists()
    for wrong in (mentor, elsewhere):
        with pytest.raises(PathwayError, match="other roles of the same programme"):
            services.keep_role(**facts, core=[], leads_to=[wrong])
    with pytest.raises(PathwayError, match="already has this role"):
        services.keep_role(
            role=PathwayRole(programme=programme, name=" PANEL "),
            core=[], context=[], leads_to=[], by=None, now=NOW,
        )  # fmt: skip


@pytest.mark.django_db
def test_database_refuses_overlapping_roles_and_links_to_oneself(programme: Any) -> None:
    partner, mentor = PartnerFactory(programme=programme), role(programme)
    rows = RoleHeld.objects
    rows.create(partner=partner, role=mentor, starts_on=TODAY, ends_on=TODAY)

    with pytest.raises(IntegrityError, match="role_held_once_at_a_time"), transaction.atomic():
        rows.create(partner=partner, role=mentor, starts_on=TODAY)
    with pytest.raises(IntegrityError, match="ends_after_start"), transaction.atomic():
        rows.create(
            partner=partner, role=mentor, starts_on=date(2020, 1, 2), ends_on=date(2020, 1, 1)
        )
    with pytest.raises(IntegrityError, match="pathway_link_elsewhere"), transaction.atomic():
        PathwayLink.objects.create(from_role=mentor, to_role=mentor)
    rows.create(partner=PartnerFactory(programme=programme), role=mentor, starts_on=TODAY)
