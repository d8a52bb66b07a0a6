"""Where everything in a drawing stands. Shapes and words tell what colour tells too."""

from nhsuk.charts.marks import Mark, MarkLine, marks
from nhsuk.charts.over_time import TimeLine, over_time, spark
from nhsuk.charts.xmr import XmrPoint, special, xmr

__all__ = [
    "Mark",
    "MarkLine",
    "TimeLine",
    "XmrPoint",
    "marks",
    "over_time",
    "spark",
    "special",
    "xmr",
]
