"""The pathway for coordinators: its roles, who holds them, and who would like to try what."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.admin_site import column
from nhsuk.templatetags.nhsuk import moment
from partners.admin.choosing import choice_of, posted
from partners.admin.scope import CoordinatorsAdmin, coordinated
from partners.forms.pathway import EndRoleForm, GiveRoleForm, RoleForm
from partners.models import Partner, PathwayRole, RoleHeld, RoleWish
from partners.rules.pathway import may_keep_pathway
from partners.services import pathway as services
from partners.services.pathway import PathwayError

HOLDERS_SHOWN = 50


@admin.register(PathwayRole)
class PathwayRoleAdmin(CoordinatorsAdmin):
    """The roles of the pathway, which coordinators write as they like."""

    list_display = ("name", "purpose", column("position", "place on the picture"))
    ordering = ("position", "name")
    found_with = ("programme",)

    def may_add(self, user: Any) -> bool:
        return True

    def get_urls(self) -> list[URLPattern]:
        own = [path("<int:pk>/edit/", self.page(self.edit), name="partners_pathwayrole_edit")]
        return own + super().get_urls()

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Write a new role."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        return self._form(request, PathwayRole(), "A new role of the pathway", "")

    def record(self, request: HttpRequest, role: PathwayRole) -> HttpResponse:
        """A role's page: what it is for, its skills, where it leads, who holds it, who would."""
        user = request.user
        held = RoleHeld.objects.visible_to(user).filter(role=role).on(timezone.localdate())
        holders = held.select_related("partner").order_by("partner__sort_key", "pk")
        wishes = RoleWish.objects.visible_to(user).filter(role=role).select_related("partner")
        return render(
            request,
            "admin/partners/pathwayrole/page.html",
            self.context(
                request,
                title=role.name,
                role=role,
                core=role.skills.filter(kind="core"),
                context_skills=role.skills.filter(kind="context"),
                leads_to=[link.to_role for link in role.links.select_related("to_role")],
                holders=holders[:HOLDERS_SHOWN],
                wishes=wishes[:HOLDERS_SHOWN],
            ),
        )

    def edit(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Change a role, its skills and where it leads."""
        role = self.found(request, pk)
        if not may_keep_pathway(request.user, role.programme_id):
            raise PermissionDenied
        back = reverse("admin:partners_pathwayrole_change", args=[role.pk])
        return self._form(request, role, f"Change “{role.name}”", back)

    def _form(self, request: HttpRequest, role: PathwayRole, title: str, back: str) -> HttpResponse:
        programmes = coordinated(request.user)
        others = self.get_queryset(request).filter(programme=role.programme_id).exclude(pk=role.pk)
        fresh = None if role.pk else {"position": self.get_queryset(request).count()}
        initial = {"initial": fresh} if fresh else {}
        form = RoleForm(posted(request), role=role, programmes=programmes, others=others, **initial)
        if form.is_valid():
            if role.pk is None:
                role.programme = form.cleaned_data.get("programme") or programmes[0]
            for name in ("name", "purpose", "position"):
                setattr(role, name, form.cleaned_data[name])
            try:
                services.keep_role(role=role, by=request.user, now=timezone.now(), **form.skills)
            except PathwayError as error:
                form.add_error(error.field if error.field in form.fields else None, str(error))
            else:
                messages.success(request, f"“{role.name}” is kept.")
                return redirect("admin:partners_pathwayrole_change", role.pk)
        return render(
            request,
            "admin/partners/ask.html",
            self.context(
                request,
                title=title,
                form=form,
                back_url=back,
                back_text=role.name,
                intro="",
                danger=False,
            ),
        )


class HeldFilter(admin.SimpleListFilter):
    """Held today, or ended."""

    title = "when"
    parameter_name = "held"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("now", "Held today"), ("ended", "Ended")]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        today = timezone.localdate()
        if self.value() == "now":
            return queryset.on(today)
        return queryset.filter(ends_on__lt=today) if self.value() == "ended" else queryset


@admin.register(RoleHeld)
class RoleHeldAdmin(CoordinatorsAdmin):
    """Who has, or had, which role."""

    programme_path = "partner__programme"
    starts = (("Give a partner a role of the pathway", "admin:partners_roleheld_add"),)
    list_display = (
        "partner",
        "role",
        column("starts_on", "from"),
        column("ends_on", "to"),
        column("where", "where"),
    )
    list_select_related = ("partner", "role")
    list_filter = (HeldFilter,)
    found_with = ("partner", "role")
    search_fields = ("partner__sort_key", "partner__known_as", "role__name")
    search_help_text = "Search by the partner’s name, or the role"
    ordering = ("-starts_on", "-pk")

    def may_add(self, user: Any) -> bool:
        return True

    def get_urls(self) -> list[URLPattern]:
        own = [path("<int:pk>/end/", self.page(self.end), name="partners_roleheld_end")]
        return own + super().get_urls()

    def record(self, request: HttpRequest, held: RoleHeld) -> HttpResponse:
        """A role that somebody has or had."""
        return render(
            request,
            "admin/partners/roleheld/page.html",
            self.context(request, title=f"{held.partner.name}: {held.role.name}", held=held),
        )

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Give a role: choose the partner, then say which role, from when."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        choice = choice_of(request)
        if choice.chosen is None:
            return render(
                request,
                "admin/partners/choose.html",
                self.context(request, title="Give a partner a role", choice=choice),
            )
        return self._give(request, choice.chosen)

    def _give(self, request: HttpRequest, partner: Partner) -> HttpResponse:
        roles = PathwayRole.objects.visible_to(request.user).filter(programme=partner.programme_id)
        wishes = RoleWish.objects.visible_to(request.user).filter(partner=partner)
        names = [wish.role.name for wish in wishes.select_related("role")]
        form = GiveRoleForm(
            posted(request), roles=roles, initial={"starts_on": timezone.localdate()}
        )
        if form.is_valid():
            try:
                held = services.give_role(
                    partner=partner, by=request.user, now=timezone.now(), **form.cleaned_data
                )
            except PathwayError as error:
                form.add_error(error.field if error.field in form.fields else None, str(error))
            else:
                messages.success(
                    request,
                    f"{partner.name} is down for “{held.role.name}” from {moment(held.starts_on)}.",
                )
                return redirect("admin:partners_roleheld_changelist")
        return render(
            request,
            "admin/partners/ask.html",
            self.context(
                request,
                title=f"Give {partner.name} a role",
                form=form,
                intro=f"{partner.called} would like to try: {', '.join(names)}." if names else "",
                back_url=reverse("admin:partners_roleheld_add"),
                back_text="Choose somebody else",
                danger=False,
            ),
        )

    def end(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Say which day is, or was, the last."""
        held = self.found(request, pk)
        if not may_keep_pathway(request.user, held.partner.programme_id):
            raise PermissionDenied
        form = EndRoleForm(
            posted(request), initial={"ends_on": held.ends_on or timezone.localdate()}
        )
        back = reverse("admin:partners_roleheld_change", args=[held.pk])
        if form.is_valid():
            try:
                services.end_role_held(
                    held=held, by=request.user, now=timezone.now(), **form.cleaned_data
                )
            except PathwayError as error:
                form.add_error("ends_on", str(error))
            else:
                messages.success(request, f"The last day is {moment(held.ends_on)}.")
                return redirect(back)
        return render(
            request,
            "admin/partners/ask.html",
            self.context(
                request,
                title=f"The last day of {held.partner.name} in “{held.role.name}”",
                form=form,
                intro="",
                back_url=back,
                back_text=f"{held.partner.name}: {held.role.name}",
                danger=False,
            ),
        )


@admin.register(RoleWish)
class RoleWishAdmin(CoordinatorsAdmin):
    """What partners would like to try, in their own saying."""

    programme_path = "partner__programme"
    list_display = ("partner", "role", column("added_at", "said on", moment), "give")
    list_display_links = None
    list_select_related = ("partner", "role")
    search_fields = ("partner__sort_key", "partner__known_as", "role__name")
    search_help_text = "Search by the partner’s name, or the role"
    ordering = ("-added_at", "-pk")

    @admin.display(description="what to do")
    def give(self, wish: RoleWish) -> SafeString:
        """Where the wish can be granted."""
        there = f"{reverse('admin:partners_roleheld_add')}?partner={wish.partner_id}"
        return format_html('<a href="{}">Give {} a role</a>', there, wish.partner.name)
