"""Blocks that pack and unpack archives, within bounds."""

import gzip
import io
import itertools
import stat
import zipfile
import zlib
from collections.abc import AsyncIterator
from typing import Annotated, Any

from agentbench.blocks.base import about, block
from agentbench.blocks.base.archives import MOST_MEMBERS, ArchiveRefused, check_listed
from agentbench.blocks.base.confined import MOST_BYTES, Workspace, is_hidden
from agentbench.blocks.base.sources import source_of
from agentbench.domain.context import Context
from agentbench.domain.example import Example

MOST_RATIO = 1000
"""A member may unpack to so many times its packed size."""


@block(
    id="files.zip",
    title="Zip files",
    keywords=("archive", "pack", "compress", "bundle", "backup", "gzip"),
    effects="writes",
    outputs={"path": Annotated[str, about("The archive's path inside the workspace.")]},
    examples=[
        Example(inputs={"files": ["a.txt"], "path": "all.zip"}, files={"a.txt": "hi"}, outputs={"path": ["all.zip"]})
    ],
)  # fmt: skip
async def zip_(
    files: Annotated[list[str], about("Files of the workspace.")],
    path: Annotated[str, about("Where the archive goes, such as `out/all.zip`.")],
    *,
    context: Context,
) -> dict[str, Any]:
    """Packs files of the workspace into a zip archive."""

    def packed() -> str:
        workspace, out, size = Workspace(context.workspace), io.BytesIO(), 0
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for name in files[: MOST_MEMBERS + 1]:
                data = workspace.read(name)
                size += len(data)
                if size > MOST_BYTES or len(files) > MOST_MEMBERS:
                    raise ValueError(
                        f"More than {MOST_BYTES} bytes, or {MOST_MEMBERS} files."
                    )
                archive.writestr("/".join(workspace.parts(name)), data)
        return workspace.write(path, out.getvalue())

    return {"path": await context.in_thread(packed)}


@block(
    id="files.unzip",
    title="Unzip",
    keywords=("archive", "unpack", "extract", "decompress", "zip", "gzip"),
    effects="writes",
    outputs={
        "file": Annotated[str, about("Each file's path inside the workspace.")],
        "files": Annotated[list[str], about("All of them.")],
    },
    examples=[
        Example(
            inputs={"archive": "data:application/zip;base64,UEsDBBQAAAAAAAAAIQCsKpPYAgAAAAIAAAAFAAAAYS50eHRoaVBLAQIUAxQAAAAAAAAAIQCsKpPYAgAAAAIAAAAFAAAAAAAAAAAAAACAAQAAAABhLnR4dFBLBQYAAAAAAQABADMAAAAlAAAAAAA=",
                    "folder": "out"},
            outputs={"file": ["out/a.txt"]},
        )
    ],
)  # fmt: skip
async def unzip(
    archive: Annotated[str | bytes, about("A .zip or .gz file: a path, a data: URI, an address, bytes.")],
    folder: Annotated[str, about("The folder of the workspace that it goes into.")] = "unpacked",
    *,
    context: Context,
) -> AsyncIterator[tuple[str, Any]]:  # fmt: skip
    """Unpacks an archive into the workspace.

    What leads out of the folder, links, and what grows beyond all measure is refused
    before the first file is written. What is hidden is left out.
    """
    found = await source_of(archive, context, port="archive")

    def unpacked() -> list[str]:
        workspace = Workspace(context.workspace)
        contents = members(found.data, found.name)
        base = "/".join(workspace.parts(folder))
        return [
            workspace.write(f"{base}/{name}", data)
            for name, data in contents
            if not is_hidden(name)
        ]

    paths = await context.in_thread(unpacked)
    for path in paths:
        yield "file", path
    yield "files", paths


def members(data: bytes, name: str = "") -> list[tuple[str, bytes]]:
    """The files in an archive, all of them checked.

    Raises:
        ArchiveRefused: it cannot be read, leads out, or grows too large.
    """
    if data[:2] == b"\x1f\x8b":
        inner = name.removesuffix(".gz").rpartition("/")[2] or "file"
        return [(inner, _gunzipped(data))]
    check_listed(data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = archive.infolist()
            _check(infos)
            left, found = MOST_BYTES, []
            for info in infos:
                if info.is_dir():
                    continue
                content = _member(archive, info, left)
                left -= len(content)
                found.append((info.filename.replace("\\", "/"), content))
            return found
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        RuntimeError,
        ValueError,
    ) as error:
        if isinstance(error, ArchiveRefused):
            raise
        raise ArchiveRefused(f"'archive' cannot be read: {error}.") from error


def _check(infos: list[zipfile.ZipInfo]) -> None:
    if len(infos) > MOST_MEMBERS:
        raise ArchiveRefused(
            f"'archive' holds {len(infos)} files; {MOST_MEMBERS} is the most."
        )
    total, seen, places = 0, set(), []
    for info in infos:
        name = info.filename.replace("\\", "/")
        if (
            name.startswith("/")
            or ".." in name.split("/")
            or "\0" in name
            or ":" in name
        ):
            raise ArchiveRefused(
                f"'archive' holds {name!r:.100}, which leads out of its folder."
            )
        if stat.S_IFMT(info.external_attr >> 16) not in (0, stat.S_IFREG, stat.S_IFDIR):
            raise ArchiveRefused(f"'archive' holds a link or device: {name!r:.100}.")
        if name in seen:
            raise ArchiveRefused(f"'archive' holds {name!r:.100} twice.")
        seen.add(name)
        total += info.file_size
        if info.file_size > 10_000 and info.file_size > MOST_RATIO * max(
            info.compress_size, 1
        ):
            raise ArchiveRefused(
                f"'archive' holds {name!r:.100}, which grows out of all measure."
            )
        places.append((info.header_offset, info.compress_size))
    if total > MOST_BYTES:
        raise ArchiveRefused(
            f"'archive' unpacks to {total} bytes; {MOST_BYTES} is the most."
        )
    places.sort()
    for (start, size), (after, _) in itertools.pairwise(places):
        if start + size > after:
            raise ArchiveRefused("'archive' holds files that overlap.")


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, left: int) -> bytes:
    with archive.open(info) as file:
        content = file.read(min(info.file_size, left) + 1)
    if len(content) > min(info.file_size, left):
        raise ArchiveRefused(
            f"'archive' holds {info.filename!r:.100}, larger than it says."
        )
    return content


def _gunzipped(data: bytes) -> bytes:
    with gzip.GzipFile(fileobj=io.BytesIO(data)) as file:
        try:
            content = file.read(MOST_BYTES + 1)
        except (OSError, EOFError, zlib.error) as error:
            raise ArchiveRefused(f"'archive' cannot be read: {error}.") from error
    if len(content) > min(MOST_BYTES, MOST_RATIO * len(data) + 10_000):
        raise ArchiveRefused("'archive' grows out of all measure.")
    return content
