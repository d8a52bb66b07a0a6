"""The story bank: told by a partner, used as far as they allow, withdrawn when they say so.

Everything locks the story first: of somebody who takes a story back and somebody who uses it in
the same moment, the second finds what the first did.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from accounts.models import User
from accounts.services.messages import queue_message
from partners.models import Partner, Story, StoryConsent, StoryUse, StoryWithdrawal
from partners.models.stories import StoryPurpose
from partners.rules import stories as rules
from partners.services.refusal import Refusal

LONGEST_STORY = 60_000
LONGEST_TOLD = 300
CHANGEABLE = frozenset({"title", "text", "credit", "take_care"})


class StoryError(Refusal):
    """The story bank refuses."""


def too_long(text: str) -> str:
    """The sentence that says how to shorten `text`; empty where it is short enough."""
    over = len(text) - LONGEST_STORY
    if over <= 0:
        return ""
    return (
        f"Your story has {len(text):,} characters, and we can keep {LONGEST_STORY:,}. "
        f"Take out {over:,}, or tell the rest as a second story."
    )


@transaction.atomic
def write_story(
    *,
    partner: Partner,
    title: str,
    text: str,
    by: User,
    now: datetime,
    credit: str = "",
    take_care: str = "",
) -> Story:
    """Keep a new story. Nobody but the partner sees it until `agree` says where it may be used.

    Raises StoryError for an empty or overlong title or text, and for somebody else's partner row.
    """
    story = Story(partner=partner, added_at=now, changed_at=now)
    _only_teller(by, story)
    _fill(story, {"title": title, "text": text, "credit": credit, "take_care": take_care})
    story.save()
    return story


@transaction.atomic
def change_story(
    *, story: Story, by: User, now: datetime, seen: datetime | None = None, **fields: str
) -> bool:
    """Put some of `CHANGEABLE` into other words; returns whether anything changed.

    `seen` is the `changed_at` of the story as its writer has it open: another window may have
    written meanwhile. Raises StoryError then, and for what `write_story` refuses.
    """
    unknown = set(fields) - CHANGEABLE
    if unknown:
        raise TypeError(f"A story has no field called {', '.join(sorted(unknown))}.")
    locked = _locked(story)
    _only_teller(by, locked)
    before = {name: getattr(locked, name) for name in fields}
    _fill(locked, fields)
    if all(getattr(locked, name) == value for name, value in before.items()):
        return False
    if seen is not None and seen != locked.changed_at:
        raise StoryError(
            "You changed this story in another window. Copy what you typed here, open the story "
            "again, and put it in.",
            "text",
        )
    locked.changed_at = now
    locked.save(update_fields=[*fields, "changed_at"])
    for name in (*fields, "changed_at"):
        setattr(story, name, getattr(locked, name))
    return True


@transaction.atomic
def agree(*, story: Story, uses: Mapping[str, date | None], by: User, now: datetime) -> bool:
    """Say where a story may be used from now on, each until a day (that day included) or for good.

    What is not among `uses` is taken back at once. Returns whether anything changed. Raises
    StoryError for a day that is over, and for a story that was withdrawn.
    """
    locked = _locked(story)
    _only_teller(by, locked)
    if locked.withdrawn_at is not None:
        raise StoryError("You withdrew this story. Bring it back first.")
    today = timezone.localdate(now)
    for use, until in uses.items():
        if use not in StoryPurpose.values:
            raise StoryError("Choose from the list where it may be used.", "uses")
        if until is not None and until < today:
            raise StoryError("The last day must be today or later.", f"until_{use}")
    changed = False
    kept = {consent.use: consent for consent in _given(locked)}
    for use, consent in kept.items():
        if use not in uses or consent.until != uses[use]:
            _take_back(consent, now)
            changed = True
    for use, until in uses.items():
        if use not in kept or kept[use].until != until:
            StoryConsent.objects.create(story=locked, use=use, given_at=now, until=until)
            changed = True
    return changed


@transaction.atomic
def stop_use(*, consent: StoryConsent, by: User, now: datetime) -> StoryConsent:
    """Take one consent back, for good. Raises StoryError for anybody but the partner."""
    locked = _locked(consent.story)
    _only_teller(by, locked)
    consent.refresh_from_db(fields=["withdrawn_at"])
    if consent.withdrawn_at is None:
        _take_back(consent, now)
    return consent


@transaction.atomic
def withdraw(*, story: Story, by: User, now: datetime, told: str = "") -> Story:
    """Take a story out of every use at once; it stays its partner's, seen by nobody else.

    told: how its owner said so (who rang or wrote, and when), where a coordinator does it at their
    wish: an owner may have no sign-in, or none any more. The owner is told that it is done.

    Raises StoryError for anybody else, and for a coordinator who does not say how they know.
    """
    locked = _locked(story)
    how = ""
    if not rules.is_teller(by, locked):
        if not rules.may_withdraw_for(by, locked):
            _only_teller(by, locked)
        how = _how_told(told)
    for consent in _given(locked):
        _take_back(consent, now)
    if locked.withdrawn_at is None:
        locked.withdrawn_at = now
        locked.save(update_fields=["withdrawn_at"])
        row = StoryWithdrawal.objects.create(
            partner=locked.partner, story=locked, at=now, by=by, told=how
        )
        if how:
            _tell_of_withdrawal(row, now)
    story.withdrawn_at = locked.withdrawn_at
    return story


@transaction.atomic
def bring_back(*, story: Story, by: User, now: datetime) -> Story:
    """Undo `withdraw`. The consents stay taken back: each is given anew or not."""
    del now  # the audit says when
    locked = _locked(story)
    _only_teller(by, locked)
    locked.withdrawn_at = story.withdrawn_at = None
    locked.save(update_fields=["withdrawn_at"])
    return story


@transaction.atomic
def log_use(
    *, story: Story, use: str, where: str, used_on: date, by: User, now: datetime
) -> StoryUse:
    """Write down that a story was used, and tell its owner (in a message without its words).

    Raises StoryError for a use that the owner had not agreed to on that day or has taken back
    since, for a day to come, and for anybody but a coordinator of the programme.
    """
    locked = _locked(story)
    if not rules.may_log_use(by, locked):
        raise StoryError("Only coordinators of the programme may use a story from the bank.")
    if used_on > timezone.localdate(now):
        raise StoryError("That day is still to come. Write it down when it is done.", "used_on")
    if not StoryConsent.objects.covering(used_on).filter(story=locked, use=use).exists():
        raise StoryError(
            "Its owner has not agreed to this use on that day. Do not use it, and ask them first.",
            "use",
        )
    where = " ".join(where.split())
    row = StoryUse(story=locked, use=use, where=where, used_on=used_on, logged_at=now, logged_by=by)
    if not where:
        raise StoryError("Say where it was used.", "where")
    try:
        row.clean_fields(exclude={"story", "logged_by"})
    except ValidationError as error:
        field, sentences = next(iter(error.message_dict.items()))
        raise StoryError(sentences[0], field) from error
    row.save()
    _tell(row, now)
    return row


@transaction.atomic
def copy_out(*, story: Story, use: str, where: str, by: User, now: datetime) -> str:
    """The text of a story to be used today, with what goes with it; logs the use in one step.

    Raises StoryError as `log_use` does: then there is no text.
    """
    row = log_use(
        story=story, use=use, where=where, used_on=timezone.localdate(now), by=by, now=now
    )
    kept = row.story
    consent = StoryConsent.objects.covering(row.used_on).get(story=kept, use=use)
    until = f"until {_day(consent.until)}" if consent.until else "until its owner says otherwise"
    limits = (
        f"Copied on {_day(row.used_on)} for: {row.get_use_display()} ({row.where}), {until}. "
        "Use it for nothing else; look in the story bank before you use it again."
    )
    told = [
        kept.title,
        f"Told by {kept.credit}" if kept.credit else "Told without a name: add none.",
        f"What a reader should know first: {kept.take_care}" if kept.take_care else "",
        limits,
        kept.text,
    ]
    return "\n\n".join(part for part in told if part) + "\n"


def _locked(story: Story) -> Story:
    row: Story = (
        Story.objects.select_for_update(of=("self",))
        .select_related("partner__programme")
        .get(pk=story.pk)
    )
    return row


def _given(story: Story) -> list[StoryConsent]:
    """Consents that were not taken back; some may have run out."""
    return list(StoryConsent.objects.filter(story=story, withdrawn_at__isnull=True))


def _take_back(consent: StoryConsent, now: datetime) -> None:
    consent.withdrawn_at = now
    consent.save(update_fields=["withdrawn_at"])


def _only_teller(by: User, story: Story) -> None:
    if not rules.is_teller(by, story):
        raise StoryError("Only the person whose story this is can do that.")


def _how_told(told: str) -> str:
    words = " ".join(told.split())
    if not words:
        raise StoryError("Say who told you, how and when.", "told")
    if len(words) > LONGEST_TOLD:
        raise StoryError(
            f"Shorten this to {LONGEST_TOLD} characters; it has {len(words):,}.", "told"
        )
    return words


def _fill(story: Story, fields: Mapping[str, Any]) -> None:
    for name, value in fields.items():
        tidy = "\n".join(value.strip().splitlines()) if name == "text" else " ".join(value.split())
        setattr(story, name, tidy)
    for name, sentence in (("title", "Give your story a title."), ("text", "Write your story.")):
        if not getattr(story, name):
            raise StoryError(sentence, name)
    if sentence := too_long(story.text):
        raise StoryError(sentence, "text")
    try:
        story.clean_fields(exclude={"partner"})
    except ValidationError as error:
        field, sentences = next(iter(error.message_dict.items()))
        raise StoryError(sentences[0], field) from error


def _tell(row: StoryUse, now: datetime) -> None:
    partner = row.story.partner
    queue_message(
        key=f"story-use-{row.pk}",
        kind="story_used",
        programme=partner.programme,
        recipient=partner.user,
        to_name=partner.name,
        to_address=partner.email,
        subject="Your story was used",
        body=(
            f"A story that you lent us was used on {_day(row.used_on)}, as you allowed. Thank you: "
            "your words do what ours cannot.\n\n"
            "Sign in to see where it was used. There you can also take it back, "
            "for one use or for all."
        ),
        now=now,
        link=reverse("partners:story", args=[row.story_id]),
        link_label="See where it was used",
    )


def _tell_of_withdrawal(row: StoryWithdrawal, now: datetime) -> None:
    partner = row.partner
    has_page = partner.user is not None and row.story_id is not None
    queue_message(
        key=f"story-withdrawn-{row.pk}",
        kind="story_withdrawn",
        programme=partner.programme,
        recipient=partner.user,
        to_name=partner.name,
        to_address=partner.email,
        subject="Your story is taken back",
        body=(
            f"Hello {partner.called},\n\n"
            "A story of yours is taken back, as you asked us to. No page of the portal shows it to "
            "anybody but you. If you did not ask for this, tell your coordinator."
        ),
        now=now,
        link=reverse("partners:story", args=[row.story_id]) if has_page else "",
        link_label="Look at your story" if has_page else "",
    )


def _day(day: date) -> str:
    return date_format(day, "j F Y")
