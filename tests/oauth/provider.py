"""A small OAuth2 provider on loopback that checks what real ones check.

It knows one client, wants PKCE (S256), takes each code once, ends a consent for good when
a refresh token comes a second time, and has an API that is for good tokens only.
"""

import base64
import hashlib
import http.server
import itertools
import json
import threading
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from agentbench.domain.grant import Grantor

CLIENT, CLIENT_SECRET = "client-1", "canary client/secret & more"


class Provider(http.server.ThreadingHTTPServer):
    """What it was asked is in `asked`; the settings below say how it behaves."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answers)
        self.lifetime: Any = 3600
        self.rotates = True
        self.denies = ""
        self.down = False
        self.moved: tuple[int, str] | None = None
        self.form = self.basic = False
        self.slow = threading.Event()
        self.slow.set()
        self.waiting = threading.Event()
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.secrets: list[str] = []
        """Every code, verifier and token that there was."""
        self._numbers = itertools.count(1)
        self._codes: dict[str, dict[str, str]] = {}
        self._refresh: dict[str, bool] = {}
        self._access: set[str] = set()
        self._knowing = threading.Lock()

    @property
    def place(self) -> str:
        return f"127.0.0.1:{self.server_port}"

    @property
    def url(self) -> str:
        return f"http://{self.place}"

    def grantor(self, **more: Any) -> Grantor:
        facts = {"scopes": ("read", "write"), "revoke": f"{self.url}/revoke"} | more
        return Grantor(asks=f"{self.url}/asks?v=2", gives=f"{self.url}/token", **facts)

    @property
    def line(self) -> str:
        """The same, as people write it on a line."""
        named = {"asks": "asks?v=2", "token": "token", "revoke": "revoke"}
        pages = " ".join(f"--{it}-url {self.url}/{path}" for it, path in named.items())
        return f"--client {CLIENT} --host {self.place} {pages}"

    def end(self) -> None:
        """The person withdraws the consent."""
        with self._knowing:
            self._refresh = dict.fromkeys(self._refresh, True)
            self._access.clear()

    def calls(self, path: str) -> list[dict[str, str]]:
        return [fields for asked, fields in self.asked if asked == path]

    # ---- what its pages do ---------------------------------------------------

    def asks(self, query: dict[str, str]) -> str:
        """The person says yes (or no) at once: where the browser goes next."""
        told = {"state": query["state"], "error": "access_denied"}
        if query.get("scope") == "tampered":
            query["code_challenge"] = "of another verifier"
        if not self.denies:
            code = self._made("code")
            self._codes[code] = query
            told = {"state": query["state"], "code": code}
        return f"{query['redirect_uri']}?{urllib.parse.urlencode(told)}"

    def gives(self, fields: dict[str, str]) -> tuple[int, dict[str, Any]]:
        if fields["grant_type"] == "refresh_token":
            return self._renews(fields["refresh_token"])
        asked = self._codes.pop(fields["code"], None)
        verifier = fields.get("code_verifier", "")
        self.secrets.append(verifier)
        digest = hashlib.sha256(verifier.encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if asked is None or asked["redirect_uri"] != fields["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        if (asked["code_challenge_method"], asked["code_challenge"]) != (
            "S256",
            challenge,
        ):
            return 400, {"error": "invalid_grant", "error_description": "PKCE"}
        return 200, self._tokens()

    def _renews(self, token: str) -> tuple[int, dict[str, Any]]:
        with self._knowing:
            if self._refresh.get(token, True):
                self._refresh = dict.fromkeys(self._refresh, True)  # it was stolen
                said = f"the token {token} is not good"
                return 400, {"error": "invalid_grant", "error_description": said}
            if self.rotates:
                self._refresh[token] = True
        return 200, self._tokens()

    def _tokens(self) -> dict[str, Any]:
        access, again = self._made("access"), ""
        with self._knowing:
            self._access.add(access)
            if self.rotates or not self._refresh:
                self._refresh[again := self._made("refresh")] = False
        given = {"access_token": access, "token_type": "Bearer", "scope": "read write"}
        if self.lifetime is not None:
            given["expires_in"] = self.lifetime
        return given | ({"refresh_token": again} if again else {})

    def revokes(self, token: str) -> tuple[int, dict[str, Any]]:
        if token not in self._refresh and token not in self._access:
            return 400, {"error": "invalid_token"}
        self.end()
        return 200, {}

    def is_good(self, authorization: str) -> bool:
        return authorization.removeprefix("Bearer ") in self._access

    def _made(self, kind: str) -> str:
        made = f"canary-{kind}-{next(self._numbers):03}-0123456789"
        self.secrets.append(made)
        return made

    def handle_error(self, *args: Any) -> None:
        """A client that hangs up has read enough."""


class Answers(http.server.BaseHTTPRequestHandler):
    server: Provider

    def do_GET(self) -> None:
        path, _, query = self.path.partition("?")
        fields = dict(urllib.parse.parse_qsl(query))
        self.server.asked.append((path, fields))
        if path == "/asks":
            self._reply(302, {}, Location=self.server.asks(fields))
        elif path == "/end":
            self.server.end()
            self._reply(200, {})
        else:
            said = self.headers.get("authorization", "")
            self._reply(200 if self.server.is_good(said) else 401, {"got": said})

    def do_POST(self) -> None:
        provider = self.server
        body = self.rfile.read(int(self.headers["content-length"]))
        is_json = "json" in self.headers["content-type"]
        fields = (
            json.loads(body) if is_json else dict(urllib.parse.parse_qsl(body.decode()))
        )
        provider.asked.append((self.path, fields))
        provider.waiting.set()
        provider.slow.wait(60)
        if provider.moved:
            status, place = provider.moved
            return self._reply(status, {}, Location=place)
        if provider.down:
            return self._reply(503, {"error": "temporarily_unavailable"})
        who = (fields.get("client_id"), fields.get("client_secret"))
        said = self.headers.get("authorization", "")
        if said.startswith("Basic "):
            pair = base64.b64decode(said[6:]).decode().split(":")
            who = tuple(urllib.parse.unquote(part) for part in pair)
        if self.path == "/revoke-bearer":
            return self._reply(*provider.revokes(said.removeprefix("Bearer ")))
        if who != (CLIENT, CLIENT_SECRET) or (provider.basic and not said):
            return self._reply(401, {"error": "invalid_client"})
        if self.path == "/revoke":
            return self._reply(*provider.revokes(fields["token"]))
        return self._reply(*provider.gives(fields))

    def do_DELETE(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.asked.append((self.path, json.loads(body)))
        self._reply(*self.server.revokes(json.loads(body)["access_token"]))

    def _reply(self, status: int, told: dict[str, Any], **headers: str) -> None:
        as_form = self.server.form and self.path == "/token"
        body = urllib.parse.urlencode(told) if as_form else json.dumps(told)
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *args: Any) -> None:
        pass


@contextmanager
def providing() -> Iterator[Provider]:
    """A provider while it is needed."""
    provider = Provider()
    turning = threading.Thread(target=provider.serve_forever, args=(0.01,), daemon=True)
    turning.start()
    try:
        yield provider
    finally:
        provider.slow.set()
        provider.shutdown()
        provider.server_close()
