"""Why something about groups, places and meetings cannot be done, in sentences."""

from partners.services.refusal import Refusal
from partners.services.told import told_by_constraints

__all__ = [
    "AnswerError",
    "AssignmentsError",
    "EventError",
    "GroupError",
    "InterestError",
    "MeetingError",
    "OfferError",
    "OpportunityError",
    "PlaceError",
    "RegistrationError",
    "RequestError",
    "told_by_constraints",
]


class AssignmentsError(Refusal):
    """Base of every refusal of this app; `str(error)` is a sentence for people."""


class GroupError(AssignmentsError):
    """A work group cannot be made or changed like this."""


class PlaceError(AssignmentsError):
    """A partner cannot be given this place, or it cannot end like this."""


class OfferError(AssignmentsError):
    """A place cannot be offered, taken or given back like this."""


class MeetingError(AssignmentsError):
    """A meeting cannot be planned, moved, cancelled or confirmed like this."""


class AnswerError(AssignmentsError):
    """An answer to a meeting cannot be taken any more."""


class RequestError(AssignmentsError):
    """A request for partners, or a proposal of theirs, cannot be made or answered like this."""


class OpportunityError(AssignmentsError):
    """An opportunity cannot be published, changed or ended like this."""


class InterestError(AssignmentsError):
    """An answer to an opportunity cannot be taken."""


class EventError(AssignmentsError):
    """A public page cannot be made or changed like this, nor its event be ended so."""


class RegistrationError(AssignmentsError):
    """Nobody can register, confirm or cancel like this."""
