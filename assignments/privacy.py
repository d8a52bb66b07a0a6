"""What each field of this app says about a person."""

from accounts.privacy import HISTORY, Sensitivity

_S = Sensitivity
FIELDS: dict[str, dict[str, Sensitivity]] = {
    "WorkGroup": {
        "id": _S.NONE,
        "programme": _S.NONE,
        "team": _S.NONE,
        "kind": _S.NONE,
        "name": _S.NONE,
        "purpose": _S.NONE,
        "lead_name": _S.IDENTIFIES,
        "contact_phone": _S.CONTACT,
        "place": _S.NONE,
        "join_link": _S.NONE,
        "starts_on": _S.NONE,
        "ends_on": _S.NONE,
    },
    "Assignment": {
        "id": _S.NONE,
        "work_group": _S.NONE,
        "partner": _S.IDENTIFIES,
        "role": _S.NONE,
        "starts_on": _S.NONE,
        "ends_on": _S.NONE,
        "status": _S.NONE,
    },
    "AssignmentHistory": HISTORY,
    "Meeting": {
        "id": _S.NONE,
        "programme": _S.NONE,
        "work_group": _S.NONE,
        "title": _S.NONE,
        "starts_at": _S.NONE,
        "ends_at": _S.NONE,
        "place": _S.NONE,
        "join_link": _S.NONE,
        "asks": _S.NONE,
        "preparation_minutes": _S.NONE,
        "status": _S.NONE,
    },
    "MeetingHistory": HISTORY,
    "Attendance": {
        "id": _S.NONE,
        "meeting": _S.NONE,
        "partner": _S.IDENTIFIES,
        "plan": _S.NONE,
        "planned_at": _S.NONE,
        "outcome": _S.NONE,
        "minutes": _S.NONE,
        "confirmed_at": _S.NONE,
        "confirmed_by": _S.IDENTIFIES,
        "contribution": _S.NONE,
    },
}
