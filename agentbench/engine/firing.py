"""One firing: what its block is handed, and the checks on what goes in and comes out."""

import asyncio
import contextlib
import copy
import dataclasses
import functools
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from agentbench.domain.block import ERROR, Emission
from agentbench.domain.credential import Credential
from agentbench.domain.drawing import slug
from agentbench.domain.errors import NobodyAnswered, RunError, UnknownPort
from agentbench.domain.event import (
    LineLogged,
    Progressed,
    StepKept,
    UsageRecorded,
    ValueEmitted,
)
from agentbench.domain.memory import Memory
from agentbench.domain.model import Models
from agentbench.domain.port import MISSING
from agentbench.domain.rate import Rate, Rates
from agentbench.domain.replay import LIVE_CALLS, Calls
from agentbench.domain.terms import UNANSWERED, new_terms
from agentbench.domain.tool import LinkedTool, ToolOutcome
from agentbench.domain.value import InlineValue, ValueRef
from agentbench.domain.worker import Workers
from agentbench.engine.account import AccountedModels
from agentbench.engine.gear import Call, Gear
from agentbench.engine.parked import Parked
from agentbench.engine.site import Site
from agentbench.engine.surroundings import Surroundings
from agentbench.engine.tools import ToBring
from agentbench.engine.values import inlined

LINE_CHARACTERS = 2000
"""So much is kept of a line that a block logs."""
MOMENT = 2.0
"""Seconds that a firing may sleep in place; for longer it is parked."""


class EmittedError(RunError):
    """A block said on its `error` output what went wrong."""


