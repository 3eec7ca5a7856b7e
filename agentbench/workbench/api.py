"""What `import agentbench as ab` gives besides the words: everything the magics do, as functions."""

import inspect
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, overload

from agentbench.domain.block import Block, Effects
from agentbench.domain.example import Example
from agentbench.domain.function_block import FunctionBlock
from agentbench.domain.graph import Graph
from agentbench.domain.limits import Limits
from agentbench.domain.model import ChatModel, ModelInfo
from agentbench.domain.option import Isolation
from agentbench.domain.problem import Problem
from agentbench.domain.reference import NodeRef
from agentbench.domain.replay import ReplayMode
from agentbench.domain.run import Decision
from agentbench.domain.script import OWN_FAMILY
from agentbench.domain.store import AgentVersion
from agentbench.engine.state import Spent
from agentbench.workbench import nests
from agentbench.workbench.hold import Hold
from agentbench.workbench.mcp import Mcp
from agentbench.workbench.run import Run
from agentbench.workbench.runs import Runs, Since
from agentbench.workbench.search import search_blocks
from agentbench.workbench.troubles import Trouble
from agentbench.workbench.usage import usage_of
from agentbench.workbench.waits import Waiting
from agentbench.workbench.workbench import workbench

Function = Callable[..., Any]


@overload
def block(function: Function, /) -> FunctionBlock: ...


@overload
def block(
    *,
    id: str = "",
    title: str = "",
    keywords: Iterable[str] = (),
    effects: Effects = "pure",
    cost: str = "",
    examples: Iterable[Example] = (),
    outputs: Mapping[str, Any] | None = None,
    sticky: bool = False,
    isolation: Isolation = "thread",
    limits: Limits | None = None,
) -> Callable[[Function], FunctionBlock]: ...


def block(
    function: Function | None = None,
    /,
    *,
    id: str = "",
    title: str = "",
    keywords: Iterable[str] = (),
    effects: Effects = "pure",
    cost: str = "",
    examples: Iterable[Example] = (),
    outputs: Mapping[str, Any] | None = None,
    sticky: bool = False,
    isolation: Isolation = "thread",
    limits: Limits | None = None,
) -> FunctionBlock | Callable[[Function], FunctionBlock]:
    """Makes a typed function a block that can be placed at once; use it as a decorator.

    Its parameters are inputs, what it returns is the output `result`; a `TypedDict`
    as return type, or `outputs`, names several. `yield` makes a stream. Defining it
    again replaces the block everywhere.

    Args:
        function: the function, when used without brackets.
        id: `family.name`; by default `mine.` and the function's name.
        title: what people read; by default made from the name.
        keywords: words people might search for.
        effects: what a firing does to the world: `pure`, `reads`, `writes` or `sends`.
            A pure one may begin before its run is kept, and be done again.
        cost: what a firing costs, in words.
        examples: what it gives for some inputs; `ab.check_examples` carries them out.
        outputs: names and types of several outputs.
        sticky: whether what it gives stays for later firings of what it feeds.
        isolation: `process` to run it in a process of its own, which can be ended
            whatever it does; for what is heavy, may crash or may hang.
        limits: the memory and processor time that a firing may use in its process.

    Raises:
        BlockDefinitionError: the function cannot be made a block; the error says why.
    """

    def make(function: Function) -> FunctionBlock:
        made = FunctionBlock(
            function,
            id=id or f"{OWN_FAMILY}.{function.__name__.lower().strip('_')}",
            title=title,
            keywords=keywords,
            effects=effects,
            cost=cost,
            examples=examples,
            outputs=outputs,
            sticky=sticky,
            isolation=isolation,
            limits=limits,
        )
        workbench().blocks.register(made, replace=True)
        return made

    return make if function is None else make(function)


def find_blocks(
    query: str = "", *, category: str = "", takes: str = "", gives: str = ""
) -> list[Block]:
    """The blocks that can be placed; with a query, the fitting ones, best first.

    `category` keeps those of a family, `takes` and `gives` those with an input or output
    of a type, such as `table`.
    """
    every = workbench().blocks
    return search_blocks(every, query, category=category, takes=takes, gives=gives)


def models(*, ready: bool = False) -> list[ModelInfo]:
    """Every model that can be named, with what is missing for those that cannot be asked.

    With `ready`, only those that can. Servers without a key, such as Ollama, are asked
    what they have.
    """
    bench = workbench()
    bench.loop.refuse_to_block()
    found: list[ModelInfo] = bench.loop.submit(bench.models.listing()).result()
    return [info for info in found if info.is_ready or not ready]


