"""A planned meeting changed, moved and cancelled: it alone, or it and all that follow."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from assignments import rules, services
from assignments.admin.base import ArrangingAdmin, posted
from assignments.forms import CancelMeetingForm, ChangeMeetingForm, MoveMeetingForm
from assignments.forms.meetings import OfSeriesForm
from assignments.models import Attendance, Meeting
from nhsuk.templatetags.nhsuk import minutes as in_words
from workflow.transitions import IllegalMoveError


class ChangesMeetings(ArrangingAdmin):
    """The pages on which a planned meeting is changed."""

    def edit(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Change what is told of a planned meeting."""
        meeting = self._to_arrange(request, pk)
        initial = {name: getattr(meeting, name, "this") for name in ChangeMeetingForm.base_fields}
        form = ChangeMeetingForm(posted(request), initial=initial, meeting=meeting)

        def do(**said: Any) -> None:
            if form.all_that_follow:
                services.change_following(meeting=meeting, **form.facts, **said)
            else:
                services.change_meeting(meeting=meeting, **form.facts, **said)

        return self._ask(request, meeting, form, f"Change {meeting}", do, "Saved.")

    def move(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Move a planned meeting."""
        meeting = self._to_arrange(request, pk)
        form = MoveMeetingForm(
            posted(request), initial=MoveMeetingForm.times_of(meeting), meeting=meeting
        )

        def do(**said: Any) -> None:
            if form.all_that_follow:
                hours = {name: form.cleaned_data[name] for name in ("begins", "ends")}
                services.move_following(meeting=meeting, **hours, **said)
            else:
                services.move_meeting(
                    meeting=meeting, starts_at=form.starts_at, ends_at=form.ends_at, **said
                )

        return self._ask(
            request,
            meeting,
            form,
            f"Move {meeting}",
            do,
            "It is moved. Everybody with an e-mail address is told and asked again.",
        )

    def cancel(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Cancel a planned meeting."""
        meeting = self._to_arrange(request, pk)
        form = CancelMeetingForm(posted(request), meeting=meeting)

        def do(**said: Any) -> None:
            cancel = services.cancel_following if form.all_that_follow else services.cancel_meeting
            cancel(meeting=meeting, why=form.cleaned_data["why"], **said)

        return self._ask(
            request,
            meeting,
            form,
            f"Cancel {meeting}",
            do,
            "It is cancelled. Whoever was expected and has an e-mail address is told.",
            note=self._what_counts(request, meeting),
        )

    def _what_counts(self, request: HttpRequest, meeting: Meeting) -> str:
        """What cancelling this meeting now comes to, by the programme's rule."""
        terms = services.pay_terms(meeting.programme_id)
        if not terms.is_late(meeting.starts_at, timezone.now()):
            return ""
        counts = terms.minutes(Attendance.Outcome.CALLED_OFF, meeting.minutes)
        expected = Attendance.objects.visible_to(request.user).filter(meeting=meeting).expected()
        people = expected.count()
        if not counts or not people:
            return ""
        whom = "1 partner who was" if people == 1 else f"{people} partners who were"
        return (
            f"This is late, by your programme’s rule. {in_words(counts)} will count for the "
            f"{whom} expected."
        )

    def _to_arrange(self, request: HttpRequest, pk: int) -> Meeting:
        meeting: Meeting = self.found(request, pk)
        if not rules.may_arrange(request.user, meeting):
            raise PermissionDenied
        return meeting

    def _ask(
        self,
        request: HttpRequest,
        meeting: Meeting,
        form: OfSeriesForm,
        title: str,
        do: Callable[..., None],
        done: str,
        note: str = "",
    ) -> HttpResponse:
        if form.is_valid():
            try:
                do(by=request.user, now=timezone.now())
            except (services.MeetingError, IllegalMoveError) as error:
                form.add_error(None, str(error))
            else:
                messages.success(request, done)
                return redirect("admin:assignments_meeting_change", meeting.pk)
        return self.show(
            request,
            "form",
            title=title,
            form=form,
            note=note,
            crumbs=[(f"{meeting}, {meeting.when}", "admin:assignments_meeting_change", meeting.pk)],
        )
