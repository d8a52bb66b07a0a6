"""The engine on two small models of its own: sealed rows, moves, history, paired stamps."""

import threading
from datetime import UTC, datetime

import pytest
from django.contrib.auth import get_user_model
from django.db import DatabaseError, IntegrityError, connection, transaction

from workflow.sealed import SealedError, writing
from workflow.tests.models import Letter, LetterHistory
from workflow.transitions import IllegalMoveError, begin, transition

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


@pytest.fixture
def letter(db):
    row = Letter.unsealed()
    begin(row, by=None, now=NOW)
    return row


def test_sealed_row_saved_outside_its_service_is_refused(letter):
    letter.status = Letter.Status.SENT

    with pytest.raises(SealedError):
        letter.save()


@pytest.mark.parametrize(
    "write",
    [
        lambda: Letter.objects.update(status="sent"),
        lambda: Letter.objects.all().delete(),
        lambda: Letter.objects.create(),
        lambda: Letter.objects.bulk_create([Letter()]),
        lambda: Letter.objects.bulk_update(list(Letter.objects.all()), ["status"]),
        lambda: Letter.objects.get().delete(),
    ],
)
def test_sealed_rows_refuse_every_way_of_writing(letter, write):
    with pytest.raises(SealedError):
        write()


def test_sealed_row_written_inside_writing_is_kept(letter):
    with writing(Letter):
        Letter.objects.update(status="sent", sent_at=NOW)

    assert Letter.objects.get().status == "sent"


def test_writing_closes_again_after_an_error(letter):
    with pytest.raises(ZeroDivisionError), writing(Letter):
        raise ZeroDivisionError

    with pytest.raises(SealedError):
        letter.save()


def test_legal_move_writes_state_stamp_and_history(letter):
    transition(letter, "sent", by=None, now=NOW, why="By second post", sent_at=NOW)

    kept = Letter.objects.get()
    assert (kept.status, kept.sent_at, letter.status) == ("sent", NOW, "sent")
    assert list(kept.history.values_list("from_status", "to_status", "why")) == [
        ("", "written", ""),
        ("written", "sent", "By second post"),
    ]


def test_illegal_move_is_refused_with_a_sentence_and_changes_nothing(letter):
    with pytest.raises(IllegalMoveError, match="cannot become “answered”"):
        transition(letter, "answered", by=None, now=NOW)

    assert Letter.objects.get().status == "written"
    assert LetterHistory.objects.count() == 1


def test_move_whose_history_fails_is_not_kept(letter):
    with pytest.raises(DatabaseError):
        transition(letter, "sent", by=None, now=NOW, why="x" * 501, sent_at=NOW)

    assert Letter.objects.get().status == "written"


def test_stale_copy_cannot_repeat_a_move(letter):
    stale = Letter.objects.get()
    transition(letter, "sent", by=None, now=NOW, sent_at=NOW)

    with pytest.raises(IllegalMoveError):
        transition(stale, "sent", by=None, now=NOW, sent_at=NOW)

    assert LetterHistory.objects.filter(to_status="sent").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_at_once_one_wins_and_one_is_told():
    row = Letter.unsealed()
    start = threading.Barrier(2)
    outcomes: list[str] = []

    def press() -> None:
        mine = Letter.objects.get(pk=row.pk)
        start.wait(timeout=10)
        try:
            transition(mine, "sent", by=None, now=NOW, sent_at=NOW)
            outcomes.append("won")
        except IllegalMoveError:
            outcomes.append("told")
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)

    assert sorted(outcomes) == ["told", "won"]
    assert LetterHistory.objects.filter(subject=row).count() == 1


@pytest.mark.parametrize("write", ["update", "delete"])
def test_history_is_append_only_in_the_database(letter, write):
    rows = LetterHistory.objects.all()

    with pytest.raises(DatabaseError, match="append_only"), transaction.atomic():
        rows.update(why="rewritten") if write == "update" else rows.delete()

    assert rows.get().why == ""


def test_paired_stamps_are_both_or_neither(letter):
    reader = get_user_model().objects.create(name="Mo", email="mo@example.org")
    with (
        pytest.raises(IntegrityError, match="letter_read_pair"),
        transaction.atomic(),
        writing(Letter),
    ):
        Letter.objects.update(read_at=NOW)

    with writing(Letter):
        Letter.objects.update(read_at=NOW, read_by=reader)

    assert Letter.objects.get().read_by == reader


@pytest.mark.parametrize(
    ("status", "sent_at", "kept"),
    [("written", None, True), ("sent", NOW, True), ("sent", None, False), ("written", NOW, False)],
)
def test_state_and_its_stamp_agree(letter, status, sent_at, kept):
    def write() -> None:
        with transaction.atomic(), writing(Letter):
            Letter.objects.update(status=status, sent_at=sent_at)

    if kept:
        write()
        assert Letter.objects.get().status == status
    else:
        with pytest.raises(IntegrityError, match="letter_sent_has_time"):
            write()
