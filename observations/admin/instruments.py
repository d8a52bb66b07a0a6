"""Instruments, for coordinators: what they are, on which terms, and in which versions."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.admin_site import Waits
from accounts.models import Role
from accounts.querysets import programmes_of
from observations.forms.instruments_admin import InstrumentForm, TermsForm
from observations.models import Instrument, InstrumentVersion, ItemComment
from observations.rules import instruments as rules
from observations.services import instruments as services
from partners.admin.asking import AskingAdmin
from partners.admin.choosing import posted
from partners.admin.scope import coordinated

_LIST = "admin:observations_instrument_changelist"
_PAGE = "admin:observations_instrument_change"


@admin.site.waits
def comments_to_answer(user: Any) -> list[Waits]:
    """Comments on drafts that nobody has answered."""
    rows = ItemComment.objects.visible_to(user).filter(
        version__instrument__programme__in=programmes_of(user, Role.COORDINATOR),
        answered_at__isnull=True,
    )
    return [
        Waits(
            rows,
            "Comment on an instrument to answer",
            "Comments on instruments to answer",
            reverse("admin:observations_instrumentversion_changelist") + "?comments=waiting",
            "The oldest has waited {days}.",
            since="said_at",
        )
    ]


@admin.register(Instrument)
class InstrumentAdmin(AskingAdmin):
    """What the programme observes with."""

    list_display = ("name", "licence", "terms", "in_use", "being_written")
    search_fields = ("name",)
    search_help_text = "Search by the name"
    found_with = ("programme", "accepted_by")
    starts = (("Write an instrument to observe with", "admin:observations_instrument_add"),)
    change_list_template = "admin/observations/instrument/change_list.html"

    def may_add(self, user: Any) -> bool:
        return bool(programmes_of(user, Role.COORDINATOR))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Instrument]:
        versions = InstrumentVersion.objects.visible_to(request.user).order_by("-number")  # type: ignore[arg-type]
        return super().get_queryset(request).prefetch_related(Prefetch("versions", versions))

    @admin.display(description="terms")
    def terms(self, instrument: Instrument) -> str:
        if not instrument.needs_acceptance:
            return "Free to use"
        return "Accepted" if instrument.may_be_used else "Not accepted yet"

    @admin.display(description="in use")
    def in_use(self, instrument: Instrument) -> str:
        return self._numbers(instrument, InstrumentVersion.Status.SEALED)

    @admin.display(description="being written")
    def being_written(self, instrument: Instrument) -> str:
        return self._numbers(instrument, InstrumentVersion.Status.DRAFT)

    @staticmethod
    def _numbers(instrument: Instrument, status: str) -> str:
        found = [one.number for one in instrument.versions.all() if one.status == status]
        return f"Version {rules.listed(found)}" if found else "–"

    def get_urls(self) -> list[URLPattern]:
        name = "observations_instrument_{}".format
        own = [
            path("seed/", self.page(self.seed), name=name("seed")),
            path("<int:pk>/edit/", self.page(self.edit), name=name("edit")),
            path("<int:pk>/terms/", self.page(self.accept), name=name("terms")),
            path("<int:pk>/terms/end/", self.page(self.end), name=name("end_terms")),
        ]
        return own + super().get_urls()

    def record(self, request: HttpRequest, instrument: Instrument) -> HttpResponse:
        """An instrument: its terms and its versions."""
        versions = instrument.versions.select_related("follows").order_by("-number")
        return render(
            request,
            "admin/observations/instrument/page.html",
            self.context(
                request,
                title=instrument.name,
                instrument=instrument,
                versions=versions,
                shows_wording=rules.shows_wording(instrument),
            ),
        )

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Begin an instrument: its terms, and an empty draft."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        programmes = coordinated(request.user)
        form = InstrumentForm(posted(request), instrument=None, programmes=programmes)
        made: list[Instrument] = []

        def add() -> None:
            made.append(
                services.add_instrument(
                    programme=form.cleaned_data.get("programme") or programmes[0],
                    lowest=form.cleaned_data["lowest"],
                    highest=form.cleaned_data["highest"],
                    by=request.user,
                    now=timezone.now(),
                    **form.facts(),
                )
            )

        answer = self.ask(
            request,
            form,
            add,
            title="A new instrument",
            done="The instrument is there, with an empty draft. Now write its items.",
            back=reverse(_LIST),
            back_text="",
            intro="Somebody else’s instrument belongs to its authors: say under which licence "
            "you may use it, and type its wording in from your own copy.",
        )
        if not made:
            return answer
        version = made[0].versions.get()
        return redirect("admin:observations_instrumentversion_change", version.pk)

    def edit(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Change what is said of an instrument."""
        found = self._to_keep(request, pk)
        form = InstrumentForm(posted(request), instrument=found, programmes=[])
        return self.ask(
            request,
            form,
            lambda: services.change_instrument(
                instrument=found, by=request.user, now=timezone.now(), **form.facts()
            ),
            title=f"Change “{found.name}”",
            done="Saved.",
            back=reverse(_PAGE, args=[found.pk]),
            back_text=found.name,
            intro="With another licence, its terms have to be accepted again."
            if found.accepted_at
            else "",
        )

    def accept(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Accept the terms for the programme, and say what they allow."""
        found = self._to_keep(request, pk)
        allowed = {"may_display": found.may_display, "may_edit": found.may_edit}
        form = TermsForm(posted(request), initial=allowed)
        return self.ask(
            request,
            form,
            lambda: services.accept_terms(
                instrument=found,
                may_display=form.cleaned_data["may_display"],
                may_edit=form.cleaned_data["may_edit"],
                by=request.user,
                now=timezone.now(),
            ),
            title=f"The terms of “{found.name}”",
            done="The terms are accepted. If the wording is missing, type it into the draft now.",
            back=reverse(_PAGE, args=[found.pk]),
            back_text=found.name,
            intro=_terms_words(found),
        )

    def end(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The programme may not use it any longer."""
        return require_POST(self._end)(request, pk)

    def _end(self, request: HttpRequest, pk: int) -> HttpResponse:
        found = self._to_keep(request, pk)
        services.end_terms(instrument=found, by=request.user, now=timezone.now())
        messages.success(request, "No clinic is planned with it from now on. Its results stay.")
        return redirect(_PAGE, found.pk)

    def seed(self, request: HttpRequest) -> HttpResponse:
        """Give the programmes that somebody coordinates the usual instruments."""
        return require_POST(self._seed)(request)

    def _seed(self, request: HttpRequest) -> HttpResponse:
        for programme in coordinated(request.user):
            services.seed(programme=programme, by=request.user, now=timezone.now())
        messages.success(request, "The usual instruments are there. What you had is as it was.")
        return redirect(_LIST)

    def _to_keep(self, request: HttpRequest, pk: int) -> Instrument:
        found: Instrument = self.found(request, pk)
        if not rules.may_keep(request.user, found):
            raise PermissionDenied
        return found


def _terms_words(instrument: Instrument) -> str:
    where = f" ({instrument.licence_url})" if instrument.licence_url else ""
    whose = f" Its authors: {instrument.attribution}." if instrument.attribution else ""
    return (
        f"Licence: {instrument.licence}{where}.{whose} Read the terms where they are, or ask the "
        "authors. What you accept here, you accept for the whole programme."
    )
