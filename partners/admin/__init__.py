"""What coordinators do with the register, with contributions that wait, and with imports."""

from partners.admin.contributions import ContributionAdmin
from partners.admin.imports import RegisterImportAdmin
from partners.admin.register import PartnerAdmin
from partners.admin.stories import StoryAdmin

__all__ = ["ContributionAdmin", "PartnerAdmin", "RegisterImportAdmin", "StoryAdmin"]
