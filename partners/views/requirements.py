"""What has to be in place, and what to do about it."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.access import audience
from accounts.models import Role
from nhsuk.components import Event
from nhsuk.templatetags.nhsuk import moment
from partners.forms.requirements import AcceptForm, ShowForm
from partners.models import AgreementText, Partner, Requirement, RequirementRecord
from partners.rules.requirements import Standing, State, text_asked_for
from partners.services import requirement_records, standings
from partners.views.pages import form_page, get_or_post, own_partner, saved, signed_in
from partners.views.portfolio_story import handed_out

_COLOURS = {
    State.IN_PLACE: "green",
    State.ENDING: "yellow",
    State.ENDED: "red",
    State.SHOWN: "blue",
    State.ASKED: "yellow",
    State.RETURNED: "yellow",
    State.NEW_VERSION: "yellow",
}
_Kind = Requirement.Kind


@dataclass(frozen=True)
class Shown:
    """A requirement as its partner sees it: how it stands, and what to do, in words."""

    standing: Standing
    words: str
    colour: str
    to_do: str


@require_GET
@audience(Role.PARTNER)
def requirements(request: HttpRequest) -> HttpResponse:
    """Everything that has to be in place for me, and how it stands."""
    partner = own_partner(request)
    rows = [shown(one) for one in standings.of_one(partner, timezone.localdate())]
    return render(
        request,
        "partners/requirements/list.html",
        {"title": "What has to be in place", "rows": rows, "partner": partner},
    )


@require_GET
@audience(Role.PARTNER)
def requirement(request: HttpRequest, pk: int) -> HttpResponse:
    """One of them: what it is, how it stands, what to do, and what happened."""
    one, partner = _standing(request, pk)
    found = one.requirement
    records = list(_own_records(request, partner).filter(requirement=found))
    return render(
        request,
        "partners/requirements/requirement.html",
        {
            "title": found.name,
            "requirement": found,
            "row": shown(one),
            "back_url": reverse("partners:requirements"),
            "missing": _missing(one.under_way),
            "records": records,
            "may_show": found.kind not in {_Kind.AGREEMENT, _Kind.INDUCTION},
            "was_sent": _was_sent(one),
            "text": _text(request, found) if found.kind == _Kind.AGREEMENT else None,
            "events": _events(records),
        },
    )


@get_or_post
@audience(Role.PARTNER)
def accept_agreement(request: HttpRequest, pk: int) -> HttpResponse:
    """Read an agreement and accept it."""
    one, partner = _standing(request, pk)
    found = one.requirement
    text = _text(request, found)
    if text is None:
        raise Http404
    form = AcceptForm(request.POST or None, version=text)
    back = reverse("partners:requirement", args=[found.pk])
    if request.method == "POST" and form.is_valid():

        def save() -> RequirementRecord:
            return requirement_records.accept(
                text=form.cleaned_data["version"],
                partner=partner,
                by=signed_in(request),
                now=timezone.now(),
            )

        if saved(form, save):
            messages.success(request, f"Thank you. You have accepted “{found.name}”.")
            return redirect(back)
    return render(
        request,
        "partners/requirements/agreement.html",
        {
            "title": found.name,
            "form": form,
            "text": text,
            "blocks": _blocks(text.text),
            "back_url": back,
            "cancel_url": back,
        },
    )


@get_or_post
@audience(Role.PARTNER)
def show_requirement(request: HttpRequest, pk: int) -> HttpResponse:
    """Say since when it is in place, and add something that shows it."""
    one, partner = _standing(request, pk)
    found = one.requirement
    if found.kind in {_Kind.AGREEMENT, _Kind.INDUCTION}:
        raise Http404
    form = ShowForm(request.POST or None, request.FILES or None, requirement=found)
    back = reverse("partners:requirement", args=[found.pk])
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)

        def save() -> RequirementRecord:
            return requirement_records.show(
                requirement=found,
                partner=partner,
                by=signed_in(request),
                now=timezone.now(),
                obtained_on=data["obtained_on"],
                from_elsewhere=data["from_elsewhere"],
                uploaded=data.get("file"),
            )

        if saved(form, save):
            messages.success(request, "Thank you. Your coordinator looks at it and tells you here.")
            return redirect(back)
    return form_page(request, form, found.name, back)


@require_GET
@audience(Role.PARTNER)
def requirement_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """What one sent in oneself, as it is kept."""
    rows = RequirementRecord.objects.visible_to(signed_in(request))
    own = rows.filter(partner=own_partner(request), file__isnull=False)
    record = get_object_or_404(own.select_related("file"), pk=pk)
    return handed_out(record.file)


def shown(one: Standing) -> Shown:
    """How a requirement stands, in words, and what there is to do about it."""
    words = str(one.state.label)
    if one.state == State.IN_PLACE and one.until:
        words = f"In place until {moment(one.until)}"
    elif one.state == State.ENDING:
        words = f"Ends soon: {moment(one.until)}"
    elif one.state == State.ENDED:
        words = f"Ended on {moment(one.until)}"
    return Shown(one, words, _COLOURS.get(State(one.state), "grey"), _to_do(one))


def _was_sent(one: Standing) -> bool:
    """Something waits to be looked at, be it a renewal of what is in place still."""
    return one.under_way is not None and one.under_way.status == RequirementRecord.Status.SHOWN


def _to_do(one: Standing) -> str:
    kind = one.requirement.kind
    if one.state == State.IN_PLACE:
        return ""
    if _was_sent(one):
        return "You need do nothing: your coordinator looks at what you sent."
    if kind == _Kind.INDUCTION:
        return "Your coordinator arranges this with you."
    if kind == _Kind.AGREEMENT:
        return "Read it and accept it."
    if one.state == State.RETURNED:
        return "See what is missing, and send it again."
    if kind == _Kind.DBS:
        return "Tell us the date of your check. Your coordinator says how to get one."
    return "Tell us when you did it, and show us."


def _missing(record: RequirementRecord | None) -> str:
    """Why it was sent back, in the coordinator's words."""
    if record is None or record.status != RequirementRecord.Status.RETURNED:
        return ""
    line = record.history.filter(to_status=RequirementRecord.Status.RETURNED).last()
    return str(line.why) if line else ""


