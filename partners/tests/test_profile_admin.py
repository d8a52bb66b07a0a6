"""What coordinators see of a profile, and write down for a partner without a sign-in."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Programme, User
from partners.models import EmergencyContact, Need, Partner, Pause, Theme
from partners.services import expertise, needs, profile, register
from partners.tests.factories import NOW, PartnerFactory, signed_up_partner

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]


@pytest.fixture
def cora(coordinator: User, client_for: SignIn) -> Client:
    return client_for(coordinator)


@pytest.fixture
def derek(programme: Programme) -> Partner:
    """Has no e-mail address, and so no sign-in."""
    found: Partner = PartnerFactory(programme=programme, name="Derek Holt", email=None)
    return found


def url(page: str, *args: Any) -> str:
    return reverse(f"admin:partners_partner_{page}", args=args)


def need(partner: Partner, **values: Any) -> Need:
    words = {"kind": "sitting", "text": "I stand up often", "to_do": "A seat by the door"}
    return needs.add_need(partner=partner, by=None, now=NOW, **words | values)


def test_the_partners_page_shows_what_is_shared(cora: Client, derek: Partner) -> None:
    need(derek)
    profile.set_emergency_contact(
        partner=derek, name="Ada Holt", phone="01632 960002", by=None, now=NOW
    )
    for seen in ("only_me", "coordinators", "staff"):
        words = {
            "visibility": seen,
            "text": f"for-{seen}",
            "partner": derek,
            "by": None,
            "now": NOW,
        }
        expertise.add_passion(**words)
        expertise.add_priority(**words)
    profile.add_pause(partner=derek, starts_on=timezone.localdate(), by=None, now=NOW)

    page = cora.get(url("change", derek.pk)).content.decode()

    for shown in ("A seat by the door", "I stand up often", "Ada Holt", "until they say"):
        assert shown in page
    assert page.count("for-coordinators") == page.count("for-staff") == 2
    assert "for-only_me" not in page


def test_coordinators_write_down_for_who_has_no_sign_in(cora: Client, derek: Partner) -> None:
    sent = {"kind": "food", "text": "No nuts", "to_do": "Tell the kitchen", "shared": "True"}
    day = timezone.localdate()

    wrong = cora.post(url("add_need", derek.pk), {**sent, "to_do": ""}).content.decode()
    assert "Say what the organiser should do" in wrong
    assert "<title>Error: " in wrong
    cora.post(url("add_need", derek.pk), sent)
    row = Need.objects.get()
    cora.post(url("need", derek.pk, row.pk), {**sent, "text": "No nuts at all"})
    cora.post(
        url("add_pause", derek.pk),
        {"starts_on_day": day.day, "starts_on_month": day.month, "starts_on_year": day.year},
    )
    cora.post(url("emergency", derek.pk), {"name": "Ada", "phone": "01632 960002"})

    row.refresh_from_db()
    assert (row.text, row.to_do, row.shared) == ("No nuts at all", "Tell the kitchen", True)
    assert EmergencyContact.objects.get().partner == derek
    for page, pk in (("drop_pause", Pause.objects.get().pk), ("drop_need", row.pk)):
        assert cora.get(url(page, derek.pk, pk)).status_code == 200
        cora.post(url(page, derek.pk, pk))
    assert not Need.objects.exists()
    assert not Pause.objects.exists()


def test_whoever_signs_in_looks_after_their_own(
    cora: Client, programme: Programme, derek: Partner
) -> None:
    mo = signed_up_partner(programme)
    User.objects.update(last_login=NOW)
    row = need(mo)

    assert cora.post(url("add_need", mo.pk), {"kind": "food", "text": "No"}).status_code == 403
    assert cora.get(url("need", mo.pk, row.pk)).status_code == 403
    assert cora.get(url("need", derek.pk, row.pk)).status_code == 404
    assert "changes this on the portal" in cora.get(url("change", mo.pk)).content.decode()


def test_needs_to_review_are_counted_filtered_and_asked(cora: Client, derek: Partner) -> None:
    PartnerFactory(programme=derek.programme, name="Other")
    row = need(derek)
    need(derek, text="Another")
    Need.objects.filter(pk=row.pk).update(review_on=timezone.localdate())

    home = cora.get(reverse("admin:index")).content.decode()
    listed = cora.get(url("changelist"), {"needs": "review"})
    page = cora.get(url("change", derek.pk)).content.decode()

    assert "partner with needs to review" in home
    assert [one.name for one in listed.context["cl"].result_list] == ["Derek Holt"]
    assert "2 needs, 1 to review" in listed.content.decode()
    assert "To be reviewed" in page
    cora.post(url("review_need", derek.pk, row.pk))
    assert not Partner.objects.to_review(timezone.localdate()).exists()
    assert "needs to review" not in cora.get(reverse("admin:index")).content.decode()


def test_the_list_asks_as_often_for_one_as_for_three(cora: Client, derek: Partner) -> None:
    def queries() -> int:
        cora.get(url("changelist"))
        with CaptureQueriesContext(connection) as asked:
            cora.get(url("changelist"))
        return len(asked)

    need(derek)
    first = queries()
    for _ in range(2):
        need(PartnerFactory(programme=derek.programme))

    assert queries() == first <= 12


def test_contact_and_pace_are_changed_in_the_register(cora: Client, programme: Programme) -> None:
    sent = {"programme": programme.pk, "name": "Jo Vale", "status": "active", "email": ""}
    sent |= {"phone": "", "preferred_channel": "phone"}

    wrong = cora.post(url("add"), sent).content.decode()
    assert "Enter a telephone number, or choose another way." in wrong
    assert not Partner.objects.exists()
    pace = {"hours_wanted": "4", "hours_per": "week", "availability": "Mondays"}
    cora.post(url("add"), {**sent, "phone": "01632 960001", **pace})

    kept = Partner.objects.get()
    assert (kept.preferred_channel, kept.hours_wanted, kept.availability) == ("phone", 4, "Mondays")
    register.change_partner(partner=kept, by=None, now=NOW, hours_wanted=None)
    kept.refresh_from_db()
    assert kept.hours_per == ""


def test_themes_are_added_renamed_and_suggested(cora: Client, programme: Programme) -> None:
    add = reverse("admin:partners_theme_add")
    cora.post(add, {"programme": programme.pk, "name": " Pain  clinics "})
    theme = Theme.objects.get()
    assert (theme.name, theme.programme) == ("Pain clinics", programme)

    twice = cora.post(add, {"programme": programme.pk, "name": "PAIN CLINICS"}).content.decode()
    assert "already has this theme" in twice
    cora.post(reverse("admin:partners_theme_change", args=[theme.pk]), {"name": "Pain"})
    theme.refresh_from_db()
    assert theme.name == "Pain"
    cora.post(reverse("admin:partners_theme_seed"))
    assert Theme.objects.filter(programme=programme).count() == 12
