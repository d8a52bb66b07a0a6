"""Forms of groups, places and meetings. They check; services save."""

from django import forms

from assignments.models import Attendance


class AnswerForm(forms.Form):
    """One of the buttons of a meeting's page was pressed."""

    plan = forms.ChoiceField(
        choices=[
            (Attendance.Plan.COMING, "I’m coming"),
            (Attendance.Plan.ONLINE, "I’ll join online"),
            (Attendance.Plan.NOT_THIS_TIME, "I can’t make it"),
        ]
    )
