"""Pages of clinics in the admin that ask for one thing, and buttons that do one."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render

from observations.services.refusals import SessionError
from partners.admin.scope import CoordinatorsAdmin

Crumbs = list[tuple[str, str]]


class AskingAdmin(CoordinatorsAdmin):
    """A form's page leads on once it is done; a refusal stands beside its field."""

    def show(
        self, request: HttpRequest, template: str, *, title: str, **values: Any
    ) -> HttpResponse:
        """One of our pages in the admin."""
        context = self.context(request, **{"title": title, "form": None, **values})
        return render(request, f"admin/observations/clinicsession/{template}.html", context)

    def ask(
        self,
        request: HttpRequest,
        form: Any,
        do: Callable[[], tuple[str, str]],
        *,
        title: str,
        crumbs: Crumbs,
        template: str = "ask",
        **values: Any,
    ) -> HttpResponse:
        """Show `form`; once it is right, `do` it: it gives what is said, and where to go."""
        if form.is_valid():
            try:
                said, there = do()
            except SessionError as error:
                form.add_error(error.field if error.field in form.fields else None, str(error))
            else:
                messages.success(request, said)
                return redirect(there)
        context = {"text": "", "danger": False, **values}
        return self.show(request, template, title=title, form=form, crumbs=crumbs, **context)

    def press(self, request: HttpRequest, do: Callable[[], str], there: str) -> HttpResponse:
        """Do what a button asks, and say so on the page `there`."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        try:
            messages.success(request, do())
        except SessionError as error:
            messages.warning(request, str(error))
        return redirect(there)
