"""The pages of leaving: the way out, what is given, the way back, and the end."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Message, Programme, Role, User
from accounts.services.people import grant_role
from accounts.tests.factories import person
from partners.models import Expertise, Partner, Story, StoryConsent
from partners.services import farewell, leaving, stories, support
from partners.services.leaving import LeavingError
from partners.tests.factories import ExpertiseFactory, signed_up_partner

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]


@pytest.fixture
def partner(programme: Programme) -> Partner:
    partner = signed_up_partner(programme, name="Maureen Okafor", known_as="Mo")
    User.objects.filter(pk=partner.user_id).update(last_login=timezone.now())
    ExpertiseFactory(partner=partner)
    return partner


def story(partner: Partner, title: str, *uses: str) -> Story:
    assert partner.user is not None
    more = {"by": partner.user, "now": timezone.now()}
    row = stories.write_story(partner=partner, title=title, text="Once", **more)
    if uses:
        stories.agree(story=row, uses=dict.fromkeys(uses), **more)
    return row


def test_partner_leaves_and_nothing_is_gone_at_once(partner: Partner, client_for: SignIn) -> None:
    client = client_for(partner.user)

    client.post(reverse("partners:leave"))

    partner.refresh_from_db()
    assert partner.status == "left"
    assert Expertise.objects.filter(partner=partner).exists()
    day = timezone.localdate() + farewell.GRACE
    page = client.get(reverse("partners:leaving")).content.decode()
    told = Message.objects.get(kind="left").body
    for words in (page, told):
        assert f"{day:%-d %B}" in words
    assert leaving.erase_due(now=timezone.now() + farewell.GRACE - timedelta(minutes=1)) == 0
    assert leaving.erase_due(now=timezone.now() + farewell.GRACE) == 1
    assert not Expertise.objects.filter(partner=partner).exists()


def test_whoever_comes_back_in_time_finds_everything(partner: Partner, client_for: SignIn) -> None:
    client = client_for(partner.user)
    client.post(reverse("partners:leave"))

    said = client.post(reverse("partners:stay"), follow=True).content.decode()

    partner.refresh_from_db()
    assert partner.status == "active"
    assert "Places in learning were given back" in said
    assert leaving.erase_due(now=timezone.now() + 2 * farewell.GRACE) == 0
    assert client.get(reverse("partners:portfolio")).status_code == 200


def test_whom_a_coordinator_let_go_does_not_come_back_alone(
    partner: Partner, coordinator: User, client_for: SignIn
) -> None:
    support.move(partner=partner, to="left", by=coordinator, now=timezone.now())
    client = client_for(partner.user)

    page = client.get(reverse("partners:leaving")).content.decode()
    client.post(reverse("partners:stay"))

    assert "I would like to stay" not in page
    partner.refresh_from_db()
    assert partner.status == "left"


def test_stories_are_given_one_by_one(partner: Partner, client_for: SignIn) -> None:
    given, other = story(partner, "The wait", "staff"), story(partner, "The door", "board")
    story(partner, "For nobody")
    client = client_for(partner.user)
    page = client.get(reverse("partners:leaving")).content.decode()
    assert "For nobody" not in page
    assert "1 of your stories may be used nowhere" in page

    client.post(reverse("partners:leaving"), {"stories": [given.pk]})
    client.post(reverse("partners:leave"))
    client.post(reverse("partners:erase_now"))

    assert list(Story.objects.values_list("title", flat=True)) == ["The wait"]
    assert not Story.objects.filter(pk=other.pk).exists()


def test_erasing_at_once_asks_first_and_ends_the_sign_in(
    partner: Partner, client_for: SignIn
) -> None:
    client = client_for(partner.user)
    assert client.get(reverse("partners:erase_now")).status_code == 404
    client.post(reverse("partners:leave"))

    asked = client.get(reverse("partners:erase_now")).content.decode()
    said = client.post(reverse("partners:erase_now")).content.decode()

    assert "Erase it now" in asked
    assert "It is erased" in said
    assert client.get(reverse("partners:leaving")).status_code == 302
    user = User.objects.get(pk=partner.user_id)
    assert (user.is_active, user.email) == (False, None)


def test_nobody_else_erases_before_the_time_is_over(partner: Partner, coordinator: User) -> None:
    now = timezone.now()
    with pytest.raises(LeavingError, match="is here"):
        leaving.erase(partner=partner, by=partner.user, now=now)
    support.move(partner=partner, to="left", by=None, now=now)

    with pytest.raises(LeavingError, match="in case they come back"):
        leaving.erase(partner=partner, by=coordinator, now=now + timedelta(days=1))


def test_a_failure_keeps_everything(partner: Partner, monkeypatch: pytest.MonkeyPatch) -> None:
    now = timezone.now()
    support.move(partner=partner, to="left", by=None, now=now)

    def fail(**_: object) -> None:
        raise RuntimeError("planted")

    monkeypatch.setattr(leaving.people, "forget_sign_in", fail)
    with pytest.raises(RuntimeError, match="planted"):
        leaving.erase(partner=partner, by=partner.user, now=now)

    partner.refresh_from_db()
    assert partner.erased_at is None
    assert partner.email
    assert Expertise.objects.filter(partner=partner).exists()


def test_whoever_left_gives_a_story_and_changes_where_it_may_be_used(
    programme: Programme, partner: Partner, client_for: SignIn
) -> None:
    row = story(partner, "The wait", "staff", "board")
    client, staff = client_for(partner.user), client_for(person(Role.STAFF, programme))
    client.post(reverse("partners:leave"))
    own = reverse("partners:story", args=[row.pk])
    where = reverse("partners:story_consents", args=[row.pk])
    read = reverse("partners:read_story", args=[row.pk])
    assert staff.get(read).status_code == 404

    page = client.get(reverse("partners:leaving")).content.decode()
    assert own in page
    assert "Nobody else sees this story now" in client.get(own).content.decode()
    client.post(reverse("partners:leaving"), {"stories": [row.pk]})
    assert staff.get(read).status_code == 200
    boxes = client.get(where).content.decode()
    assert boxes.count(" checked") == 2
    day = timezone.localdate() + timedelta(days=60)
    until = {"until_board_day": day.day, "until_board_month": day.month}
    client.post(where, {"uses": ["board"], **until, "until_board_year": day.year})
    sent = {"take_care": "", "named": "none", "credit": ""}
    client.post(reverse("partners:story_reading", args=[row.pk]), sent)

    allowed = StoryConsent.objects.standing(timezone.localdate())
    assert [(consent.use, consent.until) for consent in allowed] == [("board", day)]
    assert staff.get(read).status_code == 404
    row.refresh_from_db()
    assert row.credit == ""
    assert client.get(reverse("partners:change_story", args=[row.pk])).status_code == 403
    assert client.get(reverse("partners:add_story")).status_code == 403
    for other in (staff, client_for(person(Role.COORDINATOR, programme))):
        for name in ("story", "story_consents", "withdraw_story"):
            assert other.get(reverse(f"partners:{name}", args=[row.pk])).status_code == 404


def test_a_given_story_is_taken_back_when_all_else_is_erased(
    programme: Programme, partner: Partner, client_for: SignIn
) -> None:
    assert partner.user is not None
    row, now = story(partner, "The wait", "staff"), timezone.now()
    grant_role(user=partner.user, programme=programme, role=Role.STAFF, by=None, now=now)
    client = client_for(partner.user)
    client.post(reverse("partners:leaving"), {"stories": [row.pk]})
    client.post(reverse("partners:leave"))
    client.post(reverse("partners:erase_now"))
    own = reverse("partners:story", args=[row.pk])
    assert own in client.get(reverse("partners:leaving")).content.decode()

    client.post(reverse("partners:stop_story_use", args=[row.consents.get().pk]))

    assert not StoryConsent.objects.standing(timezone.localdate()).exists()
    assert leaving.drop_lapsed(now=timezone.now()) == 1
    assert client.get(own).status_code == 404


def test_home_says_what_can_still_be_done_and_until_when(
    partner: Partner, coordinator: User, client_for: SignIn
) -> None:
    client, now = client_for(partner.user), timezone.now()
    day = f"{timezone.localdate(now) + farewell.GRACE:%A %-d %B %Y}"
    support.move(partner=partner, to="left", by=coordinator, now=now)

    let_go = client.get(reverse("home")).content.decode()
    support.move(partner=partner, to="active", by=coordinator, now=now)
    client.post(reverse("partners:leave"))
    left = client.get(reverse("home")).content.decode()

    for page in (let_go, left):
        assert f"Until {day} you can" in page
        assert reverse("partners:leaving") in page
    assert "come back," in left
    assert "come back," not in let_go
    Partner.objects.filter(pk=partner.pk).update(erased_at=timezone.now())
    assert reverse("partners:leaving") not in client.get(reverse("home")).content.decode()
