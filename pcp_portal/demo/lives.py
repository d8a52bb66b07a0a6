"""What the fictional people need, care about and want. Days are counted from today."""

from dataclasses import dataclass

from partners.models import Need, Visibility

_NEED = Need.Kind
_ME, _COORDINATORS, _STAFF = Visibility.values


@dataclass(frozen=True)
class Life:
    """A partner beside their work: pacing, needs, passions, priorities, roles."""

    say_name: str = ""
    channel: str = "email"
    phone_hours: str = ""
    address: str = ""
    # Hours, and whether a week or a month; longest stint in minutes; rest days after it.
    hours: tuple[int, str] | None = None
    longest: int | None = None
    rest: int | None = None
    suits: str = ""
    # Kind, own words, what the organiser should do (shared when not empty).
    needs: tuple[tuple[str, str, str], ...] = ()
    # First and last day from today, None for open.
    pause: tuple[int, int | None] | None = None
    emergency: tuple[str, str, str] | None = None
    # Own words, visibility, themes.
    passions: tuple[tuple[str, str, tuple[str, ...]], ...] = ()
    # Own words, visibility, days ago it was reached.
    priorities: tuple[tuple[str, str, int | None], ...] = ()
    # Role, days ago it began, days ago it ended, where.
    roles: tuple[tuple[str, int, int | None, str], ...] = ()
    wishes: tuple[str, ...] = ()


