"""Records of what is in place: asked for, shown, looked at, approved or sent back.

Every record of a partner is written with the partner locked, so that nothing is asked for twice.
"""

from datetime import date, datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import Programme, User
from accounts.services.messages import queue_message
from partners.models import AgreementText, Partner, Requirement, RequirementRecord, StoredFile
from partners.rules import requirements as rules
from partners.rules.requirements import State
from partners.services import files, register, uploads
from partners.services.refusal import check
from partners.services.requirements import RequirementError
from partners.services.told import told_by_constraints
from workflow.transitions import begin, transition

_Status = RequirementRecord.Status
_Kind = Requirement.Kind
# Found already, and no business of a check of what was typed.
_KEYS = {"requirement", "partner", "agreement", "file", "approved_by"}


@transaction.atomic
def ask(
    *, requirement: Requirement, partner: Partner, by: User | None, now: datetime
) -> RequirementRecord:
    """Ask `partner` for it, and tell them where to answer. Asked for already changes nothing.

    Raises RequirementError for a requirement of another programme or one that is retired.
    """
    partner = _locked_partner(partner)
    _check_belongs(requirement, partner)
    record = _under_way(requirement, partner)
    if record is not None:
        return record
    record = RequirementRecord.objects.create(
        requirement=requirement, partner=partner, status=_Status.ASKED, recorded_at=now
    )
    begin(record, by=by, now=now)
    _tell(
        record,
        key=f"requirement-asked:{record.pk}",
        kind="requirement_asked",
        subject="Something to have in place",
        body=[
            f"Please have a look at “{requirement.name}”. The page says what it is and what to do."
        ],
        now=now,
    )
    return record


@transaction.atomic
def accept(*, text: AgreementText, partner: Partner, by: User, now: datetime) -> RequirementRecord:
    """Keep that `partner` read and accepted this version; the record says which.

    Accepted already, it stays as it was. Raises RequirementError for anybody else than the
    partner, and for a version that is not the one asked for.
    """
    partner = _locked_partner(partner)
    requirement = text.requirement
    _check_belongs(requirement, partner)
    if partner.user_id is None or partner.user_id != by.pk:
        raise RequirementError("Only the partner can accept an agreement here.")
    today = timezone.localdate(now)
    asked = rules.text_asked_for(AgreementText.objects.filter(requirement=requirement), today)
    if asked is None or asked.pk != text.pk:
        raise RequirementError("There is a newer version. Read that one, please.")
    records = list(RequirementRecord.objects.filter(requirement=requirement, partner=partner))
    now_stands = rules.standing(partner, requirement, records, today, text=text)
    if now_stands.state == State.IN_PLACE and now_stands.approved is not None:
        return now_stands.approved
    return _approved(
        _under_way(requirement, partner) or _new(requirement, partner, now),
        obtained_on=today,
        expires_on=rules.good_until(requirement, today),
        by=by,
        now=now,
        agreement=text,
    )


@transaction.atomic
def show(
    *,
    requirement: Requirement,
    partner: Partner,
    obtained_on: date,
    by: User | None,
    now: datetime,
    from_elsewhere: str = "",
    uploaded: "UploadedFile[Any] | None" = None,
) -> RequirementRecord:
    """Say that it is in place since a day, with something to show; a coordinator looks at it.

    `from_elsewhere` names the organisation whose record counts here. Raises RequirementError for
    a day to come, a file with a DBS check, and an agreement, which is accepted instead; Refusal
    for a file that is not fit to be kept.
    """
    partner = _locked_partner(partner)
    _check_belongs(requirement, partner)
    if requirement.kind == _Kind.AGREEMENT:
        raise RequirementError("Read the agreement and accept it on its page.")
    _check_past(obtained_on, now)
    if uploaded is not None and requirement.kind == _Kind.DBS:
        raise RequirementError(
            "Do not send a DBS certificate. We keep its level and date only.", "file"
        )
    record = _under_way(requirement, partner)
    had = record.file if record is not None else None
    if requirement.evidence_wanted and not (uploaded or had or from_elsewhere.strip()):
        raise RequirementError(
            "Add something that shows it, or say which organisation has it on record.", "file"
        )
    facts: dict[str, Any] = {
        "obtained_on": obtained_on,
        "expires_on": rules.good_until(requirement, obtained_on),
        "from_elsewhere": " ".join(from_elsewhere.split()),
        "recorded_at": now,
    }
    if uploaded is not None:
        facts["file"] = _stored(uploaded, partner.programme, now)
    if record is None:
        record = RequirementRecord(
            requirement=requirement, partner=partner, status=_Status.SHOWN, **facts
        )
        check(record, RequirementError, exclude=_KEYS)
        record.save(force_insert=True)
        begin(record, by=by, now=now)
        return record
    for name, value in facts.items():
        setattr(record, name, value)
    check(record, RequirementError, exclude=_KEYS)
    if record.status == _Status.SHOWN:
        record.save(update_fields=list(facts))
    else:
        transition(record, _Status.SHOWN, by=by, now=now, **facts)
    if uploaded is not None and had is not None:
        files.remove(had)
    return record


