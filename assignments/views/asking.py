"""Asking for partners and proposing work: a few pages, a summary, then it is sent.

What was typed goes from page to page in the session, and in hidden fields beside it: a session
that ends on the way loses nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts.access import audience
from accounts.current import current_programme
from accounts.models import Programme, Role, Team, User
from assignments.forms.requests import AskingForm, PartForm, WhatForm, WhenForm
from assignments.models import Request
from assignments.rules import requests as rules
from assignments.services import requests
from assignments.services.refusals import RequestError
from nhsuk.components import SummaryRow
from nhsuk.forms import DateField
from nhsuk.templatetags.nhsuk import moment
from partners.models import Partner
from partners.views.pages import get_or_post, own_partner, signed_in

CHECK = "check"


@dataclass(frozen=True)
class Step:
    """One page of the way."""

    name: str
    title: str
    form: type[AskingForm]


@dataclass(frozen=True)
class Way:
    """From the first page to the summary: who asks for what, of whom, and where it is kept."""

    user: User
    programme: Programme
    partner: Partner | None
    view: str
    steps: tuple[Step, ...]

    @property
    def key(self) -> str:
        """Where the session keeps what was typed."""
        return f"{self.view}:{self.programme.pk}"

    @property
    def proposing(self) -> bool:
        return self.partner is not None

    def address(self, step: str) -> str:
        if step == self.steps[0].name:
            return reverse(f"assignments:{self.view}")
        return reverse(f"assignments:{self.view}_step", args=[step])

    def form(self, step: Step, data: Any = None, **kwargs: Any) -> AskingForm:
        teams = Team.objects.visible_to(self.user).filter(programme=self.programme)
        return step.form(data, proposing=self.proposing, teams=teams, **kwargs)

    def names(self, step: Step) -> list[str]:
        """The names of a page's boxes."""
        return [
            box for name, field in self.form(step).fields.items() for box in _boxes(name, field)
        ]


_ASKING = (
    Step("what", "Ask for partners", WhatForm),
    Step("part", "The partners’ part", PartForm),
    Step("when", "When and where", WhenForm),
)
_PROPOSING = (
    Step("what", "Propose work of your own", WhatForm),
    Step("part", "Your part, and that of others", PartForm),
    Step("when", "When and where", WhenForm),
)


@get_or_post
@audience(*rules.ASKING)
def ask(request: HttpRequest, step: str = "what") -> HttpResponse:
    """Ask for partners."""
    programme = _programme(request)
    return _page(request, Way(signed_in(request), programme, None, "ask", _ASKING), step)


@get_or_post
@audience(Role.PARTNER)
def propose(request: HttpRequest, step: str = "what") -> HttpResponse:
    """Propose work of one's own."""
    partner = own_partner(request)
    if not rules.takes_part(partner):
        raise PermissionDenied
    way = Way(signed_in(request), partner.programme, partner, "propose", _PROPOSING)
    return _page(request, way, step)


def _programme(request: HttpRequest) -> Programme:
    """The programme whose pages are open, or the first in which one may ask."""
    user = signed_in(request)
    chosen = current_programme(user, request.session)
    if chosen is not None and rules.may_ask(user, chosen.pk):
        return chosen
    return next(one.programme for one in user.grants if rules.may_ask(user, one.programme_id))


def _page(request: HttpRequest, way: Way, name: str) -> HttpResponse:
    if name == CHECK:
        return _check(request, way)
    place = next((n for n, step in enumerate(way.steps) if step.name == name), None)
    if place is None:
        raise Http404
    step, typed = way.steps[place], _typed(request, way)
    if request.method == "POST":
        form = way.form(step, typed)
        if form.is_valid():
            _keep(request, way, typed)
            return redirect(_next(way, place, typed))
    else:
        form = way.form(step, initial=_initial(way.form(step).fields, typed))
    back = way.address(way.steps[place - 1].name) if place else reverse("assignments:requests")
    own = set(way.names(step))
    return render(
        request,
        "assignments/requests/step.html",
        {
            "title": step.title,
            "form": form,
            "way": way,
            "back_url": back,
            "number": place + 1,
            "carried": [pair for pair in _pairs(typed) if pair[0] not in own],
        },
    )


def _check(request: HttpRequest, way: Way) -> HttpResponse:
    """What was typed, to be looked at once more, and sent."""
    typed = _typed(request, way)
    forms = [(step, way.form(step, typed)) for step in way.steps]
    wrong = next((step for step, form in forms if not form.is_valid()), None)
    if wrong is not None:
        if request.method == "POST":
            _keep(request, way, typed)
        return redirect(way.address(wrong.name))
    refusal = ""
    if request.method == "POST":
        try:
            made = _send(request, way, [form for _, form in forms])
        except RequestError as error:
            refusal = str(error)
        else:
            request.session.pop(way.key, None)
            return redirect("assignments:request_sent", made.pk)
    return render(
        request,
        "assignments/requests/check.html",
        {
            "title": "Check before you send",
            "rows": [row for step, form in forms for row in _rows(way, step, form)],
            "refusal": refusal,
            "back_url": way.address(way.steps[-1].name),
            "carried": _pairs(typed),
        },
    )


def _send(request: HttpRequest, way: Way, forms: Iterable[AskingForm]) -> Request:
    facts = {name: value for form in forms for name, value in form.cleaned_data.items()}
    by, now = signed_in(request), timezone.now()
    if way.partner is not None:
        return requests.propose(partner=way.partner, by=by, now=now, **facts)
    return requests.ask(programme=way.programme, by=by, now=now, **facts)


def _typed(request: HttpRequest, way: Way) -> QueryDict:
    """What the session keeps, and over it what was sent now."""
    known = [name for step in way.steps for name in way.names(step)]
    found = QueryDict(mutable=True)
    for kept in (request.session.get(way.key, {}), dict(request.POST.lists())):
        for name in known:
            if name in kept:
                found.setlist(name, kept[name])
    return found


def _keep(request: HttpRequest, way: Way, typed: QueryDict) -> None:
    request.session[way.key] = dict(typed.lists())


def _next(way: Way, place: int, typed: QueryDict) -> str:
    """The next page that was not seen yet, else the summary."""
    for step in way.steps[place + 1 :]:
        if not any(name in typed for name in way.names(step)):
            return way.address(step.name)
    return way.address(CHECK)


def _boxes(name: str, field: Any) -> list[str]:
    if isinstance(field, DateField):
        return [f"{name}_{part}" for part in ("day", "month", "year")]
    return [name]


def _initial(fields: Any, typed: QueryDict) -> dict[str, Any]:
    initial: dict[str, Any] = {}
    for name, field in fields.items():
        boxes = _boxes(name, field)
        if any(box in typed for box in boxes):
            values = [typed.get(box, "") for box in boxes]
            initial[name] = values if len(boxes) > 1 else values[0]
    return initial


def _pairs(typed: QueryDict) -> list[tuple[str, str]]:
    return [(name, str(value)) for name, values in typed.lists() for value in values]


def _rows(way: Way, step: Step, form: AskingForm) -> list[SummaryRow]:
    """The answers of a page, each with the way back to it."""
    return [
        SummaryRow(
            bound.label.rstrip("?"),
            _said(form, bound.name),
            f"{way.address(step.name)}#{bound.error_target}",
        )
        for bound in form
    ]


def _said(form: AskingForm, name: str) -> str:
    value = form.cleaned_data[name]
    if value in (None, ""):
        return "Not said"
    choices = dict(getattr(form.fields[name], "choices", ())) if isinstance(value, str) else {}
    return str(choices.get(value, moment(value) if hasattr(value, "year") else value))
