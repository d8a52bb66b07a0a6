"""What each field of this app says about a person."""

from accounts.privacy import Sensitivity
from partners.privacy import (
    codesign,
    conflicts,
    expertise,
    impact,
    learning,
    my_data,
    pathway,
    portfolio,
    profile,
    register,
    requirements,
    stories,
    support,
)

FIELDS: dict[str, dict[str, Sensitivity]] = {
    **register.FIELDS,
    **profile.FIELDS,
    **expertise.FIELDS,
    **portfolio.FIELDS,
    **codesign.FIELDS,
    **pathway.FIELDS,
    **learning.FIELDS,
    **requirements.FIELDS,
    **support.FIELDS,
    **impact.FIELDS,
    **stories.FIELDS,
    **my_data.FIELDS,
    **conflicts.FIELDS,
}
