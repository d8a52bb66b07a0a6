"""A copy for a partner without a sign-in: asked for and handed over by a coordinator alone."""

import io
import zipfile
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.http import StreamingHttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Programme, Role, User
from accounts.services import people
from accounts.tests.factories import ProgrammeFactory, person
from partners.models import DataCopy, Partner
from partners.rules.my_data import may_hand_copy
from partners.services import data_copy, expertise, files
from partners.services.data_copy import CopyError
from partners.services.held import events_of
from partners.tests.factories import NOW, PartnerFactory, signed_up_partner

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]


@pytest.fixture
def cora(coordinator: User, client_for: SignIn) -> Client:
    return client_for(coordinator)


@pytest.fixture
def derek(programme: Programme) -> Partner:
    """Has no e-mail address, and so no sign-in."""
    found: Partner = PartnerFactory(programme=programme, name="Derek Holt", email=None)
    return found


def at(page: str, partner: Partner) -> str:
    return reverse(f"admin:partners_partner_{page}", args=[partner.pk])


def made_for(partner: Partner, by: User) -> DataCopy:
    job = data_copy.ask_for_copy_for(partner=partner, by=by, now=timezone.now())
    data_copy.make_copy(pk=job.pk, now=timezone.now())
    job.refresh_from_db()
    assert (job.status, job.error) == ("ready", "")
    return job


def test_copy_is_made_saved_and_written_down(
    cora: Client, coordinator: User, derek: Partner
) -> None:
    said = {"partner": derek, "visibility": "only_me", "by": None, "now": NOW}
    expertise.add_passion(text="A secret love of tango", **said)

    page = cora.get(at("change", derek)).content.decode()
    assert at("copy", derek) in page
    page = cora.get(at("copy", derek)).content.decode()
    assert "Do not send it by e-mail" in page
    page = cora.post(at("copy", derek), {}).content.decode()
    assert "Say that you were asked for it" in page
    assert not DataCopy.objects.exists()
    page = cora.post(at("copy", derek), {"sure": "on"}, follow=True).content.decode()
    assert "Waiting for its turn" in page
    job = DataCopy.objects.get()
    data_copy.make_copy(pk=job.pk, now=timezone.now())
    assert "The copy is ready" in cora.get(at("copy_progress", derek)).content.decode()
    answer = cora.post(at("copy_file", derek))

    assert isinstance(answer, StreamingHttpResponse)
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "no-store" in answer.headers["Cache-Control"]
    copy = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))  # type: ignore[arg-type]
    assert "Everything we hold about Derek Holt" in copy.read("index.html").decode()
    assert "A secret love of tango" in copy.read("pages/partners-passions.html").decode()
    job.refresh_from_db()
    assert job.taken_by == coordinator
    event: Any = events_of(DataCopy)
    last = event.objects.filter(pgh_obj=job.pk).latest("pk")
    assert (last.taken_by, last.pgh_context.metadata["user"]) == (coordinator, coordinator.pk)
    assert f"{coordinator.name} saved it last" in cora.get(at("copy", derek)).content.decode()


def test_copy_is_taken_by_a_button_and_only_while_it_is_there(
    cora: Client, coordinator: User, derek: Partner
) -> None:
    assert cora.post(at("copy_file", derek)).status_code == 404
    assert cora.get(at("copy_progress", derek)).status_code == 404
    job = made_for(derek, coordinator)

    assert cora.get(at("copy_file", derek)).status_code == 405
    DataCopy.objects.filter(pk=job.pk).update(expires_at=timezone.now())
    page = cora.post(at("copy_file", derek), follow=True).content.decode()

    assert "The time of this copy is over. Make a new one." in page
    job.refresh_from_db()
    assert job.taken_at is None
    assert data_copy.drop_old(now=timezone.now() + timedelta(seconds=1)) == 1


def test_nobody_takes_the_copy_of_a_partner_who_signs_in(
    cora: Client, coordinator: User, client_for: SignIn, programme: Programme
) -> None:
    partner = signed_up_partner(programme)
    job = made_for(partner, coordinator)
    own = client_for(partner.user)  # signs in for the first time

    assert at("copy", partner) not in cora.get(at("change", partner)).content.decode()
    for page in ("copy", "copy_progress"):
        assert cora.get(at(page, partner)).status_code == 403
    for page in ("copy", "copy_file"):
        assert cora.post(at(page, partner), {"sure": "on"}).status_code == 403
    partner.refresh_from_db()
    with pytest.raises(CopyError, match="theirs to take"):
        data_copy.ask_for_copy_for(partner=partner, by=coordinator, now=NOW)
    with pytest.raises(CopyError, match="theirs to take"):
        data_copy.hand_over(job=job, by=coordinator, now=NOW)
    assert not DataCopy.objects.visible_to(coordinator).exists()
    assert own.get(reverse("partners:data_copy_file", args=[job.pk])).status_code == 200


