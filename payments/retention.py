"""How long each field of this app is kept."""

from accounts.retention import PROGRAMME_HISTORY, Fields, Keep

FIELDS: Fields = {
    "Rate": {
        Keep.PROGRAMME: "id programme kind basis amount half_amount half_day_minutes starts_on"
        " ends_on",
    },
    "PaymentChoice": {Keep.FINANCE: "id partner choice percent starts_on made_at made_by"},
    "Claim": {
        Keep.FINANCE: "id programme partner status opened_at submitted_at approved_at approved_by"
        " query total",
    },
    "ClaimHistory": {Keep.FINANCE: "id at by from_status to_status subject why"},
    "Expense": {
        Keep.FINANCE: "id programme partner happened_on head description amount recorded_at"
        " recorded_by",
    },
    "ClaimLine": {
        Keep.FINANCE: "id claim partner contribution expense happened_on description minutes rate"
        " percent donated amount run voided_at",
    },
    "PaymentRun": {
        Keep.PROGRAMME: "id programme month status opened_at closed_at line_count partner_count"
        " fees expenses total",
    },
    "PaymentRunHistory": PROGRAMME_HISTORY,
    "PaymentReport": {
        Keep.PROGRAMME: "id programme month run status done total seen_at error asked_at asked_by"
        " summary",
    },
    "PaymentReportHistory": PROGRAMME_HISTORY,
    "ReportFile": {
        Keep.PROGRAMME: "id report name media_type sha256",
        # The names and amounts of a month.
        Keep.FINANCE: "content",
    },
}
