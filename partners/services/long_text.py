"""Text of several lines, as services keep it."""


def tidy_long(text: str) -> str:
    """`text` as it stands, with one kind of line end and nothing empty around it."""
    return "\n".join(text.strip().splitlines())
