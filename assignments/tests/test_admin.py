"""What coordinators do in the admin: groups, places, meetings, and who was there."""

from datetime import UTC, datetime, timedelta

import pytest

from accounts.tests.factories import ProgrammeFactory, person
from assignments import services
from assignments.models import Assignment, Attendance, Meeting, WorkGroup
from assignments.tests.factories import WorkGroupFactory, placed, planned
from partners.models import Contribution, Partner
from partners.services.profile import add_need
from partners.tests.factories import PartnerFactory, signed_up_partner

pytestmark = pytest.mark.django_db
GROUPS, PLACES, MEETINGS = (
    f"/admin/assignments/{model}/" for model in ("workgroup", "assignment", "meeting")
)


@pytest.fixture
def cora(client_for, coordinator, now):
    return client_for(coordinator)


@pytest.fixture
def group(programme, now):
    return WorkGroupFactory(programme=programme, name="Upper limb MDT")


@pytest.fixture
def mo(programme, group, now):
    partner = PartnerFactory(programme=programme, name="Maureen Okafor", email="mo@example.org")
    placed(partner, group)
    return partner


def test_group_is_made_and_changed(cora, programme, now):
    page = cora.post(
        f"{GROUPS}add/",
        {"programme": programme.pk, "kind": "mdt", "name": "Pain services", "lead_name": "Sue"},
        follow=True,
    )
    made = WorkGroup.objects.get()
    cora.post(f"{GROUPS}{made.pk}/edit/", {"kind": "mdt", "name": "Pain services MDT"})

    made.refresh_from_db()
    assert "Nobody has a place yet." in page.content.decode()
    assert (made.name, made.lead_name) == ("Pain services MDT", "")


def test_group_of_a_taken_name_is_a_sentence_on_the_page(cora, group, programme):
    page = cora.post(
        f"{GROUPS}add/", {"programme": programme.pk, "kind": "mdt", "name": "upper limb mdt"}
    )

    text = page.content.decode()
    assert "The programme already has a work group of this name." in text
    assert "<title>Error: " in text


def test_place_by_search_choice_and_day(cora, group, programme):
    PartnerFactory(programme=programme, name="Gareth Pugh-Davies")
    mo = PartnerFactory(programme=programme, name="Maureen Okafor", known_as="Mo")
    PartnerFactory(programme=ProgrammeFactory(), name="Maureen Elsewhere")
    address = f"{GROUPS}{group.pk}/place/"

    found = cora.get(address, {"q": "maur oka"}).content.decode()
    form = cora.get(address, {"partner": mo.pk}).content.decode()
    day = {"starts_on_day": "1", "starts_on_month": "12", "starts_on_year": "2026"}
    done = cora.post(address, {"partner": mo.pk, **day}, follow=True)

    assert f"?partner={mo.pk}" in found
    assert "Gareth" not in found
    assert "Elsewhere" not in found
    assert "Place Maureen Okafor in Upper limb MDT" in form
    assert Assignment.objects.get().starts_on.isoformat() == "2026-12-01"
    assert "Maureen Okafor is down for the upper limb MDT and has been told." in (
        done.content.decode()
    )


def test_place_search_knows_accents_as_the_register_does(cora, group, programme):
    soren = PartnerFactory(programme=programme, name="Søren Ågård", known_as="Zoë")

    for asked in ("søren", "SOREN", "agard", "Ågård", "zoë"):
        page = cora.get(f"{GROUPS}{group.pk}/place/", {"q": asked})
        assert [one.pk for one in page.context["matches"]] == [soren.pk], asked


def test_place_twice_is_a_sentence_on_the_page(cora, group, mo):
    day = {"starts_on_day": "1", "starts_on_month": "12", "starts_on_year": "2026"}

    page = cora.post(f"{GROUPS}{group.pk}/place/", {"partner": mo.pk, **day})

    assert "This partner already has a place in this group then." in page.content.decode()


def test_place_ends(cora, mo, group):
    place = Assignment.objects.get()
    day = {"ends_on_day": "30", "ends_on_month": "11", "ends_on_year": "2026"}

    cora.post(f"{PLACES}{place.pk}/end/", {**day, "why": "Moving"}, follow=True)
    again = cora.post(f"{PLACES}{place.pk}/end/", day)

    place.refresh_from_db()
    assert (place.status, place.ends_on.isoformat()) == ("ended", "2026-11-30")
    assert again.status_code == 403


def test_meeting_is_planned_in_londons_hours(cora, group, mo):
    form = {
        "day_day": "1",
        "day_month": "june",
        "day_year": "2027",
        "begins": "2pm",
        "ends": "3.30pm",
        "join_link": "https://meet.example.org/x",
        "preparation_minutes": "",
    }

    page = cora.post(f"{GROUPS}{group.pk}/plan/", form, follow=True)

    meeting = Meeting.objects.get()
    assert meeting.starts_at == datetime(2027, 6, 1, 13, 0, tzinfo=UTC)
    assert [row.partner for row in meeting.attendances.all()] == [mo]
    assert "Tuesday 1 June 2027, 2pm to 3:30pm" in page.content.decode()


