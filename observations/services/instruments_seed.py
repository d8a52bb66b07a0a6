"""The instruments that a programme begins with; its coordinators change them as they like.

One was written for this project, in words of our own, and belongs to everybody (CC0). Of the
others there is only the structure: how many items, which marks, how they are scored. Their wording
belongs to their authors; a programme that is allowed to use it types it in.

Sources of the structures: the instruments' own papers, named with each of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

_SUM, _MEAN, _TOP = "sum_100", "mean", "top"


@dataclass(frozen=True)
class SeedItem:
    """One thing that is rated."""

    short: str
    text: str = ""
    help: str = ""


@dataclass(frozen=True)
class SeedScale:
    """A score: its name, its rule, and the numbers of the items that count."""

    name: str
    rule: str
    items: Sequence[int]


@dataclass(frozen=True)
class SeedInstrument:
    """An instrument with its first version."""

    key: str
    name: str
    about: str
    licence: str
    licence_url: str
    attribution: str
    may_display: bool
    may_edit: bool
    needs_acceptance: bool
    lowest: int
    highest: int
    items: Sequence[SeedItem]
    scales: Sequence[SeedScale]
    anchors: Sequence[str] = ()


def _numbered(count: int) -> tuple[SeedItem, ...]:
    return tuple(SeedItem(f"Item {number}") for number in range(1, count + 1))


OWN = SeedInstrument(
    key="deciding-together",
    name="Deciding Together",
    about=(
        "For partners and peers who sit in a clinic and watch how a decision is shared. It asks "
        "what the clinician did, not whether the decision was the right one.\n\n"
        "Rate what you saw and heard, one item at a time, as soon as the consultation is over. "
        "If there was no decision to share, say so: then nothing is rated. It was written for "
        "this portal and nobody has studied it yet, so read its scores as the start of a "
        "conversation."
    ),
    licence="CC0 1.0",
    licence_url="https://creativecommons.org/publicdomain/zero/1.0/",
    attribution="",
    may_display=True,
    may_edit=True,
    needs_acceptance=False,
    lowest=0,
    highest=4,
    anchors=(
        "Not seen",
        "Hinted at",
        "Done simply",
        "Done well",
        "Done so well that others could learn from it",
    ),
    items=(
        SeedItem(
            "A real choice",
            "Said that there is a real choice to make, and that the person has a part in making "
            "it.",
            "Listen for words that open the choice: “there is more than one way to go from "
            "here”, “this is something we decide together”. It counts for more when the "
            "clinician says why there is a choice, and waits to see that the person has taken "
            "it in.\n\nA plan that is announced, with “is that all right?” at the end, is a "
            "hint at most.",
        ),
        SeedItem(
            "The options",
            "Laid out the options, with waiting or doing nothing among them.",
            "Look for each option to be named and told apart from the others, so that you could "
            "list them yourself afterwards. Waiting, watching or doing nothing is an option too, "
            "and so is what the person came to ask for.\n\nOne option in full and the others in "
            "passing is not an even hand.",
        ),
        SeedItem(
            "What each may bring",
            "Told what each option may bring, good and bad, and how sure that is, in words this "
            "person could use.",
            "Listen for benefits and harms of the same option, for what it would mean from day "
            "to day, and for honest words such as “we do not know”. Numbers help when they are "
            "plain: 10 people in 100, and not a percentage alone.\n\nWould this person, and not "
            "only you, have understood it? A leaflet that is handed over and not talked about is "
            "a hint.",
        ),
        SeedItem(
            "What matters",
            "Asked what matters to this person, and listened to the answer.",
            "Look for open questions about hopes, worries, work, family or daily life, asked "
            "before a recommendation is made. Listening shows: time to answer, no "
            "interruption, the person’s own words picked up again.\n\n“Any questions?” at the "
            "door does not ask what matters.",
        ),
        SeedItem(
            "Used in the decision",
            "Used what matters to this person in reaching the decision.",
            "Listen for the link: “because you want to keep driving, …”. The decision, or the "
            "plan to decide later, should fit what the person said, and you should be able to "
            "say how.\n\nIf the person’s wishes were asked for and then made no difference, "
            "mark the item before this one and not this one.",
        ),
        SeedItem(
            "Understood and agreed",
            "Checked what was understood, and agreed what happens next.",
            "Look for the person to be asked to say in their own words what was decided, as a "
            "check on the explaining and not on them. Both should know who does what next, by "
            "when, and how to come back if they change their mind.\n\nA nod is not a check.",
        ),
        SeedItem(
            "Sharing the power",
            "Made room for the person to talk, to disagree, or to take time.",
            "Notice who talks and who is cut short; whether “I am not sure” or “no” was welcome; "
            "whether somebody who came along spoke with the person or instead of them. Time to "
            "think may be a minute of silence or a second appointment.\n\nA person who wants "
            "the clinician to choose may say so. Was that asked, or taken for granted?",
        ),
        SeedItem(
            "Dignity and warmth",
            "Treated the person with dignity and warmth, and responded when they were vulnerable.",
            "Notice greeting and names, eyes on the person and not on the screen, asking before "
            "touching, care for privacy. When fear, pain, tears or embarrassment showed, what "
            "happened next? It may be one sentence, or a pause.\n\nIf nobody was visibly "
            "vulnerable, rate the dignity and warmth you saw.",
        ),
    ),
    scales=(
        SeedScale("Sharing the decision", _SUM, (1, 2, 3, 4, 5, 6)),
        SeedScale("Relationship", _SUM, (7, 8)),
    ),
)

_ASK = "Not established: ask the authors"
_TYPE_IN = (
    "The wording is not here: it belongs to the authors. If they allow your programme to use it, "
    "type it in from their own copy."
)

OPTION_5 = SeedInstrument(
    key="option-5",
    name="Observer OPTION-5",
    about=f"Five items that an observer rates, from a recording as a rule. {_TYPE_IN}",
    licence=_ASK,
    licence_url="",
    attribution="Elwyn, Tsulukidze, Edwards, Légaré and Newcombe, 2013",
    may_display=False,
    may_edit=False,
    needs_acceptance=True,
    lowest=0,
    highest=4,
    items=_numbered(5),
    scales=(SeedScale("Total", _SUM, range(1, 6)),),
)
OPTION_12 = SeedInstrument(
    key="option-12",
    name="Observer OPTION-12",
    about=f"Twelve items that an observer rates, from a recording as a rule. {_TYPE_IN}",
    licence=_ASK,
    licence_url="",
    attribution="Elwyn, Edwards, Wensing, Hood, Atwell and Grol, 2003; revised 2005",
    may_display=False,
    may_edit=False,
    needs_acceptance=True,
    lowest=0,
    highest=4,
    items=_numbered(12),
    scales=(SeedScale("Total", _SUM, range(1, 13)),),
)
COLLABORATE = SeedInstrument(
    key="collaborate",
    name="collaboRATE",
    about=(
        "Three questions that the person who was seen answers in private, within a day or two. "
        "Its authors ask for 25 complete answers before anything is reported, and leave out "
        "those with a question unanswered. It may be shown unaltered, with its authors named, "
        f"and not for gain. {_TYPE_IN}"
    ),
    licence="CC BY-NC-ND 3.0",
    licence_url="https://creativecommons.org/licenses/by-nc-nd/3.0/",
    attribution="Elwyn, Barr, Grande, Thompson, Walsh and Ozanne, 2013",
    may_display=True,
    may_edit=False,
    needs_acceptance=True,
    lowest=0,
    highest=9,
    items=_numbered(3),
    scales=(SeedScale("Top score", _TOP, (1, 2, 3)), SeedScale("Mean score", _MEAN, (1, 2, 3))),
)
SDM_Q_9 = SeedInstrument(
    key="sdm-q-9",
    name="SDM-Q-9",
    about=(
        "Nine statements that the person who was seen answers straight after the visit, where "
        f"there was a decision that depends on what people prefer. {_TYPE_IN}"
    ),
    licence=_ASK,
    licence_url="",
    attribution="Kriston, Scholl, Hölzel, Simon, Loh and Härter, 2010",
    may_display=False,
    may_edit=False,
    needs_acceptance=True,
    lowest=0,
    highest=5,
    items=_numbered(9),
    scales=(SeedScale("Total", _SUM, range(1, 10)),),
)
INSTRUMENTS = (OWN, OPTION_5, OPTION_12, COLLABORATE, SDM_Q_9)
