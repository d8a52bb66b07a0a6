from payments.models.claim import Claim, ClaimHistory, ClaimLine, Expense
from payments.models.rate import PaymentChoice, Rate
from payments.models.run import (
    PaymentReport,
    PaymentReportHistory,
    PaymentRun,
    PaymentRunHistory,
    ReportFile,
)

__all__ = [
    "Claim",
    "ClaimHistory",
    "ClaimLine",
    "Expense",
    "PaymentChoice",
    "PaymentReport",
    "PaymentReportHistory",
    "PaymentRun",
    "PaymentRunHistory",
    "Rate",
    "ReportFile",
]
