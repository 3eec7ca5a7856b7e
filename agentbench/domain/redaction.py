"""Redaction: masks the secrets that this process has handed out, wherever they turn up.

It is the last line, not the first: secrets are kept out of what is written because only
the door puts them into requests. This catches what comes back, such as a server that
repeats the header it got, and what a block that asked for a secret says by mistake.
"""

import base64
import binascii
import contextlib
import json
import math
import threading
import urllib.parse
from collections import deque
from collections.abc import Iterable, Iterator
from typing import Any

from agentbench.domain.credential import Credential, Secret

SHORTEST = 6
"""A secret with fewer characters is not looked for: it would be found everywhere."""

MOST_OLDER = 12
"""Tokens of one consent that are looked for, the latest ones: older ones have ended."""

_MOST_DEPTH = 12

Needle = tuple[bytes, bytes]
"""What is looked for, and what is put in its place."""


class Redaction:
    """Knows secrets in every form that they take in text; safe to use from any thread."""

    def __init__(self) -> None:
        self._credentials: dict[str, Credential] = {}
        self._needles: tuple[Needle, ...] = ()
        self._least = 0  # bytes of the shortest needle
        self._starts: dict[int, list[bytes]] = {}  # needles, by their first byte
        self._older: dict[str, deque[frozenset[bytes]]] = {}
        self._own: dict[str, tuple[bytes, ...]] = {}
        self._kept: dict[str, tuple[bytes, ...]] = {}
        self._adding = threading.Lock()

    def add(self, credential: Credential) -> None:
        """Looks for the secrets of a credential from now on, and still for older ones."""
        with self._adding:
            if self._credentials.get(credential.name) == credential:
                return
            more = (credential.refresh, credential.client_secret)
            if (
                credential.grant
            ):  # renewed each hour, it must not slow every search down
                older = self._older.get(credential.name, deque())
                while len(older) >= MOST_OLDER:
                    older.popleft()
            own = frozenset(_forms(credential.secret.reveal()))
            kept = frozenset(form for it in more if it for form in _forms(it.reveal()))
            self._look_for(credential.name, own | kept)
            # What renews a token goes to the provider alone; without one, as before.
            self._kept[credential.name] = tuple(kept) if credential.grant else ()
            self._own[credential.name] = tuple(own if credential.grant else own | kept)
            self._credentials[credential.name] = (
                credential  # last: others look here first
            )

    def hide(self, name: str, secret: Secret) -> None:
        """Looks for one more secret of a credential, such as a code on its way."""
        with self._adding:
            self._look_for(name, frozenset(_forms(secret.reveal())))

    def _look_for(self, name: str, forms: frozenset[bytes]) -> None:
        self._older.setdefault(name, deque()).append(forms)
        known = {
            form: f"<secret:{whose}>".encode()
            for whose, generations in self._older.items()
            for generation in generations
            for form in generation
        }
        # The longest first: a short form may be a part of a long one.
        self._needles = tuple(sorted(known.items(), key=lambda it: -len(it[0])))
        self._least = min((len(it) for it in known), default=0)
        starts: dict[int, list[bytes]] = {}
        for needle in known:
            starts.setdefault(needle[0], []).append(needle)
        self._starts = starts

    def data(self, data: bytes) -> bytes:
        """Bytes with every known secret masked."""
        for needle, mask in self._needles:
            if needle in data:
                data = data.replace(needle, mask)
        return data

    def text(self, text: str) -> str:
        """Text with every known secret masked."""
        if not self._needles or (len(text) < self._least and text.isascii()):
            return text
        data = text.encode("utf-8", "surrogatepass")
        masked = self.data(data)
        return text if masked is data else masked.decode("utf-8", "surrogatepass")

    def value(self, value: Any, depth: int = _MOST_DEPTH) -> Any:
        """A plain value with every known secret masked; other objects as they are.

        What holds no secret is given back itself, not a copy of it.
        """
        if not self._needles or depth == 0:
            return value
        kind = type(value)
        if kind is str:
            return self.text(value)
        if kind is bytes:
            return self.data(value)
        if kind in (list, tuple):
            items = [self.value(item, depth - 1) for item in value]
            return kind(items) if _differ(items, value) else value
        if kind is dict:
            pairs = [
                (self.value(key, depth - 1), self.value(item, depth - 1))
                for key, item in value.items()
            ]
            is_same = not _differ((k for k, _ in pairs), value) and not _differ(
                (v for _, v in pairs), value.values()
            )
            return value if is_same else dict(pairs)
        return value

    def parts(self) -> "Parts":
        """Masks what comes in parts, also where a secret is cut in two by them."""
        return Parts(self)

    def borne_by(self, texts: Iterable[str | bytes]) -> Iterator[Credential]:
        """The credentials whose secret is in any of the texts, in any form."""
        if not self._needles:
            return
        given = [
            t.encode("utf-8", "replace") if isinstance(t, str) else t for t in texts
        ]
        for name, credential in list(self._credentials.items()):
            if any(form in text for form in self._own[name] for text in given):
                yield credential
            keeping = credential.keeping
            if keeping and any(
                form in text for form in self._kept[name] for text in given
            ):
                yield keeping

    def open_end(self, data: bytes) -> int:
        """How many bytes at the end may be the beginning of a secret."""
        longest = len(self._needles[0][0]) if self._needles else 0
        starts = self._starts
        for at in range(max(0, len(data) - longest + 1), len(data)):
            if data[at] in starts:
                rest = data[at:]
                if any(needle.startswith(rest) for needle in starts[data[at]]):
                    return len(rest)
        return 0


