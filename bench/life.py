"""python -m bench.life fill FILES | pdf | copy: one life in the portal, and what is made of it.

A worker's process of its own, after bulk_demo wrote the work. `fill` adds what a partner writes,
links and files of 4 MB; `pdf` and `copy` make a partner's papers as the worker does, and print one
line of JSON: seconds (the median), megabytes at most, bytes, and the seconds of a plain way.
"""

import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import django

FIRST = "bulk-1-partner@example.org"
PIECES = 500  # of work, told in full
FILE_MB = 4
ROUNDS = 3
PIECE = 256 * 1024
_WORDS = (
    "I told them how long the corridor is when each step hurts, and what it means to be asked "
    "first. We looked at the letter together; it says now what happens next, who rings, and when. "
)
# What the PDF says, set by typst with no headings, no tags and no standard.
_PLAIN = '#set text(font: "Arimo")\n#for one in json("words.json") { par(one) }\n'
_SET = "import sys, typst; typst.compile(sys.argv[1], sys.argv[2], font_paths=[sys.argv[3]])"


def main() -> None:
    django.setup()
    what = sys.argv[1]
    if what == "fill":
        _fill(int(sys.argv[2]))
    else:
        print(json.dumps({"pdf": _pdf, "copy": _copy}[what]()))


# --- What a partner adds -------------------------------------------------------------------------
def _fill(with_file: int) -> None:
    from django.db import transaction  # noqa: PLC0415 - after django.setup()
    from django.utils import timezone  # noqa: PLC0415

    from partners.models import Contribution, Evidence, PortfolioEntry, ThankYou  # noqa: PLC0415
    from partners.services import files, ledger  # noqa: PLC0415

    now, partner = timezone.now(), _partner()
    work = Contribution.objects.of(partner).standing().order_by("-happened_on", "-pk")[:PIECES]
    with transaction.atomic():
        for row in work:
            ledger.reflect(contribution=row, text=_WORDS * 3, by=partner.user, now=now)
        entries = PortfolioEntry.objects.bulk_create(
            PortfolioEntry(
                contribution=row, role="Speaker", brought=_WORDS * 2, changed=_WORDS, changed_at=now
            )
            for row in work
        )
        Evidence.objects.bulk_create(
            Evidence(entry=entry, title="The letter", link="https://example.org/", added_at=now)
            for entry in entries[::2]
        )
        ThankYou.objects.bulk_create(
            ThankYou(
                contribution=row,
                name="Sam Reed",
                email="sam@example.org",
                token_hash=f"{row.pk:064}",
                asked_at=now,
                expires_at=now + timedelta(days=30),
                words="You changed how we write to people.",
                given_at=now,
                shown_at=now,
            )
            for row in work[::5]
        )
    for number, entry in enumerate(entries[:with_file]):
        file = files.store(
            programme=partner.programme,
            name=f"Talk {number}.pdf",
            media_type="application/pdf",
            content=[random.Random(number).randbytes(FILE_MB * 1024 * 1024)],
            now=now,
        )
        Evidence.objects.create(entry=entry, title="My talk", file=file, added_at=now)


def _partner() -> Any:
    from partners.models import Partner  # noqa: PLC0415

    return Partner.objects.select_related("user", "programme").get(user__email=FIRST)


