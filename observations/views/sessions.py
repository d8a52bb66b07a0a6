"""Clinics that are observed: the clinician's pages and the observers'."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import audience
from accounts.models import Role
from accounts.rules import coordinates
from nhsuk.pages import page_of
from observations.filters import MyClinicsFilter, ToObserveFilter
from observations.forms.sessions import AnswerForm, CountsForm, DebriefForm
from observations.models import ClinicSession, Debrief, Observation, Observer
from observations.rules import sessions as rules
from observations.rules.instruments import shows_wording
from observations.rules.sheets import why_not_rate
from observations.services import debriefs, sessions
from observations.services.refusals import SessionError
from observations.services.session_letters import when

PER_PAGE = 20
MOST_CONSULTATIONS = 60
OBSERVERS = (Role.PARTNER, Role.PEER_OBSERVER, Role.CLINICIAN, Role.CLINICAL_LEAD)
CLINICIANS = (Role.CLINICIAN, Role.CLINICAL_LEAD)


@require_GET
@audience(*OBSERVERS)
def to_observe(request: HttpRequest) -> HttpResponse:
    """The clinics that one is invited to observe: what is coming, what waits, what is past."""
    seats = Observer.objects.visible_to(request.user).of(request.user).told()
    rows = sessions.with_what_waits(seats.select_related("session__team", "session__clinician"))
    chosen = ToObserveFilter(request.GET, rows, request=request)
    page = page_of(request, chosen.qs, PER_PAGE)
    today = timezone.localdate()
    for row in page:
        row.when = when(row.session)
        row.may_answer = rules.may_answer(row, today)
        row.is_coming = rules.is_coming(row)
        row.was_there = rules.may_debrief(row, today)
    return render(
        request,
        "observations/sessions/to_observe.html",
        {"title": "Clinics to observe", "filter": chosen, "page": page},
    )


@require_GET
@audience(*CLINICIANS)
def clinics(request: HttpRequest) -> HttpResponse:
    """One's own clinics that are observed, or may be."""
    rows = (
        ClinicSession.objects.visible_to(request.user)
        .of_clinician(request.user)
        .select_related("team")
    )
    chosen = MyClinicsFilter(request.GET, rows, request=request)
    page = page_of(request, chosen.qs, PER_PAGE)
    today = timezone.localdate()
    for row in page:
        row.when = when(row)
        row.is_past = row.day < today
    return render(
        request,
        "observations/sessions/clinics.html",
        {"title": "My clinics", "filter": chosen, "page": page},
    )


@require_GET
@audience(*OBSERVERS, Role.COORDINATOR)
def clinic(request: HttpRequest, pk: int) -> HttpResponse:
    """One clinic, for its clinician and for whoever observes it: what to say, bring and do."""
    session = _found(request, pk)
    today, is_mine = timezone.localdate(), rules.is_clinician(request.user, session)
    seats = list(
        session.observers.filter(ended_at__isnull=True)
        .select_related("partner", "person")
        .order_by("pk")
    )
    for seat in seats:
        seat.session = session
    mine = next((seat for seat in seats if rules.is_ones_own(request.user, seat)), None)
    version = session.version
    shows = shows_wording(version.instrument)
    lacks = sessions.needs(seats)
    sheets = _sheets(request, mine) if mine is not None else []
    context = {
        "title": f"{'Your' if is_mine else 'A'} clinic on {when(session)}",
        "session": session,
        "version": version,
        "items": list(version.items.order_by("number")) if shows else [],
        "shows_wording": shows,
        "is_mine": is_mine,
        "is_past": session.day < today,
        "seat": mine,
        "people": [seat for seat in seats if seat.answer != Observer.Answer.NO],
        "lacks": lacks if session.day >= today else "",
        "may_arrange": coordinates(request.user, session.programme_id),
        "sheets": sheets,
        **(_for_clinician(session, today) if is_mine else {}),
        **(_for_observer(request, mine, sheets, today) if mine is not None else {}),
    }
    return render(request, "observations/sessions/clinic.html", {**_NOBODY, **context})


_NOBODY: dict[str, Any] = {
    "may_agree": False,
    "may_decline": False,
    "may_count": False,
    "may_answer": False,
    "may_debrief": False,
    "is_coming": False,
    "begin_url": "",
    "debrief": None,
}


def _for_clinician(session: ClinicSession, today: Any) -> dict[str, Any]:
    return {
        "may_agree": rules.may_agree(session, today),
        "may_decline": rules.may_decline(session, sessions.has_sheets(session))
        and session.day >= today,
        "may_count": rules.may_count(session, today),
    }


def _for_observer(
    request: HttpRequest, seat: Observer, sheets: list[dict[str, Any]], today: Any
) -> dict[str, Any]:
    number = max((one["number"] for one in sheets), default=0) + 1
    may_begin = not why_not_rate(seat, today) and number <= MOST_CONSULTATIONS
    return {
        "may_answer": rules.may_answer(seat, today),
        "may_debrief": rules.may_debrief(seat, today),
        "is_coming": rules.is_coming(seat),
        "begin_url": _sheet_url(seat.session_id, number) if may_begin else "",
        "debrief": Debrief.objects.visible_to(request.user).filter(observer=seat).first(),
    }


