"""Who is on the way in, on a break, or has left. Days are counted back from today."""

from dataclasses import dataclass

from accounts.models import Role
from partners.models import Contribution, Need, Partner, StoryConsent
from pcp_portal.demo.sign_ins import Person
from pcp_portal.demo.told import Story
from pcp_portal.demo.work import OwnWork

_STAGE, _CHANNEL, _USE = Partner.Status, Partner.Channel, StoryConsent.Use
_WORK = Contribution.Kind


@dataclass(frozen=True)
class Coming:
    """Somebody beside the nine: how to reach them, and the stages they came through."""

    name: str
    known_as: str
    # Stage, days ago that it began, the note for the history.
    stages: tuple[tuple[str, int, str], ...]
    # Stage, line of its checklist (from 1), days ago that it was done.
    done: tuple[tuple[str, int, int], ...]
    email: str | None = None
    phone: str = ""
    channel: str = _CHANNEL.EMAIL
    phone_hours: str = ""
    suits: str = ""
    # From life before, in their own words, once somebody has talked with them.
    before: str = ""
    need: tuple[str, str, str] | None = None
    emergency: tuple[str, str, str] | None = None
    # Days ago that they took up their invitation.
    signed_in: int | None = None
    # Days ago, what was said for both, days until the next talk.
    talk: tuple[int, str, int] | None = None

    @property
    def sign_in(self) -> Person | None:
        return Person(Role.PARTNER, self.email, self.name) if self.email else None


GWEN = Coming(
    "Gwen Pritchard",
    "Gwen",
    stages=((_STAGE.ENQUIRY, 3, ""),),
    done=((_STAGE.ENQUIRY, 1, 2),),
    phone="07700 900151",
    channel=_CHANNEL.PHONE,
    phone_hours="Afternoons, once the school bus is back",
)
HARJIT = Coming(
    "Harjit Singh Bains",
    "Harjit",
    stages=(
        (_STAGE.ENQUIRY, 16, ""),
        (_STAGE.CONVERSATION, 9, "He rang back. We talked for half an hour, mostly about bread."),
    ),
    done=(
        (_STAGE.ENQUIRY, 1, 16),
        (_STAGE.ENQUIRY, 2, 14),
        (_STAGE.CONVERSATION, 1, 9),
        (_STAGE.CONVERSATION, 3, 9),
    ),
    email="harjit.bains@example.org",
    phone="07700 900152",
    suits="Any day but Monday, which is for the grandchildren",
    before="Ran a family bakery for thirty years; early mornings, apprentices and hard sums",
    talk=(
        9,
        (
            "He would like to begin with something small, and to sit in on one meeting before he "
            "says yes. We talk again about payment and expenses."
        ),
        21,
    ),
)
MARTA = Coming(
    "Marta Zielińska",
    "Marta",
    stages=(
        (_STAGE.ENQUIRY, 62, ""),
        (_STAGE.CONVERSATION, 55, "Met in the café by the main entrance."),
        (_STAGE.CHECKS, 34, "The form for the check went off the same day."),
    ),
    done=(
        (_STAGE.ENQUIRY, 1, 61),
        (_STAGE.ENQUIRY, 2, 60),
        (_STAGE.CONVERSATION, 1, 55),
        (_STAGE.CONVERSATION, 2, 55),
        (_STAGE.CONVERSATION, 3, 55),
        (_STAGE.CONVERSATION, 4, 55),
        (_STAGE.CHECKS, 2, 33),
        (_STAGE.CHECKS, 3, 33),
    ),
    email="marta.zielinska@example.org",
    phone="07700 900153",
    suits="Mornings, while the children are at school",
    before="Court interpreter, Polish and English; hears what was not said",
    need=(
        Need.Kind.FORMAT,
        "I read English faster than I hear it down a bad line.",
        "Send what was agreed by telephone in writing the same day.",
    ),
    emergency=("Piotr Zieliński", "Husband", "07700 900163"),
)
FRASER = Coming(
    "Fraser Galbraith",
    "Fraser",
    stages=(
        (_STAGE.ENQUIRY, 90, ""),
        (_STAGE.CONVERSATION, 83, ""),
        (_STAGE.CHECKS, 66, ""),
        (_STAGE.INDUCTION, 6, "All that was asked for is here."),
    ),
    done=(
        (_STAGE.ENQUIRY, 1, 89),
        (_STAGE.ENQUIRY, 2, 88),
        (_STAGE.CONVERSATION, 1, 83),
        (_STAGE.CONVERSATION, 2, 83),
        (_STAGE.CONVERSATION, 3, 83),
        (_STAGE.CONVERSATION, 4, 83),
        (_STAGE.CHECKS, 1, 7),
        (_STAGE.CHECKS, 2, 60),
        (_STAGE.CHECKS, 3, 60),
        (_STAGE.CHECKS, 4, 58),
        (_STAGE.INDUCTION, 1, 5),
        (_STAGE.INDUCTION, 3, 4),
        (_STAGE.INDUCTION, 4, 5),
    ),
    email="fraser.galbraith@example.org",
    phone="07700 900154",
    suits="Wednesdays, and most evenings",
    before="Ferry engineer; reads a manual for pleasure and writes the better one",
    emergency=("Isla Galbraith", "Sister", "07700 900164"),
    signed_in=4,
)
ARRIVING = (GWEN, HARJIT, MARTA, FRASER)

