"""Forms of meetings that repeat, and of papers. They check; services save."""

from typing import Any

from django import forms

from assignments.forms.meetings import DetailsOfMeetingForm
from assignments.rules.repeating import How, Nth, RuleError, Weekday, rule_of
from nhsuk.forms import DateField, Look, TimeField

_FINISH = [("times", "After so many meetings"), ("until", "On a day")]
# What is asked for with each choice, and with it alone.
_WITH_HOW: dict[str, tuple[str, ...]] = {
    How.WEEKLY: ("weeks", "weekday"),
    How.MONTHLY_WEEKDAY: ("nth", "month_weekday"),
    How.MONTHLY_DAY: ("day",),
}
_WITH_FINISH: dict[str, tuple[str, ...]] = {"times": ("times",), "until": ("until",)}


def _number(label: str, sentence: str, *, most: int) -> forms.IntegerField:
    field = forms.IntegerField(
        label=label,
        min_value=1,
        max_value=most,
        widget=forms.TextInput,
        error_messages={"invalid": sentence, "required": sentence},
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
        "how": Look(reveals=_WITH_HOW),
        "finish": Look(reveals=_WITH_FINISH),
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
    weekday = forms.TypedChoiceField(label="Weekday", choices=Weekday, coerce=int, empty_value=None)
    nth = forms.TypedChoiceField(
        label="Which one of the month?", choices=Nth, coerce=int, empty_value=None
    )
    month_weekday = forms.TypedChoiceField(
        label="Weekday", choices=Weekday, coerce=int, empty_value=None
    )
    day = _number("Day of the month", "Enter a day from 1 to 28", most=31)
    finish = forms.ChoiceField(
        label="When does it end?",
        choices=_FINISH,
        widget=forms.RadioSelect,
        error_messages={"required": "Say when it ends: after a number of meetings, or on a day"},
    )
    times = _number("How many meetings?", "Enter a number of meetings from 1 to 160", most=160)
    until = DateField(name="The last day", label="Last day")

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or self.cleaned_data
        # What belongs to a choice that was not made may be empty, and may hold what it likes.
        for choice, names in {**_WITH_HOW, **_WITH_FINISH}.items():
            if choice not in {facts.get("how"), facts.get("finish")}:
                for name in names:
                    self.errors.pop(name, None)
                    facts[name] = None
        begins, ends = facts.get("begins"), facts.get("ends")
        if begins and ends and ends <= begins:
            self.add_error("ends", "The meeting must end after it starts")
        if self.errors:
            return facts
        monthly = facts["how"] == How.MONTHLY_WEEKDAY
        try:
            facts["rule"] = rule_of(
                how=facts["how"],
                weeks=facts["weeks"],
                weekday=facts["month_weekday" if monthly else "weekday"],
                nth=facts["nth"],
                day=facts["day"],
                times=facts["times"],
                until=facts["until"],
            )
        except RuleError as error:
            field = "month_weekday" if monthly and error.field == "weekday" else error.field
            self.add_error(field or None, str(error))
        return facts

    @property
    def times_asked(self) -> dict[str, Any]:
        """The rule and the hours, as the services take them."""
        return {name: self.cleaned_data[name] for name in ("rule", "first_on", "begins", "ends")}