class FiringContext:
    """The `Context` of one firing; what is no coroutine may be called from any thread."""

    # On the class until it is so: most firings ask nothing, of models or of anybody.
    calls: Calls = LIVE_CALLS
    _models: Models | None = None
    _sent: dict[str, list[int]] | None = None
    _sending: asyncio.Lock | None = None

    def __init__(
        self,
        run: Surroundings,
        node: str,
        firing: int,
        answers: Sequence[tuple[str, ValueRef]] = (),
    ) -> None:
        """`answers` are those that the firing has got so far, by the part that asked."""
        self.run_id, self.node, self.firing = run.run_id, node, firing
        self.outbound = run.gear.outbound
        if run.gear.recorder is not None:
            self.calls = run.gear.recorder.calls(run.run_id, node, firing)
            self.outbound = run.gear.recorder.door(self.calls, run.gear.outbound)
        self._run, self._answers = run, answers
        self._asked: dict[str, int] = {}

    @property
    def _gear(self) -> Gear:
        return self._run.gear

    @property
    def models(self) -> Models:
        """The language models, accounted for."""
        if self._models is None:  # most firings ask none
            recorder, models = self._gear.recorder, self._gear.models
            if recorder is not None:
                models = recorder.models(self.calls, models)
            self._models = AccountedModels(models, self)
        return self._models

    @property
    def memory(self) -> Memory:
        """What the agent keeps from run to run."""
        return self._run.memory

    @property
    def workspace(self) -> Path:
        """The folder that its files are in."""
        return self._gear.workspace or Path.cwd()

    @property
    def folders(self) -> tuple[Path, ...]:
        """The folders that files may be read from."""
        # Above the agent's file too, but not in what holds more than a project: an agent
        # in the downloads of its user does not read all that is theirs.
        home = Path.home()
        beside = self._run.folders[1:]
        near = (
            it
            for at, it in enumerate(beside)
            if not at or not (home.is_relative_to(it) or len(it.parts) < 3)
        )
        return tuple(dict.fromkeys((self.workspace, *near, *self._gear.readable)))

    @property
    def workers(self) -> Workers:
        """The processes in which blocks run that must not run here."""
        return self._gear.workers

    def refuse_off(self, block: str) -> None:
        """Refuses a block that is to do the work of another and is switched off here."""
        self._gear.refuse_off(block)

    def progress(self, done: float, total: float = 1.0, text: str = "") -> None:
        """Shows how far the firing is."""
        shown = self._gear.redaction.text(plain(text))
        event = Progressed(
            node=self.node, firing=self.firing, done=done, total=total, text=shown
        )
        self._gear.loop.call_soon(self._run.progress, event)

    def log(self, text: str) -> None:
        """Keeps a line with the firing."""
        line = self._gear.redaction.text(plain(str(text)))[:LINE_CHARACTERS]
        self._record(LineLogged, text=line)

    def use(
        self, *, tokens: int = 0, cost: float = 0.0, model: str = "", seconds: float = 0
    ) -> None:
        """Counts what the firing used up towards the run's budgets."""
        facts = {"tokens": tokens, "cost": cost, "model": model, "seconds": seconds}
        self._record(UsageRecorded, **facts)

    async def once(self, step: str, make: Callable[[], Awaitable[Any]]) -> Any:
        """What a step gives, or gave before this firing began again."""
        steps = self._run.book.trail.past(self.node, self.firing).steps
        kept = steps.get(step) if steps else None
        if kept is not None:
            return await self._gear.keeper.fetch(kept)
        value = await make()
        ref = inlined(value) or await self._gear.keeper.keep(value)
        # At once, and so before whatever the step leads to: this is the engine's loop.
        facts = {"node": self.node, "firing": self.firing, "step": step, "value": ref}
        self._run.record(StepKept, **facts)
        return value

    def tools(self) -> Sequence[LinkedTool]:
        """The nodes that this node's output `tools` is linked to."""
        return self._run.book.calls.offered(self.node)

    async def call_tool(
        self, tool: str, arguments: Mapping[str, Any], *, wait: bool = True
    ) -> ToolOutcome:
        """Has a tool fire, and gives how that ended."""
        calls, trail = self._run.book.calls, self._run.book.trail
        if self._sent is None or self._sending is None:  # by an earlier attempt
            self._sent, self._sending = {}, asyncio.Lock()
            for port, seq in trail.past(self.node, self.firing).sent:
                self._sent.setdefault(port, []).append(seq)
        values = calls.checked(self.node, tool, arguments, is_call=wait)
        async with self._sending:  # in the order of the calls, however large they are
            seqs = [await self._send(to, await self._read(it)) for to, it in values]
        if not wait:
            return ToolOutcome(firing=0, outputs={})
        ended = await calls.wait((self.node, self.firing), seqs[0])
        return await calls.outcome(ended, self._run.value)

    async def _read(self, value: Any) -> Any:
        if not isinstance(value, ToBring):
            return value
        read, loop = self._gear.bringing.read, self._gear.loop
        return await loop.in_thread(read, value.port, value.named)

    async def _send(self, port: str, value: Any) -> int:
        """The number of a value that goes to a tool; of the one that went, if it did."""
        if self._sent and (before := self._sent.get(port)):
            return before.pop(0)
        value = self._gear.redaction.value(value)
        ref = inlined(value) or await self._gear.keeper.keep(value)
        facts = {"node": self.node, "firing": self.firing, "port": port, "value": ref}
        event = self._run.record(ValueEmitted, **facts)
        if event is None:
            raise RunError("The run is over.")
        if type(ref) is not InlineValue:
            self._run.book.trail.remember(event.seq, value)
        return int(event.seq)

    async def ask(
        self,
        question: str,
        *,
        choices: Sequence[str] = (),
        about: Any = None,
        **terms: Any,
    ) -> Any:
        """What somebody answered; parks the firing until somebody has."""
        ref = self._next_answer("")
        if ref is None:
            said = new_terms(**terms)
            raise Parked(question, choices=tuple(choices), about=about, terms=said)
        answer = await self._gear.keeper.fetch(ref)
        if answer == UNANSWERED:
            raise NobodyAnswered(question)
        return answer

    async def sleep(self, seconds: float) -> None:
        """Lets time pass; longer than a moment, without holding anything."""
        if seconds <= MOMENT:
            await asyncio.sleep(seconds)
        elif self._next_answer("") is None:
            raise Parked("", until=time.time() + seconds)

    async def take(
        self, key: str, rate: Rate, *, units: int = 1, timeout: float | None = None
    ) -> float:
        """Waits its turn under a rate that all kernels share."""
        rates: Rates = await self._gear.loop.in_thread(self._gear.rates)
        return await rates.take(f"key:{key}", rate, units=units, timeout=timeout)

    async def run_agent(
        self,
        agent: str,
        inputs: Mapping[str, Any],
        *,
        version: int | None = None,
        part: str = "",
    ) -> dict[str, list[Any]]:
        """Runs an agent as part of this run, and gives its outputs."""
        call = Call(
            node=self.node,
            firing=self.firing,
            part=part or slug(agent),
            agent=agent,
            version=version,
            inputs=inputs,
        )
        reply = await self._run.call(call)
        asked_before = self._asked.get(call.part, 0)  # by an earlier attempt
        self._asked[call.part] = asked_before + reply.answered
        while (asked := reply.question) is not None:
            ref = self._next_answer(call.part)
            if ref is None:
                about = asked.about and await self._gear.keeper.fetch(asked.about)
                raise Parked(
                    asked.question,
                    choices=asked.choices,
                    about=about,
                    part=call.part,
                    terms=asked.terms,
                )
            reply = await self._run.call(dataclasses.replace(call, answer=ref))
        return reply.outputs

    def find_file(self, path: str) -> Path:
        """The existing file that `path` names."""
        wanted = Path(path).expanduser()
        places = [folder / wanted for folder in self._run.folders]
        for place in places:
            if place.is_file():
                return place
        looked = ", ".join(str(place) for place in dict.fromkeys(places))
        message = f"There is no file {path!r}. Looked for {looked}."
        raise FileNotFoundError(message)

    async def credential(self, name: str) -> Credential:
        """The credential of that name, secret included."""
        get = self._gear.credentials.get
        found: Credential = await self._gear.loop.in_thread(get, name)
        return found

    async def in_thread(self, function: Callable[..., Any], *args: Any) -> Any:
        """Calls a blocking function in one of the engine's worker threads."""
        return await self._gear.loop.in_block_thread(self.node, function, *args)

    def _next_answer(self, part: str) -> ValueRef | None:
        """The answer to the next question of a part, if there is one yet."""
        answers = [ref for asked_by, ref in self._answers if asked_by == part]
        number = self._asked[part] = self._asked.get(part, 0) + 1
        return answers[number - 1] if number <= len(answers) else None

    def _record(self, make: Any, **facts: Any) -> None:
        self._gear.loop.call_soon(
            functools.partial(
                self._run.record, make, node=self.node, firing=self.firing, **facts
            )
        )


