"""Agents: opening and saving graphs, in the library and as files."""

import hashlib
from collections.abc import Callable
from pathlib import Path

from agentbench.blocks.agent.ready import READY, document
from agentbench.domain.cell import running
from agentbench.domain.document import write_document
from agentbench.domain.errors import (
    DocumentError,
    ReadOnlyGraph,
    SaveConflict,
    StoreError,
    UnknownAgent,
)
from agentbench.domain.graph import Graph, Saved
from agentbench.domain.registry import BlockRegistry
from agentbench.domain.store import AgentVersion, Library
from agentbench.workbench.consents import UserConsents
from agentbench.workbench.files import replacing

SUFFIX = ".agent.json"

ENCODING = "utf-8-sig"
"""How files are read: some editors put a byte order mark before the text."""


class Agents:
    """The graphs that are open in this kernel, and where they are kept.

    Opening an agent twice gives the same graph, so that two cells, two views and
    Python all work on one.
    """

    def __init__(
        self,
        library: Callable[[], Library],
        blocks: BlockRegistry,
        *,
        consents: UserConsents | None = None,
    ) -> None:
        """Without `consents`, nothing that is read counts as built here."""
        self._library, self._blocks, self._consents = library, blocks, consents
        self._by_name: dict[str, Graph] = {}
        self._by_file: dict[Path, Graph] = {}
        self._looked_at: dict[str, Graph] = {}
        self._written: dict[str | Path, str] = {}
        """What this kernel last wrote, by name or file: its own hash is no conflict."""

    @property
    def ready(self) -> list[str]:
        """The names of the agents that come along."""
        return list(READY.values())

    def new(self, name: str, *, blank: bool = False) -> Graph:
        """The agent of that name if there is one (unless `blank`), else an empty graph.

        A cell that builds the agent may run again: see `Graph.build_again`.
        """
        if not blank:
            is_here = self.open_here(name) is not None
            try:
                graph = self.open(name)
            except UnknownAgent:
                pass
            else:
                graph.build_again(running(), is_fresh=not is_here)
                return graph
        graph = Graph(name, blocks=self._blocks)
        graph.build_again(running())
        self._by_name[name] = graph
        return graph

    def hold(self, graph: Graph) -> None:
        """Makes a graph the one that is open under its name."""
        self._by_name[graph.name] = graph

    def take_in(self, graph: Graph) -> None:
        """Opens a graph under its name, unless what is open there is not saved yet."""
        before = self.open_here(graph.name)
        if before is None or before.is_saved:
            self._by_name[graph.name] = graph

    def open_here(self, name: str) -> Graph | None:
        """The graph that is open in this kernel under that name, if any."""
        found = self._by_name.get(name)
        return found if found is not None and found.name == name else None

    def open_graphs(self) -> list[Graph]:
        """Every graph that is open in this kernel."""
        return [*self._by_name.values(), *self._by_file.values()]

    def open(self, name: str | Path, *, version: int | None = None) -> Graph:
        """Opens a file, or an agent of the library: its newest version, or the one given.

        An agent that comes along is opened unsaved: saved, it is one of the library.

        Raises:
            UnknownAgent: there is neither.
            DocumentError: the file is no agent file.
        """
        if isinstance(name, Path) or _looks_like_a_file(name):
            return self._open_file(Path(name))
        here = self.open_here(name)
        if here is not None and version is None:
            return here
        found = self._library().agent(name, version)
        if found is None:
            graph = self._ready(name, version)
            self._by_name[name] = graph
            return graph
        kept, text = found
        graph = Graph.from_json(text, where=f"The agent {name!r}", blocks=self._blocks)
        newest = (
            kept if version is None else (self._library().versions(name) or [kept])[0]
        )
        graph.saved = Saved(hash=newest.hash, where=f"version {kept.number}")
        graph.is_own = self._is_own(graph)
        if version is None:
            self._by_name[name] = graph
        return graph

    def look(self, name: str, version: int | None = None) -> Graph:
        """The agent as it is now, for one who only runs it: nothing is opened.

        What is open here counts as it stands, saved or not.

        Raises:
            UnknownAgent: there is neither an agent nor a file of that name.
            DocumentError: the file is no agent file.
        """
        if _looks_like_a_file(name):
            return self._by_file.get(_place(name)) or Graph.from_json(
                _read(_place(name), name), where=name, blocks=self._blocks
            )
        here = self.open_here(name)
        if here is not None and version is None:
            return here
        found = self._library().agent(name, version)
        if found is None:
            return self._ready(name, version)
        kept, text = found
        seen = self._looked_at.get(kept.hash)
        if seen is None:
            where = f"The agent {name!r}"
            seen = Graph.from_json(text, where=where, blocks=self._blocks)
            self._looked_at[kept.hash] = seen
        return seen

    def _ready(self, name: str, version: int | None) -> Graph:
        """An agent that comes along, as nobody has changed it.

        Raises:
            UnknownAgent: there is none.
        """
        text = document(name) if version is None else None
        if text is None:
            known = [agent.name for agent in self._library().agents()]
            raise UnknownAgent(name, [*known, *self._by_name, *READY.values()])
        return Graph.from_json(text, where=f"The agent {name!r}", blocks=self._blocks)

    def versions(self, graph: Graph) -> list[AgentVersion]:
        """Every version of an agent in the library, the newest first."""
        return [] if graph.file is not None else self._library().versions(graph.name)

    def kept(self, graph: Graph, version: int | None = None) -> tuple[Graph, str]:
        """What is saved where a graph is kept, and its hash; nothing is opened.

        Raises:
            UnknownAgent: it was never saved, or there is no such version.
            DocumentError: the file is gone, or no agent file any more.
        """
        if graph.file is not None and version is None:
            text, where = _read(graph.file, str(graph.file)), _shown(graph.file)
            return Graph.from_json(text, where=where, blocks=self._blocks), hash_of(
                text
            )
        found = self._library().agent(graph.name, version)
        if found is None:
            raise UnknownAgent(graph.name, [it.name for it in self._library().agents()])
        kept, text = found
        where = f"The agent {graph.name!r}"
        return Graph.from_json(text, where=where, blocks=self._blocks), kept.hash

    def save(
        self, graph: Graph, file: str | Path | None = None, *, force: bool = False
    ) -> str:
        """Saves a graph where it belongs, and says in words where that is.

        A graph that has a file (it was opened from one, or `file` is given) is saved
        there; any other as a new version in the library.

        Raises:
            SaveConflict: it was changed elsewhere since, and `force` is false.
            ReadOnlyGraph: it is open read-only.
            GraphInvalid: a constant of it cannot be kept.
        """
        if graph.read_only:
            raise ReadOnlyGraph(graph.name, graph.read_only)
        revision = graph.revision
        text = write_document(graph)
        if self._consents is not None:
            self._consents.keep_own(graph)
        target = graph.file if file is None else Path(file).expanduser().absolute()
        if target is None:
            library = self._library()
            newest = library.agent(graph.name)
            base = graph.saved.hash
            if newest and self._written.get(graph.name) == newest[0].hash:
                base = newest[0].hash
            kept = library.save_agent(graph.name, text, parent=base, force=force)
            self._written[graph.name] = kept.hash
            hash, where = kept.hash, f"version {kept.number}"
            self._by_name[graph.name] = graph
        else:
            hash, where = self._save_file(graph, target, text, force=force)
        graph.saved = Saved(revision=revision, hash=hash, where=where)
        return where

    def _is_own(self, graph: Graph) -> bool:
        return self._consents is not None and self._consents.is_own(graph)

    def _open_file(self, path: Path) -> Graph:
        place = _place(path)
        text = _read(place, str(path))
        here = self._by_file.get(place)
        if here is not None and (not here.is_saved or here.saved.hash == hash_of(text)):
            return here
        graph = Graph.from_json(text, where=str(path), blocks=self._blocks)
        graph.file = place
        graph.saved = Saved(hash=hash_of(text), where=_shown(place))
        graph.is_own = self._is_own(graph)
        self._by_file[place] = graph
        self.take_in(graph)
        return graph

    def _save_file(
        self, graph: Graph, target: Path, text: str, *, force: bool
    ) -> tuple[str, str]:
        there = _text_of(target)
        is_known = target == graph.file and there is not None
        base = graph.saved.hash if is_known else None
        ours = (base, self._written.get(target))
        is_same = there is None or there == text or hash_of(there) in ours
        if not is_same and not force:
            raise SaveConflict(_shown(target), is_opened=any(ours))
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            with replacing(target) as written:
                written.write(text.encode())
        except OSError as error:
            message = f"{_shown(target)} cannot be written: {error.strerror}."
            raise StoreError(message) from error
        self._written[target] = hash_of(text)
        graph.file = target
        self._by_file[target] = graph
        self._by_name[graph.name] = graph
        return hash_of(text), _shown(target)


def _looks_like_a_file(name: str) -> bool:
    try:
        return name.endswith(".json") or Path(name).expanduser().is_file()
    except OSError:  # too long to be a file's name
        return False


def _place(file: str | Path) -> Path:
    return Path(file).expanduser().absolute()


def _read(place: Path, said: str) -> str:
    try:
        return place.read_text(encoding=ENCODING)
    except FileNotFoundError:
        raise DocumentError(said, "there is no such file.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise DocumentError(said, str(error)) from error


def _text_of(file: Path) -> str | None:
    """What a file holds, or None where there is none."""
    try:
        return file.read_text(encoding=ENCODING, errors="surrogateescape")
    except FileNotFoundError:
        return None
    except OSError as error:
        message = f"{_shown(file)} cannot be written: {error.strerror}."
        raise StoreError(message) from error


def hash_of(text: str) -> str:
    """By which a saved text is known again."""
    return hashlib.sha256(text.encode(errors="surrogateescape")).hexdigest()


def _shown(path: Path) -> str:
    """A path as people write it: from the working directory where it lies below it."""
    try:
        return path.relative_to(Path.cwd()).as_posix()
    except ValueError:
        return str(path)
