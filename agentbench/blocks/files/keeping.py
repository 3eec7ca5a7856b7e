"""Blocks that read, write and tidy up files in the workspace."""

import datetime
import fnmatch
import hashlib
import mimetypes
import stat
from collections.abc import AsyncIterator, Iterator
from typing import Annotated, Any, Literal

import pydantic

from agentbench.blocks.base import about, block, example
from agentbench.blocks.base.confined import Workspace
from agentbench.blocks.base.sources import source_of
from agentbench.domain.context import Context
from agentbench.domain.example import Example

_Path = Annotated[str, about("A path inside the workspace, such as `notes/today.txt`.")]
_File = Annotated[
    str | bytes,
    about("A path in the workspace, a data: URI, an https:// address, or bytes."),
]
_Where = Annotated[str, about("Its path inside the workspace.")]
_MOST_LISTED = 10_000


@block(
    id="files.read",
    title="Read file",
    keywords=("open", "load", "text file", "contents", "cat", "bytes", "disk"),
    effects="reads",
    outputs={
        "text": Annotated[str, about("As text: UTF-8, or else Latin-1.")],
        "bytes": Annotated[bytes, about("As it is.")],
        "name": Annotated[str, about("Its name.")],
        "kind": Annotated[str, about("Its MIME type, such as text/plain.")],
    },
    examples=[
        example({"file": "a.txt"}, files={"a.txt": "hello"}, text="hello", kind="text/plain"),
        example({"file": "data:text/plain,hi%21"}, text="hi!"),
    ],
)  # fmt: skip
async def read(file: _File, *, context: Context) -> dict[str, Any]:
    """Reads a file of the workspace, or one that came in another way."""
    found = await source_of(file, context)
    return {
        "text": found.text,
        "bytes": found.data,
        "name": found.name,
        "kind": found.kind,
    }


@block(
    id="files.write",
    title="Write file",
    keywords=("save", "store", "create", "append", "text file", "export", "disk"),
    effects="writes",
    examples=[
        example({"path": "out/a.txt", "content": "hello"}, result="out/a.txt"),
        example({"path": "a.txt", "content": "!", "how": "append"}, files={"a.txt": "hi"}, result="a.txt"),
    ],
)  # fmt: skip
async def write(
    path: _Path,
    content: Annotated[Any, about("Text, bytes, or a value that becomes JSON.")],
    *,
    how: Annotated[
        Literal["replace", "append", "new"],
        about("What becomes of a file that is there; `new` fails then."),
    ] = "replace",
    context: Context,
) -> _Where:
    """Writes a file in the workspace; folders are made where they are missing."""
    data = _bytes_of(content)
    return str(
        await context.in_thread(Workspace(context.workspace).write, path, data, how)
    )


def _bytes_of(content: Any) -> bytes:
    if isinstance(content, bytes):
        return content
    if isinstance(content, str):
        return content.encode("utf-8", "replace")
    import json

    try:
        return json.dumps(content, ensure_ascii=False, indent=2).encode()
    except (TypeError, ValueError, RecursionError) as error:
        raise ValueError(f"'content' cannot be written: {error}.") from error


