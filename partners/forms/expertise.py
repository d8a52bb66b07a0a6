"""What partners are asked about what they bring, care about and want."""

from typing import Any

from django import forms
from django.utils import timezone

from nhsuk.forms import DateField, Look, NhsukForm
from partners.models import Expertise, Theme
from partners.models.expertise import Visibility


class OwnWordsForm(NhsukForm):
    """Something in a partner's own words, what it is about, and who may see it."""

    asks = "What would you like to say?"
    hint = "In your own words."
    text = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
        error_messages={
            "required": "Write a few words",
            "max_length": "Shorten this to 2,000 characters",
        },
    )
    themes = forms.MultipleChoiceField(
        label="Which of these does it touch?",
        help_text="Choose as many as you like, or none. They help people to find it.",
        widget=forms.CheckboxSelectMultiple,
        required=False,
        error_messages={"invalid_choice": "Choose from the list", "invalid_list": "Choose again"},
    )
    visibility = forms.ChoiceField(
        label="Who may see it?",
        help_text="You can change this at any time.",
        widget=forms.RadioSelect,
        choices=Visibility.choices,
        initial=Visibility.ONLY_ME,
        error_messages={
            "required": "Choose who may see it",
            "invalid_choice": "Choose one from the list",
        },
    )
    looks = {
        "text": Look(characters=2000),
        "visibility": Look(
            hints={
                "coordinators": "They look for partners who know about something.",
                "staff": "Clinicians and others who take part in the programme, "
                "and your coordinators.",
            }
        ),
    }
    submit_text = "Save"

    def __init__(self, *args: Any, themes: list[Theme], item: Any = None, **kwargs: Any) -> None:
        if item is not None:
            kwargs["initial"] = {
                name: getattr(item, name) for name in self.base_fields if name != "themes"
            } | {"themes": [theme.pk for theme in item.themes.all()]}
        super().__init__(*args, **kwargs)
        self.fields["text"].label, self.fields["text"].help_text = self.asks, self.hint
        self.known_themes = {str(theme.pk): theme for theme in themes}
        if themes:
            self.fields["themes"].choices = [(theme.pk, theme.name) for theme in themes]
        else:
            del self.fields["themes"]

    def clean_themes(self) -> list[Theme]:
        return [self.known_themes[pk] for pk in self.cleaned_data["themes"]]


class ExpertiseForm(OwnWordsForm):
    """Something a partner brings."""

    asks = "What do you bring?"
    hint = "In your own words. For example, “I ran a shop for 20 years and know how to listen”."
    kind = forms.ChoiceField(
        label="Where does it come from?",
        widget=forms.RadioSelect,
        choices=Expertise.Kind.choices,
        error_messages={
            "required": "Choose where it comes from",
            "invalid_choice": "Choose one from the list",
        },
    )
    field_order = ("kind",)


class PassionForm(OwnWordsForm):
    """Something a partner cares about."""

    asks = "What do you care about?"
    hint = "Something you would love to work on, or to see change."


class PriorityForm(OwnWordsForm):
    """Something a partner wants for themselves."""

    asks = "What would you like for yourself?"
    hint = "From taking part. For example, “to speak in front of people again”."


class ChangePriorityForm(PriorityForm):
    """The same, and the day on which they got there."""

    reached_on = DateField(
        label="When did you reach it?",
        help_text="Leave it empty if you are on the way.",
        name="The day",
        required=False,
        latest=timezone.localdate,
        error_messages={"too_late": "The day must be today or in the past"},
    )
    field_order = ("text", "reached_on")


class ThemeForm(forms.ModelForm):
    """A theme, for coordinators."""

    class Meta:
        model = Theme
        fields = ("programme", "name")
        error_messages = {"name": {"required": "Give the theme a name."}}

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())

    def _post_clean(self) -> None:
        super()._post_clean()
        if self.errors:
            return
        others = Theme.objects.exclude(pk=self.instance.pk)
        same = {"programme": self.instance.programme_id, "name__iexact": self.instance.name}
        if others.filter(**same).exists():
            self.add_error("name", "The programme already has this theme.")
