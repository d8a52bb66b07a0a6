"""Forms about who was there, and what counts. They check; services save."""

from typing import Any

from django import forms

from assignments import rules
from assignments.models import Attendance, Meeting, PayRule
from assignments.services import PayTerms, Said
from nhsuk.forms import Look, NhsukForm

_Outcome = Attendance.Outcome
_HOURS = "Enter the hours as a number from 0 to 336"
_COUNTS = {_Outcome.THERE, _Outcome.PART}


class OutcomeForm(NhsukForm):
    """Whether one person was there, and for how long."""

    looks = {
        "outcome": Look(inline=True, small=True),
        "minutes": Look(width=4, suffix="minutes", inputmode="numeric"),
        "travel_minutes": Look(width=4, suffix="minutes", inputmode="numeric"),
    }
    submit_text = "Save"

    outcome = forms.ChoiceField(
        label="Were they there?",
        choices=[
            (_Outcome.THERE, "There"),
            (_Outcome.PART, "For part"),
            (_Outcome.MISSED, "Not there"),
            (_Outcome.UNWELL, "Could not come because of health"),
            (_Outcome.CALLED_OFF, "Cancelled late by us"),
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
    travel_minutes = forms.IntegerField(
        label="The way there and back",
        min_value=0,
        max_value=1440,
        required=False,
        widget=forms.TextInput,
    )

    def __init__(self, *args: Any, attendance: Attendance, **kwargs: Any) -> None:
        self.attendance = attendance
        name = attendance.partner.name
        super().__init__(*args, prefix=f"a{attendance.pk}", initial=self._said_before(), **kwargs)
        if attendance.meeting.status == Meeting.Status.CANCELLED:
            self.fields["outcome"].choices = [
                (_Outcome.CALLED_OFF, "Cancelled late by us"),
                (_Outcome.MISSED, "Nothing counts"),
            ]
            for field in ("minutes", "travel_minutes"):
                del self.fields[field]
        self.fields["outcome"].error_messages["required"] = f"Say whether {name} was there"
        self._say_numbers("minutes", f"Enter between 1 and 1440 minutes for {name}")
        self._say_numbers(
            "travel_minutes", f"Enter between 0 and 1440 minutes for the way of {name}"
        )

    def _say_numbers(self, field: str, sentence: str) -> None:
        if field not in self.fields:
            return
        for code in ("invalid", "min_value", "max_value"):
            self.fields[field].error_messages[code] = sentence
        for validator in self.fields[field].validators:
            validator.message = sentence

    def _said_before(self) -> dict[str, Any]:
        """What was said of them; of a meeting that waits, what is likely."""
        row = self.attendance
        if row.outcome != _Outcome.UNKNOWN:
            planned = row.meeting.minutes
            minutes = row.minutes if row.outcome in _COUNTS else planned
            return {
                "outcome": row.outcome,
                "minutes": minutes,
                "travel_minutes": row.travel_minutes,
            }
        there = _Outcome.THERE if rules.was_expected(row) else _Outcome.MISSED
        if row.meeting.status == Meeting.Status.CANCELLED:
            there = _Outcome.MISSED
        return {"outcome": there, "minutes": row.meeting.minutes, "travel_minutes": 0}

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or self.cleaned_data
        name = self.attendance.partner.name
        if (
            facts.get("outcome") == _Outcome.PART
            and facts.get("minutes") is None
            and "minutes" not in self.errors
        ):
            self.add_error("minutes", f"Say how many minutes {name} was there")
        if (facts.get("minutes") or 0) + (facts.get("travel_minutes") or 0) > 1440:
            self.add_error(
                "travel_minutes",
                f"The meeting and the way are at most 24 hours: check {name}’s minutes",
            )
        return facts

    @property
    def said(self) -> Said:
        """What the service takes for this person."""
        outcome = self.cleaned_data["outcome"]
        if outcome not in _COUNTS:
            return Said(outcome)
        return Said(outcome, self.cleaned_data["minutes"], self.cleaned_data["travel_minutes"] or 0)


class PayTermsForm(NhsukForm):
    """What counts of a meeting for who could not be there."""

    looks = {
        "unwell": Look(inline=True),
        "called_off": Look(inline=True),
        "notice_hours": Look(width=3, suffix="hours", inputmode="numeric"),
    }
    submit_text = "Save"

    unwell = forms.ChoiceField(
        label="A partner could not come because of their health",
        choices=PayRule.Share,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how much counts"},
    )
    called_off = forms.ChoiceField(
        label="We cancelled late",
        choices=PayRule.Share,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how much counts"},
    )
    notice_hours = forms.IntegerField(
        label="How many hours before the start is late?",
        help_text="Cancelled later than this, the meeting counts as you chose.",
        min_value=0,
        max_value=336,
        widget=forms.TextInput,
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"),
            "Enter the hours as a number from 0 to 336",
        ),
    )

    def __init__(self, *args: Any, terms: PayTerms, **kwargs: Any) -> None:
        initial = {
            "unwell": terms.shares.get(_Outcome.UNWELL, PayRule.Share.NONE),
            "called_off": terms.shares.get(_Outcome.CALLED_OFF, PayRule.Share.NONE),
            "notice_hours": terms.notice_hours,
        }
        super().__init__(*args, initial=initial, **kwargs)
        for validator in self.fields["notice_hours"].validators:
            validator.message = self.fields["notice_hours"].error_messages["invalid"]
