"""What partners need, when they are away and whom to ring, on the register's pages.

Coordinators see it; of a partner without a sign-in they write it down themselves.
"""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from accounts.admin_site import Waits
from accounts.models import Role
from accounts.querysets import programmes_of
from partners.admin.scope import CoordinatorsAdmin
from partners.forms.needs import NeedForm
from partners.forms.profile import EmergencyForm, PauseForm
from partners.models import (
    EmergencyContact,
    Expertise,
    Need,
    Partner,
    Passion,
    Pause,
    Priority,
)
from partners.rules.profile import may_record_for
from partners.services import needs, profile
from partners.services.refusal import Refusal

PAUSES_SHOWN = 10


class NeedsFilter(admin.SimpleListFilter):
    """Partners with a need to look at again."""

    title = "needs"
    parameter_name = "needs"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("review", "To be reviewed")]

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet[Partner]:
        if self.value() != "review":
            return queryset
        return queryset.to_review(timezone.localdate())


class ProfilePages(CoordinatorsAdmin):
    """The pages of a partner's needs, times away and emergency contact."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).with_needs_told(timezone.localdate())

    @admin.display(description="needs")
    def flag(self, partner: Any) -> str | None:
        """How many needs there are to see to, in the list."""
        if not partner.needs_told:
            return "In own words" if partner.access_needs else None
        told = f"{partner.needs_told} need{'' if partner.needs_told == 1 else 's'}"
        return f"{told}, {partner.needs_due} to review" if partner.needs_due else told

    def get_urls(self) -> list[URLPattern]:
        name = "partners_partner_{}".format
        need, away = "<int:pk>/needs/", "<int:pk>/away/"
        own = [
            path(f"{need}add/", self.page(self.add_need), name=name("add_need")),
            path(f"{need}<int:need>/", self.page(self.need), name=name("need")),
            path(f"{need}<int:need>/remove/", self.page(self.drop_need), name=name("drop_need")),
            path(f"{need}<int:need>/right/", self.page(self.review), name=name("review_need")),
            path(f"{away}add/", self.page(self.add_pause), name=name("add_pause")),
            path(f"{away}<int:pause>/remove/", self.page(self.drop_pause), name=name("drop_pause")),
            path("<int:pk>/emergency/", self.page(self.emergency), name=name("emergency")),
        ]
        return own + super().get_urls()

    def profile_of(self, request: HttpRequest, partner: Partner) -> dict[str, Any]:
        """What the partner's page shows of the profile: all that coordinators may see of it."""
        user, today = request.user, timezone.localdate()
        rows = list(Need.objects.visible_to(user).filter(partner=partner))
        pauses = Pause.objects.visible_to(user).filter(partner=partner).to_come(today)
        own_words = [
            (heading, list(model.objects.visible_to(user).filter(partner=partner).shown()))
            for heading, model in (
                ("brings", Expertise),
                ("cares about", Passion),
                ("wants", Priority),
            )
        ]
        return {
            "needs": rows,
            "needs_due": [need for need in rows if need.is_due(today)],
            "kinds_of_needs": sorted({need.get_kind_display() for need in rows}),
            "pauses": list(pauses[:PAUSES_SHOWN]),
            "emergency_contact": EmergencyContact.objects.visible_to(user)
            .filter(partner=partner)
            .first(),
            "may_record": may_record_for(user, partner),
            "own_words": [(heading, items) for heading, items in own_words if items],
        }

    def add_need(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Write down what a partner without a sign-in needs."""
        partner = self._to_record(request, pk)
        form = NeedForm(request.POST if request.method == "POST" else None)
        return self._ask(
            request,
            partner,
            form,
            f"Something {partner.called} needs",
            lambda: needs.add_need(
                partner=partner, by=request.user, now=timezone.now(), **form.cleaned_data
            ),
        )

    def need(self, request: HttpRequest, pk: int, need: int) -> HttpResponse:
        """Write it down otherwise."""
        partner = self._to_record(request, pk)
        row = self._need(request, partner, need)
        form = NeedForm(request.POST if request.method == "POST" else None, need=row)
        return self._ask(
            request,
            partner,
            form,
            f"Something {partner.called} needs",
            lambda: needs.change_need(
                need=row, by=request.user, now=timezone.now(), **form.cleaned_data
            ),
        )

    def drop_need(self, request: HttpRequest, pk: int, need: int) -> HttpResponse:
        """It is no longer needed."""
        partner = self._to_record(request, pk)
        row = self._need(request, partner, need)
        return self._sure(
            request,
            partner,
            "Delete this need?",
            row.text,
            lambda: needs.remove_need(need=row, by=request.user, now=timezone.now()),
        )

    def review(self, request: HttpRequest, pk: int, need: int) -> HttpResponse:
        """The partner says that it is still right."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        partner = self._to_record(request, pk)
        row = self._need(request, partner, need)
        try:
            needs.review_need(need=row, by=request.user, now=timezone.now())
        except Refusal as refusal:
            messages.warning(request, str(refusal))
        else:
            messages.success(request, "Thank you. It is asked again in a year.")
        return redirect(_page_of(partner))

    def add_pause(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Write down when a partner without a sign-in is away; nobody asks why."""
        partner = self._to_record(request, pk)
        form = PauseForm(
            request.POST if request.method == "POST" else None,
            initial={"starts_on": timezone.localdate()},
        )
        return self._ask(
            request,
            partner,
            form,
            f"{partner.called} is away",
            lambda: profile.add_pause(
                partner=partner, by=request.user, now=timezone.now(), **form.cleaned_data
            ),
        )

    def drop_pause(self, request: HttpRequest, pk: int, pause: int) -> HttpResponse:
        """They are not away after all."""
        partner = self._to_record(request, pk)
        mine = Pause.objects.visible_to(request.user).filter(partner=partner)
        row = get_object_or_404(mine, pk=pause)
        return self._sure(
            request,
            partner,
            "Delete this time away?",
            "",
            lambda: profile.remove_pause(pause=row, by=request.user, now=timezone.now()),
        )

    def emergency(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Write down whom to ring."""
        partner = self._to_record(request, pk)
        kept = EmergencyContact.objects.visible_to(request.user).filter(partner=partner).first()
        form = EmergencyForm(
            request.POST if request.method == "POST" else None,
            initial={name: getattr(kept, name, "") for name in EmergencyForm.base_fields},
        )
        form.fields["relation"].label = f"Who they are to {partner.called}"
        return self._ask(
            request,
            partner,
            form,
            f"Whom to ring if something happens to {partner.called}",
            lambda: profile.set_emergency_contact(
                partner=partner, by=request.user, now=timezone.now(), **form.cleaned_data
            ),
        )

    def _to_record(self, request: HttpRequest, pk: int) -> Partner:
        partner: Partner = self.found(request, pk)
        if not may_record_for(request.user, partner):
            raise PermissionDenied
        return partner

    def _need(self, request: HttpRequest, partner: Partner, pk: int) -> Need:
        mine = Need.objects.visible_to(request.user).filter(partner=partner)
        need: Need = get_object_or_404(mine, pk=pk)
        return need

    def _ask(
        self,
        request: HttpRequest,
        partner: Partner,
        form: Any,
        title: str,
        save: Callable[[], Any],
    ) -> HttpResponse:
        if form.is_valid():
            try:
                save()
            except Refusal as refusal:
                field = refusal.field if refusal.field in form.fields else None
                form.add_error(field, str(refusal))
            else:
                messages.success(request, "It is written down.")
                return redirect(_page_of(partner))
        return render(
            request,
            "admin/partners/partner/record.html",
            self.context(request, title=title, partner=partner, form=form),
        )

    def _sure(
        self,
        request: HttpRequest,
        partner: Partner,
        title: str,
        quoted: str,
        drop: Callable[[], None],
    ) -> HttpResponse:
        if request.method == "POST":
            drop()
            messages.success(request, "It is deleted.")
            return redirect(_page_of(partner))
        return render(
            request,
            "admin/partners/partner/record.html",
            self.context(request, title=title, partner=partner, form=None, quoted=quoted),
        )


def _page_of(partner: Partner) -> str:
    return f"{reverse('admin:partners_partner_change', args=[partner.pk])}#needs"


@admin.site.waits
def needs_to_review(user: Any) -> list[Waits]:
    """Partners whose needs are to be looked at again."""
    mine = programmes_of(user, Role.COORDINATOR)
    if not mine:
        return []
    found = Partner.objects.visible_to(user).filter(programme__in=mine)
    return [
        Waits(
            rows=found.to_review(timezone.localdate()),
            one="partner with needs to review",
            many="partners with needs to review",
            url=f"{reverse('admin:partners_partner_changelist')}?needs=review",
            sentence="Ask whether what helps them is still right.",
        )
    ]
