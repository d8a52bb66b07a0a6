"""Instruments for those who observe and are observed: read them, and say what one thinks."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from accounts.access import audience
from accounts.current import current_programme
from nhsuk.pages import page_of
from observations.forms.instruments import CommentForm
from observations.models import InstrumentVersion, Item, ItemComment
from observations.rules import instruments as rules
from observations.services import instrument_comments, instruments
from partners.views.pages import get_or_post, saved, saved_or_told, signed_in

VERSIONS_PAGE = 20
COMMENTS_PAGE = 50


@require_GET
@audience(*rules.TAKE_PART)
def instrument_list(request: HttpRequest) -> HttpResponse:
    """What is asked about, then what is in use, then what was."""
    user = signed_in(request)
    programme = current_programme(user, request.session)
    rows = (
        InstrumentVersion.objects.visible_to(user)
        .filter(instrument__programme=programme)
        .filter(~Q(status="draft") | Q(comments_open=True))
        .select_related("instrument")
        .annotate(item_count=Count("items"))
        .order_by("-comments_open", "-status", "instrument__name", "-number")
    )
    return render(
        request,
        "observations/instruments/list.html",
        {
            "title": "What we rate with",
            "filter": None,
            "page": page_of(request, rows, VERSIONS_PAGE),
        },
    )


@require_GET
@audience(*rules.TAKE_PART)
def version_page(request: HttpRequest, pk: int) -> HttpResponse:
    """A version to read: its items, what its marks mean, how it is scored, and its terms."""
    user = signed_in(request)
    rows = instruments.with_parts(InstrumentVersion.objects.visible_to(user))
    version = get_object_or_404(rows, pk=pk)
    said: dict[int | None, int] = {}
    if rules.is_asked_about(version):
        counts = ItemComment.objects.visible_to(user).filter(version=version)
        said = dict(counts.order_by().values_list("item").annotate(Count("pk")))
    return render(
        request,
        "observations/instruments/version.html",
        {
            "title": str(version.instrument),
            "version": version,
            "instrument": version.instrument,
            "items": [(item, said.get(item.pk, 0)) for item in version.items.all()],
            "about_whole": said.get(None, 0),
            "scores": scores_of(version),
            "shows_wording": rules.shows_wording(version.instrument),
            "may_comment": rules.may_comment(user, version),
            "back_url": reverse("observations:instruments"),
        },
    )


def scores_of(version: InstrumentVersion) -> list[tuple[str, str]]:
    """The scores of `version`: their names, and how they are worked out."""
    return [
        (scale.name, rules.scoring_words(scale, version.lowest, version.highest))
        for scale in version.scales.all()
    ]


@get_or_post
@audience(*rules.TAKE_PART)
def item_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One item of a draft: what others said, what came of it, and a box for one's own words."""
    rows = Item.objects.visible_to(request.user).select_related("version__instrument")
    item = get_object_or_404(rows, pk=pk)
    place = reverse("observations:instrument_item", args=[item.pk])
    return _comments(request, item.version, item, place)


@get_or_post
@audience(*rules.TAKE_PART)
def whole_page(request: HttpRequest, pk: int) -> HttpResponse:
    """A draft as a whole: the same, for what concerns more than one item."""
    rows = InstrumentVersion.objects.visible_to(request.user).select_related("instrument")
    version = get_object_or_404(rows, pk=pk)
    place = reverse("observations:instrument_comments", args=[version.pk])
    return _comments(request, version, None, place)


def _comments(
    request: HttpRequest, version: InstrumentVersion, item: Item | None, place: str
) -> HttpResponse:
    user = signed_in(request)
    if not rules.shows_wording(version.instrument):
        raise PermissionDenied
    form = CommentForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():

        def save() -> ItemComment:
            return instrument_comments.comment(
                version=version,
                item=item,
                text=form.cleaned_data["text"],
                by=user,
                now=timezone.now(),
            )

        if saved(form, save):
            messages.success(request, "Thank you. Your comment is there for everybody to read.")
            return redirect(place)
    return render(
        request, "observations/instruments/item.html", _shown(request, form, version, item)
    )


def _shown(
    request: HttpRequest, form: CommentForm, version: InstrumentVersion, item: Item | None
) -> dict[str, Any]:
    user = signed_in(request)
    rows = ItemComment.objects.visible_to(user).filter(version=version, item=item)
    page = page_of(request, rows.order_by("-said_at", "-pk"), COMMENTS_PAGE)
    written = list(page)
    for comment in written:
        comment.version = version
    who = instrument_comments.sides_of(written, version.instrument.programme_id)
    following = None
    if item is not None:
        items = Item.objects.visible_to(user).filter(version=version)
        later = items.filter(number__gt=item.number)
        following = later.order_by("number").first()
    title = "The draft as a whole" if item is None else f"Item {item.number}: {item.short}"
    return {
        "title": title,
        "version": version,
        "item": item,
        "following": following,
        "page": page,
        "comments": [
            (one, who[one.written_by_id], rules.may_take_back(user, one)) for one in written
        ],
        # Closed while somebody wrote: what was typed stays, with the reason beside it.
        "form": form if form.is_bound or rules.may_comment(user, version) else None,
        "back_url": reverse("observations:instrument_version", args=[version.pk]),
    }


@require_POST
@audience(*rules.TAKE_PART)
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Take away what one said oneself."""
    user = signed_in(request)
    rows = ItemComment.objects.visible_to(user).select_related("version__instrument")
    comment = get_object_or_404(rows, pk=pk)
    if comment.written_by_id != user.pk:
        raise PermissionDenied

    def save() -> bool:
        instrument_comments.take_back(comment=comment, by=user, now=timezone.now())
        return True

    if saved_or_told(request, save):
        messages.success(request, "Your comment is taken back.")
    if comment.item_id is not None:
        return redirect("observations:instrument_item", comment.item_id)
    return redirect("observations:instrument_comments", comment.version_id)
