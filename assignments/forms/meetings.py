"""Forms of meetings. They check; services save."""

from datetime import UTC, date, datetime, time
from typing import Any

from django import forms
from django.utils import timezone

from assignments import rules
from assignments.forms.fields import JoinLinkField
from assignments.models import Attendance, Meeting
from nhsuk.forms import DateField, Look, NhsukForm, TimeField


class AnswerForm(forms.Form):
    """One of the buttons of a meeting's page was pressed."""

    plan = forms.ChoiceField(
        choices=[
            (Attendance.Plan.COMING, "I’m coming"),
            (Attendance.Plan.ONLINE, "I’ll join online"),
            (Attendance.Plan.NOT_THIS_TIME, "I can’t make it"),
        ]
    )


class TimeOfMeetingForm(NhsukForm):
    """Day and hours of a meeting, as the clocks in London show them."""

    submit_text = "Move this meeting"

    day = DateField(name="The day", label="Day")
    begins = TimeField(name="The start", label="Starts at", help_text="For example, 2pm or 14:00")
    ends = TimeField(name="The end", label="Ends at")

    @classmethod
    def times_of(cls, meeting: Meeting) -> dict[str, Any]:
        """The initial values of a meeting."""
        starts_at = timezone.localtime(meeting.starts_at)
        return {
            "day": starts_at.date(),
            "begins": starts_at.time(),
            "ends": timezone.localtime(meeting.ends_at).time(),
        }

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or self.cleaned_data
        begins, ends = facts.get("begins"), facts.get("ends")
        if begins and ends and ends <= begins:
            self.add_error("ends", "The meeting must end after it starts")
        return facts

    @property
    def starts_at(self) -> datetime:
        return _in_london(self.cleaned_data["day"], self.cleaned_data["begins"])

    @property
    def ends_at(self) -> datetime:
        return _in_london(self.cleaned_data["day"], self.cleaned_data["ends"])


class DetailsOfMeetingForm(NhsukForm):
    """What is told of a meeting besides its time."""

    submit_text = "Save"
    looks = {
        "preparation_minutes": Look(width=3, suffix="minutes", inputmode="numeric"),
        "asks": Look(characters=1000),
    }

    title = forms.CharField(
        label="Title",
        help_text="Left empty, the group’s name",
        max_length=150,
        required=False,
    )
    place = forms.CharField(label="Where", max_length=200, required=False)
    join_link = JoinLinkField()
    asks = forms.CharField(
        label="What it asks of partners",
        help_text="In plain words: what to read, bring or think about",
        max_length=1000,
        required=False,
        widget=forms.Textarea({"rows": 4}),
    )
    preparation_minutes = forms.IntegerField(
        label="Time to prepare",
        min_value=0,
        max_value=1440,
        required=False,
        widget=forms.TextInput,
        error_messages={"invalid": "Enter the minutes as a number, like 30"},
    )

    def clean_preparation_minutes(self) -> int:
        return self.cleaned_data["preparation_minutes"] or 0

    @property
    def facts(self) -> dict[str, Any]:
        """What the services take."""
        return {name: self.cleaned_data[name] for name in DetailsOfMeetingForm.base_fields}


class PlanMeetingForm(TimeOfMeetingForm, DetailsOfMeetingForm):
    """A new meeting."""

    submit_text = "Plan this meeting"
    field_order = ("day", "begins", "ends")


class CancelMeetingForm(NhsukForm):
    """Why a meeting is cancelled."""

    submit_text = "Cancel this meeting"

    why = forms.CharField(
        label="Why is it cancelled?",
        help_text="Whoever was expected reads this.",
        max_length=300,
        error_messages={"required": "Say in a few words why it is cancelled"},
    )


class OutcomeForm(NhsukForm):
    """Whether one person was there, and for how long."""

    looks = {
        "outcome": Look(inline=True, small=True),
        "minutes": Look(width=4, suffix="minutes", inputmode="numeric"),
    }

    outcome = forms.ChoiceField(
        label="Were they there?",
        choices=[
            (Attendance.Outcome.THERE, "There"),
            (Attendance.Outcome.PART, "For part"),
            (Attendance.Outcome.MISSED, "Not there"),
        ],
        widget=forms.RadioSelect,
    )
    minutes = forms.IntegerField(
        label="Minutes, preparation included",
        min_value=1,
        max_value=1440,
        required=False,
        widget=forms.TextInput,
    )

    def __init__(self, *args: Any, attendance: Attendance, **kwargs: Any) -> None:
        self.attendance = attendance
        name = attendance.partner.name
        outcome = Attendance.Outcome
        initial = {
            "outcome": outcome.THERE if rules.was_expected(attendance) else outcome.MISSED,
            "minutes": attendance.meeting.minutes,
        }
        super().__init__(*args, prefix=f"a{attendance.pk}", initial=initial, **kwargs)
        self.fields["outcome"].error_messages["required"] = f"Say whether {name} was there"
        for code in ("invalid", "min_value", "max_value"):
            self.fields["minutes"].error_messages[code] = (
                f"Enter between 1 and 1440 minutes for {name}"
            )
        for validator in self.fields["minutes"].validators:
            validator.message = self.fields["minutes"].error_messages["invalid"]

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or self.cleaned_data
        if (
            facts.get("outcome") == Attendance.Outcome.PART
            and facts.get("minutes") is None
            and "minutes" not in self.errors
        ):
            self.add_error(
                "minutes", f"Say how many minutes {self.attendance.partner.name} was there"
            )
        return facts

    @property
    def said(self) -> tuple[str, int | None]:
        """What the service takes for this person."""
        outcome = self.cleaned_data["outcome"]
        missed = outcome == Attendance.Outcome.MISSED
        return outcome, None if missed else self.cleaned_data["minutes"]


def _in_london(day: date, hour: time) -> datetime:
    """The moment at which London's clocks show `hour`; one hour later in the night they skip it."""
    return timezone.make_aware(datetime.combine(day, hour)).astimezone(UTC)
