"""Play what the fictional people decide, learn and talk over into the demo's year."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from partners.models import LearningItem, PathwayRole
from partners.services import (
    codesign,
    codesign_group,
    codesign_proposals,
    learning,
    support_check_ins,
)
from pcp_portal.demo import together

if TYPE_CHECKING:
    from datetime import datetime

    from partners.models import Proposal, Round
    from pcp_portal.demo.build import Story


def rounds(story: Story) -> None:
    """One round that is counted and answered, and one that takes proposals now."""
    asked: list[Round] = []
    proposals: list[Proposal] = []
    advice: list[codesign_group.Advice] = []

    def open_round(now: datetime) -> None:
        asked.append(
            codesign.open_round(
                programme=story.programme,
                title=together.ROUND_TITLE,
                question=together.ROUND_QUESTION,
                opens_on=story.today - timedelta(days=100),
                votes_from=story.today - timedelta(days=80),
                closes_on=story.today - timedelta(days=66),
                by=story.coordinator,
                now=now,
            )
        )
        for known_as in together.CHALLENGERS:
            codesign_group.name_challenger(
                programme=story.programme,
                person=story.who(known_as),
                starts_on=story.first_day,
                by=story.coordinator,
                now=now,
            )

    def propose(now: datetime) -> None:
        for title, text, known_as in together.PROPOSALS:
            proposals.append(
                codesign_proposals.propose(
                    asked=asked[0], title=title, text=text, by=story.who(known_as), now=now
                )
            )

    def open_votes(now: datetime) -> None:
        codesign.open_votes(asked=asked[0], by=story.coordinator, now=now)

    def vote(now: datetime) -> None:
        for known_as, order in together.BALLOTS.items():
            ranks = {proposals[number].pk: rank for rank, number in enumerate(order, 1)}
            codesign_proposals.cast(asked=asked[0], ranks=ranks, by=story.who(known_as), now=now)

    def count(now: datetime) -> None:
        codesign.close_round(asked=asked[0], by=story.coordinator, now=now)

    def advise(now: datetime) -> None:
        number, text, _, _ = together.ADVICE
        advice.append(
            codesign_group.advise(
                proposal=proposals[number],
                text=text,
                by=story.who(together.CHALLENGERS[0]),
                now=now,
            )
        )

    def answer(now: datetime) -> None:
        _, _, decision, reason = together.ADVICE
        codesign_group.decide(
            advice=advice[0], decision=decision, reason=reason, by=story.coordinator, now=now
        )
        for number, text in together.ANSWERS:
            codesign_proposals.answer_proposal(
                proposal=proposals[number], answer=text, link="", by=story.coordinator, now=now
            )

    steps = (
        (100, open_round),
        (95, propose),
        (80, open_votes),
        (74, vote),
        (65, count),
        (60, advise),
        (52, answer),
    )
    for days, step in steps:
        story.on(story.at(story.today - timedelta(days=days), 10), step)
    _round_now(story)


def _round_now(story: Story) -> None:
    asked: list[Round] = []

    def open_round(now: datetime) -> None:
        asked.append(
            codesign.open_round(
                programme=story.programme,
                title=together.ROUND_NOW,
                question=together.ROUND_NOW_QUESTION,
                opens_on=story.today - timedelta(days=10),
                votes_from=story.today + timedelta(days=9),
                closes_on=story.today + timedelta(days=23),
                by=story.coordinator,
                now=now,
            )
        )

    def propose(now: datetime) -> None:
        for title, text, known_as in together.PROPOSALS_NOW:
            codesign_proposals.propose(
                asked=asked[0], title=title, text=text, by=story.who(known_as), now=now
            )

    story.on(story.at(story.today - timedelta(days=10), 10), open_round)
    story.on(story.at(story.today - timedelta(days=6), 20), propose)


def learn(story: Story, now: datetime) -> None:
    """What can be learnt; one session that was, and one to come."""
    roles = {role.name: role for role in PathwayRole.objects.filter(programme=story.programme)}
    items = [
        learning.keep_item(
            item=LearningItem(
                programme=story.programme,
                title=title,
                about=about,
                kind=kind,
                minutes=minutes,
                link=link,
            ),
            roles=[roles[name] for name in names],
            by=story.coordinator,
            now=now,
        )
        for title, about, kind, minutes, link, names in together.LEARNING
    ]
    _session(story, items[0], -40, ("Mo", "Toby", "Brigid"))
    _session(story, items[3], 16, ("Mo", "Toby"))


def _session(story: Story, item: LearningItem, days: int, who: tuple[str, ...]) -> None:
    kept: list[learning.LearningSession] = []
    starts_at = story.at(story.today + timedelta(days=days), 14)

    def plan(now: datetime) -> None:
        kept.append(
            learning.plan_session(
                item=item,
                starts_at=starts_at,
                ends_at=starts_at + timedelta(minutes=item.minutes),
                places=8,
                place="Education centre, room C",
                by=story.coordinator,
                now=now,
            )
        )
        for known_as in who:
            learning.book(
                session=kept[0],
                partner=story.partners[known_as],
                by=story.who(known_as),
                now=now + timedelta(days=1),
            )

    def attend(now: datetime) -> None:
        learning.record_attendance(
            session=kept[0],
            there=[place.pk for place in kept[0].taken.all()],
            by=story.coordinator,
            now=now,
        )

    story.on(min(starts_at, story.now) - timedelta(days=21), plan)
    if days < 0:
        story.on(starts_at + timedelta(days=1), attend)


def talk(story: Story) -> None:
    """Check-ins: a part for both, and a part for the coordinator alone."""
    for known_as, days, shared, private, again in together.CHECK_INS:
        day = story.today - timedelta(days=days)
        story.on(
            story.at(day, 15),
            lambda now, who=known_as, day=day, texts=(shared, private), again=again: (
                support_check_ins.write_check_in(
                    partner=story.partners[who],
                    happened_on=day,
                    shared=texts[0],
                    private=texts[1],
                    next_on=day + timedelta(days=again),
                    by=story.coordinator,
                    now=now,
                )
            ),
        )
