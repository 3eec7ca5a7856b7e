"""An agent as a tool: its inputs are the arguments, what a run of it gave is the answer."""

import asyncio
import base64
import contextlib
import json
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from agentbench.domain.errors import AgentbenchError
from agentbench.domain.graph import Graph
from agentbench.domain.run import FiringStatus, RunStatus
from agentbench.server.asking import answer_in, key_of
from agentbench.workbench.jsonable import jsonable
from agentbench.workbench.run import Run
from agentbench.workbench.waits import Wait, waits_of
from agentbench.workbench.workbench import Workbench

BEAT = 0.2
"""Seconds between two looks at how far a run is."""

Report = Callable[[float, float, str], Awaitable[None]]
"""Tells whoever called how far it is: so much of so much, and in words."""

_PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp")


@dataclass(frozen=True, kw_only=True)
class AgentTool:
    """An agent as others see it; `schema` is the JSON schema of its inputs."""

    name: str
    agent: str
    description: str
    schema: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a call gave: `data` by output, and `pictures` as MIME type and base64 text.

    A call that did not come to its end `failed`, and `text` says why: perhaps because
    the `run` waits for what `waits` say.
    """

    text: str
    data: dict[str, Any] = field(default_factory=dict)
    pictures: Sequence[tuple[str, str]] = ()
    failed: bool = False
    run: str = ""
    waits: Sequence[Wait] = ()


class AgentTools:
    """The agents that are offered: those named, or the whole library as it is now."""

    def __init__(self, bench: Workbench, agents: Sequence[str] = ()) -> None:
        """Looks once at what is named.

        Raises:
            UnknownAgent: there is no such agent.
            DocumentError: a file is no agent file.
        """
        self._bench, self._named = bench, tuple(agents)
        self._asking: set[str] = set()
        """The runs that callers may answer: those that were started for one."""
        for name in self._named:
            bench.find_agent(name)

    def all(self) -> list[AgentTool]:
        """Every tool, by name; an agent that cannot be read any more is left out."""
        tools: dict[str, AgentTool] = {}
        for agent in self._named or [a.name for a in self._bench.store.agents()]:
            with contextlib.suppress(AgentbenchError):
                made = self._tool(agent, taken=tools)
                tools[made.name] = made
        return list(tools.values())

    async def call(
        self, name: str, arguments: Mapping[str, Any], report: Report
    ) -> Answer:
        """Runs an agent to its end; cancelled, the run is stopped."""
        found = {tool.name: tool for tool in await asyncio.to_thread(self.all)}
        if name not in found:
            there = ", ".join(found) or "none"
            return _failure(f"There is no tool {name!r} here. There are: {there}.")
        try:
            run = await begun(self._start, found[name].agent, arguments)
        except AgentbenchError as error:
            return _failure(f"{type(error).__name__}: {error}")
        self._asking.add(run.id)
        await followed(run, report)
        return await asyncio.to_thread(self._answer, run)

    async def go_on(
        self, run: str, told: Mapping[str, Mapping[str, Any]], report: Report
    ) -> Answer:
        """Answers what a run asked of a caller, by the questions' keys, and follows it."""
        if run not in self._asking:
            return _failure("There is no call here that waits for an answer.")
        try:
            going = await begun(self._tell, run, told)
        except AgentbenchError as error:
            return _failure(f"{type(error).__name__}: {error}")
        await followed(going, report)
        return await asyncio.to_thread(self._answer, going)

    def _tell(self, id: str, told: Mapping[str, Mapping[str, Any]]) -> Run:
        run = self._bench.run(id)
        for wait in waits_of(run):
            content = told.get(key_of(wait))
            if content is not None:
                said = answer_in(wait, content)
                run = self._bench.answer(id, wait.node, said, firing=wait.firing)
        return run

    def _start(self, agent: str, arguments: Mapping[str, Any]) -> Run:
        return self._bench.start(self._bench.find_agent(agent), arguments)

    def _tool(self, agent: str, taken: Mapping[str, Any]) -> AgentTool:
        graph: Graph = self._bench.find_agent(agent)
        slug = re.sub(r"[^a-zA-Z0-9_-]+", "_", graph.name).strip("_")[:60] or "agent"
        name, number = slug, 1
        while name in taken:
            number += 1
            name = f"{slug}_{number}"
        outputs = ", ".join(_outputs(graph))
        said = graph.description.strip() or f"Runs the agent {graph.name!r}."
        if outputs:
            said += f"\n\nGives: {outputs}."
        return AgentTool(
            name=name, agent=agent, description=said, schema=self._schema(graph)
        )

    def _schema(self, graph: Graph) -> dict[str, Any]:
        properties: dict[str, Any] = {}
        required: list[str] = []
        for name, (node, port) in self._bench.inputs_of(graph).items():
            given = dict(port.schema())
            given["title"] = str(node.constants.get("title") or name.replace("_", " "))
            if said := str(node.constants.get("description") or ""):
                given["description"] = said
            default = node.constants.get("default")
            if default is None:
                required.append(name)
            else:
                given["default"] = default
            properties[name] = given
        return {
            "type": "object",
            "properties": properties,
            "required": required,
            "additionalProperties": False,
        }

    def _answer(self, run: Run) -> Answer:
        waits = waits_of(run)
        if not waits:  # nobody has anything to answer any more
            self._asking.discard(run.id)
        if run.status is not RunStatus.COMPLETED:
            why = _why_not(run)
            return Answer(text=why, failed=True, run=run.id, waits=waits)
        data: dict[str, Any] = {}
        pictures: list[tuple[str, str]] = []
        for name, values in run.outputs.items():
            plain = [self._plain(value, pictures) for value in values]
            data[name] = plain[0] if len(plain) == 1 else plain
        texts = list(data.values())
        is_text = len(texts) == 1 and isinstance(texts[0], str)
        text = texts[0] if is_text else json.dumps(data, ensure_ascii=False, indent=1)
        return Answer(text=text, data=data, pictures=pictures)

    def _plain(self, value: Any, pictures: list[tuple[str, str]]) -> Any:
        """A value as JSON; a picture goes among the pictures, and is named here."""
        plain = jsonable(value, self._bench)
        if isinstance(value, str) or not isinstance(plain, str):
            return plain
        shown = self._bench.render(value).data
        for mime in _PICTURES:
            if mime in shown:
                held = shown[mime]
                is_bytes = isinstance(held, bytes)
                text = base64.b64encode(held).decode() if is_bytes else str(held)
                pictures.append((mime, text))
                return f"picture {len(pictures)}"
        return plain


