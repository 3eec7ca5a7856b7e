"""Inspection: one firing of a node, with everything it took and gave, ready to be shown."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from agentbench.domain.block import ERROR
from agentbench.domain.document import is_json
from agentbench.domain.errors import EditRefused
from agentbench.domain.port import type_name
from agentbench.widgets.answers import InspectedValue, Inspection, WireBundle
from agentbench.widgets.questions import decision_of, wire_question
from agentbench.widgets.wire import wire_reason
from agentbench.workbench.gone import Gone
from agentbench.workbench.run import Run
from agentbench.workbench.workbench import Workbench

SHOWN_BYTES = 2_000_000
"""A bundle larger than this is not sent; its text form is."""
MOST_VALUES = 50
"""How many values of one firing are shown."""


def inspect(
    bench: Workbench, run: Run | None, node: str, firing: int | None
) -> Inspection:
    """The given firing of a node, or its newest; without a run, the node's constants."""
    state = run.fold_into(run.new_state()) if run is not None else None
    known = state.nodes.get(node) if state is not None else None
    if run is None or state is None or known is None or not known.firings:
        return _nothing_yet(node)
    number = firing if firing in known.firings else max(known.firings)
    fired = known.firings[number]
    sources = {seq: found[1] for seq, found in state.values.items()}
    values = [*_taken(bench, run, fired, sources), *_constants(bench, run, node, fired)]
    values += _given(bench, run, fired)
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
        values=values[:MOST_VALUES],
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
    return bundle_of(bench, bench.keeper.read(asked.about))


def bundle_of(bench: Workbench, value: Any) -> WireBundle:
    """A value as Jupyter would show it, within bounds."""
    shown = bench.render(value)
    data, metadata = dict(shown.data), dict(shown.metadata)
    if len(json.dumps(data, default=str)) > SHOWN_BYTES:
        data = {"text/plain": str(data.get("text/plain", ""))[:20_000]}
        metadata = {}
    return WireBundle(data=data, metadata=metadata)


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


def _taken(
    bench: Workbench, run: Run, fired: Any, sources: Mapping[int, str]
) -> Iterator[InspectedValue]:
    for port, seq in sorted(fired.inputs.items()):
        yield _shown(bench, run.value(seq), port, "input", from_node=sources[seq])


def _constants(
    bench: Workbench, run: Run, node: str, fired: Any
) -> Iterator[InspectedValue]:
    for port, value in run.graph.node(node).constants.items():
        if port not in fired.inputs:
            yield _shown(bench, value, port, "input")


def _given(bench: Workbench, run: Run, fired: Any) -> Iterator[InspectedValue]:
    for port, seq in fired.emitted:
        yield _shown(bench, run.value(seq), port, "output")


def _shown(
    bench: Workbench, value: Any, port: str, side: Any, *, from_node: str = ""
) -> InspectedValue:
    gone = value if isinstance(value, Gone) else None
    return InspectedValue(
        port=port,
        side=side,
        type_name=gone.type if gone else type_name(type(value)),
        bundle=bundle_of(bench, gone.reason if gone else value),
        from_node=from_node,
        note=gone.reason if gone else "",
    )
