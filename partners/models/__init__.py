from partners.models.contribution import Contribution, ContributionHistory
from partners.models.partner import Expertise, Partner
from partners.models.register import RegisterImport, RegisterImportHistory, RememberedColumn

__all__ = [
    "Contribution",
    "ContributionHistory",
    "Expertise",
    "Partner",
    "RegisterImport",
    "RegisterImportHistory",
    "RememberedColumn",
]