async def begun(begin: Callable[..., Run], *given: Any) -> Run:
    """The run that a function begins, in a thread; cancelled, it is stopped once it is there."""
    beginning = asyncio.ensure_future(asyncio.to_thread(begin, *given))
    try:
        return await asyncio.shield(beginning)
    except asyncio.CancelledError:
        beginning.add_done_callback(_stopped)
        raise


def _stopped(beginning: "asyncio.Future[Run]") -> None:
    if not beginning.cancelled() and beginning.exception() is None:
        beginning.result().stop()


async def followed(run: Run, report: Report) -> None:
    """Waits until a run has ended or waits for somebody; reports how far it is."""
    ending = asyncio.ensure_future(run.finished())
    told = -1.0
    try:
        while not ending.done():
            await asyncio.wait({ending}, timeout=BEAT)
            done, total, words = await asyncio.to_thread(_how_far, run)
            if done > told:  # it may only grow
                told = done
                await report(done, total, words)
        await ending
    finally:
        if not ending.done():
            run.stop()
            ending.cancel()


def _how_far(run: Run) -> tuple[float, float, str]:
    statuses = run.node_statuses
    busy = [
        id for id, (status, _) in statuses.items() if status == FiringStatus.RUNNING
    ]
    done = sum(count for _, count in statuses.values()) - len(busy)
    words = f"now {', '.join(busy[:3])}" if busy else str(run.status)
    return float(done), float(max(done, run.node_count)), words


def _outputs(graph: Graph) -> list[str]:
    names = []
    for id, node in sorted(graph.nodes.items()):
        block = graph.block_of(id)
        if block is not None and block.role == "output":
            names.append(str(node.constants.get("name") or id))
    return names


def _why_not(run: Run) -> str:
    waits = waits_of(run)
    if waits:
        said = "; ".join(map(str, waits))
        return (
            f"The run {run.id} waits for a person: {said} It goes on once somebody has"
            f" answered: `agentbench answer {run.id} NODE ANSWER`."
        )
    reasons = [*map(str, run.failures), *([run.reason] if run.reason else [])]
    return f"The run {run.id} is {run.status}: " + (
        "; ".join(reasons) or "no reason given"
    )


def _failure(text: str) -> Answer:
    return Answer(text=text, failed=True)
