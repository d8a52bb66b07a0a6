"""What is confidential, marked in the small world, and the table of who may meet it.

Every protected text of one partner, at each visibility there is, gets a mark of its own.
"""

from dataclasses import dataclass, field
from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models

from accounts.audit import append_only_models, forgetting
from accounts.models import Programme, Role, UnsentForm
from accounts.privacy import Sensitivity
from accounts.tests.factories import person
from assignments.models import Registration
from observations.models import Comment, Observation, Reflection, ReflectionHistory
from partners.models import (
    Concern,
    Contribution,
    Evidence,
    FilePiece,
    Partner,
    PortfolioEntry,
    RegisterImport,
    Story,
    StoryConsent,
    ThankYou,
)
from partners.models.expertise import Visibility
from partners.services import expertise, held, ledger, portfolio, stories
from partners.services.uploads import checked
from payments.services import runs
from tests.architecture.marked import MARK, WITH_TEXT, is_text, mark_of, plain, told
from tests.architecture.world import World

# Who looks, and as which column of the tables of pages.
LOOKING = {
    "owner": "partner",
    "another partner": "partner",
    "author": "coordinator",
    "coordinator": "coordinator",
    "coordinator elsewhere": "coordinator",
    "lead": "staff",
    "staff": "staff",
    "clinician": "clinician",
    # Who observed a clinic with Una, beside her.
    "peer": "peer observer",
    # The clinical lead, who leads Una's group.
    "organiser": "clinical lead",
    "finance": "finance",
    "superuser": "superuser",
    "no role": "no role",
    "anonymous": "anonymous",
}
# Words of the table below that stand for several.
COORDINATORS = {"author", "coordinator"}
STAFF = {"staff", "lead", "clinician", "organiser", "peer"}
GROUPS = {
    "coordinators": COORDINATORS,
    "staff": STAFF,
    # Whoever works with instruments: staff with a need do not.
    "observing": COORDINATORS | {"another partner", "owner", "clinician", "organiser", "peer"},
    "taking_part": COORDINATORS | STAFF | {"another partner", "owner"},
    "everybody": set(LOOKING),
}

