"""Who could help with X."""

import re
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.views.decorators.http import require_GET

from accounts.access import audience
from nhsuk.pages import page_of
from partners.filters.search import WhoFilter
from partners.rules.search import SEARCHERS, may_search, scope_of
from partners.services.search import search
from partners.services.search_reasons import START, STOP, Found, Reason, explain
from partners.views.pages import signed_in

PARTNERS_PAGE = 10
_MATCHED = re.compile(f"{START}([^{START}{STOP}]*){STOP}")


@dataclass(frozen=True)
class _Line:
    """One reason as the page shows it."""

    label: str
    quote: SafeString
    url: str = ""


@require_GET
@audience(*SEARCHERS)
def who_could_help(request: HttpRequest) -> HttpResponse:
    """Partners who could help, best first, each with the reasons in words."""
    user, today = signed_in(request), timezone.localdate()
    if not may_search(user):
        raise PermissionDenied
    scope = scope_of(user)
    chosen = WhoFilter(request.GET, scope=scope, request=request)
    asked = chosen.asked
    result = search(asked=asked, user=user, day=today)
    page = page_of(request, result.partners, PARTNERS_PAGE)
    found = explain(result=result, partners=page.object_list, user=user, day=today)
    bound = chosen.form["q"]
    return render(
        request,
        "partners/search/who_could_help.html",
        {
            "title": "Who could help?",
            "filter": chosen,
            "typed": bound.value() or "",
            "problems": bound.errors,
            "kept": [
                (one.html_name, one.value())
                for one in chosen.form
                if one.name != "q" and one.value() not in (None, "", False)
            ],
            "asked": asked,
            "result": result,
            "page": page,
            "found": [(one, [_line(reason, one) for reason in one.reasons]) for one in found],
            "coordinates": bool(scope.coordinated),
            "several": len(scope.everywhere) > 1,
        },
    )


def _line(reason: Reason, found: Found) -> _Line:
    url = ""
    if reason.story:
        name = "admin:partners_story_change" if found.coordinated else "partners:read_story"
        url = reverse(name, args=[reason.story])
    return _Line(reason.label, _marked(reason.quote), url)


def _marked(quote: str) -> SafeString:
    """`quote` for the page: escaped, with what matched in <mark>."""
    # Every second part is what stood between the marks.
    parts = _MATCHED.split(quote)
    bare = [part.replace(START, "").replace(STOP, "") for part in parts]
    return format_html_join(
        "",
        "{}",
        (
            (format_html("<mark>{}</mark>", part) if number % 2 else part,)
            for number, part in enumerate(bare)
        ),
    )
