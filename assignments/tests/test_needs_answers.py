"""Whether needs were met: who is asked, who may say, and what coordinators do about it."""

from datetime import timedelta

import pytest

from accounts.admin_site import asked_together
from accounts.tests.factories import person
from assignments import services
from assignments.admin.needs import needs_not_met
from assignments.models import Attendance, NeedsAnswer
from assignments.services import needs_answers
from assignments.services.needs_answers import NeedsAnswerError
from assignments.tests.factories import WorkGroupFactory, placed, planned
from partners.services.profile import add_need
from partners.tests.factories import signed_up_partner

pytestmark = pytest.mark.django_db


@pytest.fixture
def mo(programme, now):
    mo = signed_up_partner(programme, name="Maureen Okafor", known_as="Mo")
    add_need(partner=mo, kind="energy", text="I tire", by=mo.user, now=now)
    return mo


@pytest.fixture
def was_there(mo, coordinator, now):
    return held(mo, coordinator, now)


def held(partner, coordinator, now, outcome="there", **group) -> Attendance:
    """`partner` at a meeting of yesterday that is confirmed."""
    group = WorkGroupFactory(programme=partner.programme, **group)
    placed(partner, group)
    meeting = planned(group, now - timedelta(days=1))
    row = meeting.attendances.get()
    services.confirm_meeting(
        meeting=meeting, outcomes={row.pk: (outcome, None)}, by=coordinator, now=now
    )
    return Attendance.objects.get(pk=row.pk)


def say(row, answer="no", note="No break", *, now, by=None):
    by = by or row.partner.user
    return needs_answers.answer(attendance=row, answer=answer, note=note, by=by, now=now)


def waiting(coordinator, now):
    return [item.count for item in asked_together(needs_not_met(coordinator), now.date())]


# --- Who is asked, and who may say ---------------------------------------------------------------


def test_whoever_told_a_need_and_was_there_is_asked_for_30_days(mo, was_there, now):
    asked = Attendance.objects.filter(needs_answers.asked(mo, now))

    assert [row.pk for row in asked] == [was_there.pk]
    assert not Attendance.objects.filter(needs_answers.asked(mo, now + timedelta(days=30)))


def test_nobody_else_is_asked(programme, mo, coordinator, now):
    held(mo, coordinator, now, outcome="missed")
    no_needs = signed_up_partner(programme)
    held(no_needs, coordinator, now)

    for partner in (mo, no_needs):
        assert not Attendance.objects.filter(needs_answers.asked(partner, now))


def test_who_has_answered_is_not_asked_again(mo, was_there, now):
    say(was_there, now=now)

    assert not Attendance.objects.filter(needs_answers.asked(mo, now))


def test_answer_is_changed_within_30_days_and_not_after(was_there, now):
    first = say(was_there, now=now)
    last_moment = now + timedelta(days=30) - timedelta(seconds=1)

    changed = say(was_there, "yes", "It was sorted out", now=last_moment)

    assert (changed.pk, changed.answer, changed.answered_at) == (first.pk, "yes", now)
    with pytest.raises(NeedsAnswerError, match="more than 30 days ago"):
        say(was_there, "no", now=now + timedelta(days=30))


def test_who_was_not_there_does_not_say(mo, coordinator, now):
    row = held(mo, coordinator, now, outcome="missed")

    with pytest.raises(NeedsAnswerError, match="whoever was there"):
        say(row, now=now)


@pytest.mark.parametrize(
    ("answer", "note", "field"), [("", "", "answer"), ("no", "x" * 501, "note")]
)
def test_what_cannot_be_kept_gets_a_sentence(was_there, now, answer, note, field):
    with pytest.raises(NeedsAnswerError) as refusal:
        say(was_there, answer, note, now=now)

    assert refusal.value.field == field
    assert not NeedsAnswer.objects.exists()


# --- What waits for coordinators -----------------------------------------------------------------


