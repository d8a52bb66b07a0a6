"""Who is observed in the demo, how they share decisions, and what is said of it: facts alone.

A skill is the mark that a partner gives on an average day, for each item of our own instrument;
what a year of talking about it added is `grown`.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Observed:
    """A clinician of the demo whose clinics are observed. Without an address: no sign-in."""

    name: str
    team: str
    skill: tuple[float, ...]
    grown: float = 0.5
    email: str | None = None
    # Months ago whose results were released to the lead, and what they take from them.
    released: int | None = None
    takes: str = ""


UPPER, LOWER, PAIN = "Upper limb", "Lower limb", "Pain services"

OBSERVED = (
    Observed(
        "Kerstin Lindqvist",
        UPPER,
        (2.4, 2.6, 1.8, 2.2, 2.0, 1.2, 2.1, 3.1),
        grown=0.7,
        email="kerstin.lindqvist@example.org",
        released=6,
        takes="I lay out the options and then rush to the plan. The partners saw people nod "
        "without having understood. Since the summer I ask everybody to tell me, in their own "
        "words, what we decided. It takes a minute, and it has changed what I explain first.",
    ),
    Observed("Peter Aldous", UPPER, (1.6, 2.2, 2.0, 1.2, 1.0, 1.4, 1.2, 2.2), grown=0.4),
    Observed(
        "Francesca Marchetti",
        UPPER,
        (2.2, 2.4, 2.2, 2.6, 2.4, 1.6, 2.4, 3.3),
        released=3,
        takes="Asking what matters comes easily to me. Using it is harder: I listened, and then "
        "offered everybody the same three options. I now say aloud which of them fits what they "
        "told me.",
    ),
    Observed("Ngozi Adeyemi", UPPER, (1.9, 1.8, 1.6, 2.4, 2.0, 1.3, 2.6, 3.4), grown=0.8),
    Observed("Tobias Ek", UPPER, (1.2, 2.0, 1.9, 1.0, 0.8, 1.1, 1.1, 1.9), grown=0.6),
    Observed("Helen Farrow", UPPER, (2.8, 2.6, 2.4, 2.7, 2.5, 2.0, 2.7, 3.5), grown=0.2),
    Observed("Marek Novak", LOWER, (1.5, 1.9, 1.7, 1.4, 1.2, 1.0, 1.6, 2.4)),
    Observed("Ruth Tanner", LOWER, (2.3, 2.1, 1.9, 2.5, 2.2, 1.5, 2.4, 3.2)),
    Observed("Iain Doyle", LOWER, (1.8, 2.4, 2.2, 1.5, 1.3, 1.7, 1.4, 2.1)),
    Observed("Priya Nair", PAIN, (2.6, 2.2, 2.0, 3.0, 2.7, 1.6, 2.9, 3.5), grown=0.3),
    Observed("Beth Coleman", PAIN, (2.1, 1.9, 1.7, 2.6, 2.2, 1.4, 2.5, 3.2)),
    Observed("Luis Ferrer", PAIN, (1.7, 2.0, 1.8, 1.9, 1.6, 1.2, 2.0, 2.8)),
    Observed("Aoife Brennan", PAIN, (2.3, 2.1, 2.2, 2.7, 2.3, 1.8, 2.6, 3.3)),
    Observed("Daniel Osman", PAIN, (1.9, 1.7, 1.5, 2.2, 1.9, 1.1, 2.2, 3.0)),
    Observed("Sunita Rao", PAIN, (2.2, 2.3, 2.1, 2.4, 2.1, 1.7, 2.3, 3.0)),
)
# Partners by the name they like, peers by name, and how many marks they give beside a partner of
# middling strictness: peers are kinder to each other, Samina is strict.
STRICTNESS = {
    "Mo": 0.0,
    "Gareth": 0.1,
    "Samina": -0.25,
    "Tomas Brandt": 0.45,
    "Leila Karimi": 0.35,
}
# The peer who has no sign-in.
PEER = "Leila Karimi"
CONSULTATIONS = 3
SEED = 2019
# Which item it is about, and the words.
WORKED = (
    (1, "Said early on that there was a choice to make."),
    (2, "Drew the three options side by side on paper."),
    (4, "Asked what a good day looks like, and waited for the answer."),
    (5, "Came back to the allotment when they talked about surgery."),
    (8, "Put the screen aside when it got difficult."),
    (7, "Gave time to think, and meant it."),
)
TO_TRY = (
    (6, "Ask them to tell you in their own words what was decided."),
    (6, "Check what was understood before standing up."),
    (3, "Say what is not known, as well as what is."),
    (1, "Say that doing nothing is a choice before naming the others."),
    (3, "Use people out of a hundred and not percentages."),
    (5, "Say which option fits what they told you."),
)
# Practice recordings: title, where, consensus marks.
RECORDINGS = (
    ("A shoulder that will not lift", "Training drive, film 1", (3, 3, 2, 1, 1, 0, 2, 3)),
    ("Knee pain and the school run", "Training drive, film 2", (1, 2, 1, 3, 2, 2, 3, 4)),
    ("Back pain, a second visit", "Training drive, film 3", (2, 1, 2, 2, 3, 3, 1, 2)),
)
# What partners say of the next version: item, who, words, what came of it.
SAID_OF_DRAFT = (
    (3, "Mo", "“How sure that is” is good. Could we ask for numbers out of a hundred?", ""),
    (
        6,
        "Gareth",
        "Understood and agreed are two things. I never know which one I am marking.",
        "We will try them as two items with the upper limb team first.",
    ),
    (8, "Samina", "Leave the screen in the help text, it is what I look for.", "Kept."),
)
