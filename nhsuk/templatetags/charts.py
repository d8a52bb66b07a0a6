"""Charts as inline SVG: each with a title and a description, and its table beside it."""

from collections.abc import Sequence
from typing import Any

from django import template
from django.template.context import Context
from django.template.loader import get_template
from django.utils.safestring import SafeString

from nhsuk import charts
from nhsuk.templatetags.nhsuk import next_id

register = template.Library()


@register.simple_tag(takes_context=True)
def chart_marks(
    context: Context,
    title: str,
    words: str,
    lines: Sequence[charts.MarkLine],
    lowest: float,
    highest: float,
) -> SafeString:
    """Marks of different shape on one line for each item; `words` say what it shows."""
    return _draw(
        context,
        "chart_marks",
        title=title,
        words=words,
        drawing=charts.marks(lines, lowest, highest),
    )


@register.simple_tag(takes_context=True)
def chart_xmr(
    context: Context,
    title: str,
    words: str,
    points: Sequence[charts.XmrPoint],
    lowest: float = 0,
    highest: float = 100,
    lines: Any = None,
) -> SafeString:
    """An XmR chart; `lines` has mean, lower and upper, or is None for points alone."""
    levels = {name: getattr(lines, name, None) for name in ("mean", "lower", "upper")}
    drawings = [
        charts.xmr(points, lowest=lowest, highest=highest, size=size, **levels)
        for size in ("phone", "desk")
    ]
    return _draw(
        context,
        "chart_xmr",
        title=title,
        words=words,
        drawings=drawings,
        special=charts.special(points),
    )


@register.simple_tag(takes_context=True)
def chart_time(
    context: Context,
    title: str,
    words: str,
    lines: Sequence[charts.TimeLine],
    periods: Sequence[tuple[str, str]],
    lowest: float = 0,
    highest: float = 100,
) -> SafeString:
    """Sides over time on one scale, each a line that is named where it ends."""
    drawings = [
        charts.over_time(lines, periods, lowest=lowest, highest=highest, size=size)
        for size in ("phone", "desk")
    ]
    return _draw(context, "chart_time", title=title, words=words, drawings=drawings)


@register.simple_tag(takes_context=True)
def chart_spark(
    context: Context, title: str, values: Sequence[float], lowest: float = 0, highest: float = 100
) -> SafeString | str:
    """A small line of values; nothing for fewer than two. `title` says what it shows."""
    drawing = charts.spark(values, lowest=lowest, highest=highest)
    return _draw(context, "chart_spark", title=title, drawing=drawing) if drawing else ""


def _draw(context: Context, component: str, **parts: Any) -> SafeString:
    parts["chart_id"] = next_id(context, "chart")
    return get_template(f"nhsuk/components/{component}.html").render(parts)
