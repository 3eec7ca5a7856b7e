"""Secrets: what never gets into a recording."""

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from agentbench.domain.credential import Credential, Secret
from agentbench.domain.redaction import Redaction
from agentbench.replay.written import laid_out, layout_of

SHORTEST = 12
"""Characters of a text that is a secret only because of what it is called."""

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

    def scrubbed(self, value: Any) -> Any:
        """The value without secrets."""
        return self._learned.value(self._known.value(self._hidden(value)))

    def found(self, *texts: bytes) -> str:
        """The name of a secret that is still in one of the texts; empty when none is."""
        for redaction in (self._known, self._learned):
            for credential in redaction.borne_by(texts):
                return credential.name
        return ""

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
            return self._hide(name, value)
        return self._hidden_url(value) if name == "url" else value

    def _hidden_json(self, data: bytes) -> bytes:
        """JSON with what goes by the name of a secret taken out; else as it is."""
        try:
            value = json.loads(data)
            hidden = self._hidden(value)
        except (ValueError, RecursionError):
            return data
        if hidden == value:
            return data
        return laid_out(hidden, layout_of(value, data) or "compact")

    def _hidden_url(self, url: str) -> str:
        """The URL with what its query says under the names of secrets taken out."""
        try:
            parts = urlsplit(url)
            asked = parse_qsl(parts.query, keep_blank_values=True)
        except ValueError:
            return url
        hidden = [
            (name, self._hide(name, value) if _QUERY_NAMES.fullmatch(name) else value)
            for name, value in asked
        ]
        if hidden == asked:
            return url
        return urlunsplit(parts._replace(query=urlencode(hidden, safe="<>:")))

    def _hide(self, name: str, value: str) -> str:
        if value.startswith("credential:") or "<secret:" in value:
            return value  # a name, and not the secret
        called = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:40] or "secret"
        if len(value) >= SHORTEST:
            self._learned.add(
                Credential(
                    name=called, kind="api_key", hosts=("*",), secret=Secret(value)
                )
            )
        return f"<secret:{called}>"
