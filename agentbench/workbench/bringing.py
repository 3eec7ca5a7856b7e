"""Bringing: tables, images and folders that a form or a node names, read or looked for."""

import contextlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from agentbench.blocks.base.confined import OutsideWorkspace, Workspace
from agentbench.blocks.table.ends import loaded_table, why_no_table
from agentbench.domain.brought import (
    UPLOAD,
    VARIABLE,
    files_of,
    is_brought,
    kind_brought,
)
from agentbench.domain.errors import GraphInvalid, InputError
from agentbench.domain.graph import Graph
from agentbench.domain.kind import IMAGE, TABLE
from agentbench.domain.picture import FORMATS
from agentbench.domain.port import Port
from agentbench.domain.problem import Problem

FOLDER = "directory-path"
MOST_FOLDERS = 300
MOST_FILES = 300
MOST_TYPES = 4096
ENDINGS: Mapping[str, tuple[str, ...]] = {
    TABLE.name: (".csv", ".tsv", ".parquet", ".xlsx", ".jsonl", ".csv.gz"),
    IMAGE.name: (".png", ".jpg", ".jpeg", ".gif", ".webp", ".bmp", ".tif", ".tiff"),
}
"""By kind, how files are called that may hold one."""


class Bringer:
    """Reads what the nodes of runs name."""

    def __init__(self, bench: Any) -> None:
        self._bench = bench

    def read(self, port: Port, value: Any) -> Any:
        """The table or image that a constant names; blocks while it is read.

        Raises:
            InputError: it is not there, elsewhere, or of another kind.
        """
        [(how, name)] = value.items()
        return _read(self._bench, port, how, name)


def brought(bench: Any, port: Port, value: Any, variables: Mapping[str, Any]) -> Any:
    """What a form said for an input, as a run takes it; `port` has the input's name.

    Raises:
        InputError: there is no such thing, it is elsewhere, or of another kind.
    """
    if is_folder(port) and isinstance(value, str):
        if reason := why_no_folder(bench, value):
            raise InputError(port.name, reason)
        return value
    if not is_brought(port, value):
        return value
    [(how, name)] = value.items()
    if how != VARIABLE:
        return _read(bench, port, how, name)
    kind = kind_brought(port)
    if name not in variables:
        raise InputError(
            port.name, f"names {name!r}: the notebook has no such variable."
        )
    if kind and not kind.matches(type(variables[name])):
        found = type(variables[name]).__name__
        raise InputError(
            port.name, f"names {name!r}, which is no {kind.name}: {found}."
        )
    return variables[name]


def why_not_brought(
    bench: Any, port: Port, value: Any, variables: Mapping[str, Any]
) -> str:
    """Why what a form says cannot be had, without reading it; empty when it can."""
    if is_folder(port):
        return _sentence(why_no_folder(bench, value)) if isinstance(value, str) else ""
    [(how, name)] = value.items()
    if how == VARIABLE:
        return "" if name in variables else f"The notebook has no variable {name!r}."
    try:
        place = _place(bench, port, how, name)
    except InputError as error:
        return _sentence(error.reason)
    return _sentence(why_no_table(place)) if kind_brought(port) is TABLE else ""


def refuse_missing(bench: Any, graph: Graph) -> None:
    """Refuses a graph whose nodes name files that cannot be read, before any of it runs.

    Raises:
        GraphInvalid: with every one of them.
    """
    if wrong := list(_missing(bench, graph)):
        raise GraphInvalid(graph.name, wrong)


def problems_of_places(bench: Any, graph: Graph) -> Iterator[Problem]:
    """Files and folders that nodes name and that are not there.

    A folder is only doubtful: a node before it may make it.
    """
    yield from _missing(bench, graph)
    for id, node in sorted(graph.nodes.items()):
        constants, block = node.constants, graph.block_of(id)
        for port in block.inputs(constants) if block is not None else ():
            value = constants.get(port.name)
            if type(value) is not str or not value or not is_folder(port):
                continue
            if said := why_not_brought(bench, port, value, {}):
                yield Problem(node=id, port=port.name, message=said, level="warning")


def _missing(bench: Any, graph: Graph) -> Iterator[Problem]:
    for id, port, value in files_of(graph):
        if reason := why_not_brought(bench, port, value, {}):
            yield Problem(node=id, port=port.name, message=reason)


