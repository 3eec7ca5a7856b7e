"""Tools as a model sees them: what it is offered, what it may do unasked, what it is told."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from agentbench.blocks.ai.asking import is_image, png_of
from agentbench.blocks.base import frame, is_table
from agentbench.blocks.base.agents import inputs_of
from agentbench.domain.bench import current_bench
from agentbench.domain.context import Context
from agentbench.domain.drawing import slug
from agentbench.domain.errors import AgentbenchError, InputError, RunError
from agentbench.domain.model import Media, Tool, ToolCall, ToolResult
from agentbench.domain.tool import LinkedTool, ToolOutcome

LONGEST = 20_000
"""Letters of what a tool gave that the model is told."""

_CHANGING = ("writes", "sends")
_DEEPEST = 8


class Toolbox:
    """The tools that an agent has, by the names that its model knows them by."""

    def __init__(
        self,
        linked: Sequence[LinkedTool],
        context: Context,
        *,
        agents: Sequence[str] = (),
    ) -> None:
        """`linked` are nodes, `agents` the names of agents that are called as they are.

        Raises:
            UnknownAgent: there is none of a name.
        """
        self._context = context
        self._linked: dict[str, LinkedTool] = {}
        for tool in (*linked, *map(_agent_tool, agents)):
            self._linked[_name(tool, self._linked)] = tool

    def __len__(self) -> int:
        return len(self._linked)

    def offered(self) -> tuple[Tool, ...]:
        """What the model is offered."""
        return tuple(
            Tool(name, _help(tool), _schema(tool))
            for name, tool in self._linked.items()
        )

    def changes(self, call: ToolCall) -> bool:
        """Whether a call would write or send something, as far as is known."""
        tool = self._linked.get(call.tool)
        return tool is not None and _effects(tool) in _CHANGING

    def title(self, call: ToolCall) -> str:
        """What people call the tool."""
        tool = self._linked.get(call.tool)
        return tool.title if tool is not None and tool.title else call.tool

    async def call(self, call: ToolCall, part: str) -> tuple[ToolResult, list[Media]]:
        """What a call gave, or why it could not be made, and the images with it.

        `part` tells the calls of a firing apart.
        """
        try:
            tool = self._wanted(call)
            if isinstance(tool, AgentTool):
                outcome = await self._run(tool, call, part)
            else:
                outcome = await self._context.call_tool(tool.node, call.arguments)
        except (RunError, InputError) as error:
            return failed(call, str(error)), []
        if outcome.error:
            return failed(call, outcome.error), []
        content, images = _told(outcome)
        return ToolResult(call.id, call.tool, content), images

    async def _run(self, tool: LinkedTool, call: ToolCall, part: str) -> ToolOutcome:
        agent = str(tool.constants["agent"])
        outputs = await self._context.run_agent(
            agent, dict(call.arguments), part=f"{slug(agent)}-{part}"
        )
        return ToolOutcome(firing=0, outputs=outputs)

    async def send(self, call: ToolCall) -> None:
        """Gives the tool its values, and waits for nothing.

        Raises:
            RunError: there is no such tool, or an argument will not do.
        """
        tool = self._wanted(call)
        await self._context.call_tool(tool.node, call.arguments, wait=False)

    def _wanted(self, call: ToolCall) -> LinkedTool:
        tool = self._linked.get(call.tool)
        if tool is None:
            there = ", ".join(self._linked) or "none"
            raise RunError(f"There is no tool {call.tool!r}; there is: {there}.")
        if call.garbled:
            raise RunError(f"The arguments are no JSON object: {call.garbled:.200}")
        return tool


class AgentTool(LinkedTool):
    """An agent that is called by its name: no node stands for it."""


def _agent_tool(agent: str) -> AgentTool:
    found = current_bench().find_agent(agent)
    return AgentTool(
        node=slug(agent),
        block="agent.run",
        title="",
        help=str(found.description or ""),
        effects="reads",
        constants={"agent": agent},
        inputs=tuple(inputs_of({"agent": agent})),
    )


def failed(call: ToolCall, reason: str) -> ToolResult:
    """What the model is told of a call that came to nothing."""
    return ToolResult(call.id, call.tool, reason, is_error=True)


def _name(tool: LinkedTool, taken: Mapping[str, Any]) -> str:
    """The node's id in letters that every provider takes."""
    name = re.sub(r"[^A-Za-z0-9_-]", "_", tool.node)[:60]
    number = 2
    wanted = name
    while wanted in taken:
        wanted, number = f"{name}_{number}", number + 1
    return wanted


