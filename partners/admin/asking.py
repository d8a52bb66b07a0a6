"""Pages of the admin that ask for one thing and then do it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from partners.admin.scope import CoordinatorsAdmin
from partners.services.refusal import Refusal
from workflow.transitions import IllegalMoveError


class AskingAdmin(CoordinatorsAdmin):
    """Pages that ask for one thing and then do it."""

    def ask(
        self,
        request: HttpRequest,
        form: Any,
        do: Callable[[], Any],
        *,
        title: str,
        done: str,
        back: str,
        back_text: str,
        **context: Any,
    ) -> HttpResponse:
        """Show `form`; once it is right, `do` it and lead to `back`, unless it is refused."""
        if form.is_valid():
            try:
                do()
            except Refusal as error:
                form.add_error(error.field if error.field in form.fields else None, str(error))
            except IllegalMoveError as error:
                form.add_error(None, str(error))
            else:
                messages.success(request, done)
                return redirect(back)
        values = {"intro": "", "danger": False, **context}
        return render(
            request,
            "admin/partners/ask.html",
            self.context(
                request, title=title, form=form, back_url=back, back_text=back_text, **values
            ),
        )
