"""What coordinators and who looks after the installation do with programmes, teams and people."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from accounts import rules, second_factor
from accounts.access import SIGNED_IN, audience
from accounts.admin_site import ScopedAdmin, Waits, column
from accounts.forms import InviteForm
from accounts.models import Invitation, Programme, Role, RoleGrant, Team, User
from accounts.querysets import programmes_of
from accounts.services import people
from accounts.services.programmes import (
    CHANGEABLE,
    ProgrammeError,
    change_programme,
    create_team,
    leads_for,
    rename_team,
)
from nhsuk.components import Event


class _PeopleAdmin(ScopedAdmin):
    """For coordinators, and for who looks after the installation."""

    def may_see(self, user: Any) -> bool:
        return rules.looks_after_installation(user) or bool(programmes_of(user, Role.COORDINATOR))

    def page(self, view: Callable[..., HttpResponse]) -> Any:
        """Wrap a view of this admin; the view itself asks whose row it is."""

        def seen(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not self.may_see(request.user):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return self.admin_site.admin_view(audience(SIGNED_IN)(seen))

    def do(
        self, request: HttpRequest, row: Any, act: Callable[[], tuple[Any, str]]
    ) -> HttpResponse:
        """Do what a button asks, and say so on the page of the row that `act` gives."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        try:
            row, said = act()
        except people.PeopleError as error:
            messages.warning(request, str(error))
        else:
            messages.success(request, said)
        return redirect(f"admin:accounts_{self.opts.model_name}_change", row.pk)

    @staticmethod
    def managed(request: HttpRequest) -> QuerySet[Programme]:
        """The programmes whose people somebody manages."""
        everything = Programme.objects.visible_to(request.user)
        if rules.looks_after_installation(request.user):
            return everything
        return everything.filter(pk__in=programmes_of(request.user, Role.COORDINATOR))


# --- Programmes and teams ------------------------------------------------------------------------


@admin.register(Programme)
class ProgrammeAdmin(_PeopleAdmin):
    """A programme's name, words, accent and who to ring. `create_programme` makes one."""

    list_display = ("name", "contact_name", column("contact_phone", "their number"))
    fields = (
        "name",
        "short_name",
        "partner_term",
        "partner_term_plural",
        "partner_term_short",
        "accent",
        "contact_name",
        "contact_phone",
        "contact_email",
        "concern_lead",
    )
    readonly_fields = ("short_name",)

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        """Concerns reach one person of the programme's staff, who is named here."""
        form = super().get_form(request, obj, change, **kwargs)
        if "concern_lead" in form.base_fields and obj is not None:
            field = form.base_fields["concern_lead"]
            field.queryset = leads_for(obj)
            field.empty_label = "Nobody yet: whoever is to be rung is told instead"
            field.help_text = (
                "One person, who alone reads the concerns that somebody raises here: no other "
                "coordinator sees that there is one."
            )
        return form

    @admin.display(description="short name, for commands")
    def short_name(self, programme: Programme) -> str:
        return programme.slug

    def may_change(self, user: Any, obj: Any) -> bool:
        return obj is None or rules.may_manage_people(user, obj)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        facts = {name: getattr(obj, name) for name in form.changed_data if name in CHANGEABLE}
        if facts:
            change_programme(programme=obj, by=request.user, now=timezone.now(), **facts)


class TeamForm(forms.ModelForm):
    """A team; the programme of one that is there stays."""

    class Meta:
        model = Team
        fields = ("programme", "name")


@admin.register(Team)
class TeamAdmin(_PeopleAdmin):
    """Clinical teams."""

    form = TeamForm
    list_display = ("name", "programme")
    list_select_related = ("programme",)
    search_fields = ("name",)

    def may_add(self, user: Any) -> bool:
        return self.may_see(user)

    def may_change(self, user: Any, obj: Any) -> bool:
        return obj is None or rules.may_manage_people(user, obj.programme_id)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("programme",) if obj is not None else ()

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "programme":
            kwargs["queryset"] = self.managed(request)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        now = timezone.now()
        try:
            if change:
                rename_team(team=obj, name=obj.name, by=request.user, now=now)
            else:
                made = create_team(programme=obj.programme, name=obj.name, by=request.user, now=now)
                obj.pk = made.pk
        except ProgrammeError as error:
            # Somebody took the name between the form's own check and ours.
            messages.error(request, str(error))


