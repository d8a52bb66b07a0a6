"""Open events: their public pages, who registered, the sheet to sign, who came, and thanks."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Case, QuerySet, Value, When
from django.db.models.functions import Lower
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from accounts.admin_site import number_in
from accounts.models import Role
from accounts.querysets import programmes_of
from assignments.admin.base import ArrangingAdmin
from assignments.forms.events import EventPageForm, ThankForm
from assignments.models import EventPage, Meeting, Registration
from assignments.rules import events as rules
from assignments.services import events, registrations
from nhsuk.forms import NhsukForm
from nhsuk.pages import page_of
from partners.views.pages import saved, saved_or_told

PEOPLE_SHOWN = 50
# Each has two fields on the page; Django takes a thousand at once.
MARKED_AT_ONCE = 100
# Empty lines on the sheet, for whoever comes without having registered.
WALK_INS = 12


@admin.register(EventPage)
class EventPageAdmin(ArrangingAdmin):
    """Public pages, the latest first. They are made from the page of their meeting."""

    programme_field = "meeting__programme"
    list_display = ("named", "day_and_hours", "places", "is_open")
    list_select_related = ("meeting__work_group",)
    found_with = ("meeting__programme", "meeting__work_group")
    search_fields = ("meeting__title", "meeting__work_group__name")
    search_help_text = "Search by the event’s title or its group"
    ordering = ("-meeting__starts_at", "-pk")

    @admin.display(description="event")
    def named(self, page: EventPage) -> str:
        return str(page)

    @admin.display(description="when", ordering="meeting__starts_at")
    def day_and_hours(self, page: EventPage) -> str:
        return page.meeting.when

    def get_urls(self) -> list[URLPattern]:
        own = [
            path(
                f"<int:pk>/{name}/",
                self.page(getattr(self, name)),
                name=f"assignments_eventpage_{name}",
            )
            for name in ("edit", "sheet", "came", "thank")
        ]
        own += [
            path("meeting/<int:pk>/", self.page(self.of), name="assignments_eventpage_of"),
            path(
                "registration/<int:pk>/cancel/",
                self.page(self.cancel),
                name="assignments_eventpage_cancel",
            ),
        ]
        return own + super().get_urls()

    def record(self, request: HttpRequest, page: EventPage) -> HttpResponse:
        """An event: what stands on its page, how many come, and who."""
        now = timezone.now()
        return self.show(
            request,
            "event",
            title=str(page),
            event=page,
            meeting=page.meeting,
            standing=rules.standing(page, now),
            address=request.build_absolute_uri(reverse("assignments:event", args=[page.slug])),
            counts=registrations.counts(page),
            people=page_of(request, _people(request, page), PEOPLE_SHOWN),
            is_ahead=rules.is_ahead(page.meeting, now),
            may_mark=rules.may_mark(request.user, page, now),
            may_thank=rules.may_thank(request.user, page, now),
            kept_until=rules.kept_until(page.meeting),
        )

    def of(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The public page of a meeting: made here, where there is none yet."""
        mine = programmes_of(request.user, Role.COORDINATOR)
        meetings = Meeting.objects.visible_to(request.user).filter(programme__in=mine)
        meeting: Meeting = get_object_or_404(meetings.select_related("work_group"), pk=pk)
        found = EventPage.objects.visible_to(request.user).filter(meeting=meeting).first()
        if found is not None:
            return redirect("admin:assignments_eventpage_change", found.pk)
        if not rules.may_publish(request.user, meeting, timezone.now()):
            messages.warning(request, "Only a meeting still to come can have a public page.")
            return redirect("admin:assignments_meeting_change", meeting.pk)
        form = EventPageForm(_posted(request), initial=EventPageForm.proposed(meeting))

        def save() -> EventPage:
            return events.publish(
                meeting=meeting, by=request.user, now=timezone.now(), **form.facts
            )

        made = form.is_valid() and saved(form, save)
        if made:
            messages.success(request, "The page is public. Its address is below, to pass on.")
            return redirect("admin:assignments_eventpage_change", made.pk)
        crumbs = [(f"{meeting}, {meeting.when}", "admin:assignments_meeting_change", meeting.pk)]
        return self.show(
            request, "form", title=f"A public page for {meeting}", form=form, crumbs=crumbs
        )

    def edit(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Change what stands on the page, and how many places there are."""
        page: EventPage = self.found(request, pk)
        form = EventPageForm(_posted(request), initial=EventPageForm.facts_of(page))

        def save() -> bool:
            return events.change_page(page=page, by=request.user, now=timezone.now(), **form.facts)

        return self._ask(request, page, form, f"Change the page of {page}", save, "Saved.")

    def sheet(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Names with room to sign, and lines for whoever comes unannounced; to be printed."""
        page: EventPage = self.found(request, pk)
        return render(
            request,
            "admin/assignments/sheet.html",
            {
                "title": f"Sign-in sheet: {page}",
                "event": page,
                "meeting": page.meeting,
                "programme": page.meeting.programme,
                "people": _coming(request, page),
                "walk_ins": range(WALK_INS),
                "back_url": reverse("admin:assignments_eventpage_change", args=[page.pk]),
            },
        )

    def came(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Tick who signed the sheet, a hundred at a time."""
        page: EventPage = self.found(request, pk)
        if not rules.may_mark(request.user, page, timezone.now()):
            messages.warning(request, "Say who came once the event has begun.")
            return redirect("admin:assignments_eventpage_change", page.pk)
        people = page_of(request, _coming(request, page), MARKED_AT_ONCE)
        if request.method == "POST":

            def save() -> int:
                return events.mark_came(
                    page=page,
                    came={number_in(value) for value in request.POST.getlist("came")},
                    shown={number_in(value) for value in request.POST.getlist("shown")},
                    by=request.user,
                    now=timezone.now(),
                )

            if saved_or_told(request, save):
                messages.success(request, "Saved.")
            there = reverse("admin:assignments_eventpage_change", args=[page.pk])
            if people.has_next():
                there = f"{request.path}?page={people.next_page_number()}"
            return redirect(there)
        return self.show(request, "came", title=f"Who came to {page}?", event=page, people=people)

    def thank(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Write to everybody who came, once."""
        page: EventPage = self.found(request, pk)
        if not rules.may_thank(request.user, page, timezone.now()):
            messages.warning(request, "People are thanked once, when the event is over.")
            return redirect("admin:assignments_eventpage_change", page.pk)
        words = f"Thank you for coming to “{page}”. We were glad to have you with us."
        form = ThankForm(_posted(request), initial={"words": words})

        def save() -> int:
            return events.thank(
                page=page, words=form.cleaned_data["words"], by=request.user, now=timezone.now()
            )

        title = f"Thank everybody who came to {page}"
        return self._ask(request, page, form, title, save, "Your thanks are on their way.")

    def cancel(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Cancel for somebody who rang."""
        mine = Registration.objects.visible_to(request.user).select_related(
            "page__meeting__programme", "page__meeting__work_group"
        )
        row: Registration = get_object_or_404(mine, pk=pk)
        if not rules.may_look_after(request.user, row.page):
            raise PermissionDenied
        form = NhsukForm(_posted(request))
        form.submit_text = "Cancel for them"

        def save() -> Registration:
            return registrations.cancel_for(registration=row, by=request.user, now=timezone.now())

        title = f"Cancel for {row.name}?"
        return self._ask(request, row.page, form, title, save, "Cancelled.")

    def _ask(
        self,
        request: HttpRequest,
        page: EventPage,
        form: NhsukForm,
        title: str,
        save: Callable[[], Any],
        done: str,
    ) -> HttpResponse:
        if form.is_valid() and saved(form, save):
            messages.success(request, done)
            return redirect("admin:assignments_eventpage_change", page.pk)
        crumbs = [(str(page), "admin:assignments_eventpage_change", page.pk)]
        return self.show(request, "form", title=title, form=form, crumbs=crumbs)


def _posted(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _people(request: HttpRequest, page: EventPage) -> QuerySet[Registration]:
    """Who comes, then who waits, did not confirm, cancelled; each by name."""
    place = Case(
        When(cancelled_at__isnull=False, then=Value(4)),
        When(confirmed_at__isnull=True, then=Value(3)),
        When(seat__isnull=True, then=Value(2)),
        default=Value(1),
    )
    mine = Registration.objects.visible_to(request.user).filter(page=page)
    return mine.order_by(place, Lower("name"), "pk")


def _coming(request: HttpRequest, page: EventPage) -> QuerySet[Registration]:
    mine = Registration.objects.visible_to(request.user).coming().filter(page=page)
    return mine.order_by(Lower("name"), "pk")
