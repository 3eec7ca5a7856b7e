"""The recollection of a run: what an earlier run gave, and whether it still stands."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from agentbench.domain.basis import Basis
from agentbench.domain.brought import FILE
from agentbench.domain.drawing import Drawing
from agentbench.domain.errors import CodecError, StoreError
from agentbench.domain.event import (
    Event,
    FiringCompleted,
    FiringReused,
    FiringSkipped,
    FiringStarted,
    RunStarted,
    ValueEmitted,
)
from agentbench.domain.value import LiveValue, ValueRef
from agentbench.engine.plan import Ready
from agentbench.engine.recipe import Recipe, difference, digest_of, recipe_of
from agentbench.engine.site import Site
from agentbench.engine.stand_in import Given, StandIn
from agentbench.engine.trail import Trail

Key = tuple[str, int]
Peek = Callable[[int], Any]
"""The value of an earlier run's event; raises `CodecError` when it is gone."""


@dataclass(slots=True)
class Memory:
    """One firing of the earlier run; `ended` is the number of its last event, or 0."""

    inputs: Mapping[str, int]
    emitted: list[tuple[str, int]] = field(default_factory=list)
    ended: int = 0


class Recollection:
    """Says of each firing whether it is done again, and why; and if not, what it gives."""

    def __init__(
        self,
        basis: Basis,
        *,
        graph: Drawing,
        before: Drawing,
        events: Sequence[Event],
        peek: Peek,
        given: Mapping[str, ValueRef],
    ) -> None:
        """`before` and `events` are the earlier run; `given` are the new run's inputs."""
        self.basis = basis
        self._before, self._peek, self._given = before, peek, given
        self._first: RunStarted | None = None
        self._memories: dict[Key, Memory] = {}
        self._refs: dict[int, ValueRef] = {}
        self._origins: dict[int, str] = {}
        """By event of the new run, what a live value of it was in the earlier one."""
        for event in events:
            self._remember(event)
        self._by_recipe: dict[str, dict[tuple[tuple[str, str], ...], Key]] = {}
        self._changes = self._changed()
        wanted = set(basis.only) or ({basis.from_node} if basis.from_node else set())
        self._asked_for = (
            wanted if basis.only else reached(graph, wanted, backwards=False)
        )
        changed = {self._node_of(place) for place in basis.changes}
        self._affected = reached(graph, changed, backwards=False) - changed
        needed = reached(graph, wanted, backwards=True) if basis.only else graph.nodes
        self._left_out = set(graph.nodes) - set(needed)

    def decide(self, site: Site, ready: Ready, trail: Trail) -> StandIn | str:
        """What stands in for a firing, or the reason why it has to be done."""
        if ready.node in self._left_out:
            only = ", ".join(self.basis.only)
            facts = {"reason": f"only {only} was asked for"}
            return StandIn(given=(), end=FiringSkipped, facts=facts)
        memory = self._memories.get(ready[:2])
        is_before = memory is not None and 0 < memory.ended <= self.basis.at
        if is_before and ready.node not in self._affected:
            return self._taken(ready[:2], "the run was forked after it")
        if reason := self._refusal(site):
            return reason
        recipe = self._recipe_now(site, ready, trail)
        reason = difference(self._recipe(ready[:2]), recipe)
        if not reason:
            return self._taken(ready[:2], "nothing it depends on changed")
        found = self._index(ready.node).get(tuple(sorted(recipe.items())))
        if found is not None and all(recipe.values()):
            return self._taken(found, f"the same as firing {found[1]} before")
        return reason

    def note(self, seq: int, given: Given) -> None:
        """Notes under which number a live value goes on in the new run."""
        if given.origin:
            self._origins[seq] = given.origin

    def _refusal(self, site: Site) -> str:
        """Why the node may not take over anything; empty where it may."""
        if site.node.id in self._asked_for:
            return "it was asked for"
        if site.cache is False:
            return "its option `cache` is off"
        if self.basis.only or self.basis.from_node or self.basis.at:
            return ""  # what is not asked for is not done again, whatever it does
        if site.block.effects in ("writes", "sends"):
            return "it changes the world"
        if site.block.effects == "reads" and not site.cache:
            return "what it reads may have changed"
        return ""

    def _taken(self, key: Key, reason: str) -> StandIn | str:
        memory = self._memories[key]
        if not memory.ended:
            return "it had not come to an end before"
        given = []
        for port, seq in memory.emitted:
            ref = self._changes.get(seq, self._refs[seq])
            origin = self._live_name(seq) if isinstance(ref, LiveValue) else ""
            try:
                value = self._peek(seq) if origin else None
            except (CodecError, StoreError):
                return "its value was a live object, which is gone"
            given.append(Given(port=port, value=value, ref=ref, origin=origin))
        facts = {"run": self.basis.run, "source": key[1], "reason": reason}
        return StandIn(given=tuple(given), end=FiringReused, facts=facts)

    def _recipe_now(self, site: Site, ready: Ready, trail: Trail) -> Recipe:
        def digest(seq: int) -> str:
            return digest_of(trail.ref(seq), self._origins.get(seq, ""))

        node, version = site.node, site.block.version
        # An upload is kept under what is in it: its name says what it is.
        files = [it.name for it in site.brought if FILE in node.constants[it.name]]
        return recipe_of(node, version, ready.inputs, digest, self._given, files=files)

    def _recipe(self, key: Key) -> Recipe | None:
        memory = self._memories.get(key)
        if memory is None or self._first is None or key[0] not in self._before.nodes:
            return None
        node = self._before.node(key[0])
        version = self._first.versions.get(node.block, "")

        def digest(seq: int) -> str:
            return digest_of(self._refs[seq], self._live_name(seq))

        return recipe_of(node, version, memory.inputs, digest, self._first.inputs)

    def _index(self, node: str) -> dict[tuple[tuple[str, str], ...], Key]:
        """The firings of a node that ended well, by recipe; the last of each counts."""
        if node not in self._by_recipe:
            found: dict[tuple[tuple[str, str], ...], Key] = {}
            for key, memory in self._memories.items():
                if key[0] == node and memory.ended and (recipe := self._recipe(key)):
                    found[tuple(sorted(recipe.items()))] = key
            self._by_recipe[node] = found
        return self._by_recipe[node]

    def _live_name(self, seq: int) -> str:
        return f"live:{self.basis.run}:{seq}"

    def _changed(self) -> dict[int, ValueRef]:
        """The changed values by the number of their event: the latest up to the fork."""
        latest: dict[str, int] = {}
        for (node, _), memory in self._memories.items():
            for port, seq in memory.emitted:
                place = f"{node}.{port}"
                if 0 < memory.ended <= self.basis.at:
                    latest[place] = max(seq, latest.get(place, 0))
        return {
            int(place[1:]) if place.startswith("#") else latest[place]: ref
            for place, ref in self.basis.changes.items()
            if place.startswith("#") or place in latest
        }

    def _node_of(self, place: str) -> str:
        """The node whose value is changed: named, or the one of that event."""
        if not place.startswith("#"):
            return place.partition(".")[0]
        wanted = int(place[1:])
        for (node, _), memory in self._memories.items():
            if any(seq == wanted for _, seq in memory.emitted):
                return node
        return ""

    def _remember(self, event: Event) -> None:
        match event:
            case RunStarted():
                self._first = event
            case FiringStarted():
                key = (event.node, event.firing)
                self._memories.setdefault(key, Memory(event.inputs))
            case ValueEmitted():
                self._refs[event.seq] = event.value
                memory = self._memories[event.node, event.firing]
                memory.emitted.append((event.port, event.seq))
            case FiringCompleted():
                self._memories[event.node, event.firing].ended = event.seq
            case FiringReused() if event.run:
                self._memories[event.node, event.firing].ended = event.seq


def reached(graph: Drawing, nodes: Iterable[str], *, backwards: bool) -> set[str]:
    """The nodes, and all that links lead to from them, or lead from to them."""
    steps: dict[str, list[str]] = {}
    for link in graph.links:
        source, target = link.source, link.target
        if backwards:
            source, target = target, source
        steps.setdefault(source, []).append(target)
    found, ahead = set(nodes), list(nodes)
    while ahead:
        for node in steps.get(ahead.pop(), ()):
            if node not in found:
                found.add(node)
                ahead.append(node)
    return found
