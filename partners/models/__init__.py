from partners.models.codesign import (
    Advice,
    Ballot,
    Challenger,
    Preference,
    Proposal,
    Round,
    RoundHistory,
)
from partners.models.conflicts import DeclaredConflict
from partners.models.contribution import Contribution, ContributionHistory
from partners.models.expertise import Expertise, Passion, Priority, Theme, Visibility
from partners.models.files import FilePiece, StoredFile
from partners.models.impact import Impact, ImpactHistory
from partners.models.learning import (
    LearningItem,
    LearningPlace,
    LearningPlaceHistory,
    LearningSession,
    LearningSessionHistory,
)
from partners.models.my_data import Correction, CorrectionHistory, DataCopy
from partners.models.partner import Partner, PartnerHistory
from partners.models.pathway import PathwayLink, PathwayRole, RoleHeld, RoleSkill, RoleWish
from partners.models.portfolio import Evidence, PortfolioEntry, PortfolioPdf, ThankYou
from partners.models.profile import EmergencyContact, Need, Pause
from partners.models.register import RegisterImport, RegisterImportHistory, RememberedColumn
from partners.models.requirements import (
    AgreementText,
    Requirement,
    RequirementRecord,
    RequirementRecordHistory,
)
from partners.models.stories import Story, StoryConsent, StoryUse, StoryWithdrawal
from partners.models.support import (
    CheckIn,
    Concern,
    ConcernHistory,
    StageStep,
    StageStepDone,
)

__all__ = [
    "Advice",
    "AgreementText",
    "Ballot",
    "Challenger",
    "CheckIn",
    "Concern",
    "ConcernHistory",
    "Contribution",
    "ContributionHistory",
    "Correction",
    "CorrectionHistory",
    "DataCopy",
    "DeclaredConflict",
    "EmergencyContact",
    "Evidence",
    "Expertise",
    "FilePiece",
    "Impact",
    "ImpactHistory",
    "LearningItem",
    "LearningPlace",
    "LearningPlaceHistory",
    "LearningSession",
    "LearningSessionHistory",
    "Need",
    "Partner",
    "PartnerHistory",
    "Passion",
    "PathwayLink",
    "PathwayRole",
    "Pause",
    "PortfolioEntry",
    "PortfolioPdf",
    "Preference",
    "Priority",
    "Proposal",
    "RegisterImport",
    "RegisterImportHistory",
    "RememberedColumn",
    "Requirement",
    "RequirementRecord",
    "RequirementRecordHistory",
    "RoleHeld",
    "RoleSkill",
    "RoleWish",
    "Round",
    "RoundHistory",
    "StageStep",
    "StageStepDone",
    "StoredFile",
    "Story",
    "StoryConsent",
    "StoryUse",
    "StoryWithdrawal",
    "ThankYou",
    "Theme",
    "Visibility",
]
