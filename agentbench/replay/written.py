"""Written: plain values as JSON that people can read, and back, exactly.

Text of several lines is a list of lines, bytes that are JSON or text are shown as
such, and all other bytes are a file of their own, named after what is in it.
"""

import hashlib
import json
import math
from collections.abc import Callable, Mapping
from typing import Any

LINES, JSON, TEXT, FILE, NUMBER, ITEMS = (
    "$lines", "$json", "$text", "$file", "$number", "$items",
)  # fmt: skip
"""The marks: a dictionary of one of them alone stands for something else."""
_MARKS = {LINES, JSON, TEXT, FILE, NUMBER, ITEMS}

_STYLES: Mapping[str, dict[str, Any]] = {
    "compact": {"separators": (",", ":"), "ensure_ascii": False},
    "plain": {"ensure_ascii": False},
    "ascii": {},
    "compact-ascii": {"separators": (",", ":")},
    "indent-2": {"indent": 2, "ensure_ascii": False},
    "indent-4": {"indent": 4, "ensure_ascii": False},
}
"""How JSON is commonly laid out: bytes that are none of these are shown as text."""
_KINDS = (
    (b"\x89PNG\r\n", "png"),
    (b"\xff\xd8\xff", "jpg"),
    (b"GIF8", "gif"),
    (b"%PDF-", "pdf"),
    (b"PK\x03\x04", "zip"),
    (b"\x1f\x8b", "gz"),
    (b"ID3", "mp3"),
    (b"OggS", "ogg"),
    (b"RIFF", "riff"),
)

Attach = Callable[[str, bytes], None]
"""Keeps bytes under a file's name."""


def written(value: Any, attach: Attach | None = None) -> Any:
    """A plain value as JSON.

    Without `attach`, bytes that are no text are named and not kept.

    Raises:
        TypeError: part of it is no plain value.
    """
    if isinstance(value, str):
        return _written_text(str(value))
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else {NUMBER: str(value)}
    if isinstance(value, (bytes, bytearray)):
        return _written_bytes(bytes(value), attach)
    if isinstance(value, (list, tuple)):
        return [written(item, attach) for item in value]
    if isinstance(value, Mapping):
        if not all(isinstance(key, str) for key in value):
            message = "A dictionary of a recording has text for keys only."
            raise TypeError(message)
        items = {str(key): written(item, attach) for key, item in value.items()}
        return {ITEMS: [[*pair] for pair in items.items()]} if _mark(items) else items
    message = f"A recording holds plain values, and {type(value).__name__} is none."
    raise TypeError(message)


def read(form: Any, fetch: Callable[[str], bytes]) -> Any:
    """The value that was written.

    Raises:
        ValueError, TypeError, KeyError: the form is none of ours.
    """
    if isinstance(form, list):
        return [read(item, fetch) for item in form]
    if not isinstance(form, dict):
        return form
    mark = _mark(form)
    if not mark:
        return {key: read(item, fetch) for key, item in form.items()}
    inside = form[mark]
    match mark:
        case "$lines":
            return "\n".join(inside)
        case "$text":
            return str(read(inside, fetch)).encode()
        case "$json":
            return laid_out(read(inside, fetch), form["layout"])
        case "$file":
            return fetch(inside)
        case "$number":
            return float(inside)
    return {key: read(item, fetch) for key, item in inside}


def _mark(form: Mapping[str, Any]) -> str:
    """The mark that a dictionary consists of; empty for one that means itself."""
    found = [key for key in form if key in _MARKS]
    rest = set(form) - set(found) - {"layout"}
    return found[0] if len(found) == 1 and not rest else ""


def _written_text(text: str) -> Any:
    return {LINES: text.split("\n")} if "\n" in text else text


def _written_bytes(data: bytes, attach: Attach | None) -> Any:
    try:
        text = data.decode()
    except UnicodeDecodeError:
        name = f"{hashlib.sha256(data).hexdigest()[:16]}.{_suffix(data)}"
        if attach is None:
            return f"<{len(data)} bytes: {name}>"
        attach(name, data)
        return {FILE: name}
    try:
        value = json.loads(text)
        if isinstance(value, (dict, list)) and (layout := layout_of(value, data)):
            return {JSON: written(value, attach), "layout": layout}
    except (ValueError, RecursionError):
        pass
    return {TEXT: _written_text(text)}


def layout_of(value: Any, data: bytes) -> str:
    """The common layout in which JSON says a value; empty when it is none of them."""
    end = "+newline" if data.endswith(b"\n") else ""
    layouts = (f"{style}{end}" for style in _STYLES)
    return next((one for one in layouts if laid_out(value, one) == data), "")


def laid_out(value: Any, layout: str) -> bytes:
    """A value as JSON in a layout."""
    style, _, end = layout.partition("+")
    return (json.dumps(value, **_STYLES[style]) + ("\n" if end else "")).encode()


def _suffix(data: bytes) -> str:
    for start, suffix in _KINDS:
        if data.startswith(start):
            return suffix
    return "bin"
