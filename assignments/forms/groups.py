"""Forms of work groups. They check; services save."""

from typing import Any

from django import forms
from django.db.models import QuerySet

from accounts.models import Programme, Team, User
from assignments.forms.fields import JoinLinkField
from assignments.models import WorkGroup
from nhsuk.forms import DateField, Look, NhsukModelForm


class WorkGroupForm(NhsukModelForm):
    """What is told of a group. A programme is asked for only where there are several."""

    submit_text = "Save"
    looks = {
        "contact_phone": Look(width=20, inputmode="tel"),
        "purpose": Look(characters=2000),
        "wanted": Look(width=2, inputmode="numeric"),
    }

    class Meta:
        model = WorkGroup
        fields = (
            "programme",
            "kind",
            "name",
            "team",
            "purpose",
            "influence",
            "wanted",
            "lead_name",
            "lead",
            "contact_phone",
            "place",
        )
        help_texts = {
            "purpose": "In plain words: partners read this.",
            "wanted": "0 if nobody has said. The coverage map shows where partners are missing.",
            "lead": "Only if they sign in here. They see who is coming to its meetings, and what"
            " to do so that everybody can take part.",
            "contact_phone": "A telephone number for partners",
        }
        labels = {"lead": "Their sign-in", "influence": "What influence partners have"}
        widgets = {"purpose": forms.Textarea({"rows": 4}), "wanted": forms.TextInput}

    join_link = JoinLinkField()
    starts_on = DateField(name="The first day", label="First day", required=False)
    ends_on = DateField(name="The last day", label="Last day", required=False)

    def __init__(
        self,
        *args: Any,
        programmes: QuerySet[Programme],
        teams: QuerySet[Team],
        leads: QuerySet[User],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        for name, rows in (("programme", programmes), ("team", teams), ("lead", leads)):
            self.fields[name].queryset = rows
        self.fields["wanted"].required = False
        self.initial.setdefault("starts_on", self.instance.starts_on)
        self.initial.setdefault("ends_on", self.instance.ends_on)
        if self.instance.pk is not None:
            del self.fields["programme"]
        elif len(programmes) == 1:
            self.initial.setdefault("programme", programmes[0].pk)

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or self.cleaned_data
        facts["wanted"] = facts.get("wanted") or 0
        first, last = facts.get("starts_on"), facts.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", "The last day must be on or after the first day")
        return facts

    def _post_clean(self) -> None:
        """Leave the instance and the constraints alone: both are the service's, under its lock."""

    @property
    def facts(self) -> dict[str, Any]:
        """What the service takes."""
        return {name: value for name, value in self.cleaned_data.items() if name != "programme"}
