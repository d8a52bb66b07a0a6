"""How long each field of this app is kept."""

from accounts.retention import HISTORY, PROGRAMME_HISTORY, Fields, Keep

FIELDS: Fields = {
    "WorkGroup": {
        Keep.PROGRAMME: "id programme team kind name purpose lead_name contact_phone place"
        " join_link starts_on ends_on",
    },
    "Assignment": {Keep.RECORD: "id work_group partner role starts_on ends_on status"},
    "AssignmentHistory": HISTORY,
    "Meeting": {
        Keep.PROGRAMME: "id programme work_group title starts_at ends_at place join_link asks"
        " preparation_minutes status",
    },
    "MeetingHistory": PROGRAMME_HISTORY,
    "Attendance": {
        Keep.FINANCE: "id meeting partner plan planned_at outcome minutes confirmed_at"
        " confirmed_by contribution",
    },
}
