"""Clinics: the list, planning one, its page, whom to invite, and calling it off."""

from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from accounts.admin_site import Waits, number_in
from accounts.models import Role, Team
from accounts.querysets import programmes_of
from nhsuk.components import Event
from nhsuk.pages import page_of
from observations.admin.asking import AskingAdmin, Crumbs
from observations.filters import ClinicFilter, by_day
from observations.forms.sessions import AnswerForm, CancelForm, CountsForm, InviteForm, PlanForm
from observations.models import ClinicSession, Debrief, InstrumentVersion, Observer
from observations.rules import sessions as rules
from observations.services import observers, sessions
from observations.services.instruments import usable_versions
from observations.services.refusals import SessionError
from observations.services.session_letters import when
from partners.admin.choosing import posted
from partners.services.register import named

PER_PAGE = 25
DAYS_AHEAD = 14
MOST_WORDS = 5


@admin.register(ClinicSession)
class ClinicSessionAdmin(AskingAdmin):
    """Clinics that are observed, or are to be."""

    starts = (("Plan a clinic to observe", "admin:observations_clinicsession_add"),)
    found_with = ("programme", "team", "clinician", "version__instrument")

    def may_add(self, user: Any) -> bool:
        return bool(programmes_of(user, Role.COORDINATOR))

    def get_urls(self) -> list[URLPattern]:
        own = [
            path(address, self.page(getattr(self, name)), name=f"observations_clinicsession_{name}")
            for name, address in (
                ("invite", "<int:pk>/invite/"),
                ("answer", "<int:pk>/observers/<int:observer>/answer/"),
                ("take_back", "<int:pk>/observers/<int:observer>/take-back/"),
                ("counts", "<int:pk>/patients/"),
                ("cancel", "<int:pk>/cancel/"),
            )
        ]
        return own + super().get_urls()

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """The clinics, the latest first; each with what it lacks."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        rows = self.get_queryset(request).with_sides().select_related("team", "clinician")
        chosen = ClinicFilter(request.GET, rows, request=request)
        page = page_of(request, by_day(chosen.qs, latest_first=True), PER_PAGE)
        for row in page:
            row.when = when(row)
            row.lacks = lacking(row)
        return self.show(
            request,
            "list",
            title="Clinics to observe",
            filter=chosen,
            is_filtered=bool(chosen.chosen) or not chosen.form.is_valid(),
            page=page,
        )

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Plan a clinic: first the team, then who, when and with what."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        mine = programmes_of(request.user, Role.COORDINATOR)
        teams = Team.objects.visible_to(request.user).filter(programme__in=mine)
        teams = teams.select_related("programme").order_by("programme__name", "name", "pk")
        team = teams.filter(pk=number_in(request.GET.get("team"))).first()
        if team is None:
            page = page_of(request, teams, PER_PAGE * 2)
            return self.show(request, "teams", title="Which team’s clinic?", page=page)
        usable = [one.pk for one in usable_versions(team.programme)]
        form = PlanForm(
            posted(request),
            clinicians=sessions.clinicians_of(team),
            versions=InstrumentVersion.objects.visible_to(request.user)
            .filter(pk__in=usable)
            .select_related("instrument"),
        )

        def do() -> tuple[str, str]:
            session = sessions.plan(
                programme=team.programme,
                team=team,
                by=request.user,
                now=timezone.now(),
                **form.cleaned_data,
            )
            said = f"Planned, and {session.clinician.name} is asked. Now invite observers."
            return said, _page_of(session)

        return self.ask(
            request,
            form,
            do,
            title=f"Plan a clinic of {team}",
            crumbs=[("Another team", reverse("admin:observations_clinicsession_add"))],
            template="plan",
            has_versions=bool(usable),
        )

    def record(self, request: HttpRequest, session: ClinicSession) -> HttpResponse:
        """A clinic's page: state, observers with answers, sheets as counts, what can be done."""
        today = timezone.localdate()
        seats = list(
            session.observers.select_related("partner__programme", "person").order_by("pk")
        )
        standing = [one for one in seats if one.ended_at is None]
        warnings = (
            observers.no_longer(session, standing) if rules.may_invite(session, today) else {}
        )
        sheets = sessions.sheet_counts(session)
        may_arrange = rules.may_arrange(request.user, session)
        for seat in standing:
            seat.session = session
            seat.warning = warnings.get(seat.pk, "")
            seat.begun, seat.submitted = sheets.get(seat.pk, (0, 0))
            is_own = rules.is_ones_own(request.user, seat)
            seat.may_answer = may_arrange and not is_own and rules.may_answer(seat, today)
            seat.may_take_back = may_arrange and not seat.begun and not seat.submitted
        lacks = sessions.needs(standing) if session.status in rules.ON else ""
        has_sheets = bool(sheets)
        return self.show(
            request,
            "record",
            title=str(session),
            session=session,
            seats=standing,
            lacks=lacks if session.day >= today else "",
            talks=_talks(request, session),
            may_invite=may_arrange and rules.may_invite(session, today),
            may_cancel=may_arrange and rules.may_cancel(session, has_sheets),
            may_count=may_arrange and rules.may_count(session, today),
            events=_events(session),
        )

    def invite(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Whom to invite: who has waited longest first, and why somebody may not come."""
        session = self._to_arrange(request, pk)
        if not rules.may_invite(session, timezone.localdate()):
            raise PermissionDenied
        peers = request.GET.get("side") == "peers"
        rows: Any = (observers.peer_candidates if peers else observers.partner_candidates)(session)
        form = InviteForm(posted(request), candidates=rows)
        asked = " ".join(request.GET.get("q", "").split()[:MOST_WORDS])
        found = rows.filter(_is_called(asked, peers)) if asked else rows
        page = page_of(request, found, PER_PAGE)
        shown = list(page)
        side = "people" if peers else "partners"
        reasons = observers.reasons(session, **{side: shown})  # type: ignore[arg-type]
        ticked = set(form.data.getlist("who")) if form.is_bound else set()

        def do() -> tuple[str, str]:
            who = list(form.cleaned_data["who"])
            sessions.invite(
                session=session,
                by=request.user,
                now=timezone.now(),
                **{side: who},  # type: ignore[arg-type]
            )
            names = " and ".join(one.name for one in who)
            told = (
                "They are told."
                if session.status == ClinicSession.Status.AGREED
                else "They are told once the clinician agrees."
            )
            return f"Invited: {names}. {told}", _page_of(session)

        return self.ask(
            request,
            form,
            do,
            title="Invite a peer" if peers else "Invite a partner",
            crumbs=_crumbs(session),
            template="invite",
            session=session,
            peers=peers,
            asked=asked,
            page=page,
            people=[(one, reasons[one], str(one.pk) in ticked) for one in shown],
        )

    def answer(self, request: HttpRequest, pk: int, observer: int) -> HttpResponse:
        """What an observer without a sign-in said on the telephone."""
        session = self._to_arrange(request, pk)
        seat = _seat(session, observer)
        form = AnswerForm(request.POST or None)

        def do() -> str:
            if not form.is_valid():
                raise SessionError("Choose what they said.")
            sessions.answer(observer=seat, yes=form.yes, by=request.user, now=timezone.now())
            return f"{seat}: {seat.get_answer_display().lower()}."

        if rules.is_ones_own(request.user, seat):
            raise PermissionDenied
        return self.press(request, do, _page_of(session))

    def take_back(self, request: HttpRequest, pk: int, observer: int) -> HttpResponse:
        """An invitation that is taken back."""
        session = self._to_arrange(request, pk)
        seat = _seat(session, observer)

        def do() -> str:
            observers.take_back(observer=seat, by=request.user, now=timezone.now())
            return f"{seat} need not come."

        return self.press(request, do, _page_of(session))

    def counts(self, request: HttpRequest, pk: int) -> HttpResponse:
        """How many patients were asked, as the clinician's desk told it."""
        session = self._to_arrange(request, pk)
        if not rules.may_count(session, timezone.localdate()):
            raise PermissionDenied
        kept = {name: getattr(session, name) for name in ("asked", "said_yes", "said_no")}
        form = CountsForm(posted(request), initial=kept)

        def do() -> tuple[str, str]:
            sessions.count_patients(
                session=session, by=request.user, now=timezone.now(), **form.cleaned_data
            )
            return "The numbers are kept.", _page_of(session)

        return self.ask(
            request,
            form,
            do,
            title="Patients who were asked",
            crumbs=_crumbs(session),
            text="Numbers alone: nothing is kept of who they are.",
        )

    def cancel(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Call a clinic off."""
        session = self._to_arrange(request, pk)
        if not rules.may_cancel(session, sessions.has_sheets(session)):
            raise PermissionDenied
        form = CancelForm(posted(request))

        def do() -> tuple[str, str]:
            sessions.cancel(
                session=session, by=request.user, now=timezone.now(), **form.cleaned_data
            )
            return "Called off. Whoever knew of it is told.", _page_of(session)

        return self.ask(
            request,
            form,
            do,
            title="Call this clinic off",
            crumbs=_crumbs(session),
            text="The clinician is told, and every observer who knows of it.",
            danger=True,
        )

    def _to_arrange(self, request: HttpRequest, pk: int) -> ClinicSession:
        session: ClinicSession = self.found(request, pk)
        if not rules.may_arrange(request.user, session):
            raise PermissionDenied
        return session


def lacking(row: Any) -> str:
    """What a row of the list lacks, from its `has_partner` and `has_peer`, while it is ahead."""
    if row.status not in {"asked", "agreed"} or row.day < timezone.localdate():
        return ""
    lacks = [
        side
        for side, there in (("a partner", row.has_partner), ("a peer", row.has_peer))
        if not there
    ]
    return f"Needs {' and '.join(lacks)}" if lacks else ""


def _is_called(asked: str, peers: bool) -> Q:
    if not peers:
        return named(asked)
    found = Q()
    for word in asked.split():
        found &= Q(name__icontains=word) | Q(email__icontains=word)
    return found


def _talks(request: HttpRequest, session: ClinicSession) -> list[Debrief]:
    """Who would like to talk: the wish alone, and nothing that they wrote."""
    rows = Debrief.objects.visible_to(request.user).filter(observer__session=session)
    asked = rows.filter(wants_talk=True).defer("note", "feeling")
    found = list(asked.select_related("observer__partner", "observer__person").order_by("pk"))
    for one in found:
        one.observer.session = session
        one.may_mark = one.talked_at is None and rules.may_mark_talked(request.user, one)
    return found


def _seat(session: ClinicSession, pk: int) -> Observer:
    rows = session.observers.filter(ended_at__isnull=True).select_related("partner", "person")
    seat: Observer = get_object_or_404(rows, pk=pk)
    return seat


def _events(session: ClinicSession) -> list[Event]:
    labels = dict(ClinicSession.Status.choices)
    rows = session.history.select_related("by").order_by("-at", "-pk")
    return [
        Event(f"{labels[row.to_status]}: {row.by or 'by the portal itself'}", row.at, row.why)
        for row in rows
    ]


def _page_of(session: ClinicSession) -> str:
    return reverse("admin:observations_clinicsession_change", args=[session.pk])


def _crumbs(session: ClinicSession) -> Crumbs:
    return [(str(session), _page_of(session))]


@admin.site.waits
def waiting(user: Any) -> list[Waits]:
    """Clinics without a partner or a peer, clinics nobody agreed to yet, and wishes to talk."""
    mine = programmes_of(user, Role.COORDINATOR)
    if not mine:
        return []
    today = timezone.localdate()
    soon = today + timedelta(days=DAYS_AHEAD)
    clinics = ClinicSession.objects.visible_to(user).filter(programme__in=mine)
    talks = Debrief.objects.visible_to(user).filter(observer__session__programme__in=mine)
    listed = reverse("admin:observations_clinicsession_changelist")
    return [
        Waits(
            rows=clinics.coming(today).filter(day__lte=soon).lacking(),
            one="clinic without a partner or a peer",
            many="clinics without a partner or a peer",
            url=f"{listed}?state=lacking",
            sentence=f"In the next {DAYS_AHEAD} days. It goes ahead once both are coming.",
        ),
        Waits(
            rows=clinics.unanswered(today),
            one="clinic that waits for its clinician",
            many="clinics that wait for their clinicians",
            url=f"{listed}?state=asked",
            sentence="Asked {days} ago at the longest. A word in the corridor may help.",
            since="planned_at",
        ),
        Waits(
            rows=talks.to_talk(),
            one="observer who would like to talk",
            many="observers who would like to talk",
            url=reverse("admin:observations_debrief_changelist"),
            sentence="After what they saw in a clinic. The longest has waited {days}.",
            since="said_at",
        ),
    ]