@transaction.atomic
def approve(
    *,
    record: RequirementRecord,
    obtained_on: date,
    expires_on: date | None,
    by: User,
    now: datetime,
) -> RequirementRecord:
    """Approve what was shown or asked for, from a day until a day (None: without end).

    The last day of a DBS check is written to the register too. Raises RequirementError for one's
    own, for a day to come, and for an end before the beginning; IllegalMoveError when it was
    approved already.
    """
    record.partner = _locked_partner(record.partner)
    _check_not_own(record, by)
    _check_past(obtained_on, now)
    return _approved(record, obtained_on=obtained_on, expires_on=expires_on, by=by, now=now)


@transaction.atomic
def put_in_place(
    *,
    requirement: Requirement,
    partner: Partner,
    obtained_on: date,
    expires_on: date | None,
    by: User,
    now: datetime,
    from_elsewhere: str = "",
) -> RequirementRecord:
    """Record what a coordinator knows to be in place: an induction held, a certificate seen.

    Raises RequirementError as `approve` does, and for an agreement that the partner can accept.
    """
    partner = _locked_partner(partner)
    _check_belongs(requirement, partner)
    record = _under_way(requirement, partner) or _new(requirement, partner, now)
    _check_not_own(record, by)
    _check_past(obtained_on, now)
    more: dict[str, Any] = {"from_elsewhere": " ".join(from_elsewhere.split())}
    if requirement.kind == _Kind.AGREEMENT:
        if partner.user_id is not None:
            raise RequirementError(
                f"{partner.name} signs in, and accepts it there. Ask for it instead."
            )
        texts = AgreementText.objects.filter(requirement=requirement)
        more["agreement"] = rules.text_asked_for(texts, timezone.localdate(now))
    return _approved(record, obtained_on=obtained_on, expires_on=expires_on, by=by, now=now, **more)


@transaction.atomic
def meet(
    *,
    requirement: Requirement,
    partner: Partner,
    obtained_on: date,
    expires_on: date | None,
    now: datetime,
) -> RequirementRecord:
    """Record what the portal found out itself: nobody approves it, so nobody approves their own.

    What is in place for as long or longer stays as it is. Raises RequirementError for a check and
    an agreement, which the portal cannot find out, and as `approve` does.
    """
    partner = _locked_partner(partner)
    _check_belongs(requirement, partner)
    if requirement.kind in {_Kind.DBS, _Kind.AGREEMENT}:
        raise RequirementError("Only a person can say that this is in place.", "requirement")
    _check_past(obtained_on, now)
    records = list(RequirementRecord.objects.filter(requirement=requirement, partner=partner))
    stands = rules.standing(partner, requirement, records, timezone.localdate(now))
    if stands.is_met and stands.approved is not None:
        until = stands.until
        if until is None or (expires_on is not None and expires_on <= until):
            return stands.approved
    return _approved(
        _under_way(requirement, partner) or _new(requirement, partner, now),
        obtained_on=obtained_on,
        expires_on=expires_on,
        by=None,
        now=now,
    )


