"""What has to be in place, for coordinators: what is asked for, of whom, in which version."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from accounts.admin_site import column
from partners.admin.asking import AskingAdmin
from partners.admin.choosing import posted, roles_to_choose
from partners.admin.scope import coordinated
from partners.forms.requirements import VersionForm
from partners.forms.requirements_admin import RequirementForm
from partners.models import AgreementText, Requirement
from partners.rules.requirements import may_keep_requirements, text_asked_for
from partners.services import requirements as services


@admin.register(Requirement)
class RequirementAdmin(AskingAdmin):
    """What is asked for."""

    list_display = (
        "name",
        "kind",
        column("strength", "when it is missing"),
        column("valid_months", "lasts, in months"),
        column("retired_on", "no longer asked for"),
    )
    list_filter = ("kind",)
    found_with = ("programme",)

    def may_add(self, user: Any) -> bool:
        return True

    @admin.display(description="when it is missing")
    def strength(self, requirement: Requirement) -> str:
        return str(requirement.get_strength_display())

    def get_urls(self) -> list[URLPattern]:
        name = "partners_requirement_{}".format
        own = [
            path("<int:pk>/edit/", self.page(self.edit), name=name("edit")),
            path("<int:pk>/version/", self.page(self.version), name=name("version")),
        ]
        return own + super().get_urls()

    def record(self, request: HttpRequest, requirement: Requirement) -> HttpResponse:
        """One of them, and its versions where it is an agreement."""
        texts = AgreementText.objects.visible_to(request.user).filter(requirement=requirement)
        versions = list(texts)
        return render(
            request,
            "admin/partners/requirement/page.html",
            self.context(
                request,
                title=requirement.name,
                requirement=requirement,
                roles=[role.name for role in requirement.roles.all()],
                versions=versions,
                current=text_asked_for(versions, timezone.localdate()),
            ),
        )

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Ask for something new."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        back = reverse("admin:partners_requirement_changelist")
        title = "Something new to have in place"
        return self._form(request, Requirement(), title, back, "")

    def edit(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Change what is asked for."""
        found = self._to_keep(request, pk)
        back = reverse("admin:partners_requirement_change", args=[found.pk])
        return self._form(request, found, f"Change “{found.name}”", back, found.name)

    def version(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Write the next version of an agreement; everybody is asked again."""
        found = self._to_keep(request, pk)
        if found.kind != Requirement.Kind.AGREEMENT:
            raise Http404
        texts = AgreementText.objects.visible_to(request.user).filter(requirement=found)
        last = texts.first()
        initial = {"text": last.text if last else "", "from_on": timezone.localdate()}
        form = VersionForm(posted(request), initial=initial)
        return self.ask(
            request,
            form,
            lambda: services.new_version(
                requirement=found, by=request.user, now=timezone.now(), **form.cleaned_data
            ),
            title=f"A new version of “{found.name}”",
            done="It is kept. From that day on everybody is asked to accept it.",
            back=reverse("admin:partners_requirement_change", args=[found.pk]),
            back_text=found.name,
            intro="The versions before stay as they are, and so does who accepted them.",
        )

    def _to_keep(self, request: HttpRequest, pk: int) -> Requirement:
        found: Requirement = self.found(request, pk)
        if not may_keep_requirements(request.user, found):
            raise PermissionDenied
        return found

    def _form(
        self, request: HttpRequest, row: Requirement, title: str, back: str, back_text: str
    ) -> HttpResponse:
        programmes = coordinated(request.user)
        roles = roles_to_choose(request.user, row, programmes)
        form = RequirementForm(posted(request), requirement=row, programmes=programmes, roles=roles)
        return self.ask(
            request,
            form,
            lambda: services.keep_requirement(
                requirement=form.apply(programmes[0]),
                roles=list(form.cleaned_data["roles"]),
                by=request.user,
                now=timezone.now(),
            ),
            title=title,
            done="Saved.",
            back=back,
            back_text=back_text,
        )
