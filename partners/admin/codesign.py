"""Rounds of what matters most: opened, put to the vote, counted; and answers to proposals.

Nobody looks at a ballot here: coordinators see how many there are, and only where there are
enough of them.
"""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from accounts.admin_site import Waits, column
from accounts.models import Role
from accounts.querysets import programmes_of
from nhsuk.components import Event
from nhsuk.forms import NhsukForm
from nhsuk.pages import page_of
from nhsuk.templatetags.nhsuk import moment
from partners.admin.scope import CoordinatorsAdmin, coordinated
from partners.forms.codesign_admin import AnswerForm, RoundForm, WhyForm
from partners.models import Proposal, Round
from partners.rules import codesign as rules
from partners.services import codesign, codesign_proposals
from partners.services.codesign import SHOWN_FROM, CodesignError

PROPOSALS_SHOWN = 50
Crumbs = list[tuple[str, str]]


class CodesignAdmin(CoordinatorsAdmin):
    """What the admin pages of co-design share."""

    def ask(
        self,
        request: HttpRequest,
        form: NhsukForm,
        save: Callable[[NhsukForm], str],
        *,
        title: str,
        done: Callable[[], str],
        crumbs: Crumbs,
        **words: Any,
    ) -> HttpResponse:
        """A page that asks for something: `save` gives what is said on the page `done` leads to."""
        if form.is_valid():
            try:
                said = save(form)
            except CodesignError as error:
                form.add_error(error.field if error.field in form.fields else None, str(error))
            else:
                messages.success(request, said)
                return redirect(done())
        context = {"title": title, "form": form, "crumbs": crumbs, "text": "", "danger": False}
        return render(
            request,
            "admin/partners/round/form.html",
            self.context(request, **{**context, **words}),
        )

    def press(self, request: HttpRequest, act: Callable[[], str], back: str) -> HttpResponse:
        """Do what a button asks, and say so on the page `back`."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        try:
            messages.success(request, act())
        except CodesignError as error:
            messages.warning(request, str(error))
        return redirect(back)


@admin.register(Round)
class RoundAdmin(CodesignAdmin):
    """Rounds, from the question to the count."""

    starts = (("Ask what matters most", "admin:partners_round_add"),)
    list_display = (
        "title",
        "status",
        column("opens_on", "proposals from", moment),
        column("votes_from", "votes from", moment),
        column("closes_on", "last day to vote", moment),
    )
    list_filter = ("status",)
    search_fields = ("title",)
    search_help_text = "Search by the title"
    found_with = ("programme",)

    def may_add(self, user: Any) -> bool:
        return bool(programmes_of(user, Role.COORDINATOR))

    def get_urls(self) -> list[URLPattern]:
        name = "partners_round_{}".format
        own = [
            path("<int:pk>/edit/", self.page(self.edit), name=name("edit")),
            path("<int:pk>/votes/", self.page(self.open_votes), name=name("open_votes")),
            path("<int:pk>/close/", self.page(self.close), name=name("close")),
            path("<int:pk>/let-go/", self.page(self.drop), name=name("drop")),
        ]
        return own + super().get_urls()

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Open a round."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        programmes = coordinated(request.user)
        form = RoundForm(
            request.POST if request.method == "POST" else None,
            programmes=programmes,
            initial={"opens_on": timezone.localdate()},
        )
        made: list[Round] = []

        def save(form: NhsukForm) -> str:
            facts = dict(form.cleaned_data)
            programme = facts.pop("programme", programmes[0])
            made.append(
                codesign.open_round(
                    programme=programme, by=request.user, now=timezone.now(), **facts
                )
            )
            return "The round is there. Everybody who takes part finds it in the portal."

        return self.ask(
            request,
            form,
            save,
            title="Ask what matters most",
            done=lambda: round_url(made[0].pk),
            crumbs=rounds_crumbs(),
        )

    def record(self, request: HttpRequest, asked: Round) -> HttpResponse:
        """A round: where it stands, what can be done, and what was proposed."""
        today = timezone.localdate()
        proposals = (
            Proposal.objects.visible_to(request.user)
            .filter(round=asked)
            .standing()
            .annotate(undecided=Count("advice", filter=Q(advice__decision="")))
            .order_by("pk")
        )
        history = asked.history.select_related("by").order_by("-at", "-pk")
        votes = asked.ballots.count()
        return render(
            request,
            "admin/partners/round/page.html",
            self.context(
                request,
                title=asked.title,
                round=asked,
                page=page_of(request, proposals, PROPOSALS_SHOWN),
                votes=votes,
                enough=votes >= SHOWN_FROM,
                shown_from=SHOWN_FROM,
                is_early=rules.is_voting(asked, today),
                is_running=asked.status in {Round.Status.PROPOSING, Round.Status.VOTING},
                events=[_event(line) for line in history],
            ),
        )

    def edit(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Change the words and days; once votes are open, the last day alone."""
        asked = self._to_run(request, pk)
        form = RoundForm(
            request.POST if request.method == "POST" else None,
            programmes=[],
            only_end=asked.status == Round.Status.VOTING,
            initial={name: getattr(asked, name) for name in RoundForm.base_fields},
        )

        def save(form: NhsukForm) -> str:
            codesign.change_round(
                asked=asked, by=request.user, now=timezone.now(), **form.cleaned_data
            )
            return "Saved."

        return self._ask(request, form, save, asked, "Change this round")

    def open_votes(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Close it to proposals and open it to votes; partners are told."""
        asked = self._to_run(request, pk)

        def act() -> str:
            codesign.open_votes(asked=asked, by=request.user, now=timezone.now())
            return "Votes are open. Partners with a sign-in are being told."

        return self.press(request, act, round_url(asked.pk))

    def close(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Count the votes; with a reason, before the last day is over."""
        asked = self._to_run(request, pk)
        form = WhyForm(request.POST if request.method == "POST" else None)
        if not rules.is_voting(asked, timezone.localdate()):
            form.fields["why"].required = False

        def save(form: NhsukForm) -> str:
            codesign.close_round(
                asked=asked, by=request.user, now=timezone.now(), **form.cleaned_data
            )
            return "The votes are counted. Partners with a sign-in are being told."

        return self._ask(
            request,
            form,
            save,
            asked,
            "Close the vote and count it",
            text="The count stands from then on: nobody can vote or change it any more. "
            f"The last day to vote is {moment(asked.closes_on)}.",
            submit_text="Close and count",
        )

    def drop(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Let it go uncounted."""
        asked = self._to_run(request, pk)
        form = WhyForm(request.POST if request.method == "POST" else None)

        def save(form: NhsukForm) -> str:
            codesign.drop_round(
                asked=asked, by=request.user, now=timezone.now(), **form.cleaned_data
            )
            return "The round is let go."

        return self._ask(
            request,
            form,
            save,
            asked,
            "Let this round go",
            text="It takes no proposals and votes any more, and is never counted.",
            submit_text="Let it go",
            danger=True,
        )

    def _to_run(self, request: HttpRequest, pk: int) -> Round:
        asked: Round = self.found(request, pk)
        if not rules.may_run_rounds(request.user, asked.programme_id):
            raise PermissionDenied
        return asked

    def _ask(
        self,
        request: HttpRequest,
        form: NhsukForm,
        save: Callable[[NhsukForm], str],
        asked: Round,
        title: str,
        **words: Any,
    ) -> HttpResponse:
        return self.ask(
            request,
            form,
            save,
            title=title,
            done=lambda: round_url(asked.pk),
            crumbs=[*rounds_crumbs(), (asked.title, round_url(asked.pk))],
            **words,
        )


@admin.register(Proposal)
class ProposalAdmin(CodesignAdmin):
    """What was proposed, by whom, and what is being done about it."""

    programme_path = "round__programme"
    list_display = ("title", "round", column("proposed_by", "proposed by"), "answered")
    list_select_related = ("round", "proposed_by")
    found_with = ("round", "proposed_by", "answered_by")
    search_fields = ("title",)
    search_help_text = "Search by what was proposed"
    ordering = ("-proposed_at", "-pk")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).standing()

    @admin.display(description="answered", boolean=True, ordering="answered_at")
    def answered(self, proposal: Proposal) -> bool:
        return proposal.answered_at is not None

    def get_urls(self) -> list[URLPattern]:
        name = "partners_proposal_{}".format
        own = [
            path("<int:pk>/answer/", self.page(self.answer), name=name("answer")),
            path("<int:pk>/take-off/", self.page(self.take_off), name=name("take_off")),
        ]
        return own + super().get_urls()

    def record(self, request: HttpRequest, proposal: Proposal) -> HttpResponse:
        """One proposal: the words, the advice, and the answer."""
        return render(
            request,
            "admin/partners/proposal/page.html",
            self.context(
                request,
                title=proposal.title,
                proposal=proposal,
                advice=proposal.advice.select_related("given_by", "decided_by"),
                may_answer=rules.may_answer(request.user, proposal),
                may_take_off=rules.may_take_proposal_off(request.user, proposal),
            ),
        )

    def answer(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Say what is being done, and where the work is."""
        proposal: Proposal = self.found(request, pk)
        if not rules.may_answer(request.user, proposal):
            raise PermissionDenied
        form = AnswerForm(
            request.POST if request.method == "POST" else None,
            initial={"answer": proposal.answer, "answer_link": proposal.answer_link},
        )

        def save(form: NhsukForm) -> str:
            codesign_proposals.answer_proposal(
                proposal=proposal,
                answer=form.cleaned_data["answer"],
                link=form.cleaned_data["answer_link"],
                by=request.user,
                now=timezone.now(),
            )
            return "The answer is there for everybody who takes part."

        return self.ask(
            request,
            form,
            save,
            title=f"Answer “{proposal.title}”",
            done=lambda: proposal_url(proposal.pk),
            crumbs=proposal_crumbs(proposal),
        )

    def take_off(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Take off what should not stand there, such as a patient's name."""
        proposal: Proposal = self.found(request, pk)
        if not rules.may_take_proposal_off(request.user, proposal):
            raise PermissionDenied

        def save(form: NhsukForm) -> str:
            codesign_proposals.withdraw_proposal(
                proposal=proposal, by=request.user, now=timezone.now()
            )
            return f"“{proposal.title}” is taken off."

        return self.ask(
            request,
            NhsukForm(request.POST if request.method == "POST" else None),
            save,
            title=f"Take off “{proposal.title}”",
            done=lambda: round_url(proposal.round_id),
            crumbs=proposal_crumbs(proposal),
            text="No page shows it any more, and no count has it in. Please tell whoever "
            "proposed it why.",
            submit_text="Take it off",
            danger=True,
        )


@admin.site.waits
def rounds_past_their_day(user: Any) -> list[Waits]:
    """Rounds whose planned day has come: to be put to the vote, or to be counted."""
    mine = programmes_of(user, Role.COORDINATOR)
    if not mine:
        return []
    waiting = Round.objects.visible_to(user).filter(programme__in=mine)
    return [
        Waits(
            rows=waiting.past_their_day(timezone.localdate()),
            one="round past its day",
            many="rounds past their day",
            url=reverse("admin:partners_round_changelist"),
            sentence="Look at the proposals and open votes, or close and count.",
        )
    ]


def round_url(pk: int) -> str:
    return reverse("admin:partners_round_change", args=[pk])


def proposal_url(pk: int) -> str:
    return reverse("admin:partners_proposal_change", args=[pk])


def rounds_crumbs() -> Crumbs:
    return [("Priority rounds", reverse("admin:partners_round_changelist"))]


def proposal_crumbs(proposal: Proposal) -> Crumbs:
    """The way back from a page about a proposal."""
    return [
        *rounds_crumbs(),
        (proposal.round.title, round_url(proposal.round_id)),
        (proposal.title, proposal_url(proposal.pk)),
    ]


_SAID = {
    Round.Status.PROPOSING: "opened the round",
    Round.Status.VOTING: "opened votes",
    Round.Status.CLOSED: "counted the votes",
    Round.Status.DROPPED: "let it go",
}


def _event(line: Any) -> Event:
    who = line.by.name if line.by else "The portal"
    return Event(f"{who} {_SAID[line.to_status]}", line.at, line.why)
