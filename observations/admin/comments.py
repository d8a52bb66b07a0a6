"""What observers wrote for clinicians, to be read for names first.

Whose words they are and which marks stood beside them is not told here: who reads for names need
not know, and could not unknow it.
"""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from accounts.admin_site import Waits, number_in
from accounts.models import Role
from accounts.querysets import programmes_of
from nhsuk.pages import page_of
from observations.forms.results import CommentForm
from observations.models import Comment
from observations.rules import results as rules
from observations.services import comment_hints, comments
from observations.services.refusals import ResultsError
from partners.admin.scope import CoordinatorsAdmin

PER_PAGE = 20
_SESSION = "observation__consultation__session"


@admin.register(Comment)
class CommentAdmin(CoordinatorsAdmin):
    """Comments of one's programmes, but of one's own clinics and of what one has yet to rate."""

    programme_path = f"{_SESSION}__programme"
    found_with = (f"{_SESSION}__team", f"{_SESSION}__programme", "observation__version", "theme")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request).to_read_by(request.user)
        return rows

    def get_urls(self) -> list[URLPattern]:
        name = "observations_comment_{}".format
        own = [
            path("read/", self.page(self.read_many), name=name("read_many")),
            path("<int:pk>/hold/", self.page(self.hold), name=name("hold")),
        ]
        return own + super().get_urls()

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Those that wait, the oldest first; or those that were cleared or held back."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        status = request.GET.get("status", "")
        if status not in Comment.Status.values:
            status = Comment.Status.WAITING
        rows = self.get_queryset(request).filter(status=status).select_related(*self.found_with)
        page = page_of(request, rows.order_by("pk"), PER_PAGE)
        self._with_hints(list(page))
        context = self.context(
            request,
            title="Comments to read for names",
            page=page,
            status=status,
            statuses=Comment.Status.choices,
            is_waiting=status == Comment.Status.WAITING,
        )
        return render(request, "admin/observations/comment/list.html", context)

    def record(self, request: HttpRequest, row: Comment) -> HttpResponse:
        """One comment: the words with hints beside them, to be changed, cleared or held back."""
        if not rules.may_check(request.user, row):
            raise PermissionDenied
        self._with_hints([row])
        initial = {"text": row.text, "theme": row.theme_id, "was": row.status}
        form = CommentForm(
            request.POST if request.method == "POST" else None,
            initial=initial,
            version=row.observation.version,
        )
        if form.is_valid():
            try:
                comments.clear(
                    comment=row, by=request.user, now=timezone.now(), **form.cleaned_data
                )
            except ResultsError as error:
                form.add_error(error.field if error.field in form.fields else None, str(error))
            else:
                messages.success(request, "The clinician can read this now.")
                return self._next(request)
        return render(
            request,
            "admin/observations/comment/page.html",
            self.context(request, title=row.get_kind_display(), comment=row, form=form),
        )

    def hold(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Keep one comment from the clinician."""
        row: Comment = self.found(request, pk)
        if not rules.may_check(request.user, row):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        was = request.POST.get("was", Comment.Status.WAITING)
        try:
            comments.hold_back(comment=row, by=request.user, now=timezone.now(), was=was)
        except ResultsError as error:
            messages.warning(request, str(error))
        else:
            messages.success(request, "It is held back. The clinician does not see it.")
        return self._next(request)

    def read_many(self, request: HttpRequest) -> HttpResponse:
        """Clear those that were ticked as they are, or hold them back."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        pks = [number_in(pk) for pk in request.POST.getlist("chosen")[:PER_PAGE]]
        chosen = list(self.get_queryset(request).filter(pk__in=pks).waiting())
        if not chosen:
            messages.warning(request, "Tick the comments that you have read.")
            return self._next(request)
        holds = "hold" in request.POST
        service = comments.hold_all_back if holds else comments.clear_as_they_are
        number = service(comments=chosen, by=request.user, now=timezone.now())
        things = "comment is" if number == 1 else "comments are"
        messages.success(request, f"{number} {things} {'held back' if holds else 'cleared'}.")
        return self._next(request)

    def _next(self, request: HttpRequest) -> HttpResponse:
        return redirect("admin:observations_comment_changelist")

    def _with_hints(self, rows: list[Comment]) -> None:
        """What may tell on somebody, looked up at once for all of a programme."""
        found: dict[int, set[str]] = {}
        for row in rows:
            programme = row.observation.consultation.session.programme
            if programme.pk not in found:
                texts = [
                    one.text
                    for one in rows
                    if one.observation.consultation.session.programme_id == programme.pk
                ]
                found[programme.pk] = comment_hints.names_in(texts, programme)
            row.pieces = comment_hints.pieces(row.text, found[programme.pk])
            row.reasons = comment_hints.reasons(row.pieces)


@admin.site.waits
def comments_to_read(user: Any) -> list[Waits]:
    """Words that wait to be read for names."""
    mine = programmes_of(user, Role.COORDINATOR)
    if not mine:
        return []
    rows = Comment.objects.visible_to(user).waiting()
    return [
        Waits(
            rows=rows.filter(**{f"{_SESSION}__programme__in": mine}),
            one="comment to read for names",
            many="comments to read for names",
            url=reverse("admin:observations_comment_changelist"),
            sentence="Clinicians read what observers wrote once it tells on nobody.",
        )
    ]
