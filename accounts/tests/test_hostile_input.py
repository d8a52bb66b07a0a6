"""Bytes that no page of ours sends are answered by a plain 400 or 413, never by a 500."""

from typing import Any

import pytest
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT

from accounts.models import Programme, Role
from accounts.tests.factories import person

pytestmark = pytest.mark.django_db

FORM = "application/x-www-form-urlencoded"
PATH = "/account/display/"
GOOD = "text_size=large&contrast=usual&letterforms=usual"


@pytest.fixture
def browser(programme: Programme, client_for: Any) -> Client:
    return client_for(person(Role.PARTNER, programme))


def part(name: bytes, value: bytes, more: bytes = b"") -> bytes:
    return (
        b"--" + BOUNDARY.encode() + b'\r\nContent-Disposition: form-data; name="' + name + b'"'
        + more + b"\r\n\r\n" + value + b"\r\n"
    )  # fmt: skip


END = b"--" + BOUNDARY.encode() + b"--\r\n"


@pytest.mark.parametrize(
    "path",
    [
        f"{PATH}?q=%00",
        f"{PATH}?%00=1",
        f"{PATH}?q=%ED%A0%80",
        f"{PATH}?q=%ff",
        f"{PATH}?q=%zz",
        f"{PATH}?q=100%",
        "/account/%00/",
        "/account/invitation/%00/",
        "/account/invitation/%ED%A0%80/",
        "/account/%ff/",
    ],
)
def test_unreadable_address_is_refused(browser: Client, path: str) -> None:
    answer = browser.get(path)

    assert answer.status_code == 400
    assert "We could not read what your browser sent" in answer.content.decode()


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"text_size=%00", FORM),
        (b"text_size=\0", FORM),
        (b"%00=large", FORM),
        (b"text_size=%ED%A0%80", FORM),
        (b"text_size=\xff", FORM),
        (b"text_size=%z1", FORM),
        (GOOD.encode("utf-16"), f"{FORM}; charset=utf-16"),
        (GOOD.encode(), f"{FORM}; charset=nonsense"),
        (GOOD.encode(), f"{FORM}; charset=latin-1"),
        (b'{"text_size": "large"}', "application/json"),
        (b"\xff\xfe", "application/json"),
        (b"<x/>", "text/xml"),
        (part(b"text_size", b"lar\0ge") + END, MULTIPART_CONTENT),
        (part(b"text\0size", b"large") + END, MULTIPART_CONTENT),
        (part(b"text_size", b"\xed\xa0\x80") + END, MULTIPART_CONTENT),
        (b"no boundary here", "multipart/form-data"),
        (part(b"a", b"x"), "multipart/form-data; boundary=\xff"),
        (part(b"text_size", b"x") + END, MULTIPART_CONTENT + "; charset=utf-16"),
    ],
)
def test_unreadable_body_is_refused(browser: Client, body: bytes, content_type: str) -> None:
    answer = browser.generic("POST", PATH, body, content_type=content_type)

    assert answer.status_code == 400


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"text_size=" + b"x" * (5 * 1024 * 1024 + 1), FORM),
        (b"&".join(b"a%d=1" % n for n in range(1001)), FORM),
        (part(b"a", b"x" * (5 * 1024 * 1024 + 1)) + END, MULTIPART_CONTENT),
        (b"".join(part(b"a%d" % n, b"1") for n in range(1001)) + END, MULTIPART_CONTENT),
        (
            b"".join(part(b"f%d" % n, b"1", b'; filename="a.txt"') for n in range(101)) + END,
            MULTIPART_CONTENT,
        ),
    ],
)
def test_too_much_is_refused(browser: Client, body: bytes, content_type: str) -> None:
    answer = browser.generic("POST", PATH, body, content_type=content_type)

    assert answer.status_code == 413
    assert "too big" in answer.content.decode()


@pytest.mark.parametrize(
    "path", ["/account/login/", "/account/login/code/", "/account/signup/", "/account/2fa/"]
)
def test_unreadable_body_is_refused_before_sign_in_too(path: str) -> None:
    assert Client().post(path, b"login=%00", content_type=FORM).status_code == 400


def test_people_may_write_what_they_like(browser: Client) -> None:
    typed = "naïve – 100% “fine” 🙂 \u200f \ufffd ' \" <b> \\ %s {0} +&="

    answer = browser.post(PATH, {"text_size": typed, "contrast": "usual"})
    by_url = browser.get(PATH, {"q": typed})

    # A multipart form (as the test client's) loses U+FFFD's honest meaning: see RefuseUnreadable.
    assert answer.status_code == 400
    assert browser.post(PATH, {"text_size": typed.replace("\ufffd", "")}).status_code == 200
    assert by_url.status_code == 200


def test_big_file_is_not_held_in_memory(browser: Client) -> None:
    """A file beyond the limit of fields is no fault: it goes to disk piece by piece."""
    body = part(b"f", b"x" * (6 * 1024 * 1024), b'; filename="a.bin"') + END

    assert browser.generic("POST", PATH, body, content_type=MULTIPART_CONTENT).status_code == 200
