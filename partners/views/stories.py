"""Stories: a partner's own pages of them, and the pages on which staff read."""

from typing import Any

from django.contrib import messages
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from accounts.access import SIGNED_IN, audience
from accounts.models import Role
from nhsuk.forms import NhsukForm
from nhsuk.pages import page_of
from nhsuk.templatetags.nhsuk import clock
from partners.forms.stories import ConsentForm, ReadingForm, StoryForm
from partners.models import Story, StoryConsent, StoryUse, StoryWithdrawal
from partners.models.partner import Stage
from partners.services import farewell, stories
from partners.services.stories import StoryError
from partners.views.pages import form_page, get_or_post, own_partner, saved, signed_in

STORIES_PAGE = 20
READERS = (
    Role.STAFF,
    Role.CLINICIAN,
    Role.CLINICAL_LEAD,
    Role.PEER_OBSERVER,
    Role.COORDINATOR,
)


# --- Their owner ---------------------------------------------------------------------------------
# Whoever left is still the owner: the pages of one story ask whose it is, and for no role.


@require_GET
@audience(Role.PARTNER)
def own_stories(request: HttpRequest) -> HttpResponse:
    """The partner's stories, and where each may be used."""
    rows = _own(request).filter(partner=own_partner(request)).defer("text", "search")
    return render(
        request,
        "partners/stories/own.html",
        {
            "title": "My stories",
            "page": page_of(request, rows, STORIES_PAGE),
        },
    )


@require_GET
@audience(SIGNED_IN)
def story(request: HttpRequest, pk: int) -> HttpResponse:
    """One story: its words, where it may be used, and where it was."""
    row, user = _own_story(request, pk), signed_in(request)
    uses = StoryUse.objects.visible_to(user).filter(story=row)
    taken_back = StoryWithdrawal.objects.visible_to(user).filter(story=row)
    left = farewell.last_left(row.partner)
    return render(
        request,
        "partners/stories/own_story.html",
        {
            "title": row.title,
            "story": row,
            "taken_back": taken_back.select_related("by").first() if row.withdrawn_at else None,
            "left": left,
            "erased_on": left.at + farewell.GRACE if left else None,
            "back_url": reverse("partners:leaving" if left else "partners:stories"),
            "page": page_of(request, uses.select_related("logged_by"), STORIES_PAGE),
        },
    )


@get_or_post
@audience(Role.PARTNER)
def add_story(request: HttpRequest) -> HttpResponse:
    """Write a story. Nobody else sees it until its owner says so."""
    partner = own_partner(request)
    form = StoryForm(request.POST or None)

    def save() -> Story:
        return stories.write_story(
            partner=partner,
            title=form.cleaned_data["title"],
            text=form.cleaned_data["text"],
            by=signed_in(request),
            now=timezone.now(),
        )

    if request.headers.get("X-Autosave"):
        return _autosaved(form, save, new=True)
    row = form.is_valid() and saved(form, save)
    if row:
        return redirect(f"{reverse('partners:story_reading', args=[row.pk])}?new=1")
    return _writing_page(request, form, "Tell a story", reverse("partners:stories"))


