"""Stages of taking part, and what is to be seen to at each."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import Invitation, Programme, Role, RoleGrant, User
from accounts.services import people
from partners.models import Partner, StageStep, StageStepDone
from partners.models.partner import Stage
from partners.services import farewell, learning
from partners.services.refusal import Refusal
from workflow.transitions import transition

LONGEST_NOTE = 500
LONGEST_STEP = 200

SEED_STEPS: dict[str, tuple[str, ...]] = {
    Stage.ENQUIRY: (
        "Thank them, and say when they will hear from us",
        "Find a time to talk, in the way that suits them",
    ),
    Stage.CONVERSATION: (
        "Talk about what they bring and what they hope for",
        "Explain payment, expenses, and where to get advice on benefits",
        "Ask what helps them to take part",
        "Say clearly that they may stop or pause at any time",
    ),
    Stage.CHECKS: (
        "DBS check at the level that the role needs",
        "Confidentiality agreement signed",
        "Emergency contact asked for",
        "Payment details sent to finance, not kept here",
    ),
    Stage.INDUCTION: (
        "Induction held",
        "Met the team they will join",
        "Sign-in to the portal works",
        "Somebody named to turn to",
    ),
    Stage.ACTIVE: ("A first talk about how it is going, after three months",),
    Stage.ON_BREAK: (
        "Agreed whether, when and how we stay in touch",
        "Meetings and claims seen to",
    ),
    Stage.STEPPING_DOWN: (
        "Talked about why, and what we can learn",
        "Open claims paid",
        "Work handed over, where somebody follows",
        "Asked what may be kept of their stories",
        "Thanked, in the way they would like",
    ),
    Stage.LEFT: ("Asked whether they would like to hear from us",),
}


class SupportError(Refusal):
    """What was asked for cannot be done with a partner's support."""


# --- Stages --------------------------------------------------------------------------------------


@transaction.atomic
def move(*, partner: Partner, to: str, by: User | None, now: datetime, why: str = "") -> Partner:
    """Move a partner to the stage `to`, with a note for the history.

    Whoever leaves loses the partner's role, with its sessions' reach, an invitation nobody took
    up, and places in learning to come; who comes back has the role again.

    Raises SupportError for an overlong note, and IllegalMoveError for a stage that does not follow.
    """
    note = " ".join(why.split())
    if len(note) > LONGEST_NOTE:
        raise SupportError(
            f"Shorten the note to {LONGEST_NOTE} characters; it has {len(note):,}.", "why"
        )
    locked = Partner.objects.select_for_update(of=("self",)).get(pk=partner.pk)
    had_left = locked.status == Stage.LEFT
    transition(partner, to, by=by, now=now, why=note)
    has_left = to == Stage.LEFT
    if locked.user is not None and has_left != had_left:
        change_role = _end_role if has_left else _give_role_back
        change_role(locked.user, locked.programme, by=by, now=now)
    if has_left and not had_left:
        learning.give_all_back(partner=partner, by=by, now=now)
        farewell.say_goodbye(partner=partner, now=now)
    return partner


def _end_role(user: User, programme: Programme, *, by: User | None, now: datetime) -> None:
    held = RoleGrant.objects.current().filter(user=user, programme=programme)
    for grant in held.filter(role=Role.PARTNER):
        people.end_role(grant=grant, by=by, now=now)
    # With another role the invitation opens that, and stays.
    if not held.exists():
        for invitation in Invitation.objects.open().filter(user=user, programme=programme):
            people.withdraw_invitation(invitation=invitation, by=by, now=now)


def _give_role_back(user: User, programme: Programme, *, by: User | None, now: datetime) -> None:
    """Only to somebody who has signed in; others are invited again."""
    held = RoleGrant.objects.filter(user=user, programme=programme, role=Role.PARTNER)
    if user.is_active and user.last_login and held.exists():
        people.grant_role(user=user, programme=programme, role=Role.PARTNER, by=by, now=now)


# --- Checklists ----------------------------------------------------------------------------------


@transaction.atomic
def seed_stage_steps(*, programme: Programme, by: User | None, now: datetime) -> list[StageStep]:
    """Give a programme the usual checklists, where a stage has none yet; returns what was added."""
    del by, now  # the audit says who and when
    Programme.objects.select_for_update().get(pk=programme.pk)
    there = set(StageStep.objects.filter(programme=programme).values_list("stage", flat=True))
    return StageStep.objects.bulk_create(
        StageStep(programme=programme, stage=stage, text=text, position=position)
        for stage, texts in SEED_STEPS.items()
        if stage not in there
        for position, text in enumerate(texts, start=1)
    )


@transaction.atomic
def add_stage_step(
    *,
    programme: Programme,
    stage: str,
    text: str,
    by: User | None,
    now: datetime,
    position: int = 0,
) -> StageStep:
    """Add a line to the checklist of a stage; raises SupportError for an empty or doubled one."""
    del by, now
    step = StageStep(programme=programme, stage=stage, text=text, position=position)
    return _kept_step(step)


@transaction.atomic
def change_stage_step(
    *, step: StageStep, by: User | None, now: datetime, **facts: Any
) -> StageStep:
    """Change the words, the place in the list, or the day from which a line is no longer asked.

    Raises SupportError for an empty or doubled line.
    """
    del by, now
    unknown = set(facts) - {"text", "position", "stage", "retired_on"}
    if unknown:
        raise TypeError(f"A line has no fact called {', '.join(sorted(unknown))}.")
    locked = StageStep.objects.select_for_update().get(pk=step.pk)
    for name, value in facts.items():
        setattr(locked, name, value)
    return _kept_step(locked)


def _kept_step(step: StageStep) -> StageStep:
    step.text = " ".join(step.text.split())
    if not step.text or len(step.text) > LONGEST_STEP:
        raise SupportError(f"Say what is to be done, in {LONGEST_STEP} characters.", "text")
    Programme.objects.select_for_update().get(pk=step.programme_id)
    same = StageStep.objects.filter(
        programme=step.programme_id, stage=step.stage, text=step.text, retired_on=None
    )
    if step.retired_on is None and same.exclude(pk=step.pk).exists():
        raise SupportError("The checklist has this line already.", "text")
    step.save()
    return step


@transaction.atomic
def tick_step(
    *, partner: Partner, step: StageStep, by: User | None, now: datetime
) -> StageStepDone:
    """Say that a line of a checklist is done for a partner; a second time changes nothing.

    Raises SupportError for a line of another programme, or one no longer asked.
    """
    Partner.objects.select_for_update(of=("self",), no_key=True).get(pk=partner.pk)
    retired = step.retired_on is not None and step.retired_on <= timezone.localdate(now)
    if step.programme_id != partner.programme_id or retired:
        raise SupportError("This line is not on the checklist any more. Look at it again.")
    done, _ = StageStepDone.objects.get_or_create(
        partner=partner, step=step, defaults={"done_at": now, "done_by": by}
    )
    return done


@transaction.atomic
def untick_step(*, partner: Partner, step: StageStep, by: User | None, now: datetime) -> None:
    """Say that a line was not done after all; the audit keeps both."""
    del by, now
    StageStepDone.objects.filter(partner=partner, step=step).delete()
