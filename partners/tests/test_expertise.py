"""What partners bring, care about and want: kept in their words, shared item by item."""

from datetime import timedelta
from typing import Any

import pytest

from accounts.models import Programme
from accounts.tests.factories import ProgrammeFactory
from partners.models import Expertise, Partner, Passion, Priority, Theme
from partners.services import expertise
from partners.services.expertise import ExpertiseError
from partners.tests.factories import NOW, PartnerFactory

pytestmark = pytest.mark.django_db
SAID = {"visibility": "only_me", "by": None, "now": NOW}


@pytest.fixture
def partner(programme: Programme) -> Partner:
    found: Partner = PartnerFactory(programme=programme)
    return found


def test_the_same_words_are_kept_once(partner: Partner) -> None:
    words: dict[str, Any] = {"partner": partner, "kind": "jewel", **SAID}

    first = expertise.add_expertise(text="Being talked over ", **words)
    again = expertise.add_expertise(text="being  talked over", **words)

    assert first == again
    assert Expertise.objects.get().text == "Being talked over"
    expertise.add_expertise(text="Being talked over", **words | {"kind": "frozen_asset"})
    expertise.add_passion(partner=partner, text="Being talked over", **SAID)
    assert (Expertise.objects.count(), Passion.objects.count()) == (2, 1)


def test_words_said_again_are_shared_as_was_said_last(partner: Partner) -> None:
    pain, digital = (
        expertise.add_theme(programme=partner.programme, name=name, by=None, now=NOW)
        for name in ("Pain", "Digital")
    )
    words: dict[str, Any] = {"partner": partner, "text": "Sleep", "by": None, "now": NOW}
    expertise.add_priority(**words, visibility="staff", themes=[pain], reached_on=NOW.date())

    again = expertise.add_priority(**words, visibility="only_me", themes=[digital])

    kept = Priority.objects.get()
    assert (again.visibility, kept.visibility) == ("only_me", "only_me")
    assert set(kept.themes.all()) == {pain, digital}
    assert kept.reached_on == NOW.date()
    with pytest.raises(ExpertiseError, match="who may see it"):
        expertise.add_priority(**words, visibility="everybody")


@pytest.mark.parametrize(
    ("values", "field", "sentence"),
    [
        ({"text": " "}, "text", "few words"),
        ({"text": "x" * 2001}, "text", "Shorten this to 2,000"),
        ({"text": "a\0b"}, "text", "cannot be kept"),
        ({"visibility": "everybody"}, "visibility", "who may see it"),
        ({"kind": "other"}, "kind", "where it comes from"),
    ],
)
def test_what_cannot_be_kept_says_why(
    partner: Partner, values: dict[str, Any], field: str, sentence: str
) -> None:
    with pytest.raises(ExpertiseError, match=sentence) as refusal:
        expertise.add_expertise(
            **{"partner": partner, "kind": "jewel", "text": "Pain", **SAID, **values}
        )

    assert refusal.value.field == field


def test_items_are_changed_with_their_themes_and_deleted(partner: Partner) -> None:
    pain, digital = (
        expertise.add_theme(programme=partner.programme, name=name, by=None, now=NOW)
        for name in ("Pain", "Digital")
    )
    item = expertise.add_passion(partner=partner, text="Apps", themes=[digital], **SAID)
    words = {"passion": item, "text": "Apps", **SAID}

    assert not expertise.change_passion(**words)
    assert not expertise.change_passion(**words, themes=[digital])
    assert expertise.change_passion(**words, themes=[pain, digital])
    assert expertise.change_passion(**words | {"visibility": "staff"}, themes=[pain])

    assert Passion.objects.shown().get().theme_names == ["Pain"]
    expertise.remove(item=item, by=None, now=NOW)
    assert not Passion.objects.exists()
    with pytest.raises(ExpertiseError, match="removed a moment ago"):
        expertise.change_passion(**words | {"text": "Other"})


def test_themes_of_another_programme_are_refused(partner: Partner) -> None:
    theirs = expertise.add_theme(programme=ProgrammeFactory(), name="Pain", by=None, now=NOW)

    with pytest.raises(ExpertiseError, match="from the list"):
        expertise.add_passion(partner=partner, text="Apps", themes=[theirs], **SAID)

    assert not Passion.objects.exists()


def test_a_priority_is_reached_today_or_earlier(partner: Partner) -> None:
    item = expertise.add_priority(partner=partner, text="Speak in public", **SAID)
    words = {"priority": item, "text": "Speak in public", **SAID}

    assert expertise.change_priority(**words, reached_on=NOW.date())
    with pytest.raises(ExpertiseError, match="today or in the past"):
        expertise.change_priority(**words, reached_on=NOW.date() + timedelta(1))

    item.refresh_from_db()
    assert Priority.objects.get().reached_on == NOW.date()


def test_themes_are_seeded_once_and_renamed(programme: Programme) -> None:
    expertise.add_theme(programme=programme, name="pain", by=None, now=NOW)

    added = expertise.seed_themes(programme=programme, by=None, now=NOW)
    again = expertise.seed_themes(programme=programme, by=None, now=NOW)

    assert (len(added), again, Theme.objects.count()) == (11, [], 12)
    with pytest.raises(ExpertiseError, match="already has this theme"):
        expertise.rename_theme(theme=added[0], name="PAIN", by=None, now=NOW)
    expertise.rename_theme(theme=added[0], name="Apps", by=None, now=NOW)
    with pytest.raises(ExpertiseError, match="a name"):
        expertise.add_theme(programme=programme, name=" ", by=None, now=NOW)
