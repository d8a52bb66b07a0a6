"""What a partner tells of a piece of work, who may read it, and what shows that it is so.

The facts stand in the ledger; here is the story beside them. Lock order: contribution, entry.
"""

from datetime import datetime
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction

from accounts.models import User
from partners.models import Contribution, Evidence, PortfolioEntry
from partners.models.expertise import Visibility
from partners.rules.portfolio import is_own
from partners.services import files, ledger
from partners.services.refusal import Refusal
from partners.services.uploads import Checked

EVIDENCE_PER_ENTRY = 20
_NOT_YOURS = "Only the partner whose work this is can write about it here."
_LONGEST = {
    "role": (150, "150"),
    "brought": (4000, "4,000"),
    "changed": (4000, "4,000"),
}
_is_web = URLValidator(schemes=["http", "https"])


@transaction.atomic
def tell(
    *,
    contribution: Contribution,
    role: str,
    brought: str,
    changed: str,
    reflection: str,
    by: User,
    now: datetime,
    seen: datetime | None = None,
    anyway: bool = True,
) -> PortfolioEntry:
    """Keep a partner's own words about a piece of work; who may read them stays as it is.

    Words saved without being asked for (`anyway` false) give way to what was changed after
    `seen`, the entry as the page knew it. Raises Refusal then, for a text that is too long, and
    for anybody but the partner.
    """
    entry = _locked_entry(contribution, by, now)
    if not anyway and (entry.changed_at if entry.pk else None) != seen:
        raise Refusal("This was changed in another window. Press Save to keep what is here.")
    words = {"role": " ".join(role.split()), "brought": brought, "changed": changed}
    for field, text in words.items():
        setattr(entry, field, _tidy(text, field))
    entry.changed_at = now
    entry.save()
    ledger.reflect(contribution=contribution, text=reflection, by=by, now=now)
    return entry


@transaction.atomic
def share(
    *, contribution: Contribution, visibility: str, by: User, now: datetime
) -> PortfolioEntry:
    """Say who may read the story, the reflection and the evidence of a piece of work.

    Raises Refusal for anybody but the partner, and for a choice that is none.
    """
    if visibility not in Visibility.values:
        raise Refusal("Choose who may see it.", "visibility")
    entry = _locked_entry(contribution, by, now)
    entry.visibility, entry.changed_at = visibility, now
    entry.save()
    return entry


@transaction.atomic
def add_link(
    *, contribution: Contribution, title: str, link: str, by: User, now: datetime
) -> Evidence:
    """Put a page of the web beside a piece of work.

    Raises Refusal for an address that is no page of the web: a link that runs something would run
    it for everybody who presses it.
    """
    return _add(contribution, title, by, now, link=_web_address(link))


@transaction.atomic
def add_file(
    *, contribution: Contribution, title: str, checked: Checked, by: User, now: datetime
) -> Evidence:
    """Put a file, as `uploads.checked` gave it, beside a piece of work; Refusal as above."""
    file = files.store(
        programme=contribution.programme,
        name=checked.name,
        media_type=checked.media_type,
        content=[checked.content],
        now=now,
    )
    return _add(contribution, title or checked.name, by, now, file=file)


@transaction.atomic
def remove_evidence(*, evidence: Evidence, by: User, now: datetime) -> None:
    """Take a link or a file away for good. Raises Refusal for anybody but the partner."""
    entry = _locked_entry(evidence.entry.contribution, by, now)
    found = entry.evidence.select_related("file").filter(pk=evidence.pk).first()
    if found is None:  # somebody pressed twice
        return
    file = found.file
    found.delete()
    if file:
        files.remove(file)


def _locked_entry(contribution: Contribution, by: User, now: datetime) -> PortfolioEntry:
    """The entry to be written, new where there is none yet."""
    locked = (
        Contribution.objects.select_for_update(of=("self",))
        .select_related("partner")
        .get(pk=contribution.pk)
    )
    if not is_own(by, locked):
        raise Refusal(_NOT_YOURS)
    found = PortfolioEntry.objects.filter(contribution=locked).first()
    return found or PortfolioEntry(contribution=locked, changed_at=now)


def _add(
    contribution: Contribution, title: str, by: User, now: datetime, **what: object
) -> Evidence:
    entry = _locked_entry(contribution, by, now)
    if not entry.pk:
        entry.save()
    title = " ".join(title.split())
    if not title:
        raise Refusal("Say in a few words what it is.", "title")
    if len(title) > 150:
        raise Refusal("Shorten this to 150 characters.", "title")
    if entry.evidence.count() >= EVIDENCE_PER_ENTRY:
        raise Refusal(f"There are {EVIDENCE_PER_ENTRY} already. Take one away first.")
    return Evidence.objects.create(entry=entry, title=title, added_at=now, **what)


def _web_address(link: str) -> str:
    link = link.strip()
    sentence = "Give an address that begins with https:// or http://."
    try:
        parts = urlsplit(link)
    except ValueError:
        raise Refusal(sentence, "link") from None
    if parts.scheme.lower() not in {"http", "https"} or not parts.netloc:
        raise Refusal(sentence, "link")
    if "@" in parts.netloc:
        raise Refusal("Leave out the name and password before the @ of this address.", "link")
    # The database asks for small letters, as everybody else writes them.
    link = f"{parts.scheme.lower()}{link[len(parts.scheme) :]}"
    if len(link) > 500:
        raise Refusal("This address is longer than 500 characters. Give a shorter one.", "link")
    try:
        _is_web(link)
    except ValidationError:
        raise Refusal(
            "This is not an address of the web. Copy it from the browser’s address bar.", "link"
        ) from None
    return link


def _tidy(text: str, field: str) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    most, said = _LONGEST[field]
    if len(text) > most:
        raise Refusal(f"Shorten this to {said} characters.", field)
    if "\0" in text:
        raise Refusal("Something here cannot be kept. Type it again.", field)
    return text
