"""What staff and partners ask of each other in the demo's year. Days are counted back from today.

A request, what became of it, and the partners who answered; public afternoons; how meetings were.
"""

from dataclasses import dataclass, field
from typing import Any

from assignments.models import Influence, Interest, NeedsAnswer, Opportunity, WorkGroup

_KIND, _AUDIENCE = WorkGroup.Kind, Opportunity.Audience
_YES, _MAYBE, _NOT_NOW = Interest.Answer.values
_ROSA, _KERSTIN = "rosa.osei-bonsu@example.org", "kerstin.lindqvist@example.org"
_ABENA, _SAMIR = "abena.mensah@example.org", "samir.haddad@example.org"


@dataclass(frozen=True)
class Published:
    """Partners were asked: to join which group, `days` ago, and what each said and was offered."""

    group: str
    days: int
    # Days ago that no more answers were taken; or days from today that are the last to answer.
    closed: int | None = None
    closes_in: int | None = None
    role: str = ""
    themes: tuple[str, ...] = ()
    # Where not all partners are asked, who is.
    invited: tuple[str, ...] = ()
    # Partner, days ago, answer, line.
    answers: tuple[tuple[str, int, str, str], ...] = ()
    # Partners offered a place together: days ago, who, days from then that they have.
    offers: tuple[tuple[int, tuple[str, ...], int], ...] = ()
    # Partner, days ago: took the place; stands in instead.
    accepted: tuple[tuple[str, int], ...] = ()
    stands_in: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class Asked:
    """Somebody of the staff (by e-mail address) or a partner (as they are called) asks."""

    by: str
    days: int
    title: str
    why: str
    kind: str
    influence: str
    facts: dict[str, Any] = field(default_factory=dict)
    # Days from today that it begins.
    starts_in: int | None = None
    team: str = ""
    looked_at: int | None = None
    refused: tuple[int, str] | None = None
    withdrawn: int | None = None
    published: Published | None = None


