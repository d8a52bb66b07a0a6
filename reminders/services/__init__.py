from reminders.services.delivery import Delivered, MessageError, deliver, send_again
from reminders.services.reconciling import Reconciled, reconcile

__all__ = [
    "Delivered",
    "MessageError",
    "Reconciled",
    "deliver",
    "reconcile",
    "send_again",
]
