"""Calibration for coordinators: what is practised on, and who is calibrated until when."""

from datetime import date, timedelta
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from accounts.admin_site import Waits, column, number_in
from accounts.models import Role
from accounts.querysets import programmes_of
from nhsuk.templatetags.nhsuk import moment
from observations.forms.calibration import EndForm, RecordingForm, RetireForm
from observations.models import (
    Calibration,
    InstrumentVersion,
    PracticeRating,
    PracticeRecording,
)
from observations.rules import calibration as rules
from observations.services import calibration as services
from observations.services import practice, recordings
from observations.services.drift import Verdict, drift_of, only_drifting, with_drift
from partners.admin.asking import AskingAdmin
from partners.admin.choosing import posted

SOON = timedelta(days=60)
RATINGS_SHOWN = 20
_LIST = "admin:observations_practicerecording_changelist"


class InUseFilter(admin.SimpleListFilter):
    """Those that people practise on, or past ones."""

    title = "state"
    parameter_name = "show"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("current", "Practised on"), ("retired", "Retired")]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() == "current":
            return queryset.current()
        return queryset.exclude(retired_at=None) if self.value() == "retired" else queryset


@admin.register(PracticeRecording)
class PracticeRecordingAdmin(AskingAdmin):
    """Recordings that people practise on."""

    programme_path = "version__instrument__programme"
    starts = (("Add a practice recording", "admin:observations_practicerecording_add"),)
    list_display = ("title", "version", column("minutes", "minutes"), "rated_by", "state")
    list_select_related = ("version__instrument",)
    list_filter = (InUseFilter,)
    search_fields = ("title",)
    search_help_text = "Search by the title"
    found_with = ("version__instrument",)

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).annotate(times=Count("ratings"))

    @admin.display(description="ratings")
    def rated_by(self, recording: Any) -> int:
        return int(recording.times)

    @admin.display(description="state")
    def state(self, recording: PracticeRecording) -> str:
        return "Practised on" if recording.retired_at is None else "Retired"

    def may_add(self, user: Any) -> bool:
        return True

    def get_urls(self) -> list[URLPattern]:
        name = "observations_practicerecording_{}".format
        own = [
            path("<int:pk>/edit/", self.page(self.edit), name=name("edit")),
            path("<int:pk>/retire/", self.page(self.retire), name=name("retire")),
        ]
        return own + super().get_urls()

    def record(self, request: HttpRequest, recording: Any) -> HttpResponse:
        """A recording: where it is, and the agreed marks item by item."""
        items = sorted(recording.version.items.all(), key=lambda item: item.number)
        return render(
            request,
            "admin/observations/practicerecording/page.html",
            self.context(
                request,
                title=recording.title,
                recording=recording,
                rows=list(zip(items, recording.marks, strict=False)),
                in_use=rules.is_in_use(recording),
            ),
        )

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Choose what it is rated with, then say where it is and what was agreed."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        versions = list(self._versions(request))
        chosen = number_in(request.GET.get("version"))
        only = versions[0].pk if len(versions) == 1 else 0
        version = next((one for one in versions if one.pk == (chosen or only)), None)
        if version is None:
            return render(
                request,
                "admin/observations/practicerecording/versions.html",
                self.context(request, title="What is the recording rated with?", versions=versions),
            )
        form = RecordingForm(posted(request), version=version)
        return self.ask(
            request,
            form,
            lambda: recordings.add_recording(
                version=version, by=request.user, now=timezone.now(), **form.facts
            ),
            title="Add a practice recording",
            done="It is added. Partners and peers can practise on it now.",
            back=reverse(_LIST),
            back_text="",
            intro=f"It is rated with {version}.",
        )

    def edit(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Change where it is, and the agreed marks while nobody was compared with them."""
        recording = self._to_keep(request, pk)
        form = RecordingForm(posted(request), version=recording.version, recording=recording)
        return self.ask(
            request,
            form,
            lambda: recordings.change_recording(
                recording=recording, by=request.user, now=timezone.now(), **form.facts
            ),
            title=f"Change “{recording.title}”",
            done="Saved.",
            back=self._url(recording),
            back_text=recording.title,
            intro="People were compared with the agreed marks already: these stand."
            if recording.times
            else "",
        )

    def retire(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Let nobody practise on it from now on."""
        recording = self._to_keep(request, pk)
        form = RetireForm(posted(request))
        return self.ask(
            request,
            form,
            lambda: recordings.retire_recording(
                recording=recording, by=request.user, now=timezone.now()
            ),
            title=f"Retire “{recording.title}”",
            done="It is retired.",
            back=self._url(recording),
            back_text=recording.title,
            intro="Nobody practises on it from now on. What was rated counts still.",
            danger=True,
        )

    def _to_keep(self, request: HttpRequest, pk: int) -> Any:
        recording = self.found(request, pk)
        if not rules.may_keep_recordings(request.user, recording.version):
            raise PermissionDenied
        return recording

    @staticmethod
    def _versions(request: HttpRequest) -> QuerySet[InstrumentVersion]:
        mine = programmes_of(request.user, Role.COORDINATOR)
        versions: QuerySet[InstrumentVersion] = InstrumentVersion.objects.visible_to(
            request.user  # type: ignore[arg-type]
        )
        return (
            versions.usable()
            .filter(instrument__programme__in=mine, items__isnull=False)
            .distinct()
            .select_related("instrument__programme")
            .order_by("instrument__name", "-number")
        )

    @staticmethod
    def _url(recording: PracticeRecording) -> str:
        return reverse("admin:observations_practicerecording_change", args=[recording.pk])


class StandingFilter(admin.SimpleListFilter):
    """Where observers stand, and what asks for somebody to look."""

    title = "standing"
    parameter_name = "show"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("expiring", f"Runs out in {SOON.days} days"),
            ("expired", "Ran out or ended"),
            ("drifting", "Drifting"),
            ("clinic", "Runs out before a clinic"),
        ]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        today = timezone.localdate()
        if self.value() == "expiring":
            return queryset.standing(today).filter(until_on__lte=today + SOON)
        if self.value() == "expired":
            return queryset.filter(Q(until_on__lt=today) | Q(ended_at__isnull=False))
        if self.value() == "drifting":
            return only_drifting(queryset.standing(today))
        return queryset.before_clinic(today) if self.value() == "clinic" else queryset


