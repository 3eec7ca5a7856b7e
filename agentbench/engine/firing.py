"""One firing: what its block is handed, and the checks on what goes in and comes out."""

import contextlib
import copy
from collections.abc import AsyncGenerator, Callable, Mapping
from pathlib import Path
from typing import Any

from agentbench.domain.block import ERROR, Block, Emission
from agentbench.domain.errors import RunError, UnknownPort
from agentbench.domain.event import Progressed
from agentbench.domain.node import Node
from agentbench.domain.outbound import Outbound
from agentbench.domain.port import MISSING, Port
from agentbench.domain.value import InlineValue, ValueRef
from agentbench.engine.loop import EngineLoop


class EmittedError(RunError):
    """A block said on its `error` output what went wrong."""


class FiringContext:
    """The `Context` of one firing; every method may be called from any thread."""

    def __init__(
        self,
        *,
        run_id: str,
        node: str,
        firing: int,
        outbound: Outbound,
        folders: tuple[Path, ...],
        loop: EngineLoop,
        on_log: Callable[[str, int, str], None],
        on_progress: Callable[[Progressed], None],
    ) -> None:
        self.run_id, self.node, self.firing = run_id, node, firing
        self.outbound = outbound
        self._folders, self._loop = folders, loop
        self._on_log, self._on_progress = on_log, on_progress

    def progress(self, done: float, total: float = 1.0, text: str = "") -> None:
        """Shows how far the firing is."""
        event = Progressed(
            node=self.node, firing=self.firing, done=done, total=total, text=plain(text)
        )
        self._loop.call_soon(self._on_progress, event)

    def log(self, text: str) -> None:
        """Keeps a line with the firing."""
        self._loop.call_soon(self._on_log, self.node, self.firing, plain(str(text)))

    def find_file(self, path: str) -> Path:
        """The existing file that `path` names."""
        wanted = Path(path).expanduser()
        places = [folder / wanted for folder in self._folders]
        for place in places:
            if place.is_file():
                return place
        looked = ", ".join(str(place) for place in dict.fromkeys(places))
        message = f"There is no file {path!r}. Looked for {looked}."
        raise FileNotFoundError(message)

    async def in_thread(self, function: Callable[..., Any], *args: Any) -> Any:
        """Calls a blocking function in one of the engine's worker threads."""
        return await self._loop.in_thread(function, *args)


def gathered(
    node: Node, ports: tuple[Port, ...], linked: Mapping[str, Any]
) -> dict[str, Any]:
    """A checked value for every input port: linked, constant or default.

    Raises:
        PortValueError: a value is of the wrong type.
        RunError: a required input has none.
    """
    values: dict[str, Any] = {}
    for port in ports:
        if port.name in linked:
            values[port.name] = port.check(linked[port.name], "input")
        elif port.name in node.constants:
            values[port.name] = port.check(own(node.constants[port.name]), "input")
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


def own_if_plain(value: Any, ref: ValueRef) -> Any:
    """A small plain value is each consumer's own; larger and live ones are shared."""
    return own(value) if isinstance(ref, InlineValue) else value


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
    block: Block, node: Node, inputs: Mapping[str, Any], context: FiringContext
) -> AsyncGenerator[Emission, None]:
    """Runs the block and yields its values, checked; raises whatever the block raises."""
    outputs = {port.name: port for port in block.outputs(node.constants)}
    stream = block.run(inputs, context)
    async with contextlib.aclosing(stream):  # type: ignore[type-var]
        async for port, value in stream:
            yield Emission(port, _checked(outputs, node.id, port, value))


def _checked(outputs: Mapping[str, Port], node: str, name: str, value: Any) -> Any:
    if name in outputs:
        return outputs[name].check(value, "output")
    if name == ERROR.name:
        raise EmittedError(plain(str(value)))
    raise UnknownPort(node, name, "output", list(outputs))
