"""Secrets: what never gets into a recording, under whatever spelling."""

import base64
import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl, quote, quote_plus, urlencode, urlsplit, urlunsplit

SHORTEST = 6
"""Characters that a secret has at least: what is shorter is in every other word."""
HIDDEN = "<hidden>"
"""Stands for what goes by the name of a secret."""

Known = Callable[[], Mapping[str, str]]
"""The secrets that this process knows, by name."""

_NAMES = re.compile(
    r"(access|refresh|id|session|auth|bearer|api|csrf|xsrf)[_-]?(token|key)"
    r"|(client|shared|app|consumer)[_-]?secret|pass(word|wd|phrase)"
    r"|private[_-]?key|authorization|x[_-]api[_-]key|cookie|set[_-]cookie",
    re.IGNORECASE,
)
_QUERY_NAMES = re.compile(
    r"(.*[_-])?(key|token|secret|sig|signature|auth|apikey|appid|credential)",
    re.IGNORECASE,
)


class Secrets:
    """Takes secrets out of plain values, and finds those that are left in a text.

    What is hidden by its name (a token that a server gave, say) is a secret from then
    on, wherever it comes up.
    """

    def __init__(self, known: Known) -> None:
        self._known = known
        self._learned: set[str] = set()

    def scrubbed(self, value: Any) -> Any:
        """The value without secrets, those that go by their names among them."""
        hidden = self._hidden(value)
        return _walked(hidden, self._pairs())

    def found(self, texts: Mapping[str, bytes]) -> str:
        """The name of a secret that is still in one of the texts; empty when none is."""
        for name, secret in self._secrets():
            needles = _spellings(secret)
            if any(needle in text for needle in needles for text in texts.values()):
                return name
        return ""

    def _url(self, url: str) -> str:
        """The URL with what its query says under the names of secrets taken out."""
        try:
            parts = urlsplit(url)
            asked = parse_qsl(parts.query, keep_blank_values=True)
        except ValueError:
            return url
        if not any(_is_secret(name, _QUERY_NAMES) for name, _ in asked):
            return url
        kept = []
        for name, value in asked:
            is_secret = _is_secret(name, _QUERY_NAMES)
            if is_secret:
                self._learn(value)
            kept.append((name, HIDDEN if is_secret else value))
        return urlunsplit(parts._replace(query=urlencode(kept, safe="<>")))

    def _hidden(self, value: Any) -> Any:
        if isinstance(value, Mapping):
            return {key: self._hidden_item(key, item) for key, item in value.items()}
        if isinstance(value, (list, tuple)):
            return [self._hidden(item) for item in value]
        if isinstance(value, bytes) and value[:1] in (b"{", b"["):
            return self._hidden_json(value)
        return value

    def _hidden_item(self, name: Any, value: Any) -> Any:
        if not isinstance(value, str):
            return self._hidden(value)
        if _NAMES.fullmatch(str(name)):
            self._learn(value)
            return HIDDEN
        return self._url(value) if name == "url" else value

    def _hidden_json(self, data: bytes) -> bytes:
        """JSON with what goes by the name of a secret taken out; else as it is."""
        try:
            value = json.loads(data)
            hidden = self._hidden(value)
        except (ValueError, RecursionError):
            return data
        if hidden == value:
            return data
        return json.dumps(hidden, ensure_ascii=False, separators=(",", ":")).encode()

    def _learn(self, secret: str) -> None:
        # A word such as "true" or "unset" under such a name is no secret.
        if len(secret) >= 2 * SHORTEST and secret != HIDDEN:
            self._learned.add(secret)

    def _secrets(self) -> Iterator[tuple[str, str]]:
        for name, secret in self._known().items():
            if len(secret) >= SHORTEST:
                yield name, secret
        for secret in sorted(self._learned, key=lambda it: (-len(it), it)):
            yield "", secret

    def _pairs(self) -> list[tuple[bytes, bytes]]:
        """What is replaced by what; the longest first, for one may hold another."""
        pairs = [
            (needle, (f"<secret:{name}>" if name else HIDDEN).encode())
            for name, secret in self._secrets()
            for needle in _spellings(secret)
        ]
        return sorted(pairs, key=lambda pair: -len(pair[0]))


def _is_secret(name: str, names: re.Pattern[str]) -> bool:
    return bool(names.fullmatch(name) or _NAMES.fullmatch(name))


def _spellings(secret: str) -> set[bytes]:
    """The forms in which a secret may stand in a text."""
    raw = secret.encode()
    forms = {raw, quote(secret, safe="").encode(), quote_plus(secret).encode()}
    forms.add(json.dumps(secret)[1:-1].encode())
    forms.add(json.dumps(secret, ensure_ascii=False)[1:-1].encode())
    for before in range(3):
        # In base64 a letter depends on its neighbours: only the inner ones are sure.
        inner = base64.b64encode(b"\0" * before + raw)
        sure = inner[-(-before * 4 // 3) : (before + len(raw)) * 8 // 6]
        if len(sure) >= SHORTEST:
            forms.update((sure, sure.translate(bytes.maketrans(b"+/", b"-_"))))
    return forms


def _walked(value: Any, pairs: list[tuple[bytes, bytes]]) -> Any:
    if isinstance(value, str):
        return _replaced(value.encode("utf-8", "surrogatepass"), pairs).decode(
            "utf-8", "surrogatepass"
        )
    if isinstance(value, (bytes, bytearray)):
        return _replaced(bytes(value), pairs)
    if isinstance(value, Mapping):
        return {_walked(key, pairs): _walked(item, pairs) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_walked(item, pairs) for item in value]
    return value


def _replaced(data: bytes, pairs: list[tuple[bytes, bytes]]) -> bytes:
    for needle, stand_in in pairs:
        if needle in data:
            data = data.replace(needle, stand_in)
    return data
