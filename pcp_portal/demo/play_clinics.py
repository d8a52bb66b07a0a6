"""Play the observed clinics into the demo: a year of paper sheets, and this month on the phone."""

from __future__ import annotations

import csv
import io
import random
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from accounts.models import Team, User
from observations.models import ClinicSession, Comment, InstrumentVersion, Item, Observer
from observations.rules.sheets import stamp_of
from observations.services import (
    calibration,
    comments,
    debriefs,
    instrument_comments,
    instruments,
    observers,
    recordings,
    reflections,
    self_ratings,
    sessions,
    sheets,
)
from observations.services.sheet_facts import Facts, items_of
from observations.services.sheet_import import Wishes, import_sheets
from partners.models import Partner
from pcp_portal.demo import clinics
from pcp_portal.demo.days import working_day

if TYPE_CHECKING:
    from datetime import datetime

    from pcp_portal.demo.build import Story

_TOMAS = "tomas.brandt@example.org"
_KERSTIN = "kerstin.lindqvist@example.org"
_LEAD = "abena.mensah@example.org"
_HEADINGS = (
    *("Date", "Team", "Clinician", "Session", "Consultation no", "Observer", "Observer type"),
    *(f"Q{number}" for number in range(1, 9)),
    *("What worked", "One thing to try"),
)
# By how many months ago: who of the partners observes with a peer.
_TAKING_TURNS = ("Mo", "Gareth", "Samina")
_PEERS = ("Tomas Brandt", clinics.PEER)
_LOWEST, _HIGHEST = 0, 4
# Months of sheets before the portal; what was talked about shows from so many months on.
_ON_PAPER, _TALKED = 8, 12


def observe(story: Story, now: datetime) -> None:
    """What is there from the first day; then the year, this month and what is to come."""
    instruments.seed(programme=story.programme, by=None, now=now)
    version = instruments.usable_versions(story.programme)[0]
    story.on(story.ago(150), lambda when: _practise(story, version, when))
    story.on(story.ago(25, 10), lambda when: _bring_in(story, version, when))
    story.on(story.ago(24, 15), lambda when: _read(story, when))
    story.on(story.ago(22, 12), lambda when: _release(story, version, when))
    story.on(story.ago(20, 9), lambda when: _ask_about_next(story, version, when))
    held, seats = working_day(story.today, -2), []
    story.on(story.ago(9, 9), lambda when: seats.extend(_plan(story, version, held, when)))
    story.on(story.at(held, 17), lambda when: _rate(story, seats, version, when))


# --- The paper years -----------------------------------------------------------------------------


