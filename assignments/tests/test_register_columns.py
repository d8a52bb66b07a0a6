"""The register's columns of MDTs and projects: read with care, written once."""

from datetime import UTC, date, datetime

import pytest

from accounts.models import Message
from assignments.models import Assignment, WorkGroup
from assignments.services import end_assignment
from assignments.tests.factories import WorkGroupFactory
from partners.services.register_fields import CellError, Change, known_fields
from partners.tests.factories import PartnerFactory
from partners.tests.pathway_factories import requirement

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def write(partner, column, cell):
    field = known_fields()[column]
    (answer,) = field.write(rows=[(partner, field.read(cell))], by=None, now=NOW)
    if isinstance(answer, CellError):
        raise answer
    return answer


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("Upper limb MDT", ["Upper limb MDT"]),
        ("Upper limb MDT\nPain services", ["Upper limb MDT", "Pain services"]),
        (
            "Staff inclusion; Patient survey analysis",
            ["Staff inclusion", "Patient survey analysis"],
        ),
        ("Upper limb MDT, Pain services", ["Upper limb MDT", "Pain services"]),
        ("Hand, wrist and elbow MDT", ["Hand, wrist and elbow MDT"]),
        ("Hips (left, right)", ["Hips (left, right)"]),
        ("Hips, knees; Hand, wrist", ["Hips, knees", "Hand, wrist"]),
        ("Research: acupuncture availability", ["Research: acupuncture availability"]),
        (" pain  services ;Pain Services; ; n/a", ["pain services"]),
        ("- One\n• Two", ["One", "Two"]),
    ],
)
def test_cell_is_read_as_the_groups_it_names(cell, names):
    assert known_fields()["mdts"].read(cell) == names


@pytest.mark.parametrize("cell", ["x" * 151, ";".join(f"Group {n}" for n in range(21))])
def test_cell_that_is_a_story_is_refused(cell):
    with pytest.raises(CellError, match="Put one group on a line"):
        known_fields()["projects"].read(cell)


@pytest.mark.django_db
def test_groups_are_made_and_places_given_once_and_quietly():
    partner = PartnerFactory(joined_on=date(2017, 11, 6))

    first = write(partner, "mdts", "Upper limb MDT\nPain services")
    second = write(partner, "mdts", "upper LIMB mdt\nPain services MDT")

    assert (first, second) == (Change("", "Upper limb MDT; Pain services"), None)
    assert list(WorkGroup.objects.values_list("name", "kind")) == [
        ("Pain services", "mdt"),
        ("Upper limb MDT", "mdt"),
    ]
    assert set(Assignment.objects.values_list("starts_on", flat=True)) == {date(2017, 11, 6)}
    assert not Message.objects.exists()


@pytest.mark.django_db
def test_place_without_a_joining_date_begins_today():
    write(PartnerFactory(), "projects", "Appointment letters")

    assert Assignment.objects.get().starts_on == date(2026, 11, 22)
    assert WorkGroup.objects.get().kind == "project"


@pytest.mark.django_db
def test_place_that_ended_is_not_given_again_by_an_old_workbook():
    partner = PartnerFactory()
    write(partner, "mdts", "Pain services")
    end_assignment(
        assignment=Assignment.objects.get(), ends_on=date(2026, 11, 22), by=None, now=NOW
    )

    assert write(partner, "mdts", "Pain services") is None


@pytest.mark.django_db
def test_group_that_is_over_is_a_sentence_of_the_cell():
    partner = PartnerFactory()
    WorkGroupFactory(
        programme=partner.programme, name="Old study", kind="project", ends_on=date(2020, 1, 1)
    )

    with pytest.raises(CellError, match="“Old study”: The group’s last day is"):
        write(partner, "projects", "Old study")


@pytest.mark.django_db
def test_what_has_to_be_in_place_first_is_a_sentence_of_the_cell():
    partner = PartnerFactory(name="Ann Lee")
    requirement(partner.programme, "Only warns")

    write(partner, "mdts", "Pain services")
    requirement(partner.programme, "Confidentiality", strength="block")

    with pytest.raises(CellError, match=r"“Hand MDT”: “Confidentiality” of Ann Lee is not in pl"):
        write(partner, "mdts", "Hand MDT")
    assert Assignment.objects.get().work_group.name == "Pain services"


@pytest.mark.django_db
def test_group_of_another_programme_is_another_group():
    WorkGroupFactory(name="Pain services")

    write(PartnerFactory(), "mdts", "Pain services")

    assert WorkGroup.objects.filter(name="Pain services").count() == 2