class Parts:
    """Parts of one text on their way through; what may begin a secret is held back."""

    def __init__(self, redaction: Redaction) -> None:
        self._redaction, self._held = redaction, b""

    def masked(self, part: bytes) -> bytes:
        """As much as can be let through."""
        data = self._redaction.data(self._held + part)
        held = self._redaction.open_end(data)
        self._held = data[len(data) - held :] if held else b""
        return data[: len(data) - held]

    def rest(self) -> bytes:
        """What is left when no part comes any more."""
        held, self._held = self._held, b""
        return held


def _differ(new: Iterable[Any], old: Iterable[Any]) -> bool:
    return any(a is not b for a, b in zip(new, old, strict=True))


def _forms(secret: str) -> Iterator[bytes]:
    """The secret as it stands in text, JSON, a URL, a `repr`, in base64 and in hex."""
    if len(secret) < SHORTEST:
        return
    raw = secret.encode("utf-8", "surrogatepass")
    yield raw
    yield repr(raw)[2:-1].encode()
    with contextlib.suppress(UnicodeEncodeError):  # as headers have it
        yield secret.encode("latin-1")
        yield repr(secret.encode("latin-1"))[2:-1].encode()
    for once in _escaped(secret):
        yield once.encode("utf-8", "surrogatepass")
        for twice in _escaped(once):  # the `repr` of an error in an error, say
            yield twice.encode("utf-8", "surrogatepass")
    for quoted in (urllib.parse.quote(raw, safe=""), urllib.parse.quote_plus(raw)):
        yield quoted.encode()
        yield _small_escapes(quoted).encode()
    yield urllib.parse.quote(raw).encode()
    yield binascii.hexlify(raw)
    yield binascii.hexlify(raw).upper()
    for skipped in range(3):
        yield from _base64(raw, skipped)


def _escaped(text: str) -> Iterator[str]:
    """The text as it stands between the quotes of JSON and of a `repr`."""
    yield json.dumps(text)[1:-1]
    yield json.dumps(text, ensure_ascii=False)[1:-1]
    yield repr(text)[1:-1]


def _base64(raw: bytes, skipped: int) -> Iterator[bytes]:
    """The part of the base64 text that does not depend on what stands around the secret."""
    before = b"\0" * skipped
    first = math.ceil(skipped * 8 / 6)
    last = (skipped + len(raw)) * 8 // 6
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        core = encode(before + raw)[first:last]
        if len(core) >= SHORTEST:
            yield core


def _small_escapes(quoted: str) -> str:
    """`%2F` as `%2f`."""
    parts = quoted.split("%")
    return "%".join([parts[0], *(part[:2].lower() + part[2:] for part in parts[1:])])
