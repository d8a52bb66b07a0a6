"""What partners raised, for the partners, for who is to answer, and for the public."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_GET

from accounts.access import PUBLIC, SIGNED_IN, audience
from accounts.models import Role
from nhsuk.forms import NhsukForm
from nhsuk.pages import page_of
from partners.forms.impact import (
    AnswerForm,
    CheckForm,
    HandOverForm,
    OwnMakeForm,
    OwnPlanForm,
    RaiseForm,
)
from partners.models import Contribution, Impact
from partners.rules import impact as rules
from partners.services import impact as services
from partners.services import impact_public
from partners.services.impact_words import events_of
from partners.views.pages import form_page, get_or_post, own_partner, saved, signed_in
from workflow.transitions import IllegalMoveError

PER_PAGE = 20
PUBLIC_PER_PAGE = 60
_FRESH_SECONDS = 300
_Status = Impact.Status


@dataclass(frozen=True)
class Following:
    """One thing that whoever answered may say came of it: its page and its service."""

    name: str
    button: str
    to: str
    form: type[NhsukForm]
    do: Callable[..., Impact]
    said: str


FOLLOWING = (
    Following(
        "plan",
        "Say when the change is planned",
        _Status.PLANNED,
        OwnPlanForm,
        services.plan,
        "Thank you. The day is written down.",
    ),
    Following(
        "make",
        "Say that the change is made",
        _Status.MADE,
        OwnMakeForm,
        services.make,
        "Thank you. The partners who raised it have been told what changed.",
    ),
    Following(
        "check",
        "Look at it again",
        _Status.CHECKED,
        CheckForm,
        services.check,
        "Thank you. It is written down how the change stands.",
    ),
)


# --- Partners ------------------------------------------------------------------------------------


@require_GET
@audience(Role.PARTNER)
def impact(request: HttpRequest) -> HttpResponse:
    """What became of what the partner raised, the latest first."""
    mine = Impact.objects.visible_to(signed_in(request)).of(own_partner(request))
    return render(
        request,
        "partners/impact/list.html",
        {
            "title": "What became of it",
            "page": page_of(request, mine, PER_PAGE),
        },
    )


@require_GET
@audience(Role.PARTNER)
def impact_story(request: HttpRequest, pk: int) -> HttpResponse:
    """One thing that the partner raised: who heard it, the answer, and what changed."""
    user = signed_in(request)
    row = get_object_or_404(Impact.objects.visible_to(user).of_user(user), pk=pk)
    work = Contribution.objects.visible_to(user).filter(partner__user=user, impacts=row)
    return render(
        request,
        "partners/impact/story.html",
        {
            "title": row.title,
            "impact": row,
            "work": work.only("title", "happened_on"),
            "back_url": reverse("partners:impact"),
            "events": events_of(row, user, with_notes=False),
        },
    )


@get_or_post
@audience(Role.PARTNER)
def raise_impact(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down something that one raised in a piece of work."""
    user = signed_in(request)
    own = Contribution.objects.visible_to(user).filter(partner__user=user)
    row = get_object_or_404(own.select_related("partner", "programme"), pk=pk)
    if not rules.may_raise_from(user, row):
        raise PermissionDenied
    form = RaiseForm(request.POST or None)
    back = reverse("partners:contribution", args=[row.pk])
    if request.method == "POST" and form.is_valid():

        def save() -> Impact:
            return services.record(
                programme=row.programme,
                raised_on=row.happened_on,
                contributions=[row],
                by=user,
                now=timezone.now(),
                **form.cleaned_data,
            )

        kept = saved(form, save)
        if kept:
            messages.success(
                request, "Thank you. Your coordinator brings it to somebody who can answer."
            )
            return redirect("partners:impact_story", kept.pk)
    return form_page(request, form, "Something I raised", back)


# --- Who is to answer ----------------------------------------------------------------------------


@require_GET
@audience(SIGNED_IN)
def impact_waiting(request: HttpRequest) -> HttpResponse:
    """What waits for one's answer, the longest first."""
    user = signed_in(request)
    mine = Impact.objects.visible_to(user).unanswered().filter(owner=user)
    page = page_of(request, mine.order_by("heard_on", "pk"), PER_PAGE)
    today = timezone.localdate()
    return render(
        request,
        "partners/impact/waiting.html",
        {
            "title": "Waiting for your answer",
            "page": page,
            "rows": [(row, (today - row.heard_on).days) for row in page],
            "followed": Impact.objects.visible_to(user).to_follow(user)[:PER_PAGE],
        },
    )


