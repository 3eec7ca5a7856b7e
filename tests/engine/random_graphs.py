"""Random graphs of play blocks: streams, sticky links, cycles, failures, uneven joins."""

from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

from agentbench.domain.graph import Graph
from agentbench.domain.registry import BlockRegistry

KINDS = {
    "play.stream": (),
    "play.mix": ("a", "b", "c"),
    "play.mix_in_thread": ("a", "b"),
    "play.burst": ("a", "b"),
    "play.burst_in_thread": ("a",),
    "play.split": ("a", "b"),
    "play.loop": ("a",),
}
"""What is placed, and the inputs that may be linked; the rest come with one of these."""

OUTPUTS = {"play.split": ("even", "odd"), "play.loop": ("done",)}
FAILING = {"play.mix", "play.mix_in_thread", "play.burst", "play.burst_in_thread"}


@dataclass
class Drawn:
    """A graph as it was drawn: nodes and links as plain data, so that it shrinks well."""

    nodes: list[tuple[str, str, dict[str, Any], dict[str, Any]]] = field(
        default_factory=list
    )
    links: list[tuple[str, str, str, str, bool]] = field(default_factory=list)
    inputs: dict[str, int] = field(default_factory=dict)

    def build(self, blocks: BlockRegistry, name: str = "random") -> Graph:
        """The graph, built through the public face."""
        graph = Graph(name, blocks=blocks)
        for id, block, constants, options in self.nodes:
            graph.add(block, id, **constants).set(**options)
        for source, output, target, port, sticky in self.links:
            graph.link(graph[source][output], graph[target][port], sticky=sticky)
        return graph


@st.composite
def drawn_graphs(draw: st.DrawFn, *, most: int = 7, races: bool = True) -> Drawn:
    """A graph whose runs end. Without `races`, arrival rarely decides anything in it."""
    made = Drawn()
    sources: list[tuple[str, str]] = []
    for number in range(draw(st.sampled_from([0, 0, 1, 2]))):
        id = f"in{number}"
        constants = {"name": id, "type": "whole number", "default": 5}
        made.nodes.append((id, "agent.input", constants, {}))
        sources.append((id, "value"))
        if draw(st.booleans()):
            made.inputs[id] = draw(st.integers(0, 9))
    kinds = sorted(KINDS if races else KINDS.keys() - {"play.loop"})
    streams = draw(st.integers(1, 3))
    for number in range(draw(st.integers(3, most))):
        kind = "play.stream" if number < streams else draw(st.sampled_from(kinds))
        _place(draw, made, sources, f"n{number}", kind, races=races)
    for number, (source, output) in enumerate(sources):
        if not source.startswith("in") and draw(st.integers(0, 2)) > 0:
            id = f"out{number}"
            made.nodes.append((id, "agent.output", {"name": id}, {}))
            made.links.append((source, output, id, "value", False))
    return made


def _place(
    draw: st.DrawFn,
    made: Drawn,
    sources: list[tuple[str, str]],
    id: str,
    kind: str,
    *,
    races: bool,
) -> None:
    constants: dict[str, Any] = {"naps": draw(st.integers(0, 4))}
    if kind == "play.stream":
        constants |= {
            "count": draw(st.sampled_from([4, 3, 2, 6, 1, 0])),
            "start": draw(st.integers(0, 9)),
        }
    if kind in FAILING:
        constants["bad"] = draw(st.sampled_from([0, 0, 2, 3]))
    outputs = OUTPUTS.get(kind, ("result",))
    options = _options(draw, races=races) | _instead(draw, outputs)
    if constants.get("bad"):
        options |= _in_trouble(draw)
    made.nodes.append((id, kind, constants, options))
    for port in KINDS[kind]:
        is_linked = port == "a" or draw(st.integers(0, 2)) > 0
        if sources and is_linked:
            _link(draw, made, draw(st.sampled_from(sources)), id, port)
            if races and draw(st.integers(0, 5)) == 0:
                _link(draw, made, draw(st.sampled_from(sources)), id, port)
    if kind == "play.loop":
        _close_the_loop(draw, made, id)
    if constants.get("bad") and draw(st.booleans()):
        made.nodes.append((f"{id}-read", "play.read", {"naps": 1}, {}))
        made.links.append((id, "error", f"{id}-read", "text", False))
        sources.append((f"{id}-read", "result"))
    sources += [(id, output) for output in outputs]


def _options(draw: st.DrawFn, *, races: bool) -> dict[str, Any]:
    options: dict[str, Any] = {}
    if draw(st.integers(0, 2)) == 0:
        options["concurrency"] = draw(st.integers(1, 3))
    if races and draw(st.integers(0, 5)) == 0:
        options["ordered"] = False
    return options


def _instead(draw: st.DrawFn, outputs: tuple[str, ...]) -> dict[str, Any]:
    """Now and then, nothing or a sample in the block's place."""
    rare = draw(st.integers(0, 9))
    if rare == 1:
        return {"disabled": True}
    return {"pinned": dict.fromkeys(outputs, 8)} if rare == 2 else {}


def _in_trouble(draw: st.DrawFn) -> dict[str, Any]:
    """What the node does when its block fails."""
    options: dict[str, Any] = {}
    if draw(st.booleans()):
        options |= {"retries": draw(st.integers(1, 2)), "retry_wait": 0.001}
    if draw(st.integers(0, 3)) == 0:
        options |= {"on_error": "ignore"}
    return options


def _link(
    draw: st.DrawFn, made: Drawn, source: tuple[str, str], id: str, port: str
) -> None:
    is_sticky = draw(st.integers(0, 6)) == 1
    if all(link[:4] != (*source, id, port) for link in made.links):
        made.links.append((*source, id, port, is_sticky))


def _close_the_loop(draw: st.DrawFn, made: Drawn, id: str) -> None:
    """Leads what goes round back to its start, on the short way or over another node."""
    if draw(st.booleans()):
        made.links.append((id, "again", id, "a", False))
        return
    made.nodes.append(
        (f"{id}-step", "play.step", {"naps": 2}, _options(draw, races=True))
    )
    made.links.append((id, "again", f"{id}-step", "a", False))
    made.links.append((f"{id}-step", "result", id, "a", False))
