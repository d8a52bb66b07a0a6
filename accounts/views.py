"""Sign-in and security, display, programmes, invitations."""

from typing import Any

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.views import remove_webauthn
from django.contrib import messages
from django.contrib.auth import logout
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import rules, second_factor
from accounts.access import PUBLIC, SIGNED_IN, audience
from accounts.adapter import SecondFactorAdapter
from accounts.forms import DisplayForm, ProgrammeForm
from accounts.middleware import SEEN_AT, forget_unsent
from accounts.models import Programme, User
from accounts.services.people import InvitationOverError, accept_invitation, invitation_of
from accounts.services.unsent import unsent_for

_GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])


def _back(request: HttpRequest, said: str | None) -> HttpResponseRedirect:
    """To `said` when it is an address of ours, else home."""
    host = {request.get_host()}
    safe = said and url_has_allowed_host_and_scheme(said, host, require_https=request.is_secure())
    return HttpResponseRedirect(said if safe and said else "/")


@require_GET
@audience(SIGNED_IN)
def security(request: HttpRequest) -> HttpResponse:
    """Everything about how one signs in, on one page."""
    mine = list(Authenticator.objects.filter(user=request.user).order_by("created_at"))
    by_type = {a.type: a for a in mine}
    return render(
        request,
        "accounts/security.html",
        {
            "app": by_type.get(Authenticator.Type.TOTP),
            "codes": by_type.get(Authenticator.Type.RECOVERY_CODES),
            "passkeys": [a for a in mine if a.type == Authenticator.Type.WEBAUTHN],
            "needs_second_factor": rules.needs_second_factor(request.user),
        },
    )


@require_GET
@audience(SIGNED_IN)
def set_up_second_factor(request: HttpRequest) -> HttpResponse:
    """Say why a second step is needed, and offer the ways to one."""
    if second_factor.is_set_up(request.user):
        return redirect("accounts:security")
    return render(request, "accounts/second_factor.html")


@_GET_OR_POST
@audience(SIGNED_IN)
def remove_passkey(request: HttpRequest, pk: int) -> Any:
    """allauth's page, closed for the last factor of somebody who needs one."""
    key = get_object_or_404(
        Authenticator, pk=pk, user=request.user, type=Authenticator.Type.WEBAUTHN
    )
    if not SecondFactorAdapter().can_delete_authenticator(key):
        messages.error(request, SecondFactorAdapter.error_messages["cannot_delete_authenticator"])
        return redirect("accounts:security")
    return remove_webauthn(request, pk=pk)


@_GET_OR_POST
@audience(SIGNED_IN)
def display(request: HttpRequest) -> HttpResponse:
    """Size of text, contrast, letterforms."""
    # A copy: the page itself must not change its looks before the choice is saved.
    me = User.objects.get(pk=request.user.pk)
    form = DisplayForm(request.POST or None, instance=me)
    if request.method == "POST" and form.is_valid():
        me.save(update_fields=list(form.fields))
        messages.success(request, "Saved. This is how pages look for you from now on.")
        return redirect("accounts:display")
    return render(request, "accounts/display.html", {"form": form, "title": "Text and contrast"})


@_GET_OR_POST
@audience(SIGNED_IN)
def programmes(request: HttpRequest) -> HttpResponse:
    """Choose whose pages to see, for somebody who belongs to several programmes."""
    mine = Programme.objects.filter(
        pk__in={grant.programme_id for grant in request.user.grants}
    ).order_by("name")
    form = ProgrammeForm(
        request.POST or None,
        programmes=mine,
        initial={"programme": str(request.session.get("programme", ""))},
    )
    if request.method == "POST" and form.is_valid():
        request.session["programme"] = int(form.cleaned_data["programme"])
        return redirect("home")
    return render(request, "accounts/programmes.html", {"form": form, "title": "Change programme"})


@require_POST
@audience(SIGNED_IN)
def extend_session(request: HttpRequest) -> HttpResponse:
    """Stay signed in: an empty answer for a script, the page one came from for a form."""
    request.session[SEEN_AT] = timezone.now().timestamp()
    said = request.POST.get("next")
    return _back(request, said) if said is not None else HttpResponse(status=204)


@require_POST
@audience(SIGNED_IN)
def let_unsent_go(request: HttpRequest) -> HttpResponse:
    """Forget a form that was kept when a session ended."""
    path = request.POST.get("path", "")
    kept = unsent_for(user=request.user, path=path, now=timezone.now())
    forget_unsent(request, path)
    return _back(request, kept.page if kept else None)


@never_cache
@_GET_OR_POST
@sensitive_variables("token")
@audience(PUBLIC)
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Show who invites and to what; accept, and sign in."""
    now = timezone.now()
    try:
        found = invitation_of(token=token, now=now)
        if request.method == "POST":
            user = accept_invitation(token=token, now=now)
            return _signed_in_by_invitation(request, user)
    except InvitationOverError:
        return render(request, "accounts/invitation_over.html", status=404)
    roles = [grant for grant in found.user.grants if grant.programme_id == found.programme_id]
    return render(
        request,
        "accounts/invitation.html",
        {
            "invitation": found,
            "invited_to": found.programme,
            "roles": roles,
            "other_person": request.user.is_authenticated and request.user.pk != found.user_id,
        },
    )


def _signed_in_by_invitation(request: HttpRequest, user: User) -> HttpResponse:
    """Sign in through allauth, so that a second factor is asked from whoever has one."""
    if request.user.is_authenticated:
        if request.user.pk == user.pk:
            return redirect("home")
        logout(request)
    if not user.is_active:
        raise PermissionDenied
    record_authentication(request, user, method="invitation")
    return perform_login(request, Login(user=user, email=user.email))
