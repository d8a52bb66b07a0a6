"""Forms of meetings that repeat, and of papers. They check; services save."""

from typing import Any

from django import forms

from assignments.forms.meetings import DetailsOfMeetingForm
from assignments.rules.repeating import How, Nth, RuleError, Weekday, rule_of
from nhsuk.forms import DateField, Look, TimeField

_FINISH = [("times", "After so many meetings"), ("until", "On a day")]


def _number(label: str, sentence: str, *, least: int = 1, most: int) -> forms.IntegerField:
    field = forms.IntegerField(
        label=label,
        min_value=least,
        max_value=most,
        required=False,
        widget=forms.TextInput,
        error_messages={"invalid": sentence},
    )
    for validator in field.validators:
        validator.message = sentence
    return field


class RepeatForm(DetailsOfMeetingForm):
    """When a group meets again and again, until when, and what is told of each meeting."""

    submit_text = "See the dates"
    field_order = ("first_on", "begins", "ends", "how", "finish")
    looks = {
        **DetailsOfMeetingForm.looks,
        "how": Look(
            reveals={
                How.WEEKLY: ("weeks", "weekday"),
                How.MONTHLY_WEEKDAY: ("nth", "month_weekday"),
                How.MONTHLY_DAY: ("day",),
            }
        ),
        "finish": Look(reveals={"times": ("times",), "until": ("until",)}),
        "weeks": Look(width=2, suffix="weeks", inputmode="numeric"),
        "day": Look(width=2, inputmode="numeric"),
        "times": Look(width=3, suffix="meetings", inputmode="numeric"),
    }

    first_on = DateField(
        name="The day",
        label="From which day on?",
        help_text="The first meeting is on the first day from then on that fits.",
    )
    begins = TimeField(name="The start", label="Starts at", help_text="For example, 2pm or 14:00")
    ends = TimeField(name="The end", label="Ends at")
    how = forms.ChoiceField(
        label="How does it repeat?",
        choices=How,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how it repeats"},
    )
    weeks = _number("Every how many weeks?", "Enter a number of weeks from 1 to 12", most=12)
    weekday = forms.TypedChoiceField(
        label="Weekday", choices=Weekday, coerce=int, empty_value=None, required=False
    )
    nth = forms.TypedChoiceField(
        label="Which one of the month?", choices=Nth, coerce=int, empty_value=None, required=False
    )
    month_weekday = forms.TypedChoiceField(
        label="Weekday", choices=Weekday, coerce=int, empty_value=None, required=False
    )
    day = _number("Day of the month", "Enter a day from 1 to 28", most=31)
    finish = forms.ChoiceField(
        label="When does it end?",
        choices=_FINISH,
        widget=forms.RadioSelect,
        error_messages={"required": "Say when it ends: after a number of meetings, or on a day"},
    )
    times = _number("How many meetings?", "Enter a number of meetings from 1 to 160", most=160)
    until = DateField(name="The last day", label="Last day", required=False)

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or self.cleaned_data
        begins, ends = facts.get("begins"), facts.get("ends")
        if begins and ends and ends <= begins:
            self.add_error("ends", "The meeting must end after it starts")
        if self.errors:
            return facts
        monthly, chosen = facts["how"] == How.MONTHLY_WEEKDAY, facts["finish"]
        if facts[chosen] is None:
            missing = {"times": "Enter a number of meetings from 1 to 160", "until": "Enter a day"}
            self.add_error(chosen, missing[chosen])
            return facts
        try:
            facts["rule"] = rule_of(
                how=facts["how"],
                weeks=facts["weeks"],
                weekday=facts["month_weekday" if monthly else "weekday"],
                nth=facts["nth"],
                day=facts["day"],
                times=facts["times"] if chosen == "times" else None,
                until=facts["until"] if chosen == "until" else None,
            )
        except RuleError as error:
            field = "month_weekday" if monthly and error.field == "weekday" else error.field
            self.add_error(field or None, str(error))
        return facts

    @property
    def times_asked(self) -> dict[str, Any]:
        """The rule and the hours, as the services take them."""
        return {name: self.cleaned_data[name] for name in ("rule", "first_on", "begins", "ends")}
