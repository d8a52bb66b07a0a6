"""What the fields understand and what they say when they do not."""

import datetime as dt
from decimal import Decimal

import pytest
from django import forms
from django.core.exceptions import ValidationError

from nhsuk.forms import DateField, Look, NhsukForm, PoundsField, TimeField, error_links


class DayForm(NhsukForm):
    day = DateField(name="The day", label="When was it?")


def day_form(day: str, month: str, year: str) -> DayForm:
    return DayForm({"day_day": day, "day_month": month, "day_year": year})


@pytest.mark.parametrize(
    "typed",
    [("4", "11", "2026"), ("04", "11", "2026"), (" 4 ", "Nov", "2026"), ("4", "november", "2026")],
)
def test_date_typed_as_people_do_is_understood(typed):
    form = day_form(*typed)

    assert form.is_valid(), form.errors
    assert form.cleaned_data["day"] == dt.date(2026, 11, 4)


@pytest.mark.parametrize(
    ("typed", "sentence", "target"),
    [
        (("", "", ""), "Enter the day", "id_day_0"),
        (("4", "", "2026"), "The day must include a month", "id_day_1"),
        (("", "", "2026"), "The day must include a day and a month", "id_day_0"),
        (("4", "11", ""), "The day must include a year", "id_day_2"),
        (("4", "11", "26"), "Year must include 4 numbers", "id_day_2"),
        (("4", "13", "2026"), "The day must have a month from 1 to 12", "id_day_1"),
        (("4", "Brumaire", "2026"), "The day must have a month from 1 to 12", "id_day_1"),
        (("x", "11", "2026"), "The day must have a day from 1 to 31", "id_day_0"),
        (("31", "11", "2026"), "The day must be a real date", "id_day_0"),
        (("4", "11", "9999"), "The day must have a year from 1900 to 2200", "id_day_2"),
        (("٤", "11", "2026"), "The day must have a day from 1 to 31", "id_day_0"),
    ],
)
def test_date_mistake_is_named_and_led_to(typed, sentence, target):
    form = day_form(*typed)

    (link,) = error_links(form)

    assert (link.text, link.target) == (sentence, target)


def test_date_keeps_what_was_typed():
    html = day_form("31", "febr", "2026").as_p()

    assert 'value="febr"' in html


def test_date_outside_its_bounds_is_refused_on_both_sides():
    field = DateField(earliest=dt.date(2026, 11, 1), latest=lambda: dt.date(2026, 11, 30))

    assert field.clean(["1", "11", "2026"]) == dt.date(2026, 11, 1)
    assert field.clean(["30", "11", "2026"]) == dt.date(2026, 11, 30)
    with pytest.raises(ValidationError, match="Date must be 1 November 2026 or later"):
        field.clean(["31", "10", "2026"])
    with pytest.raises(ValidationError, match="Date must be 30 November 2026 or earlier"):
        field.clean(["1", "12", "2026"])


def test_date_not_required_may_be_empty():
    assert DateField(required=False).clean(["", "", ""]) is None


@pytest.mark.parametrize(
    ("typed", "time"),
    [
        ("2:30pm", dt.time(14, 30)),
        ("14.30", dt.time(14, 30)),
        ("9 am", dt.time(9)),
        ("12am", dt.time(0)),
        ("12pm", dt.time(12)),
        ("midday", dt.time(12)),
        ("0930", dt.time(9, 30)),
    ],
)
def test_time_typed_as_people_do_is_understood(typed, time):
    assert TimeField().clean(typed) == time


@pytest.mark.parametrize("typed", ["25:00", "13pm", "9", "soon", "10:75"])
def test_time_that_is_none_is_refused(typed):
    with pytest.raises(ValidationError, match="Time must be a time, like 2:30pm or 14:30"):
        TimeField().clean(typed)


@pytest.mark.parametrize(
    ("typed", "amount"),
    [("£1,234.5", "1234.50"), ("£ 1 234", "1234.00"), (" 12 ", "12.00"), ("0", "0.00")],
)
def test_pounds_typed_as_people_do_have_two_places(typed, amount):
    cleaned = PoundsField().clean(typed)

    assert cleaned == Decimal(amount)
    assert cleaned.as_tuple().exponent == -2


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Enter an amount"),
        ("twelve", "Amount must be an amount in pounds, like 12.50"),
        ("7,50", "Amount must be an amount in pounds, like 12.50"),
        ("7 50", "Amount must be an amount in pounds, like 12.50"),
        ("NaN", "Amount must be an amount in pounds, like 12.50"),
        ("12.345", "Amount must have pounds and pence only, like 12.50"),
        ("-1", "Amount must be £0 or more"),
        ("500.01", "Amount must be £500.00 or less"),
    ],
)
def test_pounds_mistake_is_named(typed, sentence):
    field = PoundsField(max_value=Decimal("500.00"))

    with pytest.raises(ValidationError) as caught:
        field.clean(typed)

    assert caught.value.messages == [sentence]


class ReachForm(NhsukForm):
    how = forms.ChoiceField(
        widget=forms.RadioSelect, choices=[("email", "E-mail"), ("phone", "Phone")]
    )
    phone = forms.CharField(error_messages={"required": "Enter a phone number"})
    looks = {"how": Look(reveals={"phone": ("phone",)})}


def test_revealed_question_is_asked_only_beneath_its_choice():
    assert ReachForm({"how": "phone"}).errors == {"phone": ["Enter a phone number"]}
    assert ReachForm({"how": "email"}).is_valid()


def test_revealed_answer_to_another_choice_is_not_kept():
    form = ReachForm({"how": "email", "phone": "020 7946 0018"})

    assert form.is_valid()
    assert form.cleaned_data["phone"] == ""


def test_revealed_question_stands_once_beneath_its_choice():
    form = ReachForm()

    assert [bound.name for bound in form.shown_fields] == ["how"]
    assert str(form["how"].as_field_group()).count('name="phone"') == 1
