"""Long lists: what is counted, and what a page number that is none leads to."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.template import Context, Template
from django.test import RequestFactory

from nhsuk.pages import CappedPaginator, page_of


class ShortPaginator(CappedPaginator):
    cap = 10


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ("1", 1),
        ("3", 3),
        ("99", 3),
        ("0", 1),
        ("-4", 1),
        ("", 1),
        ("two", 1),
        ("1e9", 1),
        (None, 1),
    ],
)
def test_page_number_that_is_none_gives_the_nearest(asked, given):
    assert CappedPaginator(list(range(120)), 50).page(asked).number == given


def test_page_of_nothing_is_an_empty_first_page():
    page = CappedPaginator([], 50).page("7")

    assert (page.number, list(page), page.paginator.count_text) == (1, [], "0")


@pytest.mark.parametrize(
    ("rows", "capped", "text"), [(10, False, "10"), (11, True, "more than 10")]
)
def test_count_stops_at_the_cap(rows, capped, text):
    paginator = ShortPaginator(list(range(rows)), 5)

    assert (paginator.count, paginator.capped, paginator.count_text) == (10, capped, text)
    assert paginator.num_pages == 2


@pytest.mark.django_db
def test_count_asks_the_database_for_the_cap_and_one(django_assert_num_queries):
    rows = ContentType.objects.order_by("pk")

    with django_assert_num_queries(1) as asked:
        counted = CappedPaginator(rows).count

    assert counted == len(rows)
    assert "LIMIT 1001" in asked.captured_queries[0]["sql"]


def test_line_says_what_is_shown_and_how_many():
    page = page_of(RequestFactory().get("/", {"page": "2"}), list(range(1300)))
    html = Template('{% load nhsuk %}{% page_line page "claim" "claims" %}').render(
        Context({"page": page})
    )

    assert "51 to 100 of more than 1,000 claims" in html


def test_links_keep_the_filters_and_escape_them():
    request = RequestFactory().get("/", {"q": '"><script>', "page": "2"})
    page = page_of(request, list(range(200)))
    html = Template("{% load nhsuk %}{% pagination page %}").render(
        Context({"page": page, "request": request})
    )

    assert 'href="?q=%22%3E%3Cscript%3E&amp;page=3"' in html
    assert html.count('aria-current="page"') == 1


def test_last_page_of_a_capped_list_says_where_the_rest_is():
    page = ShortPaginator(list(range(11)), 5).page(2)
    html = Template("{% load nhsuk %}{% pagination page %}").render(Context({"page": page}))

    assert "Only the first 10 are listed" in html
