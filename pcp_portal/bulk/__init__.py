"""Large, believable, fictional data by COPY: what the bench measures and a load test leans on."""

from pcp_portal.bulk.loading import Loaded, analyse, load
from pcp_portal.bulk.plan import BulkError

__all__ = ["BulkError", "Loaded", "analyse", "load"]