def test_coordinators_take_no_copy_that_somebody_asked_for_themselves(
    cora: Client, coordinator: User, programme: Programme
) -> None:
    partner = signed_up_partner(programme)
    assert partner.user is not None
    job = data_copy.ask_for_copy(user=partner.user, programme=programme, by=partner.user, now=NOW)
    data_copy.make_copy(pk=job.pk, now=NOW)

    assert cora.post(at("copy_file", partner)).status_code == 404
    assert cora.get(reverse("partners:data_copy_file", args=[job.pk])).status_code == 404
    with pytest.raises(CopyError, match="Only the person themselves"):
        data_copy.hand_over(job=job, by=coordinator, now=NOW)


def test_portal_pages_show_a_coordinator_no_copy_to_hand_over(
    cora: Client, coordinator: User, derek: Partner
) -> None:
    job = made_for(derek, coordinator)

    assert cora.get(reverse("partners:data_copy_file", args=[job.pk])).status_code == 404
    assert cora.get(reverse("partners:data_copy", args=[job.pk])).status_code == 404


def test_rule_and_what_is_visible_agree(
    coordinator: User, client_for: SignIn, programme: Programme, derek: Partner
) -> None:
    elsewhere = PartnerFactory(programme=ProgrammeFactory(), email=None)
    invited, signed_in = signed_up_partner(programme), signed_up_partner(programme)
    client_for(signed_in.user)
    signed_in.refresh_from_db()
    for partner in (derek, elsewhere, invited, signed_in):
        DataCopy.objects.create(partner=partner, programme=partner.programme, asked_at=NOW)
    finance = person(Role.FINANCE, programme)

    for by in (coordinator, finance):
        visible = {row.partner for row in DataCopy.objects.visible_to(by)}
        for partner in (derek, elsewhere, invited, signed_in):
            assert may_hand_copy(by, partner) is (partner in visible)
    assert {row.partner for row in DataCopy.objects.visible_to(coordinator)} == {derek, invited}


def test_copy_of_who_was_invited_tells_nothing_of_another_programme(
    coordinator: User, programme: Programme
) -> None:
    partner = signed_up_partner(programme)
    other = PartnerFactory(
        programme=ProgrammeFactory(), user=partner.user, name="Known otherwise elsewhere"
    )
    assert partner.user is not None
    for at_work in (programme, other.programme):
        people.grant_role(
            user=partner.user, programme=at_work, role=Role.STAFF, by=coordinator, now=NOW
        )

    job = made_for(partner, coordinator)

    assert job.file is not None
    copy = zipfile.ZipFile(io.BytesIO(b"".join(files.stream(job.file))))
    whole = "".join(copy.read(name).decode() for name in copy.namelist())
    assert "Known otherwise elsewhere" not in whole
    assert other.programme.name not in whole
    assert partner.user.email in whole


def test_second_ask_gives_the_copy_that_is_being_made(coordinator: User, derek: Partner) -> None:
    first, second = (
        data_copy.ask_for_copy_for(partner=derek, by=coordinator, now=NOW) for _ in range(2)
    )

    assert first == second
    assert DataCopy.objects.count() == 1


def test_copy_is_of_one_person(derek: Partner, coordinator: User) -> None:
    facts = {"programme": derek.programme, "asked_at": NOW}
    for whose in ({}, {"user": coordinator, "partner": derek}):
        with pytest.raises(IntegrityError, match="data_copy_of_one_person"), transaction.atomic():
            DataCopy.objects.create(**facts, **whose)
    DataCopy.objects.create(**facts, partner=derek)
    with pytest.raises(IntegrityError, match="data_copy_one_at_a_time"), transaction.atomic():
        DataCopy.objects.create(**facts, partner=derek)


def test_copy_is_saved_by_somebody_at_some_time(derek: Partner, coordinator: User) -> None:
    facts = {"programme": derek.programme, "asked_at": NOW}
    for wrong in (
        {"partner": derek, "taken_at": NOW},
        {"partner": derek, "taken_by": coordinator},
        {"user": coordinator, "taken_at": NOW, "taken_by": coordinator},
    ):
        with pytest.raises(IntegrityError, match="taken_by_somebody"), transaction.atomic():
            DataCopy.objects.create(**facts, **wrong)
    DataCopy.objects.create(**facts, partner=derek, taken_at=NOW, taken_by=coordinator)