@block(
    id="files.list",
    title="List files",
    keywords=("directory", "folder", "ls", "glob", "find", "search files", "dir"),
    effects="reads",
    outputs={
        "file": Annotated[str, about("Each path, one by one.")],
        "files": Annotated[list[dict[str, Any]], about("`path`, `bytes`, `changed`.")],
    },
    examples=[
        Example(
            inputs={"pattern": "*.md"},
            files={"a.md": "x", "b/c.md": "y", "d.txt": "z"},
            outputs={"file": ["a.md", "b/c.md"]},
        )
    ],
)
async def list_(
    folder: Annotated[str, about("A folder of the workspace; empty for all of it.")] = "",
    *,
    pattern: Annotated[str, about("Names that count, such as `*.csv`.")] = "*",
    deep: Annotated[bool, about("Also in folders inside.")] = True,
    hidden: Annotated[bool, about("Also names with a dot before.", advanced=True)] = False,
    context: Context,
) -> AsyncIterator[tuple[str, Any]]:  # fmt: skip
    """Lists files of the workspace by their paths."""

    def found() -> list[dict[str, Any]]:
        rows = []
        for path, facts in _walked(
            Workspace(context.workspace), folder, deep=deep, hidden=hidden
        ):
            if fnmatch.fnmatch(path.rpartition("/")[2], pattern):
                rows.append(_facts(path, facts))
            if len(rows) > _MOST_LISTED:
                raise ValueError(f"More than {_MOST_LISTED} files; name a folder.")
        return rows

    rows = await context.in_thread(found)
    for row in rows:
        yield "file", row["path"]
    yield "files", rows


def _walked(
    workspace: Workspace,
    folder: str,
    *,
    deep: bool,
    hidden: bool,
) -> Iterator[tuple[str, Any]]:
    start = "/".join(workspace.parts(folder)) if folder else ""
    waiting = [start]
    while waiting:
        here = waiting.pop(0)
        for name, facts in workspace.names(here):
            path = f"{here}/{name}" if here else name
            if name.startswith(".") and not hidden:
                continue
            if stat.S_ISDIR(facts.st_mode):
                if deep:
                    waiting.append(path)
            elif stat.S_ISREG(facts.st_mode):
                yield path, facts


def _facts(path: str, facts: Any) -> dict[str, Any]:
    moment = datetime.datetime.fromtimestamp(facts.st_mtime, datetime.UTC)
    return {
        "path": path,
        "bytes": facts.st_size,
        "changed": moment.isoformat(timespec="seconds"),
    }


@block(
    id="files.info",
    title="File info",
    keywords=("exists", "size", "stat", "modified", "is there", "checksum"),
    effects="reads",
    outputs={
        "exists": Annotated[bool, about("Whether it is there.")],
        "bytes": Annotated[int, about("How large it is.")],
        "changed": Annotated[str, about("When it was last changed.")],
        "kind": Annotated[str, about("Its MIME type, or `folder`.")],
    },
    examples=[
        example({"path": "a.txt"}, files={"a.txt": "hello"}, exists=True, bytes=5, kind="text/plain"),
        example({"path": "b.txt"}, exists=False),
    ],
)  # fmt: skip
async def info(path: _Path, *, context: Context) -> dict[str, Any]:
    """Says whether a file is there, how large it is and when it changed."""
    found = await context.in_thread(Workspace(context.workspace).stat, path)
    if found is None:
        return {"exists": False}
    facts = _facts(path, found)
    kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
    is_folder = stat.S_ISDIR(found.st_mode)
    return {
        "exists": True,
        "bytes": facts["bytes"],
        "changed": facts["changed"],
        "kind": "folder" if is_folder else kind,
    }


@block(
    id="files.copy",
    title="Copy file",
    keywords=("duplicate", "cp", "backup", "clone", "move", "rename", "mv"),
    effects="writes",
    examples=[
        example({"source": "a.txt", "target": "b/a.txt"}, files={"a.txt": "x"}, result="b/a.txt"),
        example({"source": "a.txt", "target": "b.txt", "move": True}, files={"a.txt": "x"}, result="b.txt"),
    ],
)  # fmt: skip
async def copy(
    source: Annotated[str, about("Which file.")],
    target: Annotated[str, about("Its new path.")],
    *,
    move: Annotated[bool, about("The old one goes.")] = False,
    replace: Annotated[bool, about("Even if a file is there.")] = False,
    context: Context,
) -> _Where:
    """Copies or moves a file inside the workspace."""

    def copied() -> str:
        workspace = Workspace(context.workspace)
        if workspace.parts(source) == workspace.parts(target):
            return "/".join(workspace.parts(source))
        data = workspace.read(source)
        written = workspace.write(target, data, "replace" if replace else "new")
        if move:
            workspace.delete(source)
        return written

    return str(await context.in_thread(copied))


