"""A coordinator takes a story back at its owner's wish: the same end, and how it was told."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Message, Programme, Role, User
from accounts.tests.factories import person
from partners.models import Partner, Story, StoryConsent, StoryWithdrawal
from partners.services import leaving, stories, support
from partners.services.stories import StoryError
from partners.tests.factories import signed_up_partner
from partners.tests.test_stories import MARK, lent, log, shown_on

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]


@pytest.fixture
def mo(programme: Programme) -> Partner:
    return signed_up_partner(programme, name="Maureen Okafor", known_as="Mo")


@pytest.fixture
def cora(programme: Programme) -> User:
    return person(Role.COORDINATOR, programme)


@pytest.mark.parametrize("owner", ["signs in", "has no sign-in", "has left"])
def test_a_coordinator_withdraws_at_the_owners_wish(
    programme: Programme, mo: Partner, cora: User, client_for: SignIn, owner: str
) -> None:
    story = lent(mo, "staff", credit="Mo")
    log(story, cora, use="staff", where="Ward 4")
    if owner == "has no sign-in":
        Partner.objects.filter(pk=mo.pk).update(user=None, email=None)
    elif owner == "has left":
        Story.objects.update(donated_at=timezone.now())
        support.move(partner=mo, to="left", by=mo.user, now=timezone.now())
        leaving.erase(partner=mo, by=mo.user, now=timezone.now())
    staff, coordinator = client_for(person(Role.STAFF, programme)), client_for(cora)
    address = reverse("admin:partners_story_withdraw", args=[story.pk])
    asked = coordinator.get(address).content.decode()
    assert "no page, no search, no export and no PDF" in asked
    assert "Ward 4" in asked

    silent = coordinator.post(address, {"told": " "}).content.decode()
    assert "Say who told you, how and when" in silent
    assert shown_on(staff, story)
    done = coordinator.post(address, {"told": "Her daughter rang on Monday"}, follow=True)

    assert "The story is withdrawn" in done.content.decode()
    assert shown_on(staff, story) == shown_on(coordinator, story) == set()
    row = StoryWithdrawal.objects.get()
    assert (row.partner, row.by, row.told) == (mo, cora, "Her daughter rang on Monday")
    told = Message.objects.filter(kind="story_withdrawn")
    assert [message.to_address for message in told] == ([mo.email] if owner == "signs in" else [])
    assert not any(MARK in message.body + message.subject for message in told)
    if owner == "has left":
        assert leaving.drop_lapsed(now=timezone.now()) == 1
        assert not Story.objects.exists()
        assert StoryWithdrawal.objects.get().told == "Her daughter rang on Monday"


def test_its_owner_reads_who_withdrew_it_and_brings_it_back(
    mo: Partner, cora: User, client_for: SignIn
) -> None:
    story, now = lent(mo, "staff"), timezone.now()
    stories.withdraw(story=story, by=cora, now=now, told="She rang on Monday")
    owner, address = client_for(mo.user), reverse("partners:story", args=[story.pk])

    page = owner.get(address).content.decode()
    owner.post(reverse("partners:bring_back_story", args=[story.pk]))
    owner.post(reverse("partners:withdraw_story", args=[story.pk]))

    assert f"{cora.name} withdrew this story for you" in page
    assert "She rang on Monday" in page
    assert "You withdrew this story" in owner.get(address).content.decode()
    assert [row.by for row in StoryWithdrawal.objects.all()] == [mo.user, cora]


def test_a_wish_is_told_in_a_line_of_its_own(mo: Partner, cora: User) -> None:
    story, now = lent(mo, "staff"), timezone.now()

    for told in ("", "x" * 301):
        with pytest.raises(StoryError) as refusal:
            stories.withdraw(story=story, by=cora, now=now, told=told)
        assert refusal.value.field == "told"
    assert StoryConsent.objects.standing(timezone.localdate()).exists()
