"""How long each field of this app is kept."""

from accounts.retention import HISTORY, PROGRAMME_HISTORY, Fields, Keep

_PIECE = (
    "id title influence starts_on ends_on effort minutes_a_month longest_minutes place places"
    " budget_code access programme"
)

FIELDS: Fields = {
    "WorkGroup": {
        Keep.PROGRAMME: "id programme team kind name purpose influence lead wanted lead_name"
        " contact_phone place join_link starts_on ends_on",
    },
    "Assignment": {
        Keep.RECORD: "id work_group partner role starts_on ends_on pathway_role stands_in status",
        Keep.WHILE_HERE: "handover thanks",
    },
    "AssignmentHistory": HISTORY,
    "Meeting": {
        Keep.PROGRAMME: "id programme work_group title starts_at ends_at place join_link asks"
        " preparation_minutes series series_day sequence changed_at status",
    },
    "MeetingHistory": PROGRAMME_HISTORY,
    "MeetingSeries": {Keep.PROGRAMME: "id work_group rule first_on begins ends made_at"},
    "Paper": {Keep.PROGRAMME: "id meeting title link file added_at added_by"},
    "Attendance": {
        Keep.FINANCE: "id meeting partner plan planned_at outcome minutes travel_minutes stands_in"
        " confirmed_at confirmed_by contribution",
    },
    "NeedsAnswer": {Keep.WHILE_HERE: "id attendance answer note answered_at done seen_at seen_by"},
    "PayRule": {Keep.PROGRAMME: "id programme outcome share notice_hours"},
    # Who asked for what, and why the answer was no: the words go with whoever wrote them.
    "Request": {
        Keep.RECORD: f"{_PIECE} team kind asked_by asked_at proposed_by status",
        Keep.WHILE_HERE: "why answer",
    },
    "RequestHistory": HISTORY,
    "Opportunity": {
        Keep.PROGRAMME: f"{_PIECE} why request work_group role audience closes_on published_at"
        " status themes",
    },
    "OpportunityHistory": PROGRAMME_HISTORY,
    "Invite": {Keep.WHILE_HERE: "id opportunity partner invited_at"},
    "Interest": {Keep.WHILE_HERE: "id opportunity partner answer line said_at"},
    # That places were given fairly.
    "Offer": {
        Keep.RECORD: "id opportunity partner status queued_at answer_by seat assignment",
    },
    "OfferHistory": HISTORY,
    "SuggestionWeights": {
        Keep.PROGRAMME: "id programme expertise passions priorities wishes free pace waited"
        " lightly_loaded",
    },
    "EventPage": {
        Keep.PROGRAMME: "id meeting slug intro access places closes_at is_open published_at"
        " thanked_at",
    },
    "Registration": {
        Keep.SHORT: "id page name email access_needs token_hash registered_at confirmed_at seat"
        " cancelled_at came",
    },
    "CalendarFeed": {Keep.WHILE_HERE: "id user nonce made_at"},
}
