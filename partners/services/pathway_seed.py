"""The roles that a new programme begins with; its coordinators change them as they like.

Source: the founders' description of the pathway, which may be walked in any direction.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class SeedRole:
    """A role with its skills."""

    name: str
    purpose: str
    core: tuple[str, ...]
    context: tuple[str, ...]


SHARING = "Sharing experience"
IMPROVEMENT = "Improvement partner"
GOVERNANCE = "Governance adviser"
RECRUITMENT = "Recruitment panel"
RESEARCH = "Research"
MENTOR = "Mentor"
PEER = "Peer support"
EDUCATION = "Education"

ROLES = (
    SeedRole(
        SHARING,
        "Telling teams, students or boards what care is like from your side, so that they see "
        "what they cannot see for themselves.",
        ("Choosing what to tell, and what to keep for yourself", "Telling it so that people act"),
        ("Knowing who listens, and what they can change",),
    ),
    SeedRole(
        IMPROVEMENT,
        "Working with a team on a change from the first idea to the last check, as one of them.",
        ("Asking the question that nobody asks", "Disagreeing kindly", "Listening for others"),
        ("How a clinic or an MDT works", "Simple ways to test a change and to measure it"),
    ),
    SeedRole(
        GOVERNANCE,
        "Sitting on a committee or board that decides, and keeping patients in its view.",
        ("Seeing beyond your own story", "Holding to a point until it is answered"),
        ("Reading committee papers", "How decisions, budgets and risks are handled"),
    ),
    SeedRole(
        RECRUITMENT,
        "Helping to choose the people who will look after patients.",
        ("Fair judgement, and saying why", "Putting nervous people at ease"),
        ("How interviews and scoring work", "Equality law in plain words"),
    ),
    SeedRole(
        RESEARCH,
        "Shaping what is studied and how, reading for sense, and working in a study team.",
        ("Asking what would matter to patients", "Curiosity"),
        ("How a study is made", "Consent and confidentiality in research"),
    ),
    SeedRole(
        MENTOR,
        "Meeting a clinician regularly, so that they learn from your experience.",
        ("Listening more than telling", "Building trust", "Keeping to what was agreed"),
        ("What a mentoring agreement is", "When to stop and ask for help"),
    ),
    SeedRole(
        PEER,
        "Being there for somebody who goes through what you went through.",
        ("Listening without advising", "Knowing where you end and they begin"),
        ("What to do when you worry about somebody", "Where people find more help"),
    ),
    SeedRole(
        EDUCATION,
        "Teaching students and staff, alone or beside a clinician.",
        ("Speaking to a room", "Answering hard questions calmly"),
        ("Planning a session with a teacher", "What students of each year know"),
    ),
)

# Walked both ways.
PAIRS = (
    (SHARING, IMPROVEMENT),
    (SHARING, RECRUITMENT),
    (SHARING, RESEARCH),
    (SHARING, PEER),
    (SHARING, EDUCATION),
    (IMPROVEMENT, GOVERNANCE),
    (IMPROVEMENT, RECRUITMENT),
    (IMPROVEMENT, RESEARCH),
    (IMPROVEMENT, MENTOR),
    (IMPROVEMENT, EDUCATION),
    (GOVERNANCE, SHARING),
    (GOVERNANCE, RECRUITMENT),
    (GOVERNANCE, MENTOR),
    (GOVERNANCE, RESEARCH),
    (RECRUITMENT, EDUCATION),
    (RECRUITMENT, MENTOR),
    (RESEARCH, EDUCATION),
    (MENTOR, PEER),
    (MENTOR, EDUCATION),
    (PEER, EDUCATION),
)
