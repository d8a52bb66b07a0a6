"""A copy of everything that is held about somebody: pages to read, and data, in one zip.

Made row by row and kept piece by piece: the copy of a long life here takes no more memory than a
short one's. Which models, and which of their fields, comes from `held`.
"""

import json
import re
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.search import SearchVectorField
from django.db import models, transaction
from django.db.models import OuterRef, QuerySet
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst, slugify

from accounts.models import Programme, User
from accounts.privacy import Sensitivity
from partners.models import DataCopy, Partner, StoredFile
from partners.rules import my_data as rules
from partners.services import files, held, jobs
from partners.services.held import Model
from partners.services.held_words import words_for
from partners.services.refusal import Refusal
from partners.services.told import told_by_constraints
from workflow.jobs import Job

TASK = "partners.tasks.make_data_copy"
KEPT_FOR = timedelta(days=7)
ROWS_ON_A_PAGE = 500
ROWS_AT_ONCE = 500
MEDIA_TYPE = "application/zip"
_PIECE = 256 * 1024
_PAGES = "partners/my_data/copy"
_STYLE = Path(settings.BASE_DIR) / "templates" / _PAGES / "style.css"
_SORRY = "The copy could not be made. Nothing is lost: ask for it again."


class CopyError(Refusal):
    """A copy cannot be asked for."""


@transaction.atomic
def ask_for_copy(*, user: User, programme: Programme | None, by: User, now: datetime) -> DataCopy:
    """Ask for a copy of what is held about `user`; a worker makes it. One at a time.

    One that is being made is returned. Raises CopyError for anybody else's copy.
    """
    if by.pk != user.pk:
        raise CopyError("Only the person themselves can ask for this copy.")
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    keeper = programme or Programme.objects.order_by("pk").first()
    if keeper is None:
        raise CopyError("There is no programme here yet that could hold anything.")
    return _asked(DataCopy(user=user, programme=keeper, asked_at=now, asked_by=by))


@transaction.atomic
def ask_for_copy_for(*, partner: Partner, by: User, now: datetime) -> DataCopy:
    """Ask for a copy to be handed to a partner without a sign-in; otherwise as `ask_for_copy`.

    Raises CopyError for a partner who signs in, and where `by` does not coordinate.
    """
    locked = Partner.objects.select_for_update(of=("self",)).get(pk=partner.pk)
    _refuse_unless_handed_over(by, locked)
    return _asked(DataCopy(partner=locked, programme=locked.programme, asked_at=now, asked_by=by))


def _asked(row: DataCopy) -> DataCopy:
    """`row`, or the copy of the same person that is being made."""
    same = DataCopy.objects.filter(user=row.user, partner=row.partner)
    under_way: DataCopy | None = same.filter(
        status__in=[DataCopy.Status.WAITING, DataCopy.Status.WORKING]
    ).first()
    if under_way is not None:
        return under_way
    with told_by_constraints(DataCopy, CopyError):
        jobs.ask(job=row, task=TASK)
    return row


@transaction.atomic
def hand_over(*, job: DataCopy, by: User, now: datetime) -> StoredFile:
    """The copy of a partner without a sign-in, for `by` to hand to them; that it was is kept.

    Raises CopyError where it is not there (any more), or is not theirs to hand over.
    """
    locked = DataCopy.objects.select_for_update(of=("self",)).get(pk=job.pk)
    if locked.partner is None:
        raise CopyError("Only the person themselves can take this copy.")
    _refuse_unless_handed_over(by, locked.partner)
    file: StoredFile | None = locked.file
    if file is None or locked.expires_at is None or locked.expires_at <= now:
        raise CopyError("The time of this copy is over. Make a new one.")
    locked.taken_at, locked.taken_by = now, by
    locked.save(update_fields=["taken_at", "taken_by"])
    return file


def _refuse_unless_handed_over(by: User, partner: Partner) -> None:
    if not rules.may_hand_copy(by, partner):
        raise CopyError(
            f"{partner.called} signs in, so the copy is theirs to take, under “What we hold "
            "about you”."
        )


def make_copy(*, pk: int, now: datetime, clock: Callable[[], datetime] = timezone.now) -> None:
    """Make one copy that waits, or whose worker died; the newest of a person's stays."""
    jobs.make(model=DataCopy, pk=pk, now=now, work=_make, sorry=_SORRY, clock=clock)


def drop_old(*, now: datetime) -> int:
    """Delete the files of copies whose time is over; returns how many."""
    over = DataCopy.objects.filter(expires_at__lte=now, file__isnull=False).select_related("file")
    return sum(_drop(job) for job in over.order_by("pk"))


def _drop(job: DataCopy) -> int:
    with transaction.atomic():
        locked = DataCopy.objects.select_for_update(of=("self",)).get(pk=job.pk)
        file = locked.file
        if file is None:
            return 0
        locked.file = None
        locked.save(update_fields=["file"])
        files.remove(file)
    return 1


