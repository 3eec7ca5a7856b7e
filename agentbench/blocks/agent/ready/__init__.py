"""Ready agents: documents that come along, each also a block that runs it.

To add one: save it as NAME.agent.json here, and give it a block below. An agent of the
same name in the library takes its place: open one, change it, save it, and it is yours.
"""

import functools
from collections.abc import AsyncIterator, Callable, Mapping
from importlib.resources import files
from typing import Any

from agentbench.blocks.agent.calls import AgentCall
from agentbench.blocks.base import block
from agentbench.blocks.base.agents import inputs_of, outputs_of
from agentbench.domain.context import Context

SUFFIX = ".agent.json"

READY: Mapping[str, str] = {
    "agent.plan_and_act": "plan-and-act",
    "agent.reflect": "reflect",
}
"""The ready agents, by the block that runs each."""


@functools.cache
def document(name: str) -> str | None:
    """The document of a ready agent; None where there is none of that name."""
    if name not in READY.values():
        return None
    return files(__package__).joinpath(f"{name}{SUFFIX}").read_text("utf-8")


def _runs(id: str) -> Mapping[str, Any]:
    """What the block of a ready agent is made with."""
    called = {"agent": READY[id]}
    ports: Mapping[str, Callable[[Any], Any]] = {
        "more_inputs": lambda _: inputs_of(called),
        "more_outputs": lambda _: outputs_of(called),
    }
    return {"id": id, "effects": "reads", "outputs": {}, "kind": AgentCall, **ports}


async def _run(
    id: str, context: Context, inputs: Mapping[str, Any]
) -> AsyncIterator[tuple[str, Any]]:
    given = await context.run_agent(READY[id], inputs)
    for name, values in given.items():
        for value in values:
            yield name, value


@block(
    **_runs("agent.plan_and_act"),
    title="Plan and act",
    keywords=("plan", "steps", "execute", "orchestrator", "planner", "sub-agent"),
)
async def plan_and_act(
    *, context: Context, **inputs: Any
) -> AsyncIterator[tuple[str, Any]]:
    """Has a model plan a task first, then carry the plan out with agents as tools.

    It is an agent itself: expand it to see and change its nodes, and to give its `act`
    further tools.
    """
    async for given in _run("agent.plan_and_act", context, inputs):
        yield given


@block(
    **_runs("agent.reflect"),
    title="Reflect",
    keywords=("critique", "review", "improve", "revise", "self-check", "sub-agent"),
)
async def reflect(*, context: Context, **inputs: Any) -> AsyncIterator[tuple[str, Any]]:
    """Has a model do a task, look at what it did, and do it better where it falls short.

    It is an agent itself: expand it to see and change its nodes, and to give its `draft`
    further tools.
    """
    async for given in _run("agent.reflect", context, inputs):
        yield given
