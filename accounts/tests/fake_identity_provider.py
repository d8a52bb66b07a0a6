"""An OpenID Connect provider on loopback: whoever comes is the person it was told of."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlparse

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

_KEY = rsa.generate_private_key(65537, 2048)


class _Handler(BaseHTTPRequestHandler):
    server: "_Server"

    def log_message(self, *args: Any) -> None:
        """Say nothing."""

    def _answer(self, said: dict[str, Any]) -> None:
        body = json.dumps(said).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self) -> None:
        url = urlparse(self.path)
        asked = dict(parse_qsl(url.query))
        here = self.server.address
        if url.path.endswith("openid-configuration"):
            self._answer(
                {
                    "issuer": here,
                    "authorization_endpoint": f"{here}/authorize",
                    "token_endpoint": f"{here}/token",
                    "userinfo_endpoint": f"{here}/userinfo",
                    "jwks_uri": f"{here}/jwks",
                    "token_endpoint_auth_methods_supported": ["client_secret_post"],
                }
            )
        elif url.path == "/authorize":
            self.server.asked = asked
            back = urlencode({"code": "once", "state": asked["state"]})
            self.send_response(302)
            self.send_header("Location", f"{asked['redirect_uri']}?{back}")
            self.end_headers()
        elif url.path == "/jwks":
            key = json.loads(RSAAlgorithm.to_jwk(_KEY.public_key()))
            self._answer({"keys": [{**key, "kid": "k1", "alg": "RS256", "use": "sig"}]})
        else:
            self._answer(self.server.person)

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        now, asked = int(time.time()), self.server.asked
        token = {
            "iss": self.server.address,
            "aud": asked["client_id"],
            "iat": now,
            "exp": now + 60,
            **({"nonce": asked["nonce"]} if "nonce" in asked else {}),
            **self.server.person,
        }
        signed = jwt.encode(token, _KEY, "RS256", headers={"kid": "k1"})
        self._answer({"access_token": "a", "token_type": "Bearer", "id_token": signed})


class _Server(ThreadingHTTPServer):
    asked: dict[str, str]
    person: dict[str, Any]

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


@contextmanager
def identity_provider(**person: Any) -> Iterator[_Server]:
    """Serve `person`'s claims until the block ends."""
    server = _Server(("127.0.0.1", 0), _Handler)
    server.asked, server.person = {}, person
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