def _make(hand: jobs.Hand) -> None:
    job = hand.job
    now = hand.clock()
    whose: User | Partner = job.user or job.partner
    with tempfile.TemporaryFile(prefix="copy-") as out:
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            _Copy(archive, hand, whose, job.programme, now).write()
        out.seek(0)
        with transaction.atomic():
            file = files.store(
                programme=job.programme,
                name=f"My data {timezone.localdate(now):%-d %B %Y}.zip",
                media_type=MEDIA_TYPE,
                content=iter(lambda: out.read(_PIECE), b""),
                now=now,
            )
            hand.finish(file=file, expires_at=hand.clock() + KEPT_FOR)
    same = DataCopy.objects.filter(user=job.user, partner=job.partner, file__isnull=False)
    for old in same.exclude(pk=job.pk).order_by("pk"):
        _drop(old)


# --- What is in it -------------------------------------------------------------------------------


class _Column:
    """A field of a model as the copy tells it: under which words, and of which value."""

    def __init__(self, field: Any) -> None:
        self.field = field
        self.name: str = field.name
        self.words = str(capfirst(field.verbose_name))
        self.label = _label_of(field)

    @property
    def values(self) -> dict[str, Any]:
        """What a query has to fetch."""
        if self.field.many_to_many:
            return {f"{self.name}__names": _names_of(self.field)}
        if self.label:
            return {f"{self.name}__label": models.F(f"{self.name}__{self.label}")}
        return {}

    def as_data(self, row: dict[str, Any]) -> Any:
        if self.field.many_to_many:
            return row[f"{self.name}__names"]
        value = row[self.name]
        if self.label and value is not None:
            return {"number": value, "name": row[f"{self.name}__label"]}
        return value

    def as_words(self, row: dict[str, Any]) -> str:
        if self.field.many_to_many:
            return ", ".join(row[f"{self.name}__names"])
        value = row[self.name]
        if value is None or value == "":
            return ""
        if self.label:
            return str(row[f"{self.name}__label"] or f"Number {value}")
        if self.field.remote_field:
            return f"Number {value}"
        if self.field.choices:
            return str(dict(self.field.flatchoices).get(value, value))
        if isinstance(value, bool):
            return "Yes" if value else "No"
        if isinstance(value, datetime):
            return date_format(timezone.localtime(value), "j F Y, H:i")
        if isinstance(value, date):
            return date_format(value, "j F Y")
        if isinstance(value, dict | list):
            return json.dumps(value, ensure_ascii=False, indent=1, default=str)
        return str(value)


def _label_of(field: Any) -> str:
    """The field of the row pointed to that names it, where that names nobody's secret."""
    target = field.remote_field.model if field.remote_field else None
    if target not in held.our_models():
        return ""
    harmless = {Sensitivity.NONE, Sensitivity.IDENTIFIES}
    told = held.told_by(target)
    return next((name for name in ("name", "title") if told.get(name) in harmless), "")


def _names_of(field: Any) -> ArraySubquery:
    through = field.remote_field.through._default_manager
    here, there = field.m2m_field_name(), field.m2m_reverse_field_name()
    found = through.filter(**{here: OuterRef("pk")}).values(f"{there}__{_label_of(field)}")
    return ArraySubquery(found.order_by(f"{there}__{_label_of(field)}"))


def columns_of(model: Model) -> list[_Column]:
    """The fields of `model` that its person may read."""
    hidden = held.IN_CONFIDENCE.get(model._meta.label, frozenset())
    told = held.told_by(model)
    return [
        _Column(field)
        for field in (*model._meta.concrete_fields, *model._meta.many_to_many)
        if told[field.name] is not Sensitivity.SECRET and field.name not in hidden
        if not isinstance(field, SearchVectorField | models.BinaryField)
        if not getattr(field, "generated", False)
        if not field.many_to_many or _label_of(field)
    ]


def fetched(rows: QuerySet[Any], columns: list[_Column]) -> Iterator[dict[str, Any]]:
    """`rows`, newest first, as plain values; read a few hundred at a time."""
    more = {name: value for column in columns for name, value in column.values.items()}
    plain = [column.name for column in columns if not column.field.many_to_many]
    found = rows.order_by("-pk").annotate(**more)
    yield from found.values("pk", *plain, *more).iterator(chunk_size=ROWS_AT_ONCE)


