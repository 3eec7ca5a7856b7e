"""Comparison: two runs held against each other: graph, inputs, firings, outputs, time, cost.

Firings are matched by node and number. Values are the same when they are kept as the same
bytes; none is read for it.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from agentbench.domain.graph import Graph
from agentbench.domain.layout import arrange
from agentbench.domain.run import FiringStatus
from agentbench.domain.value import InlineValue, LiveValue, StoredValue, ValueRef
from agentbench.engine.state import FiringState, NodeState, RunState
from agentbench.engine.validate import inputs_of_agent
from agentbench.workbench.film.changes import Difference, changes_of
from agentbench.workbench.film.run_diff import Differences, NodeDelta, RunDiff

MOST = 10_000
"""So many differences are kept; of more, it is said that there are."""
LETTERS = 120
_REUSED = FiringStatus.REUSED


@dataclass(frozen=True, kw_only=True)
class Side:
    """One of the two runs: its graph, and its state as of its last event."""

    id: str
    graph: Graph
    state: RunState


class Compared(Protocol):
    """What is asked of a run that is held against another."""

    id: str
    graph: Graph

    def new_state(self) -> RunState:
        """A state before its first event."""
        ...

    def fold_into(self, state: RunState) -> RunState:
        """Brings that up to the last event."""
        ...


def compare(before_run: Compared, after_run: Compared) -> RunDiff:
    """Holds two runs against each other."""
    before, after = _side(before_run), _side(after_run)
    graph = list(changes_of(before.graph, after.graph))
    inputs = list(_inputs(before.state, after.state))
    changed = _given_to(after.graph, inputs)
    changed |= {it.node: it for it in reversed(graph) if it.node}
    firings: list[Difference] = []
    is_cut = False
    for one in _firings(before, after, changed):
        if len(firings) >= MOST:
            is_cut = True
            break
        firings.append(one)
    # What a firing did is the first that anybody saw; only with none of it, the rest.
    first = next(iter([*firings, *inputs, *graph]), None)
    return RunDiff(
        before=before.id,
        after=after.id,
        agents=(before.graph.name, after.graph.name),
        statuses=(str(before.state.status), str(after.state.status)),
        seconds=(before.state.seconds, after.state.seconds),
        differences=Differences([*graph, *inputs, *firings]),
        first=first,
        graphs=(before.graph, after.graph),
        nodes=_deltas(before.state, after.state),
        is_cut=is_cut,
    )


def _side(run: Compared) -> Side:
    return Side(id=run.id, graph=run.graph, state=run.fold_into(run.new_state()))


def _given_to(graph: Graph, inputs: Iterable[Difference]) -> dict[str, Difference]:
    """By node, the differing input of the run that it gives on."""
    nodes = {name: node.id for name, (node, _) in inputs_of_agent(graph).items()}
    return {nodes[it.port]: it for it in inputs if it.port in nodes}


def _inputs(before: RunState, after: RunState) -> Iterator[Difference]:
    for name in sorted({*before.inputs, *after.inputs}):
        one, two = before.inputs.get(name), after.inputs.get(name)
        if not _is_same(one, two):
            yield Difference(
                what="input", port=name, before=_words(one), after=_words(two)
            )


def _firings(
    before: Side, after: Side, changed: Mapping[str, Difference]
) -> Iterator[Difference]:
    """Firing by firing; nodes in the order of the work, whatever overlapped by chance."""
    for node in _in_order(before.graph, after.graph):
        one, two = _fired(before.state, node), _fired(after.state, node)
        for number in sorted({*one, *two}):
            pair = one.get(number), two.get(number)
            yield from _within(before.state, after.state, *pair, changed)


def _within(
    before: RunState,
    after: RunState,
    one: FiringState | None,
    two: FiringState | None,
    changed: Mapping[str, Difference],
) -> Iterator[Difference]:
    there = one or two
    if there is None:
        return
    place: Any = {"node": there.node, "firing": there.firing}
    if one is None or two is None:
        status = str(there.status)
        words = ("not fired", status) if one is None else (status, "not fired")
        why = _change_of(there.node, changed) or "other values came before it"
        yield Difference(
            what="firing", before=words[0], after=words[1], why=why, **place
        )
        return
    why = _why(before, after, one, two, changed)
    if _came_to(one) != _came_to(two):
        words = _ending(one), _ending(two)
        yield Difference(
            what="firing", before=words[0], after=words[1], why=why, **place
        )
    gave, gives = _given(before, one), _given(after, two)
    for port in dict.fromkeys([*gave, *gives]):
        was, now = gave.get(port, []), gives.get(port, [])
        for n in range(max(len(was), len(now))):
            left = was[n] if n < len(was) else None
            right = now[n] if n < len(now) else None
            if not _is_same(left, right):
                yield Difference(
                    what="output",
                    port=port,
                    before=_words(left),
                    after=_words(right),
                    why=why,
                    **place,
                )
                break  # what follows a value that is missing differs by that


def _why(
    before: RunState,
    after: RunState,
    one: FiringState,
    two: FiringState,
    changed: Mapping[str, Difference],
) -> str:
    """Why two firings came to differ."""
    if change := _change_of(one.node, changed):
        return change
    for port in dict.fromkeys([*one.inputs, *two.inputs]):
        left, right = one.inputs.get(port, 0), two.inputs.get(port, 0)
        if not _is_same(_ref(before, left), _ref(after, right)):
            return f"it got another value on `{port}`"
    reused = next((it.reason for it in (two, one) if it.status is _REUSED), "")
    return reused or "it did otherwise with the same inputs"


def _came_to(fired: FiringState) -> tuple[str, str, str]:
    """What became of a firing; what was taken over from an earlier run counts as done."""
    status = FiringStatus.COMPLETED if fired.status is _REUSED else fired.status
    return status, fired.error, fired.message


def _change_of(node: str, changed: Mapping[str, Difference]) -> str:
    if node not in changed:
        return ""
    what = changed[node].port
    if changed[node].what == "input":
        return f"the run was given another `{what}`"
    return f"the node was changed: `{what}`" if what else "the node came or went"


def _given(state: RunState, fired: FiringState) -> dict[str, list[ValueRef]]:
    found: dict[str, list[ValueRef]] = {}
    for port, seq in fired.emitted:
        found.setdefault(port, []).append(state.values[seq][0])
    return found


def _ref(state: RunState, seq: int) -> ValueRef | None:
    return state.values[seq][0] if seq in state.values else None


def _ending(fired: FiringState) -> str:
    return f"{fired.status}: {fired.message}" if fired.error else str(fired.status)


def _in_order(*graphs: Graph) -> list[str]:
    """The nodes of all: what comes earlier in the work first, then by id."""
    order: dict[str, float] = {}
    for graph in graphs:
        for id, (column, _) in arrange(graph, sorted(graph.nodes)).items():
            order.setdefault(id, column)
    return sorted(order, key=lambda id: (order[id], id))


def _is_same(one: ValueRef | None, two: ValueRef | None) -> bool:
    if isinstance(one, StoredValue) and isinstance(two, StoredValue):
        return (one.codec, one.blob) == (two.codec, two.blob)
    return one == two  # of live values only the type is known


def _words(ref: ValueRef | None) -> str:
    match ref:
        case None:
            return ""
        case InlineValue():
            text = json.dumps(ref.data, ensure_ascii=False)
            return text if len(text) <= LETTERS else f"{text[: LETTERS - 1]}…"
        case StoredValue():
            return f"{ref.type}, {ref.size:,} bytes, {ref.blob[:8]}"
        case LiveValue():
            return f"{ref.type} (live)"


def _deltas(before: RunState, after: RunState) -> list[NodeDelta]:
    names = [*before.nodes, *(id for id in after.nodes if id not in before.nodes)]
    return [
        NodeDelta(
            node=id,
            firings=_pair(before, after, id, len),
            failed=_pair(before, after, id, lambda fs: sum(bool(f.error) for f in fs)),
            seconds=_pair(before, after, id, lambda fs: sum(f.seconds for f in fs)),
            tokens=_pair(before, after, id, lambda fs: sum(f.tokens for f in fs)),
            cost=_pair(before, after, id, lambda fs: sum(f.cost for f in fs)),
        )
        for id in names
        if any(_fired(state, id) for state in (before, after))
    ]


def _fired(state: RunState, id: str) -> Mapping[int, FiringState]:
    return state.nodes.get(id, NodeState()).firings


def _pair(
    before: RunState,
    after: RunState,
    id: str,
    measure: Callable[[Sequence[FiringState]], Any],
) -> tuple[Any, Any]:
    sides: Iterable[RunState] = (before, after)
    one, two = (measure(list(_fired(state, id).values())) for state in sides)
    return one, two
