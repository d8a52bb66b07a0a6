"""Looking at one's sheets once more, submitting them, and what comes next."""

from collections.abc import Collection
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.access import audience
from nhsuk.components import SummaryRow
from nhsuk.forms import error_links
from nhsuk.forms.forms import ErrorLink
from observations.forms.sheets import SubmitForm
from observations.models import Observation
from observations.rules import sheets as rules
from observations.services import sheets
from observations.services.instruments import settings_of
from observations.views.sheets import OBSERVERS, Seat, at, clinic_url, closed, phone, seat_of
from partners.services.refusal import Refusal
from partners.views.pages import get_or_post

_Status = Observation.Status


@get_or_post
@audience(*OBSERVERS)
def check_all(request: HttpRequest, pk: int) -> HttpResponse:
    """All of one's begun sheets of a clinic; those that are whole can be submitted at once."""
    seat = seat_of(request, pk)
    return _check(request, seat, sorted(seat.sheets))


@get_or_post
@audience(*OBSERVERS)
def check_one(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """One of them alone."""
    seat = seat_of(request, pk)
    if number not in seat.sheets:
        raise Http404
    return _check(request, seat, [number])


def _check(request: HttpRequest, seat: Seat, numbers: Collection[int]) -> HttpResponse:
    shut = closed(request, seat)
    if shut is not None:
        return shut
    begun = [seat.sheets[number] for number in numbers]
    begun = [row for row in begun if row.status == _Status.DRAFT]
    wanted = settings_of(seat.observer.session.programme).minutes
    form = SubmitForm(request.POST or None, initial={"minutes": wanted})
    if not seat.observer.is_partner:
        del form.fields["minutes"]
    problems: list[ErrorLink] = []
    if request.method == "POST":
        form = _bound(form, request)
        problems = _submit(request, seat, form, numbers)
        if not problems and form.is_valid():
            return redirect(at("sheets_submitted", seat))
    whole = [_summary(seat, row) for row in begun if seat.is_ready(row)]
    context = {
        "title": _title(numbers, len(whole)),
        "seat": seat,
        "form": form,
        "problems": problems + error_links(form),
        "whole": whole,
        "lacking": [_lacking(seat, row) for row in begun if not seat.is_ready(row)],
        "alone": len(whole) > 1,
        "list_url": at("sheets", seat),
        "back_url": at("sheets", seat),
        "phone": phone(seat),
    }
    return render(request, "observations/sheets/check.html", context)


def _bound(form: SubmitForm, request: HttpRequest) -> SubmitForm:
    """The form of a POST that may say nothing but the token."""
    form.data, form.is_bound = request.POST, True
    return form


def _title(numbers: Collection[int], whole: int) -> str:
    if len(numbers) == 1:
        return f"Check your sheet of consultation {min(numbers)}"
    return "Check your sheets"


def _submit(
    request: HttpRequest, seat: Seat, form: SubmitForm, numbers: Collection[int]
) -> list[ErrorLink]:
    """Submit what the page showed as whole; what stands in the way, with where to mend it."""
    if not form.is_valid():
        return []
    editions = {
        number: int(said)
        for number in numbers
        if (said := request.POST.get(f"edition_{number}", "")).isdecimal() and len(said) < 9
    }
    try:
        sheets.submit_all(
            observer=seat.observer,
            editions=editions,
            by=seat.user,
            now=timezone.now(),
            minutes=form.cleaned_data.get("minutes"),
        )
    except sheets.IncompleteError as refusal:
        return [ErrorLink(str(refusal), "")]
    except Refusal as refusal:
        return [ErrorLink(str(refusal), "id_minutes" if refusal.field == "minutes" else "")]
    return []


def _summary(seat: Seat, row: Observation) -> dict[str, Any]:
    """A sheet question by question, each with the way back to it."""
    number = row.consultation.number
    url = at("sheet", seat, number)
    decided = row.decision != Observation.Decision.NO
    lines = [_row("Was there a decision to share?", row.get_decision_display(), url, "decision_0")]
    if decided:
        lines += [
            _row(f"{item.number}. {item.short}", _said(seat, mark), url, f"item_{item.number}_0")
            for item, mark in zip(seat.items, row.marks, strict=False)
        ]
    lines += [
        _row("What worked", row.worked or "Nothing written", url, "worked"),
        _row("One thing to try", row.to_try or "Nothing written", url, "to_try"),
    ]
    return {
        "number": number,
        "edition": row.edition,
        "rows": lines,
        "alone_url": at("check_sheet", seat, number),
    }


def _row(key: str, value: str, url: str, anchor: str) -> SummaryRow:
    return SummaryRow(key, value, f"{url}#id_{anchor}")


def _said(seat: Seat, mark: int | None) -> str:
    words = seat.words.get(mark, "") if mark is not None else ""
    return f"{mark}, {words}" if words else str(mark)


def _lacking(seat: Seat, row: Observation) -> dict[str, Any]:
    """What a begun sheet still lacks, each with the way to it."""
    number = row.consultation.number
    url = at("sheet", seat, number)
    names = {f"item_{item.number}": f"{item.number}. {item.short}" for item in seat.items}
    names["decision"] = "Was there a decision to share?"
    lacks = ["decision"]
    if len(row.marks) == len(seat.items):
        lacks = rules.missing(row.decision, row.marks, seat.numbers)
    return {
        "number": number,
        "url": url,
        "lacks": [(names[name], f"{url}#id_{name}_0") for name in lacks],
    }


@require_GET
@audience(*OBSERVERS)
def done(request: HttpRequest, pk: int) -> HttpResponse:
    """Thanks, and what happens next."""
    seat = seat_of(request, pk)
    submitted = sorted(
        number for number, row in seat.sheets.items() if row.status == _Status.SUBMITTED
    )
    if not submitted:
        raise Http404
    fellows = sheets.fellows(seat.observer)
    count = len(submitted)
    context = {
        "title": f"{count} sheet{'s' if count != 1 else ''} submitted",
        "seat": seat,
        "fellows": [
            {
                "name": fellow.name,
                "count": len(fellow.submitted & set(submitted)),
                "of": count,
            }
            for fellow in fellows
        ],
        "shared": [
            (number, at("compare_sheets", seat, number))
            for number in submitted
            if any(number in fellow.submitted for fellow in fellows)
        ],
        "begun": len(seat.sheets) - count,
        "list_url": at("sheets", seat),
        "clinic_url": clinic_url(seat),
        "debrief_url": reverse("observations:debrief", args=[pk]),
        "phone": phone(seat),
    }
    return render(request, "observations/sheets/done.html", context)