LIVES: dict[str, Life] = {
    "Mo": Life(
        say_name="moh, as in moment",
        hours=(6, "week"),
        longest=210,
        rest=1,
        suits="Tuesdays and Wednesdays; never before ten",
        needs=(
            (
                _NEED.FORMAT,
                "My eyes tire long before I do. Small print ends the meeting for me.",
                "Send papers in large print, 18 point, two days before.",
            ),
            (
                _NEED.SITTING,
                "My hands and hips stiffen when I sit too long.",
                "Stop for five minutes in every hour, and say at the start that you will.",
            ),
        ),
        emergency=("Ngozi Okafor", "Daughter", "07700 900131"),
        passions=(
            (
                "Work, and staying in it: what a manager could have said to me and did not.",
                _STAFF,
                ("Return to work",),
            ),
            ("Clinics that run late and tell nobody why.", _STAFF, ("Waiting and access",)),
        ),
        priorities=(
            ("Chair a meeting this year, a small one.", _COORDINATORS, None),
            ("Get through a whole winter without cancelling.", _ME, 240),
        ),
        roles=(
            ("Sharing experience", 2400, 1500, "Physio learning days"),
            ("Improvement partner", 1500, None, "Upper limb"),
            ("Recruitment panel", 400, None, ""),
        ),
        wishes=("Mentor",),
    ),
    "Gareth": Life(
        hours=(10, "month"),
        longest=150,
        suits="Mornings, term time best",
        needs=(
            (
                _NEED.SITTING,
                "Two new hips, neither fond of low chairs.",
                "A chair with arms, not a sofa.",
            ),
        ),
        emergency=("Bethan Davies", "Wife", "07700 900132"),
        passions=(
            ("Plain words. A letter is a kindness or it is a wall.", _STAFF, ("Information",)),
        ),
        priorities=(("See every clinic letter of ours on one page.", _STAFF, None),),
        roles=(("Improvement partner", 1900, None, "Lower limb"),),
        wishes=("Education",),
    ),
    "Samina": Life(
        say_name="sa-MEE-na",
        hours=(8, "month"),
        longest=45,
        rest=2,
        suits="When my mother's carer is here: Monday to Thursday, ten to three",
        needs=(
            (
                _NEED.ENERGY,
                "After three quarters of an hour I hear the words and not the meaning.",
                "A break every 45 minutes.",
            ),
        ),
        pause=(-20, 12),
        emergency=("Imran Rahman", "Brother", "07700 900133"),
        passions=(
            (
                "Carers, who are in every waiting room and on no list.",
                _STAFF,
                ("Families and carers", "Equality"),
            ),
        ),
        priorities=(("Write one paper that my old department would read.", _ME, None),),
        roles=(
            ("Research", 1700, None, "Survey and acupuncture study"),
            ("Governance adviser", 500, None, "Staff inclusion"),
        ),
    ),
    "Derek": Life(
        hours=(12, "month"),
        longest=180,
        suits="Any day but Friday",
        needs=(
            (
                _NEED.COMMUNICATION,
                "Left ear for show, right ear with an aid.",
                "Switch the hearing loop on, and one person at a time.",
            ),
        ),
        emergency=("Joan Whitlock", "Wife", "01632 960134"),
        passions=(
            ("How people are met at the door. The rest follows.", _STAFF, ("Waiting and access",)),
        ),
        priorities=(("Make a good job of the celebration.", _STAFF, None),),
        roles=(
            ("Governance adviser", 2300, 900, "Patient forum"),
            # In any direction: from advising back to the work itself.
            ("Improvement partner", 900, None, "Upper limb and pain"),
        ),
    ),
    "Ines": Life(
        say_name="ee-NESH",
        hours=(4, "week"),
        longest=90,
        rest=3,
        suits="Afternoons, online",
        needs=(
            (
                _NEED.GETTING_IN,
                "A journey costs me the day after as well.",
                "Let me join online, camera off if need be.",
            ),
            (_NEED.ENERGY, "Fog some days. I may ask for the same thing twice.", ""),
        ),
        emergency=("Paulo Carvalho", "Partner", "07700 900135"),
        passions=(
            ("Evidence that patients can find and read.", _STAFF, ("Research", "Information")),
        ),
        priorities=(("Say out loud in a meeting that today is a bad day.", _COORDINATORS, 75),),
        roles=(("Research", 1600, None, "Acupuncture study"),),
        wishes=("Peer support", "Recruitment panel"),
    ),
    "Toby": Life(
        channel="phone",
        phone_hours="Evenings after seven",
        hours=(2, "week"),
        longest=420,
        suits="Early mornings or evenings",
        emergency=("Folake Adeyemi", "Sister", "07700 900136"),
        passions=(
            ("Young men and sport injuries: nobody told me grief was part of it.", _STAFF, ()),
        ),
        priorities=(("Help one person not to fall into the gap I fell into.", _STAFF, 30),),
        roles=(
            ("Sharing experience", 1400, None, "Learning days"),
            ("Improvement partner", 700, None, "Lower limb"),
        ),
        wishes=("Mentor", "Peer support"),
    ),
    "Pauline": Life(
        channel="post",
        phone_hours="Before noon",
        address="14 Kemp Gardens\nBrighton\nBN1 0AA",
        hours=(4, "month"),
        longest=120,
        rest=2,
        suits="Mornings",
        needs=(
            (
                _NEED.FORMAT,
                "I have no e-mail and do not want one.",
                "Letters by post, a week before, or ring before noon.",
            ),
            (
                _NEED.GETTING_IN,
                "I fell twice last year. Stairs are out.",
                "Ground floor, and somebody to walk with from the taxi.",
            ),
        ),
        emergency=("Ruth Hargreaves", "Niece", "01273 555 0147"),
        passions=(("Not being talked over.", _STAFF, ("Shared decisions",)),),
        roles=(("Sharing experience", 1850, None, "Physiotherapy"),),
    ),
    "Jun": Life(
        say_name="joon",
        hours=(5, "week"),
        longest=180,
        suits="Weekday evenings; not the first hour of the day",
        needs=(
            (
                _NEED.FORMAT,
                "I read with NVDA.",
                "Word or HTML, not a scanned PDF; describe the pictures.",
            ),
        ),
        emergency=("Hana Watanabe", "Mother", "07700 900138"),
        passions=(
            ("Numbers that everybody can read, by eye or by ear.", _STAFF, ("Digital",)),
            ("Sleep, and who is awake with pain at four.", _COORDINATORS, ("Pain", "Fatigue")),
        ),
        priorities=(("Publish the survey charts with their data.", _STAFF, None),),
        roles=(("Research", 1500, None, "Patient survey"),),
        wishes=("Governance adviser",),
    ),
    "Brigid": Life(
        hours=(10, "month"),
        longest=120,
        rest=1,
        suits="Thursdays and Fridays",
        needs=(
            (
                _NEED.GETTING_IN,
                "I come in a wheelchair by taxi.",
                "A parking space by the door and a room without steps; tell the desk that I come.",
            ),
        ),
        emergency=("Maeve Nolan", "Sister", "07700 900139"),
        passions=(("Power: who has it, who says so.", _STAFF, ("Equality", "Shared decisions")),),
        priorities=(("Finish “Ten questions to ask about power”.", _STAFF, None),),
        roles=(
            ("Governance adviser", 2100, None, "Staff inclusion"),
            ("Sharing experience", 2100, None, "Pain services"),
        ),
    ),
}