def gathered(site: Site, linked: Mapping[str, Any]) -> dict[str, Any]:
    """A checked value for every input port: linked, constant or default.

    Raises:
        PortValueError: a value is of the wrong type.
        RunError: a required input has none.
    """
    values: dict[str, Any] = {}
    constants = site.node.constants
    for port in site.inputs:
        if port.name in linked:
            values[port.name] = port.check(linked[port.name], "input")
        elif port.name in constants:
            values[port.name] = port.check(own(constants[port.name]), "input")
        elif port.default is not MISSING:
            values[port.name] = own(port.default)
        else:
            message = f"The input {port.name!r} needs a link or a constant."
            raise RunError(message)
    return values


def own(value: Any) -> Any:
    """A list or dictionary of one's own: what one firing changes, no other sees.

    Live objects inside stay the objects they are where they cannot be copied.
    """
    if type(value) not in (list, dict, set):
        return value
    try:
        return copy.deepcopy(value)
    except Exception:  # noqa: BLE001 - whatever an object's own copying raises
        return copy.copy(value)


def said(error: BaseException) -> str:
    """What an error says, as text that can be kept."""
    try:
        text = str(error)
    except Exception:  # noqa: BLE001 - a message may fail as well
        text = ""
    return plain(text or type(error).__name__)


def plain(text: str) -> str:
    """Text without what no encoding takes, such as half of a surrogate pair."""
    return text.encode("utf-8", "backslashreplace").decode()


async def emissions(
    site: Site, inputs: Mapping[str, Any], context: FiringContext
) -> AsyncGenerator[Emission, None]:
    """Runs the block and yields its values; raises whatever the block raises."""
    runs = context.workers.run if site.is_isolated else None
    stream = (
        runs(site.block, inputs, context) if runs else site.block.run(inputs, context)
    )
    async with contextlib.aclosing(stream):  # type: ignore[type-var]
        async for emission in stream:
            yield emission


def checked(site: Site, name: str, value: Any) -> Any:
    """A value that leaves by an output, as that output's type.

    Raises:
        PortValueError: it is of another type.
        UnknownPort: the block has no such output.
        EmittedError: it left by `error`.
    """
    port = site.outputs.get(name)
    if port is not None:
        return port.check(value, "output")
    if name == ERROR.name:
        raise EmittedError(plain(str(value)))
    raise UnknownPort(site.node.id, name, "output", list(site.outputs))
