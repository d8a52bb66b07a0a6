"""Play what staff and partners ask of each other, and public afternoons, into the demo's year."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.core.files.uploadedfile import SimpleUploadedFile

from assignments import services as assignments
from assignments.models import Opportunity, PayRule
from assignments.services import (
    calendars,
    event_letters,
    events,
    interests,
    needs_answers,
    offers,
    opportunities,
    registrations,
    requests,
)
from partners.models import PathwayRole, Theme
from partners.services import conflicts
from pcp_portal.demo import papers, year

if TYPE_CHECKING:
    from datetime import datetime
    from typing import Any

    from assignments.models import EventPage, NeedsAnswer, Offer, Request
    from pcp_portal.demo.build import Story


def settle(story: Story, now: datetime) -> None:
    """What the programme decided on the first day: what counts when a meeting falls through."""
    assignments.set_pay_terms(
        programme=story.programme,
        unwell=PayRule.Share.HALF,
        called_off=PayRule.Share.FULL,
        notice_hours=24,
        by=story.coordinator,
        now=now,
    )


# --- Requests, opportunities and offers ----------------------------------------------------------


def ask(story: Story) -> None:
    """Requests with what became of them; what was published without; and a quiet conflict."""
    for one in year.ASKED:
        _asked(story, one)
    for title, why, influence, facts, published in year.OWN:
        _published(story, published, None, title=title, why=why, influence=influence, **facts)
    known_as, other, days = year.CONFLICT
    story.on(
        story.ago(days, 20),
        lambda now: conflicts.declare(
            programme=story.programme,
            partner=story.partners[known_as],
            with_person=story.users[other],
            by=story.who(known_as),
            now=now,
        ),
    )


def _asked(story: Story, one: year.Asked) -> None:
    kept: list[Request] = []
    starts_on = None if one.starts_in is None else story.today + timedelta(days=one.starts_in)

    def put(now: datetime) -> None:
        facts = {
            "title": one.title,
            "why": one.why,
            "kind": one.kind,
            "influence": one.influence,
            "team": story.teams.get(one.team),
            "starts_on": starts_on,
            "now": now,
            **one.facts,
        }
        if one.by in story.partners:
            partner, by = story.partners[one.by], story.who(one.by)
            kept.append(requests.propose(partner=partner, by=by, **facts))
        else:
            by = story.users[one.by]
            kept.append(requests.ask(programme=story.programme, by=by, **facts))

    story.on(story.ago(one.days, 13), put)
    if one.looked_at is not None:
        story.on(
            story.ago(one.looked_at, 10),
            lambda now: requests.look_at(request=kept[0], by=story.coordinator, now=now),
        )
    if one.refused:
        days, reason = one.refused
        story.on(
            story.ago(days, 15),
            lambda now: requests.refuse(
                request=kept[0], reason=reason, by=story.coordinator, now=now
            ),
        )
    if one.withdrawn is not None:
        story.on(
            story.ago(one.withdrawn, 17),
            lambda now: requests.withdraw(request=kept[0], by=story.users[one.by], now=now),
        )
    if one.published:
        _published(
            story,
            one.published,
            kept,
            title=one.title,
            why=one.why,
            influence=one.influence,
            starts_on=starts_on,
            **one.facts,
        )


def _published(
    story: Story, told: year.Published, request: list[Request] | None, **facts: Any
) -> None:
    """Partners are asked, and say what they say; `request` holds what it answers by then."""
    kept: list[Opportunity] = []
    held: dict[str, Offer] = {}

    def publish(now: datetime) -> None:
        rows = Theme.objects.filter(programme=story.programme, name__in=told.themes)
        last = told.closes_in
        kept.append(
            opportunities.publish(
                work_group=story.groups[told.group],
                audience=Opportunity.Audience.SOME if told.invited else Opportunity.Audience.ALL,
                request=request[0] if request else None,
                themes=list(rows),
                invited=[story.partners[who] for who in told.invited],
                role=PathwayRole.objects.filter(programme=story.programme, name=told.role).first(),
                closes_on=None if last is None else story.today + timedelta(days=last),
                by=story.coordinator,
                now=now,
                **facts,
            )
        )

    story.on(story.ago(told.days, 11), publish)
    for known_as, days, answer, line in told.answers:
        story.on(
            story.ago(days, 18),
            lambda now, who=known_as, answer=answer, line=line: interests.say(
                opportunity=kept[0],
                partner=story.partners[who],
                answer=answer,
                line=line,
                by=story.who(who),
                now=now,
            ),
        )
    for days, names, within in told.offers:
        _offered(story, kept, held, days, names, within)
    for taken, service in ((told.accepted, offers.accept), (told.stands_in, offers.stand_in)):
        for known_as, days in taken:
            story.on(
                story.ago(days, 19),
                lambda now, who=known_as, service=service: service(
                    offer=held[who], by=story.who(who), now=now
                ),
            )
    if told.closed is not None:
        story.on(
            story.ago(told.closed, 16),
            lambda now: opportunities.close(opportunity=kept[0], by=story.coordinator, now=now),
        )


def _offered(
    story: Story,
    kept: list[Opportunity],
    held: dict[str, Offer],
    days: int,
    names: tuple[str, ...],
    within: int,
) -> None:
    """Places are offered to these at once; who says nothing in time lets the place go."""

    def put(now: datetime) -> None:
        made = offers.offer(
            opportunity=kept[0],
            partners=[story.partners[who] for who in names],
            answer_by=story.today - timedelta(days=days - within),
            by=story.coordinator,
            now=now,
        )
        held.update(zip(names, made, strict=True))

    story.on(story.ago(days, 12), put)
    if days > within:
        story.on(story.ago(days - within - 1, 6), lambda now: offers.lapse(now=now))


# --- Meetings ------------------------------------------------------------------------------------


def be_told(story: Story) -> None:
    """What there is to read, whether needs were met, and a diary in somebody's own calendar."""
    for group, back, title, link in year.PAPERS:
        story.on(
            story.now - timedelta(days=2, hours=1),
            lambda now, key=(group, back), title=title, link=link: assignments.add_paper(
                meeting=story.meetings[key],
                title=title,
                link=link,
                uploaded=None if link else _letter(),
                by=story.coordinator,
                now=now,
            ),
        )
    for group, back, known_as, days, answer, note, done in year.NEEDS:
        if (group, back) not in story.days:  # it fell on Christmas
            continue
        _needs(story, (group, back), known_as, days, answer, note, done)
    user = story.users[story.partners["Jun"].email or ""]
    story.on(story.ago(70, 21), lambda now: calendars.open_feed(user=user, by=user, now=now))


