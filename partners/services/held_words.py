"""What is held about a person, in words for people: area by area, and who sees it."""

from dataclasses import dataclass

from django.db.models import F, Func, IntegerField, Subquery
from django.utils.text import capfirst

from accounts.models import User
from partners.services import held


@dataclass(frozen=True)
class Area:
    """One kind of thing that is held: what, of which models, and who sees it."""

    title: str
    who: str
    models: tuple[str, ...]


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
        (
            "accounts.User",
            "accounts.Session",
            "accounts.RoleGrant",
            "accounts.Invitation",
            "accounts.UnsentForm",
        ),
    ),
    Area(
        "Your profile: name, contact, needs, pauses, emergency contact",
        "You and your coordinators. An organiser sees only what to do for a meeting, if you share "
        "that.",
        (
            "partners.Partner",
            "partners.Need",
            "partners.Pause",
            "partners.EmergencyContact",
        ),
    ),
    Area(
        "What you bring: expertise, passions, priorities",
        "You. Others only what you share, one by one.",
        ("partners.Expertise", "partners.Passion", "partners.Priority"),
    ),
    Area(
        "Your work and your portfolio",
        "You and your coordinators see what you did and when. What you write about it is yours; "
        "you decide who else may read it.",
        (
            "partners.Contribution",
            "partners.ContributionHistory",
            "partners.PortfolioEntry",
            "partners.Evidence",
            "partners.ThankYou",
            "partners.PortfolioPdf",
            "partners.Impact",
        ),
    ),
    Area(
        "Your places and meetings",
        "You, your coordinators, and the people of the group.",
        ("assignments.Assignment", "assignments.AssignmentHistory", "assignments.Attendance"),
    ),
    Area(
        "Your pathway, learning and requirements",
        "You and your coordinators.",
        (
            "partners.RoleHeld",
            "partners.RoleWish",
            "partners.LearningPlace",
            "partners.LearningPlaceHistory",
            "partners.RequirementRecord",
            "partners.RequirementRecordHistory",
        ),
    ),
    Area(
        "Your stories",
        "You. Others only while you allow it, and each use is written down.",
        ("partners.Story", "partners.StoryConsent", "partners.StoryUse"),
    ),
    Area(
        "Money",
        "You, your coordinators, and finance.",
        (
            "payments.PaymentChoice",
            "payments.Claim",
            "payments.ClaimHistory",
            "payments.ClaimLine",
            "payments.Expense",
        ),
    ),
    Area(
        "How we support you",
        "You and your coordinators. A concern is seen by you and the person it goes to, and by "
        "nobody else.",
        (
            "partners.PartnerHistory",
            "partners.StageStepDone",
            "partners.CheckIn",
            "partners.Concern",
            "partners.ConcernHistory",
        ),
    ),
    Area(
        "What you said in rounds",
        "Everybody who takes part sees proposals and advice. Nobody sees how you voted.",
        (
            "partners.Proposal",
            "partners.Ballot",
            "partners.Preference",
            "partners.Challenger",
            "partners.Advice",
        ),
    ),
    Area(
        "Messages and reminders to you",
        "You, and your coordinators: they see that and when a message was sent.",
        ("accounts.Message", "reminders.Reminder"),
    ),
    Area(
        "Your rights: copies and corrections",
        "Copies: you alone. What you ask to be put right: you and your coordinators.",
        ("partners.DataCopy", "partners.Correction", "partners.CorrectionHistory"),
    ),
    Area("Everything else", "Ask your coordinator who sees this.", ()),
)


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
    names = {model._meta.label: _words(model) for model in rows}
    numbers = {label.replace("__", "."): count or 0 for label, count in counted.items()}
    named = {label for area in AREAS for label in area.models}
    return [
        Held(area, counts)
        for area in AREAS
        if (
            counts := tuple(
                (names[label], numbers[label])
                for label in area.models or sorted(set(numbers) - named)
                if numbers.get(label)
            )
        )
    ]


def _words(model: held.Model) -> str:
    return str(capfirst(model._meta.verbose_name_plural))
