"""Who is not to work with whom: the coordinators' list, declaring for somebody, taking back."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from accounts.admin_site import number_in
from accounts.models import Programme
from nhsuk.forms import NhsukForm
from partners.admin.asking import AskingAdmin
from partners.admin.choosing import posted
from partners.admin.scope import coordinated
from partners.forms.conflicts import PERSON, ConflictForForm
from partners.models import DeclaredConflict, Partner
from partners.rules import conflicts as rules
from partners.services import conflicts
from partners.services.conflicts import ConflictError


class StandingFilter(admin.SimpleListFilter):
    """Those that stand unless asked for others."""

    title = "state"
    parameter_name = "show"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("together", "At work together now"), ("ended", "Taken back")]

    def choices(self, changelist: Any) -> Any:
        first, *others = super().choices(changelist)
        yield {**first, "display": "Standing"}
        yield from others

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet[Any]:
        if self.value() == "ended":
            found: QuerySet[Any] = queryset.filter(ended_at__isnull=False)
            return found
        if self.value() == "together":
            return conflicts.at_work_together(queryset, timezone.localdate())
        standing: QuerySet[Any] = queryset.standing()
        return standing


@admin.register(DeclaredConflict)
class DeclaredConflictAdmin(AskingAdmin):
    """Conflicts of one's programmes, but for those that are declared against oneself."""

    list_display = ("between", "declared_at", "declared_by")
    list_filter = (StandingFilter,)
    list_select_related = (
        "partner",
        "person",
        "with_partner",
        "with_person",
        "with_team",
        "declared_by",
    )
    found_with = (
        "programme",
        "partner",
        "person",
        "with_partner",
        "with_person",
        "with_team",
        "declared_by",
        "ended_by",
    )
    search_fields = (
        "partner__name",
        "person__name",
        "with_partner__name",
        "with_person__name",
        "with_team__name",
    )
    search_help_text = "Search by a name"
    ordering = ("-declared_at", "-pk")
    starts = (("Put down who is not to work with whom", "admin:partners_declaredconflict_declare"),)

    @admin.display(description="not to work together")
    def between(self, row: DeclaredConflict) -> str:
        return f"{row.whose} and {row.other}"

    def get_urls(self) -> list[URLPattern]:
        name = "partners_declaredconflict_{}".format
        own = [
            path("declare/", self.page(self.declare), name=name("declare")),
            path("<int:pk>/take-back/", self.page(self.take_back), name=name("take_back")),
        ]
        return own + super().get_urls()

    def record(self, request: HttpRequest, row: DeclaredConflict) -> HttpResponse:
        """Who is not to work with whom, who said so, and whether they are at work together."""
        this = DeclaredConflict.objects.visible_to(request.user).filter(pk=row.pk)
        return render(
            request,
            "admin/partners/declaredconflict/page.html",
            self.context(
                request,
                title=self.between(row),
                conflict=row,
                together=conflicts.at_work_together(this, timezone.localdate()).exists(),
                may_take_back=rules.may_take_back(request.user, row),
            ),
        )

    def declare(self, request: HttpRequest) -> HttpResponse:
        """Put one down for somebody who asked for it."""
        programme = self._programme(request)
        asking = Partner.objects.visible_to(request.user).filter(  # type: ignore[arg-type]
            pk=number_in(request.GET.get("partner")), programme=programme
        )
        form = ConflictForForm(
            posted(request),
            programme=programme,
            initial={"own": next((one.email or one.name for one in asking), "")},
        )
        back = reverse("admin:partners_declaredconflict_changelist")
        if form.is_valid() and not form.cleaned_data["holds"]:
            messages.info(request, "Then nothing is written down.")
            return redirect(back)
        return self.ask(
            request,
            form,
            lambda: _declare(request, programme, form),
            title="Put down who is not to work with whom",
            done="It is kept. The other side is not told.",
            back=back,
            back_text="",
            intro=f"For {programme.name}. Put down only what somebody asked you to.",
        )

    def take_back(self, request: HttpRequest, pk: int) -> HttpResponse:
        """End one: they may work together again."""
        row = self.found(request, pk)
        if row.ended_at is not None:
            messages.warning(request, "This was taken back already.")
            return redirect("admin:partners_declaredconflict_change", row.pk)
        if not rules.may_take_back(request.user, row):
            raise PermissionDenied
        form = TakeBackForm(posted(request))
        return self.ask(
            request,
            form,
            lambda: conflicts.take_back(conflict=row, by=request.user, now=timezone.now()),  # type: ignore[arg-type]
            title="Take this back?",
            done=f"{row.whose} and {row.other} may work together again.",
            back=reverse("admin:partners_declaredconflict_change", args=[row.pk]),
            back_text=self.between(row),
            intro=f"From then on {row.whose} and {row.other} may be placed together.",
        )

    def _programme(self, request: HttpRequest) -> Programme:
        mine = coordinated(request.user)
        chosen = number_in(request.GET.get("programme"))
        found = next((one for one in mine if one.pk == chosen), mine[0])
        if not rules.may_declare_for(request.user, found):
            raise PermissionDenied
        return found


class TakeBackForm(NhsukForm):
    """Nothing but the button."""

    submit_text = "Take it back"


def _declare(request: HttpRequest, programme: Programme, form: Any) -> DeclaredConflict:
    said = form.cleaned_data
    try:
        own = conflicts.find(programme=programme, said=said["own"])
    except ConflictError as error:
        raise ConflictError(str(error), "own") from error
    sides: dict[str, Any] = {"with_team": said["team"]}
    if said["kind"] == PERSON:
        other = conflicts.find(programme=programme, said=said["who"])
        sides = {"with_partner": other.partner, "with_person": other.user}
    return conflicts.declare(
        programme=programme,
        by=request.user,  # type: ignore[arg-type]
        now=timezone.now(),
        partner=own.partner,
        person=own.user,
        **sides,
    )
