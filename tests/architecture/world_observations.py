"""Observed clinics of the small world: sheets alone, in pairs and begun, and what came of them."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.models import Programme, Role, Team, User
from accounts.tests.factories import person
from observations.models import (
    Calibration,
    ClinicSession,
    Comment,
    Consensus,
    Debrief,
    InstrumentVersion,
    ItemComment,
    Observation,
    Observer,
    PracticeRating,
    PracticeRecording,
    Reflection,
    SelfRating,
)
from observations.services import appraisal_pdf
from observations.tests.factories import clinic, settings_of, sheet, version_of
from partners.models import Partner
from workflow.transitions import begin

KINDS: dict[str, str] = {
    "observations:clinic": "clinic",
    "observations:agree": "clinic to come",
    "observations:decline": "clinic to come",
    "observations:answer": "clinic",
    "observations:counts": "clinic",
    "observations:debrief": "clinic",
    "observations:sheets": "clinic",
    "observations:sheet": "clinic, begun sheet",
    "observations:check_sheets": "clinic",
    "observations:check_sheet": "clinic, shared sheet",
    "observations:sheets_submitted": "clinic",
    "observations:compare_sheets": "clinic, shared sheet",
    "observations:consensus": "clinic, shared sheet",
    "observations:rate_own": "clinic",
    "observations:reflection": "reflection",
    "observations:rewrite_reflection": "reflection",
    "observations:release_reflection": "reflection",
    "observations:take_back_reflection": "released reflection",
    "observations:use_reflection": "released reflection",
    "observations:ask_for_paper": "reflection",
    "observations:paper": "appraisal paper",
    "observations:paper_progress": "appraisal paper",
    "observations:paper_file": "appraisal paper",
    "observations:team_result": "team",
    "observations:released_reflection": "released reflection",
    "admin:observations_comment_hold": "waiting comment",
    "admin:observations_comment_change": "waiting comment",
    "admin:observations_comment_delete": "waiting comment",
    "observations:practice_rate": "practice recording",
    "observations:practice_result": "practice rating",
    "observations:instrument_version": "instrument version",
    "observations:instrument_comments": "draft version",
    "observations:instrument_item": "item",
    "observations:take_back_comment": "item comment",
    **{
        f"admin:observations_instrumentversion_{page}": kind
        for kind, pages in {
            "part of draft: item": ("item", "item_up", "item_down", "drop_item"),
            "part of draft: scale": ("scale", "drop_scale"),
            "part of draft: comment": ("answer",),
            "part of draft: follower": ("crosswalk",),
        }.items()
        for page in pages
    },
}
_MARKS = [1, 2, 3, 2, 1, 2, 3, 4]


def add_observing(
    world: Any, teams: dict[str, Team], members: dict[str, Partner], *, by: User
) -> None:
    """Instruments of a programme, and a clinic that each of its `members` observed."""
    programme = next(iter(members.values())).programme
    whose = "elsewhere" if "elsewhere" in members else "programme"
    version = add_instrument(world, programme, whose, by=by)
    for who, partner in members.items():
        one = {"clinician": world.people["clinician"], "peer": world.people["peer observer"]}
        known = one if who == "own" else {}
        add_clinic(world, teams[who], who, partner, version, by=by, **known)


def add_instrument(world: Any, programme: Programme, whose: str, *, by: User) -> InstrumentVersion:
    """What the programme's clinics are rated with, and a draft that is asked about."""
    now = world.now
    world.keep("observation settings", whose, settings_of(programme))
    version = version_of(programme)
    recording = PracticeRecording.objects.create(
        version=version, title="A knee", where="On the shelf", marks=_MARKS, agreed_by="Two of us"
    )
    world.keep("practice recording", whose, recording)
    version.status, version.sealed_at = "sealed", now
    version.save()
    world.keep("instrument", whose, version.instrument)
    world.keep("instrument version", whose, version)
    draft = version_of(programme, comments_open=True)
    world.keep("draft version", whose, draft, number=1)
    item = draft.items.order_by("number")[1]
    world.keep("item", whose, item)
    world.keep("part of draft: item", whose, draft, part=item.pk)
    world.keep("part of draft: scale", whose, draft, part=draft.scales.all()[0].pk)
    follower = version_of(programme, follows=version)
    world.keep("part of draft: follower", whose, follower, part=follower.scales.all()[0].pk)
    return version


