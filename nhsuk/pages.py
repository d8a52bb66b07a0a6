"""Pages of long lists, at a cost that does not grow with the table."""

from functools import cached_property
from typing import Any

from django.core.paginator import EmptyPage, Page, PageNotAnInteger, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest

CAP = 1000
PAGE_SIZE = 50


class CappedPaginator(Paginator):
    """Counts `cap` rows at most, and gives the nearest page for a number that is none.

    Fits ModelAdmin.paginator too. Rows past the cap are found by filtering, not by leafing:
    the last page says so.
    """

    cap = CAP

    def __init__(
        self,
        object_list: Any,
        per_page: int = PAGE_SIZE,
        orphans: int = 0,
        allow_empty_first_page: bool = True,
        **kwargs: Any,
    ) -> None:
        super().__init__(object_list, per_page, orphans, allow_empty_first_page, **kwargs)

    @cached_property
    def _seen(self) -> int:
        if isinstance(self.object_list, QuerySet):
            return self.object_list.order_by()[: self.cap + 1].count()
        return len(self.object_list)

    @cached_property
    def count(self) -> int:
        """Return how many rows the pages hold: all, or the cap."""
        return min(self._seen, self.cap)

    @property
    def capped(self) -> bool:
        return self._seen > self.cap

    @property
    def count_text(self) -> str:
        return f"more than {self.cap:,}" if self.capped else f"{self.count:,}"

    def nearest_number(self, number: Any) -> int:
        try:
            return self.validate_number(number)
        except PageNotAnInteger:
            return 1
        except EmptyPage:
            return 1 if int(number) < 1 else self.num_pages

    def page(self, number: Any) -> Page:
        return super().page(self.nearest_number(number))


def page_of(request: HttpRequest, rows: Any, per_page: int = PAGE_SIZE) -> Page:
    """Return the page of rows (in a stable order) that ?page= asks for."""
    return CappedPaginator(rows, per_page).page(request.GET.get("page", 1))
