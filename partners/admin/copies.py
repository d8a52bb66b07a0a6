"""A copy of what is held about a partner who cannot take it: a coordinator hands it over."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils import timezone

from partners.admin.scope import CoordinatorsAdmin
from partners.forms.my_data import CopyForm
from partners.models import DataCopy, Partner
from partners.rules.my_data import may_hand_copy
from partners.services import data_copy, jobs
from partners.services.data_copy import CopyError
from partners.views.portfolio_story import handed_out


class CopyPages(CoordinatorsAdmin):
    """The pages of a partner's copy, beside the register's own."""

    def get_urls(self) -> list[URLPattern]:
        name = "partners_partner_{}".format
        progress, file = self.page(self.copy_progress), self.page(self.copy_file)
        own = [
            path("<int:pk>/copy/", self.page(self.copy), name=name("copy")),
            path("<int:pk>/copy/progress/", progress, name=name("copy_progress")),
            path("<int:pk>/copy/file/", file, name=name("copy_file")),
        ]
        return own + super().get_urls()

    def copy(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What such a copy has in it, how it is handed over, and the newest one."""
        partner = self._of_whom(request, pk)
        form = CopyForm(request.POST if request.method == "POST" else None, called=partner.called)
        if form.is_valid():
            try:
                data_copy.ask_for_copy_for(partner=partner, by=request.user, now=timezone.now())
            except CopyError as error:
                form.add_error(None, str(error))
            else:
                return redirect("admin:partners_partner_copy", partner.pk)
        return render(
            request,
            "admin/partners/partner/copy.html",
            self.context(
                request,
                title=f"A copy of what is held for {partner.called}",
                form=form,
                kept_days=data_copy.KEPT_FOR.days,
                **self._state(request, partner),
            ),
        )

    def copy_progress(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The part of the page that changes, fetched every second while the copy is made."""
        state = self._state(request, self._of_whom(request, pk))
        if state["job"] is None:
            raise Http404
        return render(request, "admin/partners/partner/_copy.html", state)

    def copy_file(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """The copy itself, to be handed over; that somebody took it is written down."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        partner = self._of_whom(request, pk)
        job = self._newest(request, partner)
        if job is None:
            raise Http404
        try:
            file = data_copy.hand_over(job=job, by=request.user, now=timezone.now())
        except CopyError as error:
            messages.warning(request, str(error))
            return redirect("admin:partners_partner_copy", partner.pk)
        return handed_out(file)

    def _of_whom(self, request: HttpRequest, pk: int) -> Partner:
        partner: Partner = self.found(request, pk)
        if not may_hand_copy(request.user, partner):
            raise PermissionDenied
        return partner

    @staticmethod
    def _newest(request: HttpRequest, partner: Partner) -> DataCopy | None:
        rows = DataCopy.objects.visible_to(request.user).filter(partner=partner)
        newest: DataCopy | None = rows.select_related("taken_by").first()
        return newest

    def _state(self, request: HttpRequest, partner: Partner) -> dict[str, Any]:
        job, now = self._newest(request, partner), timezone.now()
        state: dict[str, Any] = {"partner": partner, "job": job}
        if job is not None:
            state |= {"is_quiet": jobs.is_quiet(job, now), "is_over": job.is_over(now)}
        return state
