"""A partner's diary, meeting and group: what they show, what they do, and whom they refuse."""

from datetime import timedelta

import pytest
from django.contrib.messages import get_messages

from accounts.tests.factories import ProgrammeFactory, person
from assignments import services
from assignments.models import Attendance
from assignments.tests.factories import WorkGroupFactory, placed, planned
from partners.tests.factories import signed_up_partner

pytestmark = pytest.mark.django_db


@pytest.fixture
def mo(programme):
    return signed_up_partner(programme, name="Maureen Okafor")


@pytest.fixture
def group(programme, mo, now):
    group = WorkGroupFactory(
        programme=programme,
        name="Upper limb MDT",
        lead_name="Priya Nair",
        contact_phone="01273 555",
    )
    placed(mo, group)
    return group


def test_diary_shows_coming_then_past_under_months(client_for, mo, group, now):
    planned(group, now - timedelta(days=40), title="Long past")
    planned(group, now - timedelta(days=1), title="Yesterday")
    planned(group, now + timedelta(days=1), title="Tomorrow")
    planned(group, now + timedelta(days=40), title="Next year")

    page = client_for(mo.user).get("/diary/")

    shown = [
        (part["heading"], month["heading"], [str(row.meeting) for row in month["rows"]])
        for part in page.context["parts"]
        for month in part["months"]
    ]
    assert shown == [
        ("Coming", "November 2026", ["Tomorrow"]),
        ("Coming", "January 2027", ["Next year"]),
        ("Past", "November 2026", ["Yesterday"]),
        ("Past", "October 2026", ["Long past"]),
    ]


def test_diary_of_one_group(client_for, mo, group, now):
    other = WorkGroupFactory(programme=group.programme, name="Celebration", kind="event")
    placed(mo, other)
    planned(group, now + timedelta(days=1))
    planned(other, now + timedelta(days=2))

    page = client_for(mo.user).get("/diary/", {"group": other.pk})

    assert [str(row.meeting) for row in page.context["page"]] == ["Celebration"]


def test_diary_shows_nobody_elses(client_for, group, now, programme):
    planned(group, now + timedelta(days=1))

    page = client_for(signed_up_partner(programme).user).get("/diary/")

    assert "Nothing is in your diary yet" in page.content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_diary_asks_the_database_as_often_for_one_as_for_three(
    client_for, mo, group, now, rows, django_assert_num_queries
):
    for number in range(rows):
        planned(group, now + timedelta(days=1 + number))
    client = client_for(mo.user)
    client.get("/diary/")

    with django_assert_num_queries(6):
        client.get("/diary/")


def test_meeting_says_when_where_what_and_whom_to_ring(client_for, mo, group, now):
    meeting = planned(
        group,
        now + timedelta(days=1),
        place="Room 4, Outpatients",
        asks="Read the two letters.",
        preparation_minutes=30,
    )

    text = client_for(mo.user).get(f"/meetings/{meeting.pk}/").content.decode()

    for words in (
        "Wednesday 25 November 2026, 9am to 11am",
        "Room 4, Outpatients",
        "Read the two letters.",
        "About 30 minutes to prepare.",
        'href="tel:01273555"',
        "I can’t make it",
    ):
        assert words in text
    assert "join online" not in text


def test_meeting_names_no_other_partner(client_for, mo, group, now, programme):
    other = signed_up_partner(programme, name="Gareth Pugh-Davies")
    placed(other, group)
    meeting = planned(group, now + timedelta(days=1))

    client = client_for(mo.user)

    for path in (f"/meetings/{meeting.pk}/", f"/groups/{group.pk}/", "/diary/"):
        assert "Gareth" not in client.get(path).content.decode()


@pytest.mark.parametrize(
    ("plan", "said"),
    [("coming", "We look forward to seeing you."), ("not_this_time", "We will miss you")],
)
def test_answer_is_kept_and_thanked_for(client_for, mo, group, now, plan, said):
    meeting = planned(group, now + timedelta(days=1))

    page = client_for(mo.user).post(f"/meetings/{meeting.pk}/answer/", {"plan": plan}, follow=True)

    assert meeting.attendances.get().plan == plan
    assert said in page.content.decode()


def test_answer_too_late_is_a_sentence(client_for, mo, group, now):
    meeting = planned(group, now - timedelta(days=1))

    page = client_for(mo.user).post(f"/meetings/{meeting.pk}/answer/", {"plan": "coming"})

    assert "This meeting is over" in str(next(iter(get_messages(page.wsgi_request))))
    assert meeting.attendances.get().plan == "unanswered"


@pytest.mark.parametrize("plan", ["", "unanswered", "there", "x" * 5000])
def test_answer_that_is_none_changes_nothing(client_for, mo, group, now, plan):
    meeting = planned(group, now + timedelta(days=1))

    page = client_for(mo.user).post(f"/meetings/{meeting.pk}/answer/", {"plan": plan})

    assert page.status_code == 302
    assert Attendance.objects.get().plan == "unanswered"


def test_answer_for_somebody_else_is_not_found(client_for, group, now, programme):
    meeting = planned(group, now + timedelta(days=1))
    other = client_for(signed_up_partner(programme).user)

    assert other.post(f"/meetings/{meeting.pk}/answer/", {"plan": "coming"}).status_code == 404
    assert other.get(f"/meetings/{meeting.pk}/").status_code == 404


def test_answer_is_never_given_by_a_get(client_for, mo, group, now):
    meeting = planned(group, now + timedelta(days=1))

    page = client_for(mo.user).get(f"/meetings/{meeting.pk}/answer/", {"plan": "coming"})

    assert page.status_code == 405


def test_meeting_of_the_programme_is_open_to_its_coordinator_only(
    client_for, coordinator, group, now
):
    meeting = planned(group, now + timedelta(days=1))
    stranger = person("coordinator", ProgrammeFactory())

    assert client_for(coordinator).get(f"/meetings/{meeting.pk}/").status_code == 200
    assert client_for(stranger).get(f"/meetings/{meeting.pk}/").status_code == 404


def test_held_meeting_thanks_and_leads_to_the_portfolio(client_for, mo, group, now, coordinator):
    meeting = planned(group, now - timedelta(days=1))
    row = meeting.attendances.get()
    services.confirm_meeting(
        meeting=meeting, outcomes={row.pk: ("there", None)}, by=coordinator, now=now
    )

    text = client_for(mo.user).get(f"/meetings/{meeting.pk}/").content.decode()

    assert "You gave 2 hours." in text


def test_group_shows_purpose_and_ones_own_place(client_for, mo, group, now):
    planned(group, now + timedelta(days=1))

    text = client_for(mo.user).get(f"/groups/{group.pk}/").content.decode()

    for words in ("Priya Nair", "Patient and Carer Partner, since 1 January 2026", "25 November"):
        assert words in text


def test_group_is_closed_to_finance_and_other_programmes(client_for, group, programme):
    finance = person("finance", programme)
    stranger = signed_up_partner(ProgrammeFactory())

    assert client_for(finance).get(f"/groups/{group.pk}/").status_code == 403
    assert client_for(stranger.user).get(f"/groups/{group.pk}/").status_code == 404
