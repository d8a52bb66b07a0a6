"""Sheets of one consultation side by side, once their observers have submitted."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.access import audience
from observations.forms.sheets import ConsensusForm, marks_of
from observations.models import Consensus, Observation
from observations.rules import sheets as rules
from observations.services import sheets
from observations.services.consensus import consensus
from observations.views.sheets import OBSERVERS, Seat, at, phone, seat_of
from partners.views.pages import get_or_post, saved


@require_GET
@audience(*OBSERVERS)
def compare(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """One's own sheet, beside it those of fellow observers that one may see."""
    seat = seat_of(request, pk)
    own = _own(seat, number)
    seen = _seen(seat, number)
    agreed = list(
        Consensus.objects.visible_to(seat.user)
        .filter(consultation=own.consultation)
        .select_related("written_by")
    )
    context = {
        "title": f"Consultation {number}",
        "seat": seat,
        "number": number,
        "own": own,
        "is_submitted": own.status == Observation.Status.SUBMITTED,
        "is_shared": len(seen) > 1,
        "columns": [_heading(seat, row) for row in seen],
        "rows": _rows(seat, seen, agreed[:1]),
        "words": [_words(seat, row) for row in seen],
        "agreed": agreed,
        "waiting": [
            fellow for fellow in sheets.fellows(seat.observer) if number not in fellow.submitted
        ],
        "may_agree": rules.may_agree_on(seat.user, _submitted(seen)),
        "agree_url": at("consensus", seat, number),
        "sheet_url": at("sheet", seat, number),
        "back_url": at("sheets", seat),
        "phone": phone(seat),
    }
    return render(request, "observations/sheets/compare.html", context)


@get_or_post
@audience(*OBSERVERS)
def agree(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Write down what the observers agree on; their own sheets stay as they are."""
    seat = seat_of(request, pk)
    own = _own(seat, number)
    seen = _seen(seat, number)
    if not rules.may_agree_on(seat.user, _submitted(seen)):
        raise PermissionDenied
    form = ConsensusForm(
        request.POST if request.method == "POST" else None,
        version=seat.version,
        items=seat.items,
        words=seat.words,
        initial=_where_alike(seat, seen),
    )
    if request.method == "POST" and form.is_valid():
        kept = saved(
            form,
            lambda: consensus(
                consultation=own.consultation,
                marks=form.marks,
                note=form.cleaned_data["note"],
                by=seat.user,
                now=timezone.now(),
            ),
        )
        if kept:
            messages.success(request, "What you agree on is kept, beside your own sheets.")
            return redirect(at("compare_sheets", seat, number))
    back = at("compare_sheets", seat, number)
    context = {
        "title": f"Consultation {number}: what you agree on",
        "seat": seat,
        "form": form,
        "questions": [
            (item, field, [(_side(seat, row), _mark_of(seat, row, item.number)) for row in seen])
            for item, field in form.questions
        ],
        "anchors": [(mark, seat.words.get(mark, "")) for mark in marks_of(seat.version)],
        "submit_text": "Keep what we agree on",
        "back_url": back,
        "cancel_url": back,
    }
    return render(request, "observations/sheets/consensus.html", context)


def _own(seat: Seat, number: int) -> Observation:
    own = seat.sheets.get(number)
    if own is None:
        raise Http404
    return own


def _seen(seat: Seat, number: int) -> list[Observation]:
    """What one may see of the consultation: one's own sheet first."""
    rows = Observation.objects.visible_to(seat.user).filter(
        consultation__session=seat.observer.session_id, consultation__number=number
    )
    found = list(rows.select_related("observer__partner", "observer__person").order_by("pk"))
    return sorted(found, key=lambda row: row.observer_id != seat.observer.pk)


def _submitted(seen: list[Observation]) -> list[Observation]:
    return [row for row in seen if row.status == Observation.Status.SUBMITTED]


def _side(seat: Seat, row: Observation) -> str:
    if row.observer_id == seat.observer.pk:
        return "You"
    return str(row.observer)


def _heading(seat: Seat, row: Observation) -> str:
    if row.observer_id == seat.observer.pk:
        return "You"
    return f"{row.observer} ({'partner' if row.observer.is_partner else 'peer'})"


def _mark_of(seat: Seat, row: Observation, number: int) -> int | None:
    marks = dict(zip(seat.numbers, row.marks, strict=False))
    return marks.get(number)


def _rows(seat: Seat, seen: list[Observation], agreed: list[Consensus]) -> list[dict[str, Any]]:
    """Item by item: what each said, and what was agreed on last."""
    last = dict(zip(seat.numbers, agreed[0].marks, strict=False)) if agreed else {}
    return [
        {
            "name": f"{item.number}. {item.short}",
            "marks": [_shown(_mark_of(seat, row, item.number)) for row in seen],
            "agreed": _shown(last.get(item.number)),
        }
        for item in seat.items
    ]


def _shown(mark: int | None) -> str:
    return "Not rated" if mark is None else str(mark)


def _words(seat: Seat, row: Observation) -> dict[str, str]:
    return {
        "who": _heading(seat, row),
        "decision": row.get_decision_display(),
        "worked": row.worked,
        "to_try": row.to_try,
    }


def _where_alike(seat: Seat, seen: list[Observation]) -> dict[str, Any]:
    """Where everybody gave the same mark it is chosen already."""
    initial = {}
    for number in seat.numbers:
        given = {_mark_of(seat, row, number) for row in seen}
        if len(given) == 1:
            initial[f"item_{number}"] = given.pop()
    return initial
