"""The components of the portal's pages; each has one template in templates/nhsuk/components/."""

from collections.abc import Iterable
from datetime import date, datetime
from itertools import count
from typing import Any

from django import forms, template
from django.core.paginator import Page
from django.http import QueryDict
from django.template.context import Context
from django.template.loader import get_template
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.text import slugify

from nhsuk import components as c
from nhsuk.forms import error_links

register = template.Library()

# Words of states over all apps; an unknown one is grey. Colour is never the only sign.
STATE_COLOURS = {
    "green": {
        "accepted", "active", "approved", "attended", "available", "completed", "confirmed", "done",
        "paid", "published", "released", "sent", "yes", "valid", "current", "reconciled",
    },
    "blue": {
        "in_progress", "invited", "new", "open", "planned", "proposed", "requested", "scheduled",
        "submitted", "exported", "offered", "started",
    },
    "yellow": {
        "awaiting", "due", "due_soon", "maybe", "on_hold", "paused", "pending", "queried",
        "returned", "running", "waiting", "expiring", "queued",
    },
    "red": {"failed", "overdue", "rejected", "expired", "did_not_attend", "missed", "held"},
    "grey": {
        "archived", "cancelled", "closed", "declined", "draft", "ended", "left", "no",
        "not_started", "withdrawn", "superseded", "locked",
    },
}  # fmt: skip
COLOUR_OF_STATE = {state: colour for colour, states in STATE_COLOURS.items() for state in states}


def _draw(component: str, **parts: Any) -> SafeString:
    return get_template(f"nhsuk/components/{component}.html").render(parts)


def next_id(context: Context, kind: str) -> str:
    """Return an id that no other component of this page has."""
    counter = context.render_context.setdefault("nhsuk_ids", count(1))
    return f"{kind}-{next(counter)}"


# Words


@register.filter
def minutes(value: int | None) -> str:
    """Say a number of minutes as people do: "45 minutes", "1 hour 30 minutes"."""
    if not value:
        return ""
    hours, rest = divmod(int(value), 60)
    said = []
    if hours:
        said.append(f"{hours} hour{'s' if hours != 1 else ''}")
    if rest:
        said.append(f"{rest} minute{'s' if rest != 1 else ''}")
    return " ".join(said)


@register.filter
def pounds(value: Any) -> str:
    """Write an amount as pounds and pence: £1,234.50."""
    if value is None or value == "":
        return ""
    return f"-£{-value:,.2f}" if value < 0 else f"£{value:,.2f}"