def _standing(request: HttpRequest, pk: int) -> tuple[Standing, Partner]:
    """How a requirement stands; a 404 for one that is asked of others, or of nobody."""
    partner = own_partner(request)
    every = standings.of_one(partner, timezone.localdate())
    found = next((one for one in every if one.requirement.pk == pk), None)
    if found is None:
        raise Http404
    return found, partner


def _own_records(request: HttpRequest, partner: Partner) -> Any:
    rows = RequirementRecord.objects.visible_to(signed_in(request)).filter(partner=partner)
    return rows.select_related("file", "agreement").prefetch_related("history")


def _text(request: HttpRequest, found: Requirement) -> AgreementText | None:
    texts = AgreementText.objects.visible_to(signed_in(request)).filter(requirement=found)
    return text_asked_for(texts, timezone.localdate())


def _blocks(text: str) -> list[tuple[bool, list[str]]]:
    """The paragraphs of `text`, and whether each is a list: lines that begin with a dash."""
    blocks = [block.splitlines() for block in text.split("\n\n") if block.strip()]
    return [
        (True, [line[2:] for line in lines])
        if all(line.startswith("- ") for line in lines)
        else (False, lines)
        for lines in blocks
    ]


_SAID = {
    RequirementRecord.Status.ASKED: "Asked for",
    RequirementRecord.Status.SHOWN: "Sent to your coordinator",
    RequirementRecord.Status.RETURNED: "Sent back to you",
    RequirementRecord.Status.APPROVED: "In place",
}


def _events(records: list[RequirementRecord]) -> list[Event]:
    lines = [(line, record) for record in records for line in record.history.all()]
    lines.sort(key=lambda pair: (pair[0].at, pair[0].pk), reverse=True)
    return [Event(_said(line.to_status, record), line.at, line.why) for line, record in lines]


def _said(status: str, record: RequirementRecord) -> str:
    said = _SAID[RequirementRecord.Status(status)]
    if status == RequirementRecord.Status.APPROVED and record.agreement is not None:
        return f"Version {record.agreement.number} accepted"
    return said
