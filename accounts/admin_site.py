"""The coordinators' and finance's face: Django's admin, scoped to their programmes."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial, wraps
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.views.main import ERROR_FLAG
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import EmptyResultSet, PermissionDenied
from django.db import connection
from django.db.models import QuerySet
from django.forms import Media
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
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


@dataclass(frozen=True)
class Waits:
    """Rows that wait for a person. How many there are is asked for every app in one query.

    rows: in no order, with `since` (a field of theirs, a day or a moment) when it is told how long
        the oldest has waited: then `{days}` in `sentence` says it in words.
    always: shown even when nothing waits.
    """

    rows: QuerySet[Any]
    one: str
    many: str
    url: str
    sentence: str
    since: str = ""
    always: bool = False

    def item(self, count: int, oldest: Any, today: date) -> WorkItem:
        """What the work list shows of `count` rows."""
        since = timezone.localdate(oldest) if isinstance(oldest, datetime) else oldest
        days = (today - since).days if since else 0
        said = f"{days} day{'' if days == 1 else 's'}" if days > 0 else "less than a day"
        title = self.one if count == 1 else self.many
        return WorkItem(title, count, self.url, self.sentence.replace("{days}", said))


def asked_together(waiting: Iterable[Waits], today: date) -> list[WorkItem]:
    """The work items of all that waits, from one query. `today` is what ages count to."""
    asked = list(waiting)
    columns, params = [], []
    for one in asked:
        for sql, values in (_how_many(one), _oldest(one)):
            columns.append(sql)
            params += values
    if not asked:
        return []
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(columns)}", params)
        found = cursor.fetchone()
    items = [
        one.item(found[2 * place], found[2 * place + 1], today) for place, one in enumerate(asked)
    ]
    return [item for one, item in zip(asked, items, strict=True) if item.count or one.always]


def _how_many(one: Waits) -> tuple[str, list[Any]]:
    rows = one.rows.order_by().values("pk")[: COUNT_UP_TO + 1]
    try:
        sql, values = rows.query.sql_with_params()
    except EmptyResultSet:
        return "0", []
    return f"(SELECT COUNT(*) FROM ({sql}) AS waiting)", list(values)  # noqa: S608 (Django's own)


def _oldest(one: Waits) -> tuple[str, list[Any]]:
    if not one.since:
        return "NULL", []
    try:
        sql, values = one.rows.order_by(one.since).values(one.since)[:1].query.sql_with_params()
    except EmptyResultSet:
        return "NULL", []
    return f"({sql})", list(values)


Waiting = Callable[[Any], list[Waits] | list[WorkItem]]


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

    def worklist(self, user: Any) -> list[WorkItem]:
        """Everything that waits for `user`, of every app."""
        told = [item for ask in self._waiting for item in ask(user)]
        counted = (item for item in told if isinstance(item, WorkItem))
        waiting = (item for item in told if isinstance(item, Waits))
        return [*asked_together(waiting, timezone.localdate()), *counted]

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
        worklist = self.worklist(request.user)
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

    def get_urls(self) -> list[Any]:
        """Without Django's history, which knows nothing of what services do."""
        return [url for url in super().get_urls() if not str(url.name or "").endswith("_history")]

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
