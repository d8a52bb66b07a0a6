"""What is asked about what has to be in place."""

from typing import Any

from django import forms
from django.utils import timezone

from nhsuk.forms import DateField, Look, NhsukForm
from partners.models import AgreementText, Requirement
from partners.services.uploads import ACCEPT

_PAST = {"too_late": "The day must be today or in the past"}


class AcceptForm(NhsukForm):
    """An agreement is accepted. The version goes along, so that nobody accepts what they did not
    read."""

    version = forms.ModelChoiceField(
        queryset=AgreementText.objects.none(),
        widget=forms.HiddenInput,
        error_messages={"invalid_choice": "There is a newer version. Read it again, please."},
    )
    accepted = forms.BooleanField(
        label="I have read this, and I accept it",
        error_messages={"required": "Tick the box when you have read it and accept it"},
    )
    submit_text = "Accept"

    def __init__(self, *args: Any, version: AgreementText, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].queryset = AgreementText.objects.filter(pk=version.pk)
        self.initial.setdefault("version", version.pk)


class ShowForm(NhsukForm):
    """Since when it is in place, and something that shows it."""

    obtained_on = DateField(
        label="Which day is on it?",
        help_text="The day you did it or got it. For example, 27 3 2026",
        name="The day",
        latest=timezone.localdate,
        error_messages=_PAST,
    )
    from_elsewhere = forms.CharField(
        label="Did you do it with another organisation?",
        help_text="Its name, if so: what they have on record counts here too.",
        max_length=200,
        required=False,
        error_messages={"max_length": "Shorten this to 200 characters"},
    )
    file = forms.FileField(
        label="Something that shows it",
        help_text=(
            "A certificate or a photograph of it: PDF, Word (docx), jpeg or png, up to 10 MB. "
            "Only you and your coordinators can open it."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ACCEPT}),
        required=False,
        max_length=200,
        error_messages={
            "empty": "This file is empty. Choose another one.",
            "max_length": "Give the file a shorter name",
        },
    )
    submit_text = "Send it"

    def __init__(self, *args: Any, requirement: Requirement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if requirement.kind == Requirement.Kind.DBS:
            del self.fields["file"]
            self.fields["obtained_on"].label = "Which day is on the certificate?"
            self.fields[
                "obtained_on"
            ].help_text = (
                "The day alone: please do not send the certificate. For example, 27 3 2026"
            )
        elif not requirement.evidence_wanted:
            del self.fields["file"]


class ApproveForm(NhsukForm):
    """From when, and until when, it is in place."""

    obtained_on = DateField(
        label="In place since",
        help_text="The day on it",
        name="The day",
        latest=timezone.localdate,
        error_messages=_PAST,
    )
    expires_on = DateField(
        label="Good until",
        help_text="The last day. Leave it empty if it does not end.",
        name="The last day",
        required=False,
    )
    submit_text = "Approve it"

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        first, last = data.get("obtained_on"), data.get("expires_on")
        if first and last and last < first:
            self.add_error("expires_on", "The last day must be on or after the first")
        return data


class PutInPlaceForm(ApproveForm):
    """Something that a coordinator knows to be in place."""

    from_elsewhere = forms.CharField(
        label="From another organisation",
        help_text="Its name, if it has this on record",
        max_length=200,
        required=False,
    )
    submit_text = "Record it"


class SendBackForm(NhsukForm):
    """What is missing."""

    why = forms.CharField(
        label="What is missing?",
        help_text="The partner reads this.",
        max_length=500,
        error_messages={
            "required": "Say what is missing",
            "max_length": "Shorten this to 500 characters",
        },
    )
    submit_text = "Send it back"


class VersionForm(NhsukForm):
    """The next version of an agreement."""

    text = forms.CharField(
        label="The agreement",
        help_text="In plain words. An empty line begins a new paragraph.",
        widget=forms.Textarea(attrs={"rows": 16}),
        max_length=20_000,
        error_messages={
            "required": "Write the agreement",
            "max_length": "Shorten this to 20,000 characters",
        },
    )
    from_on = DateField(
        label="Asked for from",
        help_text="From this day on everybody is asked to accept it. For example, 1 1 2027",
        name="The day",
    )
    looks = {"text": Look(characters=20_000)}
    submit_text = "Keep this version"