# Who may meet the text of a field, at each visibility.
MAY_SEE = {
    # Contact
    "Partner.email": "owner coordinators",
    "Partner.phone": "owner coordinators",
    "Partner.phone_hours": "owner coordinators",
    "Partner.address": "owner coordinators",
    "EmergencyContact.phone": "owner coordinators",
    "User.email": "owner coordinators superuser",
    "Message.to_address": "coordinators",
    "ThankYou.email": "owner",
    # Needs
    "Partner.access_needs": "owner coordinators",
    "Partner.availability": "owner coordinators",
    "Need.text": "owner coordinators",
    "Need.to_do": "owner coordinators organiser",
    # Own words
    **{
        f"{model}.{name} ({seen})": who
        for model, names in {
            "Expertise": "text",
            "Passion": "text",
            "Priority": "text",
            "PortfolioEntry": "role brought changed",
            "Contribution": "reflection",
            "Evidence": "title link",
            "ThankYou": "words",
            "FilePiece of Evidence": "content",
        }.items()
        for name in names.split()
        for seen, who in {
            "only_me": "owner",
            "coordinators": "owner coordinators",
            "staff": "owner coordinators staff",
        }.items()
    },
    "ThankYou.words (kept)": "owner",
    "LearningPlace.reflection": "owner",
    **{
        f"Story.{name} ({lent})": who
        for name in ("title", "text", "take_care")
        for lent, who in {
            "withdrawn": "owner",
            "ended": "owner",
            "told nobody": "owner",
            "lent": "owner coordinators",
            "lent to staff": "owner coordinators staff",
        }.items()
    },
    "StoryWithdrawal.told": "owner coordinators",
    # Support
    "CheckIn.shared": "owner coordinators",
    "CheckIn.private": "author",
    "Concern.text": "owner lead",
    "Concern.outcome": "owner lead",
    "Correction.about": "owner coordinators",
    "Correction.text": "owner coordinators",
    "Correction.answer": "owner coordinators",
    # What is worked out together
    "Proposal.text": "taking_part",
    "Advice.text": "taking_part",
    "Advice.reason": "taking_part",
    # Money
    "Claim.query": "owner coordinators finance",
    "Expense.description": "owner coordinators finance",
    "ClaimLine.description": "owner coordinators finance",
    "ClaimHistory.why": "owner coordinators finance",
    # Why something was moved on
    "PartnerHistory.why": "owner coordinators",
    "ContributionHistory.why": "owner coordinators",
    "AssignmentHistory.why": "owner coordinators",
    "LearningPlaceHistory.why": "owner coordinators",
    "RequestHistory.why": "owner coordinators",
    "OfferHistory.why": "owner coordinators",
    # Places and meetings
    "Assignment.handover": "owner coordinators",
    "Assignment.thanks": "owner coordinators",
    "Request.why": "owner coordinators",
    "Request.answer": "owner coordinators",
    "Interest.line": "owner coordinators",
    "NeedsAnswer.note": "owner coordinators",
    "NeedsAnswer.done": "owner coordinators",
    "Registration.email": "coordinators",
    "Registration.access_needs": "coordinators",
    # Observed clinics
    "Observation.worked (begun)": "owner",
    "Observation.to_try (begun)": "owner",
    "Observation.worked (alone)": "owner",
    "Observation.to_try (alone)": "owner",
    "Observation.worked (both)": "owner peer",
    "Observation.to_try (both)": "owner peer",
    "ObservationHistory.why": "owner",
    "Comment.text (waiting)": "owner coordinators",
    "Comment.text (cleared)": "owner coordinators clinician",
    "Consensus.note": "owner peer",
    "Debrief.note": "owner",
    "Reflection.words (private)": "clinician",
    "Reflection.words (released)": "clinician organiser",
    "ReflectionHistory.why": "clinician",
    "ItemComment.text": "observing",
    "ItemComment.answer": "observing",
    "RequirementRecordHistory.why": "owner coordinators",
    "CorrectionHistory.why": "owner coordinators",
    "ConcernHistory.why": "owner lead",
    # Files
    "FilePiece of RequirementRecord.content": "owner coordinators",
    "FilePiece of DataCopy.content": "owner",
    "FilePiece of PortfolioPdf.content": "owner",
    "RegisterImport.rows": "coordinators",
    # Secrets, for nobody
    "Message.link": "",
    "ThankYou.token_hash": "",
    "Invitation.token_hash": "",
    "Registration.token_hash": "",
    "CalendarFeed.nonce": "",
    "Session.session_key": "",
    "UnsentForm.fields": "owner",
}
PROTECTED = {
    Sensitivity.CONTACT,
    Sensitivity.HEALTH,
    Sensitivity.CONDUCT,
    Sensitivity.SECRET,
}
# Protected texts without a mark, and why.
UNMARKED = {
    "User.password": "a hash that no page reads",
    "Session.session_data": "the sessions in which the test looks",
    "Programme.contact_phone": "whom to ring: to be read by all",
    "Programme.contact_email": "whom to write to: to be read by all",
    "WorkGroup.contact_phone": "whom to ring: to be read by all of the programme",
    "RegisterImport.outcome": "counts and names; the rows are marked",
    # Of the programme's own business, not one partner's words.
    "Impact.raised": "read by staff and the partners whose work it came from",
    "Impact.answer": "read by staff and the partners whose work it came from",
    "MeetingHistory.why": "told to everybody of the meeting",
    "RoundHistory.why": "told to everybody who takes part",
    "ClinicSessionHistory.why": "told to everybody of the clinic",
    "InstrumentVersionHistory.why": "the coordinators' own",
    "OpportunityHistory.why": "the answer that whoever asked for partners reads",
    "ImpactHistory.why": "told with the impact",
    "LearningSessionHistory.why": "told to everybody of the session",
    "RegisterImportHistory.why": "the coordinators' own",
    "PaymentRunHistory.why": "finance's own",
    "PaymentReportHistory.why": "finance's own",
}