def model_provider(name: str, model: ChatModel) -> None:
    """Makes a chat model of your own the one of a provider's name, in this kernel.

    `ab.model_provider("mine", ab.Scripted(["Hello"]))`, and `mine:anything` says hello.
    """
    workbench().models.add(name, model)


def usage(run: Run) -> dict[str, Spent]:
    """What a run used up by model: calls, tokens, US dollars, seconds; sub-agents included."""
    return usage_of(run)


def new(name: str, *, blank: bool = False) -> Graph:
    """The agent of that name if there is one, else an empty graph; `blank` for empty in any case.

    A cell that builds an agent after this gives the same graph however often it runs: what
    it built before is made as the code says now, what it builds no more goes, and what was
    done on the canvas stays. All of it is one step to undo.
    """
    return workbench().agents.new(name, blank=blank)


def open(name: str | Path, *, version: int | None = None) -> Graph:  # noqa: A001
    """Opens an agent of the library or an agent file.

    Raises:
        UnknownAgent: there is neither.
        DocumentError: the file is no agent file.
    """
    return workbench().agents.open(name, version=version)


def agents() -> list[AgentVersion]:
    """The newest version of every agent in the library."""
    return workbench().store.agents()


def versions(name: str) -> list[AgentVersion]:
    """Every version of an agent in the library, the newest first."""
    return workbench().store.versions(name)


def collapse(graph: Graph, *nodes: str | NodeRef, name: str) -> NodeRef:
    """Makes an agent of some nodes, saves it, and puts a node that runs it in their place.

    Raises:
        EditRefused: the name is taken, or the nodes cannot stand alone.
        GraphInvalid: a node holds a live object, which no agent can keep.
    """
    ids = [node.id if isinstance(node, NodeRef) else node for node in nodes]
    return graph[nests.collapse(workbench(), graph, ids, name)]


def expand(graph: Graph, node: str | NodeRef) -> list[NodeRef]:
    """Puts the nodes of the agent that a node runs in its place; returns them.

    Raises:
        EditRefused: the node runs no agent.
        UnknownAgent: its agent is not to be had.
    """
    id = node.id if isinstance(node, NodeRef) else node
    return [graph[new] for new in nests.expand(workbench(), graph, id)]


def check(graph: Graph) -> list[Problem]:
    """What is wrong or doubtful with a graph."""
    return workbench().check(graph)


def run(id: str) -> Run:
    """The run of that id.

    Raises:
        UnknownRun: there is none.
    """
    return workbench().run(id)


def runs(
    agent: str | None = None,
    *,
    status: str | Iterable[str] = (),
    since: Since | None = None,
    text: str = "",
    limit: int = 100,
) -> Runs:
    """The newest runs first, of one agent or of all: a list, a table, and `to_frame()`.

    Args:
        agent: the name of an agent.
        status: one status, or several: `ab.runs(status=["failed", "interrupted"])`.
        since: a time, seconds since 1970, or how long ago: `"7d"`, `"12h"`, `"30m"`.
        text: words that are in the run's id, the agent's name or the inputs.
        limit: how many at the most.

    Raises:
        ValueError: there is no such status, or `since` is no time.
    """
    return workbench().runs(
        agent=agent, status=status, since=since, text=text, limit=limit
    )


def import_run(path: str | Path, *, most_bytes: int | None = None) -> Run:
    """Takes in a run that `run.export` wrote, and returns it, to be looked at.

    Nothing of it is carried out, now or later, unless you ask for it (`ab.resume`), and
    no later run takes anything from it unless you name it. The same run taken in twice
    is there once. `most_bytes` is how much the file may hold, unpacked; by default 4 GiB.

    Raises:
        RunFileError: the file is no run file, or a damaged or hostile one.
        RunClash: there is another run of that id.
    """
    return workbench().import_run(path, most_bytes=most_bytes)


def resume(id: str, *, decisions: Mapping[str, Decision] | None = None) -> Run:
    """Goes on with a run whose kernel has died; what is recorded stands.

    `decisions` says, by node, what became of a firing that was sending something when
    it was cut off: `again` sends it again, `done` takes it as sent, `failed` as failed.

    Raises:
        RunTaken: a living kernel has it.
        NeedsDecision: a block was cut off while sending, and nobody decided.
    """
    return workbench().resume(id, decisions=decisions)


