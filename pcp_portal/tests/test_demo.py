"""The demo programme: made once, true to its own rules, and open to its people."""

import json
from collections.abc import Iterator
from datetime import datetime
from io import BytesIO, StringIO
from typing import Any

import pytest
import time_machine
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db.models import F, Sum
from django.test import Client
from django.utils import timezone
from pghistory.models import Context
from PIL import Image
from pypdf import PdfReader

from accounts.models import Message, Programme, RoleGrant, User
from assignments.models import (
    Assignment,
    Attendance,
    EventPage,
    Meeting,
    MeetingSeries,
    NeedsAnswer,
    Offer,
    Opportunity,
    Registration,
    Request,
    SuggestionWeights,
    WorkGroup,
)
from assignments.rules.events import Standing, standing
from assignments.services.series import stands_by_rule
from observations.models import (
    ClinicSession,
    Comment,
    InstrumentVersion,
    ItemComment,
    Reflection,
)
from observations.services import tallies
from observations.services.results import team_results
from partners.models import (
    Contribution,
    Correction,
    DataCopy,
    Evidence,
    Partner,
    StageStepDone,
    Story,
    StoryUse,
)
from partners.services import conflicts, files
from partners.services.data_copy import KEPT_FOR
from partners.services.uploads import JPEG, PDF
from payments.models import Claim, ClaimLine, PaymentRun, ReportFile
from pcp_portal.demo import build as story
from pcp_portal.demo import comings
from pcp_portal.demo.people import PARTNERS, sign_ins
from pcp_portal.demo.reset import OtherProgrammesError, reset
from pcp_portal.home import partner_home

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=timezone.get_default_timezone())


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: Any) -> Iterator[Programme]:
    """The demo programme, made once for this module."""
    with django_db_blocker.unblock():
        story.build(now=NOW)
        yield Programme.objects.get(slug="demo")
        reset()


pytestmark = pytest.mark.django_db


@pytest.fixture
def empty(db: None) -> None:
    """As the first command of an installation finds it, whatever this module made before."""
    reset()


def rows_of_everything() -> dict[str, int]:
    models = (User, RoleGrant, Partner, Meeting, Contribution, Claim, ClaimLine, Message, Context)
    return {model.__name__: model.objects.count() for model in models}


def said(*arguments: str) -> str:
    out = StringIO()
    call_command("demo", *arguments, stdout=out)
    return out.getvalue()


def test_demo_made_again_changes_nothing(demo: Programme) -> None:
    before = rows_of_everything()

    answer = said()

    assert "already" in answer
    assert rows_of_everything() == before


def test_demo_holds_the_nine_partners_and_three_paid_months(demo: Programme) -> None:
    paid = PaymentRun.objects.filter(programme=demo, status=PaymentRun.Status.PAID)
    still_open = PaymentRun.objects.get(programme=demo, status=PaymentRun.Status.OPEN)

    expected = {one.name for one in (*PARTNERS, *comings.ARRIVING, *comings.HERE)}
    assert len(PARTNERS) == 9
    assert set(demo.partners.values_list("name", flat=True)) == expected
    assert paid.count() >= 3
    assert ReportFile.objects.filter(report__run__in=paid).count() == 2 * paid.count()
    assert still_open.line_count > 0


def test_demo_every_work_list_has_something(demo: Programme) -> None:
    soon = Attendance.objects.filter(
        meeting__status="planned",
        meeting__starts_at__gt=NOW,
        meeting__starts_at__lt=NOW + timezone.timedelta(days=7),
    )

    # Three pieces of work that partners added, and three sheets of this week's clinic.
    assert Contribution.objects.to_confirm().filter(programme=demo).count() == 6
    assert Meeting.objects.to_confirm(NOW).filter(programme=demo).count() == 1
    assert {"submitted", "queried", "draft", "approved"} <= set(
        Claim.objects.filter(programme=demo).values_list("status", flat=True)
    )
    assert demo.invitations.open().count() == 1
    assert soon.values("partner").distinct().count() >= 7
    assert Meeting.objects.filter(programme=demo, status="cancelled").count() == 2


def test_demo_meets_this_term_by_rules_and_by_hand(demo: Programme) -> None:
    teams = WorkGroup.objects.filter(programme=demo, kind="mdt")
    series = MeetingSeries.objects.filter(work_group__programme=demo)
    ahead = Meeting.objects.ahead(NOW).exclude(series=None).select_related("series")

    assert all(one.lead and one.influence and one.wanted == 4 for one in teams)
    assert {one.work_group_id for one in series} == {one.pk for one in teams}
    assert {one.series_id for one in ahead} == {one.pk for one in series}
    assert [str(one) for one in ahead if not stands_by_rule(one, one.series)] == ["Upper limb MDT"]
    assert Meeting.objects.filter(starts_at__gt=NOW, status="cancelled").exclude(series=None)
    assert Meeting.objects.filter(starts_at__gt=NOW, papers__isnull=False).distinct().count() == 2


