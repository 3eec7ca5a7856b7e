"""Blocks that run other agents: once, or for every item of a list."""

import asyncio
import contextlib
import functools
import itertools
from collections import deque
from collections.abc import (
    AsyncGenerator,
    AsyncIterator,
    Callable,
    Coroutine,
    Iterator,
    Mapping,
)
from typing import Annotated, Any, Literal

import pydantic

from agentbench.blocks.base import about, block
from agentbench.blocks.base.agents import agent_of, inputs_of, outputs_of
from agentbench.domain.context import Context
from agentbench.domain.errors import AgentbenchError, InputError, SubAgentFailed
from agentbench.domain.function_block import Constants, FunctionBlock
from agentbench.domain.port import Port

_Name = Annotated[
    str, about("The agent: its name in the library, or the path of its file.")
]
_Version = Annotated[
    int | None, about("A version of it; the newest by default.", advanced=True)
]


class AgentCall(FunctionBlock):
    """A block that runs another agent."""

    def trouble(self, constants: Constants) -> str:
        """Why the agent cannot be had; empty when it can."""
        name = constants.get("agent")
        if not name:
            return ""
        try:
            agent_of(constants)
        except AgentbenchError as error:
            return str(error)
        return ""


@block(
    id="agent.run",
    title="Run an agent",
    keywords=("sub-agent", "subagent", "call", "nested", "child", "subgraph"),
    effects="reads",
    outputs={},
    more_inputs=inputs_of,
    more_outputs=outputs_of,
    kind=AgentCall,
)
async def run_agent(
    agent: _Name, version: _Version = None, *, context: Context, **inputs: Any
) -> AsyncIterator[tuple[str, Any]]:
    """Runs another agent, and gives what it gives.

    Its inputs and outputs are the node's. Its run is kept under this run, counts towards
    this run's budgets, and stops with it.
    """
    given = await context.run_agent(agent, inputs, version=version)
    for name, values in given.items():
        for value in values:
            yield name, value


@block(
    id="agent.map",
    title="Run an agent for each",
    keywords=("map", "batch", "parallel", "items", "sub-agent"),
    effects="reads",
    outputs={
        "result": Annotated[Any, about("What each item gave, in the items' order.")],
        "results": Annotated[list[Any], about("All of it, when the last is done.")],
        "failed": Annotated[
            dict[str, Any], about("An item that failed, and why: `item`, `error`.")
        ],
    },
    kind=AgentCall,
)
async def map_agent(
    agent: _Name,
    items: Annotated[list[Any], about("What the agent is run for, one by one.")],
    *,
    input: Annotated[
        str, about("The agent's input that takes an item; by default its first.")
    ] = "",
    output: Annotated[
        str, about("The agent's output that counts; by default its first.")
    ] = "",
    inputs: Annotated[
        dict[str, Any] | None, about("Its other inputs, for every item.", advanced=True)
    ] = None,
    concurrency: Annotated[
        int, about("How many run at once."), pydantic.Field(ge=1, le=100)
    ] = 4,
    on_failure: Annotated[
        Literal["fail", "skip"],
        about("An item that fails: `fail` this node, or `skip` it.", advanced=True),
    ] = "fail",
    version: _Version = None,
    context: Context,
) -> AsyncIterator[tuple[str, Any]]:
    """Runs another agent for each item of a list, several at once, in order.

    Items that are done are not done again when the node is tried again or the run goes
    on after a crash.
    """
    constants = {"agent": agent, "version": version}
    taking = input or _first(agent, inputs_of(constants), "input")
    giving = output or _first(agent, outputs_of(constants), "output")

    async def one(number: int, item: Any) -> Any:
        given = await context.run_agent(
            agent,
            {**(inputs or {}), taking: item},
            version=version,
            part=str(number + 1),
        )
        return _last(agent, given, giving)

    results: list[Any] = []
    calls = (functools.partial(one, *numbered) for numbered in enumerate(items))
    async with contextlib.aclosing(_in_order(calls, concurrency)) as done:
        async for number, result in done:
            if not isinstance(result, SubAgentFailed):
                results.append(result)
                yield "result", result
            elif on_failure == "skip":
                yield "failed", {"item": items[number], "error": str(result)}
            else:
                raise result
    yield "results", results


async def _in_order(
    calls: Iterator[Callable[[], Coroutine[Any, Any, Any]]], most: int
) -> AsyncGenerator[tuple[int, Any], None]:
    """What the calls give, in their order, with a failed one's error in its place.

    As many are ahead as may run, and no more: what is done waits for what is before it.
    """
    ahead: deque[asyncio.Task[Any]] = deque()
    number = 0
    try:
        while True:
            for call in itertools.islice(calls, most - len(ahead)):
                ahead.append(asyncio.ensure_future(call()))
            if not ahead:
                return
            try:
                result = await ahead[0]
            except SubAgentFailed as error:
                result = error
            ahead.popleft()
            yield number, result
            number += 1
    finally:
        for task in ahead:
            task.cancel()
        await asyncio.gather(*ahead, return_exceptions=True)


def _first(agent: str, ports: list[Port], side: str) -> str:
    if not ports:
        raise InputError(side, f"is missing: the agent {agent!r} has no {side}.")
    required = [port for port in ports if port.is_required]
    return (required or ports)[0].name


def _last(agent: str, given: Mapping[str, list[Any]], output: str) -> Any:
    if output not in given:
        there = ", ".join(map(repr, given)) or "none"
        raise InputError(output, f"is no output of the agent {agent!r} ({there}).")
    values = given[output]
    return values[-1] if values else None
