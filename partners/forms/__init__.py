"""Forms of this app. They check; services save."""

from partners.forms.portal import (
    AccessForm,
    ContactForm,
    ContributionForm,
    ExpertiseForm,
    NameForm,
    ReflectionForm,
    WithdrawForm,
)
from partners.forms.register import ColumnsForm, PartnerForm, UploadForm

__all__ = [
    "AccessForm",
    "ColumnsForm",
    "ContactForm",
    "ContributionForm",
    "ExpertiseForm",
    "NameForm",
    "PartnerForm",
    "ReflectionForm",
    "UploadForm",
    "WithdrawForm",
]
