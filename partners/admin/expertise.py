"""The themes that a programme sorts by."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils import timezone

from accounts.models import Programme, Role
from accounts.querysets import programmes_of
from accounts.rules import coordinates
from partners.admin.scope import CoordinatorsAdmin, coordinated
from partners.forms.expertise import ThemeForm
from partners.models import Theme
from partners.services import expertise
from partners.services.expertise import ExpertiseError


@admin.register(Theme)
class ThemeAdmin(CoordinatorsAdmin):
    """Themes of the programmes that somebody coordinates."""

    form = ThemeForm
    list_display = ("name", "programme")
    list_select_related = ("programme",)
    search_fields = ("name",)
    search_help_text = "Search by name"
    change_list_template = "admin/partners/theme/change_list.html"

    def may_add(self, user: Any) -> bool:
        return True

    def may_change(self, user: Any, obj: Any) -> bool:
        return obj is None or coordinates(user, obj.programme_id)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("programme",) if obj is not None else ()

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "programme":
            mine = Programme.objects.visible_to(request.user).filter(
                pk__in=programmes_of(request.user, Role.COORDINATOR)
            )
            kwargs |= {"queryset": mine, "initial": mine.first()}
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        who: dict[str, Any] = {"by": request.user, "now": timezone.now()}
        if change:
            expertise.rename_theme(theme=obj, name=obj.name, **who)
        else:
            obj.pk = expertise.add_theme(programme=obj.programme, name=obj.name, **who).pk

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            answer: HttpResponse = super().changeform_view(request, *args, **kwargs)
        except ExpertiseError as error:  # somebody else was quicker than the form's own check
            messages.error(request, str(error))
            return redirect(request.get_full_path())
        return answer

    def get_urls(self) -> list[URLPattern]:
        own = [path("suggested/", self.page(self.seed), name="partners_theme_seed")]
        return own + super().get_urls()

    def seed(self, request: HttpRequest) -> HttpResponse:
        """Begin with the themes that many programmes have."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        added = [
            theme
            for programme in coordinated(request.user)
            for theme in expertise.seed_themes(
                programme=programme, by=request.user, now=timezone.now()
            )
        ]
        if added:
            messages.success(request, f"{len(added)} themes are added. Rename them as you like.")
        else:
            messages.info(request, "All the suggested themes are here already.")
        return redirect("admin:partners_theme_changelist")
