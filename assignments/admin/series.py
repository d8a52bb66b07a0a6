"""Plan meetings that repeat: asked for, looked at day by day, and then made."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from assignments import services
from assignments.admin.base import ArrangingAdmin, posted
from assignments.forms import RepeatForm
from assignments.models import WorkGroup
from assignments.rules.repeating import in_words
from assignments.services import MeetingError

# What the pages add to what was asked for.
_OWN = {"csrfmiddlewaretoken", "keep", "confirm", "change"}


class RepeatsMeetings(ArrangingAdmin):
    """The two pages of a group on which meetings that repeat are planned."""

    def repeat_meetings(self, request: HttpRequest, group: WorkGroup) -> HttpResponse:
        """Ask how they repeat, show every date, and plan those that are left ticked."""
        form = RepeatForm(
            posted(request), initial={"place": group.place, "join_link": group.join_link}
        )
        if form.is_valid() and "change" not in request.POST:
            try:
                return self._dates(request, group, form)
            except MeetingError as error:
                form.add_error(None, str(error))
        return self.show(
            request,
            "form",
            title=f"Plan meetings of {group.called} that repeat",
            form=form,
            crumbs=[(group.name, "admin:assignments_workgroup_change", group.pk)],
        )

    def _dates(self, request: HttpRequest, group: WorkGroup, form: RepeatForm) -> HttpResponse:
        """Every date, to be looked at; once that is confirmed, the meetings."""
        days = services.days_of_series(work_group=group, **form.times_asked)
        free = [one.day for one in days if not one.skipped]
        confirmed = "confirm" in request.POST
        kept = set(request.POST.getlist("keep"))
        refusal = ""
        if confirmed:
            try:
                series = services.plan_series(
                    work_group=group,
                    by=request.user,
                    now=timezone.now(),
                    skip={day for day in free if day.isoformat() not in kept},
                    **form.times_asked,
                    **form.facts,
                )
            except MeetingError as error:
                refusal = str(error)
            else:
                number = series.meetings.count()
                said = "1 meeting is" if number == 1 else f"{number} meetings are"
                messages.success(request, f"{said} planned: {in_words(series.rule)}.")
                return redirect("admin:assignments_workgroup_change", group.pk)
        return self.show(
            request,
            "series",
            title=f"The dates of {group.called}",
            group=group,
            hours=form.times_asked,
            repeats=in_words(form.cleaned_data["rule"]),
            refusal=refusal,
            days=[(day, not confirmed or day.isoformat() in kept) for day in free],
            skipped=[one for one in days if one.skipped],
            asked=[
                (name, value)
                for name, values in request.POST.lists()
                if name not in _OWN
                for value in values
            ],
        )
