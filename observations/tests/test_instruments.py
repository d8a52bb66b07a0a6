"""Instruments and versions: written, agreed on, sealed at first use, revised."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import Programme, User
from accounts.tests.factories import ProgrammeFactory, TeamFactory, UserFactory
from observations.models import (
    Anchor,
    Crosswalk,
    Instrument,
    InstrumentVersion,
    Item,
    ObservationSettings,
    Scale,
)
from observations.services import instrument_crosswalks, instrument_parts, instruments
from observations.services.instruments_seed import INSTRUMENTS, OWN
from observations.services.refusals import InstrumentError
from observations.statistics.scoring import score
from observations.tests.factories import clinic, version_of

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
WHO: dict[str, Any] = {"by": None, "now": NOW}


def seeded(programme: Programme, key: str = OWN.key) -> InstrumentVersion:
    instruments.seed(programme=programme, **WHO)
    return InstrumentVersion.objects.get(instrument__programme=programme, instrument__key=key)


def sealed(programme: Programme) -> InstrumentVersion:
    return instruments.seal(version=version_of(programme), **WHO)


def refused(call: Any, **arguments: Any) -> InstrumentError:
    with pytest.raises(InstrumentError) as caught:
        call(**arguments)
    return caught.value


# What a programme begins with


def test_seeding_twice_adds_nothing(programme: Programme) -> None:
    first = instruments.seed(programme=programme, **WHO)
    Item.objects.filter(version__instrument__key="option-5", number=1).update(text="Typed in")

    again = instruments.seed(programme=programme, **WHO)

    assert [one.pk for one in first] == [one.pk for one in again]
    assert {one.key for one in again} == {one.key for one in INSTRUMENTS}
    assert Item.objects.filter(text="Typed in").count() == 1


def test_seeding_leaves_an_instrument_of_the_same_name_alone(programme: Programme) -> None:
    version = version_of(programme)
    Instrument.objects.filter(pk=version.instrument_id).update(name="COLLABORATE")

    keys = {one.key for one in instruments.seed(programme=programme, **WHO)}

    assert keys == {one.key for one in INSTRUMENTS} - {"collaborate"}


def test_of_others_only_the_structure_is_there(programme: Programme) -> None:
    instruments.seed(programme=programme, **WHO)

    theirs = InstrumentVersion.objects.exclude(instrument__key=OWN.key)
    assert {(one.instrument.key, one.items.count(), one.highest) for one in theirs} == {
        ("option-5", 5, 4),
        ("option-12", 12, 4),
        ("collaborate", 3, 9),
        ("sdm-q-9", 9, 5),
    }
    assert not Anchor.objects.filter(version__in=theirs).exists()
    for item in Item.objects.filter(version__in=theirs):
        assert (item.short, item.text, item.help) == (f"Item {item.number}", "", "")
    for one in theirs:
        assert not one.instrument.may_be_used
        assert not one.instrument.may_edit
        assert one.instrument.attribution
        assert "terms" in refused(instruments.seal, version=one, **WHO).args[0]


def test_the_own_instrument_is_whole_and_may_be_used_at_once(programme: Programme) -> None:
    version = seeded(programme)

    assert instruments.gaps_of(version) == []
    assert instruments.usable_versions(programme) == [version]
    assert [anchor.mark for anchor in version.anchors.all()] == [0, 1, 2, 3, 4]
    assert all(item.text and item.help for item in version.items.all())
    assert [list(scale.items) for scale in version.scales.all()] == [[1, 2, 3, 4, 5, 6], [7, 8]]
    assert version.instrument.licence == "CC0 1.0"


@pytest.mark.parametrize(
    ("key", "marks", "expected"),
    [
        ("option-5", [2, 1, 3, 2, 0], [40]),
        ("option-12", [1, 2, 0, 1, 3, 0, 2, 1, 1, 0, 2, 1], [29.1667]),
        ("sdm-q-9", [5, 4, 3, 5, 4, 2, 3, 4, 5], [77.7778]),
        ("collaborate", [9, 9, 9], [1, 9]),
        ("collaborate", [9, 9, 8], [0, 8.6667]),
        (OWN.key, [4, 4, 4, 2, 2, 2, 1, 2], [75, 37.5]),
    ],
)
def test_the_structures_score_as_their_authors_say(
    programme: Programme, key: str, marks: list[int], expected: list[float]
) -> None:
    version = seeded(programme, key)

    found = [
        score(scale.rule, [marks[n - 1] for n in scale.items], version.lowest, version.highest)
        for scale in version.scales.order_by("number")
    ]

    assert [round(float(one or 0), 4) for one in found] == expected


# Putting in use


def test_what_lacks_something_is_not_put_in_use_and_says_what(
    programme: Programme, coordinator: User
) -> None:
    version = seeded(programme, "sdm-q-9")
    instrument = instruments.accept_terms(
        instrument=version.instrument, may_display=True, may_edit=False, by=coordinator, now=NOW
    )
    version = InstrumentVersion.objects.get(pk=version.pk)

    gaps = instruments.gaps_of(version)
    assert "Item 9 has no wording yet." in gaps
    assert "The lowest mark, 0, has no words yet." in gaps
    assert instruments.usable_versions(programme) == [
        InstrumentVersion.objects.get(instrument__key=OWN.key)
    ]
    version.items.update(text="Typed in")
    instrument_parts.set_anchors(version=version, words={0: "No", 5: "Yes"}, **WHO)
    assert instruments.seal(version=version, **WHO).status == "sealed"
    assert instrument.accepted_by == coordinator


def test_version_in_use_is_not_locked(programme: Programme) -> None:
    version = sealed(programme)

    with CaptureQueriesContext(connection) as asked:
        instruments.seal(version=version, **WHO)

    assert not [one for one in asked if "FOR UPDATE" in one["sql"]]


def test_sealing_again_changes_nothing_even_when_retired(programme: Programme) -> None:
    version = sealed(programme)
    later = NOW.replace(year=2027)

    instruments.seal(version=version, by=None, now=later)
    instruments.retire(version=version, why="Replaced", **WHO)
    instruments.seal(version=version, by=None, now=later)

    version.refresh_from_db()
    assert (version.sealed_at, version.status) == (NOW, "retired")
    assert instruments.usable_versions(programme) == []
    assert instruments.use_again(version=version, by=None, now=later).sealed_at == NOW
    assert [row.to_status for row in version.history.all()] == ["sealed", "retired", "sealed"]


def test_a_draft_that_was_let_go_is_not_used(programme: Programme) -> None:
    version = instruments.retire(version=version_of(programme), why="", **WHO)

    assert "let go" in str(refused(instruments.seal, version=version, **WHO))
    assert "let go" in str(refused(instrument_parts.add_item, version=version, short="One", **WHO))
    assert "already" in str(refused(instruments.retire, version=version, why="", **WHO))


@pytest.mark.parametrize("name", ["Item", "Anchor", "Scale"])
def test_nothing_of_a_sealed_version_changes_whoever_writes(
    programme: Programme, name: str
) -> None:
    version = sealed(programme)
    model = {"Item": Item, "Anchor": Anchor, "Scale": Scale}[name]
    row = model._default_manager.filter(version=version).first()
    assert row is not None
    field = {"Item": "short", "Anchor": "words", "Scale": "name"}[name]
    table = model._meta.db_table
    copy = model(**{f.attname: getattr(row, f.attname) for f in model._meta.concrete_fields})
    copy.pk = None
    setattr(copy, "mark" if name == "Anchor" else "number", 40)
    draft = version_of(programme)

    def by_sql(verb: str, pk: int) -> None:
        changes = f"SET {field} = 'X' " if verb == "UPDATE" else ""
        with connection.cursor() as cursor:
            cursor.execute(f"{verb} {table} {changes}WHERE version_id = %s", [pk])

    setattr(row, field, "Another")
    for write in (
        row.save,
        lambda: model._default_manager.filter(version=version).update(**{field: "Another"}),
        lambda: model._default_manager.bulk_update([row], [field]),
        lambda: model._default_manager.filter(version=version).delete(),
        lambda: model._default_manager.filter(version=draft).update(version=version),
        lambda: model._default_manager.bulk_create([copy]),
        lambda: by_sql("UPDATE", version.pk),
        lambda: by_sql("DELETE FROM", version.pk),
    ):
        with pytest.raises(DatabaseError, match="sealed"), transaction.atomic():
            write()

    # The same writes to a draft are let through.
    other = model._default_manager.filter(version=draft).first()
    assert other is not None
    setattr(other, field, "Another")
    other.save()
    by_sql("UPDATE", draft.pk)
    by_sql("DELETE FROM", draft.pk)


def test_the_marks_of_a_sealed_version_stand(programme: Programme) -> None:
    version = sealed(programme)

    for values in ({"highest": 5}, {"lowest": 1}, {"number": 9}, {"sealed_at": None}):
        with pytest.raises(DatabaseError), transaction.atomic():
            InstrumentVersion.objects.filter(pk=version.pk).update(**values)
    for call, arguments in (
        (instrument_parts.add_item, {"short": "One"}),
        (instrument_parts.set_marks, {"lowest": 0, "highest": 5}),
        (instrument_parts.set_anchors, {"words": {0: "No", 4: "Yes"}}),
        (instrument_parts.add_scale, {"name": "All", "rule": "mean", "items": [1]}),
    ):
        said = refused(call, version=version, **arguments, **WHO)
        assert "in use since 24 November 2026" in str(said)


# Revisions


def test_a_revision_copies_what_it_follows_and_is_agreed_before_use(programme: Programme) -> None:
    first = instruments.seal(version=seeded(programme), **WHO)

    second = instruments.draft_from(version=first, **WHO)

    assert (second.number, second.follows, second.status) == (2, first, "draft")
    for parts, names in (
        ("items", ("number", "short", "text", "help")),
        ("anchors", ("mark", "words")),
        ("scales", ("number", "name", "rule", "items")),
    ):
        copied = list(getattr(second, parts).values_list(*names))
        assert copied == list(getattr(first, parts).values_list(*names))
    assert "Version 2 is being written" in str(
        refused(instruments.draft_from, version=first, **WHO)
    )
    assert "who agreed" in str(refused(instruments.seal, version=second, **WHO))
    assert refused(instruments.agree, version=second, agreed=" \r\n", **WHO).field == "agreed"
    instruments.agree(version=second, agreed="Mo and Una: item 3", **WHO)
    assert instruments.seal(version=second, **WHO).status == "sealed"


def test_no_revision_where_the_terms_allow_no_change(programme: Programme) -> None:
    version = seeded(programme, "collaborate")

    assert "do not allow" in str(refused(instruments.draft_from, version=version, **WHO))


def test_a_crosswalk_joins_neighbouring_versions_alone(programme: Programme) -> None:
    first = sealed(programme)
    Instrument.objects.filter(pk=first.instrument_id).update(may_edit=True)
    second = instruments.draft_from(version=first, **WHO)
    instruments.agree(version=second, agreed="All of us", **WHO)
    instruments.seal(version=second, **WHO)
    old, new = first.scales.first(), second.scales.first()
    said = {"factor": 1, "constant": -5, "basis": "30 consultations rated with both"}

    wrong = refused(instrument_crosswalks.keep_crosswalk, scale=old, before=new, **said, **WHO)
    kept = instrument_crosswalks.keep_crosswalk(scale=new, before=old, **said, **WHO)
    again = instrument_crosswalks.keep_crosswalk(
        scale=new, before=old, **{**said, "factor": 2}, **WHO
    )

    assert wrong.field == "before"
    assert (kept.pk, Crosswalk.objects.get().factor) == (again.pk, 2)
    for field, value in (("factor", 0), ("basis", " ")):
        bad = {**said, field: value}
        found = refused(instrument_crosswalks.keep_crosswalk, scale=new, before=old, **bad, **WHO)
        assert found.field == field


# Facts and terms


def test_an_instrument_is_begun_with_its_terms(programme: Programme) -> None:
    facts = {"name": "Ours", "licence": "CC0 1.0", "may_display": True}
    made = instruments.add_instrument(programme=programme, lowest=1, highest=7, **facts, **WHO)

    assert made.versions.get().highest == 7
    for wrong, field in (
        ({"name": " "}, "name"),
        ({"name": "OURS"}, "name"),
        ({"name": "Other", "licence": ""}, "licence"),
        ({"name": "Other", "licence_url": "javascript:alert(1)"}, "licence_url"),
        ({"name": "x" * 121}, "name"),
        ({"name": "Other", "highest": 1}, "highest"),
        ({"name": "Other", "highest": 11}, "highest"),
    ):
        given = {"lowest": 1, "highest": 7, **facts, **wrong}
        said = refused(instruments.add_instrument, programme=programme, **given, **WHO)
        assert said.field == field
    assert Instrument.objects.count() == 1


def test_another_licence_is_accepted_again(programme: Programme, coordinator: User) -> None:
    row = seeded(programme, "option-5").instrument
    row = instruments.accept_terms(
        instrument=row, may_display=True, may_edit=False, by=coordinator, now=NOW
    )

    row = instruments.change_instrument(instrument=row, name="OPTION of five", **WHO)
    assert row.may_be_used
    row = instruments.change_instrument(instrument=row, licence="By letter of 2027", **WHO)
    assert not row.may_be_used


# Numbers of a programme


def test_settings_are_there_when_asked_for_and_protect(programme: Programme) -> None:
    assert instruments.settings_of(programme) == instruments.settings_of(programme)
    assert ObservationSettings.objects.get().least_consultations == 5

    kept = instruments.change_settings(programme=programme, least_consultations=7, **WHO)

    assert kept.least_consultations == 7
    for wrong, field in (
        ({"least_clinicians": 2}, "least_clinicians"),
        ({"least_partners": 3}, "least_partners"),
        ({"furthest_mark": 0}, "furthest_mark"),
        ({"minutes": 0}, "minutes"),
    ):
        said = refused(instruments.change_settings, programme=programme, **wrong, **WHO)
        assert said.field == field
    assert ObservationSettings.objects.get().least_clinicians == 5


def test_a_draft_that_a_clinic_is_planned_with_stays_whole(programme: Programme) -> None:
    version = version_of(programme)
    clinic(TeamFactory(programme=programme), UserFactory(), version)
    item = version.items.first()

    said = refused(instrument_parts.change_item, item=item, short="One", text="", help="", **WHO)

    assert "Clinics are planned with this draft. Item 1 has no wording" in str(said)
    instrument_parts.change_item(item=item, short="One", text="Better", help="", **WHO)


def test_another_programmes_instrument_is_not_usable(programme: Programme) -> None:
    seeded(ProgrammeFactory())

    assert instruments.usable_versions(programme) == []
