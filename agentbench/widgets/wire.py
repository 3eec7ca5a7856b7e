"""Graphs, blocks and runs in the form in which they cross to the front end."""

import itertools
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from agentbench.domain.block import Block
from agentbench.domain.document import is_json
from agentbench.domain.errors import UnknownBlock
from agentbench.domain.graph import Graph
from agentbench.domain.layout import positions
from agentbench.domain.node import Link
from agentbench.domain.option import OPTION_GROUPS, OPTIONS, Option
from agentbench.domain.port import MISSING, Port
from agentbench.domain.problem import Problem
from agentbench.domain.run import FiringStatus, RunStatus
from agentbench.widgets.answers import Question, WireBundle
from agentbench.widgets.constants import to_wire
from agentbench.widgets.messages import (
    NodeState,
    OptionGroup,
    RunState,
    WireBlock,
    WireGraph,
    WireLink,
    WireNode,
    WireProblem,
)
from agentbench.widgets.wire_port import WirePort
from agentbench.widgets.questions import Read, decision_of, question_of
from agentbench.workbench.run import Run

Place = tuple[float, float]


def wire_port(port: Port) -> WirePort:
    """A port as the editor needs it."""
    has_default = port.default is not MISSING and is_json(port.default)
    return WirePort(
        name=port.name,
        title=port.label,
        help=port.help,
        types=list(port.types),
        type_name=port.type_name,
        schema=to_wire(port.schema()),
        required=port.is_required,
        advanced=port.advanced,
        shown=port.is_shown,
        default=to_wire(port.default) if has_default else None,
        has_default=has_default and port.default is not None,
    )


def wire_block(block: Block) -> WireBlock:
    """A block as the palette shows it."""
    return WireBlock(
        id=block.id,
        title=block.title,
        help=block.help,
        family=block.family,
        keywords=list(block.keywords),
        role=block.role,
        effects=block.effects,
        input_types=_types(block.inputs({})),
        output_types=_types(block.outputs({})),
    )


def wire_options() -> list[OptionGroup]:
    """Every option of a node, as fields of a form."""
    return [
        OptionGroup(
            title=title,
            options=[_option(it) for it in OPTIONS.values() if it.group == group],
        )
        for group, title in OPTION_GROUPS.items()
    ]


def _option(option: Option) -> WirePort:
    return WirePort(
        name=option.name,
        title=option.title,
        help=option.help,
        types=[option.takes],
        type_name=option.takes,
        schema=dict(option.schema),
        required=False,
        advanced=False,
        shown=False,
        default=option.default,
        has_default=True,
    )


def wire_nodes(
    graph: Graph, ids: Iterable[str], places: Mapping[str, Place]
) -> list[WireNode]:
    """Nodes as the canvas draws them, also those whose blocks nobody knows."""
    ends = defaultdict(list)
    for link in graph.links:
        ends[link.source, "output"].append(link.output)
        ends[link.target, "input"].append(link.input)
    return [
        _wire_node(graph, id, places[id], ends[id, "input"], ends[id, "output"])
        for id in ids
    ]


def _wire_node(
    graph: Graph, id: str, place: Place, linked_in: list[str], linked_out: list[str]
) -> WireNode:
    node, block = graph.node(id), graph.block_of(id)
    inputs = _with_lost(graph.inputs_of(id), [*linked_in, *node.constants])
    outputs = _with_lost(graph.outputs_of(id), linked_out)
    return WireNode(
        id=id,
        block=node.block,
        title=graph.title_of(id),
        own_title=node.title,
        role=block.role if block else "work",
        help=block.help if block else "",
        inputs=[wire_port(port) for port in inputs],
        outputs=[wire_port(port) for port in outputs],
        constants={port: to_wire(value) for port, value in node.constants.items()},
        colour=node.colour,
        options=dict(node.options),
        x=place[0],
        y=place[1],
        problem="" if block else str(UnknownBlock(node.block, graph.blocks.names())),
    )


def wire_link(graph: Graph, link: Link) -> WireLink:
    """A link as the canvas draws it."""
    ports = {port.name: port for port in graph.outputs_of(link.source)}
    types = list(ports[link.output].types) if link.output in ports else ["any"]
    return WireLink(
        source=link.source,
        output=link.output,
        target=link.target,
        input=link.input,
        sticky=graph.is_sticky(link),
        types=types,
    )


def wire_link_gone(link: Link) -> WireLink:
    """A link that is no longer there: only its ends count."""
    return WireLink(
        source=link.source,
        output=link.output,
        target=link.target,
        input=link.input,
        sticky=link.sticky,
        types=[],
    )


def wire_problem(problem: Problem) -> WireProblem:
    """A problem as the editor lists it."""
    return WireProblem(
        message=problem.message,
        node=problem.node,
        port=problem.port,
        level=problem.level,
        link=problem.link,
        is_missing=problem.is_missing,
    )