@block(
    id="files.delete",
    title="Delete file",
    keywords=("remove", "rm", "erase", "clean up", "unlink"),
    effects="writes",
    examples=[
        example({"path": "a.txt"}, files={"a.txt": "x"}, result=True),
        example({"path": "b.txt"}, result=False),
    ],
)
async def delete(
    path: _Path, *, context: Context
) -> Annotated[bool, about("Whether it was there.")]:
    """Deletes a file of the workspace, or a folder with nothing in it."""
    return bool(await context.in_thread(Workspace(context.workspace).delete, path))


@block(
    id="files.keep",
    title="Keep file",
    keywords=("store", "upload", "attachment", "download", "media", "data uri"),
    effects="writes",
    sticky=True,
    outputs={"file": Annotated[str, about("Its path in the workspace, or a data: URI.")]},
    examples=[
        example({"file": "data:text/plain,hi"}, file="kept/8f434346648f.txt"),
        example({"file": "a.txt", "as_data_uri": True}, files={"a.txt": "hi"}, file="data:text/plain;base64,aGk="),
    ],
)  # fmt: skip
async def keep(
    file: _File,
    *,
    as_data_uri: Annotated[
        bool, about("Give the content itself, as a data: URI.")
    ] = False,
    context: Context,
) -> dict[str, Any]:
    """Puts a file that came from anywhere into the workspace, under a name of its content."""
    found = await source_of(file, context)
    if as_data_uri:
        return {"file": found.as_uri}
    name = hashlib.sha256(found.data).hexdigest()[:12]
    path = f"kept/{name}{mimetypes.guess_extension(found.kind) or '.bin'}"
    return {
        "file": await context.in_thread(
            Workspace(context.workspace).write, path, found.data
        )
    }


@block(
    id="files.read_parts",
    title="Read file in parts",
    keywords=("chunks", "lines", "large file", "split", "stream", "skip", "rows"),
    effects="reads",
    outputs={"content": Annotated[str, about("Each part, one by one.")]},
    examples=[
        Example(
            inputs={"file": "a.txt", "delimiter": "\n", "skip_rows": 1, "row_limit": 2},
            files={"a.txt": "a\nb\nc\nd"},
            outputs={"content": ["b\nc"]},
        ),
        Example(
            inputs={"file": "a.txt", "size_limit": 2},
            files={"a.txt": "abcde"},
            outputs={"content": ["ab", "cd", "e"]},
        ),
    ],
)
async def read_parts(
    file: _File,
    delimiter: Annotated[str, about("What stands between rows; empty for one row.")] = "",
    *,
    size_limit: Annotated[int, pydantic.Field(ge=0), about("Letters in a part; 0 for all in one.")] = 0,
    row_limit: Annotated[int, pydantic.Field(ge=0), about("Only so many rows; 0 for all.")] = 0,
    skip_size: Annotated[int, pydantic.Field(ge=0), about("Letters left out at the start.")] = 0,
    skip_rows: Annotated[int, pydantic.Field(ge=0), about("Rows left out after that.")] = 0,
    context: Context,
) -> AsyncIterator[tuple[str, Any]]:  # fmt: skip
    """Reads a text file as a whole, or in parts of some length."""
    text = (await source_of(file, context)).text[skip_size:]
    delimiter = delimiter.replace("\\n", "\n").replace("\\t", "\t")
    rows = text.split(delimiter) if delimiter else [text]
    kept = rows[skip_rows : skip_rows + row_limit if row_limit else None]
    whole = delimiter.join(kept)
    size = size_limit or max(len(whole), 1)
    if len(whole) > size * 100_000:
        raise ValueError("That would be more than 100000 parts; raise 'size_limit'.")
    for start in range(0, len(whole), size):
        yield "content", whole[start : start + size]