def _sheets(request: HttpRequest, seat: Observer) -> list[dict[str, Any]]:
    """One's own sheets of the clinic: which consultation, submitted or not, and where it is."""
    rows = (
        Observation.objects.visible_to(request.user)
        .filter(observer=seat)
        .order_by("consultation__number")
    )
    return [
        {
            "number": number,
            "submitted": status == Observation.Status.SUBMITTED,
            "url": _sheet_url(seat.session_id, number),
        }
        for number, status in rows.values_list("consultation__number", "status")
    ]


def _sheet_url(session: int, number: int) -> str:
    return reverse("observations:sheet", args=[session, number])


@require_POST
@audience(*CLINICIANS)
def agree(request: HttpRequest, pk: int) -> HttpResponse:
    """The clinician says yes."""
    session = _own(request, pk)
    return _press(
        request,
        session,
        lambda: sessions.agree(session=session, by=request.user, now=timezone.now()),
        "Thank you. We ask the observers now, and you see here who comes.",
    )


@require_POST
@audience(*CLINICIANS)
def decline(request: HttpRequest, pk: int) -> HttpResponse:
    """The clinician says not this time."""
    session = _own(request, pk)
    return _press(
        request,
        session,
        lambda: sessions.decline(session=session, by=request.user, now=timezone.now()),
        "Thank you for telling us. Nobody comes. You can still say yes until that day.",
    )


@require_POST
@audience(*OBSERVERS)
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """An observer says whether they come."""
    session = _found(request, pk)
    seat = _seat(request, session)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Choose whether you can come.")
        return redirect("observations:clinic", pk)
    thanks = (
        "Thank you. We look forward to your being there."
        if form.yes
        else "Thank you for telling us. We ask somebody else."
    )
    return _press(
        request,
        session,
        lambda: sessions.answer(observer=seat, yes=form.yes, by=request.user, now=timezone.now()),
        thanks,
    )


@require_http_methods(["GET", "POST"])
@audience(*CLINICIANS)
def counts(request: HttpRequest, pk: int) -> HttpResponse:
    """How many patients were asked, and what they said: numbers alone."""
    session = _own(request, pk)
    if not rules.may_count(session, timezone.localdate()):
        raise PermissionDenied
    kept = {name: getattr(session, name) for name in ("asked", "said_yes", "said_no")}
    form = CountsForm(_posted(request), initial=kept)

    def keep() -> str:
        sessions.count_patients(
            session=session, by=request.user, now=timezone.now(), **form.cleaned_data
        )
        return "Thank you. The numbers are kept."

    return _ask(request, session, form, keep, "counts", "Patients who were asked")


@require_http_methods(["GET", "POST"])
@audience(*OBSERVERS)
def debrief(request: HttpRequest, pk: int) -> HttpResponse:
    """How it was to observe: one's own."""
    session = _found(request, pk)
    seat = _seat(request, session)
    if not rules.may_debrief(seat, timezone.localdate()):
        raise PermissionDenied
    said = Debrief.objects.visible_to(request.user).filter(observer=seat).first()
    names = ("feeling", "note", "wants_talk")
    kept = {name: getattr(said, name) for name in names} if said is not None else {}
    form = DebriefForm(_posted(request), initial=kept)

    def keep() -> str:
        debriefs.say(observer=seat, by=request.user, now=timezone.now(), **form.cleaned_data)
        if form.cleaned_data["wants_talk"]:
            return "Kept. Your coordinator knows that you would like to talk."
        return "Kept, for you alone. Thank you."

    return _ask(request, session, form, keep, "debrief", "How was it?")


# --- Together ------------------------------------------------------------------------------------


def _found(request: HttpRequest, pk: int) -> ClinicSession:
    rows = ClinicSession.objects.visible_to(request.user).select_related(
        "programme", "team", "clinician", "version__instrument"
    )
    found: ClinicSession = get_object_or_404(rows, pk=pk)
    return found


def _own(request: HttpRequest, pk: int) -> ClinicSession:
    """One's own clinic; anybody else's is hidden, the ones one observes too."""
    rows = ClinicSession.objects.visible_to(request.user).of_clinician(request.user)
    found: ClinicSession = get_object_or_404(rows.select_related("programme", "team"), pk=pk)
    return found


def _seat(request: HttpRequest, session: ClinicSession) -> Observer:
    rows = Observer.objects.visible_to(request.user).of(request.user).told()
    seat: Observer = get_object_or_404(
        rows.filter(session=session).select_related("partner", "person")
    )
    seat.session = session
    return seat


def _posted(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _press(
    request: HttpRequest, session: ClinicSession, do: Callable[[], Any], said: str
) -> HttpResponse:
    try:
        do()
    except SessionError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, said)
    return redirect("observations:clinic", session.pk)


def _ask(
    request: HttpRequest,
    session: ClinicSession,
    form: Any,
    keep: Callable[[], str],
    page: str,
    title: str,
) -> HttpResponse:
    if form.is_valid():
        try:
            said = keep()
        except SessionError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            messages.success(request, said)
            return redirect("observations:clinic", session.pk)
    return render(
        request,
        f"observations/sessions/{page}.html",
        {
            "title": title,
            "form": form,
            "session": session,
            "when": when(session),
            "cancel_url": reverse("observations:clinic", args=[session.pk]),
        },
    )
