"""The reference: a slow sequential interpreter of the semantics, to hold the engine against.

Written from the text of the rules and from nothing else. It carries out one firing at a
time, looks at every pending firing of a node whenever a value arrives there, and has no
clock, no tasks and no event numbers.

Which value comes first at a node matters only where links race (`Interpreter.races`).
There the order has to be given: as a log has recorded it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from agentbench.domain.drawing import Drawing
from agentbench.domain.node import Link
from tests.engine.story import (
    COMPLETED,
    FAILED,
    HANDLED,
    PINNED,
    SKIPPED,
    Arrival,
    Story,
    Told,
)

Behave = Callable[[str, Mapping[str, Any]], tuple[list[tuple[str, Any]], str]]
"""From a block's id and a firing's inputs to its values in order, and its error if any."""

MOST_FIRINGS = 3_000


class TooLong(Exception):
    """The graph fires more often than anybody wants to wait for."""


@dataclass
class Waiting:
    """One node: its firings in the order in which they were opened."""

    linked: set[str]
    opened: list[dict[str, Any]] = field(default_factory=list)
    is_due: list[bool] = field(default_factory=list)
    kept: dict[str, Any] = field(default_factory=dict)
    executed: set[int] = field(default_factory=set)
    came: dict[tuple[str, Link], int] = field(default_factory=dict)

    def take(self, port: str, value: Any, *, is_sticky: bool) -> None:
        """A value arrives."""
        for given, is_due in zip(self.opened, self.is_due, strict=True):
            if not is_due and port not in given:
                given[port] = value
                break
        else:
            self.opened.append({port: value})
            self.is_due.append(False)
        if is_sticky:
            self.kept[port] = value
        for at, given in enumerate(self.opened):
            if not self.is_due[at] and self.linked <= given.keys() | self.kept.keys():
                self.opened[at] = {**self.kept, **given}
                self.is_due[at] = True

    def due(self) -> list[int]:
        """The numbers of the firings that may be carried out, the oldest first."""
        return [
            at
            for at, is_due in enumerate(self.is_due, 1)
            if is_due and at not in self.executed
        ]


class Interpreter:
    """One run of a graph, one firing after the other.

    `recorded` gives, for each node, the order in which values arrived there; without it
    they arrive as they are given. `choose` picks the node that fires next.
    """

    def __init__(
        self,
        graph: Drawing,
        behave: Behave,
        inputs: Mapping[str, Any],
        *,
        recorded: Mapping[str, Sequence[Arrival]] | None = None,
        choose: Callable[[list[str]], str] = min,
    ) -> None:
        self.graph, self.behave, self.inputs, self.choose = (
            graph,
            behave,
            inputs,
            choose,
        )
        self.links = sorted(graph.links)
        self.nodes = {
            id: Waiting({link.input for link in self.links if link.target == id})
            for id in graph.nodes
        }
        self.told: dict[tuple[str, int], Told] = {}
        self.to_come = recorded and {id: list(them) for id, them in recorded.items()}

    def run(self) -> Story:
        """Fires until nothing is left to fire, and tells what happened."""
        for node in self.nodes.values():
            if not node.linked:
                node.opened, node.is_due = [{}], [True]
        while due := [id for id, node in self.nodes.items() if node.due()]:
            id = self.choose(due)
            self._fire(id, self.nodes[id].due()[0])
            self._hand_out()
            if len(self.told) > MOST_FIRINGS:
                raise TooLong
        left = [them for them in (self.to_come or {}).values() if them]
        assert not left, f"these came, but nobody gave them: {left}"
        failed = any(told.end.startswith(FAILED) for told in self.told.values())
        status = "failed" if failed else "completed"
        return Story(self.told, self._outputs(), self._unfired(), status)

    def _fire(self, id: str, firing: int) -> None:
        node, waiting = self.graph.node(id), self.nodes[id]
        waiting.executed.add(firing)
        block = self.graph.block_of(id)
        linked = waiting.opened[firing - 1]
        ports = block.inputs(node.constants)
        inputs = {port.name: port.default for port in ports}
        inputs |= dict(node.constants) | linked
        if block.role == "input" and inputs["name"] in self.inputs:
            inputs["value"] = self.inputs[inputs["name"]]
        values, end = self._ending(id, *self.behave(block.id, inputs))
        self.told[id, firing] = Told(linked, list(values), end)
        if self.to_come is None:
            for port, value in values:
                for link in self.links:
                    if (link.source, link.output) == (id, port):
                        self._arrive(link, value)

    def _ending(
        self, id: str, values: list[tuple[str, Any]], error: str
    ) -> tuple[list[tuple[str, Any]], str]:
        """What a firing gives in the end, by its node's options and links, and its end."""
        options = self.graph.node(id).options
        if options.get("disabled"):
            return [], SKIPPED
        if "pinned" in options:
            return list(options["pinned"].items()), PINNED
        if not error:
            return values, COMPLETED
        has_link = any((ln.source, ln.output) == (id, "error") for ln in self.links)
        if has_link:
            values = [*values, ("error", error)]
        is_handled = has_link or options.get("on_error") == "ignore"
        return values, f"{HANDLED if is_handled else FAILED}: {error}"

    def _arrive(self, link: Link, value: Any) -> None:
        waiting = self.nodes[link.target]
        is_sticky = self.graph.is_sticky(link)
        key = (link.input, link)
        waiting.came[key] = waiting.came.get(key, 0) + 1
        waiting.take(link.input, value, is_sticky=is_sticky)

    def _hand_out(self) -> None:
        """Where the order is recorded, hands out what is next and has been given."""
        for id, to_come in (self.to_come or {}).items():
            while to_come:
                port, source, firing, number = to_come[0]
                told = self.told.get((source, firing))
                if told is None:
                    break
                output, value = told.emitted[number]
                ends = (source, output, id, port)
                self._arrive(next(ln for ln in self.links if ln.key == ends), value)
                del to_come[0]

    def _outputs(self) -> dict[str, list[Any]]:
        outputs = {}
        for id in self.nodes:
            if self.graph.block_of(id).role == "output":
                of_it = sorted(key for key in self.told if key[0] == id)
                given = [value for key in of_it for _, value in self.told[key].emitted]
                outputs[self.graph.node(id).constants["name"]] = given
        return outputs

    def _unfired(self) -> dict[str, int]:
        """By node, the firings with a value that is used once and that never came to be."""
        counts = {}
        for id, node in self.nodes.items():
            to_it = [link for link in self.links if link.target == id]
            sticky = {link.input for link in to_it if self.graph.is_sticky(link)}
            counts[id] = sum(
                not is_due and bool(given.keys() - sticky)
                for given, is_due in zip(node.opened, node.is_due, strict=True)
            )
        return {id: count for id, count in counts.items() if count}

    def races(self) -> set[str]:
        """The nodes at which, as it went, the order of arrival decided something.

        * Several links brought values to one input.
        * A value that stays was followed by another, while more than one firing was there
          to take it.
        * They come from a node that gives its values as they come.
        """
        return {id for id, node in self.nodes.items() if self._is_race(node)}

    def _is_race(self, node: Waiting) -> bool:
        per_port: dict[str, int] = {}
        for (port, link), count in node.came.items():
            if port in per_port:
                return True
            per_port[port] = count
            is_ordered = self.graph.node(link.source).options.get("ordered", True)
            if not is_ordered and count > 1:
                return True
        sticky = {port for port, ln in node.came if self.graph.is_sticky(ln)}
        return any(
            per_port[port] > 1 and per_port[other] > 1
            for port in sticky
            for other in per_port.keys() - {port}
        )
