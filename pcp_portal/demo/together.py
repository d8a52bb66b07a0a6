"""What the fictional people decide and learn together. Days are counted back from today."""

ROUND_TITLE = "What shall we work on next year?"
ROUND_QUESTION = (
    "We can take on one large thing and perhaps a second. What would make the most difference to "
    "the people who come to our clinics?"
)
# Title, why it matters, who proposed it.
PROPOSALS = (
    (
        "Somebody to ring when you are between clinics",
        "Between two clinics you belong to nobody. One number, one name.",
        "Toby",
    ),
    (
        "Evening appointments once a week",
        "Every appointment costs a morning's pay. Those who cannot lose it do not come.",
        "Mo",
    ),
    (
        "Letters in other languages and in Easy Read",
        "One page is good. One page you can read is better.",
        "Gareth",
    ),
    (
        "Rest rooms where you can lie down",
        "Some of us cannot sit for an hour and then decide about the rest of our lives.",
        "Ines",
    ),
    (
        "Carers asked by name",
        "We are in every waiting room and on no list.",
        "Samina",
    ),
)
# Who ranks what, best first, by number in PROPOSALS.
BALLOTS = {
    "Mo": (1, 0, 2),
    "Gareth": (2, 0, 1),
    "Samina": (4, 0, 3),
    "Derek": (0, 1, 2, 3, 4),
    "Ines": (3, 0, 4),
    "Toby": (0, 1),
    "Jun": (2, 0, 1, 4),
    "Brigid": (0, 4, 3),
}
ANSWERS = (
    (
        0,
        (
            "The lower limb team plans a named person from April; the appointment letters project "
            "writes the card with the number."
        ),
    ),
)
ROUND_NOW = "What should the celebration evening be remembered for?"
ROUND_NOW_QUESTION = (
    "The Town Hall is booked. Tell us what should happen there. Everybody votes next month."
)
PROPOSALS_NOW = (
    ("Clinicians say what they changed", "Not what they felt. What they changed.", "Brigid"),
    ("A wall of thank-yous", "People never see what is written about them.", "Derek"),
)
ADVICE = (
    0,
    (
        "Good, but ask who answers when the named person is on leave. A number without a person is "
        "the gap again."
    ),
    "taken",
    "Two people share the number, and the rota is on the card.",
)
CHALLENGERS = ("Brigid", "Samina", "Derek")

# Title, about, kind, minutes, link, roles.
LEARNING = (
    (
        "Telling your story on purpose",
        "Choosing what to tell, to whom and for what, and how to stop when it is too much.",
        "core",
        120,
        "",
        ("Sharing experience",),
    ),
    (
        "How a committee works",
        "Papers, minutes, actions, and how to make a point that is still there next month.",
        "context",
        90,
        "",
        ("Governance adviser",),
    ),
    (
        "Fair recruitment panels",
        "Scoring what was said, and noticing what we bring to the table ourselves.",
        "context",
        90,
        "",
        ("Recruitment panel",),
    ),
    (
        "Walking beside somebody",
        "Listening, boundaries, and when to pass it on.",
        "core",
        150,
        "",
        ("Mentor", "Peer support"),
    ),
    (
        "Reading a research protocol",
        "What a lay member looks for, in an hour and with a pencil.",
        "context",
        60,
        "https://example.org/learning/reading-a-protocol",
        ("Research",),
    ),
)

# Partner, days ago, the shared part, the part for the author, next time in days.
CHECK_INS = (
    (
        "Ines",
        30,
        (
            "Going well, and tired. We agreed on one meeting a week at most until January, and "
            "that saying so is enough."
        ),
        "Worth asking about the travel claim again; she had not known that taxis count.",
        45,
    ),
    (
        "Samina",
        21,
        "Her mother comes first this month. We stopped the committee until she says otherwise.",
        "Find somebody to share the survey coding.",
        14,
    ),
    (
        "Mo",
        60,
        "Wants to chair. We begin with the ten minutes on letters in the upper limb MDT.",
        "",
        30,
    ),
)