# --- People --------------------------------------------------------------------------------------


@admin.register(User)
class UserAdmin(_PeopleAdmin):
    """Who may sign in, as what; invite, end a role, mark as left, help with a lost phone."""

    starts = (("Invite somebody", "admin:accounts_user_invite"),)
    list_display = (
        "name",
        "email",
        "roles",
        "may_sign_in",
        column("last_login", "last signed in"),
    )
    search_fields = ("name", "email")
    search_help_text = "Search by name or e-mail address"
    ordering = ("name", "pk")
    change_list_template = "admin/accounts/user/change_list.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        shown = RoleGrant.objects.visible_to(request.user).current()
        held = Prefetch(
            "role_grants", shown.select_related("programme", "team"), to_attr="shown_roles"
        )
        return super().get_queryset(request).prefetch_related(held)

    @admin.display(description="roles")
    def roles(self, user: Any) -> str:
        return ", ".join(dict.fromkeys(str(grant) for grant in user.shown_roles)) or "none"

    @admin.display(description="may sign in", boolean=True, ordering="is_active")
    def may_sign_in(self, user: User) -> bool:
        return user.is_active

    def get_urls(self) -> list[URLPattern]:
        own = [
            path("invite/", self.page(self.invite), name="accounts_user_invite"),
            path(
                "<int:pk>/end-role/<int:grant>/",
                self.page(self.end_role),
                name="accounts_user_end_role",
            ),
            path("<int:pk>/left/", self.page(self.left), name="accounts_user_left"),
            path(
                "<int:pk>/second-step/",
                self.page(self.reset_second_step),
                name="accounts_user_second_step",
            ),
        ]
        return own + super().get_urls()

    def record(self, request: HttpRequest, user: Any) -> HttpResponse:
        """The person's page: what they hold, and what can be done for them."""
        return render(
            request,
            "admin/accounts/user/page.html",
            self.context(
                request,
                title=user.name,
                person=user,
                # A coordinator ends roles in her programme; a superuser any.
                endable=[
                    grant
                    for grant in user.shown_roles
                    if rules.may_manage_people(request.user, grant.programme_id)
                ],
                may_mark_as_left=rules.may_mark_as_left(request.user, user),
                may_reset_second_step=rules.may_reset_second_step(request.user, user),
                has_second_factor=second_factor.is_set_up(user),
                events=self._events(request, user),
            ),
        )

    @staticmethod
    def _events(request: HttpRequest, user: User) -> list[Event]:
        grants = RoleGrant.objects.visible_to(request.user).filter(user=user)
        known = grants.select_related("programme", "team", "granted_by", "ended_by")
        events = []
        for grant in known:
            by = grant.granted_by.name if grant.granted_by else "The portal"
            events.append(
                Event(f"{by} made {user.name} {grant} of {grant.programme}", grant.granted_at)
            )
            if grant.ended_at:
                by = grant.ended_by.name if grant.ended_by else "The portal"
                events.append(Event(f"{by} ended the role {grant}", grant.ended_at))
        return sorted(events, key=lambda event: str(event.when), reverse=True)

    def invite(self, request: HttpRequest) -> HttpResponse:
        """Invite a person with a role."""
        form = InviteForm(request.POST or None, programmes=self.managed(request))
        if request.method == "POST" and form.is_valid():
            said = form.cleaned_data
            try:
                people.invite(**said, by=request.user, now=timezone.now())
            except people.PeopleError as error:
                form.add_error(None, str(error))
            else:
                messages.success(request, f"An invitation is on its way to {said['email']}.")
                return redirect("admin:accounts_invitation_changelist")
        return render(
            request,
            "admin/accounts/user/invite.html",
            self.context(request, title="Invite somebody", form=form),
        )

    def end_role(self, request: HttpRequest, pk: int, grant: int) -> HttpResponse:
        """End one role of a person."""
        user = self.found(request, pk)
        found = get_object_or_404(
            RoleGrant.objects.visible_to(request.user).current().filter(user=user), pk=grant
        )
        if not rules.may_manage_people(request.user, found.programme_id):
            raise PermissionDenied

        def end() -> tuple[User, str]:
            people.end_role(grant=found, by=request.user, now=timezone.now())
            return user, f"{user.name} is no longer {str(found).lower()} of {found.programme}."

        return self.do(request, user, end)

    def left(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Close somebody's sign-in at once."""
        user = self.found(request, pk)
        if not rules.may_mark_as_left(request.user, user):
            raise PermissionDenied

        def leave() -> tuple[User, str]:
            people.leave(user=user, by=request.user, now=timezone.now())
            return user, f"{user.name} is signed out everywhere and can no longer sign in."

        return self.do(request, user, leave)

    def reset_second_step(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Help somebody who lost their phone and their recovery codes."""
        user = self.found(request, pk)
        if not rules.may_reset_second_step(request.user, user):
            raise PermissionDenied
        programme = next((grant.programme for grant in user.shown_roles), None)
        if programme is None:
            raise Http404

        def reset() -> tuple[User, str]:
            people.reset_second_factor(
                user=user, programme=programme, by=request.user, now=timezone.now()
            )
            return user, f"{user.name} sets up a new second step at the next sign-in."

        return self.do(request, user, reset)


# --- Invitations ---------------------------------------------------------------------------------


@admin.register(Invitation)
class InvitationAdmin(_PeopleAdmin):
    """Invitations: send again, or take back."""

    list_display = (
        column("user", "who"),
        "programme",
        column("invited_at", "invited"),
        column("invited_by", "by"),
        "how_it_stands",
    )
    list_select_related = ("user", "programme", "invited_by")
    search_fields = ("user__name", "user__email")
    search_help_text = "Search by name or e-mail address"

    @admin.display(description="how it stands")
    def how_it_stands(self, invitation: Invitation) -> str:
        return _STANDS[invitation.state(timezone.now())]

    def get_urls(self) -> list[URLPattern]:
        own = [
            path("<int:pk>/again/", self.page(self.again), name="accounts_invitation_again"),
            path(
                "<int:pk>/withdraw/", self.page(self.withdraw), name="accounts_invitation_withdraw"
            ),
        ]
        return own + super().get_urls()

    def record(self, request: HttpRequest, invitation: Any) -> HttpResponse:
        """The invitation's page."""
        state = invitation.state(timezone.now())
        return render(
            request,
            "admin/accounts/invitation/page.html",
            self.context(
                request,
                title=f"Invitation of {invitation.user.name}",
                invitation=invitation,
                state=state,
                stands=_STANDS[state],
                may_send_again=state != "accepted" and invitation.user.is_active,
                may_withdraw=state in {"open", "expired"},
            ),
        )

    def again(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Send a new invitation in the place of this one."""
        found = self.found(request, pk)

        def send() -> tuple[Invitation, str]:
            made = people.invite_again(invitation=found, by=request.user, now=timezone.now())
            return made, f"A new invitation is on its way to {found.user.email}; the old is dead."

        return self.do(request, found, send)

    def withdraw(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Take an invitation back."""
        found = self.found(request, pk)

        def take_back() -> tuple[Invitation, str]:
            people.withdraw_invitation(invitation=found, by=request.user, now=timezone.now())
            return found, f"The invitation of {found.user.name} is taken back."

        return self.do(request, found, take_back)


_STANDS = {
    "open": "Waiting to be accepted",
    "accepted": "Accepted",
    "expired": "Ran out",
    "withdrawn": "Taken back",
}


@admin.site.waits
def invitations_that_ran_out(user: Any) -> list[Waits]:
    """Invitations nobody took up in time."""
    mine = Invitation.objects.visible_to(user).open().filter(expires_at__lte=timezone.now())
    return [
        Waits(
            rows=mine,
            one="invitation ran out",
            many="invitations ran out",
            url=reverse("admin:accounts_invitation_changelist"),
            sentence="Send them again, or take them back.",
        )
    ]
