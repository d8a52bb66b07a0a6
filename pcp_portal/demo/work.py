"""What the fictional people did, and will do. Days are told by their distance from today."""

from dataclasses import dataclass
from datetime import time

from assignments.models import WorkGroup
from partners.models import Contribution
from payments.models import Expense

_KIND, _WORK, _HEAD = WorkGroup.Kind, Contribution.Kind, Expense.Head
TEAMS = ("Upper limb", "Lower limb", "Pain services", "Physiotherapy")


@dataclass(frozen=True)
class Group:
    """A work group and its meetings: every `weeks` weeks, the next in `next_in` working days.

    `past` counts those that were; `to_come` those that are planned. A negative `next_in` puts the
    latest just behind us, where it waits to be confirmed.
    """

    kind: str
    name: str
    members: tuple[str, ...]
    purpose: str
    lead: str
    phone: str
    place: str
    join_link: str = ""
    team: str = ""
    starts: time = time(10)
    minutes: int = 120
    weeks: int = 4
    past: int = 13
    to_come: int = 2
    next_in: int = 3
    asks: str = ""
    preparation: int = 0


GROUPS = (
    Group(
        _KIND.MDT,
        "Upper limb MDT",
        ("Mo", "Derek"),
        "Decides together on people whose shoulder, elbow, wrist or hand needs more than one view.",
        "Dr Abena Mensah",
        "01632 960111",
        "Seminar room 2, Outpatients",
        "https://meet.example.org/upper-limb",
        "Upper limb",
        time(12, 30),
        weeks=2,
        past=27,
        to_come=3,
        next_in=1,
        asks="Listen for how the options are put. Bring one question that a patient would ask.",
        preparation=15,
    ),
    Group(
        _KIND.MDT,
        "Lower limb MDT",
        ("Gareth", "Toby"),
        "Hips, knees, feet: what is offered, and what people make of it.",
        "Samir Haddad",
        "01632 960112",
        "Therapies meeting room, first floor",
        "https://meet.example.org/lower-limb",
        "Lower limb",
        time(9),
        weeks=2,
        past=27,
        to_come=2,
        next_in=3,
        asks="Two pages come by e-mail the day before. Tell us where we lost you.",
        preparation=20,
    ),
    Group(
        _KIND.MDT,
        "Pain services MDT",
        ("Derek", "Brigid"),
        "People whose pain has outlasted the plans made for it.",
        "Owen Prosser",
        "01632 960113",
        "Garden room, Pain clinic",
        "",
        "Pain services",
        time(13),
        next_in=4,
        asks="Stop us when we talk about a patient as if they were not there.",
    ),
    Group(
        _KIND.MDT,
        "Physiotherapy MDT",
        ("Pauline",),
        "How physiotherapy listens, plans and says goodbye.",
        "Kerstin Lindqvist",
        "01632 960114",
        "Gym office, ground floor",
        "",
        "Physiotherapy",
        time(10),
        next_in=2,
    ),
    Group(
        _KIND.PROJECT,
        "First Contact Practitioner roll-out",
        ("Mo", "Toby"),
        "A physiotherapist as the first person you see at the GP surgery.",
        "Rosa Osei-Bonsu",
        "01632 960120",
        "Online",
        "https://meet.example.org/fcp",
        "",
        time(14),
        90,
        weeks=6,
        past=8,
        to_come=1,
        next_in=6,
        asks="Read the draft poster. Would you have known whom you were going to see?",
        preparation=30,
    ),
    Group(
        _KIND.PROJECT,
        "Appointment letters",
        ("Gareth", "Jun"),
        "Letters that say what will happen, in words people use.",
        "Rosa Osei-Bonsu",
        "01632 960120",
        "Online",
        "https://meet.example.org/letters",
        "",
        time(11),
        90,
        weeks=6,
        past=6,
        to_come=1,
        next_in=5,
        asks="Mark every word you would not say aloud.",
        preparation=30,
    ),
    Group(
        _KIND.COMMITTEE,
        "Staff inclusion",
        ("Samina", "Brigid"),
        "Who gets heard, among staff as among patients.",
        "Hannah Castle",
        "01632 960100",
        "Boardroom, Trust headquarters",
        "",
        "",
        time(15),
        weeks=8,
        past=6,
        to_come=1,
        next_in=2,
    ),
    Group(
        _KIND.PROJECT,
        "Patient survey analysis",
        ("Samina", "Jun"),
        "What 400 people wrote in the last box of the survey.",
        "Hannah Castle",
        "01632 960100",
        "Online",
        "https://meet.example.org/survey",
        "",
        time(16),
        60,
        weeks=4,
        past=7,
        to_come=1,
        next_in=-1,
        asks="Code your twenty answers beforehand.",
        preparation=120,
    ),
    Group(
        _KIND.RESEARCH,
        "Research: acupuncture availability",
        ("Ines", "Samina"),
        "Where people can get it, where not, and what they do instead.",
        "Dr Abena Mensah",
        "01632 960111",
        "Online",
        "https://meet.example.org/acupuncture",
        "",
        time(10, 30),
        90,
        weeks=6,
        past=7,
        to_come=1,
        next_in=4,
    ),
    Group(
        _KIND.EDUCATION,
        "Physio learning day",
        ("Pauline", "Toby", "Mo"),
        "A day on which physiotherapists learn from the people they treat.",
        "Kerstin Lindqvist",
        "01632 960114",
        "Education centre, lecture room A",
        "",
        "",
        time(9, 30),
        360,
        weeks=26,
        past=1,
        to_come=0,
        next_in=-70,
        preparation=60,
    ),
    Group(
        _KIND.RECRUITMENT,
        "Recruitment: advanced practitioner",
        ("Mo", "Ines", "Toby"),
        "Panel for the advanced practitioner, upper limb.",
        "Dr Abena Mensah",
        "01632 960111",
        "Interview suite, Trust headquarters",
        "",
        "",
        time(9),
        420,
        weeks=26,
        past=1,
        to_come=0,
        next_in=-100,
    ),
    Group(
        _KIND.EVENT,
        "Celebration event",
        ("Derek", "Mo", "Brigid"),
        "An evening of thanks, and of what changed because partners said so.",
        "Hannah Castle",
        "01632 960100",
        "Town Hall, Assembly room",
        "",
        "",
        time(17, 30),
        150,
        weeks=26,
        past=0,
        to_come=1,
        next_in=28,
        asks="Derek welcomes everybody at the door. Two minutes each on what you are proud of.",
    ),
)