@transaction.atomic
def send_back(*, record: RequirementRecord, why: str, by: User, now: datetime) -> RequirementRecord:
    """Give back what was shown, with what is missing; the partner is told to look.

    Raises RequirementError without a reason and for one's own; IllegalMoveError when it does not
    wait to be looked at.
    """
    why = " ".join(why.split())
    if not why:
        raise RequirementError("Say what is missing.", "why")
    record.partner = _locked_partner(record.partner)
    _check_not_own(record, by)
    transition(record, _Status.RETURNED, by=by, now=now, why=why[:500])
    _tell(
        record,
        key=f"requirement-returned:{record.pk}:{record.history.count()}",
        kind="requirement_returned",
        subject="Something is missing still",
        body=["Something you sent us needs another look. The page says what is missing."],
        now=now,
    )
    return record


def _locked_partner(partner: Partner) -> Partner:
    locked: Partner = (
        Partner.objects.select_for_update(of=("self",), no_key=True)
        .select_related("programme")
        .get(pk=partner.pk)
    )
    return locked


def _under_way(requirement: Requirement, partner: Partner) -> RequirementRecord | None:
    """What is asked for, shown or returned; the partner is locked."""
    found: RequirementRecord | None = (
        RequirementRecord.objects.filter(requirement=requirement, partner=partner)
        .exclude(status=_Status.APPROVED)
        .select_related("file")
        .first()
    )
    return found


def _new(requirement: Requirement, partner: Partner, now: datetime) -> RequirementRecord:
    """One that goes straight to approved: its history begins there."""
    return RequirementRecord(
        requirement=requirement, partner=partner, status=_Status.ASKED, recorded_at=now
    )


def _approved(
    record: RequirementRecord,
    *,
    obtained_on: date,
    expires_on: date | None,
    by: User | None,
    now: datetime,
    **more: Any,
) -> RequirementRecord:
    stamps: dict[str, Any] = {
        "obtained_on": obtained_on,
        "expires_on": expires_on,
        "approved_at": now,
        "approved_by": by,
        **more,
    }
    for name, value in stamps.items():
        setattr(record, name, value)
    check(record, RequirementError, exclude=_KEYS)
    with told_by_constraints(
        RequirementRecord, RequirementError, record_expires_after_date="expires_on"
    ):
        if record.pk is None:
            record.status = _Status.APPROVED
            record.save(force_insert=True)
            begin(record, by=by, now=now)
        else:
            transition(record, _Status.APPROVED, by=by, now=now, **stamps)
    if record.requirement.kind == _Kind.DBS:
        register.change_partner(partner=record.partner, by=by, now=now, dbs_expires_on=expires_on)
    return record


def _check_belongs(requirement: Requirement, partner: Partner) -> None:
    if requirement.programme_id != partner.programme_id:
        raise RequirementError("Choose something of the partner's own programme.", "requirement")
    if requirement.retired_on is not None:
        raise RequirementError("This is not asked for any more.", "requirement")


def _check_past(day: date, now: datetime) -> None:
    if day > timezone.localdate(now):
        raise RequirementError("The day must be today or in the past.", "obtained_on")


def _check_not_own(record: RequirementRecord, by: User) -> None:
    if record.partner.user_id is not None and record.partner.user_id == by.pk:
        raise RequirementError("Nobody approves their own. Ask another coordinator to do it.")


def _stored(uploaded: "UploadedFile[Any]", programme: Programme, now: datetime) -> StoredFile:
    checked = uploads.checked(uploaded)
    return files.store(
        programme=programme,
        name=checked.name,
        media_type=checked.media_type,
        content=[checked.content],
        now=now,
    )


def _tell(
    record: RequirementRecord, *, key: str, kind: str, subject: str, body: list[str], now: datetime
) -> None:
    partner = record.partner
    queue_message(
        key=key,
        kind=kind,
        programme=partner.programme,
        recipient=partner.user,
        to_name=partner.name,
        to_address=partner.email,
        subject=subject,
        body="\n\n".join([f"Hello {partner.called},", *body]),
        link=reverse("partners:requirement", args=[record.requirement_id]),
        link_label="See what to do",
        now=now,
    )