def allowed(key: str) -> set[str]:
    """Whom the table lets see what stands under `key`."""
    return {who for word in MAY_SEE[key].split() for who in GROUPS.get(word, {word})}


# --- Marks ---------------------------------------------------------------------------------------


@dataclass
class Book:
    """Which text is whose secret: by mark, what it stands for."""

    keys: dict[str, str] = field(default_factory=dict)

    def new(self, key: str) -> str:
        mark = mark_of(len(self.keys))
        self.keys[mark] = key
        return mark

    def forbidden(self, who: str) -> dict[str, str]:
        return {mark: key for mark, key in self.keys.items() if who not in allowed(key)}

    def in_text(self, text: str) -> set[str]:
        secrets = {mark for mark in self.keys if not MARK.fullmatch(mark) and mark in text}
        return set(MARK.findall(text)) & self.keys.keys() | secrets


def mark_world(world: World) -> Book:
    book, una = Book(), Partner.objects.get(pk=world.rows["partner", "own"]["pk"])
    here = una.programme
    there = Programme.objects.get(pk=world.rows["programme", "elsewhere"]["pk"])
    world.people["owner"] = una.user
    world.people["another partner"] = Partner.objects.get(
        pk=world.rows["partner", "team"]["pk"]
    ).user
    world.people["author"] = world.people["coordinator"]
    world.people["organiser"] = world.people["clinical lead"]
    world.people["peer"] = world.people["peer observer"]
    world.people["coordinator"] = person(Role.COORDINATOR, here, name="Another coordinator")
    world.people["coordinator elsewhere"] = person(Role.COORDINATOR, there, name="From elsewhere")
    world.people["lead"] = person(Role.STAFF, here, name="A lead")
    for who in ("owner", "another partner", "author", "coordinator", "coordinator elsewhere"):
        world.sign_in(who)
    world.sign_in("lead")
    world.sign_in("organiser")
    world.sign_in("peer")
    here.concern_lead = world.people["lead"]
    here.save()
    Concern.objects.filter(raised_by=una.user).update(lead=world.people["lead"])
    _tell(world, una)
    rows = held.rows_of(una.user)
    with forgetting(*append_only_models()):
        for model, mine in rows.items():
            if model not in held.shared_with_partner():
                for row in mine:
                    _mark(book, model, row)
    event = world.rows["eventpage", "programme"]["pk"]
    for registered in Registration.objects.filter(page=event):  # strangers: nobody's rows
        _mark(book, Registration, registered)
    clinician = world.people["clinician"]
    for reflection in Reflection.objects.filter(clinician=clinician):  # another person's
        _mark(book, Reflection, reflection)
        with forgetting(ReflectionHistory):
            for step in reflection.history.all():
                _mark(book, ReflectionHistory, step)
    imported = RegisterImport.objects.get(pk=world.rows["register import", "programme"]["pk"])
    mark = book.new("RegisterImport.rows")
    RegisterImport.objects.filter(pk=imported.pk).update(rows=[[mark, "ann@example.org"]])
    month = timedelta(days=40)
    report = runs.request_report(
        programme=here,
        month=(world.now - month).date().replace(day=1),
        by=world.people["author"],
        now=world.now,
    )
    runs.build_report(report=report, now=world.now)
    return book


