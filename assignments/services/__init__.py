from assignments.services.attendance import AlreadyConfirmedError, answer, confirm_meeting
from assignments.services.groups import change_work_group, create_work_group
from assignments.services.meetings import (
    cancel_meeting,
    change_meeting,
    move_meeting,
    plan_meeting,
)
from assignments.services.places import end_assignment, place_partner
from assignments.services.refusals import (
    AnswerError,
    AssignmentsError,
    GroupError,
    MeetingError,
    PlaceError,
)

__all__ = [
    "AlreadyConfirmedError",
    "AnswerError",
    "AssignmentsError",
    "GroupError",
    "MeetingError",
    "PlaceError",
    "answer",
    "cancel_meeting",
    "change_meeting",
    "change_work_group",
    "confirm_meeting",
    "create_work_group",
    "end_assignment",
    "move_meeting",
    "place_partner",
    "plan_meeting",
]
