"""What the fictional people tell, raise and change. Days are counted back from today."""

from collections.abc import Callable
from dataclasses import dataclass

from partners.models import Impact, StoryConsent, Visibility
from pcp_portal.demo import papers

_ABOUT, _USE = Impact.Category, StoryConsent.Use
_ME, _COORDINATORS, _STAFF = Visibility.values


@dataclass(frozen=True)
class Told:
    """What a partner says about a meeting: group and how many meetings back, as in `work`."""

    partner: str
    group: str
    back: int
    role: str
    brought: str
    changed: str
    visibility: str = _STAFF
    link: tuple[str, str] | None = None
    # What a file is, its name, and what makes it.
    paper: tuple[str, str, Callable[[], bytes]] | None = None
    # From whom thanks came, with what words; shown or not.
    thanks: tuple[str, str, str, bool] | None = None


TOLD = (
    Told(
        "Mo",
        "Upper limb MDT",
        2,
        "Patient partner at the table",
        "Ten years of being the person who is talked about.",
        "The leaflet now begins with exercises and waiting, and only then comes the knife.",
        thanks=(
            "Dr Abena Mensah",
            "abena.mensah@example.org",
            "You changed the order of a leaflet, and with it how I think. Thank you.",
            True,
        ),
    ),
    Told(
        "Gareth",
        "Appointment letters",
        1,
        "Editor",
        "Thirty years of marking sentences.",
        "One page: where to park, whom to ring, what to bring.",
        link=("The letter, before and after", "https://example.org/letters/before-and-after"),
        paper=("The letter as it is now", "Appointment letter.pdf", papers.letter),
        thanks=(
            "Rosa Osei-Bonsu",
            "rosa.osei-bonsu@example.org",
            "The phones are quieter since your letter went out.",
            True,
        ),
    ),
    Told(
        "Jun",
        "Patient survey analysis",
        2,
        "Analyst",
        "Charts that read aloud.",
        "“Waiting without being told why” is now the first theme in the report.",
        link=("Charts and their data", "https://example.org/survey/charts"),
    ),
    Told(
        "Toby",
        "Lower limb MDT",
        4,
        "Somebody who fell through",
        "Five months between two clinics, told in four minutes.",
        "Samir Haddad drew the gap. A phone call now closes it.",
        _COORDINATORS,
        paper=("The drawing of the gap", "The gap.jpg", papers.drawing),
    ),
    Told(
        "Ines",
        "Research: acupuncture availability",
        2,
        "Lay researcher",
        "A bad day, said out loud.",
        "Two others switched their cameras off and stayed.",
        _ME,
    ),
)


@dataclass(frozen=True)
class Raised:
    """What a partner raised: days ago raised, heard, decided, made, checked; None for not yet."""

    title: str
    partner: str
    group: str
    back: int
    about: str
    raised: str
    owner: str
    days: tuple[int, int | None, int | None, int | None, int | None]
    verdict: str = ""
    answer: str = ""
    change: str = ""
    public: str = ""
    is_ask: bool = True


