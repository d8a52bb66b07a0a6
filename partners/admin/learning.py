"""Learning for coordinators: what there is, its sessions, places and who was there."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from accounts.admin_site import Waits, column, number_in
from accounts.models import Role
from accounts.querysets import programmes_of
from nhsuk.components import Event
from partners.admin.asking import AskingAdmin
from partners.admin.choosing import choice_of, posted, roles_to_choose
from partners.admin.scope import coordinated
from partners.forms.learning import (
    AttendanceForm,
    CancelSessionForm,
    ChangeSessionForm,
    PlanSessionForm,
)
from partners.forms.learning_admin import LearningItemForm
from partners.models import LearningItem, LearningPlace, LearningSession
from partners.rules import learning as rules
from partners.services import learning as services
from partners.services.learning import LearningError

_TAKEN = Count("taken", filter=Q(taken__status__in=["booked", "attended", "missed"]))


@admin.register(LearningItem)
class LearningItemAdmin(AskingAdmin):
    """What there is to learn."""

    starts = (("Plan a learning session", "admin:partners_learningitem_changelist"),)
    list_display = (
        "title",
        "kind",
        "minutes",
        column("payable", "paid", lambda paid: "Yes" if paid else "No"),
        "retired_on",
    )
    list_filter = ("kind",)
    search_fields = ("title",)
    search_help_text = "Search by the title"
    found_with = ("programme",)

    def may_add(self, user: Any) -> bool:
        return True

    def get_urls(self) -> list[URLPattern]:
        name = "partners_learningitem_{}".format
        own = [
            path("<int:pk>/edit/", self.page(self.edit), name=name("edit")),
            path("<int:pk>/plan/", self.page(self.plan), name=name("plan")),
        ]
        return own + super().get_urls()

    def record(self, request: HttpRequest, item: LearningItem) -> HttpResponse:
        """Something to learn, and its sessions."""
        sessions = LearningSession.objects.visible_to(request.user).filter(item=item)
        rows = sessions.annotate(number_taken=_TAKEN).order_by("-starts_at", "-pk")[:50]
        return render(
            request,
            "admin/partners/learningitem/page.html",
            self.context(
                request,
                title=item.title,
                item=item,
                roles=[role.name for role in item.roles.all()],
                sessions=[(row, services.when(row)) for row in rows],
            ),
        )

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Write something new to learn."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        back = reverse("admin:partners_learningitem_changelist")
        return self._form(request, LearningItem(), "Something new to learn", back, "")

    def edit(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Change something to learn."""
        item = self._to_keep(request, pk)
        back = reverse("admin:partners_learningitem_change", args=[item.pk])
        return self._form(request, item, f"Change “{item.title}”", back, item.title)

    def plan(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Plan a date."""
        item = self._to_keep(request, pk)
        form = PlanSessionForm(posted(request), initial={"places": 12})
        return self.ask(
            request,
            form,
            lambda: services.plan_session(
                item=item, by=request.user, now=timezone.now(), **form.facts
            ),
            title=f"Plan a session of “{item.title}”",
            done="It is planned. Partners can book their places now.",
            back=reverse("admin:partners_learningitem_change", args=[item.pk]),
            back_text=item.title,
        )

    def _to_keep(self, request: HttpRequest, pk: int) -> LearningItem:
        item: LearningItem = self.found(request, pk)
        if not rules.may_keep_learning(request.user, item):
            raise PermissionDenied
        return item

    def _form(
        self, request: HttpRequest, item: LearningItem, title: str, back: str, back_text: str
    ) -> HttpResponse:
        programmes = coordinated(request.user)
        roles = roles_to_choose(request.user, item, programmes)
        form = LearningItemForm(
            posted(request),
            item=item,
            programmes=programmes,
            roles=roles,
        )
        return self.ask(
            request,
            form,
            lambda: services.keep_item(
                item=form.apply(programmes[0]),
                roles=list(form.cleaned_data["roles"]),
                by=request.user,
                now=timezone.now(),
            ),
            title=title,
            done="Saved.",
            back=back,
            back_text=back_text,
        )


class StateFilter(admin.SimpleListFilter):
    """To come, or to record, or what became of it."""

    title = "state"
    parameter_name = "show"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("ahead", "To come"),
            ("record", "To record"),
            ("held", "Held"),
            ("cancelled", "Cancelled"),
        ]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        now, shown = timezone.now(), self.value()
        if shown == "ahead":
            return queryset.filter(status="planned", ends_at__gt=now)
        if shown == "record":
            return queryset.to_record(now)
        return queryset.filter(status=shown) if shown in {"held", "cancelled"} else queryset


@admin.register(LearningSession)
class LearningSessionAdmin(AskingAdmin):
    """Dates on which something is learnt together."""

    programme_path = "item__programme"
    list_display = ("item", "dated", "taken", column("places", "places"), "status")
    list_select_related = ("item",)
    list_filter = (StateFilter,)
    search_fields = ("item__title",)
    search_help_text = "Search by the title"
    ordering = ("-starts_at", "-pk")
    found_with = ("item__programme",)

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).annotate(number_taken=_TAKEN)

    @admin.display(description="when", ordering="starts_at")
    def dated(self, session: LearningSession) -> str:
        return services.when(session)

    @admin.display(description="booked")
    def taken(self, session: Any) -> int:
        return int(session.number_taken)

    def get_urls(self) -> list[URLPattern]:
        name = "partners_learningsession_{}".format
        pages = ("attendance", "edit", "cancel", "place", "let_go")
        own = [
            path(f"<int:pk>/{page}/", self.page(getattr(self, page)), name=name(page))
            for page in pages
        ]
        return own + super().get_urls()

    def record(self, request: HttpRequest, session: Any) -> HttpResponse:
        """A session: when, where, who has a place, who waits. Never what partners wrote of it."""
        now = timezone.now()
        rows = self._places(request, session)
        return render(
            request,
            "admin/partners/learningsession/page.html",
            self.context(
                request,
                title=session.item.title,
                session=session,
                when=services.when(session),
                rows=rows,
                may_record=rules.is_over(session, now),
                is_ahead=rules.is_ahead(session, now),
                is_planned=session.status == LearningSession.Status.PLANNED,
                events=[
                    Event(
                        f"{line.by.name if line.by else 'The portal'}: {_SAID[line.to_status]}",
                        line.at,
                        line.why,
                    )
                    for line in session.history.select_related("by").order_by("-at", "-pk")
                ],
            ),
        )

    def attendance(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Say who was there."""
        session = self._to_keep(request, pk)
        if not rules.is_over(session, timezone.now()):
            messages.warning(request, "Record who was there once it is over, and once only.")
            return redirect(self._url(session))
        booked = [row for row in self._places(request, session) if row.status == "booked"]
        form = AttendanceForm(
            posted(request), places=[(row.pk, row.partner.name) for row in booked]
        )
        return self.ask(
            request,
            form,
            lambda: services.record_attendance(
                session=session,
                there=form.cleaned_data["there"],
                by=request.user,
                now=timezone.now(),
            ),
            title=f"Who was at “{session.item.title}”?",
            done="Thank you. It is in the portfolio of who was there.",
            back=self._url(session),
            back_text=session.item.title,
            intro=f"{services.when(session)}."
            + ("" if booked else " Nobody had a place. Record it all the same, and it is done."),
        )

    def edit(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Change where it is, or how many places there are."""
        session = self._to_keep(request, pk)
        form = ChangeSessionForm.of(session, posted(request))
        return self.ask(
            request,
            form,
            lambda: services.change_session(
                session=session, by=request.user, now=timezone.now(), **form.cleaned_data
            ),
            title=f"Change “{session.item.title}”",
            done="Saved.",
            back=self._url(session),
            back_text=session.item.title,
            intro=services.when(session),
        )

    def cancel(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Cancel it; whoever has a place is told."""
        session = self._to_keep(request, pk)
        form = CancelSessionForm(posted(request))
        return self.ask(
            request,
            form,
            lambda: services.cancel_session(
                session=session, by=request.user, now=timezone.now(), **form.cleaned_data
            ),
            title=f"Cancel “{session.item.title}”",
            done="It is cancelled. Whoever has a place and an e-mail address is told.",
            back=self._url(session),
            back_text=session.item.title,
            intro=services.when(session),
            danger=True,
        )

    def place(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Put somebody down who rang: choose the partner, then press."""
        session = self._to_keep(request, pk)
        choice = choice_of(request, session.item.programme_id)
        if request.method == "POST" and choice.chosen is not None:
            try:
                place = services.book(
                    session=session, partner=choice.chosen, by=request.user, now=timezone.now()
                )
            except LearningError as error:
                messages.warning(request, str(error))
            else:
                where = (
                    "has a place"
                    if place.status == LearningPlace.Status.BOOKED
                    else "is on the waiting list"
                )
                messages.success(request, f"{choice.chosen.name} {where}.")
            return redirect(self._url(session))
        template = "learningsession/place.html" if choice.chosen else "choose.html"
        return render(
            request,
            f"admin/partners/{template}",
            self.context(
                request,
                title=f"Put somebody down for “{session.item.title}”",
                choice=choice,
                session=session,
                when=services.when(session),
            ),
        )

    def let_go(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Give back the place of somebody who rang."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        session = self._to_keep(request, pk)
        places = LearningPlace.objects.visible_to(request.user).filter(session=session)
        found = places.select_related("partner").defer("reflection")
        place = found.filter(pk=number_in(request.POST.get("place"))).first()
        if place is None:
            messages.warning(request, "Choose whose place it is.")
            return redirect(self._url(session))
        try:
            services.give_back(place=place, by=request.user, now=timezone.now())
        except LearningError as error:
            messages.warning(request, str(error))
        else:
            messages.success(request, f"The place of {place.partner.name} is free.")
        return redirect(self._url(session))

    def _to_keep(self, request: HttpRequest, pk: int) -> LearningSession:
        session: LearningSession = self.found(request, pk)
        if not rules.may_keep_learning(request.user, session.item):
            raise PermissionDenied
        return session

    @staticmethod
    def _url(session: LearningSession) -> str:
        return reverse("admin:partners_learningsession_change", args=[session.pk])

    @staticmethod
    def _places(request: HttpRequest, session: LearningSession) -> list[LearningPlace]:
        rows = LearningPlace.objects.visible_to(request.user).filter(session=session)
        rows = rows.exclude(status="let_go").select_related("partner").defer("reflection")
        return list(rows.order_by("status", "asked_at", "pk"))


_SAID = {"planned": "planned this", "held": "recorded who was there", "cancelled": "cancelled this"}


@admin.site.waits
def sessions_to_record(user: Any) -> list[Waits]:
    """Sessions that are over and wait for somebody to say who was there."""
    mine = programmes_of(user, Role.COORDINATOR)
    if not mine:
        return []
    sessions = LearningSession.objects.visible_to(user).filter(item__programme__in=mine)
    return [
        Waits(
            rows=sessions.to_record(timezone.now()),
            one="learning session to record",
            many="learning sessions to record",
            url=f"{reverse('admin:partners_learningsession_changelist')}?show=record",
            sentence="Partners see it in their portfolio, and can claim, when you have.",
        )
    ]