class _Copy:
    """One zip being written: pages and data of each kind of row, files, and the page of it all."""

    def __init__(
        self,
        archive: zipfile.ZipFile,
        hand: jobs.Hand,
        whose: User | Partner,
        programme: Programme,
        now: datetime,
    ) -> None:
        self.archive, self.hand, self.whose = archive, hand, whose
        self.programme, self.now = programme, now
        self.partner = whose if isinstance(whose, Partner) else None
        self.user = whose.user if isinstance(whose, Partner) else whose
        self.done = 0
        self.told: list[dict[str, Any]] = []

    def write(self) -> None:
        rows = held.rows_of(self.user, self.partner)
        counts = {model: mine.count() for model, mine in rows.items()}
        self.hand.progress(0, 2 * sum(counts.values()))
        with self.archive.open("style.css", "w") as to, _STYLE.open("rb") as style:
            shutil.copyfileobj(style, to)
        for model, mine in rows.items():
            if counts[model]:
                self._model(model, mine)
        if self.user is not None:
            self._acts(self.user)
        self._page("index.html", "index.html", kinds=self.told, name=self.whose.name)
        self.hand.progress(self.done, self.done)

    def _model(self, model: Model, mine: QuerySet[Any]) -> None:
        columns, name = columns_of(model), _file_name(model)
        title = str(capfirst(words_for(model)))
        data = f"data/{name}.json"
        number = self._data(
            data,
            (
                {column.name: column.as_data(row) for column in columns}
                for row in self._rows(mine, columns)
            ),
        )
        pages = []
        for page, rows in enumerate(_in_lots(self._rows(mine, columns), ROWS_ON_A_PAGE), start=1):
            path = f"pages/{name}.html" if page == 1 else f"pages/{name}-{page}.html"
            pages.append(path)
            told = [
                {
                    "number": row["pk"],
                    "lines": [
                        (column.words, words)
                        for column in columns
                        if column.name != model._meta.pk.name and (words := column.as_words(row))
                    ],
                }
                for row in rows
            ]
            last = (page * ROWS_ON_A_PAGE) >= number
            after = "" if last else f"{name}-{page + 1}.html"
            self._page(path, "page.html", title=title, rows=told, number=page, after=after)
        self.told.append({"title": title, "number": number, "pages": pages, "data": data})
        if not issubclass(model, Job):  # what was made from all this is not in it again
            self._files(model, mine)

    def _rows(self, mine: QuerySet[Any], columns: list[_Column]) -> Iterator[dict[str, Any]]:
        for row in fetched(mine, columns):
            self.done += 1
            if self.done % ROWS_AT_ONCE == 0:
                self.hand.progress(self.done)
            yield row

    def _data(self, path: str, rows: Iterable[dict[str, Any]]) -> int:
        """Write a JSON array, a row a line; returns how many."""
        number = 0
        with self.archive.open(path, "w", force_zip64=True) as to:
            to.write(b"[")
            for row in rows:
                text = json.dumps(row, ensure_ascii=False, default=_plain)
                to.write((",\n" if number else "\n").encode() + text.encode())
                number += 1
            to.write(b"\n]\n")
        return number

    def _page(self, path: str, template: str, **values: Any) -> None:
        context = {"programme": self.programme, "made": self.now, **values}
        with self.archive.open(path, "w") as to:
            to.write(render_to_string(f"{_PAGES}/{template}", context).encode())

    def _files(self, model: Model, mine: QuerySet[Any]) -> None:
        for name in held.files_of(model):
            there = StoredFile.objects.filter(pk__in=mine.values(name)).order_by("-pk")
            for file in there.iterator(chunk_size=ROWS_AT_ONCE):
                path = f"files/{file.pk}-{_safe(file.name)}"
                with self.archive.open(path, "w", force_zip64=True) as to:
                    self._stream(file, to)

    def _stream(self, file: StoredFile, to: IO[bytes]) -> None:
        for piece in files.stream(file):
            to.write(piece)
            self.hand.progress(self.done)

    def _acts(self, user: User) -> None:
        """What somebody did to rows that are other people's: that and when, none of their words."""
        counts: dict[str, int] = {}
        number = self._data("data/done-by-you.json", self._done_by(user, counts))
        if not number:
            return
        title, path = "What you did in the portal", "pages/done-by-you.html"
        self._page(path, "acts.html", title=title, counts=sorted(counts.items()))
        self.told.append(
            {"title": title, "number": number, "pages": [path], "data": "data/done-by-you.json"}
        )

    def _done_by(self, user: User, counts: dict[str, int]) -> Iterator[dict[str, Any]]:
        for model, names in held.acts().items():
            what = str(model._meta.verbose_name)
            for name in names:
                at = _time_of(model, name)
                mine = model._default_manager.filter(**{name: user.pk}).order_by("-pk")
                words = f"{capfirst(what)}: {name.replace('_', ' ')}"
                for row in mine.values("pk", *filter(None, [at])).iterator(ROWS_AT_ONCE):
                    counts[words] = counts.get(words, 0) + 1
                    yield {"what": what, "number": row["pk"], "as": name, "at": row.get(at)}


def _time_of(model: Model, name: str) -> str:
    """The field that says when somebody did it; empty where none does."""
    there = {field.name for field in model._meta.concrete_fields}
    asked = (f"{name.removesuffix('_by')}_at", "at", "written_at", "raised_at", "heard_on")
    return next((one for one in asked if one in there), "")


def _file_name(model: Model) -> str:
    return slugify(f"{model._meta.app_label} {model._meta.verbose_name_plural}")


def _safe(name: str) -> str:
    """A file's name that no system takes for a folder or a command."""
    return re.sub(r"[^\w.\- ]", "_", name).strip(". ")[:100] or "file"


def _in_lots(rows: Iterator[dict[str, Any]], size: int) -> Iterator[list[dict[str, Any]]]:
    lot: list[dict[str, Any]] = []
    for row in rows:
        lot.append(row)
        if len(lot) == size:
            yield lot
            lot = []
    if lot:
        yield lot


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)
