"""The story bank for coordinators: what was lent, for what, until when, and each use of it."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Count, Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.formats import date_format

from accounts.admin_site import ScopedAdmin
from partners.forms.stories import CopyForm, UseForm, WithdrawForm
from partners.models import Story, StoryConsent, StoryUse
from partners.models.stories import StoryPurpose
from partners.services import stories
from partners.services.stories import StoryError

_USES_SHOWN = 50


class PurposeFilter(admin.SimpleListFilter):
    """What a story may be used for today."""

    title = "what it may be used for"
    parameter_name = "use"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return list(StoryPurpose.choices)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() not in StoryPurpose.values:
            return queryset
        consents = StoryConsent.objects.visible_to(request.user).filter(use=self.value())
        standing = consents.standing(timezone.localdate())
        return queryset.filter(pk__in=standing.values("story"))


@admin.register(Story)
class StoryAdmin(ScopedAdmin):
    """Stories that may be used for something today; any other is its owner's alone."""

    starts = (
        ("Find who could help", "partners:who_could_help"),
        ("Find a story", "admin:partners_story_changelist"),
    )
    list_display = ("title", "partner", "uses_allowed", "ends", "times_used")
    list_filter = (PurposeFilter,)
    list_select_related = ("partner",)
    found_with = ("partner",)
    ordering = ("-added_at", "-pk")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Asked anew on every request: what was withdrawn a moment ago is not there."""
        today = timezone.localdate()
        standing = StoryConsent.objects.visible_to(request.user).standing(today)
        return (
            Story.objects.visible_to(request.user, today)
            .in_bank(request.user, today)
            .defer("search")
            .prefetch_related(Prefetch("consents", standing, to_attr="standing"))
            .order_by(*self.ordering)
        )

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        answer: HttpResponse = super().changelist_view(
            request, {**(extra_context or {}), "title": "Story bank"}
        )
        return answer

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """With how often each story of the page was used; the list shows no story's text."""
        shown = super().get_changelist_instance(request)
        shown.result_list = shown.result_list.defer("text", "search").annotate(
            used=Count("uses", distinct=True)
        )
        return shown

    @admin.display(description="may be used for")
    def uses_allowed(self, story: Any) -> str:
        return "; ".join(consent.get_use_display() for consent in story.standing)

    @admin.display(description="next last day")
    def ends(self, story: Any) -> str:
        days = [consent.until for consent in story.standing if consent.until]
        return date_format(min(days), "j F Y") if days else "None said"

    @admin.display(description="times used")
    def times_used(self, story: Any) -> int:
        used: int = story.used
        return used

    def get_urls(self) -> list[URLPattern]:
        name = "partners_story_{}".format
        own = [
            path("<int:pk>/use/", self.page(self.log_use), name=name("log_use")),
            path("<int:pk>/copy/", self.page(self.copy), name=name("copy")),
            path("<int:pk>/withdraw/", self.page(self.withdraw), name=name("withdraw")),
        ]
        return own + super().get_urls()

    def record(self, request: HttpRequest, row: Any) -> HttpResponse:
        """A story to read, headed by what its reader should know first."""
        uses = StoryUse.objects.visible_to(request.user).filter(story=row)
        return self._page(
            request,
            "page",
            row,
            title=row.title,
            uses=uses.select_related("logged_by")[:_USES_SHOWN],
        )

    def log_use(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Write down that a story was used; its owner is told."""
        row = self.found(request, pk)
        form = UseForm(request.POST if request.method == "POST" else None, standing=row.standing)
        if form.is_valid():
            try:
                stories.log_use(story=row, by=request.user, now=timezone.now(), **form.cleaned_data)
            except StoryError as error:
                form.add_error(error.field if error.field in form.fields else None, str(error))
            else:
                messages.success(request, _said(row))
                return redirect("admin:partners_story_change", row.pk)
        return self._page(request, "use", row, title="Write down a use", form=form)

    def copy(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The story as a text to take along; the use is written down in the same moment."""
        row = self.found(request, pk)
        form = CopyForm(request.POST if request.method == "POST" else None, standing=row.standing)
        if form.is_valid():
            try:
                text = stories.copy_out(
                    story=row, by=request.user, now=timezone.now(), **form.cleaned_data
                )
            except StoryError as error:
                form.add_error(error.field if error.field in form.fields else None, str(error))
            else:
                answer = HttpResponse(text, content_type="text/plain; charset=utf-8")
                answer["Content-Disposition"] = f'attachment; filename="story-{row.pk}.txt"'
                return answer
        return self._page(request, "copy", row, title="Take a copy", form=form)

    def withdraw(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Take a story back at its owner's wish, who may have no sign-in; says what comes of it."""
        row = self.found(request, pk)
        form = WithdrawForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            try:
                stories.withdraw(
                    story=row, by=request.user, now=timezone.now(), **form.cleaned_data
                )
            except StoryError as error:
                form.add_error(error.field if error.field in form.fields else None, str(error))
            else:
                messages.success(request, _withdrawn(row))
                return redirect("admin:partners_story_changelist")
        uses = StoryUse.objects.visible_to(request.user).filter(story=row)
        return self._page(
            request,
            "withdraw",
            row,
            title="Withdraw at the owner’s wish",
            form=form,
            uses=uses[:_USES_SHOWN],
        )

    def _page(self, request: HttpRequest, name: str, row: Any, **values: Any) -> HttpResponse:
        return render(
            request,
            f"admin/partners/story/{name}.html",
            self.context(request, story=row, **values),
        )


def _said(story: Story) -> str:
    if story.partner.email:
        return f"It is written down, and {story.partner.called} is told."
    return (
        f"It is written down. {story.partner.called} has no e-mail address: "
        "tell them by telephone or by post."
    )


def _withdrawn(story: Story) -> str:
    called = story.partner.called
    if story.partner.email:
        return f"The story is withdrawn, and {called} is told."
    return f"The story is withdrawn. {called} has no e-mail address: tell them that it is done."