def wire_graph(
    graph: Graph, problems: list[Problem], inputs: Mapping[str, Any]
) -> WireGraph:
    """A whole graph."""
    return WireGraph(
        name=graph.name,
        description=graph.description,
        revision=graph.revision,
        nodes=wire_nodes(graph, graph.nodes, positions(graph)),
        links=[wire_link(graph, link) for link in graph.links],
        problems=[wire_problem(problem) for problem in problems],
        inputs=wire_inputs(inputs),
        read_only=graph.sealed or graph.read_only,
        is_saved=graph.is_saved,
        saved_as=graph.saved.where,
        undo=graph.history.undo_title,
        redo=graph.history.redo_title,
    )


def wire_history(graph: Graph) -> dict[str, Any]:
    """What would be undone next, and done again, in words."""
    return {"undo": graph.history.undo_title, "redo": graph.history.redo_title}


def wire_inputs(inputs: Mapping[str, Any]) -> list[WirePort]:
    """The agent's own inputs, for the form before a run."""
    wired = []
    for name, (node, port) in inputs.items():
        given = wire_port(port)
        default = node.constants.get("default")
        given.name = name
        given.title = str(node.constants.get("title") or "") or name.replace("_", " ")
        given.help = str(node.constants.get("description") or "")
        if node.constants.get("secret") is True:
            given.schema_ = {**given.schema_, "writeOnly": True}
        given.required = default is None
        given.has_default = default is not None and is_json(default)
        given.default = to_wire(default) if given.has_default else None
        wired.append(given)
    return wired


def wire_run(
    run: Run,
    state: Any,
    *,
    held: str = "",
    known: RunStatus | None = None,
    seconds: float = 0.0,
) -> RunState:
    """A run as the editor shows it, as of a state of it; `held` is why it stands still.

    Where the state is not read to its end yet, `known` and `seconds` say how the run
    stands, and `held` how far it is read.
    """
    failures = [
        WireProblem(
            message=f"{failure.error}: {failure.message}",
            node=failure.node,
            port="",
            level="error",
        )
        for failure in state.failures
    ]
    status: Any = known
    paused = held
    if status is None:
        status = state.status  # as old as all else that is told
        if status.is_carried_out and run.status is RunStatus.INTERRUPTED:
            status = RunStatus.INTERRUPTED
        # Only one that goes on is asked how long: it would fold its log for itself first.
        seconds = run.seconds if state.status is RunStatus.RUNNING else state.seconds
        paused = f"paused. {held}" if held and status is RunStatus.RUNNING else ""
    return RunState(
        id=run.id,
        status=status.value,
        started=state.started,
        seconds=seconds,
        failures=failures,
        link_counts=dict(state.plan.link_counts),
        is_ours=run.done is not None,
        reason=state.reason or paused,
    )


def wire_node_state(
    state: Any, id: str, preview: WireBundle | None, read: Read
) -> NodeState:
    """How a node stands in a run; `read` reads back what a question is about."""
    node = state.nodes[id]
    last = node.firings[max(node.firings)] if node.firings else None
    failed = next((f for f in reversed(node.firings.values()) if f.error), None)
    decision = decision_of(state, id)
    status: Any = FiringStatus.WAITING if decision else state.status_of(id)
    return NodeState(
        node=id,
        status=status.value,
        running=node.counts.get(FiringStatus.RUNNING, 0),
        completed=node.counts.get(FiringStatus.COMPLETED, 0),
        failed=node.counts.get(FiringStatus.FAILED, 0),
        waiting=state.waiting(id),
        error=f"{failed.error}: {failed.message}" if failed else "",
        place=next((it.line for it in state.failures if it.node == id), ""),
        seconds=last.seconds if last else 0.0,
        preview=preview,
        preview_port=node.last_value[0] if node.last_value else "",
        reason=wire_reason(last) if last else "",
        question=decision or question_of(node, read),
    )


def wire_reason(firing: Any) -> str:
    """Why a firing was skipped, reused or is done again, or until when it waits."""
    asked = firing.question
    if firing.status is FiringStatus.WAITING and asked is not None:
        if asked.until:
            until = time.strftime("%H:%M:%S", time.localtime(asked.until))
            return f"until {until}"
        if not asked.is_question:
            return "until a tool that it called has its answer"
    return str(firing.reason)


def _types(ports: tuple[Port, ...]) -> list[str]:
    return sorted(set(itertools.chain.from_iterable(port.types for port in ports)))


def _with_lost(ports: tuple[Port, ...], named: list[str]) -> list[Port]:
    """The ports, and those that links or constants still name though they are gone."""
    known = {port.name for port in ports}
    lost = [
        Port(name=name, default=None)
        for name in dict.fromkeys(named)
        if name not in known
    ]
    return [*ports, *lost]