ASKED = (
    Asked(
        _ROSA,
        1,
        "Try the new booking app before it goes live",
        "We change over in the spring. I should like three people to book, move and cancel an "
        "appointment while we watch and say nothing. If they get lost, it is the app.",
        _KIND.PROJECT,
        Influence.CONSULT,
        {
            "effort": "Two hours, once",
            "minutes_a_month": 120,
            "longest_minutes": 120,
            "place": "Outpatients, or online with your own phone",
            "places": 3,
            "access": "It has to work with a screen reader: please tell us if it does not.",
        },
    ),
    Asked(
        _KERSTIN,
        6,
        "Talk with students about what listening looks like",
        "Our third-year students can take a history. I am not sure that they can hear one. Half an "
        "hour of talk, half an hour of practice.",
        _KIND.EDUCATION,
        Influence.CO_DESIGN,
        {
            "effort": "Half a day, with an hour to plan it together",
            "minutes_a_month": 240,
            "place": "Education centre, lecture room A",
            "places": 2,
            "budget_code": "PHY-2210",
        },
        team="Physiotherapy",
        looked_at=5,
    ),
    Asked(
        "Jun",
        3,
        "A quiet hour online for whoever is awake at four",
        "There are more of us than people think. No advice and no agenda: company, and somebody "
        "who has read the leaflets. I would look after it with one other partner.",
        _KIND.PROJECT,
        Influence.CO_LEAD,
        {
            "effort": "One night a month",
            "minutes_a_month": 60,
            "longest_minutes": 60,
            "place": "Online",
            "places": 2,
        },
    ),
    Asked(
        _SAMIR,
        20,
        "Two more partners for the lower limb MDT",
        "Gareth and Toby have changed how we talk. With four there are always two in the room, and "
        "nobody has to come on a bad day.",
        _KIND.MDT,
        Influence.CO_DESIGN,
        {
            "effort": "Two hours every fortnight, and twenty minutes to read",
            "minutes_a_month": 280,
            "longest_minutes": 120,
            "place": "Therapies meeting room, first floor, or online",
            "places": 2,
            "budget_code": "MSK-0417",
            "access": "A lift, a hearing loop and chairs with arms. The link works by telephone.",
        },
        starts_in=24,
        team="Lower limb",
        looked_at=18,
        published=Published(
            "Lower limb MDT",
            17,
            closes_in=12,
            role="Improvement partner",
            themes=("Shared decisions", "Pain"),
            answers=(
                ("Derek", 15, _YES, "If it does not fall on a Friday."),
                ("Ines", 14, _NOT_NOW, "Not this winter. Ask me again in April."),
                ("Gareth", 14, _NOT_NOW, "I am in it already! But do say yes, whoever reads this."),
                ("Toby", 13, _NOT_NOW, "In it already."),
                ("Jun", 12, _MAYBE, "Is nine o'clock fixed? My first hour is slow."),
                ("Pauline", 9, _MAYBE, "By telephone: yes, if there are no stairs."),
                ("Brigid", 9, _NOT_NOW, ""),
            ),
        ),
    ),
    Asked(
        "Derek",
        120,
        "How people are met at the door",
        "I kept hotels for thirty years. Nobody remembers the carpet: they remember whether "
        "somebody looked up. Let us look at our own door, with the people who stand at it.",
        _KIND.PROJECT,
        Influence.CO_LEAD,
        {
            "effort": "An hour and a half every five weeks",
            "minutes_a_month": 90,
            "longest_minutes": 90,
            "place": "Outpatients",
            "places": 3,
        },
        looked_at=118,
        published=Published(
            "The waiting room",
            107,
            closed=80,
            themes=("Waiting and access",),
            answers=(
                ("Derek", 106, _YES, "Naturally."),
                ("Gareth", 104, _MAYBE, "I could step in when somebody cannot."),
                ("Pauline", 101, _YES, "By telephone: about time."),
                ("Mo", 98, _MAYBE, "After the panel, when there is more room."),
                ("Jun", 90, _YES, ""),
            ),
            offers=(
                (88, ("Derek", "Pauline"), 7),
                (86, ("Gareth",), 7),
                (60, ("Jun",), 7),
                (3, ("Mo",), 8),
            ),
            accepted=(("Derek", 87), ("Pauline", 85)),
            stands_in=(("Gareth", 84),),
        ),
    ),
    Asked(
        _ABENA,
        152,
        "Partners who train clinicians in shared decision making with us",
        "We can teach the three steps. What we cannot teach is what it is like when they are left "
        "out. Half a day, four times a year, planned and given together.",
        _KIND.PROJECT,
        Influence.CO_DESIGN,
        {
            "effort": "An hour and a half every five weeks, and the half days",
            "minutes_a_month": 150,
            "longest_minutes": 240,
            "place": "Education centre, lecture room B, or online",
            "places": 3,
            "budget_code": "EDU-1180",
            "access": "Breaks every 45 minutes. Step-free from the car park.",
        },
        looked_at=150,
        published=Published(
            "Shared decision making training",
            145,
            closed=132,
            role="Education",
            themes=("Shared decisions",),
            answers=(
                ("Brigid", 144, _YES, "Who decides, and who says so: my subject."),
                ("Toby", 143, _YES, ""),
                ("Gareth", 142, _YES, "I have a red pencil and thirty years of classrooms."),
                ("Ines", 141, _YES, "Online, and not every time."),
                ("Derek", 140, _MAYBE, "If nobody else does."),
                ("Mo", 140, _NOT_NOW, "Too much this term."),
            ),
            offers=((138, ("Toby", "Gareth", "Brigid", "Ines", "Derek"), 7),),
            accepted=(("Brigid", 137), ("Toby", 136), ("Gareth", 135)),
        ),
    ),
    Asked(
        _KERSTIN,
        92,
        "Two partners for a panel: physiotherapy assistants",
        "The last panel found somebody whom three of us had passed over. Same again, please.",
        _KIND.RECRUITMENT,
        Influence.CO_DESIGN,
        {
            "effort": "Three hours, once",
            "longest_minutes": 180,
            "place": "Interview suite, Trust headquarters",
            "places": 2,
        },
        team="Physiotherapy",
        published=Published(
            "Recruitment: physiotherapy assistant",
            85,
            closed=70,
            role="Recruitment panel",
            invited=("Jun", "Pauline", "Samina"),
            answers=(
                ("Jun", 83, _YES, "Numbers are where I can help."),
                ("Pauline", 82, _YES, "By telephone: I sat on a bench for twenty years."),
                ("Samina", 81, _NOT_NOW, ""),
            ),
            offers=((80, ("Jun", "Pauline"), 7),),
            accepted=(("Jun", 79), ("Pauline", 78)),
        ),
    ),
    Asked(
        _ROSA,
        61,
        "A partner at the door in the afternoons, to hand out feedback cards",
        "We get four cards a week. With somebody at the door we would get forty.",
        _KIND.PROJECT,
        Influence.INFORM,
        {"effort": "Two hours, every weekday", "minutes_a_month": 2400, "places": 2},
        refused=(
            58,
            (
                "Thank you for wanting to hear from more people. Partners think and decide with "
                "us, and handing out cards asks neither of them. Voluntary Services would gladly "
                "help: ask for Marion. And if you would like two partners to look at why people "
                "do not fill the cards in, ask me again. I think they would jump at it."
            ),
        ),
    ),
    Asked(
        _ABENA,
        45,
        "Two voices for a film about the fracture clinic",
        "Two minutes each, on what you wish you had been told on the first day.",
        _KIND.PROJECT,
        Influence.CONSULT,
        {"effort": "Half a day, once", "longest_minutes": 240, "places": 2},
        team="Upper limb",
        looked_at=43,
        withdrawn=31,
    ),
)
# What the coordinator published without anybody's request.
OWN = (
    (
        "An Easy Read editor for the appointment letters",
        (
            "One page is good. Now we should like one page with pictures, tried out with the "
            "people it is for. Gareth and Jun will be glad of a third."
        ),
        Influence.CO_LEAD,
        {
            "effort": "An hour and a half every six weeks, and half an hour to read",
            "minutes_a_month": 90,
            "longest_minutes": 90,
            "place": "Online",
            "places": 1,
        },
        Published(
            "Appointment letters",
            8,
            closes_in=20,
            themes=("Information", "Equality"),
            answers=(
                ("Pauline", 6, _NOT_NOW, "By telephone: not without paper."),
                ("Brigid", 6, _MAYBE, "If the questions about power are done by then."),
                ("Toby", 5, _NOT_NOW, ""),
                ("Derek", 4, _NOT_NOW, "Ask a better speller."),
                ("Mo", 4, _MAYBE, "Let me see about the waiting room first."),
                ("Ines", 2, _YES, "Online and about words. Yes."),
                ("Gareth", 7, _NOT_NOW, "I hold the pencil already, and should like the company."),
                ("Jun", 5, _NOT_NOW, "In it already. Whoever comes: pictures need words too."),
            ),
        ),
    ),
)