RAISED = (
    Raised(
        "Begin the shoulder leaflet with what is not surgery",
        "Mo",
        "Upper limb MDT",
        2,
        _ABOUT.INFORMATION,
        "Three operations in a row read like three things you have failed at.",
        "Dr Abena Mensah",
        (26, 26, 19, 8, None),
        "accepted",
        "Yes. The order of a page is a recommendation, whether we mean it or not.",
        "The leaflet begins with exercises and waiting; operations come on page three.",
        "You said our shoulder leaflet made surgery look like the usual way. It now begins with "
        "exercises and waiting.",
    ),
    Raised(
        "Tell people why a clinic runs late",
        "Jun",
        "Patient survey analysis",
        2,
        _ABOUT.WAITING_ROOMS,
        "Forty of 400 wrote about waiting without being told why.",
        "Rosa Osei-Bonsu",
        (52, 50, 40, 21, 6),
        "adapted",
        "A screen costs more than we have. The desk will say it, every half hour, with the reason.",
        "Reception tells the room every thirty minutes. A card says it for people who do not hear.",
        "You said you were kept waiting without a word. Reception now tells the room why, every "
        "half hour.",
    ),
    Raised(
        "One page for every appointment letter",
        "Gareth",
        "Appointment letters",
        1,
        _ABOUT.INFORMATION,
        "Four pages, and the telephone number is on the fourth.",
        "Rosa Osei-Bonsu",
        (200, 198, 180, 25, None),
        "accepted",
        "Agreed by the board of the trust for all musculoskeletal clinics.",
        "Where to park, whom to ring, what to bring: one page.",
        "You said our letters were too long. They are one page now.",
    ),
    Raised(
        "A phone call when somebody is passed from one clinic to another",
        "Toby",
        "Lower limb MDT",
        4,
        _ABOUT.ACCESS,
        "Five months between two clinics, and each thought the other had me.",
        "Samir Haddad",
        (60, 58, 44, None, None),
        "accepted",
        "Yes, for hips and knees first. We need a person for it until April.",
        public="You said people get lost between clinics. From April somebody will ring.",
    ),
    Raised(
        "Evening clinics for people who work",
        "Mo",
        "Upper limb MDT",
        7,
        _ABOUT.ACCESS,
        "Every appointment is a morning off work, and the fourth one is a talk with your manager.",
        "Dr Abena Mensah",
        (130, 128, 90, None, None),
        "declined",
        "Not this year. Physiotherapy and imaging would have to stay too, and there is no money "
        "for that. We ask again in the spring.",
        public="You asked for evening clinics. We did not, because imaging closes at six and we "
        "cannot pay to keep it open this year. We will ask again in the spring.",
    ),
    Raised(
        "Say who decides when a plan has failed",
        "Brigid",
        "Pain services MDT",
        3,
        _ABOUT.SHARED_DECISIONS,
        "It is never the patient who is asked.",
        "Owen Prosser",
        (82, 80, None, None, None),
        public="You asked who decides when a plan has failed. We do not know yet.",
    ),
    Raised(
        "Ask the porters",
        "Samina",
        "Staff inclusion",
        2,
        _ABOUT.STAFF,
        "In two years of staff listening nobody had asked the porters.",
        "Hannah Castle",
        (100, 99, 92, None, None),
        "accepted",
        "Yes. Three sessions at shift change, with Samina's questions.",
    ),
    Raised(
        "The drawing pad in Kerstin Lindqvist's clinic",
        "Mo",
        "Upper limb MDT",
        4,
        _ABOUT.SHARED_DECISIONS,
        "She draws while she talks and people lean in to look.",
        "Kerstin Lindqvist",
        (18, 17, None, None, None),
        is_ask=False,
    ),
)


@dataclass(frozen=True)
class Story:
    """A story in the bank, with the uses its owner allows and where it was used."""

    partner: str
    title: str
    text: str
    credit: str
    uses: tuple[str, ...]
    take_care: str = ""
    # Days ago.
    written: int = 90
    used: tuple[tuple[str, str, int], ...] = ()


STORIES = (
    Story(
        "Toby",
        "The gap in the drawing",
        "At twenty-nine I had a knee, a team and a plan. Then I had a scan and two clinics. The "
        "first said that the second had my letter. The second said that the first would ring.\n\n"
        "For five months I was on both lists and in nobody's mind. I lost the season, which was "
        "all right, and then the job, which was not. When I finally sat in front of somebody she "
        "asked why I had waited so long.\n\n"
        "I tell this because it was nobody's fault. There were two good clinics and a gap, and I "
        "happened to be standing in it.",
        "Toby, improvement partner",
        (_USE.STAFF, _USE.TEACHING, _USE.DESIGN),
        used=(
            (_USE.TEACHING, "Physiotherapists' learning day", 70),
            (_USE.DESIGN, "Workshop on hand-overs, lower limb", 44),
        ),
    ),
    Story(
        "Brigid",
        "Who holds the pen",
        "For nineteen years I sat on the workers' side of a table. I knew where the power was: it "
        "was in who wrote the minutes. Then my own pain had a table, and I looked for the pen.\n\n"
        "The consultant had it. He was kind. He wrote “patient declined” and I had said “not "
        "yet”. Those are two different lives.\n\n"
        "I asked him to read it back to me. He did, and crossed it out, and wrote what I had said. "
        "It took eleven seconds. Everything since began with those eleven seconds.",
        "Brigid Nolan",
        (_USE.STAFF, _USE.TEACHING, _USE.BOARD, _USE.PUBLIC),
        used=((_USE.BOARD, "Trust board, opening of the September meeting", 61),),
    ),
    Story(
        "Derek",
        "Over my head",
        "For thirty years I ran hotels, and I never once let two of my people talk across a guest. "
        "Then I lay in a bed with a shoulder that would not heal, and two of somebody else's "
        "people did just that. They asked my wife whether I took sugar.\n\n"
        "I rang the bell. When they looked down I said: I am the one who lives here.\n\n"
        "They laughed, and then they sat down. That is all I ask of anybody. Sit down.",
        "A partner of the programme",
        (_USE.TEACHING,),
        "Being treated as if absent",
    ),
)
