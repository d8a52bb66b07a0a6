"""What a programme decides about observing: how many are enough, and who may rate."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from accounts.admin_site import number_in
from accounts.models import Programme
from observations.forms.settings import SettingsForm
from observations.models import ObservationSettings
from observations.services import instruments as services
from partners.admin.asking import AskingAdmin
from partners.admin.choosing import posted
from partners.admin.scope import coordinated

_LIST = "admin:observations_observationsettings_changelist"


@admin.register(ObservationSettings)
class ObservationSettingsAdmin(AskingAdmin):
    """The numbers of the programmes that one coordinates; each has one page."""

    found_with = ("programme", "requirement")

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """What holds in each programme, in words."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        kept = {row.programme_id: row for row in self.get_queryset(request)}
        programmes = [
            (one, kept.get(one.pk) or ObservationSettings(programme=one))
            for one in coordinated(request.user)
        ]
        return render(
            request,
            "admin/observations/observationsettings/list.html",
            self.context(request, title="How observing works here", programmes=programmes),
        )

    def get_urls(self) -> list[URLPattern]:
        own = [
            path("set/", self.page(self.set_numbers), name="observations_observationsettings_set")
        ]
        return own + super().get_urls()

    def record(self, request: HttpRequest, row: ObservationSettings) -> HttpResponse:
        """The page of the numbers is that of their programme."""
        return self._asked(request, row.programme, row)

    def set_numbers(self, request: HttpRequest) -> HttpResponse:
        """Say what holds in a programme: the one named in the address, or the first."""
        mine = coordinated(request.user)
        if "programme" in request.GET:
            wanted = number_in(request.GET["programme"])
            mine = [one for one in mine if one.pk == wanted]
        if not mine:
            raise Http404
        row = self.get_queryset(request).filter(programme=mine[0]).first()
        return self._asked(request, mine[0], row or ObservationSettings(programme=mine[0]))

    def _asked(
        self, request: HttpRequest, programme: Programme, row: ObservationSettings
    ) -> HttpResponse:
        initial = {name: getattr(row, name) for name in SettingsForm.base_fields}
        form = SettingsForm(posted(request), programme=programme, initial=initial)
        return self.ask(
            request,
            form,
            lambda: services.change_settings(
                programme=programme, by=request.user, now=timezone.now(), **form.cleaned_data
            ),
            title=f"How observing works in {programme.name}",
            done="Saved. Figures are shown by these numbers from now on.",
            back=reverse(_LIST),
            back_text="",
            intro="Small numbers tell on people. Lower ones show figures sooner and protect less.",
        )