# Who declared that they are not to work with whom. Nobody is told, and no reason is kept.
CONFLICT = ("Brigid", _SAMIR, 200)

# Group and how many meetings back, partner, days after it was confirmed, answer, note; what was
# done about it.
NEEDS = (
    ("Lower limb MDT", 1, "Gareth", 1, NeedsAnswer.Answer.YES, "", ""),
    ("Lower limb MDT", 2, "Gareth", 2, NeedsAnswer.Answer.YES, "", ""),
    ("Shared decision making training", 1, "Gareth", 1, NeedsAnswer.Answer.YES, "", ""),
    ("Pain services MDT", 1, "Derek", 2, NeedsAnswer.Answer.YES, "", ""),
    ("Physiotherapy MDT", 1, "Pauline", 1, NeedsAnswer.Answer.YES, "", ""),
    ("Physiotherapy MDT", 2, "Pauline", 1, NeedsAnswer.Answer.YES, "", ""),
    ("Upper limb MDT", 1, "Derek", 1, NeedsAnswer.Answer.YES, "", ""),
    ("Upper limb MDT", 1, "Mo", 1, NeedsAnswer.Answer.YES, "The large print came on Monday.", ""),
    (
        "Upper limb MDT",
        2,
        "Mo",
        2,
        NeedsAnswer.Answer.PARTLY,
        "The papers came in large print, but on the morning itself. I read them on the bus.",
        "I have asked the secretary to send hers two days before everybody else's, from now on.",
    ),
    (
        "Pain services MDT",
        1,
        "Brigid",
        1,
        NeedsAnswer.Answer.NO,
        (
            "The Garden room was taken and the other one has a step. Two people lifted me over it. "
            "I do not want to be lifted."
        ),
        "",
    ),
)

