"""Sources: what a port that takes a file may be given, and the bytes in it."""

import base64
import binascii
import mimetypes
import os
import posixpath
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, unquote_to_bytes, urlsplit

from agentbench.blocks.base.confined import (
    MOST_BYTES,
    OutsideWorkspace,
    Workspace,
)
from agentbench.domain.context import Context

KINDS = "a path in the workspace, a data: URI, an https:// address, or bytes"


@dataclass(frozen=True, kw_only=True)
class Source:
    """What is in a file, with its name and MIME type as far as they are known."""

    data: bytes
    name: str
    kind: str

    @property
    def text(self) -> str:
        """The content as text: UTF-8, or else Latin-1, which takes every byte."""
        try:
            return self.data.decode("utf-8-sig")
        except UnicodeDecodeError:
            return self.data.decode("latin-1")

    @property
    def as_uri(self) -> str:
        """The content inside a `data:` URI."""
        return f"data:{self.kind};base64,{base64.b64encode(self.data).decode()}"


async def source_of(file: Any, context: Context, *, port: str = "file") -> Source:
    """What a port was given: a path in the workspace, a data URI, an address or bytes.

    Raises:
        ValueError: it is none of these.
        OutsideWorkspace: the path leads out of the workspace.
    """
    if isinstance(file, bytes):
        return Source(data=file, name="", kind=kind_of(file, ""))
    if not isinstance(file, str) or not file.strip():
        raise ValueError(
            f"{port!r} takes {KINDS}, not {type(file).__name__} {file!r:.40}."
        )
    if file.startswith("data:"):
        return _of_uri(file, port)
    if file.startswith(("http://", "https://")):
        response = await context.outbound.request("GET", file, max_bytes=MOST_BYTES)
        if not response.is_success:
            raise ConnectionError(
                f"{port!r}: {file.partition('?')[0]} answered {response.status}."
            )
        name = unquote(posixpath.basename(urlsplit(response.url).path))
        said = response.headers.get("content-type", "").partition(";")[0].strip()
        return Source(
            data=response.content,
            name=name,
            kind=said or kind_of(response.content, name),
        )
    found: Source = await context.in_thread(read_file, file, context)
    return found


def read_file(path: str, context: Context) -> Source:
    """What is in a file of one of the folders that may be read from.

    Raises:
        OutsideWorkspace: the path leads out of them.
        FileNotFoundError: there is none, with every place that was looked at.
    """
    data = workspace_of(path, context).read(written_out(path))
    name = path.rpartition("/")[2]
    return Source(data=data, name=name, kind=kind_of(data, name))


def workspace_of(path: str, context: Context) -> Workspace:
    """The first of the folders that may be read from in which there is that path.

    Raises:
        OutsideWorkspace: the path leads out of them.
        FileNotFoundError: there is none, with every place that was looked at.
    """
    path = written_out(path)
    refused: OutsideWorkspace | None = None
    looked: list[str] = []
    for folder in context.folders:
        workspace = Workspace(folder)
        try:
            if workspace.stat(path) is not None:
                return workspace
            looked.append(str(workspace.root / path))
        except OutsideWorkspace as error:
            refused = refused or error
    if refused is not None:
        raise refused
    raise FileNotFoundError(
        f"There is no file {path!r}. Looked for {', '.join(looked)}."
    )


def written_out(path: str) -> str:
    """The path with the user's folder in the place of `~`."""
    return os.path.expanduser(path) if path.startswith("~") else path  # noqa: PTH111


def _of_uri(uri: str, port: str) -> Source:
    head, comma, body = uri.partition(",")
    if not comma:
        raise ValueError(f"{port!r} is a data: URI without its comma.")
    kind = head.removeprefix("data:").partition(";")[0] or "text/plain"
    if len(body) > MOST_BYTES * 4 // 3 + 4:
        raise ValueError(f"{port!r} is larger than {MOST_BYTES} bytes.")
    try:
        data = (
            base64.b64decode(body, validate=True)
            if head.endswith(";base64")
            else unquote_to_bytes(body)
        )
    except (binascii.Error, ValueError) as error:
        raise ValueError(
            f"{port!r} is a data: URI that is no Base64: {error}."
        ) from error
    return Source(data=data, name="", kind=kind)


_MAGIC = (
    (b"\x89PNG\r\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg"), (b"GIF8", "image/gif"),
    (b"%PDF-", "application/pdf"), (b"PK\x03\x04", "application/zip"), (b"RIFF", "audio/wav"),
)  # fmt: skip


def kind_of(data: bytes, name: str) -> str:
    """The MIME type, by how the data begins or what the file is called."""
    for start, kind in _MAGIC:
        if data.startswith(start):
            if kind == "audio/wav" and data[8:12] == b"WEBP":
                return "image/webp"
            by_name = mimetypes.guess_type(name)[0]
            return by_name if kind == "application/zip" and by_name else kind
    if found := mimetypes.guess_type(name)[0]:
        return found
    return "application/octet-stream" if b"\0" in data[:1000] else "text/plain"