def is_folder(port: Port) -> bool:
    """Whether a port takes the path of a folder of the workspace."""
    # A graph is looked at after every edit, and types mostly stay the objects they are.
    known = _TAKES_FOLDER.get(id(port.annotation))
    if known is None or known[0] is not port.annotation:
        if len(_TAKES_FOLDER) >= MOST_TYPES:
            _TAKES_FOLDER.clear()
        known = (port.annotation, _takes_folder(port))
        _TAKES_FOLDER[id(port.annotation)] = known
    return known[1]


_TAKES_FOLDER: dict[int, tuple[Any, bool]] = {}
"""By the id of a type, the type and whether it is of folders."""


def _takes_folder(port: Port) -> bool:
    schema = port.schema()
    members = (schema, *schema.get("anyOf", ()))
    return any(one.get("format") == FOLDER for one in members)


def why_no_folder(bench: Any, path: str) -> str:
    """Why a path is none of a folder inside the workspace; empty when it is one."""
    root = _root(bench)
    try:
        parts = Workspace(root).parts(path) if path.strip() else ()
    except OutsideWorkspace as error:
        return f"takes a folder of the workspace. {error}"
    place = root.resolve().joinpath(*parts)
    if not place.resolve().is_relative_to(root.resolve()):
        return f"takes a folder of the workspace: {path!r} is a link out of {root}."
    return "" if place.is_dir() else f"is no folder of the workspace {root}: {path!r}."


def folders(bench: Any) -> list[str]:
    """Folders of the workspace, those nearest to its root first."""
    root = _root(bench).resolve()
    found = [it for level, _ in _levels(root, MOST_FOLDERS) for it in level]
    return [it.relative_to(root).as_posix() for it in found[:MOST_FOLDERS]]


def files(bench: Any, kind: str) -> list[str]:
    """Files of the workspace that may hold a table or an image, by how they are called."""
    root, endings = _root(bench).resolve(), ENDINGS.get(kind, ())
    found: list[Path] = []
    for _, inside in _levels(root, MOST_FOLDERS):
        found += [
            it for it in inside if it.name.lower().endswith(endings) and it.is_file()
        ]
        if len(found) >= MOST_FILES:
            break
    return [it.relative_to(root).as_posix() for it in found[:MOST_FILES]]


def _levels(root: Path, most: int) -> Iterator[tuple[list[Path], list[Path]]]:
    """The folders below each level of a folder, and everything that lies on that level."""
    level, seen = [root], 0
    while level and seen < most:
        every: list[Path] = []
        for above in level:
            with contextlib.suppress(OSError):
                every += sorted(above.iterdir())
        every = [it for it in every if it.name[0] not in "._" and not it.is_symlink()]
        level = [it for it in every if it.is_dir()]
        seen += len(level)
        yield level, every


def _read(bench: Any, port: Port, how: str, name: str) -> Any:
    place = _place(bench, port, how, name)
    if kind_brought(port) is IMAGE:
        return _image(port, place)
    try:
        with place.open("rb") as opened:
            return loaded_table(place, opened)
    except (ValueError, ImportError, OSError) as error:
        raise InputError(port.name, f"could not be read. {error}") from error


def _image(port: Port, place: Path) -> Any:
    try:
        from PIL import Image
    except ImportError as error:
        reason = "needs Pillow: pip install 'agentbench[data]'."
        raise InputError(port.name, reason) from error
    try:
        with Image.open(place, formats=FORMATS) as opened:
            opened.load()
            return opened.copy()
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        reason = f"could not be read: {place.name} is no image ({error})."
        raise InputError(port.name, reason) from error


def _place(bench: Any, port: Port, how: str, path: str) -> Path:
    """Where the file is: among the uploads, or in the workspace; nowhere else."""
    root, uploads = _root(bench).resolve(), bench.uploads.folder.resolve()
    try:
        inside = (uploads if how == UPLOAD else root).joinpath(path).resolve()
        is_there = inside.is_file()
    except (OSError, ValueError, RuntimeError):  # no path at all
        inside, is_there = root / "?", False
    if not any(inside.is_relative_to(home) for home in (root, uploads)):
        reason = (
            f"has to be an upload, or in the workspace {root}: {path!r} is elsewhere."
        )
        raise InputError(port.name, reason)
    if not is_there and how == UPLOAD:
        said = path.rpartition("/")[2]
        reason = f"names the upload {said!r}, which is not on this machine: bring it."
        raise InputError(port.name, reason)
    if not is_there:
        reason = f"names {path!r}, which is not there: bring it, or give its path."
        raise InputError(port.name, reason)
    return inside


def _root(bench: Any) -> Path:
    return bench.settings.workspace or Path.cwd()


def _sentence(reason: str) -> str:
    return f"It {reason}" if reason else ""
