"""Pages of the admin that ask for one thing, and buttons that do one."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect

from assignments.admin.base import ArrangingAdmin
from assignments.services.refusals import AssignmentsError

Crumbs = list[tuple[str, str, int]]


class AskingAdmin(ArrangingAdmin):
    """A form's page leads on once it is done; a refusal stands beside its field."""

    def ask(
        self,
        request: HttpRequest,
        form: Any,
        do: Callable[[], tuple[str, str]],
        *,
        title: str,
        crumbs: Crumbs,
        **context: Any,
    ) -> HttpResponse:
        """Show `form`; once it is right, `do` it: it gives what is said, and the page to go to."""
        if form.is_valid():
            try:
                said, there = do()
            except AssignmentsError as error:
                form.add_error(error.field if error.field in form.fields else None, str(error))
            else:
                messages.success(request, said)
                return redirect(there)
        values = {"text": "", "danger": False, **context}
        template = values.pop("template", "ask")
        return self.show(request, template, title=title, form=form, crumbs=crumbs, **values)

    def press(self, request: HttpRequest, do: Callable[[], str], there: str) -> HttpResponse:
        """Do what a button asks, and say so on the page `there`."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        try:
            messages.success(request, do())
        except AssignmentsError as error:
            messages.warning(request, str(error))
        return redirect(there)


def posted(request: HttpRequest) -> Any:
    """What was sent, for a form; None when the page is only looked at."""
    return request.POST if request.method == "POST" else None