# Group and how many meetings back: cancelled the evening before, and why.
CANCELLED = ("Pain services MDT", 2, "Owen Prosser is unwell and nobody else could chair.")

# Group and how many meetings back, partner, minutes there.
LEFT_EARLY = {("Upper limb MDT", 5, "Mo"): 60, ("Pain services MDT", 5, "Brigid"): 75}
NOT_THERE = {
    ("Upper limb MDT", 8, "Derek"),
    ("Upper limb MDT", 9, "Mo"),
    ("Lower limb MDT", 7, "Toby"),
    ("Pain services MDT", 4, "Derek"),
    ("Appointment letters", 2, "Jun"),
}
JOIN_ONLINE = {"Ines", "Jun"}
# For the next meeting these have not said yet whether they come.
UNANSWERED = {"Mo", "Gareth", "Pauline", "Samina"}

# Group and how many meetings back, partner: what they thought of it afterwards.
REFLECTIONS = {
    ("Upper limb MDT", 2, "Mo"): (
        "Dr Mensah asked me before she asked the surgeon. I said that three operations in the "
        "leaflet sound like three things you have failed at. They are changing the order: "
        "exercises and waiting first."
    ),
    ("Upper limb MDT", 7, "Mo"): (
        "I was tired and nearly did not go. Then a woman's letter was read out and it was my "
        "letter, ten years ago. I am glad that somebody in the room knew how that feels."
    ),
    ("Upper limb MDT", 4, "Derek"): (
        "First time nobody explained my own shoulder to me. Progress."
    ),
    ("Lower limb MDT", 2, "Gareth"): (
        "“Conservative management” came up eleven times. I counted aloud. By the end they "
        "said “exercises”."
    ),
    ("Lower limb MDT", 4, "Toby"): (
        "Told them how I fell between two clinics for five months. Samir wrote it on the board "
        "as a drawing. There is a gap in the drawing."
    ),
    ("Pain services MDT", 3, "Brigid"): (
        "We talked about who decides when a plan has failed. I said it is never the patient who "
        "is asked. Silence, then a good half hour."
    ),
    ("Appointment letters", 1, "Gareth"): (
        "The new letter says where to park, whom to ring and what to bring. One page. It took us "
        "six meetings to get to one page."
    ),
    ("Staff inclusion", 2, "Samina"): (
        "Hard listening. The porters had never been asked. I offered to help with the questions."
    ),
    ("Patient survey analysis", 2, "Jun"): (
        "Forty people wrote about waiting without being told why. That is a theme, and I made the "
        "chart for it. It works with a screen reader too."
    ),
    ("Research: acupuncture availability", 2, "Ines"): (
        "I said on the call that I was having a bad day and would keep my camera off. Two others "
        "then did the same. It was the best meeting so far."
    ),
    ("Recruitment: advanced practitioner", 1, "Mo"): (
        "Six candidates. Only one asked me a question back. We appointed her."
    ),
    ("Physio learning day", 1, "Toby"): (
        "I had them stand on one leg and make a hard decision. That is a clinic, I said."
    ),
}


