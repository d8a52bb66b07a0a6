"""The sheets of one clinic, as their observer fills them in: one consultation a screen."""

import json
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.access import audience
from accounts.models import Role, User
from nhsuk.components import TaskItem
from nhsuk.forms import NhsukForm
from observations.forms.sheets import SheetForm, initial_of, marks_of
from observations.models import InstrumentVersion, Item, Observation, Observer
from observations.rules import sheets as rules
from observations.rules.instruments import shows_wording
from observations.rules.sessions import PEER_ROLES
from observations.services import sheet_keys, sheets
from observations.services.sheet_facts import Facts, items_of
from partners.services.refusal import Refusal
from partners.views.pages import get_or_post, signed_in

_Status = Observation.Status
NEXT, CHECK = "next", "check"
OBSERVERS = (Role.PARTNER, *PEER_ROLES)


@dataclass(frozen=True)
class Seat:
    """Somebody's place in a clinic, with what their sheets ask and say."""

    user: User
    observer: Observer
    items: list[Item]
    words: dict[int, str]
    sheets: dict[int, Observation]

    @property
    def version(self) -> InstrumentVersion:
        return self.observer.session.version

    @property
    def numbers(self) -> list[int]:
        """The numbers of the items."""
        return [item.number for item in self.items]

    def is_ready(self, sheet: Observation) -> bool:
        """Nothing is missing, and it is not submitted."""
        return bool(sheets.ready([sheet], self.numbers))


def seat_of(request: HttpRequest, pk: int) -> Seat:
    """One's own seat in a clinic, or a 404."""
    user = signed_in(request)
    rows = Observer.objects.visible_to(user).of(user).filter(session=pk)
    observer = (
        rows.select_related(
            "partner",
            "person",
            "session__programme",
            "session__team",
            "session__clinician",
            "session__version__instrument",
        )
        .order_by("pk")
        .first()
    )
    if observer is None:
        raise Http404
    version = observer.session.version
    shows = shows_wording(version.instrument)
    own = Observation.objects.visible_to(user).filter(observer=observer)
    return Seat(
        user=user,
        observer=observer,
        items=items_of(version),
        words=dict(version.anchors.values_list("mark", "words")) if shows else {},
        sheets={row.consultation.number: row for row in own.select_related("consultation")},
    )


def closed(request: HttpRequest, seat: Seat) -> HttpResponse | None:
    """The page that says why nothing can be rated (yet), or None when it can be."""
    why = rules.why_not_rate(seat.observer, timezone.localdate())
    if not why:
        return None
    context = {"title": "Your sheets", "seat": seat, "why": why, "back_url": clinic_url(seat)}
    return render(request, "observations/sheets/closed.html", context)


def clinic_url(seat: Seat) -> str:
    return reverse("observations:clinic", args=[seat.observer.session_id])


def at(name: str, seat: Seat, *args: Any) -> str:
    return reverse(f"observations:{name}", args=[seat.observer.session_id, *args])


def phone(seat: Seat, number: int = 0) -> dict[str, Any]:
    """What the script of these pages is told: where sheets lie, and what they say."""
    said = {
        row_number: {
            "edition": row.edition,
            "submitted": row.status == _Status.SUBMITTED,
            "ready": seat.is_ready(row),
            "facts": _told(seat, row),
        }
        for row_number, row in seat.sheets.items()
    }
    return {
        "key": sheet_keys.key_of(seat.user, seat.observer),
        "box": sheet_keys.box_of(seat.user, seat.observer),
        "sheets": json.dumps(said),
        "number": number,
        "last": rules.LAST_NUMBER,
        "address": at("sheet", seat, 0),
    }


def _told(seat: Seat, sheet: Observation) -> dict[str, str]:
    """What a sheet says, as its form would send it."""
    values = initial_of(sheet, seat.version, seat.items)
    names = ["decision", "worked", "to_try", *(f"item_{number}" for number in seat.numbers)]
    return {name: "" if values.get(name) is None else str(values[name]) for name in names}


