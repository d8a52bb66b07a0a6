"""Play what the fictional people need, tell and raise into the demo's year."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.models import Message, RoleGrant
from partners.models import Contribution, PathwayRole, Theme
from partners.services import (
    expertise,
    impact,
    needs,
    pathway,
    portfolio,
    profile,
    register,
    requirement_records,
    stories,
    thanks,
    uploads,
)
from pcp_portal.demo import lives, told

if TYPE_CHECKING:
    from datetime import date, datetime

    from accounts.models import User
    from partners.models import Partner, Priority
    from pcp_portal.demo.build import Story


# Whose needs were written down a year ago and not looked at since.
_NOT_REVIEWED = {"Derek", "Brigid"}


def settle(story: Story, now: datetime) -> None:
    """How each of them lives, from the first day on."""
    themes = {theme.name: theme for theme in Theme.objects.filter(programme=story.programme)}
    for known_as, life in lives.LIVES.items():
        partner, by = story.partners[known_as], story.who(known_as)
        _pace(partner, life, by, now)
        for kind, text, to_do in life.needs:
            need = needs.add_need(
                partner=partner,
                kind=kind,
                text=text,
                to_do=to_do,
                shared=bool(to_do),
                by=by,
                now=now,
            )
            if known_as not in _NOT_REVIEWED:
                story.on(
                    story.now - timedelta(days=75),
                    lambda then, need=need, by=by: needs.review_need(need=need, by=by, now=then),
                )
        for text, visibility, names in life.passions:
            expertise.add_passion(
                partner=partner,
                text=text,
                visibility=visibility,
                themes=[themes[name] for name in names],
                by=by,
                now=now,
            )
        for text, visibility, reached in life.priorities:
            priority = expertise.add_priority(
                partner=partner, text=text, visibility=visibility, by=by, now=now
            )
            if reached is not None:
                _reach(story, priority, by, reached)
        _walk(story, known_as, life, now)
        _in_place(story, known_as, now)


def _pace(partner: Partner, life: lives.Life, by: User, now: datetime) -> None:
    hours, per = life.hours or (None, "")
    register.change_partner(
        partner=partner,
        say_name=life.say_name,
        preferred_channel=life.channel,
        phone_hours=life.phone_hours,
        address=life.address,
        hours_wanted=hours,
        hours_per=per,
        longest_minutes=life.longest,
        rest_days=life.rest,
        availability=life.suits,
        by=by,
        now=now,
    )
    if life.emergency:
        name, relation, phone = life.emergency
        profile.set_emergency_contact(
            partner=partner, name=name, relation=relation, phone=phone, by=by, now=now
        )


def _reach(story: Story, priority: Priority, by: User, days: int) -> None:
    day = story.today - timedelta(days=days)
    story.on(
        story.at(day, 20),
        lambda then: expertise.change_priority(
            priority=priority,
            text=priority.text,
            visibility=priority.visibility,
            reached_on=day,
            by=by,
            now=then,
        ),
    )


def _walk(story: Story, known_as: str, life: lives.Life, now: datetime) -> None:
    """Roles held and wished for; and a pause, said a few days before it."""
    partner, by = story.partners[known_as], story.who(known_as)
    roles = {role.name: role for role in PathwayRole.objects.filter(programme=story.programme)}
    for name, began, ended, where in life.roles:
        pathway.give_role(
            partner=partner,
            role=roles[name],
            starts_on=story.today - timedelta(days=began),
            ends_on=_ago(story, ended),
            where=where,
            by=story.coordinator,
            now=now,
        )
    for name in life.wishes:
        pathway.wish(partner=partner, role=roles[name], by=by, now=now)
    if life.pause:
        first, last = life.pause
        story.on(
            story.now + timedelta(days=min(first, 0) - 3),
            lambda then: profile.add_pause(
                partner=partner,
                starts_on=story.today + timedelta(days=first),
                ends_on=None if last is None else story.today + timedelta(days=last),
                by=by,
                now=then,
            ),
        )


# Days ago that information governance was done; who is not here has not done it.
_GOVERNANCE = {"Mo": 320, "Gareth": 200, "Samina": 345, "Jun": 60, "Brigid": 400, "Ines": 90}


def _in_place(story: Story, known_as: str, now: datetime) -> None:
    """Induction and agreement for all but the newest; training for some, some of it ending."""
    partner = story.partners[known_as]
    required = {row.name: row for row in story.programme.requirements.all()}
    requirement_records.put_in_place(
        requirement=required["Induction"],
        partner=partner,
        obtained_on=story.first_day,
        expires_on=None,
        by=story.coordinator,
        now=now,
    )
    agreement = required["Confidentiality agreement"]
    if partner.user_id and known_as != "Derek":
        requirement_records.accept(
            text=agreement.texts.latest("number"), partner=partner, by=story.who(known_as), now=now
        )
    if days := _GOVERNANCE.get(known_as):
        done_on = max(story.today - timedelta(days=days), story.first_day)
        story.on(
            story.at(done_on + timedelta(days=1)),
            lambda then: requirement_records.put_in_place(
                requirement=required["Information governance"],
                partner=partner,
                obtained_on=done_on,
                expires_on=done_on + timedelta(days=365),
                by=story.coordinator,
                now=then,
            ),
        )


# --- What they tell of their work ----------------------------------------------------------------


def tell(story: Story) -> None:
    """What partners say of their work, and the thanks that came for it."""
    for one in told.TOLD:
        held = story.days.get((one.group, one.back))
        if held is None:  # it fell on Christmas
            continue
        confirmed = story.at(held + timedelta(days=2))
        soon = max(story.now - timedelta(days=20), confirmed)
        story.on(soon, lambda now, one=one: _tell(story, one, now))


def _tell(story: Story, one: told.Told, now: datetime) -> None:
    row = story.contributions[one.group, one.back, one.partner]
    by = story.who(one.partner)
    portfolio.tell(
        contribution=row,
        role=one.role,
        brought=one.brought,
        changed=one.changed,
        reflection=Contribution.objects.get(pk=row.pk).reflection,
        by=by,
        now=now,
    )
    portfolio.share(contribution=row, visibility=one.visibility, by=by, now=now)
    if one.link:
        title, link = one.link
        portfolio.add_link(contribution=row, title=title, link=link, by=by, now=now)
    if one.paper:
        title, name, made = one.paper
        checked = uploads.checked(SimpleUploadedFile(name, made()))
        portfolio.add_file(contribution=row, title=title, checked=checked, by=by, now=now)
    if one.thanks:
        name, email, words, shows = one.thanks
        asked = thanks.ask_for_thanks(contribution=row, name=name, email=email, by=by, now=now)
        link = Message.objects.get(key=f"{thanks.KIND}:{asked.pk}").link
        given = thanks.give_thanks(
            token=link.rstrip("/").rsplit("/", 1)[-1], words=words, now=now + timedelta(hours=5)
        )
        thanks.show_thanks(thank_you=given, shows=shows, by=by, now=now + timedelta(days=1))


# --- What they raised ----------------------------------------------------------------------------


def raise_matters(story: Story) -> None:
    """What was raised, heard, answered and changed, each on its day."""
    for one in told.RAISED:
        _raise(story, one)


def _raise(story: Story, one: told.Raised) -> None:
    raised, heard, decided, made, checked = one.days
    kept: list[impact.Impact] = []

    def record(now: datetime) -> None:
        kept.append(
            impact.record(
                programme=story.programme,
                title=one.title,
                raised=one.raised,
                category=one.about,
                is_ask=one.is_ask,
                raised_on=timezone.localdate(now),
                public_text=one.public,
                by=story.coordinator,
                now=now,
            )
        )

    def hear(now: datetime) -> None:
        grant = (
            RoleGrant.objects.filter(programme=story.programme, user__name=one.owner)
            .select_related("user")
            .first()
        )
        impact.hear(
            impact=kept[0],
            heard_on=timezone.localdate(now),
            owner=grant.user if grant else None,
            owner_name="" if grant else one.owner,
            by=story.coordinator,
            now=now,
        )

    def decide(now: datetime) -> None:
        impact.decide(
            impact=kept[0],
            decision=one.verdict,
            answer=one.answer,
            decided_on=timezone.localdate(now),
            by=story.coordinator,
            now=now,
        )
        if made is None and one.verdict != "declined":
            impact.plan(
                impact=kept[0],
                planned_for=story.today + timedelta(days=120),
                by=story.coordinator,
                now=now,
            )

    def make(now: datetime) -> None:
        impact.make(
            impact=kept[0],
            made_on=timezone.localdate(now),
            change=one.change,
            by=story.coordinator,
            now=now,
        )

    def check(now: datetime) -> None:
        impact.check(
            impact=kept[0], checked_on=timezone.localdate(now), by=story.coordinator, now=now
        )

    def link(now: datetime) -> None:
        row = story.contributions.get((one.group, one.back, one.partner))
        if row:  # it may have fallen on Christmas
            impact.amend(impact=kept[0], contributions=[row], by=story.coordinator, now=now)

    steps = ((raised, record), (heard, hear), (decided, decide), (made, make), (checked, check))
    for hour, (days, step) in enumerate(steps):
        if days is not None:
            story.on(story.at(story.today - timedelta(days=days), 11 + hour), step)
    story.on(story.now - timedelta(days=2), link)


# --- The stories they lend -----------------------------------------------------------------------


def lend_stories(story: Story) -> None:
    """The story bank: what each allows, and where the stories went."""
    for one in told.STORIES:
        lend(story, one)


def lend(story: Story, one: told.Story) -> None:
    """One story: written, lent, and each use of it on its day."""
    kept: list[stories.Story] = []
    by = story.who(one.partner)

    def write(now: datetime) -> None:
        row = stories.write_story(
            partner=story.partners[one.partner],
            title=one.title,
            text=one.text,
            credit=one.credit,
            take_care=one.take_care,
            by=by,
            now=now,
        )
        until = story.today + timedelta(days=400)
        stories.agree(story=row, uses=dict.fromkeys(one.uses, until), by=by, now=now)
        kept.append(row)

    story.on(story.now - timedelta(days=one.written), write)
    for use, where, days in one.used:
        story.on(
            story.at(story.today - timedelta(days=days), 16),
            lambda now, use=use, where=where: stories.log_use(
                story=kept[0],
                use=use,
                where=where,
                used_on=timezone.localdate(now),
                by=story.coordinator,
                now=now,
            ),
        )


def _ago(story: Story, days: int | None) -> date | None:
    return None if days is None else story.today - timedelta(days=days)
