"""The form of a paper. It checks; services save."""

from django import forms

from assignments.forms.fields import JoinLinkField
from nhsuk.forms import Look, NhsukForm
from partners.services.uploads import ACCEPT


class PaperForm(NhsukForm):
    """Something to read for a meeting: a file, or a link."""

    submit_text = "Add this paper"
    looks = {"link": Look(inputmode="url", spellcheck=False)}

    title = forms.CharField(
        label="Title",
        help_text="If you leave this empty, the file’s own name stands here.",
        max_length=150,
        required=False,
        error_messages={"max_length": "Shorten the title to 150 characters"},
    )
    file = forms.FileField(
        label="A file",
        help_text="A PDF, a Word document (docx) or a picture (jpeg or png), up to 10 MB.",
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
        required=False,
        max_length=500,
        error_messages={
            "empty": "This file is empty. Choose another one.",
            "missing": "Choose a file",
            "invalid": "Choose a file",
            "max_length": "The file’s name is too long. Give it a shorter one.",
        },
    )
    link = JoinLinkField()

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["link"].label = "Or a link"