def test_meeting_is_changed_moved_and_cancelled(cora, group, mo, now):
    meeting = planned(group, now + timedelta(days=7))
    there = f"{MEETINGS}{meeting.pk}/"
    time = {"day_day": "2", "day_month": "12", "day_year": "2026", "begins": "9am", "ends": "8am"}

    cora.post(f"{there}edit/", {"place": "Room 9"})
    refused = cora.post(f"{there}move/", time)
    cora.post(f"{there}move/", {**time, "ends": "10am"})
    unexplained = cora.post(f"{there}cancel/", {})
    cora.post(f"{there}cancel/", {"why": "Flood"})

    meeting.refresh_from_db()
    assert "The meeting must end after it starts" in refused.content.decode()
    assert "Say in a few words why it is cancelled" in unexplained.content.decode()
    assert meeting.place == "Room 9"
    assert meeting.starts_at == datetime(2026, 12, 2, 9, 0, tzinfo=UTC)
    assert meeting.status == "cancelled"
    assert cora.post(f"{there}move/", time).status_code == 403


def test_confirm_all_of_these_in_one_press(cora, group, mo, now, programme):
    gareth = PartnerFactory(programme=programme)
    placed(gareth, group)
    meeting = planned(group, now - timedelta(days=1))
    row = meeting.attendances.get(partner=gareth)
    Attendance.objects.filter(pk=row.pk).update(plan="not_this_time")

    page = cora.post(f"{MEETINGS}{meeting.pk}/confirm/", {"all_there": "1"}, follow=True)

    assert "Thank you. It is in the portfolio of who was there." in page.content.decode()
    assert [(work.partner, work.minutes) for work in Contribution.objects.all()] == [(mo, 120)]
    assert Attendance.objects.get(partner=gareth).outcome == "missed"


def test_confirm_all_in_one_press_counts_nobody_who_left(cora, group, mo, now, programme):
    gone = PartnerFactory(programme=programme)
    placed(gone, group)
    meeting = planned(group, now - timedelta(days=1))
    Partner.objects.filter(pk=gone.pk).update(status=Partner.Status.LEFT)
    there = f"{MEETINGS}{meeting.pk}/confirm/"

    page = cora.get(there).content.decode()
    cora.post(there, {"all_there": "1"})

    assert f"will be marked as not there: {gone.name}." in page
    assert [work.partner for work in Contribution.objects.all()] == [mo]


def test_confirm_says_for_each(cora, group, mo, now):
    meeting = planned(group, now - timedelta(days=1))
    name = f"a{meeting.attendances.get().pk}"
    there = f"{MEETINGS}{meeting.pk}/confirm/"

    refused = cora.post(there, {f"{name}-outcome": "part", f"{name}-minutes": ""})
    cora.post(there, {f"{name}-outcome": "part", f"{name}-minutes": "45"})

    assert "Say how many minutes Maureen Okafor was there" in refused.content.decode()
    assert "<title>Error: " in refused.content.decode()
    assert Contribution.objects.get().minutes == 45


@pytest.mark.parametrize("minutes", ["0", "-1", "1441", "ten", "9" * 30])
def test_confirm_with_minutes_that_cannot_be_is_a_sentence(cora, group, mo, now, minutes):
    meeting = planned(group, now - timedelta(days=1))
    name = f"a{meeting.attendances.get().pk}"

    page = cora.post(
        f"{MEETINGS}{meeting.pk}/confirm/",
        {f"{name}-outcome": "there", f"{name}-minutes": minutes},
    )

    assert "Enter between 1 and 1440 minutes for Maureen Okafor" in page.content.decode()
    assert not Contribution.objects.exists()


def test_confirm_second_is_told_who_was_first(cora, group, mo, now, programme):
    meeting = planned(group, now - timedelta(days=1))
    services.confirm_meeting(
        meeting=meeting,
        outcomes={meeting.attendances.get().pk: ("there", None)},
        by=person("coordinator", programme),
        now=now,
    )

    page = cora.post(f"{MEETINGS}{meeting.pk}/confirm/", {"all_there": "1"}, follow=True)

    assert "This meeting is confirmed already." in page.content.decode()
    assert Contribution.objects.count() == 1


def test_confirm_before_the_end_leads_back(cora, group, mo, now):
    meeting = planned(group, now + timedelta(days=1))

    page = cora.get(f"{MEETINGS}{meeting.pk}/confirm/", follow=True)

    assert "This meeting is not over yet." in page.content.decode()