def test_demo_has_work_at_every_step_from_ask_to_thanks(demo: Programme) -> None:
    asked = Request.objects.filter(programme=demo)
    offers = Offer.objects.filter(opportunity__programme=demo)
    full = Opportunity.objects.get(work_group__name="Shared decision making training")
    own = asked.exclude(proposed_by=None).get(status="done")
    ended = Assignment.objects.filter(status="ended").exclude(thanks="")

    assert set(asked.values_list("status", flat=True)) == set(Request.Status.values)
    assert Opportunity.objects.filter(programme=demo).open(NOW.date()).count() == 2
    assert {"waiting", "offered", "accepted", "standing_in", "lapsed", "ended"} == set(
        offers.values_list("status", flat=True)
    )
    assert full.offers.filter(status="accepted").count() == full.places
    assert full.offers.filter(status="waiting").count() == 2
    assert own.opportunity.work_group.assignments.filter(partner=own.proposed_by).exists()
    assert Attendance.objects.filter(stands_in=True, outcome="there").count() == 1
    assert ended.exclude(handover="").exists()
    assert not SuggestionWeights.objects.filter(programme=demo).exists()
    assert set(NeedsAnswer.objects.values_list("answer", flat=True)) == {"yes", "partly", "no"}
    assert NeedsAnswer.objects.exclude(answer="yes").filter(seen_at=None).count() == 1


def test_demo_conflict_comes_to_nobodys_eyes(demo: Programme) -> None:
    conflict = demo.declared_conflicts.get()

    assert not conflicts.at_work_together(demo.declared_conflicts.all(), NOW.date()).exists()
    assert not Message.objects.filter(body__icontains="conflict").exists()
    assert conflict.declared_by == conflict.partner.user


def test_demo_has_doors_open_to_everybody(demo: Programme) -> None:
    past, coming = EventPage.objects.order_by("meeting__starts_at")
    people = Registration.objects.filter(page=coming)

    assert standing(coming, NOW) == Standing.OPEN
    assert people.coming().count() == coming.places
    assert people.queue().count() == 2
    assert people.filter(confirmed_at=None).count() == 1
    assert past.thanked_at
    assert past.thanked_at < NOW
    assert past.registrations.filter(came=True).count() == 5
    assert not Registration.objects.exclude(email__endswith="@example.org").exists()


def test_demo_has_a_year_of_observed_clinics(demo: Programme) -> None:
    clinics = ClinicSession.objects.filter(programme=demo)
    upper = demo.teams.get(name="Upper limb")
    lower = demo.teams.get(name="Lower limb")
    version = InstrumentVersion.objects.get(instrument__programme=demo, status="sealed")
    shown = team_results(team=upper, version=version, today=NOW.date())
    few = team_results(team=lower, version=version, today=NOW.date())

    assert set(clinics.values_list("status", flat=True)) == {"asked", "agreed", "held"}
    assert clinics.dates("day", "month").count() >= 12
    assert Comment.objects.waiting().count() >= 10
    assert set(Reflection.objects.values_list("status", flat=True)) == {"released", "used"}
    assert tallies.check(demo) == []
    assert shown.sentence
    assert few.why
    assert ItemComment.objects.exclude(answer="").count() == 2


def test_demo_homes_stay_calm(demo: Programme) -> None:
    homes = {
        partner.called: partner_home(partner, partner.user, NOW)
        for partner in demo.partners.exclude(user=None).exclude(status="left")
    }

    assert {name: len(home.to_do) for name, home in homes.items() if len(home.to_do) > 4} == {}
    assert any(one.title.startswith("A place is yours") for one in homes["Mo"].to_do)


def test_demo_has_somebody_on_each_step_of_the_way_in(demo: Programme) -> None:
    stages = {one.status: one.known_as for one in demo.partners.arriving()}
    ticks = StageStepDone.objects.filter(partner__in=demo.partners.arriving())
    longest = demo.partners.get(known_as="Fraser")

    assert stages == {
        "enquiry": "Gwen",
        "conversation": "Harjit",
        "checks": "Marta",
        "induction": "Fraser",
    }
    assert {tick.step.stage for tick in ticks.select_related("step")} == set(stages)
    assert [line.to_status for line in longest.history.order_by("at", "pk")] == [
        "enquiry",
        "conversation",
        "checks",
        "induction",
    ]
    assert demo.partners.filter(status="on_break").count() == 1


def test_demo_has_evidence_that_opens(demo: Programme) -> None:
    kept = {
        one.file.media_type: b"".join(files.stream(one.file))
        for one in Evidence.objects.exclude(file=None).select_related("file")
    }

    assert len(PdfReader(BytesIO(kept[PDF])).pages) == 1
    assert Image.open(BytesIO(kept[JPEG])).size == (900, 560)


