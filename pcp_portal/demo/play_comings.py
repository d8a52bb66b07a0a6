"""Play who comes, takes a break or leaves, and what is held about people, into the demo's year."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from partners.models import Expertise, Partner, StageStep
from partners.models import Story as StoryRow
from partners.services import (
    corrections,
    data_copy,
    expertise,
    leaving,
    needs,
    profile,
    register,
    requirement_records,
    support,
    support_check_ins,
)
from payments.services.rates import choose
from pcp_portal.demo import comings, play_lives

if TYPE_CHECKING:
    from datetime import datetime

    from pcp_portal.demo.build import Step, Story


def come(story: Story, now: datetime) -> None:
    """Who else was here on the first day; who came since; and the ticks of everybody."""
    for one in comings.HERE:
        _add(story, one, now)
        _told(story, one, now)
        _here(story, one, now)
        _walk(story, one)
    for one in comings.ARRIVING:
        _at(story, one.stages[0][1], 9, lambda then, one=one: _add(story, one, then))
        _walk(story, one)
    for known_as in comings.FIRST_TALKS:
        _at(story, 270, 16, lambda then, who=known_as: _tick(story, who, "active", 1, then))


def _at(story: Story, days: int, hour: int, step: Step) -> None:
    story.on(story.at(story.today - timedelta(days=days), hour), step)


def _add(story: Story, one: comings.Coming, now: datetime) -> None:
    """On the register, with how to reach them."""
    partner = register.add_partner(
        programme=story.programme,
        name=one.name,
        known_as=one.known_as,
        email=one.email,
        phone=one.phone,
        joined_on=story.first_day if one in comings.HERE else None,
        status=one.stages[0][0],
        by=story.coordinator,
        now=now,
    )
    register.change_partner(
        partner=partner,
        preferred_channel=one.channel,
        phone_hours=one.phone_hours,
        by=story.coordinator,
        now=now,
    )
    story.partners[one.known_as] = partner


def _told(story: Story, one: comings.Coming, now: datetime) -> None:
    """What they said in the first conversation."""
    partner, by = story.partners[one.known_as], story.coordinator
    register.change_partner(partner=partner, availability=one.suits, by=by, now=now)
    expertise.add_expertise(
        partner=partner,
        kind=Expertise.Kind.FROZEN_ASSET,
        text=one.before,
        visibility=Expertise.Visibility.COORDINATORS,
        by=by,
        now=now,
    )
    if one.need:
        kind, text, to_do = one.need
        needs.add_need(
            partner=partner, kind=kind, text=text, to_do=to_do, shared=True, by=by, now=now
        )


def _here(story: Story, one: comings.Coming, now: datetime) -> None:
    """What has been in place since the first day."""
    partner, by = story.partners[one.known_as], story.coordinator
    requirement_records.put_in_place(
        requirement=story.programme.requirements.get(name="Induction"),
        partner=partner,
        obtained_on=story.first_day,
        expires_on=None,
        by=by,
        now=now,
    )
    choose(partner=partner, choice="take", starts_on=story.first_day, by=by, now=now)
    if one.signed_in:
        _sign_in(story, one, now)


def _sign_in(story: Story, one: comings.Coming, now: datetime) -> None:
    """They take up their invitation, and accept the agreement."""
    partner, person = story.partners[one.known_as], one.sign_in
    if person is None:
        raise RuntimeError(f"{one.name} has no e-mail address to sign in with.")
    invitation = register.invite_partner(partner=partner, by=story.coordinator, now=now)
    user = story.accept(person, invitation, now)
    agreement = story.programme.requirements.get(name="Confidentiality agreement")
    requirement_records.accept(
        text=agreement.texts.latest("number"), partner=partner, by=user, now=now
    )


def _walk(story: Story, one: comings.Coming) -> None:
    """From stage to stage, with what was seen to at each, and what was talked about."""
    for stage, days, why in one.stages[1:]:
        _at(
            story,
            days,
            11,
            lambda now, to=stage, why=why: support.move(
                partner=story.partners[one.known_as], to=to, why=why, by=story.coordinator, now=now
            ),
        )
        if stage == Partner.Status.CONVERSATION:
            _at(story, days, 12, lambda now: _told(story, one, now))
        if stage == Partner.Status.CHECKS and one.emergency:
            _at(story, days, 12, lambda now: _emergency(story, one, now))
    for stage, line, days in one.done:
        _at(
            story,
            days,
            16,
            lambda now, stage=stage, line=line: _tick(story, one.known_as, stage, line, now),
        )
    if one.signed_in and one in comings.ARRIVING:
        _at(story, one.signed_in, 10, lambda now: _sign_in(story, one, now))
    if one.talk:
        days, shared, again = one.talk
        day = story.today - timedelta(days=days)
        _at(
            story,
            days,
            17,
            lambda now: support_check_ins.write_check_in(
                partner=story.partners[one.known_as],
                happened_on=day,
                shared=shared,
                next_on=day + timedelta(days=again),
                by=story.coordinator,
                now=now,
            ),
        )


def _emergency(story: Story, one: comings.Coming, now: datetime) -> None:
    if one.emergency:
        name, relation, phone = one.emergency
        profile.set_emergency_contact(
            partner=story.partners[one.known_as],
            name=name,
            relation=relation,
            phone=phone,
            by=story.coordinator,
            now=now,
        )


def _tick(story: Story, known_as: str, stage: str, line: int, now: datetime) -> None:
    step = StageStep.objects.get(programme=story.programme, stage=stage, position=line)
    support.tick_step(partner=story.partners[known_as], step=step, by=story.coordinator, now=now)


def go(story: Story) -> None:
    """Eileen lends a story, gives it, leaves; and a month on the rest of her words is erased."""
    who = comings.GIVEN_STORY.partner
    play_lives.lend(story, comings.GIVEN_STORY)

    def give(now: datetime) -> None:
        partner = story.partners[who]
        own = StoryRow.objects.filter(partner=partner).values_list("pk", flat=True)
        leaving.donate(partner=partner, stories=list(own), by=story.who(who), now=now)

    def leave(now: datetime) -> None:
        leaving.leave(partner=story.partners[who], by=story.who(who), now=now)

    _at(story, comings.GAVE, 19, give)
    _at(story, comings.LEFT, 19, leave)
    _at(story, comings.ERASED, 4, lambda now: leaving.erase_due(now=now))


def put_right(story: Story) -> None:
    """What partners asked to have put right, and what became of it."""
    for known_as, days, about, text, answered in comings.CORRECTIONS:
        kept: list[corrections.Correction] = []

        def ask(
            now: datetime,
            who: str = known_as,
            about: str = about,
            text: str = text,
            kept: list[corrections.Correction] = kept,
        ) -> None:
            row = corrections.ask(
                partner=story.partners[who], about=about, text=text, by=story.who(who), now=now
            )
            kept.append(row)

        _at(story, days, 20, ask)
        if answered:
            days, was_made, words = answered
            _at(
                story,
                days,
                10,
                lambda now, kept=kept, was_made=was_made, words=words: corrections.answer(
                    correction=kept[0],
                    was_made=was_made,
                    answer=words,
                    by=story.coordinator,
                    now=now,
                ),
            )


def take_a_copy(story: Story) -> None:
    """Somebody asked for all that is held about them, and it is ready."""

    def make(now: datetime) -> None:
        user = story.who(comings.COPY_FOR)
        job = data_copy.ask_for_copy(user=user, programme=story.programme, by=user, now=now)
        data_copy.make_copy(pk=job.pk, now=now, clock=lambda: now)

    story.on(story.now - timedelta(hours=20), make)
