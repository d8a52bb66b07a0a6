"""Versions of instruments, for coordinators: read, agreed on, put in use, revised, retired."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from accounts.admin_site import column
from nhsuk.components import Event
from nhsuk.pages import page_of
from nhsuk.templatetags.nhsuk import moment
from observations.admin.instrument_drafts import DraftPages
from observations.forms.instruments import AnswerForm
from observations.forms.instruments_admin import (
    AgreedForm,
    CrosswalkForm,
    RetireForm,
    SureForm,
)
from observations.models import Crosswalk, InstrumentVersion, ItemComment, Scale
from observations.rules import instruments as rules
from observations.services import (
    instrument_comments,
    instrument_crosswalks,
)
from observations.services import instruments as services
from partners.admin.choosing import posted

COMMENTS_SHOWN = 50
_PAGE = "admin:observations_instrumentversion_change"
_COMMENTS = "admin:observations_instrumentversion_comments"


class CommentsFilter(admin.SimpleListFilter):
    """Versions with comments that nobody has answered."""

    title = "comments"
    parameter_name = "comments"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("waiting", "To answer")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(unanswered__gt=0) if self.value() == "waiting" else queryset


@admin.register(InstrumentVersion)
class InstrumentVersionAdmin(DraftPages):
    """Every version of every instrument."""

    list_display = (
        "__str__",
        "status",
        column("comments_open", "comments", lambda is_open: "Open" if is_open else "Closed"),
        "to_answer",
        column("sealed_at", "in use since", moment),
    )
    list_filter = ("status", CommentsFilter)
    list_select_related = ("instrument",)
    search_fields = ("instrument__name",)
    search_help_text = "Search by the instrument"

    def get_queryset(self, request: HttpRequest) -> QuerySet[InstrumentVersion]:
        unanswered = Count("comments", filter=Q(comments__answered_at__isnull=True))
        return super().get_queryset(request).annotate(unanswered=unanswered)

    @admin.display(description="to answer")
    def to_answer(self, version: Any) -> str:
        return str(version.unanswered or "–")

    def get_urls(self) -> list[URLPattern]:
        name = "observations_instrumentversion_{}".format
        own = [
            path("<int:pk>/agreed/", self.page(self.agreed), name=name("agreed")),
            path("<int:pk>/ask/", self.page(self.open_comments), name=name("ask")),
            path("<int:pk>/stop/", self.page(self.close_comments), name=name("stop")),
            path("<int:pk>/use/", self.page(self.use), name=name("use")),
            path("<int:pk>/again/", self.page(self.again), name=name("again")),
            path("<int:pk>/retire/", self.page(self.retire), name=name("retire")),
            path("<int:pk>/next/", self.page(self.next), name=name("next")),
            path("<int:pk>/comments/", self.page(self.comments), name=name("comments")),
            path("<int:pk>/comments/<int:part>/", self.page(self.answer), name=name("answer")),
            path(
                "<int:pk>/crosswalk/<int:part>/", self.page(self.crosswalk), name=name("crosswalk")
            ),
        ]
        return own + self.draft_urls() + super().get_urls()

    def record(self, request: HttpRequest, version: InstrumentVersion) -> HttpResponse:
        """A version: what it is made of, what it lacks, and what became of it."""
        gaps = services.gaps_of(version)
        walks = {
            one.scale_id: one
            for one in Crosswalk.objects.visible_to(request.user)  # type: ignore[arg-type]
            .filter(scale__version=version)
            .select_related("before")
        }
        scores = [
            (
                scale,
                rules.scoring_words(scale, version.lowest, version.highest),
                walks.get(scale.pk),
            )
            for scale in version.scales.all()
        ]
        history = version.history.select_related("by").order_by("-at", "-pk")
        labels = dict(InstrumentVersion.Status.choices)
        is_draft = version.status == InstrumentVersion.Status.DRAFT
        others = version.instrument.versions.filter(status=InstrumentVersion.Status.DRAFT)
        planned = version.clinic_sessions.filter(status__in=["asked", "agreed"]).count()
        return render(
            request,
            "admin/observations/instrumentversion/page.html",
            self.context(
                request,
                title=str(version),
                version=version,
                instrument=version.instrument,
                is_draft=is_draft,
                gaps=gaps if is_draft else [],
                scores=scores,
                planned=planned,
                shows_wording=rules.shows_wording(version.instrument),
                may_revise=version.instrument.may_edit and not others.exists(),
                comment_count=version.comments.count(),
                events=[
                    Event(f"{labels[row.to_status]}: {row.by or 'the portal'}", row.at, row.why)
                    for row in history
                ],
            ),
        )

    # What becomes of a version

    def agreed(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Write down who agreed what."""
        version = self.to_keep(request, pk)
        form = AgreedForm(posted(request), initial={"agreed": version.agreed})
        return self.ask_about(
            request,
            version,
            form,
            lambda: services.agree(
                version=version, by=request.user, now=timezone.now(), **form.cleaned_data
            ),
            "Who agreed what",
        )

    def open_comments(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask everybody who takes part what they think."""
        return self._asked(request, pk, True, "Partners, clinicians and peers can comment now.")

    def close_comments(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask no more; what was said stays."""
        return self._asked(request, pk, False, "Comments are closed. You can still answer them.")

    def _asked(self, request: HttpRequest, pk: int, is_open: bool, said: str) -> HttpResponse:
        version = self.to_keep(request, pk)

        def do() -> str:
            services.ask(version=version, open_to_all=is_open, by=request.user, now=timezone.now())
            return said

        return self.press(request, version, do)

    def use(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Put a draft in use before anybody rates with it."""
        version = self.to_keep(request, pk)
        waiting = version.comments.filter(answered_at__isnull=True).count()
        unanswered = f" Comments without an answer: {waiting}." if waiting else ""
        return self.ask_about(
            request,
            version,
            SureForm(posted(request)),
            lambda: services.seal(version=version, by=request.user, now=timezone.now()),
            f"Put version {version.number} in use?",
            done="It is in use. From now on its wording, marks and scores stand.",
            intro="Its wording, marks and scores stand from then on; changes go into a next "
            "version, and figures of the two are never joined. A draft is put in use by itself "
            f"when somebody first rates with it.{unanswered}",
        )

    def again(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Take a retired version back into use."""
        version = self.to_keep(request, pk)

        def do() -> str:
            services.use_again(version=version, by=request.user, now=timezone.now())
            return "It is in use again."

        return self.press(request, version, do)

    def retire(self, request: HttpRequest, pk: int) -> HttpResponse:
        """No new clinic is planned with it."""
        version = self.to_keep(request, pk)
        form = RetireForm(posted(request))
        return self.ask_about(
            request,
            version,
            form,
            lambda: services.retire(
                version=version, by=request.user, now=timezone.now(), **form.cleaned_data
            ),
            f"Retire version {version.number}?",
            done="It is retired. What it measured stays.",
            intro="No new clinic is planned with it. Clinics that are planned can be held, and "
            "what it measured stays. You can take it back into use.",
            danger=True,
        )

    def next(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Begin the next version from this one."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        version = self.to_keep(request, pk)
        made: list[InstrumentVersion] = []

        def do() -> str:
            made.append(services.draft_from(version=version, by=request.user, now=timezone.now()))
            return f"Version {made[0].number} is there, as a draft that follows this one."

        answer = self.press(request, version, do)
        return redirect(_PAGE, made[0].pk) if made else answer

    def crosswalk(self, request: HttpRequest, pk: int, part: int) -> HttpResponse:
        """Say how a score of the version before reads on this one."""
        version, scale = self.scale_of(request, pk, part)
        if version.follows_id is None:
            raise PermissionDenied
        walk = Crosswalk.objects.visible_to(request.user).filter(scale=scale).first()  # type: ignore[arg-type]
        names = ("before", "factor", "constant", "basis")
        initial = {name: getattr(walk, name) for name in names} if walk else {}
        form = CrosswalkForm(posted(request), initial=initial)
        form.fields["before"].queryset = Scale.objects.visible_to(request.user).filter(  # type: ignore[arg-type]
            version=version.follows_id
        )
        return self.ask_about(
            request,
            version,
            form,
            lambda: instrument_crosswalks.keep_crosswalk(
                scale=scale, by=request.user, now=timezone.now(), **form.cleaned_data
            ),
            f"From the version before to “{scale.name}”",
            intro="Only where a study says so: consultations that were rated with both versions. "
            "Charts tell it and join nothing.",
        )

    # What people think of a draft

    def comments(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What was said, item by item, and what came of it."""
        version = self.to_keep(request, pk)
        rows = (
            ItemComment.objects.visible_to(request.user)  # type: ignore[arg-type]
            .filter(version=version)
            .select_related("item", "written_by")
            .order_by("item__number", "said_at", "pk")
        )
        page = page_of(request, rows, COMMENTS_SHOWN)
        written = list(page)
        sides = instrument_comments.sides_of(written, version.instrument.programme_id)
        return render(
            request,
            "admin/observations/instrumentversion/comments.html",
            self.context(
                request,
                title=f"What people think of {version}",
                version=version,
                page=page,
                comments=[(one, sides[one.written_by_id]) for one in written],
            ),
        )

    def answer(self, request: HttpRequest, pk: int, part: int) -> HttpResponse:
        """Say what came of a comment."""
        version = self.to_keep(request, pk)
        rows = ItemComment.objects.visible_to(request.user).filter(version=version)  # type: ignore[arg-type]
        comment = get_object_or_404(rows.select_related("item", "written_by"), pk=part)
        form = AnswerForm(posted(request), initial={"answer": comment.answer})
        about = f"item {comment.item.number}" if comment.item else "the draft as a whole"
        return self.ask(
            request,
            form,
            lambda: instrument_comments.answer(
                comment=comment,
                answer=form.cleaned_data["answer"],
                by=request.user,
                now=timezone.now(),
            ),
            title=f"A comment on {about}",
            done="Your answer is there for everybody who takes part.",
            back=reverse(_COMMENTS, args=[version.pk]),
            back_text="Comments",
            intro=f"{comment.written_by} wrote: “{comment.text}”",
        )
