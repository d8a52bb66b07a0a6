"""Meetings that repeat, papers, who was there and what counts: the pages."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.tests.factories import ProgrammeFactory, person
from assignments import services
from assignments.models import Attendance, Meeting, MeetingSeries, Paper, PayRule
from assignments.tests.factories import WorkGroupFactory, placed, planned
from partners.models import Contribution, StoredFile
from partners.tests.factories import PartnerFactory, signed_up_partner

pytestmark = pytest.mark.django_db
GROUPS, MEETINGS, PAY = (
    f"/admin/assignments/{model}/" for model in ("workgroup", "meeting", "payrule")
)
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
WEEKLY = {
    "first_on_day": "1",
    "first_on_month": "3",
    "first_on_year": "2027",
    "begins": "2pm",
    "ends": "4pm",
    "how": "weekly",
    "weeks": "1",
    "weekday": "1",
    "nth": "1",
    "month_weekday": "0",
    "finish": "times",
    "times": "4",
    "place": "Room 4",
}


@pytest.fixture
def cora(client_for, coordinator, now):
    return client_for(coordinator)


@pytest.fixture
def group(programme, now):
    return WorkGroupFactory(programme=programme, name="Upper limb MDT")


@pytest.fixture
def una(programme, group, now):
    partner = signed_up_partner(programme)
    placed(partner, group)
    return partner


def text(page):
    return page.content.decode()


def test_repeating_meetings_are_looked_at_and_then_planned(cora, group, una):
    address = f"{GROUPS}{group.pk}/repeat/"

    dates = text(cora.post(address, WEEKLY))
    assert not Meeting.objects.exists()
    asked = {**WEEKLY, "confirm": "1", "keep": ["2027-03-02", "2027-03-16", "2027-03-23"]}
    done = text(cora.post(address, asked, follow=True))

    assert "Every week on Tuesday, 2pm to 4pm in London" in dates
    assert "Tuesday 23 March 2027" in dates
    assert 'name="weeks" value="1"' in dates
    assert "3 meetings are planned: every week on Tuesday." in done
    days = [meeting.series_day for meeting in Meeting.objects.all()]
    assert days == [date(2027, 3, 2), date(2027, 3, 16), date(2027, 3, 23)]
    assert Attendance.objects.filter(partner=una).count() == 3


def test_repeating_meetings_go_back_to_what_was_asked(cora, group):
    page = cora.post(f"{GROUPS}{group.pk}/repeat/", {**WEEKLY, "change": "1"})

    assert 'value="2pm"' in text(page)
    assert "See the dates" in text(page)
    assert not MeetingSeries.objects.exists()


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"finish": ""}, "Say when it ends: after a number of meetings, or on a day"),
        ({"times": ""}, "Enter a number of meetings from 1 to 160"),
        ({"times": "161"}, "Enter a number of meetings from 1 to 160"),
        ({"finish": "until"}, "Enter the last day"),
        ({"weeks": ""}, "Enter a number of weeks from 1 to 12"),
        ({"weeks": "0"}, "Enter a number of weeks from 1 to 12"),
        ({"how": "monthly_day", "day": "30"}, "Not every month has a day 30."),
        ({"how": ""}, "Choose how it repeats"),
        ({"ends": "1pm"}, "The meeting must end after it starts"),
        (
            {"how": "monthly_day", "day": "1", "times": "100"},
            "Plan at most 3 years ahead: choose an end up to",
        ),
    ],
)
def test_repeating_that_cannot_be_is_a_sentence(cora, group, values, sentence):
    page = text(cora.post(f"{GROUPS}{group.pk}/repeat/", {**WEEKLY, **values}))

    assert sentence in page
    assert "<title>Error: " in page
    assert not MeetingSeries.objects.exists()


def test_repeating_asks_only_what_belongs_to_the_choice(cora, group):
    left_over = {"how": "monthly_last_day", "weeks": "many", "day": "77", "times": "2"}

    page = text(cora.post(f"{GROUPS}{group.pk}/repeat/", {**WEEKLY, **left_over}))

    assert "On the last day of every month" in page
    assert "Wednesday 31 March 2027" in page


def test_repeating_without_any_day_left_is_a_sentence(cora, group):
    page = text(cora.post(f"{GROUPS}{group.pk}/repeat/", {**WEEKLY, "confirm": "1"}))

    assert "No day is left to plan a meeting on." in page
    assert not MeetingSeries.objects.exists()


def test_one_of_several_is_changed_alone_or_with_all_that_follow(cora, group):
    cora.post(
        f"{GROUPS}{group.pk}/repeat/",
        {**WEEKLY, "confirm": "1", "keep": [f"2027-03-{day:02}" for day in (2, 9, 16, 23)]},
    )
    _first, second, third, fourth = Meeting.objects.all()
    day = {"day_day": "9", "day_month": "3", "day_year": "2027", "begins": "9am", "ends": "10am"}
    there = f"{MEETINGS}{second.pk}/"

    asked = text(cora.get(f"{there}move/"))
    other_day = text(cora.post(f"{there}move/", {**day, "day_day": "10", "which": "following"}))
    cora.post(f"{there}move/", {**day, "which": "following"})
    cora.post(f"{MEETINGS}{third.pk}/edit/", {"place": "Room 9", "which": "this"})
    cora.post(f"{MEETINGS}{second.pk}/edit/", {"place": "Online", "which": "following"})
    cora.post(f"{MEETINGS}{fourth.pk}/cancel/", {"why": "Easter", "which": "this"})

    assert "This one and all that follow" in asked
    assert "Those that follow keep their days" in other_day
    assert "This one and all" not in text(cora.get(f"{MEETINGS}{planned(group).pk}/move/"))
    rows = Meeting.objects.filter(series__isnull=False)
    assert [(row.starts_at.hour, row.place, row.status) for row in rows] == [
        (14, "Room 4", "planned"),
        (9, "Online", "planned"),
        (9, "Room 9", "planned"),
        (9, "Online", "cancelled"),
    ]
    assert [row.sequence for row in rows] == [0, 2, 2, 3]


def test_time_that_is_not_there_is_a_sentence_beside_it(cora, group):
    day = {"day_day": "28", "day_month": "3", "day_year": "2027", "begins": "1.30am"}

    page = text(cora.post(f"{GROUPS}{group.pk}/plan/", {**day, "ends": "4am"}))

    assert "On Sunday 28 March 2027 the clocks go forward at 1am, and there is no 1:30am." in page
    assert 'href="#id_begins"' in page
    assert not Meeting.objects.exists()


def test_papers_are_added_handed_out_and_taken_away(cora, client_for, group, una, now):
    meeting = planned(group, now + timedelta(days=1))
    add = f"{MEETINGS}{meeting.pk}/papers/add/"
    client = client_for(una.user)

    neither = text(cora.post(add, {"title": "Agenda"}))
    bad = text(cora.post(add, {"file": SimpleUploadedFile("agenda.pdf", b"MZ\x00")}))
    cora.post(add, {"file": SimpleUploadedFile("agenda.pdf", PDF)})
    cora.post(add, {"title": "The leaflet", "link": "https://example.org/leaflet"})
    filed, linked = Paper.objects.all()
    page = text(client.get(f"/meetings/{meeting.pk}/"))
    file = client.get(f"/papers/{filed.pk}/")

    assert "Choose a file or give a link, not both." in neither
    assert "We cannot tell what this file is." in bad
    assert "agenda.pdf" in page
    assert "https://example.org/leaflet" in page
    assert file.headers["Content-Disposition"] == 'attachment; filename="agenda.pdf"'
    assert b"".join(file.streaming_content) == PDF
    assert client.get(f"/papers/{linked.pk}/").status_code == 404
    assert cora.get(f"{MEETINGS}{meeting.pk}/papers/{filed.pk}/remove/").status_code == 200
    cora.post(f"{MEETINGS}{meeting.pk}/papers/{filed.pk}/remove/")
    assert [paper.title for paper in Paper.objects.all()] == ["The leaflet"]
    assert not StoredFile.objects.exists()


def test_papers_are_for_who_may_see_the_meeting(cora, client_for, group, una, programme, now):
    meeting = planned(group, now + timedelta(days=1))
    cora.post(
        f"{MEETINGS}{meeting.pk}/papers/add/", {"file": SimpleUploadedFile("agenda.pdf", PDF)}
    )
    address = f"/papers/{Paper.objects.get().pk}/"

    for other in (
        signed_up_partner(programme).user,
        person("staff", programme),
        person("coordinator", ProgrammeFactory()),
    ):
        assert client_for(other).get(address).status_code == 404


def test_what_counts_is_set_for_the_programme(cora, programme, now):
    asked = text(cora.get(PAY))
    refused = text(
        cora.post(f"{PAY}set/", {"unwell": "half", "called_off": "full", "notice_hours": "no"})
    )
    done = text(
        cora.post(
            f"{PAY}set/",
            {"unwell": "half", "called_off": "full", "notice_hours": "48"},
            follow=True,
        )
    )

    assert "Nothing, until you say so" in asked
    assert "Enter the hours as a number from 0 to 336" in refused
    assert "less than 48 hours before the start" in done
    rules = {rule.outcome: (rule.share, rule.notice_hours) for rule in PayRule.objects.all()}
    assert rules == {"unwell": ("half", 48), "called_off": ("full", 48)}


def test_what_counts_is_set_by_who_coordinates_the_programme(client_for, programme, now):
    elsewhere = ProgrammeFactory()

    client = client_for(person("coordinator", programme))

    assert client.get(f"{PAY}set/", {"programme": elsewhere.pk}).status_code == 404


def test_late_cancelling_says_what_will_count_and_the_partner_reads_it(
    cora, client_for, group, una, programme, now
):
    cora.post(f"{PAY}set/", {"unwell": "none", "called_off": "half", "notice_hours": "48"})
    meeting = planned(group, now + timedelta(days=1))
    there = f"{MEETINGS}{meeting.pk}/cancel/"

    asked = text(cora.get(there))
    cora.post(there, {"why": "Flood"})
    page = text(client_for(una.user).get(f"/meetings/{meeting.pk}/"))

    assert "1 hour will count for the 1 partner who was expected." in asked
    assert "We cancelled late, and are sorry. 1 hour of your time count." in page
    assert [work.minutes for work in Contribution.objects.all()] == [60]


def test_confirm_takes_the_way_and_what_kept_somebody_away(cora, group, una, programme, now):
    ill = PartnerFactory(programme=programme)
    placed(ill, group)
    cora.post(f"{PAY}set/", {"unwell": "half", "called_off": "none", "notice_hours": "48"})
    meeting = planned(group, now - timedelta(days=1))
    rows = {row.partner: f"a{row.pk}-" for row in meeting.attendances.all()}
    said = {
        f"{rows[una]}outcome": "there",
        f"{rows[una]}minutes": "120",
        f"{rows[una]}travel_minutes": "45",
        f"{rows[ill]}outcome": "unwell",
    }
    there = f"{MEETINGS}{meeting.pk}/confirm/"

    refused = text(cora.post(there, {**said, f"{rows[una]}travel_minutes": "far"}))
    cora.post(there, said)

    assert f"Enter between 0 and 1440 minutes for the way of {una.name}" in refused
    works = {work.partner: work.minutes for work in Contribution.objects.all()}
    assert works == {una: 165, ill: 60}


def test_put_right_on_its_page_and_told_in_the_history(cora, client_for, group, una, now):
    meeting = planned(group, now - timedelta(days=1))
    row = meeting.attendances.get()
    address = f"{MEETINGS}{meeting.pk}/correct/{row.pk}/"
    early = text(cora.get(address, follow=True))
    cora.post(f"{MEETINGS}{meeting.pk}/confirm/", {"all_there": "1"})
    name = f"a{row.pk}-"

    asked = text(cora.get(address))
    refused = text(cora.post(address, {f"{name}outcome": "part"}))
    cora.post(
        address,
        {f"{name}outcome": "part", f"{name}minutes": "30", f"{name}travel_minutes": "10"},
    )
    page = text(cora.get(f"{MEETINGS}{meeting.pk}/change/"))

    assert "Nobody has said who was there yet." in early
    assert 'value="120"' in asked
    assert "Say how many minutes" in refused
    assert "Put right: " in page
    assert "For one partner: there, 2 hours, now there for part, 40 minutes" in page
    assert "You gave 40 minutes, 10 minutes of it on the way." in text(
        client_for(una.user).get(f"/meetings/{meeting.pk}/")
    )


def test_new_pages_of_another_programme_are_not_found(client_for, group, una, now):
    meeting = planned(group, now - timedelta(days=1))
    row = meeting.attendances.get()
    paper = services.add_paper(
        meeting=meeting, title="Leaflet", link="https://example.org/", by=None, now=now
    )
    stranger = client_for(person("coordinator", ProgrammeFactory()))

    for path in (
        f"{GROUPS}{group.pk}/repeat/",
        f"{MEETINGS}{meeting.pk}/correct/{row.pk}/",
        f"{MEETINGS}{meeting.pk}/papers/add/",
        f"{MEETINGS}{meeting.pk}/papers/{paper.pk}/remove/",
    ):
        assert stranger.get(path).status_code == 404, path