def _help(tool: LinkedTool) -> str:
    title = tool.title
    if tool.block == "agent.run":
        agent = str(tool.constants.get("agent", ""))
        title = f"{title}: {agent}" if title else agent
        described = _described(tool)
        return f"{title}\n{described}" if described else title
    first = tool.help.partition("\n\n")[0].replace("\n", " ")
    return f"{title}. {first}" if title and first else title or first


def _described(tool: LinkedTool) -> str:
    graph = _graph(tool)
    return str(getattr(graph, "description", "") or "")


def _graph(tool: LinkedTool) -> Any:
    try:
        return current_bench().find_agent(
            str(tool.constants.get("agent", "")), tool.constants.get("version")
        )
    except (AgentbenchError, RuntimeError):
        return None


def _effects(tool: LinkedTool) -> str:
    """What a tool does to the world; what an agent does is the worst its nodes do."""
    if tool.block not in ("agent.run", "agent.map"):
        return tool.effects
    return _worst(_graph(tool), _DEEPEST)


def _worst(graph: Any, deep: int) -> str:
    if graph is None or not deep:
        return "sends"  # nobody knows, so somebody is asked
    worst = "reads"
    for id, node in graph.nodes.items():
        block = graph.block_of(id)
        if block is None:
            return "sends"
        effects = block.effects
        if node.block in ("agent.run", "agent.map"):
            try:
                inner = current_bench().find_agent(
                    str(node.constants.get("agent", "")), node.constants.get("version")
                )
            except (AgentbenchError, RuntimeError):
                return "sends"
            effects = _worst(inner, deep - 1)
        if effects in _CHANGING:
            worst = effects
    return worst


def _schema(tool: LinkedTool) -> dict[str, Any]:
    """The JSON schema of a tool's arguments."""
    properties: dict[str, Any] = {}
    definitions: dict[str, Any] = {}
    required = []
    for port in tool.inputs:
        schema = dict(port.schema())
        definitions.update(schema.pop("$defs", {}))
        schema.pop("title", None)
        schema.pop("examples", None)
        if port.help:
            schema["description"] = port.help
        properties[port.name] = schema
        if port.is_required and port.name not in tool.constants:
            required.append(port.name)
    found: dict[str, Any] = {"type": "object", "properties": properties}
    if required:
        found["required"] = required
    if definitions:
        found["$defs"] = definitions
    return found


def _told(outcome: ToolOutcome) -> tuple[Any, list[Media]]:
    """What a model is told of a tool's outputs: values as JSON, images as images."""
    images: list[Media] = []
    told = {
        port: [_plain(value, images) for value in values]
        for port, values in outcome.outputs.items()
    }
    single = {port: it[0] if len(it) == 1 else it for port, it in told.items()}
    content: Any = next(iter(single.values())) if len(single) == 1 else single
    if not single:
        content = "Done; it gave nothing."
    written = content if isinstance(content, str) else json.dumps(content, default=str)
    if len(written) > LONGEST:
        content = f"{written[:LONGEST]}… (cut off: {len(written)} letters in all)"
    return content, images


def _plain(value: Any, images: list[Media]) -> Any:
    import pydantic_core

    if isinstance(value, (str, int, float, bool, type(None))):
        return value
    if is_image(value):
        images.append(png_of(value))
        return f"[image {len(images)}, shown below]"
    if is_table(value):
        return frame(value, "ai.agent").to_string(max_rows=50)
    if isinstance(value, bytes):
        return f"[{len(value)} bytes]"
    return json.loads(pydantic_core.to_json(value, fallback=str))


def pending(messages: Sequence[Any]) -> Iterator[ToolCall]:
    """The calls of a conversation's last message that nobody answered yet."""
    if messages and messages[-1].role == "assistant":
        for part in messages[-1].parts:
            if isinstance(part, ToolCall):
                yield part
