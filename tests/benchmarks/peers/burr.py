"""Apache Burr: a state machine, so one action after the other; width is a map of states."""

import itertools
import os
from typing import Any

os.environ["BURR_DISABLE_TELEMETRY"] = "true"

from burr.core import ApplicationBuilder, GraphBuilder, State, action
from burr.core.parallelism import MapStates

from tests.benchmarks.shapes import Shape, add_later, add_soon
from tests.benchmarks.timing import Work


def build(shape: Shape) -> Work:
    """The graph is made once, the application anew for every run."""
    actions = _actions(shape)
    names = list(actions)
    order = list(itertools.pairwise(names))
    graph = GraphBuilder().with_actions(**actions).with_transitions(*order).build()

    async def work() -> Any:
        made = ApplicationBuilder().with_graph(graph).with_state(begun=0)
        application = await made.with_entrypoint(names[0]).abuild()
        _, _, state = await application.arun(halt_after=[names[-1]])
        return state

    return work


def _actions(shape: Shape) -> dict[str, Any]:
    middle = [name for name in shape.nodes if name.startswith("n")]
    if shape.name.startswith("fan"):
        return {
            "first": _one(shape, "first"),
            "middle": Beside(shape, middle, "first"),
            "last": _one(shape, "last"),
        }
    if shape.is_asleep:
        return {"middle": Beside(shape, middle, "")}
    return {name: _one(shape, name) for name in shape.nodes}


def _one(shape: Shape, name: str) -> Any:
    sources = shape.nodes[name]

    @action(reads=list(sources), writes=[name])
    async def act(state: State) -> State:
        return state.update(**{name: await add_soon(*(state[s] for s in sources))})

    return act


class Beside(MapStates):
    """Many at once, each in an application of its own."""

    def __init__(self, shape: Shape, names: list[str], source: str) -> None:
        super().__init__()
        self._names, self._source = names, source
        self._add = add_later if shape.is_asleep else add_soon

    def is_async(self) -> bool:
        return True

    def action(self, state: State, inputs: Any) -> Any:
        add, has_source = self._add, bool(self._source)

        @action(reads=["name", "given"], writes=["made"])
        async def act(state: State) -> State:
            return state.update(
                made=await (add(state["given"]) if has_source else add())
            )

        return act

    async def states(self, state: State, context: Any, inputs: Any) -> Any:
        given = state[self._source] if self._source else 0
        for name in self._names:
            yield state.update(name=name, given=given)

    async def reduce(self, state: State, states: Any) -> State:
        made = {one["name"]: one["made"] async for one in states}
        return state.update(**made)

    @property
    def reads(self) -> list[str]:
        return [self._source] if self._source else []

    @property
    def writes(self) -> list[str]:
        return list(self._names)
