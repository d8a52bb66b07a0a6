"""Text that a spreadsheet must not take for a formula."""

_FORMULA_STARTS = frozenset("=+-@＝＋－＠")


def neutral(text: str) -> str:
    """`text`, with an apostrophe before what looks like a formula."""
    if text[:1] in "\t\r\n" or text.lstrip()[:1] in _FORMULA_STARTS:
        return f"'{text}" if text else text
    return text
