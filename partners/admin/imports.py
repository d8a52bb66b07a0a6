"""Bringing in a register: upload, check the columns, try out, confirm, done."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from accounts.admin_site import Waits, column
from accounts.models import Programme, Role
from accounts.querysets import programmes_of
from nhsuk.components import SummaryRow
from nhsuk.pages import page_of
from partners import rules
from partners.admin.scope import CoordinatorsAdmin, coordinated
from partners.forms.register import ColumnsForm, UploadForm
from partners.models import RegisterImport
from partners.services import register_import
from partners.services.register_fields import known_fields
from partners.services.workbook import BadFileError
from workflow.transitions import IllegalMoveError

LINES_SHOWN = 500
CHANGES_PAGE = 100
_Status = RegisterImport.Status


@admin.register(RegisterImport)
class RegisterImportAdmin(CoordinatorsAdmin):
    """Imports of registers, one page after the other."""

    starts = (("Bring in a workbook of partners", "admin:partners_registerimport_upload"),)
    list_display = (
        column("filename", "file"),
        "sheet",
        "status",
        column("uploaded_at", "uploaded"),
        column("uploaded_by", "by"),
    )
    list_filter = ("status",)
    list_select_related = ("uploaded_by",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("programme").defer("rows", "outcome")

    def may_add(self, user: Any) -> bool:
        return True

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        answer: HttpResponse = super().changelist_view(
            request, {**(extra_context or {}), "title": "Registers brought in"}
        )
        return answer

    def get_urls(self) -> list[URLPattern]:
        name = "partners_registerimport_{}".format
        own = [
            path("upload/", self.page(self.upload), name=name("upload")),
            path("<int:pk>/columns/", self.page(self.columns), name=name("columns")),
            path("<int:pk>/check/", self.page(self.check_page), name=name("check")),
            path("<int:pk>/apply/", self.page(self.apply), name=name("apply")),
            path("<int:pk>/drop/", self.page(self.drop), name=name("drop")),
            path("<int:pk>/done/", self.page(self.done), name=name("done")),
        ]
        return own + super().get_urls()

    def add_view(
        self,
        request: HttpRequest,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        return redirect("admin:partners_registerimport_upload")

    def record(self, request: HttpRequest, kept: RegisterImport) -> HttpResponse:
        """Lead to the page where this import stands."""
        return _step(kept)

    def upload(self, request: HttpRequest) -> HttpResponse:
        """Choose the file."""
        programmes = coordinated(request.user)
        sent = request.method == "POST"
        form = UploadForm(
            request.POST if sent else None,
            request.FILES if sent else None,
            programmes=[(str(one.pk), one.name) for one in programmes],
        )
        if sent and form.is_valid():
            chosen = form.cleaned_data.get("programme") or str(programmes[0].pk)
            programme = next(one for one in programmes if str(one.pk) == chosen)
            kept = self._read(request, form, programme)
            if kept:
                return redirect("admin:partners_registerimport_columns", kept.pk)
        return self._page(request, "upload", "Bring in a register", form=form)

    def _read(
        self, request: HttpRequest, form: UploadForm, programme: Programme
    ) -> RegisterImport | None:
        file = form.cleaned_data["file"]
        try:
            register = register_import.read_register(
                file=file.file,
                filename=file.name,
                programme=programme,
                sheet=form.cleaned_data["sheet"],
            )
        except BadFileError as error:
            form.add_error(error.field, str(error))
            return None
        return register_import.start_import(
            register=register, programme=programme, by=request.user, now=timezone.now()
        )

    def columns(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Check what each column is; saying so tries the import out."""
        kept = self._unfinished(request, pk)
        if kept.status not in {_Status.READ, _Status.MAPPED}:
            return _step(kept)
        register = register_import.register_of(kept)
        sent = request.method == "POST"
        form = ColumnsForm(request.POST if sent else None, register=register)
        if sent and form.is_valid():
            try:
                register_import.choose_columns(
                    register_import=kept,
                    mapping=form.mapping,
                    by=request.user,
                    now=timezone.now(),
                )
            except BadFileError as error:
                form.add_error(None, str(error))
            except IllegalMoveError as error:
                messages.warning(request, str(error))
                return _step(self.found(request, pk))
            else:
                return redirect("admin:partners_registerimport_check", kept.pk)
        return self._page(
            request,
            "columns",
            "Check the columns",
            form=form,
            kept=kept,
            number_of_rows=len(register.rows),
        )

    def check_page(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What the import would do; nothing is done yet."""
        kept = self._unfinished(request, pk)
        if kept.status != _Status.MAPPED:
            return _step(kept)
        changes = kept.outcome.get("changes", [])
        return self._page(
            request,
            "check",
            "This is what would happen",
            **_outcome(kept),
            replaced=sum(bool(change["before"]) for change in changes),
            page=page_of(request, [_in_words(change) for change in changes], CHANGES_PAGE),
        )

    def apply(self, request: HttpRequest, pk: int) -> HttpResponse:
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        kept = self._unfinished(request, pk)
        try:
            register_import.apply_import(register_import=kept, by=request.user, now=timezone.now())
        except (BadFileError, IllegalMoveError) as error:
            messages.warning(request, str(error))
            return _step(self.found(request, pk))
        return redirect("admin:partners_registerimport_done", kept.pk)

    def drop(self, request: HttpRequest, pk: int) -> HttpResponse:
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        kept = self._unfinished(request, pk)
        try:
            register_import.drop_import(register_import=kept, by=request.user, now=timezone.now())
        except IllegalMoveError as error:
            messages.warning(request, str(error))
            return _step(self.found(request, pk))
        messages.success(request, f"“{kept.filename}” is let go. Nothing was changed.")
        return redirect("admin:partners_registerimport_changelist")

    def done(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What happened, and what to do next."""
        kept = self._unfinished(request, pk)
        if kept.status in {_Status.READ, _Status.MAPPED}:
            return _step(kept)
        if kept.status == _Status.DROPPED:
            return self._page(request, "let_go", "This import was let go", kept=kept)
        return self._page(request, "done", "The register is in", **_outcome(kept))

    def _unfinished(self, request: HttpRequest, pk: int) -> RegisterImport:
        """The import with its rows, for somebody who may bring it in."""
        kept: RegisterImport | None = (
            self.get_queryset(request).defer(None).select_related("programme").filter(pk=pk).first()
        )
        if kept is None or not rules.may_keep_register(request.user, kept.programme_id):
            raise Http404
        return kept

    def _page(self, request: HttpRequest, name: str, title: str, **values: Any) -> HttpResponse:
        return render(
            request,
            f"admin/partners/registerimport/{name}.html",
            self.context(request, title=title, **values),
        )


def _step(kept: RegisterImport) -> HttpResponse:
    """Lead to the page of the state that `kept` is in."""
    page = {_Status.READ: "columns", _Status.MAPPED: "check"}.get(_Status(kept.status), "done")
    return redirect(f"admin:partners_registerimport_{page}", kept.pk)


def _in_words(change: dict[str, Any]) -> dict[str, Any]:
    """A change with its field's label; a field that is no more keeps its name."""
    field = known_fields().get(change["field"])
    return {**change, "field": field.label if field else change["field"]}


_COUNTS = (
    ("created", "New partners"),
    ("updated", "Partners with something new"),
    ("unchanged", "Partners without a change"),
    ("refused", "Rows refused"),
    ("ignored", "Rows ignored"),
)


def _outcome(kept: RegisterImport) -> dict[str, Any]:
    outcome, headers = kept.outcome, kept.headers
    used = {int(column) for column in kept.mapping}
    told = outcome["told"]
    return {
        "kept": kept,
        "counts": [SummaryRow(label, outcome[name]) for name, label in _COUNTS],
        "refused": [line for line in told if line["what"] == "refused"][:LINES_SHOWN],
        "others": [line for line in told if line["what"] != "refused"][:LINES_SHOWN],
        "changes": outcome["created"] + outcome["updated"],
        "created": outcome["created"],
        "left_out": [header for i, header in enumerate(headers) if header and i not in used],
    }


@admin.site.waits
def imports_to_finish(user: Any) -> list[Waits]:
    """Registers that were uploaded and neither brought in nor let go."""
    mine = programmes_of(user, Role.COORDINATOR)
    if not mine:
        return []
    return [
        Waits(
            rows=RegisterImport.objects.visible_to(user).unfinished(),
            one="register to finish",
            many="registers to finish",
            url=reverse("admin:partners_registerimport_changelist"),
            sentence="It was uploaded, and neither brought in nor let go yet.",
        )
    ]
