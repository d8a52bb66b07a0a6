"""Rows of choices, runs, claims, expenses and lines."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import count

from partners.models import Contribution, Partner
from payments.models import Claim, ClaimLine, Expense, PaymentChoice, PaymentRun
from pcp_portal.bulk.plan import (
    CLAIM_SIZE,
    GROUP_SIZE,
    NULL,
    Plan,
    Steps,
    Table,
    history,
    next_month,
)


def tables(plan: Plan) -> list[Table]:
    """In the order in which they are written."""
    return [
        Table(
            PaymentChoice,
            "id partner choice percent starts_on made_at made_by",
            lambda: _choices(plan),
        ),
        Table(
            PaymentRun,
            "id programme month status opened_at closed_at line_count partner_count fees "
            "expenses total",
            lambda: _runs(plan),
        ),
        history(plan, PaymentRun, lambda: _run_history(plan)),
        Table(
            Claim,
            "id programme partner status opened_at submitted_at approved_at approved_by query "
            "total",
            lambda: _claims(plan),
        ),
        history(plan, Claim, lambda: _claim_history(plan)),
        Table(
            Expense,
            "id programme partner happened_on head description amount recorded_at recorded_by",
            lambda: _expenses(plan),
        ),
        Table(
            ClaimLine,
            "id claim partner contribution expense happened_on description minutes rate percent "
            "donated amount run voided_at",
            lambda: _claim_lines(plan),
        ),
    ]


def _choices(plan: Plan) -> Iterator[str]:
    key, owner, start = count(plan.ids[PaymentChoice]), plan.ids[Partner], plan.days[0]
    for partner in range(plan.partners):
        yield f"{next(key)}\t{owner + partner}\ttake\t100\t{start}\t{start} 10:00+00\t\\N\n"


def _runs(plan: Plan) -> Iterator[str]:
    for number, month in enumerate(plan.months):
        closed = next_month(month) + timedelta(days=4)
        yield (
            f"{plan.ids[PaymentRun] + number}\t{plan.programme.pk}\t{month}\tpaid\t"
            f"{closed} 09:00+00\t{closed} 15:00+00\t0\t0\t0\t0\t0\n"
        )


def _run_history(plan: Plan) -> Steps:
    for number, month in enumerate(plan.months):
        closed = next_month(month) + timedelta(days=4)
        key, by = plan.ids[PaymentRun] + number, plan.coordinator.pk
        yield key, "", "open", f"{closed} 09:00+00", by
        yield key, "open", "closed", f"{closed} 15:00+00", by
        yield key, "closed", "paid", f"{closed + timedelta(days=7)} 15:00+00", by


def _claims(plan: Plan) -> Iterator[str]:
    key, owner, by = count(plan.ids[Claim]), plan.ids[Partner], plan.coordinator.pk
    for claim in range(plan.claims):
        slots = plan.claim_slots(claim)
        for partner in range(plan.partners):
            day = plan.slot_days[partner // GROUP_SIZE % plan.step][slots[-1]]
            status = plan.claim_status(partner, claim)
            sent = NULL if status == "draft" else f"{plan.later(day, 3)} 18:00+00"
            approved = status in {"approved", "paid"}
            stamp = f"{plan.later(day, 4)} 09:00+00\t{by}" if approved else "\\N\t\\N"
            words = "Which of the two buses was it?" if status == "queried" else ""
            total = sum(plan.fee(partner, slot) for slot in slots)
            total_text = f"{total}.00"
            if spent := plan.expense(partner, claim):
                total_text = f"{total + int(spent[:-3])}.20"
            yield (
                f"{next(key)}\t{plan.programme.pk}\t{owner + partner}\t{status}\t"
                f"{plan.later(day, 2)} 10:00+00\t{sent}\t{stamp}\t{words}\t{total_text}\n"
            )


def _claim_history(plan: Plan) -> Steps:
    key, by = count(plan.ids[Claim]), plan.coordinator.pk
    for claim in range(plan.claims):
        slot = plan.claim_slots(claim)[-1]
        for partner in range(plan.partners):
            number = next(key)
            day = plan.slot_days[partner // GROUP_SIZE % plan.step][slot]
            status = plan.claim_status(partner, claim)
            yield number, "", "draft", f"{plan.later(day, 2)} 10:00+00", NULL
            if status == "draft":
                continue
            yield number, "draft", "submitted", f"{plan.later(day, 3)} 18:00+00", NULL
            if status == "submitted":
                continue
            after, at = "queried" if status == "queried" else "approved", plan.later(day, 4)
            yield number, "submitted", after, f"{at} 09:00+00", by
            if status == "paid":
                closed = next_month(day) + timedelta(days=4)
                yield number, "approved", "paid", f"{closed} 15:00+00", by


def _spent(plan: Plan) -> Iterator[tuple[int, int, str]]:
    for claim in range(plan.claims):
        for partner in range(plan.partners):
            if spent := plan.expense(partner, claim):
                yield claim, partner, spent


def _expenses(plan: Plan) -> Iterator[str]:
    key, owner = count(plan.ids[Expense]), plan.ids[Partner]
    for claim, partner, spent in _spent(plan):
        slot = plan.claim_slots(claim)[-1]
        day = plan.slot_days[partner // GROUP_SIZE % plan.step][slot]
        yield (
            f"{next(key)}\t{plan.programme.pk}\t{owner + partner}\t{plan.text[day]}\t"
            f"public_transport\tBus there and back\t{spent}\t{plan.later(day, 2)} 10:00+00\t\\N\n"
        )


def _claim_lines(plan: Plan) -> Iterator[str]:
    key, owner, claims = count(plan.ids[ClaimLine]), plan.ids[Partner], plan.ids[Claim]
    work, rate = count(plan.ids[Contribution]), plan.rate.pk
    for slot in range(plan.contributions):
        claim = slot // CLAIM_SIZE
        closing = plan.claim_slots(claim)[-1]
        for partner in range(plan.partners):
            group = partner // GROUP_SIZE
            days, minutes = plan.slot_days[group % plan.step], plan.minutes(partner, slot)
            title = plan.group_name(group) if slot % 10 < 7 else plan.work(partner, slot)[1]
            paid = plan.claim_status(partner, claim) == "paid"
            yield (
                f"{next(key)}\t{claims + claim * plan.partners + partner}\t{owner + partner}\t"
                f"{next(work)}\t\\N\t{plan.text[days[slot]]}\t{title}\t{minutes}\t{rate}\t100\tf\t"
                f"{150 if minutes > 240 else 75}\t"
                f"{plan.run_of(days[closing]) if paid else NULL}\t\\N\n"
            )
    expenses = count(plan.ids[Expense])
    for claim, partner, spent in _spent(plan):
        day = plan.slot_days[partner // GROUP_SIZE % plan.step][plan.claim_slots(claim)[-1]]
        paid = plan.claim_status(partner, claim) == "paid"
        yield (
            f"{next(key)}\t{claims + claim * plan.partners + partner}\t{owner + partner}\t\\N\t"
            f"{next(expenses)}\t{plan.text[day]}\tBus there and back\t\\N\t\\N\t100\tf\t{spent}\t"
            f"{plan.run_of(day) if paid else NULL}\t\\N\n"
        )
