"""A copy of one's data: asked for once, made by whoever is alive, gone after a week."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Programme, User
from partners.models import DataCopy, FilePiece, Partner, StoredFile
from partners.services import data_copy, jobs, support
from partners.services.data_copy import CopyError
from partners.tasks import make_waiting
from partners.tests.factories import NOW, signed_up_partner

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]


@pytest.fixture
def partner(programme: Programme) -> Partner:
    return signed_up_partner(programme, name="Maureen Okafor", known_as="Mo")


def asked(user: User, programme: Programme) -> DataCopy:
    return data_copy.ask_for_copy(user=user, programme=programme, by=user, now=NOW)


def test_second_ask_gives_the_copy_that_is_being_made(partner: Partner) -> None:
    assert partner.user is not None

    first, second = (asked(partner.user, partner.programme) for _ in range(2))

    assert first == second
    assert DataCopy.objects.count() == 1


def test_only_the_person_may_ask(partner: Partner, coordinator: User) -> None:
    assert partner.user is not None

    with pytest.raises(CopyError, match="Only the person"):
        data_copy.ask_for_copy(
            user=partner.user, programme=partner.programme, by=coordinator, now=NOW
        )


def test_copy_that_a_killed_worker_left_is_made(partner: Partner) -> None:
    assert partner.user is not None
    now = timezone.now()
    job = data_copy.ask_for_copy(
        user=partner.user, programme=partner.programme, by=partner.user, now=now
    )
    dead = jobs.take(model=DataCopy, pk=job.pk, now=now - timedelta(minutes=5), clock=lambda: now)
    assert dead is not None
    DataCopy.objects.filter(pk=job.pk).update(seen_at=now - timedelta(minutes=2))

    make_waiting()

    job.refresh_from_db()
    assert job.status == "ready"
    with pytest.raises(jobs.TakenOverError):
        dead.finish(file=None)


def test_new_copy_takes_the_place_of_the_old_one(partner: Partner) -> None:
    assert partner.user is not None
    for _ in range(2):
        job = asked(partner.user, partner.programme)
        data_copy.make_copy(pk=job.pk, now=NOW)

    kept = DataCopy.objects.exclude(file=None)
    assert [one.pk for one in kept] == [job.pk]
    assert StoredFile.objects.count() == 1


def test_copy_ends_after_a_week(partner: Partner, client_for: SignIn) -> None:
    assert partner.user is not None
    client = client_for(partner.user)
    job = asked(partner.user, partner.programme)
    data_copy.make_copy(pk=job.pk, now=NOW)
    job.refresh_from_db()
    there = reverse("partners:data_copy_file", args=[job.pk])
    assert job.expires_at is not None
    assert client.get(there).status_code == 200

    early = data_copy.drop_old(now=job.expires_at - timedelta(seconds=1))
    in_time = data_copy.drop_old(now=job.expires_at)

    assert (early, in_time) == (0, 1)
    assert not FilePiece.objects.exists()
    assert client.get(there).status_code == 404
    page = client.get(reverse("partners:data_copy", args=[job.pk])).content.decode()
    assert "The time of this copy is over" in page


def test_page_shows_how_far_it_is_and_asks_again_by_itself(
    partner: Partner, client_for: SignIn
) -> None:
    client = client_for(partner.user)

    answer = client.post(reverse("partners:ask_data_copy"))

    job = DataCopy.objects.get()
    assert answer.headers["Location"] == reverse("partners:data_copy", args=[job.pk])
    page = client.get(answer.headers["Location"]).content.decode()
    assert "Waiting for its turn" in page
    assert f'hx-get="{reverse("partners:data_copy_progress", args=[job.pk])}"' in page
    data_copy.make_copy(pk=job.pk, now=timezone.now())
    assert "Your copy is ready" in client.get(answer.headers["Location"]).content.decode()


def test_somebody_who_left_still_takes_a_copy(partner: Partner, client_for: SignIn) -> None:
    support.move(partner=partner, to="left", by=None, now=timezone.now())
    client = client_for(partner.user)

    assert client.get(reverse("partners:my_data")).status_code == 200
    assert client.post(reverse("partners:ask_data_copy")).status_code == 302
    assert DataCopy.objects.count() == 1


@pytest.mark.parametrize("rows", [1, 3])
def test_page_of_what_is_held_asks_the_same_number_of_times(
    programme: Programme, client_for: SignIn, rows: int, django_assert_num_queries: Callable
) -> None:
    partner = signed_up_partner(programme)
    assert partner.user is not None
    for _ in range(rows):
        job = asked(partner.user, programme)
        data_copy.make_copy(pk=job.pk, now=NOW)
    client = client_for(partner.user)
    client.get(reverse("partners:my_data"))

    with django_assert_num_queries(7):
        client.get(reverse("partners:my_data"))
