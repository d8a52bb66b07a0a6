"""The register of partners: find, add, change, invite."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Coalesce, Replace
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils import timezone

from accounts.models import Programme, Role
from accounts.querysets import programmes_of
from partners import rules
from partners.admin.copies import CopyPages
from partners.admin.profile import NeedsFilter, ProfilePages
from partners.admin.scope import coordinated
from partners.admin.support import SupportPages
from partners.forms.register import PartnerForm
from partners.models import Partner
from partners.rules.my_data import may_hand_copy
from partners.rules.support import may_support
from partners.services import register
from partners.services.register import ADDED_AFTERWARDS, RegisterError, digits, folded, named

# Fewer figures than this are found in too many telephone numbers.
_FEWEST_FIGURES = 4


@admin.register(Partner)
class PartnerAdmin(ProfilePages, SupportPages, CopyPages):
    """Partners of the programmes that somebody coordinates."""

    starts = (
        ("Find a partner", "admin:partners_partner_changelist"),
        ("Add a partner", "admin:partners_partner_add"),
    )
    form = PartnerForm
    change_form_template = "admin/partners/partner/change_form.html"
    change_list_template = "admin/partners/partner/change_list.html"
    list_display = ("listed_name", "known_as", "email", "phone", "status", "flag")
    list_filter = ("status", NeedsFilter)
    search_fields = ("name", "email", "phone")
    search_help_text = "Search by name, e-mail address or telephone number"
    ordering = ("sort_key", "pk")
    fieldsets = (
        ("Who they are", {"fields": ("programme", "name", "known_as", "say_name")}),
        (
            "How to reach them",
            {"fields": ("email", "phone", "phone_hours", "address", "preferred_channel")},
        ),
        ("In the programme", {"fields": ("joined_on", "status", "dbs_expires_on")}),
        ("What helps them to take part", {"fields": ("access_needs",)}),
        (
            "Days and pace",
            {
                "fields": (
                    "availability",
                    "hours_wanted",
                    "hours_per",
                    "longest_minutes",
                    "rest_days",
                )
            },
        ),
    )

    @admin.display(description="name", ordering="sort_key")
    def listed_name(self, partner: Partner) -> str:
        return partner.name

    def may_add(self, user: Any) -> bool:
        return True

    def may_change(self, user: Any, obj: Any) -> bool:
        return obj is None or rules.may_keep_register(user, obj.programme_id)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Every word stands in the name or the address; or the figures in the number."""
        if not folded(search_term):
            return queryset, False
        if "o" not in request.GET:
            # The same order, but sorted from what the search's own index finds: walking the
            # register in its order would read most of it to fill a page.
            queryset = queryset.order_by(Coalesce("sort_key", Value("")), "pk")
        in_words = named(search_term)
        figures = digits(search_term)
        if len(figures) < _FEWEST_FIGURES:
            return queryset.filter(in_words), False
        figures_kept = Replace(F("phone"), Value(" "), Value(""))
        return (
            queryset.alias(figures=figures_kept).filter(
                in_words | Q(figures__contains=figures.removeprefix("0"))
            ),
            False,
        )

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "programme":
            mine = Programme.objects.visible_to(request.user).filter(
                pk__in=programmes_of(request.user, Role.COORDINATOR)
            )
            kwargs["queryset"] = mine
            kwargs["initial"] = mine.first()
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_object(self, request: HttpRequest, object_id: str, from_field: Any = None) -> Any:
        """With its programme, which was read with the roles of the person who asks."""
        found = super().get_object(request, object_id, from_field)
        if found is not None:
            mine = {programme.pk: programme for programme in coordinated(request.user)}
            found.programme = mine[found.programme_id]
        return found

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        # The stage of somebody who is on the register is moved, with a note, on a page of its own.
        return ("programme", "status") if obj is not None else ()

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        fields = {name: form.cleaned_data[name] for name in form.changed_data}
        now = timezone.now()
        if change:
            kept = self.found(request, obj.pk)
            register.change_partner(partner=kept, by=request.user, now=now, **fields)
            return
        fields.pop("programme", None)
        more = {name: fields.pop(name) for name in ADDED_AFTERWARDS & fields.keys()}
        added = register.add_partner(
            programme=form.cleaned_data["programme"], by=request.user, now=now, **fields
        )
        register.change_partner(partner=added, by=request.user, now=now, **more)
        obj.pk, obj.sort_key = added.pk, added.sort_key
        obj._state.adding = False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        answer: HttpResponse = super().changelist_view(
            request, {**(extra_context or {}), "title": "Partners"}
        )
        return answer

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            answer: HttpResponse = super().changeform_view(request, *args, **kwargs)
        except RegisterError as error:  # somebody else was quicker than the form's own check
            messages.error(request, str(error))
            return redirect(request.get_full_path())
        return answer

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, obj: Any = None, **kwargs: Any
    ) -> HttpResponse:
        context |= {"title": "Add a partner" if obj is None else obj.name, "subtitle": None}
        if obj is not None:
            context |= {
                "may_invite": rules.may_invite(request.user, obj),
                "was_invited": obj.user_id is not None,
                "signs_in": bool(obj.user_id and obj.user.last_login),
                "may_support": may_support(request.user, obj),
                "may_hand_copy": may_hand_copy(request.user, obj),
                "has_left": obj.status == Partner.Status.LEFT,
                **self.profile_of(request, obj),
            }
        answer: HttpResponse = super().render_change_form(
            request, context, *args, obj=obj, **kwargs
        )
        return answer

    def get_urls(self) -> list[URLPattern]:
        own = [path("<int:pk>/invite/", self.page(self.invite), name="partners_partner_invite")]
        return own + super().get_urls()

    def invite(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Send the way in."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        partner = self.found(request, pk)
        if not rules.may_keep_register(request.user, partner.programme_id):
            raise PermissionDenied
        try:
            register.invite_partner(partner=partner, by=request.user, now=timezone.now())
        except RegisterError as error:
            messages.warning(request, str(error))
        else:
            messages.success(
                request,
                f"An invitation is on its way to {partner.name} at {partner.email}. "
                "The link in it works for 14 days.",
            )
        return redirect("admin:partners_partner_change", partner.pk)