# Which meeting to come has what to read: title, link or, without one, the letter as it stands.
PAPERS = (
    ("Upper limb MDT", 0, "What we talk about, and in which order", "https://example.org/mdt/tues"),
    ("Upper limb MDT", 0, "The leaflet, third draft", "https://example.org/leaflets/shoulder-3"),
    ("Appointment letters", 0, "The letter as it stands", ""),
)


@dataclass(frozen=True)
class OpenDoor:
    """A meeting with a public page: how many meetings back, address, and who registered."""

    group: str
    back: int
    slug: str
    intro: str
    access: str
    places: int
    # Name, what would help them; the address is made of the name. In the order they registered.
    people: tuple[tuple[str, str], ...]
    # How many of them, from the end, did not press the button in their letter yet.
    unconfirmed: int = 0
    # Afterwards: how many of those who had a place did not come, and the line of thanks.
    stayed_away: int = 0
    thanks: str = ""


OPEN_DOORS = (
    OpenDoor(
        "Open afternoons",
        1,
        "shoulders-ask-us-anything",
        "Two hours with a cup of tea, physiotherapists who have time, and partners who have been "
        "where you are. Ask about operations, exercises, sleeping and waiting.",
        "Ground floor, no steps. A hearing loop, chairs with arms, and a quiet corner.",
        20,
        (
            ("Agnes Thorley", ""),
            ("Bilal Chaudhry", "I cannot sit for longer than twenty minutes."),
            ("Winifred Oyelaran", ""),
            ("Stan Kowalczyk", "I bring my daughter, who interprets for me."),
            ("Priya Venkataraman", ""),
            ("Geoffrey Lunt", ""),
        ),
        stayed_away=1,
        thanks="Thank you for coming, and for your questions. We have written down all forty of "
        "them, and the answers go on the wall of the waiting room next month.",
    ),
    OpenDoor(
        "Open afternoons",
        0,
        "hips-and-knees-ask-us-anything",
        "Two hours with a cup of tea, physiotherapists who have time, and partners who have been "
        "where you are. Is it time for a new joint, and what if not? What helps while you wait?",
        "Ground floor, no steps. A hearing loop, chairs with arms, and a quiet corner. Blue badge "
        "spaces by the door.",
        8,
        (
            ("Margaret Ashdown", ""),
            ("Desmond Achebe", "A chair with arms, please."),
            ("Sheila Brannigan", ""),
            ("Tariq Hussain", "Where can I pray at three?"),
            ("Nora Whitcombe", "I use a walking frame."),
            ("Ivor Prydderch", ""),
            ("Comfort Danso", ""),
            ("Len Barraclough", "I lip-read. A seat at the front would do it."),
            ("Yasmin Farouk", ""),
            ("Edith Marsh", "Large print."),
            ("Colin Featherstone", ""),
        ),
        unconfirmed=1,
    ),
)
