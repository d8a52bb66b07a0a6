"""Writing a draft: its items, what its marks mean, and its scores."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from observations.forms.instruments_admin import (
    AnchorsForm,
    ItemForm,
    MarksForm,
    ScaleForm,
    SureForm,
)
from observations.models import InstrumentVersion, Item, Scale
from observations.rules import instruments as rules
from observations.services import instrument_parts
from partners.admin.asking import AskingAdmin
from partners.admin.choosing import posted
from partners.services.refusal import Refusal

_PAGE = "admin:observations_instrumentversion_change"


class DraftPages(AskingAdmin):
    """Pages that write what a version is made of; a version in use has none of them."""

    programme_path = "instrument__programme"
    found_with = ("instrument__programme", "follows")

    def draft_urls(self) -> list[URLPattern]:
        name = "observations_instrumentversion_{}".format
        at = "<int:pk>/"
        return [
            path(f"{at}items/add/", self.page(self.add_item), name=name("add_item")),
            path(f"{at}items/<int:part>/", self.page(self.item), name=name("item")),
            path(f"{at}items/<int:part>/up/", self.page(self.item_up), name=name("item_up")),
            path(f"{at}items/<int:part>/down/", self.page(self.item_down), name=name("item_down")),
            path(
                f"{at}items/<int:part>/remove/", self.page(self.drop_item), name=name("drop_item")
            ),
            path(f"{at}marks/", self.page(self.marks), name=name("marks")),
            path(f"{at}words/", self.page(self.anchors), name=name("words")),
            path(f"{at}scores/add/", self.page(self.add_scale), name=name("add_scale")),
            path(f"{at}scores/<int:part>/", self.page(self.scale), name=name("scale")),
            path(
                f"{at}scores/<int:part>/remove/",
                self.page(self.drop_scale),
                name=name("drop_scale"),
            ),
        ]

    def to_keep(self, request: HttpRequest, pk: int) -> InstrumentVersion:
        """The version, for somebody who may write it."""
        found: InstrumentVersion = self.found(request, pk)
        if not rules.may_keep(request.user, found.instrument):
            raise PermissionDenied
        return found

    def ask_about(
        self,
        request: HttpRequest,
        version: InstrumentVersion,
        form: Any,
        do: Callable[[], Any],
        title: str,
        **context: Any,
    ) -> HttpResponse:
        """Ask for something of `version`, and lead back to its page."""
        values = {"done": "Saved.", "intro": "", **context}
        return self.ask(
            request,
            form,
            do,
            title=title,
            back=reverse(_PAGE, args=[version.pk]),
            back_text=str(version),
            **values,
        )

    def press(
        self, request: HttpRequest, version: InstrumentVersion, do: Callable[[], str]
    ) -> HttpResponse:
        """Do what a button asks, and say so on the version's page."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        try:
            messages.success(request, do())
        except Refusal as refusal:
            messages.warning(request, str(refusal))
        return redirect(_PAGE, version.pk)

    # Items

    def add_item(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Add an item at the end."""
        version = self.to_keep(request, pk)
        form = ItemForm(posted(request), item=None, count=0)
        return self.ask_about(
            request,
            version,
            form,
            lambda: instrument_parts.add_item(
                version=version, by=request.user, now=timezone.now(), **form.cleaned_data
            ),
            "A new item",
            done="The item is there.",
        )

    def item(self, request: HttpRequest, pk: int, part: int) -> HttpResponse:
        """Change the words of an item, and its place."""
        version, item = self._item(request, pk, part)
        form = ItemForm(posted(request), item=item, count=version.items.count())

        return self.ask_about(
            request,
            version,
            form,
            lambda: instrument_parts.change_item(
                item=item, by=request.user, now=timezone.now(), **form.cleaned_data
            ),
            f"Item {item.number}: {item.short}",
        )

    def item_up(self, request: HttpRequest, pk: int, part: int) -> HttpResponse:
        """Let an item change places with the one before."""
        return self._moved(request, pk, part, -1)

    def item_down(self, request: HttpRequest, pk: int, part: int) -> HttpResponse:
        """Let an item change places with the one after."""
        return self._moved(request, pk, part, 1)

    def _moved(self, request: HttpRequest, pk: int, part: int, by: int) -> HttpResponse:
        version, item = self._item(request, pk, part)

        def move() -> str:
            to = item.number + by
            instrument_parts.move_item(item=item, to=to, by=request.user, now=timezone.now())
            return f"“{item.short}” is item {to} now."

        return self.press(request, version, move)

    def drop_item(self, request: HttpRequest, pk: int, part: int) -> HttpResponse:
        """Take an item out."""
        version, item = self._item(request, pk, part)
        return self.ask_about(
            request,
            version,
            SureForm(posted(request)),
            lambda: instrument_parts.remove_item(item=item, by=request.user, now=timezone.now()),
            f"Remove item {item.number}: {item.short}?",
            done="The item is removed.",
            intro="The items after it move up by one, and scores go on without it. What people "
            "said about it stays with the draft.",
            danger=True,
        )

    def _item(self, request: HttpRequest, pk: int, part: int) -> tuple[InstrumentVersion, Item]:
        version = self.to_keep(request, pk)
        rows = Item.objects.visible_to(request.user).filter(version=version)  # type: ignore[arg-type]
        item = get_object_or_404(rows, pk=part)
        item.version = version
        return version, item

    # What marks mean

    def marks(self, request: HttpRequest, pk: int) -> HttpResponse:
        """From which mark to which."""
        version = self.to_keep(request, pk)
        initial = {"lowest": version.lowest, "highest": version.highest}
        form = MarksForm(posted(request), initial=initial)
        return self.ask_about(
            request,
            version,
            form,
            lambda: instrument_parts.set_marks(
                version=version, by=request.user, now=timezone.now(), **form.cleaned_data
            ),
            "Marks",
            intro="Every item gets a mark of this range. Words of marks outside it are dropped.",
        )

    def anchors(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What each mark means."""
        version = self.to_keep(request, pk)
        form = AnchorsForm(posted(request), version=version)
        return self.ask_about(
            request,
            version,
            form,
            lambda: instrument_parts.set_anchors(
                version=version, words=form.words(), by=request.user, now=timezone.now()
            ),
            "What the marks mean",
            intro="The lowest and the highest mark need words; those between may go without.",
        )

    # Scores

    def add_scale(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Add a score."""
        version = self.to_keep(request, pk)
        items = list(version.items.order_by("number"))
        form = ScaleForm(posted(request), scale=None, items=items)
        return self.ask_about(
            request,
            version,
            form,
            lambda: instrument_parts.add_scale(
                version=version, by=request.user, now=timezone.now(), **form.cleaned_data
            ),
            "A new score",
            intro="" if items else "Write the items first: a score says which of them count.",
        )

    def scale(self, request: HttpRequest, pk: int, part: int) -> HttpResponse:
        """Change a score."""
        version, scale = self.scale_of(request, pk, part)
        form = ScaleForm(posted(request), scale=scale, items=list(version.items.order_by("number")))
        return self.ask_about(
            request,
            version,
            form,
            lambda: instrument_parts.change_scale(
                scale=scale, by=request.user, now=timezone.now(), **form.cleaned_data
            ),
            f"The score “{scale.name}”",
        )

    def drop_scale(self, request: HttpRequest, pk: int, part: int) -> HttpResponse:
        """Take a score out."""
        version, scale = self.scale_of(request, pk, part)
        return self.ask_about(
            request,
            version,
            SureForm(posted(request)),
            lambda: instrument_parts.remove_scale(scale=scale, by=request.user, now=timezone.now()),
            f"Remove the score “{scale.name}”?",
            done="The score is removed.",
            intro="Its items stay.",
            danger=True,
        )

    def scale_of(self, request: HttpRequest, pk: int, part: int) -> tuple[InstrumentVersion, Scale]:
        """A version and one of its scores."""
        version = self.to_keep(request, pk)
        rows = Scale.objects.visible_to(request.user).filter(version=version)  # type: ignore[arg-type]
        scale = get_object_or_404(rows, pk=part)
        scale.version = version
        return version, scale
