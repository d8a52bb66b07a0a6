"""After a meeting, whoever was there says whether their needs were met."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts.access import audience
from accounts.models import Role
from assignments.forms.needs import NeedsAnswerForm
from assignments.models import Attendance, NeedsAnswer
from assignments.rules import needs as rules
from assignments.services import needs_answers
from partners.views.pages import get_or_post, saved, signed_in


@get_or_post
@audience(Role.PARTNER)
def needs(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask whether one's own needs were met at the meeting `pk`; nobody answers for another."""
    user = signed_in(request)
    mine = get_object_or_404(
        Attendance.objects.visible_to(user)
        .of(user)
        .select_related("partner", "meeting__work_group"),
        meeting=pk,
    )
    given = NeedsAnswer.objects.visible_to(user).filter(attendance=mine).first()
    if not rules.was_there(mine):
        raise PermissionDenied
    now = timezone.now()
    back = reverse("assignments:meeting", args=[pk])
    if not rules.may_say(user, mine, given, now):
        messages.warning(request, "This was more than 30 days ago, so it stays as you said it.")
        return redirect(back)
    initial = {"answer": given.answer, "note": given.note} if given else {}
    form = NeedsAnswerForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():

        def save() -> NeedsAnswer:
            return needs_answers.answer(attendance=mine, by=user, now=now, **form.cleaned_data)

        answer = saved(form, save)
        if answer:
            messages.success(request, _THANKS[answer.answer])
            return redirect(f"{back}#needs")
    context = {"title": "Were your needs met?", "form": form, "meeting": mine.meeting}
    return render(
        request, "assignments/needs/ask.html", {**context, "back_url": back, "cancel_url": back}
    )


_THANKS = {
    NeedsAnswer.Answer.YES: "Thank you. We are glad of that.",
    NeedsAnswer.Answer.PARTLY: "Thank you for telling us. Your coordinators will look at it.",
    NeedsAnswer.Answer.NO: "We are sorry. Your coordinators will look at it.",
}