@dataclass(frozen=True)
class OwnWork:
    """Something a partner did beside meetings, `days` days ago, and wrote down."""

    partner: str
    days: int
    kind: str
    minutes: int
    title: str
    reflection: str = ""


# The latest few are not confirmed yet.
OWN_WORK = (
    OwnWork("Mo", 2, _WORK.READING, 60, "Read the First Contact Practitioner poster, second draft"),
    OwnWork("Jun", 1, _WORK.PROJECT, 150, "Charts for the patient survey"),
    OwnWork("Brigid", 3, _WORK.WRITING, 90, "Draft of “Ten questions to ask about power”"),
    OwnWork(
        "Mo",
        19,
        _WORK.OBSERVATION,
        210,
        "Clinic observation: Kerstin Lindqvist",
        "Four consultations. She draws while she talks, and people lean in to look. I should like "
        "every clinic to have that pad of paper.",
    ),
    OwnWork("Mo", 47, _WORK.OBSERVATION, 210, "Clinic observation: Dr Abena Mensah"),
    OwnWork("Mo", 82, _WORK.OBSERVATION, 210, "Clinic observation: Rosa Osei-Bonsu"),
    OwnWork("Mo", 154, _WORK.OBSERVATION, 210, "Clinic observation: Dr Abena Mensah"),
    OwnWork(
        "Gareth", 40, _WORK.WRITING, 120, "Rewrote the hip leaflet for a reading age of twelve"
    ),
    OwnWork("Gareth", 110, _WORK.READING, 60, "Comments on the cancellation letter"),
    OwnWork("Samina", 61, _WORK.PROJECT, 240, "Coded sixty survey answers"),
    OwnWork("Samina", 120, _WORK.PROJECT, 240, "Coded the first hundred survey answers"),
    OwnWork("Derek", 75, _WORK.MEETING, 60, "Met the Town Hall about the celebration"),
    OwnWork(
        "Ines",
        54,
        _WORK.RESEARCH,
        180,
        "Literature search: acupuncture in community clinics",
        "Nineteen papers, two of them any use. The librarian in me enjoyed all nineteen.",
    ),
    OwnWork("Ines", 131, _WORK.RESEARCH, 180, "Protocol read as a lay member"),
    OwnWork("Toby", 68, _WORK.OBSERVATION, 210, "Clinic observation: lower limb, morning"),
    OwnWork("Toby", 171, _WORK.OTHER, 45, "Talked to a new partner about the first MDT"),
    OwnWork("Pauline", 90, _WORK.OTHER, 30, "Advice by telephone on the falls leaflet"),
    OwnWork("Jun", 58, _WORK.PROJECT, 180, "Survey: made the data safe to share"),
    OwnWork("Jun", 96, _WORK.READING, 90, "Tested the appointment letters with a screen reader"),
    OwnWork("Brigid", 88, _WORK.PANEL, 180, "Panel: dignity at work policy"),
)


@dataclass(frozen=True)
class Spent:
    """An expense that a partner puts on the claim of the month that ended `months` months ago."""

    partner: str
    months: int
    head: str
    amount: str
    words: str


EXPENSES = (
    Spent("Mo", 5, _HEAD.PUBLIC_TRANSPORT, "8.60", "Bus, four meetings"),
    Spent("Mo", 3, _HEAD.PUBLIC_TRANSPORT, "4.30", "Bus to the upper limb MDT"),
    Spent("Mo", 2, _HEAD.PRINTING, "6.75", "Printed the panel papers in large print"),
    Spent("Mo", 1, _HEAD.PUBLIC_TRANSPORT, "4.30", "Bus to the upper limb MDT"),
    Spent("Gareth", 4, _HEAD.PARKING, "5.40", "Hospital car park"),
    Spent("Gareth", 1, _HEAD.TAXI, "23.00", "Taxi home, the late meeting"),
    Spent("Brigid", 3, _HEAD.TAXI, "14.50", "Wheelchair taxi, there and back"),
    Spent("Brigid", 2, _HEAD.TAXI, "14.50", "Wheelchair taxi, there and back"),
    Spent("Toby", 2, _HEAD.CARE, "30.00", "Childminder for the interview day"),
    Spent("Jun", 4, _HEAD.PRINTING, "3.20", "Data over the phone, train journey"),
)
QUESTION = "Was the taxi shared? The receipt shows two names."
