"""Rows of partners, their groups, meetings and contributions, and what they were told."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import count

from accounts.models import Message
from assignments.models import Assignment, Attendance, Meeting, WorkGroup
from partners.models import Contribution, Expertise, Partner, Passion
from pcp_portal.bulk.plan import GROUP_SIZE, NULL, TO_COME, Plan, Steps, Table, history
from pcp_portal.bulk.words import ACCESS_NEEDS, FROZEN_ASSETS, JEWELS, PASSIONS, REFLECTIONS
from reminders.models import Reminder


def tables(plan: Plan) -> list[Table]:
    """In the order in which they are written."""
    return [
        Table(
            Partner,
            "id programme user name known_as sort_key email phone joined_on status "
            "access_needs dbs_expires_on say_name preferred_channel phone_hours address hours_per "
            "availability",
            lambda: _partners(plan),
        ),
        Table(
            Expertise,
            "id partner kind text visibility added_at changed_at",
            lambda: _expertise(plan),
        ),
        Table(
            Passion,
            "id partner text visibility added_at changed_at",
            lambda: _passions(plan),
        ),
        Table(
            WorkGroup,
            "id programme team kind name purpose lead_name contact_phone place join_link "
            "starts_on ends_on",
            lambda: _work_groups(plan),
        ),
        Table(
            Assignment,
            "id work_group partner role starts_on ends_on status",
            lambda: _assignments(plan),
        ),
        history(plan, Assignment, lambda: _assignment_history(plan)),
        Table(
            Meeting,
            "id programme work_group title starts_at ends_at place join_link asks "
            "preparation_minutes status",
            lambda: _meetings(plan),
        ),
        history(plan, Meeting, lambda: _meeting_history(plan)),
        Table(
            Contribution,
            "id programme partner kind happened_on minutes title source_path reflection payable "
            "status recorded_at recorded_by confirmed_at confirmed_by claimed_at",
            lambda: _contributions(plan),
        ),
        history(plan, Contribution, lambda: _contribution_history(plan)),
        Table(
            Attendance,
            "id meeting partner plan planned_at outcome minutes confirmed_at confirmed_by "
            "contribution",
            lambda: _attendances(plan),
        ),
        Table(
            Message,
            "id key kind programme recipient to_name to_address subject body link link_label "
            "status created_at due_at claimed_at sent_at attempts error",
            lambda: _messages(plan),
        ),
        Table(
            Reminder,
            "id programme rule partner attendance occurs_at due_at message withdrawn_at",
            lambda: _reminders(plan),
        ),
    ]


def _partners(plan: Plan) -> Iterator[str]:
    first, programme = plan.ids[Partner], plan.programme.pk
    for partner in range(plan.partners):
        name, key = plan.person(partner)
        user = plan.member.pk if partner == 0 else NULL
        joined = plan.days[partner % 60]
        status = "left" if partner % 50 == 49 else "on_break" if partner % 50 == 48 else "active"
        needs = ACCESS_NEEDS[partner // 10 % 4] if partner % 10 == 0 else ""
        yield (
            f"{first + partner}\t{programme}\t{user}\t{name}\t\t{key}\t"
            f"{plan.email(partner)}\t07700 900{partner % 1000:03}\t{joined}\t{status}\t{needs}\t"
            f"{plan.today + timedelta(days=partner % 900 - 40)}\t\t\t\t\t\t\n"
        )


def _expertise(plan: Plan) -> Iterator[str]:
    key, owner = count(plan.ids[Expertise]), plan.ids[Partner]
    for partner in range(plan.partners):
        at = f"{plan.days[partner % 60]} 10:00+00"
        asset = FROZEN_ASSETS[partner * 11 % len(FROZEN_ASSETS)].format(3 + partner % 30)
        jewel = JEWELS[partner * 7 % len(JEWELS)]
        shared = ("only_me", "coordinators", "staff")[partner % 3]
        yield f"{next(key)}\t{owner + partner}\tfrozen_asset\t{asset}\tstaff\t{at}\t{at}\n"
        yield f"{next(key)}\t{owner + partner}\tjewel\t{jewel}\t{shared}\t{at}\t{at}\n"


def _passions(plan: Plan) -> Iterator[str]:
    """Of every fourth partner."""
    key, owner = count(plan.ids[Passion]), plan.ids[Partner]
    for partner in range(0, plan.partners, 4):
        at = f"{plan.days[partner % 60]} 10:00+00"
        text = PASSIONS[partner // 4 % len(PASSIONS)]
        yield f"{next(key)}\t{owner + partner}\t{text}\tcoordinators\t{at}\t{at}\n"


def _work_groups(plan: Plan) -> Iterator[str]:
    first = plan.ids[WorkGroup]
    for group in range(plan.groups):
        kind = "mdt" if group % 10 < 6 else "project"
        team = plan.teams[group % len(plan.teams)]
        yield (
            f"{first + group}\t{plan.programme.pk}\t{team}\t{kind}\t{plan.group_name(group)}\t\t"
            f"{plan.name(group * 3 + 1)}\t01632 960{group % 1000:03}\tRoom {group % 40 + 1}\t\t"
            f"{plan.days[0]}\t\\N\n"
        )


def _assignments(plan: Plan) -> Iterator[str]:
    first, owner, groups = plan.ids[Assignment], plan.ids[Partner], plan.ids[WorkGroup]
    for partner in range(plan.partners):
        yield (
            f"{first + partner}\t{groups + partner // GROUP_SIZE}\t{owner + partner}\t"
            f"Patient and Carer Partner\t{plan.days[0]}\t\\N\tcurrent\n"
        )


def _assignment_history(plan: Plan) -> Steps:
    first = plan.ids[Assignment]
    for partner in range(plan.partners):
        at = f"{plan.days[0]} 10:00+00"
        yield first + partner, "", "current", at, plan.coordinator.pk


def _to_come(plan: Plan, group: int, which: int) -> date:
    """Days of the meetings that were not held: for every 20th group one waits to be confirmed."""
    if which == 0 and group % 20 == 0:
        return plan.today - timedelta(days=2)
    return plan.today + timedelta(days=(1, 15, 30)[which] + group % 13)


def _meetings(plan: Plan) -> Iterator[str]:
    key, groups, programme = count(plan.ids[Meeting]), plan.ids[WorkGroup], plan.programme.pk
    for slot in plan.meeting_slots:
        for group in range(plan.groups):
            day = plan.text[plan.slot_days[group % plan.step][slot]]
            yield (
                f"{next(key)}\t{programme}\t{groups + group}\t\t{day} 10:00+00\t{day} 12:00+00\t"
                f"Room {group % 40 + 1}\t\t\t0\theld\n"
            )
    for which in range(TO_COME):
        for group in range(plan.groups):
            day = _to_come(plan, group, which).isoformat()
            yield (
                f"{next(key)}\t{programme}\t{groups + group}\t\t{day} 10:00+00\t{day} 12:00+00\t"
                f"Room {group % 40 + 1}\t\tRead two pages beforehand\t20\tplanned\n"
            )


def _meeting_history(plan: Plan) -> Steps:
    by, planned = plan.coordinator.pk, f"{plan.days[0]} 11:00+00"
    for number in range((plan.held + TO_COME) * plan.groups):
        key, place = plan.ids[Meeting] + number, number // plan.groups
        yield key, "", "planned", planned, by
        if place < plan.held:
            day = plan.slot_days[number % plan.groups % plan.step][plan.meeting_slots[place]]
            yield key, "planned", "held", f"{plan.later(day, 1)} 09:00+00", by


def _recent(plan: Plan) -> Iterator[tuple[int, str]]:
    """Work of this last month that is on no claim: (partner, status)."""
    for partner in range(plan.partners):
        if partner % 50 == 0:
            yield partner, "recorded"
        if partner % 10 == 0:
            yield partner, "confirmed"


def _contributions(plan: Plan) -> Iterator[str]:
    key, owner, by = count(plan.ids[Contribution]), plan.ids[Partner], plan.coordinator.pk
    meeting, programme = plan.ids[Meeting], plan.programme.pk
    for slot in range(plan.contributions):
        in_meeting = slot % 10 < 7
        place = plan.meeting_slots.index(slot) if in_meeting else 0
        for partner in range(plan.partners):
            group = partner // GROUP_SIZE
            day = plan.slot_days[group % plan.step][slot]
            at, claimed = plan.later(day, 1), plan.later(day, 2)
            if in_meeting:
                kind, title = "mdt" if group % 10 < 6 else "project", plan.group_name(group)
                number = meeting + place * plan.groups + group
                path = f"{plan.meeting_base}{number}{plan.meeting_tail}"
            else:
                kind, title, _ = plan.work(partner, slot)
                path = ""
            words = REFLECTIONS[partner // 6 % 4] if (partner + slot) % 6 == 0 else ""
            yield (
                f"{next(key)}\t{programme}\t{owner + partner}\t{kind}\t{plan.text[day]}\t"
                f"{plan.minutes(partner, slot)}\t{title}\t{path}\t{words}\tt\tconfirmed\t"
                f"{at} 09:00+00\t{by}\t{at} 09:00+00\t{by}\t{claimed} 10:00+00\n"
            )
    for partner, status in _recent(plan):
        kind, title, minutes = plan.work(partner, 7)
        day = plan.today - timedelta(days=1 + partner % 20)
        stamp = f"{day} 17:00+00\t{by}" if status == "confirmed" else "\\N\t\\N"
        yield (
            f"{next(key)}\t{programme}\t{owner + partner}\t{kind}\t{day}\t{minutes}\t{title}\t\t\t"
            f"t\t{status}\t{day} 16:00+00\t{by}\t{stamp}\t\\N\n"
        )


def _contribution_history(plan: Plan) -> Steps:
    key, by = count(plan.ids[Contribution]), plan.coordinator.pk
    for slot in range(plan.contributions):
        for partner in range(plan.partners):
            day = plan.slot_days[partner // GROUP_SIZE % plan.step][slot]
            number, at = next(key), f"{plan.later(day, 1)} 09:00+00"
            yield number, "", "recorded", at, by
            yield number, "recorded", "confirmed", at, by
    for partner, status in _recent(plan):
        number, day = next(key), plan.today - timedelta(days=1 + partner % 20)
        yield number, "", "recorded", f"{day} 16:00+00", by
        if status == "confirmed":
            yield number, "recorded", "confirmed", f"{day} 17:00+00", by


def _attendances(plan: Plan) -> Iterator[str]:
    key, owner, by = count(plan.ids[Attendance]), plan.ids[Partner], plan.coordinator.pk
    meeting, contribution = plan.ids[Meeting], plan.ids[Contribution]
    for place, slot in enumerate(plan.meeting_slots):
        for partner in range(plan.partners):
            group, minutes = partner // GROUP_SIZE, plan.minutes(partner, slot)
            at = plan.later(plan.slot_days[group % plan.step][slot], 1)
            yield (
                f"{next(key)}\t{meeting + place * plan.groups + group}\t{owner + partner}\tcoming\t"
                f"{plan.days[0]} 12:00+00\t{'there' if minutes == 120 else 'part'}\t{minutes}\t"
                f"{at} 09:00+00\t{by}\t{contribution + slot * plan.partners + partner}\n"
            )
    for which in range(TO_COME):
        for partner in range(plan.partners):
            number = meeting + (plan.held + which) * plan.groups + partner // GROUP_SIZE
            nobody = "unanswered\t\\N"
            answered = partner % 3 and f"coming\t{plan.today} 08:00+00"
            yield (
                f"{next(key)}\t{number}\t{owner + partner}\t{answered or nobody}\t"
                "unknown\t\\N\t\\N\t\\N\t\\N\n"
            )


def _told(plan: Plan) -> Iterator[tuple[int, date]]:
    """Everybody was reminded of their latest meeting: (partner, its day)."""
    slot = plan.meeting_slots[-1]
    for partner in range(plan.partners):
        yield partner, plan.slot_days[partner // GROUP_SIZE % plan.step][slot]


def _messages(plan: Plan) -> Iterator[str]:
    key, meeting = plan.ids[Message], plan.ids[Meeting] + (plan.held - 1) * plan.groups
    for partner, day in _told(plan):
        before = plan.later(day, -1)
        group = plan.group_name(partner // GROUP_SIZE)
        number = meeting + partner // GROUP_SIZE
        yield (
            f"{key + partner}\tbulk-{plan.programme.pk}-{partner}\tmeeting_tomorrow\t"
            f"{plan.programme.pk}\t\\N\t{plan.name(partner)}\t{plan.email(partner)}\t"
            f"Tomorrow: {group}\tYou are down for the {group} tomorrow at 10am.\t"
            f"{plan.meeting_base}{number}{plan.meeting_tail}\tSee what it asks of you\tsent\t"
            f"{before} 09:00+00\t{before} 09:00+00\t{before} 09:00+00\t{before} 09:01+00\t1\t\n"
        )


def _reminders(plan: Plan) -> Iterator[str]:
    key, programme, owner = plan.ids[Reminder], plan.programme.pk, plan.ids[Partner]
    attendance = plan.ids[Attendance] + (plan.held - 1) * plan.partners
    for partner, day in _told(plan):
        yield (
            f"{key + partner}\t{programme}\tmeeting_tomorrow\t{owner + partner}\t"
            f"{attendance + partner}\t{plan.text[day]} 10:00+00\t{plan.later(day, -1)} 09:00+00\t"
            f"{plan.ids[Message] + partner}\t\\N\n"
        )
