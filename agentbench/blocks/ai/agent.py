"""The agent: a model that uses tools, until it is done."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Annotated, Any, Literal

import msgspec
import pydantic

from agentbench.blocks.ai.asking import (
    Images,
    MaxTokens,
    Model,
    Prompt,
    System,
    Temperature,
    Values,
    ask,
    filled,
    opening,
    variables,
)
from agentbench.blocks.ai.chat import Conversation, Memory, shortened
from agentbench.blocks.ai.structured import (
    TAKEN,
    Fields,
    Schema,
    field_outputs,
    form_of,
)
from agentbench.blocks.ai.tools import Toolbox, failed, pending
from agentbench.blocks.base import about, block
from agentbench.domain.context import Context
from agentbench.domain.model import (
    ChatAnswer,
    Message,
    ToolCall,
    ToolResult,
    plain_messages,
    read_messages,
    says,
)

APPROVE, REJECT = "approve", "reject"

_Approval = Literal["what changes something", "everything", "nothing"]


@block(
    id="ai.agent",
    title="Agent",
    keywords=(
        *("orchestrator", "tools", "smart decision maker", "react", "llm"),
        *("function calling", "autonomous", "assistant", "supervisor"),
    ),
    effects="reads",
    outputs={
        "answer": Annotated[Any, about("What it found, when it is done.")],
        "tools": Annotated[
            Any, about("Link it to inputs of the nodes that it may use as tools.")
        ],
        "called": Annotated[
            dict[str, Any],
            about(
                "Each call that was made: `tool`, `arguments`, and `result` or `error`."
            ),
        ],
        "conversation": Annotated[
            list[dict[str, Any]], about("All that was said, tools included.")
        ],
    },
    more_inputs=variables(
        "task",
        "system",
        besides=(
            *("conversation", "result", "model", "mode", "rounds", "at_once"),
            *(
                "agents",
                "approval",
                "fields",
                "schema",
                "images",
                "memory",
                "temperature",
            ),
            *("max_tokens",),
        ),
    ),
    more_outputs=field_outputs,
)
async def agent(
    task: Prompt,
    *,
    system: System = "",
    model: Model = "",
    mode: Annotated[
        Literal["until done", "one step"],
        about(
            "`until done` calls tools and goes on with what they give. `one step` asks"
            " once, sends the calls on, and ends: link `conversation` back, and what"
            " the tools give to `result`."
        ),
    ] = "until done",
    rounds: Annotated[
        int,
        pydantic.Field(ge=1, le=1000),
        about("How often it may call tools before it has to answer."),
    ] = 20,
    agents: Annotated[
        list[str],
        about(
            "Agents that it may call as tools, by name; each call is a run under this"
            " one. With `one step` there are none."
        ),
    ] = [],  # noqa: B006 - read, never changed
    approval: Annotated[
        _Approval,
        about("Calls for which somebody is asked first, while the run waits."),
    ] = "what changes something",
    fields: Fields = {},  # noqa: B006 - read, never changed
    schema: Schema = {},  # noqa: B006
    at_once: Annotated[
        int,
        pydantic.Field(ge=1, le=64),
        about("How many tools run at a time; with 1 it calls one after another."),
    ] = 8,
    conversation: Conversation = [],  # noqa: B006
    result: Annotated[
        Any,
        about("With `one step`: what the tool gave that was called.", advanced=True),
    ] = None,
    images: Images = [],  # noqa: B006
    memory: Memory = 200_000,
    temperature: Temperature = None,
    max_tokens: MaxTokens = None,
    values: Values = {},  # noqa: B006
    context: Context,
    **more: Any,
) -> AsyncIterator[tuple[str, Any]]:
    """Lets a model work on a task with tools, until it is done.

    A tool is any node whose inputs `tools` is linked to: a block, a function of this
    notebook, another agent. What the links lead to are the tool's parameters; its other
    inputs keep their constants. Each call is a firing of that node, with its own inputs,
    outputs and cost. A call that fails is told to the model. What the model said is kept,
    so that a run which waited for an approval, or whose kernel died, goes on from there.
    """
    given = {**values, **more}
    said = list(read_messages(conversation))
    named = agents if mode == "until done" else []
    toolbox = Toolbox(context.tools(), context, agents=named)
    settings = {"temperature": temperature, "max_tokens": max_tokens}
    work = _Work(
        context,
        toolbox,
        model=model,
        settings=settings,
        approval=approval,
        at_once=at_once,
        memory=memory,
    )
    instructions = filled(system, given)
    if mode == "one step":
        said += _answered(said, result) or await opening(
            context, instructions, filled(task, given), images
        )
        async for emission in _step(work, said, fields=fields, schema=schema):
            yield emission
        return
    said += await opening(context, instructions, filled(task, given), images)
    work.task = said[-1]
    for number in range(rounds + 1):
        answer = await work.asked(f"{number}", said, may_call=number < rounds)
        said.append(answer.message)
        if not answer.calls or number == rounds:
            break
        results = await work.carried_out(number, answer.calls)
        for call, (outcome, _) in zip(answer.calls, results, strict=True):
            yield "called", _record(call, outcome)
        said.append(Message("tool", tuple(outcome for outcome, _ in results)))
        shown = [image for _, found in results for image in found]
        if shown:
            said.append(says("user", "The images that the tools gave:", shown))
        said = await work.shortened(f"short {number}", said)
    async for emission in _ended(work, said, fields=fields, schema=schema):
        yield emission


async def _step(
    work: "_Work", said: list[Message], *, fields: Any, schema: Any
) -> AsyncIterator[tuple[str, Any]]:
    """Asks once; what it wants called is sent to the tools, and nobody waits."""
    answer = await work.asked("step", said, may_call=True)
    said.append(answer.message)
    if not answer.calls:
        async for emission in _ended(work, said, fields=fields, schema=schema):
            yield emission
        return
    allowed = [await work.is_allowed(call) for call in answer.calls]
    for call, is_allowed in zip(answer.calls, allowed, strict=True):
        if is_allowed:
            await work.toolbox.send(call)
            yield "called", {"tool": call.tool, "arguments": dict(call.arguments)}
    yield "conversation", plain_messages(said)


async def _ended(
    work: "_Work", said: list[Message], *, fields: Any, schema: Any
) -> AsyncIterator[tuple[str, Any]]:
    answer: Any = said[-1].text
    if fields or schema:
        form = form_of(fields, schema)
        answer = await work.formed(said, form)
        for name in fields if isinstance(answer, dict) else ():
            if name in answer and name not in TAKEN:
                yield name, answer[name]
    yield "conversation", plain_messages(said)
    yield "answer", answer  # what comes last is what the canvas shows


class _Work:
    """One firing of an agent: what it says to its model, and has its tools do."""

    def __init__(
        self,
        context: Context,
        toolbox: Toolbox,
        *,
        model: str,
        settings: dict[str, Any],
        approval: _Approval,
        at_once: int,
        memory: int,
    ) -> None:
        self.toolbox = toolbox
        self._context, self._model, self._settings = context, model, settings
        self._approval, self._at_once, self._memory = approval, at_once, memory
        self._room = asyncio.Semaphore(at_once)
        self.task: Message | None = None

    async def asked(
        self, step: str, said: Sequence[Message], *, may_call: bool
    ) -> ChatAnswer:
        """What the model says next; what it said, when this firing begins again."""

        async def say() -> Any:
            tools = self.toolbox.offered()
            messages = list(said)
            if not may_call and tools:
                self._context.log("It has called tools as often as it may.")
                wish = "You can call no more tools. Answer with what you know now."
                messages.append(says("user", wish))
            answer = await ask(
                self._context,
                self._model,
                messages,
                tools=tools,
                tool_choice="auto" if may_call or not tools else "none",
                is_parallel=self._at_once > 1,
                **self._settings,
            )
            return msgspec.to_builtins(answer)

        kept = await self._context.once(f"say {step}", say)
        return msgspec.convert(kept, ChatAnswer)

    async def formed(self, said: Sequence[Message], form: dict[str, Any]) -> Any:
        """The answer that it came to, in the form that is wanted."""

        async def say() -> Any:
            wish = says("user", "Give your answer in the form that is asked for.")
            messages = [*said, wish]
            answer = await ask(
                self._context, self._model, messages, schema=form, **self._settings
            )
            return answer.value

        return await self._context.once("say form", say)

    async def shortened(self, step: str, said: list[Message]) -> list[Message]:
        """The conversation, its beginning summarised where it has grown too long.

        Instructions and the task stay as they were given.
        """
        system = [message for message in said if message.role == "system"]
        rest = [message for message in said if message.role != "system"]

        async def make() -> Any:
            kept = await shortened(rest, self._memory, self._model, self._context)
            if len(kept) == len(rest):
                return None
            task = [] if self.task is None or self.task in kept else [self.task]
            return plain_messages([*task, *kept])

        kept = await self._context.once(step, make)
        return said if kept is None else [*system, *read_messages(kept)]

    async def is_allowed(self, call: ToolCall) -> bool:
        """Whether it may be called; asks somebody where that is wanted."""
        wanted = {
            "what changes something": self.toolbox.changes(call),
            "everything": True,
            "nothing": False,
        }
        if not wanted[self._approval]:
            return True
        said = await self._context.ask(
            f"Shall the agent use {self.toolbox.title(call)!r}?",
            choices=(APPROVE, REJECT),
            about={"tool": call.tool, "arguments": dict(call.arguments)},
        )
        return bool(said == APPROVE)

    async def carried_out(
        self, number: int, calls: Sequence[ToolCall]
    ) -> list[tuple[ToolResult, list[Any]]]:
        """What the calls of a round gave, in their order."""
        # All are asked about before any is made: when the firing begins again with an
        # answer, the calls are then made in the same order.
        allowed = [await self.is_allowed(call) for call in calls]
        self._context.log(
            f"Round {number + 1}: " + ", ".join(call.tool for call in calls)
        )

        is_parked = asyncio.Event()

        async def one(place: int, call: ToolCall, is_allowed: bool) -> Any:  # noqa: FBT001 - a pair
            if not is_allowed:
                return failed(call, "A person looked at this call and rejected it."), []
            async with self._room:
                if is_parked.is_set():  # with another tool; this call is made then
                    raise asyncio.CancelledError
                try:
                    return await self.toolbox.call(call, f"{number + 1}-{place}")
                except BaseException:
                    is_parked.set()
                    raise

        pairs = enumerate(zip(calls, allowed, strict=True), start=1)
        at_work = [asyncio.ensure_future(one(place, *pair)) for place, pair in pairs]
        try:
            return list(await asyncio.gather(*at_work))
        finally:
            for call in at_work:
                call.cancel()
            await asyncio.gather(*at_work, return_exceptions=True)


def _record(call: ToolCall, outcome: ToolResult) -> dict[str, Any]:
    what = "error" if outcome.is_error else "result"
    return {
        "tool": call.tool,
        "arguments": dict(call.arguments),
        what: outcome.content,
    }


def _answered(said: Sequence[Message], result: Any) -> list[Message]:
    """What the last calls gave, as a message; nothing when none were made."""
    calls = list(pending(said))
    if not calls:
        return []
    first, *rest = calls
    results = [ToolResult(first.id, first.tool, result)]
    results += [failed(call, "Nothing is known of this call.") for call in rest]
    return [Message("tool", tuple(results))]