def test_meetings_to_confirm_come_first_and_count_on_the_worklist(cora, group, now):
    late = planned(group, now - timedelta(days=1), title="Late")
    planned(group, now + timedelta(days=1), title="Soon")

    listed = cora.get(MEETINGS).context["cl"].result_list
    to_confirm = cora.get(MEETINGS, {"show": "confirm"}).context["cl"].result_list
    work = {item.title: item.count for item in cora.get("/admin/").context["worklist"]}

    assert [str(meeting) for meeting in listed] == ["Late", "Soon"]
    assert list(to_confirm) == [late]
    assert work["meeting to confirm"] == 1


@pytest.mark.parametrize(
    ("when", "titles"),
    [
        ("last30", ["Yesterday", "Today"]),
        ("today", ["Today"]),
        ("next7", ["Today", "In six days"]),
        ("nonsense", ["Yesterday", "Today", "In six days", "In seven days"]),
    ],
)
def test_meetings_of_some_days(cora, group, now, when, titles):
    for days, title in ((-1, "Yesterday"), (0, "Today"), (6, "In six days"), (7, "In seven days")):
        planned(group, now + timedelta(days=days), title=title)

    listed = cora.get(MEETINGS, {"when": when}).context["cl"]

    assert [str(meeting) for meeting in listed.result_list] == titles


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(("path", "queries"), [(GROUPS, 5), (PLACES, 5), (MEETINGS, 5)])
def test_lists_ask_the_database_as_often_for_one_as_for_three(
    cora, programme, group, now, path, queries, rows, django_assert_num_queries
):
    for number in range(rows):
        placed(PartnerFactory(programme=programme), group)
        planned(group, now + timedelta(days=1 + number))
        if number:
            WorkGroupFactory(programme=programme)
    cora.get(path)

    with django_assert_num_queries(queries):
        assert len(cora.get(path).context["cl"].result_list) == rows


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(("page", "queries"), [("group", 8), ("meeting", 8), ("confirm", 5)])
def test_pages_ask_the_database_as_often_for_one_as_for_three(
    cora, programme, group, now, page, queries, rows, django_assert_num_queries
):
    for _ in range(rows):
        placed(PartnerFactory(programme=programme), group)
    meeting = planned(group, now - timedelta(days=1))
    path = {
        "group": f"{GROUPS}{group.pk}/change/",
        "meeting": f"{MEETINGS}{meeting.pk}/change/",
        "confirm": f"{MEETINGS}{meeting.pk}/confirm/",
    }[page]
    cora.get(path)

    with django_assert_num_queries(queries):
        assert cora.get(path).status_code == 200


def test_rows_of_another_programme_are_not_found(client_for, group, mo, now):
    meeting = planned(group, now - timedelta(days=1))
    place = Assignment.objects.get()
    stranger = client_for(person("coordinator", ProgrammeFactory()))

    for path in (
        f"{GROUPS}{group.pk}/change/",
        f"{GROUPS}{group.pk}/edit/",
        f"{GROUPS}{group.pk}/place/",
        f"{GROUPS}{group.pk}/plan/",
        f"{PLACES}{place.pk}/change/",
        f"{PLACES}{place.pk}/end/",
        f"{MEETINGS}{meeting.pk}/change/",
        f"{MEETINGS}{meeting.pk}/confirm/",
        f"{MEETINGS}{meeting.pk}/edit/",
        f"{MEETINGS}{meeting.pk}/move/",
        f"{MEETINGS}{meeting.pk}/cancel/",
    ):
        assert stranger.get(path).status_code == 404, path


@pytest.mark.parametrize("role", ["finance", "partner", "staff", "clinical_lead"])
def test_arranging_is_for_coordinators(client_for, programme, group, mo, now, role):
    other = signed_up_partner(programme).user if role == "partner" else person(role, programme)
    client = client_for(other)

    for path in (f"{GROUPS}{group.pk}/place/", GROUPS, MEETINGS, f"{GROUPS}add/"):
        assert client.get(path).status_code in {302, 403}, path
    assert client.post(f"{GROUPS}{group.pk}/place/", {"partner": mo.pk}).status_code in {302, 403}
    assert Assignment.objects.count() == 1


def test_the_meeting_says_what_to_see_to_for_those_who_come(cora, programme, group, mo, now):
    jo = PartnerFactory(programme=programme, name="Jo Vale")
    placed(jo, group)
    meeting = planned(group, now + timedelta(days=1))
    for one, to_do in ((mo, "Hearing loop on"), (jo, "Seat by the door")):
        need = {"kind": "other", "text": "the reason why", "partner": one, "by": None, "now": now}
        add_need(**need, to_do=to_do, shared=True)
        add_need(**need, to_do="between us")

    coming = cora.get(f"{MEETINGS}{meeting.pk}/change/").content.decode()
    Attendance.objects.filter(partner=jo).update(plan="not_this_time")
    without_jo = cora.get(f"{MEETINGS}{meeting.pk}/change/").content.decode()

    assert "Hearing loop on" in coming
    assert "Seat by the door" in coming
    assert "the reason why" not in coming
    assert "between us" not in coming
    assert "Hearing loop on" in without_jo
    assert "Seat by the door" not in without_jo
