"""What a service of this app raises when it may not do what it was asked."""


class Refusal(Exception):
    """`str(refusal)` is a sentence for people; `field` what it is about, if one field is."""

    def __init__(self, sentence: str, field: str = "") -> None:
        super().__init__(sentence)
        self.field = field
