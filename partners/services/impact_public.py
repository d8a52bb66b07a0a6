"""What the public page of a programme says: you said, we did - and what we did not, because."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When

from accounts.models import Programme
from partners.models import Impact

# Below this many asks a share says more than the numbers can carry.
FEWEST_FOR_SHARES = 5
A_YEAR = timedelta(days=365)
_Status = Impact.Status

# In the order of the page: the heading, and the states that stand beneath it.
GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("What we did", (_Status.MADE, _Status.CHECKED)),
    ("What we will do", (_Status.ACCEPTED, _Status.ADAPTED, _Status.PLANNED)),
    ("What we did not do, because", (_Status.DECLINED,)),
    ("What we do not know yet", (_Status.HEARD,)),
)


@dataclass(frozen=True)
class Shares:
    """Of `heard` asks, how many have an answer, and how many led to a change made."""

    heard: int
    answered: int
    changed: int

    @property
    def are_told(self) -> bool:
        """Enough asks for percentages."""
        return self.heard >= FEWEST_FOR_SHARES

    @property
    def answered_share(self) -> int:
        return round(100 * self.answered / self.heard) if self.heard else 0

    @property
    def changed_share(self) -> int:
        return round(100 * self.changed / self.heard) if self.heard else 0


def programme_called(slug: str) -> Programme | None:
    """The programme with this short name, for a page that anybody may open."""
    found: Programme | None = Programme.objects.filter(slug=slug).first()
    return found


def public_rows(programme: Programme, *, since: date | None = None) -> QuerySet[Impact]:
    """The asks that a public page shows, with `rank`, the place of their group in `GROUPS`.

    Only what was heard and has words for the public; `since` is the first day of the period.
    """
    rank = Case(
        *(When(status__in=states, then=Value(i)) for i, (_, states) in enumerate(GROUPS)),
        output_field=IntegerField(),
    )
    shown = _heard(programme, since).exclude(public_text="")
    return (
        shown.annotate(rank=rank)
        .only("public_text", "category", "status", "heard_on", "made_on", "planned_for")
        .order_by("rank", "-heard_on", "-pk")
    )


def shares(programme: Programme, *, since: date | None = None) -> Shares:
    """How many asks were heard, answered and acted upon: all of them, whether published or not."""
    counted = _heard(programme, since).aggregate(
        heard=Count("pk"),
        answered=Count("pk", filter=~Q(status=_Status.HEARD)),
        changed=Count("pk", filter=Q(status__in=[_Status.MADE, _Status.CHECKED])),
    )
    return Shares(**counted)


def _heard(programme: Programme, since: date | None) -> QuerySet[Impact]:
    asks: QuerySet[Impact] = Impact.objects.asks().filter(programme=programme)
    asks = asks.exclude(status=_Status.RAISED)
    return asks if since is None else asks.filter(heard_on__gte=since)
