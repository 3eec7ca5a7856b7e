"""Graph: nodes and links, as Python and the canvas build, keep and run them."""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agentbench.domain import edit as edits
from agentbench.domain.basis import Reuse
from agentbench.domain.bench import current_bench
from agentbench.domain.block import Block
from agentbench.domain.buildable import Buildable
from agentbench.domain.document import read_document, write_document
from agentbench.domain.drawing import slug
from agentbench.domain.errors import EditRefused, GraphError, LinkRefused
from agentbench.domain.fragment import copied, pasting, read
from agentbench.domain.history import History
from agentbench.domain.node import Link
from agentbench.domain.reference import NodeRef, PortRef
from agentbench.domain.registry import BlockRegistry
from agentbench.domain.replay import ReplayMode
from agentbench.domain.run import RunOptions, RunView
from agentbench.domain.script import write_script
from agentbench.domain.wiring import Between, checked, dissolving, inserting


@dataclass(frozen=True, kw_only=True)
class Saved:
    """What of a graph was last kept: its revision, the text's hash, and where, in words."""

    revision: int = 0
    hash: str = ""
    where: str = ""


class Graph(Buildable):
    """Blocks placed and linked: plain data that can be run, saved and drawn.

    Build it in Python (`add`, `link`, `>>`) or on the canvas: both make the same
    edits on the same object. Safe to use from any thread.
    """

    def __init__(
        self,
        name: str = "untitled",
        description: str = "",
        *,
        blocks: BlockRegistry | None = None,
    ) -> None:
        super().__init__(name, description)
        self.file: Path | None = None
        self.saved = Saved()
        self._blocks = blocks
        self._frozen: Graph | None = None

    # ---- looking -----------------------------------------------------------

    @property
    def blocks(self) -> BlockRegistry:
        """Where the graph's blocks are looked up."""
        return self._blocks if self._blocks is not None else current_bench().blocks

    def why_not_link(self, source: str, output: str, target: str, input: str) -> str:
        """Why the two ports may not be linked; empty when they may."""
        try:
            self._checked_link(
                edits.AddLink(source=source, output=output, target=target, input=input)
            )
        except LinkRefused as refused:
            return refused.reason
        except GraphError as error:
            return str(error)
        return ""

    # ---- building ----------------------------------------------------------

    def add(
        self, block: str | Block, id: str | None = None, /, **inputs: Any
    ) -> NodeRef:
        """Places a block and returns its node.

        Every keyword is an input of the block: a constant, or an output of another
        node (or the node itself, for its first output), which is linked. What concerns
        the node and not its block is said with `NodeRef.set`.
        """
        name = self._known(block)
        sources = {
            port: given.first_output if isinstance(given, NodeRef) else given
            for port, given in inputs.items()
            if isinstance(given, (NodeRef, PortRef))
        }
        constants = {k: v for k, v in inputs.items() if k not in sources}
        ends = {port: (it.node, it.port) for port, it in sources.items()}
        return NodeRef(self, self._place(name, id, constants, ends))

    def input(
        self,
        name: str,
        default: Any = None,
        /,
        *,
        type: str = "any",
        **more: Any,
    ) -> NodeRef:
        """Adds an input of the agent; `default` is used when a run gives none."""
        given = {} if default is None else {"default": default}
        return self.add(
            "agent.input",
            self._own_id(name, "input"),
            name=name,
            type=type,
            **given,
            **more,
        )

    def output(self, name: str, value: "NodeRef | PortRef", /, **more: Any) -> NodeRef:
        """Adds an output of the agent, fed by a node's output."""
        return self.add(
            "agent.output", self._own_id(name, "output"), name=name, value=value, **more
        )

    def _own_id(self, name: str, role: str) -> str:
        """The id of an input or output of the agent: its name, where that is free."""
        for wanted in (slug(name), f"{slug(name)}-{role}"):
            if wanted not in self or self._is_left(wanted):
                return wanted
        return self._free_id(None, f"{slug(name)}-{role}")

    def link(
        self, source: "PortRef | str", target: "PortRef | str", *, sticky: bool = False
    ) -> Link:
        """Links an output to an input; `source >> target` is the short form.

        A port is one of a node (`node.result`), or is named as text: `"node.result"`.
        """
        step = _link(self._named(source), self._named(target), sticky=sticky)
        return self._draw(step)

    def _named(self, port: "PortRef | str") -> PortRef:
        if isinstance(port, PortRef):
            return port
        node, dot, name = str(port).partition(".")
        if not (node and dot and name):
            raise EditRefused(f"A port is named as 'node.port', not as {port!r}.")
        return PortRef(self, self.node(node).id, name)

    def remove(self, *nodes: "str | NodeRef") -> None:
        """Takes nodes away, with their links."""
        self.apply(*(edits.RemoveNode(id=id) for id in _ids(nodes)))

    # ---- rearranging -------------------------------------------------------

    def copied(self, *nodes: "str | NodeRef") -> str:
        """These nodes as text, with the links between them; all of them when none is named.

        `paste` takes it, here or in any other graph, and so does the canvas.
        """
        return copied(self, _ids(nodes) or list(self._nodes))

    def paste(
        self, text: str, *, at: tuple[float, float] | None = None
    ) -> list[NodeRef]:
        """Puts copied nodes, or those of an agent file's text, in; returns them.

        Args:
            text: what `copied`, the canvas or an agent file gives.
            at: where their middle goes on the canvas.

        Raises:
            EditRefused: the text holds no nodes.
        """
        put = pasting(self, read(text, self.blocks), at=at)
        self.apply(*put.steps, title="Paste")
        return [NodeRef(self, id) for id in put.ids]

    def dissolve(self, *nodes: "str | NodeRef") -> None:
        """Takes nodes away and links what fed them with what they fed, where it fits."""
        ids = _ids(nodes)
        names = ", ".join(self.title_of(id) for id in ids)
        self.apply(*dissolving(self, ids), title=f"Dissolve {names}")

    def insert(
        self, block: str | Block, source: "PortRef | str", target: "PortRef | str"
    ) -> NodeRef:
        """Puts a new node between two ports; the link between them, if any, goes.

        Raises:
            LinkRefused: the block does not fit between them.
        """
        first, last = self._named(source), self._named(target)
        between = Between(first.node, first.port, last.node, last.port)
        name = self._known(block)
        new = self._free_id(None, name)
        self.apply(*inserting(self, checked(self, between), name, new))
        return NodeRef(self, new)

    def __getitem__(self, id: str) -> NodeRef:
        return NodeRef(self, self.node(id).id)

    def __contains__(self, id: str) -> bool:
        return id in self._nodes

    def _known(self, block: str | Block) -> str:
        if isinstance(block, Block):
            if self.blocks.get(block.id) is not block:
                self.blocks.register(block, replace=True)
            return block.id
        return self.blocks.block(block).id

    @classmethod
    def from_json(
        cls, text: str, *, where: str = "The text", blocks: BlockRegistry | None = None
    ) -> "Graph":
        """The graph of a document; read-only, with the reasons, where it is damaged.

        `where` names the document in messages.

        Raises:
            DocumentError: the text is no agent document at all.
        """
        graph = cls(blocks=blocks)
        read_document(text, graph, where=where)
        return graph

    def to_json(self) -> str:
        """The graph's document: what a file of it holds."""
        return write_document(self)

    def to_python(self) -> str:
        """Python code that builds this graph again."""
        return write_script(self)

    def copy(self) -> "Graph":
        """A new graph with the same nodes and links, saved nowhere yet."""
        twin = self.snapshot()
        twin.file, twin.saved, twin.source = None, Saved(revision=-1), (0, "")
        twin.history = History()
        return twin

    def snapshot(self) -> "Graph":
        """The graph as it is now, apart from all that happens to it later."""
        with self._lock:
            twin = Graph(self.name, self.description, blocks=self._blocks)
            twin.extra, twin.damage = dict(self.extra), list(self.damage)
            twin.revision, twin.source = self.revision, self.source
            twin.is_own = self.is_own
            twin.file, twin.saved = self.file, self.saved
            twin.history = self.history.copy()
            twin.restore(self._nodes.values(), self._links.values())
            return twin

    def frozen(self) -> "Graph":
        """The graph as it is now, for all who ask until it changes; nobody may change it."""
        with self._lock:
            kept = self._frozen
            is_same = kept is not None and (
                (kept.revision, kept.file, kept.saved, kept.blocks)
                == (self.revision, self.file, self.saved, self.blocks)
            )
            if kept is None or not is_same:
                kept = self._frozen = self.snapshot()
                kept.sealed = "it is the graph of a run; change a copy (`graph.copy()`)"
            return kept

    def save(self, file: str | Path | None = None, *, force: bool = False) -> str:
        """Saves the graph, and says where: in `file`, where it was opened, or the library.

        Raises:
            SaveConflict: it was changed elsewhere since; `force` puts this one on top.
        """
        return current_bench().save(self, file, force=force)

    @property
    def is_saved(self) -> bool:
        """Whether nothing has changed since it was last saved or opened."""
        return self.saved.revision == self.revision

    # ---- running -----------------------------------------------------------

    def start(
        self,
        inputs: Mapping[str, Any] | None = None,
        /,
        *,
        options: RunOptions | None = None,
        reuse: bool | str = False,
        from_node: str = "",
        only: Sequence[str] | str = (),
        replay: ReplayMode | str | bool | None = None,
        recording: str | Path = "",
        **more: Any,
    ) -> RunView:
        """Starts a run in the background and returns it at once.

        Args:
            inputs: what the run is given; or as keywords, where the names are free.
            options: how it is carried out, and its budgets.
            reuse: whether what would come out the same is taken from the agent's newest
                run; or the id of the run to take it from. Never what a block that
                changes the world did, nor, unless its node's option `cache` says so,
                what one gave that reads the world.
            from_node: run this node and all behind it, and before it only what changed.
            only: run these nodes, before them only what changed, and nothing else.
            replay: what becomes of calls of the web, of models and of tool servers:
                `live` makes them, `record` keeps them too, `replay` answers them from
                the recording, `auto` makes and keeps only those that are not in it.
            recording: the recording's folder; by default `recordings/AGENT` beside the
                agent's file, or in the working directory.
            more: inputs.

        Raises:
            GraphInvalid: the graph cannot run as it is.
            InputError: an input is missing, unknown or of the wrong type.
            UnknownNode: there is no node of that name.
            UnknownRun: there is no such run to reuse.
        """
        given = {**(inputs or {}), **more}
        asked = Reuse.asked(reuse=reuse, from_node=from_node, only=only)
        options = options or RunOptions()
        if replay is not None or recording:
            mode = options.replay if replay is None else ReplayMode.named(replay)
            folder = str(recording) or options.recording
            options = dataclasses.replace(options, replay=mode, recording=folder)
        return current_bench().start(self, given, options, asked)

    async def run(
        self, inputs: Mapping[str, Any] | None = None, /, **more: Any
    ) -> RunView:
        """Runs the graph and returns the run when it has ended, well or not.

        Takes what `start` takes. Cancelling the call stops the run. Works in any event
        loop.
        """
        return await self.start(inputs, **more).finished()

    def run_sync(
        self, inputs: Mapping[str, Any] | None = None, /, **more: Any
    ) -> RunView:
        """Runs the graph, blocks until it has ended, and returns the run.

        Takes what `start` takes. An interrupt (Ctrl+C, or the kernel's) stops the run.
        Works with or without an event loop around it.
        """
        return self.start(inputs, **more).wait()

    # ---- showing -----------------------------------------------------------

    def form(self) -> Any:
        """A form for a cell: the agent's inputs, Run, and beneath it what comes out.

        `form.value` is what its fields hold, `form.run` the run that it began.
        """
        return current_bench().form(self)

    def __repr__(self) -> str:
        return (
            f"<graph {self.name!r}: {len(self._nodes)} nodes, {len(self._links)} links>"
        )

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        return current_bench().bundle(self)


def _ids(nodes: "Sequence[str | NodeRef]") -> list[str]:
    return [node.id if isinstance(node, NodeRef) else node for node in nodes]


def _link(source: PortRef, target: PortRef, *, sticky: bool = False) -> edits.AddLink:
    return edits.AddLink(
        source=source.node,
        output=source.port,
        target=target.node,
        input=target.port,
        sticky=sticky,
    )