def _tell(world: World, una: Partner) -> None:
    """What the small world has at one visibility, at each."""
    by, now = una.user, world.now
    assert by is not None
    for seen in Visibility.values:
        for add, more in (
            (expertise.add_expertise, {"kind": "jewel"}),
            (expertise.add_passion, {}),
            (expertise.add_priority, {}),
        ):
            add(partner=una, text=f"Words for {seen}", visibility=seen, by=by, now=now, **more)
        work = ledger.record(
            partner=una,
            kind="talk",
            happened_on=now.date() - timedelta(days=7),
            minutes=30,
            title="A talk",
            by=by,
            now=now,
        )
        said = {"role": "Speaker", "brought": "Words", "changed": "Much", "reflection": "Good"}
        portfolio.tell(contribution=work, by=by, now=now, **said)
        portfolio.add_link(
            contribution=work, title="Talk", link="https://example.org/talk", by=by, now=now
        )
        portfolio.add_file(
            contribution=work,
            title="Leaflet",
            checked=checked(SimpleUploadedFile("leaflet.pdf", b"%PDF-1.7\n%%EOF\n")),
            by=by,
            now=now,
        )
        portfolio.share(contribution=work, visibility=seen, by=by, now=now)
        for shown in (now, None):
            ThankYou.objects.create(
                contribution=work,
                name="Dr Ray",
                email="ray@example.org",
                token_hash=f"{seen}{shown}",
                asked_at=now,
                expires_at=now + timedelta(days=9),
                words="Thank you",
                given_at=now,
                shown_at=shown,
            )
    UnsentForm.objects.create(
        user=by, path="/concerns/raise/", fields={"text": ["words"]}, kept_at=now
    )
    for use, ends in (
        ("staff", "withdrawn"),
        ("staff", "ended"),
        ("", "told nobody"),
        ("board", ""),
        ("staff", ""),
    ):
        row = stories.write_story(
            partner=una, title="A story", text="Once", take_care="Pain", by=by, now=now
        )
        if use:
            stories.agree(story=row, uses={use: None}, by=by, now=now)
        if ends == "withdrawn":
            stories.withdraw(story=row, by=by, now=now)
        elif ends == "ended":
            StoryConsent.objects.filter(story=row).update(until=now.date() - timedelta(days=1))


def _variant(row: models.Model) -> str:
    """Under which visibility a row stands, where there are several."""
    if isinstance(row, Evidence):
        return str(row.entry.visibility)
    if isinstance(row, Contribution):
        entry = PortfolioEntry.objects.filter(contribution=row).first()
        return str(entry.visibility) if entry else str(Visibility.ONLY_ME)
    if isinstance(row, ThankYou):
        return _variant(row.contribution) if row.shown_at else "kept"
    if isinstance(row, Observation):
        return _blind(row)
    if isinstance(row, Comment | Reflection):
        return str(row.status)
    if isinstance(row, Story):
        standing = row.consents.standing(row.added_at.date()).values_list("use", flat=True)
        if row.withdrawn_at:
            return "withdrawn"
        if standing:
            return "lent to staff" if "staff" in standing else "lent"
        return "ended" if row.consents.exists() else "told nobody"
    return str(getattr(row, "visibility", ""))


def _blind(row: Observation) -> str:
    """Whether a sheet is begun, submitted alone, or both are."""
    if row.status == Observation.Status.DRAFT:
        return "begun"
    others = Observation.objects.filter(consultation=row.consultation).exclude(pk=row.pk)
    return "both" if others.submitted().exists() else "alone"


def _key(name: str, variant: str) -> str:
    with_variant = f"{name} ({variant})"
    return with_variant if variant and (with_variant in MAY_SEE or name not in MAY_SEE) else name


def _mark(book: Book, model: type[models.Model], row: models.Model) -> None:
    variant, values = _variant(row), {}
    for one in model._meta.concrete_fields:
        name = f"{model.__name__}.{one.name}"
        if held.told_by(model)[one.name] not in PROTECTED or name in UNMARKED:
            continue
        if held.told_by(model)[one.name] is Sensitivity.SECRET and one.name != "link":
            secret = getattr(row, one.name)
            if secret:
                book.keys[secret] = _key(name, variant)
        elif is_text(one) and (one.name != "link" or getattr(row, "link", "")):
            values[one.name] = told(one, book.new(_key(name, variant)))
    if values:
        plain(model).filter(pk=row.pk).update(**values, **WITH_TEXT.get(model._meta.label, {}))
    for key in held.files_of(model):
        piece = FilePiece.objects.filter(file=getattr(row, f"{key}_id"), number=0).first()
        if piece is not None:
            mark = book.new(_key(f"FilePiece of {model.__name__}.content", variant))
            FilePiece.objects.filter(pk=piece.pk).update(content=mark.encode())
