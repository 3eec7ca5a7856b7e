"""Inspection: one firing of a node, with everything it took and gave, ready to be shown."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from agentbench.domain.block import ERROR
from agentbench.domain.document import is_json
from agentbench.domain.errors import EditRefused, ValueRefused
from agentbench.widgets.answers import InspectedValue, Inspection, WireBundle
from agentbench.widgets.exhibit import Exhibit
from agentbench.widgets.questions import decision_of, wire_question
from agentbench.widgets.requests import Inspect
from agentbench.widgets.run_watch import RunWatch
from agentbench.widgets.wire import wire_reason
from agentbench.workbench.gone import Gone
from agentbench.workbench.run import Run
from agentbench.workbench.workbench import Workbench

MOST_VALUES = 50
"""How many values of one firing are shown."""


def inspect(bench: Workbench, watch: RunWatch | None, asked: Inspect) -> Inspection:
    """The given firing of a node, or its newest, as it stands where the run is looked at.

    Without a run, the node's constants.
    """
    state = watch.state() if watch is not None else None
    node, firing = asked.node, asked.firing
    known = state.nodes.get(node) if state is not None else None
    if watch is None or state is None or known is None or not known.firings:
        return _nothing_yet(node)
    number = firing if firing is not None and firing in known.firings else max(known.firings)
    fired = known.firings[number]
    held = values_of(watch.run, node, fired, state)
    values = [_shown(bench, it, at) for at, it in enumerate(held)]
    decision = decision_of(state, node)
    if decision is not None and decision.firing != number:
        decision = None
    return Inspection(
        node=node,
        firing=number,
        firings=len(known.firings),
        status=fired.status.value,
        seconds=fired.seconds,
        error=f"{fired.error}: {fired.message}" if fired.error else "",
        traceback=fired.traceback,
        log=fired.log[-200:],
        values=values,
        reason=wire_reason(fired),
        tries=fired.tries,
        question=decision or wire_question(fired, bench.keeper.read),
        about=_about(bench, fired),
    )


def last_values(run: Run, node: str) -> dict[str, Any]:
    """The last value that each output of a node gave, where it is JSON.

    Raises:
        EditRefused: it gave none.
    """
    state = run.fold_into(run.new_state())
    known = state.nodes.get(node)
    firings = known.firings.values() if known else ()
    last = {port: seq for fired in firings for port, seq in fired.emitted}
    values = {port: run.value(seq) for port, seq in last.items() if port != ERROR.name}
    values = {port: value for port, value in values.items() if is_json(value)}
    if not values:
        message = f"The node {node!r} has given nothing that could be written in a file."
        raise EditRefused(message)
    return values


def _about(bench: Workbench, fired: Any) -> WireBundle | None:
    """What the question of a firing is about."""
    asked = fired.question
    if asked is None or asked.about is None:
        return None
    return Exhibit(bench, "about", bench.keeper.read(asked.about)).bundle()


def _nothing_yet(node: str) -> Inspection:
    return Inspection(
        node=node,
        firing=0,
        firings=0,
        status="pending",
        seconds=0.0,
        error="",
        traceback="",
        log=[],
        values=[],
    )


@dataclass(frozen=True)
class Held:
    """A value that a firing took or gave, and where it came from."""

    port: str
    side: Literal["input", "output"]
    value: Any
    from_node: str = ""


def held_by(watch: RunWatch | None, node: str, firing: int | None) -> list[Held]:
    """The values of a firing of a node, or of its newest, as `inspect` shows them.

    Raises:
        ValueRefused: it has none.
    """
    state = watch.state() if watch is not None else None
    known = state.nodes.get(node) if state is not None else None
    if watch is None or state is None or known is None or not known.firings:
        raise ValueRefused(f"The node {node!r} has no values yet; run the agent first.")
    number = firing if firing is not None and firing in known.firings else max(known.firings)
    return values_of(watch.run, node, known.firings[number], state)


def values_of(run: Run, node: str, fired: Any, state: Any) -> list[Held]:
    """What a firing took, its constants and what it gave, in that order; the first of it."""
    taken = [
        Held(port, "input", run.recall(seq, state.values[seq][0]), state.values[seq][1])
        for port, seq in sorted(fired.inputs.items())
    ]
    constants = [
        Held(port, "input", value)
        for port, value in run.graph.node(node).constants.items()
        if port not in fired.inputs
    ]
    given = [
        Held(port, "output", run.recall(seq, state.values[seq][0]))
        for port, seq in fired.emitted[:MOST_VALUES]
    ]
    return [*taken, *constants, *given][:MOST_VALUES]


def _shown(bench: Workbench, held: Held, at: int) -> InspectedValue:
    gone = held.value if isinstance(held.value, Gone) else None
    shown = Exhibit(bench, held.port, gone.reason if gone else held.value)
    return shown.wired(
        at=at,
        side=held.side,
        type_name=gone.type if gone else "",
        from_node=held.from_node,
        note=gone.reason if gone else "",
    )