# --- What is made --------------------------------------------------------------------------------
def _pdf() -> dict[str, Any]:
    from django.utils import timezone  # noqa: PLC0415

    from partners.models import PortfolioPdf  # noqa: PLC0415
    from partners.services import portfolio_export, portfolio_pdf  # noqa: PLC0415

    partner = _partner()
    chosen = list(portfolio_export.chosen_of(partner, None).values_list("pk", flat=True)[:PIECES])

    def make() -> Any:
        now = timezone.now()
        entries = {"contributions": chosen, "with_reflections": True}
        job = PortfolioPdf.objects.create(
            partner=partner, entries=entries, total=len(chosen), asked_at=now, asked_by=partner.user
        )
        portfolio_pdf.make_pdf(pk=job.pk, now=now)
        return job

    result, _ = _measured(make)
    rows = portfolio_export.chosen_of(partner, chosen)
    words = [
        text
        for row in portfolio_export.told(rows, with_reflections=True)
        for text in (*row.values(), *(thanks["words"] for thanks in row["thanks"]))
        if isinstance(text, str) and text
    ]
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "words.json").write_text(json.dumps(words), encoding="utf-8")
        (Path(folder) / "plain.typ").write_text(_PLAIN, encoding="utf-8")
        paths = [f"{folder}/plain.typ", f"{folder}/plain.pdf", str(portfolio_pdf._FONTS)]
        plain = _median(lambda: subprocess.run([sys.executable, "-c", _SET, *paths], check=True))
    return {**result, "pieces": len(chosen), "plain_seconds": plain}


def _copy() -> dict[str, Any]:
    from django.db import transaction  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415

    from partners.models import DataCopy  # noqa: PLC0415
    from partners.services import data_copy, files  # noqa: PLC0415

    partner = _partner()

    def make() -> Any:
        now = timezone.now()
        job = DataCopy.objects.create(
            user=partner.user, programme=partner.programme, asked_at=now, asked_by=partner.user
        )
        data_copy.make_copy(pk=job.pk, now=now)
        return job

    result, job = _measured(make)
    with tempfile.TemporaryFile() as kept:
        for piece in files.stream(job.file):
            kept.write(piece)
        made = zipfile.ZipFile(kept)

        def plainly() -> None:
            with tempfile.TemporaryFile() as out, transaction.atomic():
                with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
                    for name in made.namelist():
                        with made.open(name) as whence, archive.open(name, "w") as to:
                            for piece in _pieces(whence):
                                to.write(piece)
                out.seek(0)
                files.store(
                    programme=partner.programme,
                    name="plain.zip",
                    media_type="application/zip",
                    content=_pieces(out),
                    now=timezone.now(),
                )
                transaction.set_rollback(True)

        plain = _median(plainly)
    return {**result, "rows": job.done, "plain_seconds": plain}


def _pieces(file: Any) -> Iterator[bytes]:
    return iter(lambda: file.read(PIECE), b"")


# --- Measuring -----------------------------------------------------------------------------------
def _measured(make: Callable[[], Any]) -> tuple[dict[str, Any], Any]:
    """What `make` takes of this process and of those it starts, and the last job made."""
    jobs: list[Any] = []
    with _Children() as children:
        seconds = _median(lambda: jobs.append(make()))
    job = jobs[-1]
    job.refresh_from_db()
    if job.file is None:
        sys.exit(f"It was not made: {job.error}")
    mine = _peak_mb("self")
    return {
        "seconds": seconds,
        "worker_mb": mine,
        "typesetter_mb": children.peak_mb,
        "bytes": job.file.size,
    }, job


def _median(act: Callable[[], Any]) -> float:
    took = []
    for _ in range(ROUNDS):
        began = time.monotonic()
        act()
        took.append(time.monotonic() - began)
    return statistics.median(took)


class _Children(threading.Thread):
    """The largest peak among the processes that this one starts.

    Looked at while they run: the kernel's own sum at their end begins with the parent's size.
    """

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.peak_mb = 0.0
        self._over = threading.Event()

    def __enter__(self) -> "_Children":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self.join()

    def run(self) -> None:
        started = Path(f"/proc/self/task/{os.getpid()}/children")
        while not self._over.wait(0.005):
            self.peak_mb = max([self.peak_mb, *_peaks(started.read_text().split())])


def _peaks(pids: Iterable[str]) -> Iterator[float]:
    for pid in pids:
        try:
            # Before it becomes another program, a child is a copy of this one.
            if b"typesetter" in Path(f"/proc/{pid}/cmdline").read_bytes():
                yield _peak_mb(pid)
        except OSError:
            continue  # it has ended


def _peak_mb(pid: str) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    return 0.0  # it is ending


if __name__ == "__main__":
    main()
