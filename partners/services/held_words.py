"""What is held about a person, in words for people: area by area, and who sees it."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import F, Func, IntegerField, Subquery

from accounts.models import User
from partners.services import held


@dataclass(frozen=True)
class Area:
    """One kind of thing that is held: what, of which models, and who sees it."""

    title: str
    who: str
    # In words for people, by the models' labels.
    models: Mapping[str, str]


@dataclass(frozen=True)
class Held:
    """How much is held of one area: each kind of row with its number."""

    area: Area
    counts: tuple[tuple[str, int], ...]

    @property
    def number(self) -> int:
        return sum(count for _, count in self.counts)


# A model that no area names is shown under the last one, so that nothing is hidden.
AREAS = (
    Area(
        "Your sign-in",
        "You, and whoever looks after sign-ins. Your password is never shown to anybody.",
        {
            "accounts.User": "your name, address and settings",
            "accounts.Session": "browsers you are signed in with",
            "accounts.RoleGrant": "roles",
            "accounts.Invitation": "invitations",
            "accounts.UnsentForm": "forms kept for a day",
        },
    ),
    Area(
        "Your profile: name, contact, needs, pauses, emergency contact",
        "You and your coordinators. An organiser sees only what to do for a meeting, if you share "
        "that.",
        {
            "partners.Partner": "your entry in the register",
            "partners.Need": "needs",
            "partners.Pause": "times away",
            "partners.EmergencyContact": "emergency contact",
        },
    ),
    Area(
        "What you bring: expertise, passions, priorities",
        "You. Others only what you share, one by one.",
        {
            "partners.Expertise": "what you bring",
            "partners.Passion": "what you care about",
            "partners.Priority": "what you want",
        },
    ),
    Area(
        "Your work and your portfolio",
        "You and your coordinators see what you did and when. What you write about it is yours; "
        "you decide who else may read it.",
        {
            "partners.Contribution": "pieces of work",
            "partners.ContributionHistory": "steps of their being confirmed",
            "partners.PortfolioEntry": "what you tell of them",
            "partners.Evidence": "links and files",
            "partners.ThankYou": "lines of thanks",
            "partners.PortfolioPdf": "PDFs you asked for",
            "partners.Impact": "things that were raised in your work",
        },
    ),
    Area(
        "Your places and meetings",
        "You, your coordinators, and the people of the group.",
        {
            "assignments.Assignment": "places in groups",
            "assignments.AssignmentHistory": "changes of your places",
            "assignments.Attendance": "meetings",
            "assignments.NeedsAnswer": "answers whether your needs were met",
            "assignments.CalendarFeed": "the address of your calendar",
        },
    ),
    Area(
        "Clinics you observed, and practice for it",
        "Your marks: you, and a fellow observer once you both submitted. The clinician reads "
        "results and, once somebody has looked that they tell on nobody, your comments.",
        {
            "observations.Observer": "clinics you were invited to",
            "observations.Observation": "sheets",
            "observations.ObservationHistory": "steps of your sheets",
            "observations.Comment": "comments for clinicians",
            "observations.Consensus": "consensus notes",
            "observations.Debrief": "notes on how it was",
            "observations.ObserverTally": "counts of sheets by month",
            "observations.PracticeRating": "recordings you rated",
            "observations.Calibration": "calibrations",
            "observations.ItemComment": "comments on drafts of instruments",
        },
    ),
    Area(
        "Your clinics that were observed, and your results",
        "You first. Your clinical lead sees what you release, and figures of groups.",
        {
            "observations.ClinicSession": "clinics",
            "observations.ClinicSessionHistory": "steps of those clinics",
            "observations.SelfRating": "ratings of your own",
            "observations.Tally": "figures by month",
            "observations.PairTally": "figures of partner beside peer",
            "observations.Reflection": "reflections",
            "observations.ReflectionHistory": "steps of your reflections",
            "observations.AppraisalPdf": "papers for an appraisal",
        },
    ),
    Area(
        "What you asked for, proposed and were offered",
        "You and your coordinators. Whoever asked for partners sees who took a place.",
        {
            "assignments.Request": "requests and proposals",
            "assignments.RequestHistory": "steps of your requests",
            "assignments.Opportunity": "opportunities that came of them",
            "assignments.OpportunityHistory": "steps of those opportunities",
            "assignments.Invite": "times you were chosen to be asked",
            "assignments.Interest": "answers to opportunities",
            "assignments.Offer": "offers of a place",
            "assignments.OfferHistory": "steps of those offers",
        },
    ),
    Area(
        "Your pathway, learning and requirements",
        "You and your coordinators.",
        {
            "partners.RoleHeld": "roles on the pathway",
            "partners.RoleWish": "roles you would like",
            "partners.LearningPlace": "places in learning",
            "partners.LearningPlaceHistory": "changes of those places",
            "partners.RequirementRecord": "things that have to be in place",
            "partners.RequirementRecordHistory": "steps of looking at them",
        },
    ),
    Area(
        "Your stories",
        "You. Others only while you allow it, and each use is written down.",
        {
            "partners.Story": "stories",
            "partners.StoryConsent": "uses you allow or allowed",
            "partners.StoryUse": "times a story was used",
            "partners.StoryWithdrawal": "times a story was taken back",
        },
    ),
    Area(
        "Money",
        "You, your coordinators, and finance.",
        {
            "payments.PaymentChoice": "choices of payment",
            "payments.Claim": "claims",
            "payments.ClaimHistory": "steps of your claims",
            "payments.ClaimLine": "lines of claims",
            "payments.Expense": "expenses",
        },
    ),
    Area(
        "How we support you",
        "You and your coordinators. A concern is seen by you and the person it goes to, and by "
        "nobody else.",
        {
            "partners.PartnerHistory": "stages you went through",
            "partners.StageStepDone": "things seen to",
            "partners.CheckIn": "talks",
            "partners.DeclaredConflict": "people or teams not to work with",
            "partners.Concern": "concerns",
            "partners.ConcernHistory": "steps of your concerns",
        },
    ),
    Area(
        "What you said in rounds",
        "Everybody who takes part sees proposals and advice. Nobody sees how you voted.",
        {
            "partners.Proposal": "proposals",
            "partners.Ballot": "ballots",
            "partners.Preference": "ranks in them",
            "partners.Challenger": "times in a check and challenge group",
            "partners.Advice": "pieces of advice",
        },
    ),
    Area(
        "Messages and reminders to you",
        "You, and your coordinators: they see that and when a message was sent.",
        {"accounts.Message": "messages", "reminders.Reminder": "reminders"},
    ),
    Area(
        "Your rights: copies and corrections",
        "Copies: you alone. What you ask to be put right: you and your coordinators.",
        {
            "partners.DataCopy": "copies you asked for",
            "partners.Correction": "things to be put right",
            "partners.CorrectionHistory": "steps of putting them right",
        },
    ),
    Area("Everything else", "Ask your coordinator who sees this.", {}),
)


def words_for(model: held.Model) -> str:
    """What rows of `model` are, in words for people."""
    label = model._meta.label
    named = (area.models[label] for area in AREAS if label in area.models)
    return next(named, str(model._meta.verbose_name_plural))


def held_of(user: User) -> list[Held]:
    """What is held of somebody, area by area, without the empty ones; in one query."""
    rows = held.rows_of(user)
    number = Func(F("pk"), function="COUNT", output_field=IntegerField())
    columns = {
        model._meta.label.replace(".", "__"): Subquery(
            model._default_manager.filter(pk__in=mine.values("pk"))
            .order_by()
            .annotate(held_number=number)
            .values("held_number")
        )
        for model, mine in rows.items()
    }
    counted = User.objects.filter(pk=user.pk).values(**columns).get()
    words = {model._meta.label: words_for(model) for model in rows}
    numbers = {label.replace("__", "."): count or 0 for label, count in counted.items()}
    named = {label for area in AREAS for label in area.models}
    return [
        Held(area, counts)
        for area in AREAS
        if (
            counts := tuple(
                (words[label], numbers[label])
                for label in area.models or sorted(set(numbers) - named)
                if numbers.get(label)
            )
        )
    ]