def test_demo_has_corrections_answered_and_a_copy_to_take(demo: Programme) -> None:
    copy = DataCopy.objects.get(programme=demo)

    assert set(Correction.objects.values_list("status", flat=True)) == {"asked", "made", "refused"}
    assert copy.status == "ready"
    assert copy.file_id
    assert copy.asked_at < NOW
    assert copy.expires_at == copy.asked_at + KEPT_FOR


def test_demo_has_a_story_that_outlived_its_owners_leaving(demo: Programme) -> None:
    given = Story.objects.lent(NOW.date()).get(donated_at__isnull=False)
    used = StoryUse.objects.filter(story=given, used_on__gt=given.donated_at)

    assert given.title == comings.GIVEN_STORY.title
    assert given.partner.status == "left"
    assert given.partner.erased_at
    assert used.count() == 1
    assert not given.partner.expertise.exists()
    assert Claim.objects.filter(partner=given.partner, status="paid").exists()


def test_demo_money_adds_up(demo: Programme) -> None:
    live = ClaimLine.objects.live()
    wrong = [
        claim
        for claim in Claim.objects.filter(programme=demo)
        if claim.total != (live.filter(claim=claim).aggregate(sum=Sum("amount"))["sum"] or 0)
    ]
    claimed = live.filter(contribution__isnull=False)

    assert wrong == []
    assert not claimed.filter(contribution__claimed_at__isnull=True).exists()
    assert not Claim.objects.filter(approved_by=F("partner__user")).exists()


def test_demo_leaves_no_old_mail_to_send(demo: Programme) -> None:
    waiting = Message.objects.filter(status=Message.Status.WAITING)

    assert not waiting.filter(due_at__lt=NOW - timezone.timedelta(days=2)).exists()


def test_prepare_where_all_is_done_changes_nothing(demo: Programme) -> None:
    before, out = rows_of_everything(), StringIO()

    call_command("prepare", stdout=out)

    assert out.getvalue() == ""
    assert rows_of_everything() == before


def test_prepare_on_a_real_server_makes_no_demo(empty: None, settings: Any) -> None:
    settings.DEMO = False

    call_command("prepare")

    assert not Programme.objects.exists()


def test_sign_ins_are_one_object_a_line_with_what_each_needs() -> None:
    people = [json.loads(line) for line in said("--sign-ins").splitlines()]

    assert all(set(one) == {"role", "email", "password", "totp", "start"} for one in people)
    assert [one["email"] for one in people if "pauline" in (one["email"] or "")] == []
    assert all(bool(one["totp"]) == (one["role"] != "partner") for one in people)
    assert all(
        one["start"] == ("/admin/" if one["role"] in {"coordinator", "finance"} else "/")
        for one in people
    )
    assert all(len(one["password"]) >= 12 for one in people)
    assert {one["role"] for one in people} == {str(person.role) for person in sign_ins()}


@pytest.mark.parametrize("person", sign_ins(), ids=lambda person: person.email)
def test_sign_ins_open_the_door(demo: Programme, person: Any) -> None:
    browser = Client()
    cache.clear()  # allauth counts attempts, and remembers codes that were used

    with time_machine.travel(NOW, tick=False):
        credentials = {"login": person.email, "password": person.password}
        answer = browser.post("/account/login/", credentials, follow=True)
        if person.totp:
            code = format_hotp_value(hotp_value(person.totp, int(NOW.timestamp()) // 30))
            where = answer.redirect_chain[-1][0]
            answer = browser.post(where, {"code": code}, follow=True)
        page = browser.get(person.start)

    assert answer.status_code == 200
    assert page.status_code == 200
    assert page.context["user"].email == person.email


@pytest.mark.parametrize("arguments", [(), ("--sign-ins",), ("--reset",)])
def test_demo_outside_a_demo_installation_is_refused(
    empty: None, settings: Any, arguments: Any
) -> None:
    settings.DEMO = False

    with pytest.raises(CommandError, match="not a demo installation"):
        said(*arguments)

    assert not Programme.objects.filter(slug="demo").exists()


def test_reset_where_a_programme_is_real_is_refused(empty: None) -> None:
    Programme.objects.create(slug="north", name="North")

    with pytest.raises(OtherProgrammesError, match="North is not a demo"):
        reset()

    assert Programme.objects.filter(slug="north").exists()


def test_demo_that_fails_on_the_way_leaves_nothing(
    empty: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError("killed on the way")

    monkeypatch.setattr(story.runs, "close_run", fail)

    with pytest.raises(RuntimeError, match="killed"):
        story.build(now=NOW)

    assert not Programme.objects.exists()
    assert not User.objects.exists()
