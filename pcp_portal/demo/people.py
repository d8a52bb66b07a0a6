"""Who the fictional people are. Nobody here exists; every address ends in example.org."""

from dataclasses import dataclass
from datetime import date

from accounts.models import Role
from partners.models import Expertise
from payments.models import PaymentChoice
from pcp_portal.demo.comings import ARRIVING
from pcp_portal.demo.sign_ins import Person

COORDINATOR = Person(Role.COORDINATOR, "hannah.castle@example.org", "Hannah Castle")
FINANCE = Person(Role.FINANCE, "vikram.sethi@example.org", "Vikram Sethi")
STAFF = (
    Person(Role.CLINICAL_LEAD, "abena.mensah@example.org", "Dr Abena Mensah", "Upper limb"),
    Person(Role.CLINICIAN, "kerstin.lindqvist@example.org", "Kerstin Lindqvist", "Upper limb"),
    Person(Role.PEER_OBSERVER, "tomas.brandt@example.org", "Tomas Brandt", "Upper limb"),
    Person(Role.STAFF, "rosa.osei-bonsu@example.org", "Rosa Osei-Bonsu"),
    Person(Role.CLINICAL_LEAD, "samir.haddad@example.org", "Samir Haddad", "Lower limb"),
)
# Who hears of concerns.
CONCERNS = STAFF[0]
# Invited three days ago, and has not followed the link yet.
INVITED = Person(Role.CLINICAL_LEAD, "owen.prosser@example.org", "Owen Prosser", "Pain services")

_ALL = PaymentChoice.Choice
_ME, _COORDINATORS, _STAFF = Expertise.Visibility.values


@dataclass(frozen=True)
class Partner:
    """A partner of the demo. Days are told as on 1 November 2019 and moved to the demo's year."""

    name: str
    known_as: str
    email: str | None
    phone: str
    joined_on: date
    dbs_expires_on: date | None
    before: str
    since: str
    since_shared: str
    access_needs: str = ""
    choice: str = _ALL.TAKE
    percent: int = 100

    @property
    def sign_in(self) -> Person | None:
        return Person(Role.PARTNER, self.email, self.name) if self.email else None


PARTNERS = (
    Partner(
        "Maureen Okafor",
        "Mo",
        "mo.okafor@example.org",
        "07700 900101",
        date(2018, 3, 12),
        date(2021, 3, 1),
        "HR director in local government; workforce planning",
        "Ten years with rheumatoid arthritis; knows what “flare” costs at work",
        _STAFF,
        "Large print (18pt)",
    ),
    Partner(
        "Gareth Pugh-Davies",
        "Gareth",
        "gareth.pd@example.org",
        "07700 900102",
        date(2018, 6, 4),
        date(2021, 6, 1),
        "Secondary school teacher; plain writing",
        "Two hip replacements; learned to ask for help",
        _STAFF,
    ),
    Partner(
        "Samina Rahman",
        "Samina",
        "samina.rahman@example.org",
        "07700 900103",
        date(2019, 1, 21),
        date(2022, 1, 10),
        "Qualitative researcher",
        "Carer for her mother; chronic back pain",
        _COORDINATORS,
        "Needs breaks every 45 minutes",
        _ALL.DECLINE,
    ),
    Partner(
        "Derek Whitlock",
        "Derek",
        "derek.whitlock@example.org",
        "07700 900104",
        date(2017, 11, 6),
        date(2020, 11, 1),
        "Hotel manager; hosting and chairing",
        "Persistent shoulder pain; mistrust earned and repaired",
        _COORDINATORS,
        "Hearing loop",
    ),
    Partner(
        "Ines Carvalho",
        "Ines",
        "ines.carvalho@example.org",
        "07700 900105",
        date(2019, 4, 8),
        None,
        "Librarian; literature searching",
        "Fibromyalgia; leading with vulnerability",
        _ME,
        "Online meetings preferred",
        _ALL.PART,
        50,
    ),
    Partner(
        "Tobias Adeyemi",
        "Toby",
        "t.adeyemi@example.org",
        "07700 900106",
        date(2019, 9, 2),
        date(2022, 9, 1),
        "Amateur rugby coach; motivating others",
        "Knee injury at 29; pathway that lost him twice",
        _STAFF,
    ),
    Partner(
        "Pauline Hargreaves",
        "Pauline",
        None,
        "01273 555 0107",
        date(2018, 9, 17),
        date(2021, 9, 1),
        "Magistrate",
        "Osteoporosis; falls; being talked over",
        _COORDINATORS,
        "No e-mail: letters by post, or phone before noon",
        _ALL.DONATE,
    ),
    Partner(
        "Jun Watanabe-Cole",
        "Jun",
        "jun.wc@example.org",
        "07700 900108",
        date(2019, 10, 14),
        date(2022, 10, 1),
        "Data analyst",
        "Ankylosing spondylitis; sleepless research",
        _STAFF,
        "Screen reader (NVDA)",
    ),
    Partner(
        "Brigid Nolan",
        "Brigid",
        "brigid.nolan@example.org",
        "07700 900109",
        date(2018, 2, 5),
        date(2019, 11, 22),
        "Union representative",
        "Complex regional pain; power and who holds it",
        _STAFF,
        "Wheelchair access; parking by the door",
    ),
)


def sign_ins() -> list[Person]:
    """Everybody of the demo who signs in; partners without an e-mail address do not."""
    here = [one.sign_in for one in PARTNERS if one.sign_in]
    new = [one.sign_in for one in ARRIVING if one.sign_in and one.signed_in]
    partners = [*here, *new]
    return [COORDINATOR, *partners[:1], *STAFF, FINANCE, *partners[1:]]
