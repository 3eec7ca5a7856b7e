"""Looks for planted secrets in everything that is on disk, in every form they may take."""

import base64
import binascii
import gzip
import json
import urllib.parse
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

SMALLEST = 12
"""Shorter pieces are no evidence."""


def forms(secret: str) -> dict[str, bytes]:
    """How a secret may stand in a file; written here anew, not taken from what is tested."""
    raw = secret.encode()
    found = {
        "plain": raw,
        "url": urllib.parse.quote(secret, safe="").encode(),
        "url, spaces as plus": urllib.parse.quote_plus(secret).encode(),
        "json": json.dumps(secret)[1:-1].encode(),
        "json, unicode": json.dumps(secret, ensure_ascii=False)[1:-1].encode(),
        "json in json": json.dumps(json.dumps(secret)[1:-1])[1:-1].encode(),
        "repr": repr(secret)[1:-1].encode(),
        "hex": binascii.hexlify(raw),
        "HEX": binascii.hexlify(raw).upper(),
        "utf-16": secret.encode("utf-16-le"),
        "backwards": raw[::-1],
    }
    for before in range(3):
        skip, end = -(-before * 8 // 6), (before + len(raw)) * 8 // 6
        whole = base64.b64encode(b"\0" * before + raw)[skip:end]
        found[f"base64 {before}"] = whole
    # A piece that was cut off is a leak as well: the first and the last half.
    middle = len(raw) // 2
    found |= {"first half": raw[:middle], "last half": raw[middle:]}
    return {form: text for form, text in found.items() if len(text) >= SMALLEST}


def contents(folder: Path) -> Iterator[tuple[str, bytes]]:
    """The bytes of every file below a folder, also of what is packed in it."""
    for path in sorted(folder.rglob("*")):
        if not path.is_file() or path.is_symlink():
            continue
        data = path.read_bytes()
        name = str(path.relative_to(folder))
        yield name, data
        yield from _unpacked(name, path, data)


def hits(folder: Path, planted: dict[str, str]) -> set[str]:
    """`file: canary (form)` for every planted secret that is found."""
    looked_for = [
        (name, form, text)
        for name, secret in planted.items()
        for form, text in forms(secret).items()
    ]
    return {
        f"{place}: {name} ({form})"
        for place, data in contents(folder)
        for name, form, text in looked_for
        if text in data
    }


def _unpacked(name: str, path: Path, data: bytes) -> Iterator[tuple[str, bytes]]:
    if data[:2] == b"\x1f\x8b":
        yield f"{name} (gzip)", gzip.decompress(data)
    elif zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as packed:
            for inner in packed.namelist():
                yield f"{name}/{inner}", packed.read(inner)
    elif data[:1] == b"\x78":
        try:
            yield f"{name} (zlib)", zlib.decompress(data)
        except zlib.error:
            return