def answer(run: str, node: str, answer: Any, *, firing: int | None = None) -> Run:
    """Answers what a run asks, in this kernel or another; the run goes on.

    Raises:
        UnknownRun: there is no such run.
        AnswerRefused: nothing waits there, or not for that answer.
    """
    return workbench().answer(run, node, answer, firing=firing)


def waiting(agent: str | None = None) -> list[Waiting]:
    """What runs wait for people to say, of one agent or of all; the newest first."""
    return workbench().waiting(agent=agent)


def trouble(id: str = "") -> Trouble:
    """An error that a canvas told, in full, by the name it gave; the newest for no name.

    Raises:
        UnknownTrouble: this kernel told none of that name.
    """
    return workbench().troubles.find(id)


mcp = Mcp(workbench)
"""The MCP servers, whose tools are blocks."""


def set_replay(
    mode: str | bool,  # noqa: FBT001 - `set_replay(True)` reads well
    *,
    recordings: str | Path = "recordings",
) -> ReplayMode:
    """Says what becomes of the calls that runs of this kernel make of the outside.

    `live` (or False) makes them, `record` keeps them too, `replay` (or True) answers
    them from the recordings, `auto` makes and keeps those that are not recorded.
    `recordings` is a folder, with one in it for each agent. A run that says so itself
    goes first, then AGENTBENCH_REPLAY, then this. Gives the mode that holds.

    Raises:
        ValueError: there is no such mode.
    """
    replays = workbench().replays
    replays.choose(ReplayMode.named(mode), Path(recordings))
    return replays.mode


def save_case(run: Run, folder: str | Path, *, agent: str | Path = "") -> Path:
    """Makes a case of a run that has ended, for `agentbench test` and pytest.

    It is a folder with the run's inputs, the calls that were recorded for it, and what
    came of it. It refers to the agent's file, or to `agent`.

    Raises:
        CaseError: the run goes on, there is a case already, or an input cannot be kept.
    """
    from agentbench.workbench.cases import save_case

    return save_case(workbench(), run, folder, agent=agent).folder


def allow_host(host: str) -> None:
    """Lets blocks of this kernel reach a host that is not public, such as a model server of yours.

    `host` is a name or an address, with a port where only that one is meant:
    `ab.allow_host("127.0.0.1:11434")`. For every kernel, set `AGENTBENCH_ALLOWED_HOSTS`.
    """
    workbench().allow_host(host)


def lock(key: str, *, timeout: float | None = 60.0) -> Hold:
    """Sole right to touch something, across all kernels that share the lock server.

    `with ab.lock("printer") as lease:` in plain code, `async with` in a coroutine. A
    node whose option `exclusive` is "printer" waits for it too, and is waited for.
    `lease.fence` is higher than that of every earlier holder: send it along to what
    can refuse an older one. Should the lock be lost, a coroutine is cut off with
    `LockLost`; plain code asks `lease.check()`, and learns of it at the latest at the
    end of the block. `timeout` is in seconds, None to wait for ever.

    Raises:
        LockTimeout: others held it all the while; the error names the holder.
        LockReentered: the task or thread that asks holds it already.
        LockBackendDown: the lock server cannot be reached.
    """
    bench = workbench()
    return Hold(
        lambda: bench.lock_server.locks,
        f"key:{key}",
        owner=bench.owner,
        timeout=timeout,
        loop=bench.loop,
    )


def renderer(
    *types: type | str, priority: int = 100, name: str = ""
) -> Callable[[Function], Function]:
    """Makes a function the renderer of values of these types; use it as a decorator.

    The function takes the value and returns a MIME bundle, or text, or an object that
    Jupyter can show. Types may be dotted names, so that nothing needs to be imported.
    """
    from agentbench.renderers.function import FunctionRenderer

    def make(function: Function) -> Function:
        made = FunctionRenderer(
            function, types, priority=priority, name=name or function.__name__
        )
        workbench().renderers.register(made, replace=True)
        return function

    return make


def signature_of(block: Block) -> str:
    """A block as a line of text: its id, its inputs and its outputs."""
    given = ", ".join(
        f"{port.name}: {port.type_name}" + ("" if port.is_required else " (optional)")
        for port in block.inputs({})
    )
    outputs = ", ".join(f"{port.name}: {port.type_name}" for port in block.outputs({}))
    return inspect.cleandoc(f"{block.id}({given}) -> {outputs or 'nothing'}")