@register.filter
def day(value: date | datetime | str | None) -> str:
    """Write a day as people say it: Tuesday 4 November 2026."""
    if not isinstance(value, date):
        return value or ""
    if isinstance(value, datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    return f"{value:%A %-d %B %Y}"


@register.filter
def clock(value: Any) -> str:
    """Write a time as the NHS does: 9am, 2:30pm, midday, midnight."""
    if not value:
        return ""
    if isinstance(value, datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    if (value.hour, value.minute) in {(0, 0), (12, 0)}:
        return "midday" if value.hour else "midnight"
    shown = f"{value.hour % 12 or 12}" + (f":{value.minute:02d}" if value.minute else "")
    return shown + ("am" if value.hour < 12 else "pm")


@register.filter
def moment(value: datetime | date | str | None) -> str:
    """Write a day, and the time where there is one: 4 November 2026 at 2:30pm."""
    if isinstance(value, datetime):
        local = timezone.localtime(value) if timezone.is_aware(value) else value
        return f"{local:%-d %B %Y} at {clock(local)}"
    if isinstance(value, date):
        return f"{value:%-d %B %Y}"
    return value or ""


# Small things


@register.simple_tag
def tag(text: str, colour: str = "") -> SafeString:
    return _draw("tag", text=text, colour=colour)


@register.simple_tag
def state_tag(state: str, label: str = "") -> SafeString:
    """A state as a tag: {% state_tag claim.state claim.get_state_display %}."""
    state = str(state)
    text = label or state.replace("_", " ").capitalize()
    return _draw("tag", text=text, colour=COLOUR_OF_STATE.get(state.lower(), "grey"))


@register.simple_tag
def button(text: str, url: str, kind: str = "", hidden: str = "") -> SafeString:
    """A link that looks like a button; kind "" (green), "secondary", "reverse" or "warning".

    hidden: words for those who do not see what the button stands beside.
    """
    return _draw("button", text=text, url=url, kind=kind, hidden=hidden)


@register.simple_tag(takes_context=True)
def post_button(
    context: Context, text: str, url: str, kind: str = "", hidden: str = "", **values: Any
) -> SafeString:
    """A button in a form of its own; further arguments are sent as hidden fields."""
    request = context.get("request")
    html = get_template("nhsuk/components/post_button.html")
    parts = {"text": text, "url": url, "kind": kind, "hidden": hidden, "values": values.items()}
    return html.render(parts, request)


@register.simple_tag
def action_link(text: str, url: str) -> SafeString:
    return _draw("action_link", text=text, url=url)


@register.simple_tag
def back_link(url: str, text: str = "Back") -> SafeString:
    return _draw("back_link", url=url, text=text)


@register.simple_tag
def breadcrumbs(*crumbs: Any) -> SafeString:
    """{% breadcrumbs "Home" "/" "Diary" "/diary/" %} or {% breadcrumbs list %}."""
    if len(crumbs) == 1 and not isinstance(crumbs[0], str):
        shown = c.parts(c.Crumb, crumbs[0])
    else:
        shown = [c.Crumb(*pair) for pair in zip(crumbs[::2], crumbs[1::2], strict=True)]
    return _draw("breadcrumbs", crumbs=shown, last=shown[-1] if shown else None)


# Blocks


@register.simple_block_tag
def card(
    content: str, heading: str = "", url: str = "", level: int = 2, kind: str = ""
) -> SafeString:
    """kind: "" , "feature", "secondary"; with url the heading is a link and the card too."""
    return _draw("card", content=content, heading=heading, url=url, level=level, kind=kind)


@register.simple_block_tag
def panel(content: str, heading: str) -> SafeString:
    """The confirmation at the top of a page; its heading is the page's h1."""
    return _draw("panel", content=content, heading=heading)


@register.simple_block_tag
def warning_callout(content: str, heading: str = "Important", level: int = 2) -> SafeString:
    return _draw("warning_callout", content=content, heading=heading, level=level)


@register.simple_block_tag
def inset(content: str) -> SafeString:
    return _draw("inset", content=content)


@register.simple_block_tag
def details(content: str, summary: str, expander: bool = False, open: bool = False) -> SafeString:  # noqa: A002 - the attribute's own name
    return _draw("details", content=content, summary=summary, expander=expander, open=open)


@register.simple_block_tag
def empty_state(content: str, heading: str, action: str = "", url: str = "") -> SafeString:
    """What would be here, and how to begin."""
    return _draw("empty_state", content=content, heading=heading, action=action, url=url)


@register.simple_block_tag
def quote_card(
    content: str, title: str = "What changed because of you", by: str = "", url: str = ""
) -> SafeString:
    """The words of others, or the latest impact; url leads to the whole story."""
    return _draw("quote_card", content=content, title=title, by=by, url=url)


@register.simple_block_tag
def this_month(
    content: str, title: str = "This month", url: str = "", link: str = ""
) -> SafeString:
    """One sentence about the pace a partner chose."""
    return _draw("this_month", content=content, title=title, url=url, link=link)


# Facts, tasks, histories


@register.simple_tag
def summary_list(rows: Iterable[Any], borders: bool = True) -> SafeString:
    """rows: SummaryRow(key, value, href, action), mappings or tuples of the same."""
    shown = c.parts(c.SummaryRow, rows)
    return _draw("summary_list", rows=shown, borders=borders, actions=any(r.href for r in shown))


@register.simple_block_tag
def summary(content: str, borders: bool = True) -> SafeString:
    """{% summary %}{% row "When" %}Tuesday{% endrow %}{% endsummary %}"""
    return _draw("summary", content=content, borders=borders)


@register.simple_block_tag
def row(content: str, key: str, href: str = "", action: str = "Change") -> SafeString:
    return _draw("summary_row", content=content, key=key, href=href, action=action)


@register.simple_tag(takes_context=True)
def task_list(context: Context, items: Iterable[Any]) -> SafeString:
    """items: TaskItem(title, href, status, colour, hint)."""
    shown = c.parts(c.TaskItem, items)
    return _draw("task_list", items=shown, list_id=next_id(context, "tasks"))


@register.simple_tag
def todo_list(items: Iterable[Any], empty: str = "Nothing waits for you.") -> SafeString:
    """items: ToDo(title, url, minutes, hint)."""
    return _draw("todo_list", items=c.parts(c.ToDo, items), empty=empty)


@register.simple_tag(takes_context=True)
def next_card(context: Context, thing: Any, title: str = "Next") -> SafeString:
    """The large card of a partner's home; thing: NextThing or None."""
    shown = c.parts(c.NextThing, [thing])[0] if thing else None
    return _draw("next_card", thing=shown, title=title, card_id=next_id(context, "next"))


@register.simple_tag
def welcome(steps: Iterable[Any], name: str = "", programme: str = "") -> SafeString:
    """A new partner's home: three steps; steps: Step(title, text, url, minutes, done)."""
    shown = c.parts(c.Step, steps)
    first = next((step for step in shown if not step.done and step.url), None)
    return _draw("welcome", steps=shown, name=name, programme=programme, first=first)


@register.simple_tag
def timeline(events: Iterable[Any], heading: str = "What happened", level: int = 2) -> SafeString:
    """events: Event(what, when, note), newest first."""
    return _draw("timeline", events=c.parts(c.Event, events), heading=heading, level=level)


# Tables and lists


@register.simple_tag
def table(
    columns: Iterable[Any],
    rows: Iterable[Iterable[Any]],
    caption: str = "",
    first_is_header: bool = True,
) -> SafeString:
    """A table that becomes cards on a narrow screen; a cell's text is escaped unless safe."""
    heads = c.parts(c.Column, columns)
    body = [list(zip(heads, cells, strict=True)) for cells in rows]
    return _draw(
        "table", columns=heads, rows=body, caption=caption, first_is_header=first_is_header
    )


@register.simple_block_tag
def responsive_table(content: str, headings: str, caption: str = "") -> SafeString:
    """{% responsive_table "When|What|Minutes#" "Your work" %}<tr role="row">{% cell "When" %}...

    A heading that ends in # is a column of numbers.
    """
    heads = [c.Column(h.removesuffix("#"), h.endswith("#")) for h in headings.split("|")]
    return _draw("responsive_table", content=content, columns=heads, caption=caption)


@register.simple_block_tag
def cell(content: str, label: str = "", numeric: bool = False, header: bool = False) -> SafeString:
    return _draw("cell", content=content, label=label, numeric=numeric, header=header)


def _without_page(context: Context) -> QueryDict:
    request = context.get("request")
    query = request.GET.copy() if request else QueryDict(mutable=True)
    query.pop("page", None)
    return query


@register.simple_tag(takes_context=True)
def pagination(context: Context, page: Page) -> SafeString:
    """Links to the pages of a list, with the filters that are set."""
    query = _without_page(context)

    def link(number: int) -> str:
        query["page"] = str(number)
        return f"?{query.urlencode()}"

    total = page.paginator.num_pages
    near = [n for n in range(1, total + 1) if n in {1, total} or abs(n - page.number) <= 1]
    items: list[dict[str, Any]] = []
    for before, number in zip([0, *near], near, strict=False):
        if number > before + 1:
            items.append({"gap": True})
        items.append(
            {"gap": False, "number": number, "href": link(number), "here": number == page.number}
        )
    return _draw(
        "pagination",
        items=items if total > 1 else [],
        previous=link(page.number - 1) if page.has_previous() else "",
        following=link(page.number + 1) if page.has_next() else "",
        capped_end=getattr(page.paginator, "capped", False) and not page.has_next(),
        shown=f"{page.paginator.count:,}",
    )


@register.simple_tag
def page_line(page: Page, one: str = "result", many: str = "results") -> SafeString:
    """Say what is shown and how many: "1 to 50 of more than 1,000 contributions"."""
    paginator = page.paginator
    return _draw(
        "page_line",
        first=f"{page.start_index():,}",
        last=f"{page.end_index():,}",
        count=paginator.count,
        count_text=getattr(paginator, "count_text", f"{paginator.count:,}"),
        one=one,
        many=many,
    )


@register.simple_tag
def filter_tags(tags: Iterable[Any], clear_url: str = "") -> SafeString:
    """Chosen filters, each with a link that takes it away; tags: FilterTag(label, value, url)."""
    return _draw("filter_tags", tags=c.parts(c.FilterTag, tags), clear_url=clear_url)


@register.simple_tag
def progress(
    url: str,
    done: int = 0,
    total: int = 0,
    label: str = "Working",
    running: bool = True,
    message: str = "",
    every: int = 2,
) -> SafeString:
    """A job's progress, fetched again every few seconds while it runs.

    url answers the same fragment; message says the end of it ("Ready: 120 rows").
    """
    return _draw(
        "progress",
        url=url,
        done=done,
        total=total,
        label=label,
        running=running,
        message=message,
        every=every,
        job_id=f"progress-{slugify(url)}",
    )


# Messages and errors


@register.simple_tag
def notification(text: str, kind: str = "", title: str = "") -> SafeString:
    """kind: "" or "success"."""
    return _draw("notification", items=[text], kind=kind, title=title, banner_id="notification")


@register.simple_tag
def message_banners(messages: Iterable[Any]) -> SafeString:
    """Django's messages: what went well in one banner, the rest in another."""
    good, other = [], []
    for message in messages:
        (good if "success" in message.tags.split() else other).append(message)
    return _draw("messages", good=good, other=other)


@register.simple_tag
def error_summary(*shown: Any) -> SafeString:
    """Everything wrong with the forms (or formsets) given; nothing when all is well."""
    bound = [f for f in shown if isinstance(f, forms.BaseForm | forms.BaseFormSet) and f.is_bound]
    return _draw("error_summary", links=error_links(*bound))


@register.filter
def has_errors(form: Any) -> bool:
    if isinstance(form, forms.BaseFormSet):
        return form.is_bound and bool(form.total_error_count())
    return isinstance(form, forms.BaseForm) and form.is_bound and bool(form.errors)
