"""Importing: files of other programs as agents of ours, and back.

What a file says is read and nothing of it is done: no code runs, nothing is sent, and no
other file is opened.
"""

import json
from pathlib import Path
from typing import Any

from agentbench.domain.errors import DocumentError, FormatRefused, StoreError
from agentbench.domain.graph import Graph
from agentbench.domain.registry import BlockRegistry
from agentbench.formats import formats
from agentbench.formats.base import Format, Imported
from agentbench.workbench.files import replacing

MOST_BYTES = 50_000_000
"""A file that is larger is not read."""
MOST_NODES = 20_000


def read_foreign(file: str | Path, blocks: BlockRegistry) -> Imported:
    """The agent in a file of another program.

    Raises:
        DocumentError: there is no such file, or it is no JSON.
        FormatRefused: it is in no format that is known.
    """
    raw = _parsed(Path(file).expanduser())
    said = f"The file {str(file)!r}"
    if str(raw.get("format", "")).startswith("agentbench/"):
        reason = "it is an agent file already; open it (`%agent open`)."
        raise FormatRefused(said, reason)
    nodes = raw.get("nodes")
    if isinstance(nodes, list) and len(nodes) > MOST_NODES:
        raise FormatRefused(said, f"it has more than {MOST_NODES:,} nodes.")
    for format in formats():
        if format.fits(raw):
            return _read(format, raw, blocks, said)
    known = " and ".join(format.name for format in formats())
    there = ", ".join(map(repr, list(raw)[:8])) or "nothing"
    reason = f"it is no agent of {known}: it holds {there}."
    raise FormatRefused(said, reason)


def _read(
    format: Format, raw: dict[str, Any], blocks: BlockRegistry, said: str
) -> Imported:
    try:
        found = format.read(raw, blocks)
    except RecursionError as error:
        raise FormatRefused(said, "it is nested too deeply.") from error
    found.graph.is_own = False
    return found


def write_foreign(graph: Graph, format: str = "AutoGPT") -> str:
    """The text of the file that another program takes.

    Raises:
        FormatRefused: there is no such format, or it has no such block.
    """
    known = {it.name.lower(): it for it in formats() if it.write is not None}
    found = known.get(format.lower())
    if found is None or found.write is None:
        reason = f"{format!r} is no format that is written; take {', '.join(known)}."
        raise FormatRefused(f"The agent {graph.name!r}", reason)
    return json.dumps(found.write(graph), ensure_ascii=False, indent=2) + "\n"


def write_file(file: str | Path, text: str) -> None:
    """Writes a text file, whole or not at all.

    Raises:
        StoreError: it cannot be written.
    """
    target = Path(file).expanduser()
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with replacing(target) as written:
            written.write(text.encode())
    except OSError as error:
        message = f"{str(file)!r} cannot be written: {error.strerror}."
        raise StoreError(message) from error


def _parsed(path: Path) -> dict[str, Any]:
    where = str(path)
    try:
        if not path.is_file():
            raise DocumentError(where, "there is no such file.")
        if path.stat().st_size > MOST_BYTES:
            raise DocumentError(where, f"it is larger than {MOST_BYTES:,} bytes.")
        raw = json.loads(path.read_text(encoding="utf-8-sig"))
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise DocumentError(where, f"it is no JSON ({place}: {error.msg}).") from error
    except RecursionError as error:
        raise DocumentError(where, "it is nested too deeply.") from error
    except (OSError, ValueError) as error:
        raise DocumentError(where, f"it cannot be read: {error}.") from error
    if not isinstance(raw, dict):
        raise DocumentError(where, "it holds no JSON object.")
    return raw


def report_lines(found: Imported) -> str:
    """What an import gave, for people."""
    graph = found.graph
    size = f"{len(graph.nodes)} nodes, {len(graph.links)} links"
    several = "s" if found.agents > 1 else ""
    more = f", {found.agents} sub-agent{several} inside" if found.agents else ""
    lines = [f"{found.format}'s agent {graph.name!r}: {size}{more}."]
    if found.unsupported:
        lines.append("Placeholders, which fail when they fire:")
        lines += [f"  {it.node}  {it.block}: {it.why}" for it in found.unsupported]
    lines += [f"Lost: {it}" for it in found.lost]
    lines += [f"Note: {it}" for it in found.notes]
    return "\n".join(lines)
