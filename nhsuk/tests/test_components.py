"""Components as browsers get them: ids that meet, names that are said, text that is escaped."""

import re
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest
from django.http import Http404
from django.template import Context, Template
from django.test import RequestFactory

from nhsuk.components import NextThing, SummaryRow, TaskItem, ToDo, parts
from nhsuk.gallery import PAGES, GalleryForm, QuestionForm, gallery

EVIL = '<script>alert("x")</script>'


def draw(source: str, **context) -> str:
    return Template("{% load nhsuk %}" + source).render(Context(context))


class Page(HTMLParser):
    """Collects what a page promises about its own ids."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.wanted: set[str] = set()
        self.inline: list[str] = []
        self.headings: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if "id" in given:
            self.ids.append(given["id"])
        for name in ("aria-describedby", "aria-labelledby", "for", "aria-controls"):
            self.wanted |= set((given.get(name) or "").split())
        if (given.get("href") or "").startswith("#id_"):
            self.wanted.add(given["href"][1:])
        if tag in {"h1", "h2", "h3"}:
            self.headings.append(tag)
        if "style" in given or any(name.startswith("on") for name in given):
            self.inline.append(tag)


@pytest.fixture
def look(rf, settings):
    settings.DEMO = True

    def show(page: str, **query) -> Page:
        request = RequestFactory().get(f"/gallery/{page}/", query)
        # The page without its frame: header and menu need a person.
        return Page(re.sub(r"(?s).*<main", "<main", gallery(request, page).content.decode()))

    return show


@pytest.mark.parametrize("errors", [False, True])
@pytest.mark.parametrize("page", list(PAGES))
def test_gallery_page_keeps_its_promises(look, page, errors):
    shown = look(page, **({"errors": "1"} if errors else {}))

    assert len(shown.ids) == len(set(shown.ids))
    assert shown.wanted <= set(shown.ids)
    assert shown.headings.count("h1") == 1
    assert shown.inline == []


def test_gallery_is_not_there_outside_the_demo(rf, settings):
    settings.DEMO = False

    with pytest.raises(Http404):
        gallery(rf.get("/gallery/"))


@pytest.mark.parametrize(
    "source",
    [
        "{% tag evil %}",
        "{% state_tag 'draft' evil %}",
        "{% button evil evil %}",
        "{% action_link evil evil %}",
        "{% back_link evil evil %}",
        "{% breadcrumbs evil evil %}",
        "{% summary_list rows %}",
        "{% summary %}{% row evil evil %}{{ evil }}{% endrow %}{% endsummary %}",
        "{% task_list tasks %}",
        "{% todo_list todo %}",
        "{% next_card thing %}",
        "{% timeline events %}",
        "{% table columns cells evil %}",
        "{% responsive_table evil %}{% cell evil %}x{% endcell %}{% endresponsive_table %}",
        "{% card evil evil %}{{ evil }}{% endcard %}",
        "{% panel evil %}{{ evil }}{% endpanel %}",
        "{% warning_callout evil %}{{ evil }}{% endwarning_callout %}",
        "{% details evil %}{{ evil }}{% enddetails %}",
        "{% quote_card evil evil evil %}{{ evil }}{% endquote_card %}",
        "{% empty_state evil evil evil %}{{ evil }}{% endempty_state %}",
        "{% filter_tags tags evil %}",
        "{% notification evil %}",
        "{% progress evil 1 2 evil %}",
        "{% progress evil running=False message=evil %}",
        "{% post_button evil evil name=evil %}",
    ],
)
def test_component_escapes_what_people_typed(source):
    html = draw(
        source,
        evil=EVIL,
        rows=[SummaryRow(EVIL, EVIL, EVIL, EVIL)],
        tasks=[TaskItem(EVIL, EVIL, EVIL, "blue", EVIL)],
        todo=[ToDo(EVIL, EVIL, 2, EVIL)],
        thing=NextThing(*[EVIL] * 10),
        events=[(EVIL, EVIL, EVIL)],
        columns=[EVIL],
        cells=[[EVIL]],
        tags=[(EVIL, EVIL, EVIL)],
    )

    assert "alert(" in html
    assert "<script" not in html


def test_field_with_an_error_names_its_hint_and_its_error():
    html = str(GalleryForm({"email": "nobody"})["email"].as_field_group())

    assert 'aria-describedby="id_email_helptext id_email_error"' in html
    assert 'aria-invalid="true"' in html
    assert "Enter an e-mail address like name@example.com" in html


def test_counted_text_may_be_pasted_too_long_and_says_so():
    html = str(GalleryForm()["story"].as_field_group())

    assert "maxlength=" not in html.replace("data-maxlength", "")
    assert 'data-maxlength="500"' in html
    assert 'aria-describedby="id_story-info"' in html


def test_one_question_page_has_the_question_as_its_heading():
    html = str(QuestionForm()["answer"].as_field_group())

    assert '<h1 class="nhsuk-fieldset__heading">Can you take part on Tuesday?</h1>' in html


def test_error_summary_leads_to_the_first_control():
    html = draw("{% error_summary form %}", form=QuestionForm({}))

    assert '<a href="#id_answer_0">Choose an answer</a>' in html


def test_error_summary_of_a_form_without_mistakes_is_nothing():
    assert draw("{% error_summary form %}", form=QuestionForm()).strip() == ""


def test_title_of_a_page_with_mistakes_says_so_first(look, rf, settings):
    html = gallery(rf.get("/", {"errors": "1"}), "question").content.decode()

    assert "<title>Error: A question" in html


def test_task_without_a_link_cannot_be_started():
    html = draw("{% task_list tasks %}", tasks=[TaskItem("Send it", "", "Cannot start yet")])

    assert "<a" not in html
    assert "Cannot start yet" in html


@pytest.mark.parametrize("give", [("Name", "Mo"), {"key": "Name", "value": "Mo"}])
def test_parts_are_made_of_what_is_given(give):
    assert parts(SummaryRow, [give]) == [SummaryRow("Name", "Mo")]


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("{{ 90|minutes }}", "1 hour 30 minutes"),
        ("{{ 60|minutes }}", "1 hour"),
        ("{{ 1|minutes }}", "1 minute"),
        ("{{ amount|pounds }}", "£1,234.50"),
        ("{{ moment|clock }}", "2:30pm"),
        ("{{ moment|moment }}", "4 November 2026 at 2:30pm"),
        ("{{ moment|day }}", "Wednesday 4 November 2026"),
    ],
)
def test_words_for_people(source, said):
    moment = datetime(2026, 11, 4, 14, 30, tzinfo=UTC)

    assert draw(source, amount=1234.5, moment=moment) == said
