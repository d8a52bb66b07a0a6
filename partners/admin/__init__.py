"""What coordinators do with the register, with contributions that wait, and with imports."""

from partners.admin.codesign import ProposalAdmin, RoundAdmin
from partners.admin.codesign_group import AdviceAdmin, ChallengerAdmin
from partners.admin.conflicts import DeclaredConflictAdmin
from partners.admin.contributions import ContributionAdmin
from partners.admin.corrections import CorrectionAdmin
from partners.admin.expertise import ThemeAdmin
from partners.admin.impact import ImpactAdmin
from partners.admin.imports import RegisterImportAdmin
from partners.admin.learning import LearningItemAdmin, LearningSessionAdmin
from partners.admin.pathway import PathwayRoleAdmin, RoleHeldAdmin, RoleWishAdmin
from partners.admin.register import PartnerAdmin
from partners.admin.requirement_records import RequirementRecordAdmin
from partners.admin.requirements import RequirementAdmin
from partners.admin.stories import StoryAdmin
from partners.admin.support import StageStepAdmin

__all__ = [
    "AdviceAdmin",
    "ChallengerAdmin",
    "ContributionAdmin",
    "CorrectionAdmin",
    "DeclaredConflictAdmin",
    "ImpactAdmin",
    "LearningItemAdmin",
    "LearningSessionAdmin",
    "PartnerAdmin",
    "PathwayRoleAdmin",
    "ProposalAdmin",
    "RegisterImportAdmin",
    "RequirementAdmin",
    "RequirementRecordAdmin",
    "RoleHeldAdmin",
    "RoleWishAdmin",
    "RoundAdmin",
    "StageStepAdmin",
    "StoryAdmin",
    "ThemeAdmin",
]
