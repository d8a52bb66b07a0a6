"""`manage.py create_programme`."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Message, Programme, Role, User
from observations.services.instruments import usable_versions
from payments.models import Rate

pytestmark = pytest.mark.django_db


def run(*args: str) -> str:
    out = StringIO()
    call_command("create_programme", *args, stdout=out)
    return out.getvalue()


def test_programme_is_ready_to_work_in(now: Any) -> None:
    said = run("north", "--name", "North Hospital", "--coordinator", "Cora@example.org")

    programme = Programme.objects.get(slug="north")
    assert programme.name == "North Hospital"
    assert Rate.objects.filter(programme=programme).exists()
    assert len(usable_versions(programme)) == 1
    assert User.objects.get(email="cora@example.org").grants[0].role == Role.COORDINATOR
    assert Message.objects.get().to_address == "cora@example.org"
    assert "Made the programme “North Hospital” (north)." in said
    assert "An invitation to Cora@example.org as coordinator" in said


@pytest.mark.parametrize(
    ("args", "sentence"),
    [
        (("north",), "There is a programme “north” already"),
        (("Not A Slug",), "cannot be a programme's short name"),
        (("south", "--coordinator", "nobody"), "is not an e-mail address"),
        (("south", "--coordinator", ""), "is not an e-mail address"),
    ],
)
def test_mistake_gets_a_sentence_and_changes_nothing(
    args: tuple[str, ...], sentence: str, now: Any
) -> None:
    run("north", "--name", "North Hospital")

    with pytest.raises(CommandError, match=sentence) as error:
        run(*args, "--name", "Other")

    assert error.value.returncode == 1
    assert list(Programme.objects.values_list("slug", flat=True)) == ["north"]
    assert not User.objects.exists()