@admin.register(Calibration)
class CalibrationAdmin(AskingAdmin):
    """Who is calibrated until when: of each observer and version the newest."""

    programme_path = "version__instrument__programme"
    list_display = (
        "observer",
        "version",
        "state",
        column("distance", "distance, in marks", lambda value: f"{value:.2f}"),
        column("bias", "bias, of 100", lambda value: f"{value:+.1f}"),
        "drift",
        "rated",
    )
    list_display_links = ("observer",)
    list_select_related = ("version__instrument", "partner", "person")
    list_filter = (StandingFilter,)
    search_fields = ("partner__name", "person__name")
    search_help_text = "Search by the name"
    ordering = ("until_on", "pk")
    found_with = ("version__instrument", "partner", "person")

    def get_queryset(self, request: HttpRequest) -> Any:
        rows = super().get_queryset(request).newest()
        return with_drift(rows, timezone.localdate())

    @admin.display(description="observer")
    def observer(self, row: Calibration) -> str:
        return str(row.partner.name if row.partner else row.person.name if row.person else "")

    @admin.display(description="calibrated", ordering="until_on")
    def state(self, row: Calibration) -> str:
        today = timezone.localdate()
        if row.ended_at is not None:
            return state_of(row, today)[0]
        word = "Ran out" if row.until_on < today else "Until"
        return f"{word} {moment(row.until_on)}"

    @admin.display(description="against other observers")
    def drift(self, row: Any) -> str:
        found = drift_of(row)
        if found.gap is None:
            return str(found.verdict.label)
        return f"{found.verdict.label} ({found.gap:+.1f} over {found.n})"

    @admin.display(description="sheets")
    def rated(self, row: Any) -> int:
        return int(row.sheets)

    def get_urls(self) -> list[URLPattern]:
        own = [
            path("<int:pk>/end/", self.page(self.end), name="observations_calibration_end"),
        ]
        return own + super().get_urls()

    def record(self, request: HttpRequest, row: Any) -> HttpResponse:
        """One calibration: on what it rests, and how the observer's marks have held since."""
        today = timezone.localdate()
        ratings = _ratings_of(request, row).select_related("recording")
        said, colour = state_of(row, today)
        return render(
            request,
            "admin/observations/calibration/page.html",
            self.context(
                request,
                title=self.observer(row),
                row=row,
                side="Partner" if row.partner_id else "Peer",
                state=said,
                colour=colour,
                distance=practice.marks_said(row.distance),
                totals=practice.totals_said(row.bias),
                drift=drift_of(row),
                is_drifting=drift_of(row).verdict == Verdict.DRIFTING,
                ratings=[
                    (rating, practice.marks_said(rating.distance))
                    for rating in ratings[:RATINGS_SHOWN]
                ],
                may_end=row.ended_at is None
                and row.until_on >= today
                and rules.may_end(request.user, row),
            ),
        )

    def end(self, request: HttpRequest, pk: int) -> HttpResponse:
        """End it, so that the observer practises anew."""
        row = self.found(request, pk)
        if not rules.may_end(request.user, row):
            raise PermissionDenied
        back = reverse("admin:observations_calibration_change", args=[row.pk])
        if row.ended_at is not None:
            messages.warning(request, "It is ended already.")
            return redirect(back)
        form = EndForm(posted(request))
        return self.ask(
            request,
            form,
            lambda: services.end(calibration=row, by=request.user, now=timezone.now()),
            title=f"End the calibration of {self.observer(row)}",
            done="It is ended. Please tell them why, and that they can practise again at once.",
            back=back,
            back_text=self.observer(row),
            intro="Talk with them first. Only recordings that they rate from now on count towards "
            "a new calibration; the sheets they have submitted stand.",
            danger=True,
        )