def _bring_in(story: Story, version: InstrumentVersion, now: datetime) -> None:
    """Twenty months of sheets on paper, typed in."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(_HEADINGS)
    began = _months_before(story.first_day, _ON_PAPER)
    writer.writerows(_sheets(began, story.today.replace(day=1)))
    import_sheets(
        file=io.BytesIO(text.getvalue().encode()),
        filename="observed clinics.csv",
        programme=story.programme,
        version=version,
        by=story.coordinator,
        now=now,
        wishes=Wishes(create_people=True),
    )


def _sheets(first: date, until: date) -> list[list[Any]]:
    """Rows as a coordinator would have typed them: a clinic a month of each clinician."""
    chance = random.Random(clinics.SEED)  # noqa: S311 (a story, not a secret)
    rows: list[list[Any]] = []
    month, months = first, 0
    while month < until:
        for place, one in enumerate(clinics.OBSERVED):
            day = working_day(month, 2 + place)
            pair = (_TAKING_TURNS[(place + months) % 3], _PEERS[(place + months // 2) % 2])
            for number in range(1, clinics.CONSULTATIONS + 1):
                rows += _of_consultation(chance, one, months, day, number, pair)
        month, months = (month + timedelta(days=32)).replace(day=1), months + 1
    return rows


def _of_consultation(
    chance: random.Random,
    one: clinics.Observed,
    months: int,
    day: date,
    number: int,
    pair: tuple[str, str],
) -> list[list[Any]]:
    mood = chance.gauss(0, 0.5)
    rows = []
    for observer, side in zip(pair, ("PCP", "Peer clinician"), strict=True):
        lean = clinics.STRICTNESS[observer] + one.grown * (months >= _TALKED) + mood
        marks = [_mark(chance, skill + lean) for skill in one.skill]
        worked = chance.choice(clinics.WORKED)[1] if chance.random() < 0.1 else ""
        to_try = chance.choice(clinics.TO_TRY)[1] if chance.random() < 0.16 else ""
        half = "AM" if day.day % 2 else "PM"
        about = [f"{day:%d/%m/%Y}", one.team, one.name, half, number, observer, side]
        rows.append([*about, *marks, worked, to_try])
    return rows


def _mark(chance: random.Random, level: float) -> int:
    return max(_LOWEST, min(_HIGHEST, round(chance.gauss(level, 0.7))))


def _read(story: Story, now: datetime) -> None:
    """The coordinator reads the comments for names; the newest ten wait."""
    waiting = Comment.objects.filter(
        observation__consultation__session__programme=story.programme, status="waiting"
    ).select_related("observation__version")
    about = {words: number for number, words in (*clinics.WORKED, *clinics.TO_TRY)}
    items = {item.number: item for item in Item.objects.filter(version__sealed_at__isnull=False)}
    found = list(waiting.order_by("observation__consultation__session__day", "pk"))
    by_item: dict[int, list[Comment]] = {}
    for comment in found[:-10]:
        by_item.setdefault(about[comment.text], []).append(comment)
    for number, alike in by_item.items():
        for comment in alike:
            comment.theme = items[number]
        Comment.objects.bulk_update(alike, ["theme"])
        comments.clear_as_they_are(comments=alike, by=story.coordinator, now=now)


# --- What clinicians make of it ------------------------------------------------------------------


def _release(story: Story, version: InstrumentVersion, now: datetime) -> None:
    """Two clinicians wrote what they take from it, and let their lead read it."""
    last = (story.today.replace(day=1) - timedelta(days=1)).replace(day=1)
    for one in clinics.OBSERVED:
        if one.released is None:
            continue
        clinician, team = _clinician(story, one), story.teams[one.team]
        until = _months_before(last, one.released)
        written = reflections.write(
            clinician=clinician,
            team=team,
            version=version,
            first_month=max(_months_before(until, 5), story.first_day),
            last_month=until,
            words=one.takes,
            by=clinician,
            now=now,
        )
        reflections.release(reflection=written, by=clinician, now=now)
        if one.email:
            reflections.use(reflection=written, by=clinician, now=now)
    kerstin = story.users[_KERSTIN]
    for session in ClinicSession.objects.filter(clinician=kerstin, day__gte=last).order_by("day"):
        self_ratings.rate(session=session, marks=(3, 3, 2, 3, 2, 2, 3, 3), by=kerstin, now=now)


def _clinician(story: Story, one: clinics.Observed) -> User:
    return story.users[one.email] if one.email else User.objects.get(name=one.name)


def _months_before(month: date, count: int) -> date:
    for _ in range(count):
        month = (month - timedelta(days=1)).replace(day=1)
    return month


# --- Practice, and the next version --------------------------------------------------------------


def _practise(story: Story, version: InstrumentVersion, now: datetime) -> None:
    """Three films, and who came close."""
    films = [
        recordings.add_recording(
            version=version,
            title=title,
            where=where,
            minutes=12,
            marks=marks,
            agreed_by="Mo, Gareth, Tomas Brandt and Dr Mensah, in two sittings",
            by=story.coordinator,
            now=now,
        )
        for title, where, marks in clinics.RECORDINGS
    ]
    people: list[tuple[Partner | None, User | None, int]] = [
        (story.partners["Mo"], None, 0),
        (story.partners["Gareth"], None, 1),
        (story.partners["Samina"], None, -1),
        (None, story.users[_TOMAS], 1),
    ]
    for partner, person, lean in people:
        for place, film in enumerate(films):
            marks = list(film.marks)
            marks[place] = max(_LOWEST, min(_HIGHEST, marks[place] + lean))
            by = person or story.who(partner.known_as if partner else "")
            calibration.rate(
                recording=film, marks=marks, partner=partner, person=person, by=by, now=now
            )


def _ask_about_next(story: Story, version: InstrumentVersion, now: datetime) -> None:
    """A second version is being written with partners."""
    draft = instruments.draft_from(version=version, by=story.coordinator, now=now)
    instruments.ask(version=draft, open_to_all=True, by=story.coordinator, now=now)
    items = {item.number: item for item in draft.items.all()}
    for number, who, words, answer in clinics.SAID_OF_DRAFT:
        said = instrument_comments.comment(
            version=draft, item=items[number], text=words, by=story.who(who), now=now
        )
        if answer:
            instrument_comments.answer(
                comment=said, answer=answer, by=story.coordinator, now=now + timedelta(days=2)
            )


# --- This month ----------------------------------------------------------------------------------


def _plan(story: Story, version: InstrumentVersion, day: date, now: datetime) -> list[Observer]:
    """A clinic of `day` with its observers, one that is coming, and one that is asked about."""
    upper, kerstin, tomas = story.teams[clinics.UPPER], story.users[_KERSTIN], story.users[_TOMAS]
    held = _planned(story, version, upper, kerstin, day, now)
    _agreed(held, kerstin, now)
    mo = story.partners["Mo"]
    seats = observers.invite(
        session=held, partners=[mo], people=[tomas], by=story.coordinator, now=now
    )
    for seat in seats:
        observers.answer(observer=seat, yes=True, by=story.coordinator, now=now)
    coming = _planned(story, version, upper, kerstin, working_day(story.today, 6), now)
    _agreed(coming, kerstin, now)
    seats_to_come = observers.invite(
        session=coming,
        partners=[mo, story.partners["Derek"]],
        people=[tomas],
        by=story.coordinator,
        now=now,
    )
    by_name = {seat.partner_id: seat for seat in seats_to_come}
    observers.answer(observer=by_name[mo.pk], yes=True, by=story.who("Mo"), now=now)
    observers.answer(observer=by_name[None], yes=True, by=tomas, now=now)
    _planned(story, version, upper, kerstin, working_day(story.today, 16), now)
    return seats


def _planned(
    story: Story,
    version: InstrumentVersion,
    team: Team,
    clinician: User,
    day: date,
    now: datetime,
) -> ClinicSession:
    return sessions.plan(
        programme=story.programme,
        team=team,
        clinician=clinician,
        version=version,
        day=day,
        half="am",
        place="Outpatients B, room 4",
        by=story.coordinator,
        now=now,
    )


def _agreed(session: ClinicSession, clinician: User, now: datetime) -> None:
    sessions.agree(session=session, by=clinician, now=now)


def _rate(story: Story, seats: list[Observer], version: InstrumentVersion, now: datetime) -> None:
    """Mo submitted three sheets; Tomas one, and has begun another."""
    mine, theirs = seats
    _sheet(mine, version, 1, (3, 3, 2, 2, 2, 1, 3, 4), story.who("Mo"), now, "Drew it on paper.")
    _sheet(mine, version, 2, (2, 3, 2, 3, 3, 2, 2, 3), story.who("Mo"), now)
    _sheet(mine, version, 3, (3, 2, 1, 2, 1, 1, 2, 3), story.who("Mo"), now)
    tomas = story.users[_TOMAS]
    _sheet(theirs, version, 1, (3, 4, 3, 3, 2, 2, 3, 4), tomas, now)
    _sheet(theirs, version, 2, (3, 3, 2, 3, None, None, None, None), tomas, now, submit=False)
    debriefs.say(
        observer=mine,
        feeling="mixed",
        note="The second one was close to home.",
        wants_talk=True,
        by=story.who("Mo"),
        now=now,
    )
    sessions.count_patients(
        session=ClinicSession.objects.get(pk=mine.session_id),
        asked=5,
        said_yes=3,
        said_no=2,
        by=story.users[_KERSTIN],
        now=now,
    )


def _sheet(
    seat: Observer,
    version: InstrumentVersion,
    number: int,
    marks: tuple[int | None, ...],
    by: User,
    now: datetime,
    worked: str = "",
    *,
    submit: bool = True,
) -> None:
    row = sheets.begin(observer=seat, number=number, by=by, now=now)
    kept = sheets.keep(
        observer=seat,
        number=number,
        seen_edition=row.edition,
        version=stamp_of(version, items_of(version)),
        facts=Facts(decision="yes", marks=marks, worked=worked),
        by=by,
        now=now,
    )
    if submit and kept.sheet is not None:
        sheets.submit(observation=kept.sheet, by=by, now=now)