def add_clinic(
    world: Any,
    team: Team,
    whose: str,
    partner: Partner,
    version: InstrumentVersion,
    *,
    by: User,
    clinician: User | None = None,
    peer: User | None = None,
) -> None:
    """A clinic that `partner` and a peer observed; what is said of it, and practice for it."""
    now, programme = world.now, team.programme
    day = timezone.localdate(now) - timedelta(days=4)
    clinician = clinician or person(Role.CLINICIAN, programme, team=team)
    peer = peer or person(Role.PEER_OBSERVER, programme, team=team)
    session = clinic(
        team, clinician, version, day=day, status="held", observers=(partner, peer), now=now
    )
    begin(session, by=by, now=now)
    world.keep("clinic", whose, session)
    world.keep("clinic, shared sheet", whose, session, number=1)
    world.keep("clinic, begun sheet", whose, session, number=3)
    mine, theirs = session.observers.order_by("pk")
    world.keep("observer", whose, mine)
    both = [_submitted(one, 1, now) for one in (mine, theirs)]
    alone = _submitted(mine, 2, now)
    begun = sheet(mine, 3, _MARKS, submitted=False, decision="", worked="So far", to_try="More")
    begin(begun, by=partner.user, now=now)
    world.keep("sheet", whose, both[0], number=1)
    world.keep("sheet alone", whose, alone, number=2)
    world.keep("begun sheet", whose, begun, number=3)
    world.keep("consultation", whose, both[0].consultation, number=1)
    for kind, status in (("worked", "cleared"), ("to_try", "waiting")):
        read = {} if status == "waiting" else {"read_at": now, "read_by": by}
        comment = Comment.objects.create(
            observation=both[0], kind=kind, text="Words", status=status, **read
        )
        world.keep(f"{status} comment", whose, comment)
    Consensus.objects.create(
        consultation=both[0].consultation,
        marks=_MARKS,
        note="We talked",
        written_at=now,
        written_by=partner.user,
    )
    debrief = Debrief.objects.create(
        observer=mine, feeling="hard", note="Much", wants_talk=True, said_at=now
    )
    world.keep("debrief", whose, debrief)
    SelfRating.objects.create(session=session, marks=_MARKS, rated_at=now)
    _results(world, session, whose)
    _to_come(world, session, whose, partner, peer)
    _practice(world, partner, whose, version)
    comment = ItemComment.objects.create(
        version_id=world.rows["draft version", _programme_of(whose)]["pk"],
        item_id=world.rows["item", _programme_of(whose)]["pk"],
        written_by=partner.user,
        text="Plain enough",
        said_at=now,
        answer="Kept",
        answered_at=now,
        answered_by=by,
    )
    world.keep("item comment", whose, comment)
    draft = world.rows["draft version", _programme_of(whose)]["pk"]
    world.rows["part of draft: comment", _programme_of(whose)] = {"pk": draft, "part": comment.pk}


def _programme_of(whose: str) -> str:
    return whose if whose == "elsewhere" else "programme"


def _submitted(observer: Observer, number: int, now: Any) -> Observation:
    row = sheet(observer, number, _MARKS, now=now, worked="Time to think", to_try="Ask first")
    begin(row, by=observer.person or observer.partner.user, now=now)
    return row


def _results(world: Any, session: ClinicSession, whose: str) -> None:
    """What the clinician makes of it: one reflection kept, one released."""
    month = session.day.replace(day=1)
    for status, first in (("private", month), ("released", month.replace(year=month.year - 1))):
        reflection = Reflection.objects.create(
            team=session.team,
            clinician=session.clinician,
            version=session.version,
            first_month=first,
            last_month=month,
            words="What I take from it",
            written_at=world.now,
            status=status,
        )
        begin(reflection, by=session.clinician, now=world.now, why="For my appraisal")
        kind = "reflection" if status == "private" else "released reflection"
        world.keep(kind, whose, reflection)
    paper = appraisal_pdf.ask_for_pdf(reflection=reflection, by=session.clinician, now=world.now)
    appraisal_pdf.make_pdf(pk=paper.pk, now=world.now)
    world.keep("appraisal paper", whose, paper)


def _to_come(world: Any, held: ClinicSession, whose: str, partner: Partner, peer: User) -> None:
    """A clinic of next week that waits for its clinician and observers."""
    session = clinic(
        held.team,
        held.clinician,
        held.version,
        day=timezone.localdate(world.now) + timedelta(days=7),
        status="asked",
        observers=(partner, peer),
        now=world.now,
    )
    session.observers.update(answer="invited", answered_at=None)
    invited = session.observers.order_by("pk").first()
    world.keep("clinic to come", whose, session, observer=invited.pk)
    world.keep("invited observer", whose, invited)


def _practice(world: Any, partner: Partner, whose: str, version: InstrumentVersion) -> None:
    today = timezone.localdate(world.now)
    rating = PracticeRating.objects.create(
        recording_id=world.rows["practice recording", _programme_of(whose)]["pk"],
        partner=partner,
        marks=_MARKS,
        distance=0,
        bias=0,
        rated_at=world.now,
    )
    world.keep("practice rating", whose, rating)
    calibration = Calibration.objects.create(
        version=version,
        partner=partner,
        from_on=today,
        until_on=today + timedelta(days=365),
        recordings=3,
        distance=0,
        bias=0,
    )
    world.keep("calibration", whose, calibration)
