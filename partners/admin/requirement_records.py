"""Records of what is in place: to look at, to write down, and the next twelve months."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    StreamingHttpResponse,
)
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from accounts.admin_site import Waits, column, number_in
from accounts.models import Programme, Role
from accounts.querysets import programmes_of
from nhsuk.components import Event
from nhsuk.pages import page_of
from nhsuk.templatetags.nhsuk import moment
from partners.admin.asking import AskingAdmin
from partners.admin.choosing import choice_of, posted
from partners.admin.scope import coordinated
from partners.filters.requirements import YearFilter
from partners.forms.requirements import ApproveForm, PutInPlaceForm, SendBackForm
from partners.models import Partner, RequirementRecord
from partners.rules import requirements as rules
from partners.rules.requirements import Standing, State
from partners.services import requirement_records as services
from partners.services import standings
from partners.services.formulas import neutral
from partners.services.refusal import Refusal
from partners.views.portfolio_story import handed_out

YEAR_PAGE = 50
AT_ONCE = 500
_Status = RequirementRecord.Status


@dataclass(frozen=True)
class YearRow:
    """A partner, and a cell for each requirement: how it stands, or None where it is not asked."""

    partner: Partner
    cells: list[Standing | None]


class ToLookAtFilter(admin.SimpleListFilter):
    """By state; ended, or ending soon, among them."""

    title = "state"
    parameter_name = "show"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("look", "To look at"),
            ("asked", "Asked for"),
            ("returned", "Sent back"),
            ("ending", "Ended, or ending soon"),
            ("approved", "In place"),
        ]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        shown = self.value()
        if shown == "look":
            return queryset.to_look_at()
        if shown == "ending":
            return queryset.ending(timezone.localdate())
        return queryset.filter(status=shown) if shown in _Status.values else queryset


@admin.register(RequirementRecord)
class RequirementRecordAdmin(AskingAdmin):
    """What partners have, with its days."""

    programme_path = "partner__programme"
    starts = (
        ("See what ends in the next twelve months", "admin:partners_requirementrecord_year"),
        ("Record something that is in place", "admin:partners_requirementrecord_add"),
    )
    list_display = (
        "partner",
        "requirement",
        "status",
        column("obtained_on", "day"),
        column("expires_on", "good until"),
    )
    list_select_related = ("partner", "requirement")
    list_filter = (ToLookAtFilter,)
    search_fields = ("partner__sort_key", "partner__known_as", "requirement__name")
    search_help_text = "Search by the partner’s name, or what it is"
    found_with = ("partner", "requirement", "file", "agreement", "approved_by")

    def may_add(self, user: Any) -> bool:
        return True

    def get_urls(self) -> list[URLPattern]:
        name = "partners_requirementrecord_{}".format
        own = [
            path("year/", self.page(self.year), name=name("year")),
            path("year/download/", self.page(self.year_csv), name=name("year_csv")),
            path("<int:pk>/approve/", self.page(self.approve), name=name("approve")),
            path("<int:pk>/send-back/", self.page(self.send_back), name=name("send_back")),
            path("<int:pk>/download/", self.page(self.file), name=name("file")),
        ]
        return own + super().get_urls()

    def record(self, request: HttpRequest, row: RequirementRecord) -> HttpResponse:
        """One record: its days, what was sent, what became of it."""
        may = rules.may_look_at(request.user, row)
        history = row.history.select_related("by").order_by("-at", "-pk")
        return render(
            request,
            "admin/partners/requirementrecord/page.html",
            self.context(
                request,
                title=f"{row.requirement.name}: {row.partner.name}",
                record=row,
                may_approve=may and row.status != _Status.APPROVED,
                may_send_back=may and row.status == _Status.SHOWN,
                is_own=row.partner.user_id == request.user.pk,
                events=[
                    Event(
                        f"{line.by.name if line.by else 'The portal'}: {_SAID[line.to_status]}",
                        line.at,
                        line.why,
                    )
                    for line in history
                ],
            ),
        )

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Choose the partner, then what; ask for it, or record that it is in place."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        partner = (choice := choice_of(request)).chosen
        if partner is None:
            return render(
                request,
                "admin/partners/choose.html",
                self.context(request, title="Whose is it?", choice=choice),
            )
        today = timezone.localdate()
        every = standings.of_many(
            [partner], asked := standings.asked_for(partner.programme_id, today), today
        )[partner.pk]
        chosen = number_in(request.GET.get("requirement"))
        # Of everything that the programme asks for: somebody may have it before it is asked.
        requirement = next((one for one in asked.requirements if one.pk == chosen), None)
        if requirement is None:
            own = {one.requirement.pk for one in every}
            return render(
                request,
                "admin/partners/requirementrecord/partner.html",
                self.context(
                    request,
                    title=f"What {partner.name} has to have in place",
                    partner=partner,
                    rows=[(one, words(one, today), _add_url(partner, one)) for one in every],
                    others=[one for one in asked.requirements if one.pk not in own],
                ),
            )
        back = f"{reverse('admin:partners_requirementrecord_add')}?partner={partner.pk}"
        by, now = request.user, timezone.now()
        if request.method == "POST" and "ask" in request.POST:
            try:
                services.ask(requirement=requirement, partner=partner, by=by, now=now)
            except Refusal as error:
                messages.warning(request, str(error))
            else:
                told = "and told" if partner.email else "but has no e-mail address: please ring"
                messages.success(request, f"{partner.name} is asked for it, {told}.")
            return redirect(back)
        form = PutInPlaceForm(
            posted(request),
            initial={"obtained_on": today, "expires_on": rules.good_until(requirement, today)},
        )
        return self.ask(
            request,
            form,
            lambda: services.put_in_place(
                requirement=requirement, partner=partner, by=by, now=now, **form.cleaned_data
            ),
            title=f"“{requirement.name}” of {partner.name}",
            done="It is recorded.",
            back=back,
            back_text=partner.name,
            intro=_LEVEL_ONLY if requirement.kind == "dbs" else "",
        )

    def approve(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Approve it, from a day until a day."""
        row = self._to_look_at(request, pk)
        since = row.obtained_on or timezone.localdate()
        form = ApproveForm(
            posted(request),
            initial={
                "obtained_on": since,
                "expires_on": row.expires_on or rules.good_until(row.requirement, since),
            },
        )
        return self.ask(
            request,
            form,
            lambda: services.approve(
                record=row, by=request.user, now=timezone.now(), **form.cleaned_data
            ),
            title=f"Approve “{row.requirement.name}” of {row.partner.name}",
            done="It is in place.",
            back=self._url(row),
            back_text=str(row.requirement),
            intro=_LEVEL_ONLY if row.requirement.kind == "dbs" else "",
        )

    def send_back(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Say what is missing."""
        row = self._to_look_at(request, pk)
        form = SendBackForm(posted(request))
        return self.ask(
            request,
            form,
            lambda: services.send_back(
                record=row, by=request.user, now=timezone.now(), **form.cleaned_data
            ),
            title=f"Send “{row.requirement.name}” back to {row.partner.name}",
            done="It is sent back. The partner is told that something is missing.",
            back=self._url(row),
            back_text=str(row.requirement),
        )

    def file(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """What the partner sent, as it is kept; always as an attachment."""
        row = self.found(request, pk)
        if row.file is None:
            raise Http404
        return handed_out(row.file)

    def year(self, request: HttpRequest) -> HttpResponse:
        """Everybody, and everything that has to be in place: what ends when."""
        chosen, programme = _people(request)
        today = timezone.localdate()
        page = page_of(request, chosen.qs, YEAR_PAGE)
        asked = standings.asked_for(programme, today)
        return render(
            request,
            "admin/partners/requirementrecord/year.html",
            self.context(
                request,
                title="The next twelve months",
                filter=chosen,
                page=page,
                query=request.GET.urlencode(),
                requirements=asked.requirements,
                headings="|".join(
                    [
                        "Partner",
                        *(one.name.replace("|", "/") for one in asked.requirements),
                        "DBS on the register",
                    ]
                ),
                rows=[
                    (
                        row.partner,
                        [
                            (requirement, words(cell, today), _colour(cell))
                            for requirement, cell in zip(asked.requirements, row.cells, strict=True)
                        ],
                    )
                    for row in _rows(list(page), asked, today)
                ],
            ),
        )

    def year_csv(self, request: HttpRequest) -> StreamingHttpResponse:
        """The same as a file, everybody who fits the filters in it."""
        chosen, programme = _people(request)
        today = timezone.localdate()
        answer = StreamingHttpResponse(
            _lines(chosen.qs, programme, today), content_type="text/csv; charset=utf-8"
        )
        answer["Content-Disposition"] = f'attachment; filename="in-place-{today:%Y-%m-%d}.csv"'
        return answer

    def _to_look_at(self, request: HttpRequest, pk: int) -> RequirementRecord:
        row: RequirementRecord = self.found(request, pk)
        if not rules.may_look_at(request.user, row):
            raise PermissionDenied
        return row

    @staticmethod
    def _url(row: RequirementRecord) -> str:
        return reverse("admin:partners_requirementrecord_change", args=[row.pk])


_LEVEL_ONLY = "Keep the level and the days only. Nothing of what the certificate says."
_SAID = {
    _Status.ASKED: "asked for it",
    _Status.SHOWN: "sent it",
    _Status.RETURNED: "sent it back",
    _Status.APPROVED: "put it in place",
}
_COLOURS = {
    State.MISSING: "grey",
    State.ENDED: "red",
    State.ENDING: "yellow",
    State.SHOWN: "blue",
    State.ASKED: "yellow",
    State.RETURNED: "yellow",
    State.NEW_VERSION: "yellow",
}


def words(one: Standing | None, today: date) -> str:
    """How a requirement stands, as short as a cell of a table wants it."""
    if one is None:
        return "Not asked for"
    if one.state == State.ENDED:
        return f"Ended {moment(one.until)}"
    if one.is_met:
        said = f"Until {moment(one.until)}" if one.until else "In place"
        under_way = one.under_way is not None and one.under_way.status == _Status.SHOWN
        return f"{said}; a newer one to look at" if under_way else said
    return str(one.state.label)


def _add_url(partner: Partner, one: Standing) -> str:
    """Where to record that it is in place, or to ask for it."""
    there = reverse("admin:partners_requirementrecord_add")
    return f"{there}?partner={partner.pk}&requirement={one.requirement.pk}"


def _colour(one: Standing | None) -> str:
    return "" if one is None else _COLOURS.get(State(one.state), "")


def _people(request: HttpRequest) -> tuple[YearFilter, Programme]:
    programmes = coordinated(request.user)
    asked = number_in(request.GET.get("programme"))
    programme = next((one for one in programmes if one.pk == asked), programmes[0])
    people = (
        Partner.objects.visible_to(request.user)  # type: ignore[arg-type]
        .filter(programme=programme)
        .exclude(status=Partner.Status.LEFT)
        .order_by("sort_key", "pk")
    )
    return YearFilter(request.GET, people, request=request, programmes=programmes), programme


def _rows(partners: list[Partner], asked: standings.Asked, today: date) -> list[YearRow]:
    by_partner = standings.of_many(partners, asked, today)
    rows = []
    for partner in partners:
        found = {one.requirement.pk: one for one in by_partner[partner.pk]}
        rows.append(YearRow(partner, [found.get(one.pk) for one in asked.requirements]))
    return rows


class _Echo:
    """What a csv writer writes to: hands the line back."""

    def write(self, line: str) -> str:
        return line


def _lines(people: Any, programme: Programme, today: date) -> Iterator[str]:
    """The file, line by line; a few hundred partners are read at a time."""
    writer = csv.writer(_Echo())
    asked = standings.asked_for(programme, today)
    names = [neutral(one.name) for one in asked.requirements]
    yield "\ufeff" + writer.writerow(["Partner", *names, "DBS on the register"])
    pks = list(people.values_list("pk", flat=True))
    for start in range(0, len(pks), AT_ONCE):
        some = list(people.filter(pk__in=pks[start : start + AT_ONCE]))
        for row in _rows(some, asked, today):
            dbs = row.partner.dbs_expires_on
            cells = [words(cell, today) for cell in row.cells]
            yield writer.writerow(
                [neutral(row.partner.name), *cells, moment(dbs) if dbs else "Nothing recorded"]
            )


@admin.site.waits
def records_to_look_at(user: Any) -> list[Waits]:
    """What partners sent and nobody has looked at; and what has ended, or ends soon."""
    mine = programmes_of(user, Role.COORDINATOR)
    if not mine:
        return []
    records = RequirementRecord.objects.visible_to(user).filter(partner__programme__in=mine)
    there = reverse("admin:partners_requirementrecord_changelist")
    return [
        Waits(
            rows=records.to_look_at().exclude(partner__user=user),
            one="record to look at",
            many="records to look at",
            url=f"{there}?show=look",
            sentence="Partners sent something that has to be in place.",
        ),
        Waits(
            rows=records.ending(timezone.localdate()),
            one="record ended or ending soon",
            many="records ended or ending soon",
            url=f"{there}?show=ending",
            sentence="Ask the partners to renew them in time.",
        ),
    ]
