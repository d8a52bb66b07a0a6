"""Home pages, gathered from every kind of business: one module a kind of person."""

from pcp_portal.home.leaver import LeaverHome, leaver_home
from pcp_portal.home.partner import PartnerHome, partner_home
from pcp_portal.home.staff import ClinicsHome, clinics_home

__all__ = [
    "ClinicsHome",
    "LeaverHome",
    "PartnerHome",
    "clinics_home",
    "leaver_home",
    "partner_home",
]
