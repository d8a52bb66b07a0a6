"""What partners and coordinators are asked about money, one thing a page for partners."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms

from nhsuk.forms import DateField, Look, NhsukForm, PoundsField
from payments.models import Expense
from payments.services.claims import LARGEST_EXPENSE


class ExpenseHeadForm(NhsukForm):
    """First page of an expense."""

    heading = "label"
    head = forms.ChoiceField(
        label="What did you pay for?",
        choices=Expense.Head.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose what you paid for",
            "invalid_choice": "Choose what you paid for",
        },
    )


class ExpenseDayForm(NhsukForm):
    """Second page of an expense."""

    heading = "label"
    happened_on = DateField(label="Which day was it?", name="The day")

    def __init__(self, *args: Any, today: date, joined_on: date | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["happened_on"]
        field.help_text = f"For example, {today:%-d %-m %Y}"
        field.latest, field.earliest = today, joined_on
        field.error_messages["too_late"] = "This day is still to come"
        if joined_on:
            field.error_messages["too_early"] = (
                f"This day is before you joined, on {joined_on:%-d %B %Y}"
            )


class ExpenseAmountForm(NhsukForm):
    """Last page of an expense."""

    submit_text = "Add this expense"
    looks = {"description": Look(width="two-thirds")}
    amount = PoundsField(
        label="How much did you pay?", min_value=Decimal("0.01"), max_value=LARGEST_EXPENSE
    )
    description = forms.CharField(
        label="Anything your coordinator should know",
        help_text="For example, from where to where. Please write nothing about your health.",
        max_length=200,
        required=False,
    )


class QuestionForm(NhsukForm):
    """A coordinator's question about a claim."""

    submit_text = "Send the question"
    looks = {"question": Look(characters=500)}
    question = forms.CharField(
        label="What do you need to know?",
        help_text="The partner reads this, can change the claim, and sends it again.",
        widget=forms.Textarea({"rows": 5}),
        max_length=500,
        error_messages={
            "required": "Write your question",
            "max_length": "Shorten your question to 500 characters",
        },
    )