@require_GET
@audience(*OBSERVERS)
def own_sheets(request: HttpRequest, pk: int) -> HttpResponse:
    """The list of one's sheets of a clinic, each with its state."""
    seat = seat_of(request, pk)
    fellows = sheets.fellows(seat.observer)
    shut = closed(request, seat)
    if shut is not None and not seat.sheets:
        return shut
    context = {
        "title": "Your sheets",
        "seat": seat,
        "is_open": shut is None,
        "tasks": list_of(seat),
        "fellows": fellows,
        "begun": [row for row in seat.sheets.values() if row.status == _Status.DRAFT],
        "next_url": at("sheet", seat, min(next_number(seat), rules.LAST_NUMBER)),
        "next_number": next_number(seat),
        "check_url": at("check_sheets", seat),
        "back_url": clinic_url(seat),
        "phone": phone(seat),
    }
    return render(request, "observations/sheets/list.html", context)


def next_number(seat: Seat) -> int:
    """The number after the highest that one has a sheet of."""
    return max(seat.sheets, default=0) + 1


def list_of(seat: Seat) -> list[TaskItem]:
    """A line for each sheet."""
    lines = []
    for number, row in sorted(seat.sheets.items()):
        state, colour = "To finish", "yellow"
        if row.status == _Status.SUBMITTED:
            state, colour = "Submitted", "green"
        elif seat.is_ready(row):
            state, colour = "Ready to submit", "blue"
        name = "compare_sheets" if row.status == _Status.SUBMITTED else "sheet"
        lines.append(TaskItem(f"Consultation {number}", at(name, seat, number), state, colour))
    return lines