def test_partly_or_no_waits_until_somebody_has_seen_to_it(was_there, coordinator, now):
    say(was_there, "yes", now=now)
    assert waiting(coordinator, now) == []

    given = say(was_there, "partly", now=now)
    assert waiting(coordinator, now) == [1]

    needs_answers.see_to(answer=given, done="A break at half time", by=coordinator, now=now)
    assert waiting(coordinator, now) == []

    say(was_there, "no", "No break again", now=now)
    assert waiting(coordinator, now) == [1]


def test_what_was_done_is_not_kept_for_an_answer_that_changed_meanwhile(
    was_there, coordinator, now
):
    read = say(was_there, now=now)
    say(was_there, "partly", "The lift was broken", now=now)

    with pytest.raises(NeedsAnswerError, match="Read it again"):
        needs_answers.see_to(answer=read, done="A break", by=coordinator, now=now)

    assert NeedsAnswer.objects.get().done == ""


# --- Pages ---------------------------------------------------------------------------------------


def test_partner_is_asked_on_home_says_it_and_reads_what_was_done(
    client_for, mo, was_there, coordinator, now
):
    client = client_for(mo.user)
    meeting = f"/meetings/{was_there.meeting_id}/"
    assert f"{meeting}needs/" in client.get("/").content.decode()
    assert f"{meeting}needs/" in client.get(meeting).content.decode()

    nothing = client.post(f"{meeting}needs/", {"note": "No break"})
    said = client.post(f"{meeting}needs/", {"answer": "no", "note": "No break"})

    assert "Error: " in nothing.content.decode()
    assert "Choose yes, partly or no" in nothing.content.decode()
    assert "No break" in nothing.content.decode()
    assert said.url == f"{meeting}#needs"
    assert f"{meeting}needs/" not in client.get("/").content.decode()
    assert "Your coordinators will look at it" in client.get(meeting).content.decode()

    answer = NeedsAnswer.objects.get()
    address = f"/admin/assignments/needsanswer/{answer.pk}/change/"
    done = client_for(coordinator).post(address, {"done": "A break at half time"})

    assert done.status_code == 302
    assert "A break at half time" in client.get(meeting).content.decode()
    answer.refresh_from_db()
    assert answer.seen_by == coordinator


def test_pages_of_needs_open_to_nobody_else(client_for, programme, was_there, coordinator, now):
    say(was_there, now=now)
    path = f"/meetings/{was_there.meeting_id}/needs/"
    lead = person("clinical_lead", programme)
    was_there.meeting.work_group.lead = lead
    was_there.meeting.work_group.save()

    assert client_for(signed_up_partner(programme).user).get(path).status_code == 404
    assert client_for(coordinator).get(path).status_code == 403
    assert client_for(lead).get(path).status_code == 403
    led = client_for(lead).get(f"/meetings/{was_there.meeting_id}/led/").content.decode()
    assert "Maureen Okafor" in led
    assert "No break" not in led
    assert "needs" not in led.split("<main")[1].split("</main")[0]


def test_who_was_not_there_is_told_no(client_for, mo, coordinator, now):
    row = held(mo, coordinator, now, outcome="missed")

    assert client_for(mo.user).get(f"/meetings/{row.meeting_id}/needs/").status_code == 403


def test_coordinator_does_not_see_to_their_own(client_for, mo, was_there, now, programme):
    given = say(was_there, now=now)
    both = person("coordinator", programme)
    mo.user, mine = both, mo.user
    mo.save()

    page = client_for(both).post(
        f"/admin/assignments/needsanswer/{given.pk}/change/", {"done": "Nothing"}
    )

    assert mine != both
    assert page.status_code == 403


@pytest.mark.parametrize("rows", [1, 3])
def test_list_of_answers_asks_as_often_for_one_as_for_three(
    client_for, mo, coordinator, now, rows, django_assert_num_queries
):
    for _ in range(rows):
        say(held(mo, coordinator, now), now=now)
    client = client_for(coordinator)
    client.get("/admin/assignments/needsanswer/")

    with django_assert_num_queries(5):
        page = client.get("/admin/assignments/needsanswer/")

    assert page.content.decode().count("Maureen Okafor") == rows
