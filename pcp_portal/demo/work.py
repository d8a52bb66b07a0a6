"""What the fictional people did, and will do. Days are told by their distance from today."""

from dataclasses import dataclass
from datetime import time

from partners.models import Contribution
from payments.models import Expense

_WORK, _HEAD = Contribution.Kind, Expense.Head

# What a meeting is called, where not as its group.
TITLES = {
    ("Open afternoons", 1): "Shoulders: ask us anything",
    ("Open afternoons", 0): "Hips and knees: ask us anything",
}
# Group and how many meetings back: days before it (or ago, when it is to come), and why.
CANCELLED = {
    ("Pain services MDT", 2): (1, "Owen Prosser is unwell and nobody else could chair."),
    ("Physiotherapy MDT", -1): (2, "The gym is painted that week."),
}
EVENING, MORNING = time(16, 40), time(9, 20)
# Group and how many meetings back: working days later, the hour, told so many days before.
MOVED = {
    ("Lower limb MDT", 2): (0, time(14), 10),
    ("Upper limb MDT", -1): (1, time(12, 30), 6),
}

# Group and how many meetings back, partner, minutes there.
LEFT_EARLY = {("Upper limb MDT", 5, "Mo"): 60, ("Pain services MDT", 5, "Brigid"): 75}
NOT_THERE = {
    ("Upper limb MDT", 8, "Derek"),
    ("Upper limb MDT", 9, "Mo"),
    ("Lower limb MDT", 7, "Toby"),
    ("Pain services MDT", 4, "Derek"),
    ("Appointment letters", 2, "Jun"),
    ("The waiting room", 1, "Derek"),
}
UNWELL = {("Upper limb MDT", 8, "Derek"), ("Pain services MDT", 4, "Derek")}
# Who came instead.
STOOD_IN = {("The waiting room", 1): "Gareth"}
JOIN_ONLINE = {"Ines", "Jun"}
# The next two of each group are answered, but for these.
UNANSWERED = {
    ("Upper limb MDT", -1, "Mo"),
    ("Lower limb MDT", 0, "Gareth"),
    ("Physiotherapy MDT", 0, "Pauline"),
    ("The waiting room", 0, "Pauline"),
    ("Staff inclusion", 0, "Samina"),
    ("Shared decision making training", 0, "Brigid"),
}

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
class Ended:
    """A place that has done its work, and ended `days` ago with thanks."""

    partner: str
    group: str
    days: int
    thanks: str
    handover: str = ""


_LEARNING, _PANEL = "Physio learning day", "Recruitment: advanced practitioner"
_ASSISTANT = "Recruitment: physiotherapy assistant"
ENDED = (
    Ended(
        "Toby",
        _LEARNING,
        80,
        "Forty physiotherapists stood on one leg for you, and have not stopped talking about it.",
        "Begin with the exercise on one leg: it gets them laughing, then thinking. Ask for the "
        "small microphone; the big one is for people who like their own voice. The lunch is late.",
    ),
    Ended("Pauline", _LEARNING, 80, "You told them what being talked over does. They wrote it up."),
    Ended("Mo", _PANEL, 120, "You asked what none of us dared to ask. Thank you for the day."),
    Ended("Ines", _PANEL, 120, "Your notes were the ones we went back to. Thank you."),
    Ended("Toby", _PANEL, 120, "Six candidates, and each of them felt welcome. That was you."),
    Ended(
        "Jun",
        _ASSISTANT,
        30,
        "The scores were fair because you made us say why. Thank you, Jun.",
        "Ask for the score sheets as a Word file, not a scan. Write your score before anybody "
        "speaks; it is worth the silence.",
    ),
    Ended("Pauline", _ASSISTANT, 30, "Two good people were chosen, by a better panel. Thank you."),
)


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
