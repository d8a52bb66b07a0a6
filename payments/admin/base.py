"""What the pages of this app's admin have in common."""

from accounts.admin_site import ScopedAdmin
from accounts.models import Role
from nhsuk.components import Event
from payments.models import Claim, PaymentRun


class PaymentsAdmin(ScopedAdmin):
    """Seen by coordinators and finance; pages of its own are declared with their audience."""

    ROLES = (Role.COORDINATOR, Role.FINANCE)


# The states' own words are said to the partner.
_SAID_HERE = {str(Claim.Status.QUERIED.label): "Question asked"}


def said_here(state: str) -> str:
    """The words of a state as coordinators and finance read them."""
    return _SAID_HERE.get(str(state), str(state))


def events_of(row: Claim | PaymentRun, *, with_words: bool = True) -> list[Event]:
    """The row's timeline; `with_words` says why, in the words of who did it."""
    labels = dict(type(row)._meta.get_field("status").flatchoices)
    return [
        Event(
            f"{said_here(labels[event.to_status])}: {event.by or 'the portal itself'}",
            event.at,
            event.why if with_words else "",
        )
        for event in row.history.select_related("by").order_by("-at", "-pk")
    ]
