"""How clinics are spoken of, on pages, in messages and in the ledger alike."""

from accounts.models import Team


def the_team(team: Team) -> str:
    """ "the upper limb team": names begin small in a sentence, but for those like MSK."""
    name = team.name
    if name[:2].istitle() or len(name) < 2:
        name = name[:1].lower() + name[1:]
    return f"the {name}" if name.lower().endswith(" team") else f"the {name} team"
