"""Formats: what the formats of JSON schema ask of a text, and how that is said.

Dates and times are taken as people and browsers write them, without seconds or a zone.
"""

import datetime
import functools
import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

WORDS: Mapping[str, str] = {
    "color": "colour: write #1e90ff, or a name such as teal",
    "date": "date: write 2026-01-31",
    "date-time": "date and time: write 2026-01-31T08:30",
    "duration": "duration: write P1DT2H for a day and two hours",
    "email": "e-mail address",
    "hostname": "name of a host: write example.org",
    "ipv4": "IPv4 address",
    "ipv6": "IPv6 address",
    "iri": "URL: it begins with https://",
    "json-pointer": "JSON pointer: write /a/0",
    "regex": "regular expression",
    "time": "time: write 08:30",
    "uri": "URL: it begins with https://",
    "uri-reference": "URL or path",
    "uuid": "UUID",
}
"""What a text of each format is; those that are not here are not checked."""

_ALIKE = {"colour": "color", "idn-email": "email", "idn-hostname": "hostname"}


def why_no(format: str) -> str:
    """The sentence for a text that is not of a format."""
    return f"It is no {WORDS.get(_ALIKE.get(format, format), format)}."


@functools.cache
def format_checker() -> Any:
    """The `jsonschema.FormatChecker` of every format above."""
    import jsonschema

    checker = jsonschema.FormatChecker(formats=("ipv4", "ipv6", "uuid"))
    named = {**_CHECKS, **{other: _CHECKS[one] for other, one in _ALIKE.items()}}
    for name, is_one in named.items():
        checker.checks(name, raises=ValueError)(is_one)
    return checker


def _on_text(read: Callable[[str], Any]) -> Callable[[Any], bool]:
    """A check of texts: formats say nothing of anything else."""

    def is_one(value: Any) -> bool:
        return not isinstance(value, str) or read(value) is not False

    return is_one


def _fits(pattern: str) -> Callable[[Any], bool]:
    """A check by a pattern; each is plain enough to be matched in linear time."""
    known = re.compile(pattern, re.ASCII | re.IGNORECASE)
    return _on_text(lambda text: known.fullmatch(text) is not None)


def _is_uri(text: str) -> bool:
    parts = urlsplit(text)
    return bool(parts.scheme and (parts.netloc or parts.path)) and " " not in text


def _is_reference(text: str) -> bool:
    urlsplit(text)
    return re.search(r"[\s<>\"{}|\\^`]", text) is None


def _is_regex(text: str) -> bool:
    try:
        re.compile(text)
    except (re.error, RecursionError, OverflowError):
        return False
    return True


def _is_email(text: str) -> bool:
    name, _, host = text.rpartition("@")
    if not name or len(text) > 320 or re.search(r"[\s@,;<>]", name):
        return False
    return bool(host) and not re.search(r"[\s,;<>]|^\.|\.$|\.\.", host)


def _is_hostname(text: str) -> bool:
    labels = text.removesuffix(".").split(".")
    return len(text) <= 253 and all(
        re.fullmatch(r"(?!-)[\w-]{1,63}(?<!-)", label) and "_" not in label
        for label in labels
    )


_CHECKS: Mapping[str, Callable[[Any], bool]] = {
    "color": _fits(r"#([0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})|[a-z]+|[a-z]+\([^()]*\)"),
    "date": _on_text(datetime.date.fromisoformat),
    "date-time": _on_text(datetime.datetime.fromisoformat),
    "duration": _fits(
        r"P(?!$)(\d+Y)?(\d+M)?(\d+W)?(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?"
    ),
    "email": _on_text(_is_email),
    "hostname": _on_text(_is_hostname),
    "iri": _on_text(_is_uri),
    "json-pointer": _fits(r"(/([^~/]|~[01])*)*"),
    "regex": _on_text(_is_regex),
    "time": _on_text(lambda text: datetime.time.fromisoformat(text.removesuffix("Z"))),
    "uri": _on_text(_is_uri),
    "uri-reference": _on_text(_is_reference),
}
