"""Rates: added, and ended once used."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from accounts.admin_site import column
from accounts.models import Programme, Role
from accounts.querysets import programmes_of
from accounts.rules import coordinates
from nhsuk.templatetags.nhsuk import pounds
from payments.admin.base import PaymentsAdmin
from payments.models import ClaimLine, Rate
from payments.services import rates


class RateForm(forms.ModelForm):
    """A rate; of one that stands on a claim only the last day can be set."""

    class Meta:
        model = Rate
        fields = (
            "programme",
            "kind",
            "basis",
            "amount",
            "half_amount",
            "half_day_minutes",
            "starts_on",
            "ends_on",
        )


@admin.register(Rate)
class RateAdmin(PaymentsAdmin):
    """The programme's rates. A used rate is ended and followed by a new one, never changed."""

    form = RateForm
    list_display = (
        "kind_of_work",
        "basis",
        column("amount", "pays", pounds),
        column("half_amount", "pays for half a day", pounds),
        "starts_on",
        "ends_on",
    )
    list_select_related = ("programme",)

    @admin.display(description="for", ordering="kind")
    def kind_of_work(self, rate: Rate) -> str:
        return str(rate.get_kind_display())

    def may_add(self, user: Any) -> bool:
        return bool(programmes_of(user, Role.COORDINATOR))

    def may_change(self, user: Any, obj: Any) -> bool:
        return obj is None or coordinates(user, obj.programme_id)

    @admin.display(description="programme")
    def of_programme(self, rate: Rate) -> str:
        """Its name: Django would link to a page that is not for finance."""
        return str(rate.programme)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        first = "programme" if obj is None else "of_programme"
        return (first, *RateForm.Meta.fields[1:])

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        if obj is None:
            return ()
        if ClaimLine.objects.visible_to(request.user).filter(rate=obj).exists():
            return tuple(name for name in self.get_fields(request, obj) if name != "ends_on")
        return ("of_programme",)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "programme":
            kwargs["queryset"] = Programme.objects.visible_to(request.user).filter(
                pk__in=programmes_of(request.user, Role.COORDINATOR)
            )
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            answer: HttpResponse = super().changeform_view(request, *args, **kwargs)
        except rates.RateError as error:
            messages.error(request, str(error))
            return redirect(request.get_full_path())
        return answer

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        rates.keep_rate(rate=obj, by=request.user, now=timezone.now())
