"""What counts of a meeting for who could not be there, programme by programme."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils import timezone

from accounts.admin_site import number_in
from accounts.models import Programme, Role
from accounts.querysets import programmes_of
from assignments import services
from assignments.admin.base import ArrangingAdmin, posted
from assignments.forms import PayTermsForm
from assignments.models import PayRule
from assignments.services.pay import BY_RULE

_LIST = "admin:assignments_payrule_changelist"
_SAID = {
    "": "Nothing, until you say so",
    PayRule.Share.FULL: "All of it",
    PayRule.Share.HALF: "Half",
    PayRule.Share.NONE: "Nothing",
}


@admin.register(PayRule)
class PayRuleAdmin(ArrangingAdmin):
    """The rules of the programmes that one coordinates; each has one page."""

    found_with = ("programme",)
    starts = (("Say what counts when somebody cannot be there", _LIST),)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """What counts in each programme, in words."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        programmes = [
            (programme, services.pay_terms(programme.pk)) for programme in self._mine(request)
        ]
        return self.show(
            request,
            "pay",
            title="When somebody cannot be there",
            programmes=[
                (programme, *(_SAID[terms.shares.get(outcome, "")] for outcome in BY_RULE), terms)
                for programme, terms in programmes
            ],
        )

    def get_urls(self) -> list[URLPattern]:
        own = [path("set/", self.page(self.set_terms), name="assignments_payrule_set")]
        return own + super().get_urls()

    def record(self, request: HttpRequest, rule: PayRule) -> HttpResponse:
        """A rule's page is that of its programme."""
        return self._asked(request, rule.programme)

    def set_terms(self, request: HttpRequest) -> HttpResponse:
        """Say what counts in a programme: the one named in the address, or the first."""
        mine = self._mine(request)
        if "programme" in request.GET:
            mine = mine.filter(pk=number_in(request.GET["programme"]))
        programme = mine.first()
        if programme is None:
            raise Http404
        return self._asked(request, programme)

    @staticmethod
    def _mine(request: HttpRequest) -> QuerySet[Programme]:
        mine = programmes_of(request.user, Role.COORDINATOR)
        visible: QuerySet[Programme] = Programme.objects.visible_to(request.user)
        return visible.filter(pk__in=mine).order_by("name", "pk")

    def _asked(self, request: HttpRequest, programme: Programme) -> HttpResponse:
        form = PayTermsForm(posted(request), terms=services.pay_terms(programme.pk))
        if form.is_valid():
            try:
                services.set_pay_terms(
                    programme=programme,
                    by=request.user,
                    now=timezone.now(),
                    **form.cleaned_data,
                )
            except services.MeetingError as error:
                form.add_error(None, str(error))
            else:
                messages.success(request, "Saved. It holds from now on.")
                return redirect(_LIST)
        return self.show(
            request,
            "form",
            title=f"What counts when somebody cannot be there: {programme.name}",
            form=form,
            note="It is for meetings that are confirmed, or cancelled, from now on.",
            crumbs=[],
        )
