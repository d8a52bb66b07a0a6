"""What there is to read for a meeting."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from accounts.access import SIGNED_IN, audience
from assignments.models import Paper
from partners.views.pages import signed_in
from partners.views.portfolio_story import handed_out


@require_GET
@audience(SIGNED_IN)
def paper(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A paper's file, for whoever may see the meeting; kept, never shown by the browser."""
    visible = Paper.objects.visible_to(signed_in(request)).filter(file__isnull=False)
    return handed_out(get_object_or_404(visible.select_related("file"), pk=pk).file)
