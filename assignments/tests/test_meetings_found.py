"""Meetings are found by words, and by what is to be confirmed."""

from datetime import timedelta

import pytest

from assignments.models import Meeting, WorkGroup
from assignments.tests.factories import A_MEETING, WorkGroupFactory, planned

pytestmark = pytest.mark.django_db


def test_meetings_are_found_by_the_words_of_the_group_or_the_title():
    hands, feet = WorkGroupFactory(name="Hand therapy MDT"), WorkGroupFactory(name="Feet")
    of_group, titled = planned(hands), planned(feet, title="Hands and feet: one day")
    planned(feet)

    found = Meeting.objects.called("hand", WorkGroup.objects.all())

    assert set(found) == {of_group, titled}
    assert set(found.called("ONE hand", WorkGroup.objects.all())) == {titled}
    assert not found.called("knee", WorkGroup.objects.all())
    assert set(found.called("hand", WorkGroup.objects.filter(pk=feet.pk))) == {titled}


def test_meetings_to_confirm_are_planned_and_over():
    over, held, cancelled = (planned(WorkGroupFactory()) for _ in range(3))
    planned(WorkGroupFactory(), A_MEETING + timedelta(minutes=30))
    Meeting.objects.filter(pk=held.pk).update(status="held")
    Meeting.objects.filter(pk=cancelled.pk).update(status="cancelled")

    found = Meeting.objects.to_confirm(A_MEETING + timedelta(minutes=121))

    assert list(found) == [over]
