"""What the invented people are called, bring, need and say."""

FIRST_NAMES = (
    "Maureen", "Gareth", "Samina", "Derek", "Ines", "Tobias", "Pauline", "Jun", "Brigid",
    "Aisha", "Callum", "Dorothy", "Emeka", "Farah", "Graham", "Harriet", "Imran", "Joan",
    "Kwame", "Leila", "Malcolm", "Nadia", "Oliver", "Priya", "Quentin", "Rosalind",
    "Stefan", "Tamara", "Usman", "Vera", "Winston", "Xiu", "Yusuf", "Zofia", "Agnes",
    "Bernard", "Chidi", "Deborah", "Edwin", "Fiona",
)  # fmt: skip
SURNAMES = (
    "Okafor", "Pugh", "Rahman", "Whitlock", "Carvalho", "Adeyemi", "Hargreaves", "Watanabe",
    "Nolan", "Begum", "Chaudhry", "Dunmore", "Ellery", "Fairweather", "Gaskell", "Holloway",
    "Iqbal", "Jephcott", "Kowalski", "Lindqvist", "Marchetti", "Nkemelu", "Osei",
    "Penhaligon", "Quigley", "Ravenscroft", "Sandhu", "Thackeray", "Umarov", "Vickers",
    "Wolstenholme", "Yilmaz", "Zielinski", "Abernathy", "Blenkinsop", "Cattermole",
    "Drummond", "Entwistle", "Fothergill", "Grimshaw",
)  # fmt: skip
SUBJECTS = (
    "Upper limb", "Lower limb", "Pain services", "Physiotherapy", "Spinal", "Hand therapy",
    "Rheumatology", "Podiatry", "Falls prevention", "Community rehabilitation",
)  # fmt: skip
REFLECTIONS = (
    "They changed the letter while we were still in the room.",
    "I said what nobody else at the table could have known, and it was written down.",
    "A long meeting, but the last ten minutes made it worth the journey.",
    "Next time I shall ask for the papers a week earlier.",
)
ACCESS_NEEDS = (
    "Large print (18pt)",
    "Hearing loop",
    "Needs breaks every 45 minutes",
    "Wheelchair access; parking by the door",
)
# {}: how many years. A word of the first list is in 1 of 40 of these, "years" in all of them.
FROZEN_ASSETS = tuple(
    f"{{}} years as a {job}; {what}"
    for job in (
        "school secretary", "shopkeeper", "site foreman", "librarian", "bus driver", "head chef",
        "piano teacher", "call centre manager", "midwife", "carpenter", "translator", "accountant",
        "lifeguard", "beekeeper", "journalist", "surveyor", "tailor", "locksmith", "gardener",
        "radio producer", "town planner", "baker", "nursery nurse", "electrician", "postmaster",
        "mediator", "statistician", "hairdresser", "farmer", "firefighter", "illustrator",
        "trade union officer", "hotel porter", "typesetter", "fundraiser", "chemist", "diver",
        "youth worker", "stage manager", "harbour master",
    )
    for what in (
        "plain writing", "knows what customers do not say", "reads plans and people",
        "finds things out", "keeps a budget", "runs a meeting to time", "calms a queue",
    )
)  # fmt: skip
JEWELS = tuple(
    f"{what} {where}"
    for what in (
        "Learned to ask for help, late,", "Knows what a flare costs", "Was discharged by letter",
        "Cared for a parent through two operations", "Waited a year for a scan",
        "Explains fatigue to people", "Learned to say no", "Found words for pain",
    )
    for where in (
        "at work", "at home", "in the clinic", "on the ward", "on the telephone", "by the pool",
        "with small children", "among friends", "in a second language", "after a fall",
    )
)  # fmt: skip
PASSIONS = (
    "Waiting rooms in which people can rest", "Letters that can be understood",
    "Hydrotherapy close to home", "Parking for people who cannot walk far",
    "Being heard the first time", "Young people with arthritis", "Work that bends with illness",
    "Carers as part of the team", "Appointments by telephone that work", "Splints that fit",
    "Exercise that is fun",
)  # fmt: skip
# What partners do between meetings: kind, title, minutes.
OWN_WORK = (
    ("reading", "Read the papers for {}", 180),
    ("project", "{}: project meeting", 90),
    ("panel", "{}: expert panel", 360),
    ("writing", "{}: comments on a leaflet", 60),
    ("observation", "{}: clinic observation", 210),
)
