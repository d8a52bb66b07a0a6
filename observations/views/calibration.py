"""Practice on recordings: where one stands, rating one, and how close one was."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.access import audience
from accounts.current import current_programme
from accounts.models import Programme, User
from nhsuk.pages import page_of
from observations.forms.calibration import RatingForm
from observations.models import PracticeRating, PracticeRecording
from observations.rules import calibration as rules
from observations.rules.calibration import PRACTISE
from observations.rules.instruments import shows_wording
from observations.services import calibration as services
from observations.services import practice
from partners.models import Partner
from partners.views.pages import get_or_post, saved, signed_in

RECORDINGS_PAGE = 20


@dataclass(frozen=True)
class Oneself:
    """Who practises: a partner of the programme whose pages are open, or a peer."""

    programme: Programme
    partner: Partner | None
    person: User | None

    @property
    def key(self) -> dict[str, Any]:
        """How services name them."""
        return {"partner": self.partner, "person": self.person}


@dataclass(frozen=True)
class RecordingRow:
    """A recording, and how one rated it last."""

    recording: PracticeRecording
    rating: PracticeRating | None
    apart: str
    again_from: date | None
    may_rate: bool


@require_GET
@audience(*PRACTISE)
def practice_page(request: HttpRequest) -> HttpResponse:
    """What calibration is, where one stands, and the recordings."""
    own, user, now = _oneself(request), signed_in(request), timezone.now()
    today = timezone.localdate(now)
    ratings = _ratings(user, own).select_related("recording")
    newest: dict[int, PracticeRating] = {}
    for rating in ratings:
        newest.setdefault(rating.recording_id, rating)
    recordings = _recordings(user, own)
    current = recordings.to_practise().order_by().values("pk")
    shown = recordings.filter(Q(pk__in=current) | Q(pk__in=newest))
    page = page_of(request, shown, RECORDINGS_PAGE)
    standings = services.standing_of(
        programme=own.programme, now=now, ratings=list(ratings), **own.key
    )
    return render(
        request,
        "observations/calibration/practice.html",
        {
            "title": "Practice",
            "page": page,
            "rows": [_row(recording, newest.get(recording.pk), today) for recording in page],
            "limits": standings[0].limits if standings else None,
            "stands": [practice.stand_of(one, today) for one in standings],
        },
    )


@get_or_post
@audience(*PRACTISE)
def rate(request: HttpRequest, pk: int) -> HttpResponse:
    """Rate one recording, all items on one page."""
    own, user, now = _oneself(request), signed_in(request), timezone.now()
    rows = _recordings(user, own).prefetch_related("version__items", "version__anchors")
    recording = get_object_or_404(rows, pk=pk)
    last = _ratings(user, own).filter(recording=recording).first()
    may_rate = _row(recording, last, timezone.localdate(now)).may_rate
    if last is not None and not may_rate and request.method != "POST":
        return redirect("observations:practice_result", last.pk)
    if last is None and not may_rate:
        raise Http404
    form = RatingForm(request.POST or None, version=recording.version)
    if request.method == "POST" and form.is_valid():
        rating = saved(
            form,
            lambda: services.rate(
                recording=recording, marks=form.marks, by=user, now=now, **own.key
            ),
        )
        if rating:
            return redirect("observations:practice_result", rating.pk)
    return render(
        request,
        "observations/calibration/rate.html",
        {
            "title": f"Rate “{recording.title}”",
            "form": form,
            "recording": recording,
            "cancel_url": reverse("observations:practice"),
            "last": last,
        },
    )


@require_GET
@audience(*PRACTISE)
def practice_result(request: HttpRequest, pk: int) -> HttpResponse:
    """How close one was, item by item; the agreed marks are shown here and nowhere before."""
    own, user, now = _oneself(request), signed_in(request), timezone.now()
    ratings = list(_ratings(user, own).select_related("recording__version__instrument"))
    rating = next((one for one in ratings if one.pk == pk), None)
    if rating is None:
        raise Http404
    version_id = rating.recording.version_id
    standing = next(
        one
        for one in services.standing_of(
            programme=own.programme, now=now, ratings=ratings, **own.key
        )
        if one.version.pk == version_id
    )
    rated = [one.recording_id for one in ratings]
    left = _recordings(user, own).to_practise().filter(version=version_id).exclude(pk__in=rated)
    result = practice.result_of(rating, standing.version, standing.limits)
    return render(
        request,
        "observations/calibration/result.html",
        {
            "title": result.heading,
            "rating": rating,
            "recording": rating.recording,
            "result": result,
            "shows_wording": shows_wording(rating.recording.version.instrument),
            "stand": practice.stand_of(standing, timezone.localdate(now)),
            "next": left.first(),
        },
    )


def _oneself(request: HttpRequest) -> Oneself:
    """Whoever asks, as who they practise; a 404 for somebody who does not in this programme."""
    user = signed_in(request)
    programme = current_programme(user, request.session)
    if programme is None or not rules.may_practise(user, programme.pk):
        raise Http404
    partner = Partner.objects.visible_to(user).own(user, programme)
    if partner is not None:
        return Oneself(programme, partner, None)
    if not rules.is_peer(user, programme.pk):
        raise Http404
    return Oneself(programme, None, user)


def _recordings(user: User, own: Oneself) -> Any:
    rows: QuerySet[PracticeRecording] = PracticeRecording.objects.visible_to(user)
    return (
        rows.filter(version__instrument__programme=own.programme)
        .select_related("version__instrument")
        .order_by("version__instrument__name", "-version__number", "title", "pk")
    )


def _ratings(user: User, own: Oneself) -> QuerySet[PracticeRating]:
    """One's own of this programme, newest first."""
    rows: QuerySet[PracticeRating] = PracticeRating.objects.visible_to(user)
    return rows.filter(recording__version__instrument__programme=own.programme, **own.key)


def _row(recording: PracticeRecording, rating: PracticeRating | None, today: date) -> RecordingRow:
    in_use = rules.is_in_use(recording)
    if rating is None:
        return RecordingRow(recording, None, "", None, in_use)
    again = rules.again_from(rating.rated_at)
    return RecordingRow(
        recording, rating, practice.marks_said(rating.distance), again, in_use and today >= again
    )