DELROY = Coming(
    "Delroy Francis",
    "Delroy",
    stages=(
        (_STAGE.ACTIVE, 365, ""),
        (_STAGE.ON_BREAK, 40, "Moving house. Back in the spring, and glad to be asked then."),
    ),
    done=((_STAGE.ACTIVE, 1, 245), (_STAGE.ON_BREAK, 1, 38), (_STAGE.ON_BREAK, 2, 38)),
    phone="07700 900155",
    channel=_CHANNEL.PHONE,
    phone_hours="Before nine, or leave a message",
    suits="Weekends, from the spring",
    before="Bus driver and shop steward; knows how a timetable treats people",
)
EILEEN = Coming(
    "Eileen Marchbank",
    "Eileen",
    stages=(
        (_STAGE.ACTIVE, 365, ""),
        (_STAGE.STEPPING_DOWN, 152, "Moving to be near her daughter."),
    ),
    done=(
        (_STAGE.ACTIVE, 1, 255),
        (_STAGE.STEPPING_DOWN, 1, 152),
        (_STAGE.STEPPING_DOWN, 2, 140),
        (_STAGE.STEPPING_DOWN, 3, 145),
        (_STAGE.STEPPING_DOWN, 4, 134),
        (_STAGE.STEPPING_DOWN, 5, 131),
    ),
    email="eileen.marchbank@example.org",
    phone="07700 900156",
    suits="Afternoons",
    before="Postwoman for thirty-one years; doors, dogs and weather",
    signed_in=365,
)
HERE = (DELROY, EILEEN)
# Days ago that Eileen gave her story, and that she left; what she wrote was erased a month on.
GAVE, LEFT, ERASED = 133, 130, 99
GIVEN_STORY = Story(
    "Eileen",
    "The second question",
    "I was a postwoman for thirty-one years, so I know about doors. You learn which of them will "
    "open before you knock.\n\n"
    "At the clinic the first question was always the same. What is the matter? I had my answer "
    "ready, and it was never the right one, because there was a box for it and I did not fit in "
    "the box.\n\n"
    "Then a young physiotherapist asked a second question. What would you be doing this morning, "
    "if you were not here? I said I would be at the allotment, quarrelling with Ken about leeks. "
    "She wrote down leeks.\n\n"
    "Everything we did after that was about getting me back to the leeks. It took until June. Ken "
    "says they are too close together. So I know that I am better.",
    "Eileen, who brought the post",
    (_USE.STAFF, _USE.TEACHING),
    written=300,
    used=(
        (_USE.TEACHING, "First-year physiotherapists, “Asking well”", 290),
        (_USE.TEACHING, "Induction of new physiotherapists, autumn", 62),
    ),
)
OWN_WORK = (
    OwnWork("Eileen", 318, _WORK.TALK, 90, "Talk to first-year physiotherapists"),
    OwnWork("Eileen", 290, _WORK.TALK, 90, "Told “The second question” at “Asking well”"),
    OwnWork("Delroy", 200, _WORK.READING, 60, "Comments on how to get here by bus"),
)

# Of the nine, whose first talk after three months was held.
FIRST_TALKS = ("Mo", "Gareth", "Samina", "Ines", "Toby", "Brigid")

# Partner, days ago, what it is about, what would be right; the answer: days ago, put right or not.
CORRECTIONS = (
    (
        "Gareth",
        41,
        "My surname on letters",
        "The envelope says Mr Davies. It is Pugh-Davies, both halves and the hyphen.",
        (39, True, "The labels say Pugh-Davies from today. Sorry, and thank you for telling us."),
    ),
    (
        "Brigid",
        70,
        "The hours of the dignity panel",
        "It stands there as three hours. With the taxi there and back it was five.",
        (
            66,
            False,
            (
                "The three hours are the panel itself, so they stay. The journey is paid as an "
                "expense, and your taxi is on the claim. Ring me if you see it otherwise."
            ),
        ),
    ),
    (
        "Derek",
        2,
        "A word in the history of the forum",
        "I never resigned from the patient forum. I finished there, and moved on to the teams.",
        None,
    ),
)

# Who asked for a copy of what is held about them, yesterday.
COPY_FOR = "Jun"