@get_or_post
@audience(Role.PARTNER)
def change_story(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a story into other words; who may read it then reads these."""
    row = _own_story(request, pk)
    initial = {"title": row.title, "text": row.text, "seen": row.changed_at.isoformat()}
    form = StoryForm(request.POST or None, initial=initial)

    def save() -> Story:
        stories.change_story(
            story=row,
            by=signed_in(request),
            now=timezone.now(),
            seen=form.cleaned_data["seen"],
            title=form.cleaned_data["title"],
            text=form.cleaned_data["text"],
        )
        return row

    if request.headers.get("X-Autosave") and not row.standing:
        return _autosaved(form, save, new=False)
    if form.is_valid() and saved(form, save):
        if _is_new(request):
            return redirect(f"{reverse('partners:story_reading', args=[row.pk])}?new=1")
        messages.success(request, "Your story is saved.")
        return redirect("partners:story", row.pk)
    back = reverse("partners:story", args=[row.pk])
    return _writing_page(request, form, "Your story", back, read_by_others=bool(row.standing))


@get_or_post
@audience(SIGNED_IN)
def story_reading(request: HttpRequest, pk: int) -> HttpResponse:
    """What a reader should know first, and whose name stands with the story."""
    row = _own_story(request, pk)
    form = ReadingForm(request.POST or None, story=row, partner=row.partner)
    if request.method == "POST" and form.is_valid():

        def save() -> bool:
            return stories.change_story(
                story=row, by=signed_in(request), now=timezone.now(), **form.fields_of_story
            )

        if saved(form, save):
            if _is_new(request):
                return redirect("partners:story_consents", row.pk)
            messages.success(request, "Saved.")
            return redirect("partners:story", row.pk)
    back = reverse("partners:story", args=[row.pk])
    return form_page(request, form, "Before somebody reads your story", back)


@get_or_post
@audience(SIGNED_IN)
def story_consents(request: HttpRequest, pk: int) -> HttpResponse:
    """Where the story may be used, use by use, each until a day or for good."""
    row = _own_story(request, pk)
    back = reverse("partners:story", args=[row.pk])
    if row.withdrawn_at:
        messages.warning(request, "You withdrew this story. Bring it back first.")
        return redirect(back)
    form = ConsentForm(request.POST or None, standing=row.standing)
    # No box ticked is an answer too: nothing but the token is sent then.
    if request.method == "POST":
        form = ConsentForm(request.POST, standing=row.standing)
        if form.is_valid():

            def save() -> bool:
                return stories.agree(
                    story=row, uses=form.chosen, by=signed_in(request), now=timezone.now()
                )

            if saved(form, save):
                messages.success(request, _said_of(row, bool(form.chosen)))
                return redirect(back)
    return render(
        request,
        "partners/stories/consents.html",
        {
            "title": "Where may your story be used?",
            "form": form,
            "back_url": back,
            "cancel_url": back,
            "story": row,
        },
    )


@require_POST
@audience(SIGNED_IN)
def stop_story_use(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one consent back, at once."""
    user = signed_in(request)
    own = StoryConsent.objects.visible_to(user).filter(story__partner__user=user)
    consent = get_object_or_404(own.select_related("story"), pk=pk)
    stories.stop_use(consent=consent, by=user, now=timezone.now())
    messages.success(
        request, f"“{consent.get_use_display()}” has ended. No page shows it for that any more."
    )
    return redirect("partners:story", consent.story_id)


@get_or_post
@audience(SIGNED_IN)
def withdraw_story(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the whole story back, at once and without a reason."""
    row = _own_story(request, pk)
    back = reverse("partners:story", args=[row.pk])
    if request.method == "POST":
        stories.withdraw(story=row, by=signed_in(request), now=timezone.now())
        messages.success(request, "Your story is withdrawn. Nobody but you can see it.")
        return redirect(back)
    return render(
        request,
        "partners/stories/withdraw.html",
        {
            "title": f"Withdraw “{row.title}”?",
            "was_used": row.uses.exists(),
            "danger": True,
            "submit_text": "Withdraw it",
            "cancel_url": back,
            "cancel_text": "No, leave it as it is",
            "back_url": back,
        },
    )


@require_POST
@audience(SIGNED_IN)
def bring_back_story(request: HttpRequest, pk: int) -> HttpResponse:
    """Undo a withdrawal; where it may be used is said anew."""
    row = _own_story(request, pk)
    stories.bring_back(story=row, by=signed_in(request), now=timezone.now())
    messages.success(
        request, "Your story is back. Say where it may be used, or keep it to yourself."
    )
    return redirect("partners:story", row.pk)


def _said_of(story: Story, is_allowed: bool) -> str:
    if not is_allowed:
        return "Saved. Nobody but you can see this story."
    if story.partner.status == Stage.LEFT and story.donated_at is None:
        return "Saved. It holds as soon as you give this story to the programme."
    return "Saved. It holds from now on, on every page."


def _own(request: HttpRequest) -> QuerySet[Any]:
    user, today = signed_in(request), timezone.localdate()
    standing = StoryConsent.objects.visible_to(user).allowed(today)
    return (
        Story.objects.visible_to(user, today)
        .filter(partner__user=user)
        .prefetch_related(Prefetch("consents", standing, to_attr="standing"))
    )


def _own_story(request: HttpRequest, pk: int) -> Any:
    return get_object_or_404(_own(request).select_related("partner__programme"), pk=pk)


def _is_new(request: HttpRequest) -> bool:
    """The pages of a new story lead on to each other."""
    return "new" in request.GET


def _writing_page(
    request: HttpRequest, form: NhsukForm, title: str, back: str, *, read_by_others: bool = False
) -> HttpResponse:
    values = {"title": title, "form": form, "back_url": back, "cancel_url": back}
    template = "partners/stories/write.html"
    return render(request, template, {**values, "read_by_others": read_by_others})


def _autosaved(form: StoryForm, save: Any, *, new: bool) -> HttpResponse:
    """What the form's own script is told: a sentence, and where the story is kept now."""
    try:
        row = save() if form.is_valid() else None
    except StoryError as error:
        return JsonResponse({"said": f"Not saved yet: {error}"}, status=422)
    if row is None:
        sentence = next(iter(form.errors.values()))[0]
        return JsonResponse({"said": f"Not saved yet: {sentence}"}, status=422)
    told: dict[str, Any] = {
        "said": f"Saved at {clock(timezone.now())}",
        "set": {"seen": row.changed_at.isoformat()},
    }
    if new:
        told["address"] = f"{reverse('partners:change_story', args=[row.pk])}?new=1"
    return JsonResponse(told)


# --- Those it is told to -------------------------------------------------------------------------


@require_GET
@audience(*READERS)
def story_bank(request: HttpRequest) -> HttpResponse:
    """Stories that staff of the programme may read."""
    rows = _told_to(request)
    return render(
        request,
        "partners/stories/bank.html",
        {
            "title": "Stories",
            "page": page_of(request, rows.defer("text", "search"), STORIES_PAGE),
        },
    )


@require_GET
@audience(*READERS)
def read_story(request: HttpRequest, pk: int) -> HttpResponse:
    """One story, headed by what its reader should know first."""
    rows = _told_to(request)
    row = get_object_or_404(rows.defer("search"), pk=pk)
    context = {"title": row.title, "story": row, "back_url": reverse("partners:story_bank")}
    return render(request, "partners/stories/read.html", context)


def _told_to(request: HttpRequest) -> QuerySet[Any]:
    user, today = signed_in(request), timezone.localdate()
    return Story.objects.visible_to(user, today).for_staff(user, today)
