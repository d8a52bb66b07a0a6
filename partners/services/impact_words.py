"""How the history of something raised is told, to its partners and to coordinators alike."""

from typing import Any

from nhsuk.components import Event
from partners.models import Impact

_Status = Impact.Status
_SAID = {
    _Status.RAISED: "wrote this down",
    _Status.HEARD: "brought it to whoever is to answer",
    _Status.ACCEPTED: "wrote down the answer: yes",
    _Status.ADAPTED: "wrote down the answer: yes, in another form",
    _Status.DECLINED: "wrote down the answer: no, and why",
    _Status.PLANNED: "planned the change",
    _Status.MADE: "said that the change is made",
    _Status.CHECKED: "looked at it again",
}
# The same, of whoever was named to answer.
_ANSWERED = {
    _Status.ACCEPTED: "said yes",
    _Status.ADAPTED: "said yes, in another form",
    _Status.DECLINED: "said no, and why",
}


def events_of(impact: Impact, reader: Any, *, with_notes: bool) -> list[Event]:
    """The history as sentences, the latest first; notes are for coordinators."""
    lines = impact.history.select_related("by").order_by("-at", "-pk")
    return [
        Event(
            f"{_who(line.by, reader)} {_said(line, impact)}",
            line.at,
            line.why if with_notes or line.to_status == _Status.CHECKED else "",
        )
        for line in lines
    ]


def _said(line: Any, impact: Impact) -> str:
    to = _Status(line.to_status)
    if line.from_status == to == _Status.HEARD:
        return "handed it to somebody else to answer"
    answered = line.by_id is not None and line.by_id == impact.owner_id
    return _ANSWERED.get(to, _SAID[to]) if answered else _SAID[to]


def _who(by: Any, reader: Any) -> str:
    if by is None:
        return "The portal"
    return "You" if by.pk == reader.pk else str(by.name)
