"""Forms of meetings. They check; services save."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone

from assignments.forms.fields import JoinLinkField
from assignments.models import Attendance, Meeting
from assignments.rules.times import HourError, moment_in_london
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


class OfSeriesForm(NhsukForm):
    """Of a meeting that is one of several: whether those that follow are changed with it."""

    which = forms.ChoiceField(
        label="Which meetings?",
        choices=[("this", "This one only"), ("following", "This one and all that follow")],
        widget=forms.RadioSelect,
        initial="this",
        error_messages={"required": "Choose which meetings"},
    )

    def __init__(self, *args: Any, meeting: Meeting | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.meeting = meeting
        if meeting is None or meeting.series_id is None:
            del self.fields["which"]
        else:
            self.fields["which"].help_text = "What was moved or cancelled by itself stays as it is."

    @property
    def all_that_follow(self) -> bool:
        return self.cleaned_data.get("which") == "following"


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
        for name in ("begins", "ends"):
            if facts.get("day") and facts.get(name):
                try:
                    moment_in_london(facts["day"], facts[name])
                except HourError as error:
                    self.add_error(name, str(error))
        return facts

    @property
    def starts_at(self) -> datetime:
        return moment_in_london(self.cleaned_data["day"], self.cleaned_data["begins"])

    @property
    def ends_at(self) -> datetime:
        return moment_in_london(self.cleaned_data["day"], self.cleaned_data["ends"])


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


class MoveMeetingForm(OfSeriesForm, TimeOfMeetingForm):
    """Another time for a meeting, or other hours for it and all that follow."""

    field_order = ("day", "begins", "ends", "which")

    def clean(self) -> dict[str, Any]:
        facts = super().clean()
        if (
            facts.get("which") == "following"
            and self.meeting is not None
            and facts.get("day") not in {None, timezone.localdate(self.meeting.starts_at)}
        ):
            self.add_error(
                "day",
                "Those that follow keep their days: move them to other hours only. For other "
                "days, cancel these and plan them anew.",
            )
        return facts


class ChangeMeetingForm(OfSeriesForm, DetailsOfMeetingForm):
    """What is told of a meeting, or of it and all that follow."""

    field_order = (*DetailsOfMeetingForm.base_fields, "which")


class PlanMeetingForm(TimeOfMeetingForm, DetailsOfMeetingForm):
    """A new meeting."""

    submit_text = "Plan this meeting"
    field_order = ("day", "begins", "ends")


class CancelMeetingForm(OfSeriesForm):
    """Why a meeting is cancelled, or it and all that follow."""

    submit_text = "Cancel this meeting"
    field_order = ("why", "which")

    why = forms.CharField(
        label="Why is it cancelled?",
        help_text="Whoever was expected reads this.",
        max_length=300,
        error_messages={"required": "Say in a few words why it is cancelled"},
    )
