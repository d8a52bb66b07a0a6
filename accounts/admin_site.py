"""The coordinators' and finance's face: Django's admin, scoped to their programmes."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial, wraps
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.views.main import ERROR_FLAG
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.forms import Media
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.functional import SimpleLazyObject
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst

from accounts import rules
from accounts.access import audience
from accounts.models import Role
from accounts.querysets import programmes_of
from nhsuk.pages import CappedPaginator

# Beyond this "how many" is "many": counting every row of a large table would cost the page.
COUNT_UP_TO = 100


def counted(rows: QuerySet[Any]) -> int:
    """How many `rows` there are, at most one more than `COUNT_UP_TO`."""
    return rows.order_by()[: COUNT_UP_TO + 1].count()


def number_in(typed: Any) -> int:
    """A row's id as it stands in an address or a form; no row has the id 0."""
    text = str(typed or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def column(name: str, words: str, shown: Callable[[Any], str] | None = None) -> Any:
    """A column of a list: the field `name` headed by `words`, as `shown` writes its values.

    Field names such as "last login" are no words for people.
    """

    @admin.display(description=words, ordering=name)
    def of_row(row: Any) -> Any:
        value = getattr(row, name)
        return value if shown is None or value is None else shown(value)

    of_row.__name__ = name  # the class of the column, as a field's own
    return of_row


@dataclass(frozen=True)
class WorkItem:
    """One thing that waits: a sentence, how many, and where to do it."""

    title: str
    count: int
    url: str
    sentence: str

    @property
    def shown(self) -> str:
        return f"{COUNT_UP_TO}+" if self.count > COUNT_UP_TO else str(self.count)


Waiting = Callable[[Any], list[WorkItem]]


class PortalAdminSite(admin.AdminSite):
    """Opens for coordinators, finance and who looks after the installation."""

    site_header = "PCP Portal"
    site_title = "PCP Portal"
    index_title = "What waits for you"
    enable_nav_sidebar = False
    final_catch_all_view = False

    def __init__(self, name: str = "admin") -> None:
        super().__init__(name)
        self._waiting: list[Waiting] = []

    def waits(self, ask: Waiting) -> Waiting:
        """Register a function that says what waits for a person (each app's admin does)."""
        self._waiting.append(ask)
        return ask

    def has_permission(self, request: HttpRequest) -> bool:
        return request.user.is_authenticated and rules.may_open_admin(request.user)

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Only what is scoped to programmes.

        Third parties register their own models too: secrets of second factors, groups, and
        everybody's addresses, to be changed past our services and rules.
        """
        if admin_class is not None and issubclass(admin_class, ScopedAdmin):
            super().register(model_or_iterable, admin_class, **options)

    def get_urls(self) -> list[Any]:
        """Without "view on site", which tells of any row whether it is there."""
        return [url for url in super().get_urls() if getattr(url, "name", "") != "view_on_site"]

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Django's, but somebody who is signed in is told no and not asked to sign in."""
        inner = super().admin_view(view, cacheable)

        @wraps(inner)
        def seen(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.user.is_authenticated and not self.has_permission(request):
                raise PermissionDenied
            return inner(request, *args, **kwargs)

        return seen

    @method_decorator(login_not_required)
    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """There is one door: the portal's own sign-in, with its second factor."""
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect_to_login(request.GET.get("next") or reverse("admin:index"))

    def logout(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return redirect("account_logout")

    def password_change(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return redirect("account_change_password")

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> Any:
        """Made only for the two pages that show it, not for every page that could."""
        return SimpleLazyObject(partial(super().get_app_list, request, app_label))

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        worklist = [item for ask in self._waiting for item in ask(request.user)]
        starts = [
            (label, reverse(name))
            for model_admin in self._registry.values()
            if isinstance(model_admin, ScopedAdmin) and model_admin.may_see(request.user)
            for label, name in model_admin.starts
        ]
        return super().index(
            request, {**(extra_context or {}), "worklist": worklist, "starts": starts}
        )


class ScopedAdmin(admin.ModelAdmin):
    """A model in the admin: rows by `visible_to`, verbs by rules, writes through services.

    Read-only unless a subclass says otherwise by `may_add`, `may_change` and `save`.
    """

    ROLES: tuple[str, ...] = (Role.COORDINATOR,)
    view_on_site = False
    paginator = CappedPaginator
    list_per_page = 50
    list_max_show_all = 0
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    actions = None
    # What a row's own page needs of other tables, found in the same query.
    found_with: tuple[str, ...] = ()
    # What a person may want to begin, told on the admin's home: words, and the page's name.
    starts: tuple[tuple[str, str], ...] = ()

    # `record(request, row)` answers with the page of a row that somebody may see.
    record: Callable[[HttpRequest, Any], HttpResponse] | None = None

    @property
    def media(self) -> Media:
        """What the date fields need; without Django's jQuery, whose probe the policy refuses."""
        return Media(js=["admin/js/core.js"])

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).visible_to(request.user)  # type: ignore[attr-defined]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The list, headed by what it lists instead of "Select partner to change"."""
        if ERROR_FLAG in request.GET:  # Django's own page for it says "Database error"
            messages.warning(request, "We did not understand that address. Here is the whole list.")
            return redirect(request.path)
        title = capfirst(self.opts.verbose_name_plural)
        return super().changelist_view(request, {"title": title, **(extra_context or {})})

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """A row's page: the admin's own `record`, or Django's form where it has none."""
        if self.record is None:
            return super().change_view(request, object_id, form_url, extra_context)
        if not self.has_view_permission(request):
            raise PermissionDenied
        return self.record(request, self.found(request, object_id))

    def action_checkbox(self, obj: Any) -> SafeString:
        """Django's, without a template for each row."""
        return format_html(
            '<input type="checkbox" name="{}" value="{}" class="action-select" '
            'aria-label="Choose {}">',
            ACTION_CHECKBOX_NAME,
            obj.pk,
            obj,
        )

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Django's form; what is wrong in it is told by our summary instead of Django's note."""
        return super().render_change_form(request, {**context, "errors": []}, *args, **kwargs)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Without the icons beside a choice that open another model's pages in a new window."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget
        return field

    def page(self, view: Callable[..., HttpResponse], *who: str) -> Any:
        """Wrap a view of this admin: the admin's own check, then the roles it is for."""
        return self.admin_site.admin_view(audience(*(who or self.ROLES))(view))

    def context(self, request: HttpRequest, **values: Any) -> dict[str, Any]:
        """What a page of this admin is rendered with."""
        return {**self.admin_site.each_context(request), "opts": self.opts, **values}

    def found(self, request: HttpRequest, pk: Any) -> Any:
        """The row, or a 404 when there is none or it is another programme's."""
        rows = self.get_queryset(request)
        if self.found_with:  # no names at all would mean every table
            rows = rows.select_related(*self.found_with)
        return get_object_or_404(rows, pk=number_in(pk))

    def may_see(self, user: Any) -> bool:
        """The model is for this person at all; which rows is the queryset's matter."""
        return bool(programmes_of(user, *self.ROLES))

    def may_add(self, user: Any) -> bool:
        return False

    def may_change(self, user: Any, obj: Any) -> bool:
        return False

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.may_see(request.user)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may_see(request.user)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may_see(request.user) and self.may_add(request.user)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may_see(request.user) and self.may_change(request.user, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
