from assignments.services.answers import answer
from assignments.services.attendance import (
    AlreadyConfirmedError,
    Said,
    confirm_meeting,
    correct,
)
from assignments.services.groups import change_work_group, create_work_group
from assignments.services.meetings import (
    cancel_meeting,
    change_meeting,
    move_meeting,
    plan_meeting,
)
from assignments.services.papers import add_paper, remove_paper
from assignments.services.pay import PayTerms, pay_terms, set_pay_terms
from assignments.services.places import end_assignment, place_partner
from assignments.services.refusals import (
    AnswerError,
    AssignmentsError,
    GroupError,
    MeetingError,
    OfferError,
    PlaceError,
)
from assignments.services.series import (
    DayOfSeries,
    cancel_following,
    change_following,
    days_of_series,
    move_following,
    plan_series,
)

__all__ = [
    "AlreadyConfirmedError",
    "AnswerError",
    "AssignmentsError",
    "DayOfSeries",
    "GroupError",
    "MeetingError",
    "OfferError",
    "PayTerms",
    "PlaceError",
    "Said",
    "add_paper",
    "answer",
    "cancel_following",
    "cancel_meeting",
    "change_following",
    "change_meeting",
    "change_work_group",
    "confirm_meeting",
    "correct",
    "create_work_group",
    "days_of_series",
    "end_assignment",
    "move_following",
    "move_meeting",
    "pay_terms",
    "place_partner",
    "plan_meeting",
    "plan_series",
    "remove_paper",
    "set_pay_terms",
]
