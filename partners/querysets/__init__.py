"""Who may see which rows of this app, and the programme's own words for subsets of them."""

from partners.querysets.codesign import (
    AdviceQuerySet,
    BallotQuerySet,
    ChallengerQuerySet,
    PreferenceQuerySet,
    ProposalQuerySet,
    RoundQuerySet,
)
from partners.querysets.conflicts import DeclaredConflictQuerySet
from partners.querysets.expertise import OwnWordsQuerySet, ThemeQuerySet
from partners.querysets.impact import ImpactQuerySet
from partners.querysets.my_data import CorrectionQuerySet, DataCopyQuerySet, StoredFileQuerySet
from partners.querysets.pathway import (
    AgreementTextQuerySet,
    LearningItemQuerySet,
    LearningPlaceQuerySet,
    LearningSessionQuerySet,
    OfPartnerQuerySet,
    PathwayLinkQuerySet,
    PathwayRoleQuerySet,
    RequirementQuerySet,
    RequirementRecordQuerySet,
    RoleHeldQuerySet,
    RoleSkillQuerySet,
)
from partners.querysets.portfolio import (
    ContributionQuerySet,
    EvidenceQuerySet,
    PortfolioEntryQuerySet,
    PortfolioPdfQuerySet,
    ThankYouQuerySet,
)
from partners.querysets.profile import EmergencyContactQuerySet, NeedQuerySet, PauseQuerySet
from partners.querysets.register import PartnerQuerySet, RegisterImportQuerySet
from partners.querysets.stories import (
    StoryConsentQuerySet,
    StoryQuerySet,
    StoryUseQuerySet,
    StoryWithdrawalQuerySet,
)
from partners.querysets.support import CheckInQuerySet, ConcernQuerySet, StageStepQuerySet

__all__ = [
    "AdviceQuerySet",
    "AgreementTextQuerySet",
    "BallotQuerySet",
    "ChallengerQuerySet",
    "CheckInQuerySet",
    "ConcernQuerySet",
    "ContributionQuerySet",
    "CorrectionQuerySet",
    "DataCopyQuerySet",
    "DeclaredConflictQuerySet",
    "EmergencyContactQuerySet",
    "EvidenceQuerySet",
    "ImpactQuerySet",
    "LearningItemQuerySet",
    "LearningPlaceQuerySet",
    "LearningSessionQuerySet",
    "NeedQuerySet",
    "OfPartnerQuerySet",
    "OwnWordsQuerySet",
    "PartnerQuerySet",
    "PathwayLinkQuerySet",
    "PathwayRoleQuerySet",
    "PauseQuerySet",
    "PortfolioEntryQuerySet",
    "PortfolioPdfQuerySet",
    "PreferenceQuerySet",
    "ProposalQuerySet",
    "RegisterImportQuerySet",
    "RequirementQuerySet",
    "RequirementRecordQuerySet",
    "RoleHeldQuerySet",
    "RoleSkillQuerySet",
    "RoundQuerySet",
    "StageStepQuerySet",
    "StoredFileQuerySet",
    "StoryConsentQuerySet",
    "StoryQuerySet",
    "StoryUseQuerySet",
    "StoryWithdrawalQuerySet",
    "ThankYouQuerySet",
    "ThemeQuerySet",
]