@get_or_post
@audience(SIGNED_IN)
def impact_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer something that partners raised; once it is answered, say what came of it."""
    user = signed_in(request)
    row = _named_to_answer(request, pk)
    back = reverse("partners:impact_waiting")
    may_answer = rules.may_answer(user, row)
    following = [one for one in FOLLOWING if rules.may_follow(user, row, one.to)]
    if request.method != "POST" and following:
        context = {"title": row.title, "impact": row, "following": following, "back_url": back}
        return render(request, "partners/impact/follow.html", context)
    if request.method != "POST" and not may_answer:
        messages.info(request, f"“{row.title}” has an answer already.")
        return redirect(back)
    form = AnswerForm(request.POST if request.method == "POST" else None, impact=row)
    if request.method == "POST" and not may_answer:
        # What was typed stays to be copied.
        form.add_error(None, "Somebody answered this a moment ago. Copy what you typed.")
    elif form.is_valid():
        now = timezone.now()

        def save() -> Impact:
            return services.decide(
                impact=row,
                decided_on=timezone.localdate(now),
                by=user,
                now=now,
                **form.cleaned_data,
            )

        try:
            if saved(form, save):
                messages.success(request, "Thank you. The partners who raised it have been told.")
                return redirect(back)
        except IllegalMoveError as error:
            form.add_error(None, str(error))
    return render(
        request,
        "partners/impact/answer.html",
        {"title": row.title, "impact": row, "form": form, "back_url": back, "cancel_url": back},
    )


@get_or_post
@audience(SIGNED_IN)
def impact_hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand something to a colleague to answer, who is told."""
    user = signed_in(request)
    row = _named_to_answer(request, pk)
    if not rules.may_hand_over(user, row):
        messages.info(request, f"“{row.title}” has an answer already.")
        return redirect("partners:impact_waiting")
    form = HandOverForm(request.POST if request.method == "POST" else None)
    if form.is_valid():

        def save() -> Impact:
            return services.hand_over(
                impact=row,
                owner=services.colleague(impact=row, email=form.cleaned_data["email"]),
                why=form.cleaned_data["why"],
                by=user,
                now=timezone.now(),
            )

        try:
            if saved(form, save):
                messages.success(
                    request, f"It is with {row.owner_name} now, who has been told. Thank you."
                )
                return redirect("partners:impact_waiting")
        except IllegalMoveError as error:
            form.add_error(None, str(error))
    back = reverse("partners:impact_answer", args=[row.pk])
    return form_page(request, form, "Hand it to a colleague", back)


@get_or_post
@audience(SIGNED_IN)
def impact_follow(request: HttpRequest, pk: int, follow: str) -> HttpResponse:
    """Say what came of one's answer: the change planned, made, or looked at again."""
    user = signed_in(request)
    row = _named_to_answer(request, pk)
    chosen = next((one for one in FOLLOWING if one.name == follow), None)
    if chosen is None:
        raise Http404
    back = reverse("partners:impact_answer", args=[row.pk])
    may_follow = rules.may_follow(user, row, chosen.to)
    stands = f"This is “{row.get_status_display().lower()}” now."
    if request.method != "POST" and not may_follow:
        messages.info(request, stands)
        return redirect(back)
    form = chosen.form(request.POST if request.method == "POST" else None)
    if request.method == "POST" and not may_follow:
        # What was typed stays to be copied.
        form.add_error(None, f"{stands} Copy what you typed, and look at it again.")
    elif form.is_valid():

        def save() -> Impact:
            return chosen.do(impact=row, by=user, now=timezone.now(), **form.cleaned_data)

        try:
            if saved(form, save):
                messages.success(request, chosen.said)
                return redirect(back)
        except IllegalMoveError as error:
            form.add_error(None, str(error))
    return form_page(request, form, chosen.button, back)


def _named_to_answer(request: HttpRequest, pk: int) -> Impact:
    user = signed_in(request)
    mine = Impact.objects.visible_to(user).filter(owner=user)
    found: Impact = get_object_or_404(mine.select_related("programme"), pk=pk)
    return found


# --- The public ----------------------------------------------------------------------------------


@require_GET
@audience(PUBLIC)
def said(request: HttpRequest, slug: str) -> HttpResponse:
    """You said, we did - and what we did not, because: a page for anybody, of what is published."""
    programme = impact_public.programme_called(slug)
    if programme is None:
        raise Http404
    today = timezone.localdate()
    whole = request.GET.get("since") == "beginning"
    since = None if whole else today - impact_public.A_YEAR
    page = page_of(request, impact_public.public_rows(programme, since=since), PUBLIC_PER_PAGE)
    response = render(
        request,
        "partners/impact/said.html",
        {
            "title": "You said, we did",
            "programme": programme,
            "page": page,
            "groups": [
                (impact_public.GROUPS[rank][0], list(rows))
                for rank, rows in groupby(page, key=lambda row: row.rank)
            ],
            "shares": impact_public.shares(programme, since=since),
            "since": since,
            "today": today,
        },
    )
    if not request.user.is_authenticated:
        patch_cache_control(response, public=True, max_age=_FRESH_SECONDS)
    return response
