"""Fields that several forms of this app ask for alike."""

from typing import Any

from django import forms


class JoinLinkField(forms.URLField):
    """Where to join online: a whole address, or nothing."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label="Link to join online",
            max_length=500,
            required=False,
            assume_scheme="https",
            error_messages={"invalid": "Copy the whole link, beginning with https://"},
            **kwargs,
        )