def state_of(row: Calibration, today: date) -> tuple[str, str]:
    """How a calibration stands, in words, and the colour of its tag."""
    if row.ended_at is not None:
        return f"Ended {moment(timezone.localdate(row.ended_at))}", "grey"
    if row.until_on < today:
        return "Ran out", "red"
    return ("Runs out soon", "yellow") if row.until_on - SOON <= today else ("Calibrated", "green")


def _ratings_of(request: HttpRequest, row: Calibration) -> Any:
    ratings = PracticeRating.objects.visible_to(request.user)  # type: ignore[arg-type]
    return ratings.filter(partner=row.partner, person=row.person, recording__version=row.version)


@admin.site.waits
def calibrations_to_look_at(user: Any) -> list[Waits]:
    """Observers whose calibration runs out before their clinic, and those who drift."""
    mine = programmes_of(user, Role.COORDINATOR)
    if not mine:
        return []
    today = timezone.localdate()
    rows = Calibration.objects.visible_to(user).filter(version__instrument__programme__in=mine)
    there = reverse("admin:observations_calibration_changelist")
    return [
        Waits(
            rows=rows.newest().before_clinic(today),
            one="observer whose calibration runs out before a clinic",
            many="observers whose calibration runs out before a clinic",
            url=f"{there}?show=clinic",
            sentence="Ask them to rate a practice recording in time.",
        ),
        Waits(
            rows=only_drifting(with_drift(rows.newest().standing(today), today)),
            one="observer whose marks drift",
            many="observers whose marks drift",
            url=f"{there}?show=drifting",
            sentence="Talk with them about what they and the others see.",
        ),
    ]
