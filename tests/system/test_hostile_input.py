"""What no browser sends, on the real server: a plain refusal, and never a bare 500."""

import socket

import pytest

from tests.system.stack import Stack

FORM = b"application/x-www-form-urlencoded"


def answer(stack: Stack, request: bytes) -> bytes:
    """Everything that the server answers to these very bytes."""
    with socket.create_connection(("127.0.0.1", stack.port), timeout=20) as connection:
        connection.sendall(request.replace(b"HOST", b"localhost:%d" % stack.port))
        said = b""
        while part := connection.recv(65536):
            said += part
    return said


def get(path: bytes, more: bytes = b"") -> bytes:
    return b"GET " + path + b" HTTP/1.1\r\nHost: HOST\r\nConnection: close\r\n" + more + b"\r\n"


def post(path: bytes, body: bytes, content_type: bytes = FORM) -> bytes:
    head = b"POST " + path + b" HTTP/1.1\r\nHost: HOST\r\nConnection: close\r\nContent-Type: "
    return head + content_type + b"\r\nContent-Length: %d\r\n\r\n" % len(body) + body


@pytest.mark.parametrize(
    "request_",
    [
        get(b"/account/login/?q=%00"),
        get(b"/%00/"),
        get(b"/%ED%A0%80/"),
        get(b"/account/login/?next=%FF%FE"),
        get(b"/account/login/?" + b"a" * 9000),
        get(b"/account/login/", b"Cookie: sessionid=%00; csrftoken=\xff\xfe\r\n"),
        get(b"/account/login/", b"Host: elsewhere.example\r\n"),
        post(b"/account/login/", "login=a".encode("utf-16"), FORM + b"; charset=utf-16"),
        post(b"/account/login/", b"login=a", FORM + b"; charset=no-such"),
        post(b"/account/login/", b"login=%00&password=%00"),
        post(b"/account/login/", b"login=%ED%A0%80"),
        post(b"/account/login/", b"&".join(b"f%d=1" % n for n in range(1500))),
        post(b"/account/login/", b"--cut\r\n", b"multipart/form-data; boundary=cut"),
        post(b"/account/login/", b"x", b"multipart/form-data"),
        b"GET /account/login/ HTTP/9.9\r\nHost: HOST\r\n\r\n",
        b"POST /account/login/ HTTP/1.1\r\nHost: HOST\r\nContent-Length: -5\r\n\r\n",
        b"\0\0\0\0\r\n\r\n",
    ],
    ids=lambda request_: request_[:60].decode("latin-1"),
)
def test_hostile_bytes_are_refused_by_the_real_server(stack: Stack, request_: bytes) -> None:
    said = answer(stack, request_)

    status = int(said.split(b" ")[1])
    assert 200 <= status < 500, said[:300]


def test_whole_server_still_answers(stack: Stack) -> None:
    assert stack.answers() == 200
    assert stack.answers("/account/login/") == 200
