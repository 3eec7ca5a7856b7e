"""Staleness: which nodes of a graph are no longer what a run of it carried out."""

from collections.abc import Mapping
from typing import Any

from agentbench.domain.document import is_json
from agentbench.domain.drawing import Drawing
from agentbench.domain.layout import is_note

INSTEAD = ("disabled", "bypassed", "pinned")
"""The options that decide what a node gives."""


def stale(
    graph: Drawing, before: Drawing, versions: Mapping[str, str]
) -> dict[str, str]:
    """The nodes that were changed since, and why each is out of date.

    What lies behind them is out of date too, and is not named. `before` is the graph as
    it was run, with the `versions` that its blocks had then.
    """
    reasons = {
        id: reason
        for id in graph.nodes
        if not is_note(graph, id) and (reason := _reason(graph, before, id, versions))
    }
    feeds, fed = _feeds(graph), _feeds(before)
    for id in graph.nodes:
        if id in reasons or id not in before.nodes:
            continue
        now, then = feeds.get(id, set()), fed.get(id, set())
        for input in sorted({end[0] for end in now ^ then}):
            reasons[id] = f"its input {input!r} is linked otherwise"
    return reasons


def _reason(
    graph: Drawing, before: Drawing, id: str, versions: Mapping[str, str]
) -> str:
    if id not in before.nodes:
        return "it is new"
    now, then = graph.node(id), before.node(id)
    if now.block != then.block:
        return "its block is another"
    block = graph.block_of(id)
    if block is not None and versions.get(now.block, block.version) != block.version:
        return "its code changed"
    ports = {*now.constants, *then.constants}
    for port in sorted(ports):
        if not _same(now.constants.get(port), then.constants.get(port)):
            return f"its {port!r} changed"
    for option in INSTEAD:
        if now.options.get(option) != then.options.get(option):
            return f"its option {option!r} changed"
    return ""


def _feeds(graph: Drawing) -> dict[str, set[tuple[str, str, str, bool]]]:
    found: dict[str, set[tuple[str, str, str, bool]]] = {}
    for link in graph.links:
        end = (link.input, link.source, link.output, link.sticky)
        found.setdefault(link.target, set()).add(end)
    return found


def _same(now: Any, then: Any) -> bool:
    """Whether two constants are equal; live objects are by identity: `==` may say anything."""
    if now is then:
        return True
    return is_json(now) and is_json(then) and bool(now == then)