def _letter() -> SimpleUploadedFile:
    return SimpleUploadedFile("The letter.pdf", papers.letter(), "application/pdf")


def _needs(
    story: Story,
    key: tuple[str, int],
    known_as: str,
    days: int,
    answer: str,
    note: str,
    done: str,
) -> None:
    """Said some days after the meeting was confirmed, and seen to two days later."""
    kept: list[NeedsAnswer] = []

    def say(now: datetime) -> None:
        row = story.meetings[key].attendances.get(partner=story.partners[known_as])
        kept.append(
            needs_answers.answer(
                attendance=row, answer=answer, note=note, by=story.who(known_as), now=now
            )
        )

    def see_to(now: datetime) -> None:
        needs_answers.see_to(answer=kept[0], done=done, by=story.coordinator, now=now)

    held = story.days[key]
    story.on(story.at(held + timedelta(days=1 + days), 20), say)
    if done:
        story.on(story.at(held + timedelta(days=3 + days), 10), see_to)


# --- Open afternoons -----------------------------------------------------------------------------


def open_doors(story: Story) -> None:
    """A public page for each; people register and confirm; afterwards who came is thanked."""
    for one in year.OPEN_DOORS:
        if (one.group, one.back) in story.days:  # unless it fell on Christmas
            _open_door(story, one)


def _open_door(story: Story, one: year.OpenDoor) -> None:
    day = min(story.days[one.group, one.back], story.today)
    kept: list[EventPage] = []

    def publish(now: datetime) -> None:
        kept.append(
            events.publish(
                meeting=story.meetings[one.group, one.back],
                slug=one.slug,
                intro=one.intro,
                access=one.access,
                places=one.places,
                by=story.coordinator,
                now=now,
            )
        )

    story.on(story.at(day - timedelta(days=33), 15), publish)
    confirmed = len(one.people) - one.unconfirmed
    for number, (name, needs) in enumerate(one.people):
        # One every other day; the last came yesterday, or the day before the event.
        ahead = 1 + 2 * (len(one.people) - 1 - number)
        story.on(
            story.at(day - timedelta(days=ahead), 17),
            lambda now, name=name, needs=needs, confirms=number < confirmed: _register(
                kept[0], name, needs, now, confirms=confirms
            ),
        )
    if one.thanks:
        story.on(story.at(day + timedelta(days=1), 10), lambda now: _came(story, kept[0], one, now))
        story.on(
            story.at(day + timedelta(days=2), 10),
            lambda now: events.thank(page=kept[0], words=one.thanks, by=story.coordinator, now=now),
        )


def _register(page: EventPage, name: str, needs: str, now: datetime, *, confirms: bool) -> None:
    email = f"{name.lower().replace(' ', '.')}@example.org"
    registrations.register(page=page, name=name, email=email, access_needs=needs, now=now)
    if confirms:
        token = event_letters.token_for(page, email, now)
        registrations.confirm(token=token, now=now + timedelta(minutes=20))


def _came(story: Story, page: EventPage, one: year.OpenDoor, now: datetime) -> None:
    coming = list(page.registrations.filter(seat__isnull=False).values_list("pk", flat=True))
    events.mark_came(
        page=page,
        came=coming[: len(coming) - one.stayed_away],
        shown=coming,
        by=story.coordinator,
        now=now,
    )