@get_or_post
@audience(*OBSERVERS)
def sheet(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """One consultation. What is sent is kept, whole or not."""
    if not 1 <= number <= rules.LAST_NUMBER:
        raise Http404
    seat = seat_of(request, pk)
    by_script = bool(request.headers.get("X-Autosave"))
    row = seat.sheets.get(number)
    if request.method == "POST":
        form = _form(seat, request.POST)
        answer = _kept_by_script if by_script else _kept
        return answer(request, seat, number, form)
    if row is not None and row.status == _Status.SUBMITTED:
        return redirect(at("compare_sheets", seat, number))
    shut = closed(request, seat)
    if shut is not None:
        return shut
    form = _form(seat, initial=initial_of(row, seat.version, seat.items))
    return _page(request, seat, number, form)


def _form(seat: Seat, data: Any = None, **kwargs: Any) -> SheetForm:
    return SheetForm(data, version=seat.version, items=seat.items, words=seat.words, **kwargs)


def _page(
    request: HttpRequest, seat: Seat, number: int, form: NhsukForm, status: int = 200, **more: Any
) -> HttpResponse:
    row = seat.sheets.get(number)
    context = {
        "title": f"Consultation {number}",
        "seat": seat,
        "form": form,
        "number": number,
        "is_last": number == rules.LAST_NUMBER,
        "anchors": [(mark, seat.words.get(mark, "")) for mark in marks_of(seat.version)],
        "said": _saved_at(row),
        "tasks": list_of(seat),
        "check_url": at("check_sheets", seat),
        "list_url": at("sheets", seat),
        "back_url": at("sheets", seat),
        "phone": phone(seat, number),
    }
    return render(request, "observations/sheets/sheet.html", {**context, **more}, status=status)


def _saved_at(row: Observation | None) -> str:
    return f"Saved {timezone.localtime(row.saved_at):%H:%M}" if row else "Nothing saved yet"


def _keep(seat: Seat, number: int, form: SheetForm) -> sheets.Kept:
    return sheets.keep(
        observer=seat.observer,
        number=number,
        seen_edition=form.cleaned_data.get("edition") or 0,
        version=form.cleaned_data.get("version_stamp") or "",
        facts=form.facts,
        by=seat.user,
        now=timezone.now(),
    )


def _kept(request: HttpRequest, seat: Seat, number: int, form: SheetForm) -> HttpResponse:
    kept = None
    if form.is_valid():
        try:
            kept = _keep(seat, number, form)
        except sheets.VersionChangedError as refusal:
            form = _with_stamp_of_today(seat, form)
            form.add_error(None, str(refusal))
        except sheets.SubmittedError:
            return _conflict_page(request, seat, number, form)
        except Refusal as refusal:
            field = refusal.field if refusal.field in form.fields else None
            form.add_error(field, str(refusal))
    if kept is None:
        return _page(request, seat, number, form)
    if kept.behind:
        return _conflict_page(request, seat, number, form)
    go = request.POST.get("go")
    if go == CHECK:
        return redirect(at("check_sheets", seat))
    if go == NEXT and number < rules.LAST_NUMBER:
        return redirect(at("sheet", seat, number + 1))
    return redirect(at("sheet", seat, number))


def _with_stamp_of_today(seat: Seat, form: SheetForm) -> SheetForm:
    """The same words on the questions as they are now."""
    data = dict(form.data.items())
    data["version_stamp"] = rules.stamp_of(seat.version, seat.items)
    again = _form(seat, data)
    again.is_valid()
    return again


# --- Two versions of one sheet -------------------------------------------------------------------


def _conflict(seat: Seat, number: int, form: SheetForm, row: Observation) -> dict[str, Any]:
    """What stands on the two sides, question by question, where they differ or not."""
    mine, theirs = form.facts, Facts(row.decision, tuple(row.marks), row.worked, row.to_try)
    lines = [_line("Was there a decision to share?", _decision(mine), _decision(theirs))]
    marks = zip(seat.items, mine.marks, theirs.marks, strict=False)
    lines += [_line(f"{item.number}. {item.short}", _mark(m), _mark(t)) for item, m, t in marks]
    lines += [
        _line("What worked", mine.worked, theirs.worked),
        _line("One thing to try", mine.to_try, theirs.to_try),
    ]
    sent = {name: form.data.get(name, "") for name in form.fields}
    return {
        "number": number,
        "lines": lines,
        "action": at("sheet", seat, number),
        "submitted": row.status == _Status.SUBMITTED,
        "saved_at": row.saved_at,
        "sent": {**sent, "edition": row.edition}.items(),
    }


def _line(name: str, mine: str, theirs: str) -> dict[str, Any]:
    return {"name": name, "mine": mine, "theirs": theirs, "differs": mine != theirs}


def _mark(mark: int | None) -> str:
    return "" if mark is None else str(mark)


def _decision(facts: Facts) -> str:
    return str(dict(Observation.Decision.choices).get(facts.decision, ""))


def _now(seat: Seat, number: int) -> Observation:
    rows = Observation.objects.visible_to(seat.user).filter(observer=seat.observer)
    found: Observation = rows.get(consultation__number=number)
    return found


def _conflict_page(request: HttpRequest, seat: Seat, number: int, form: SheetForm) -> HttpResponse:
    row = _now(seat, number)
    context = {
        "title": f"Consultation {number}: two versions",
        "conflict": _conflict(seat, number, form, row),
        "back_url": at("sheets", seat),
    }
    return render(request, "observations/sheets/conflict.html", context, status=409)


# --- Answers to the script -----------------------------------------------------------------------


def _kept_by_script(request: HttpRequest, seat: Seat, number: int, form: SheetForm) -> JsonResponse:
    """What the page's own script is told: {said, edition} of what is kept; {said, errors}."""
    if not form.is_valid():
        return _refused({name: str(found[0]) for name, found in form.errors.items()})
    now = timezone.localtime()
    try:
        kept = _keep(seat, number, form)
    except sheets.VersionChangedError as refusal:
        return JsonResponse({"said": str(refusal), "reload": True}, status=422)
    except sheets.SubmittedError:
        return _conflict_told(request, seat, number, form)
    except Refusal as refusal:
        return _refused({refusal.field or "__all__": str(refusal)})
    if kept.behind:
        return _conflict_told(request, seat, number, form)
    edition = kept.sheet.edition if kept.sheet else 0
    whole = kept.sheet is not None and seat.is_ready(kept.sheet)
    return JsonResponse({"said": f"Saved {now:%H:%M}", "edition": edition, "ready": whole})


def _refused(errors: dict[str, str]) -> JsonResponse:
    return JsonResponse(
        {"said": f"Not saved yet: {next(iter(errors.values()))}", "errors": errors}, status=422
    )


def _conflict_told(request: HttpRequest, seat: Seat, number: int, form: SheetForm) -> JsonResponse:
    row = _now(seat, number)
    context = {"conflict": _conflict(seat, number, form, row)}
    html = render_to_string("observations/sheets/_conflict.html", context, request)
    return JsonResponse(
        {
            "said": "Not saved: this sheet says something else on the portal. Choose below.",
            "edition": row.edition,
            "facts": _told(seat, row),
            "submitted": row.status == _Status.SUBMITTED,
            "html": html,
        },
        status=409,
    )
