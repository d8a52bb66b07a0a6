"""What a new programme begins with having in place; its coordinators change it as they like.

None of it blocks, and there is no DBS check among it: the level must be one that a role allows,
and asking for more is unlawful. Refreshers: safeguarding of adults after three years, information
governance after one, as is usual in the NHS.
"""

from dataclasses import dataclass

from partners.models.requirements import RequirementKind


@dataclass(frozen=True)
class SeedRequirement:
    """Something that has to be in place."""

    name: str
    kind: RequirementKind
    about: str
    valid_months: int | None = None
    evidence_wanted: bool = False


AGREEMENT = "Confidentiality agreement"
REQUIREMENTS = (
    SeedRequirement(
        "Induction",
        RequirementKind.INDUCTION,
        "A first meeting with your coordinator: who is who, how you are paid, what helps you to "
        "take part, and whom to ring.",
    ),
    SeedRequirement(
        AGREEMENT,
        RequirementKind.AGREEMENT,
        "What you learn about patients and staff stays between us. Read it and accept it here.",
    ),
    SeedRequirement(
        "Information governance",
        RequirementKind.TRAINING,
        "A short course on keeping information safe, once a year. If you did it with another "
        "organisation this year, that counts.",
        valid_months=12,
        evidence_wanted=True,
    ),
    SeedRequirement(
        "Safeguarding adults",
        RequirementKind.TRAINING,
        "How to notice that somebody may be at risk, and whom to tell. Every three years. If you "
        "did it with another organisation, that counts.",
        valid_months=36,
        evidence_wanted=True,
    ),
)

AGREEMENT_TEXT = """\
As a partner you will see and hear things about patients, carers and staff. Everybody must be able \
to trust that these stay where they belong.

I will:

- keep to myself what I learn about any person, during my time here and afterwards
- not write down anything from which a patient could be recognised
- not use what I learn here for anything but the work I was asked to do
- keep papers and links safe, and give back or delete them when I am asked to
- tell my coordinator at once if something went wrong, such as a lost paper

I may always:

- tell my own story, in my own words, to whom I like
- raise a concern when I believe that somebody is at risk; this agreement never stands in the way
- ask my coordinator when I am not sure

I know that my coordinators keep a record that I accepted this, and of which version.
"""
