from accounts.models.invitation import Invitation
from accounts.models.message import Message
from accounts.models.programme import Programme, Team
from accounts.models.role import Role, RoleGrant
from accounts.models.session import Session
from accounts.models.unsent_form import UnsentForm
from accounts.models.user import User

__all__ = [
    "Invitation",
    "Message",
    "Programme",
    "Role",
    "RoleGrant",
    "Session",
    "Team",
    "UnsentForm",
    "User",
]
