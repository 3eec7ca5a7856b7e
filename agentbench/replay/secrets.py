"""Secrets: what never gets into a recording."""

import json
import re
import threading
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from agentbench.domain.credential import Secret
from agentbench.domain.redaction import Redaction
from agentbench.replay.written import laid_out, layout_of

SHORTEST = 12
"""Characters of a text that is a secret only because of what it is called."""
MOST_LEARNED = 256
"""Secrets that only their names gave away are looked for elsewhere, the latest ones: each
makes every search longer, and an answer may hold any number of them."""

_NAMES = re.compile(
    r"(access|refresh|id|session|auth|bearer|api|csrf|xsrf)[_-]?(token|key)"
    r"|(client|shared|app|consumer)[_-]?secret|pass(word|wd|phrase)"
    r"|private[_-]?key|(proxy-)?authorization|x[_-]api[_-]key|(set-)?cookie",
    re.IGNORECASE,
)
_QUERY_NAMES = re.compile(
    r"(.*[_-])?(key|token|secret|sig|signature|auth|apikey|appid|credential)",
    re.IGNORECASE,
)


class Secrets:
    """Takes secrets out of plain values, and finds those that are left in a text.

    A secret is what this process knows as one, and what goes by the name of one: a
    token that a server gave, say. The latter is looked for everywhere from then on.
    """

    def __init__(self, known: Redaction) -> None:
        self._known, self._learned = known, Redaction()
        self._latest: dict[str, str] = {}  # what was learned, and what it is called
        self._learning = threading.Lock()

    def scrubbed(self, value: Any) -> Any:
        """The value without secrets."""
        seen: dict[str, str] = {}
        hidden = self._hidden(value, seen)
        self._learn(seen)
        return self._learned.value(self._known.value(hidden))

    def found(self, *texts: bytes) -> str:
        """The name of a secret that is still in one of the texts; empty when none is."""
        for credential in self._known.borne_by(texts):
            return credential.name
        with self._learning:
            learned, latest = self._learned, self._latest
        for text in texts:
            if learned.data(text) is not text:
                named = (it for secret, it in latest.items() if secret.encode() in text)
                return next(named, "secret")
        return ""

    def _learn(self, seen: dict[str, str]) -> None:
        """Looks from now on for what was seen; all at once, since each costs as much."""
        with self._learning:
            if seen.keys() <= self._latest.keys():
                return
            latest = list((self._latest | seen).items())[-MOST_LEARNED:]
            learned = Redaction()
            for secret, called in latest:
                learned.hide(called, Secret(secret))
            self._latest, self._learned = dict(latest), learned

    def _hidden(self, value: Any, seen: dict[str, str]) -> Any:
        if isinstance(value, Mapping):
            return {
                key: self._hidden_item(key, item, seen) for key, item in value.items()
            }
        if isinstance(value, (list, tuple)):
            return [self._hidden(item, seen) for item in value]
        if isinstance(value, bytes) and value[:1] in (b"{", b"["):
            return self._hidden_json(value, seen)
        return value

    def _hidden_item(self, name: Any, value: Any, seen: dict[str, str]) -> Any:
        if not isinstance(value, str):
            return self._hidden(value, seen)
        if _NAMES.fullmatch(str(name)):
            return _hide(name, value, seen)
        return self._hidden_url(value, seen) if name == "url" else value

    def _hidden_json(self, data: bytes, seen: dict[str, str]) -> bytes:
        """JSON with what goes by the name of a secret taken out; else as it is."""
        try:
            value = json.loads(data)
            hidden = self._hidden(value, seen)
        except (ValueError, RecursionError):
            return data
        if hidden == value:
            return data
        return laid_out(hidden, layout_of(value, data) or "compact")

    def _hidden_url(self, url: str, seen: dict[str, str]) -> str:
        """The URL with what its query says under the names of secrets taken out."""
        try:
            parts = urlsplit(url)
            asked = parse_qsl(parts.query, keep_blank_values=True)
        except ValueError:
            return url
        hidden = [
            (name, _hide(name, value, seen) if _QUERY_NAMES.fullmatch(name) else value)
            for name, value in asked
        ]
        if hidden == asked:
            return url
        return urlunsplit(parts._replace(query=urlencode(hidden, safe="<>:")))


def _hide(name: str, value: str, seen: dict[str, str]) -> str:
    if value.startswith("credential:") or "<secret:" in value:
        return value  # a name, and not the secret
    called = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:40] or "secret"
    if len(value) >= SHORTEST:
        seen[value] = called
    return f"<secret:{called}>"
