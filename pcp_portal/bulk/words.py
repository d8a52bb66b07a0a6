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
FROZEN_ASSETS = (
    "Twenty years in a school office; plain writing",
    "Ran a small shop; knows what customers do not say",
    "Site foreman; reads plans and people",
    "Librarian; finds things out",
)
JEWELS = (
    "Learned to ask for help, late",
    "Knows what a flare costs at work",
    "Has been discharged by letter, twice",
    "Carer for a parent through two operations",
)
# What partners do between meetings: kind, title, minutes.
OWN_WORK = (
    ("reading", "Read the papers for {}", 180),
    ("project", "{}: project meeting", 90),
    ("panel", "{}: expert panel", 360),
    ("writing", "{}: comments on a leaflet", 60),
    ("observation", "{}: clinic observation", 210),
)
