"""What there is to read for a meeting."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone

from assignments import rules, services
from assignments.admin.base import ArrangingAdmin, posted
from assignments.forms import PaperForm
from assignments.models import Meeting
from assignments.services.papers import PaperError


class KeepsPapers(ArrangingAdmin):
    """The pages on which papers are put to a meeting, and taken away."""

    def paper(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Put a file or a link to a meeting."""
        meeting = self._with_papers(request, pk)
        form = PaperForm(posted(request), request.FILES or None)
        if form.is_valid():
            try:
                services.add_paper(
                    meeting=meeting,
                    title=form.cleaned_data["title"],
                    link=form.cleaned_data["link"],
                    uploaded=form.cleaned_data["file"],
                    by=request.user,
                    now=timezone.now(),
                )
            except PaperError as error:
                form.add_error(error.field or None, str(error))
            else:
                messages.success(request, "The paper is there for whoever is down for the meeting.")
                return redirect("admin:assignments_meeting_change", meeting.pk)
        return self.show(
            request,
            "form",
            title=f"Add a paper to {meeting}",
            form=form,
            crumbs=[(f"{meeting}, {meeting.when}", "admin:assignments_meeting_change", meeting.pk)],
        )

    def remove_paper(self, request: HttpRequest, pk: int, paper: int) -> HttpResponse:
        """Take a paper away, once it was asked whether that is meant."""
        meeting = self._with_papers(request, pk)
        found = get_object_or_404(meeting.papers.visible_to(request.user), pk=paper)
        if request.method == "POST":
            services.remove_paper(paper=found, by=request.user, now=timezone.now())
            messages.success(request, f"“{found.title}” is taken away.")
            return redirect("admin:assignments_meeting_change", meeting.pk)
        return self.show(
            request,
            "remove_paper",
            title=f"Take away “{found.title}”?",
            paper=found,
            meeting=meeting,
        )

    def _with_papers(self, request: HttpRequest, pk: int) -> Meeting:
        meeting: Meeting = self.found(request, pk)
        if not rules.may_add_papers(request.user, meeting):
            raise PermissionDenied
        return meeting
