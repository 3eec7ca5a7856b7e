"""A typed function as a block: its parameters are inputs, what it returns are outputs."""

import functools
import inspect
import re
import textwrap
import typing
from collections.abc import (
    AsyncGenerator,
    AsyncIterable,
    AsyncIterator,
    Callable,
    Generator,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
)
from typing import Annotated, Any, get_args, get_origin

import pydantic.fields
from pydantic_core import PydanticUndefined

from agentbench.domain.block import Block, Effects, Emission
from agentbench.domain.context import Context
from agentbench.domain.errors import BlockDefinitionError
from agentbench.domain.example import Example
from agentbench.domain.limits import Limits
from agentbench.domain.option import Isolation
from agentbench.domain.port import MISSING, Port
from agentbench.domain.version import code_version

RESULT = "result"
"""The name of the output of a function that names none."""

Constants = Mapping[str, Any]
PortsOf = Callable[[Constants], Iterable[Port]]

_STREAMS = (
    AsyncGenerator,
    AsyncIterable,
    AsyncIterator,
    Generator,
    Iterator,
)
_ID = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*")


class FunctionBlock(Block):
    """A block made of a typed function.

    An `async def` runs on the engine's loop and must not block it; a plain `def`
    runs in a thread; with `isolation="process"` either runs in a process of its own.
    `yield` makes a stream. With one output the function
    returns (or yields) its value; with several it returns a dictionary of them, or
    yields `(output, value)` pairs.
    """

    def __init__(
        self,
        function: Callable[..., Any],
        *,
        id: str,
        title: str = "",
        keywords: Iterable[str] = (),
        effects: Effects = "pure",
        cost: str = "",
        examples: Iterable[Example] = (),
        outputs: Mapping[str, Any] | None = None,
        sticky: bool = False,
        isolation: Isolation = "thread",
        limits: Limits | None = None,
        more_inputs: PortsOf | None = None,
        more_outputs: PortsOf | None = None,
    ) -> None:
        if not _ID.fullmatch(id):
            reason = f"the id {id!r} is not of the form family.name in small letters."
            raise BlockDefinitionError(_name_of(function), reason)
        self.id = id
        self.function = function
        self.title = title or _readable(id.rpartition(".")[2])
        self.help = inspect.cleandoc(function.__doc__ or "")
        self.keywords = tuple(keywords)
        self.effects, self.cost = effects, cost
        self.examples = tuple(examples)
        self.is_sticky = sticky
        self.isolation = isolation
        self.limits = limits or Limits()
        self._kind = _kind_of(function)
        self.gives_at_once = not self._kind.endswith("stream")
        self._context, self._inputs = _input_ports(function)
        self._is_several, self._outputs = _output_ports(function, outputs)
        self._more_inputs, self._more_outputs = more_inputs, more_outputs
        is_own = type(self).inputs is FunctionBlock.inputs
        self.is_fixed = is_own and type(self).trouble is Block.trouble

    def inputs(self, constants: Constants) -> tuple[Port, ...]:
        """The function's parameters, and what `more_inputs` adds to them."""
        return _joined(self._inputs, self._more_inputs, constants)

    def outputs(self, constants: Constants) -> tuple[Port, ...]:
        """What the function returns, changed or extended by `more_outputs`."""
        return _joined(self._outputs, self._more_outputs, constants)

    @functools.cached_property
    def version(self) -> str:
        """A hash over the function's code, and over what of its module it names."""
        return code_version(self.function)

    @property
    def source(self) -> str:
        """The function's code, or an empty string where it cannot be found."""
        try:
            return textwrap.dedent(inspect.getsource(self.function))
        except (OSError, TypeError):
            return ""

    async def run(
        self, inputs: Mapping[str, Any], context: Context
    ) -> AsyncIterator[Emission]:
        """Calls the function and yields what it gives, value by value."""
        if self._kind == "async stream":
            async for item in self.function(**self._values(inputs, context)):
                yield self._one(item)
        elif self._kind == "stream":
            items = self.function(**self._values(inputs, context))
            while (item := await context.in_thread(next, items, _END)) is not _END:
                yield self._one(item)
        else:
            for emission in await self.give(inputs, context):
                yield emission

    async def give(
        self, inputs: Mapping[str, Any], context: Context
    ) -> Sequence[Emission]:
        """Calls the function and gives what it returns."""
        if not self.gives_at_once:
            return await super().give(inputs, context)
        values = self._values(inputs, context)
        if self._kind == "async":
            return self._all(await self.function(**values))
        return self._all(await context.in_thread(lambda: self.function(**values)))

    def _values(self, inputs: Mapping[str, Any], context: Context) -> Mapping[str, Any]:
        return {**inputs, self._context: context} if self._context else inputs

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Calls the function itself: a block is still the function it was made of."""
        return self.function(*args, **kwargs)

    def _one(self, item: Any) -> Emission:
        if not self._is_several:
            return Emission(RESULT, item)
        if isinstance(item, tuple) and len(item) == 2 and isinstance(item[0], str):
            return Emission(*item)
        message = (
            f"{self.id} has several outputs, so it must yield (output, value) pairs;"
            f" it yielded {type(item).__name__}."
        )
        raise TypeError(message)

    def _all(self, given: Any) -> Sequence[Emission]:
        if not self._is_several:
            return [Emission(RESULT, given)] if self._outputs else []
        if isinstance(given, Mapping):
            return [Emission(name, value) for name, value in given.items()]
        message = (
            f"{self.id} has several outputs, so it must return a dictionary of them;"
            f" it returned {type(given).__name__}."
        )
        raise TypeError(message)


_END = object()


def _kind_of(function: Callable[..., Any]) -> str:
    """How a function is called: `async`, `thread`, `async stream` or `stream`."""
    if inspect.isasyncgenfunction(function):
        return "async stream"
    if inspect.isgeneratorfunction(function):
        return "stream"
    return "async" if inspect.iscoroutinefunction(function) else "thread"


def _joined(
    own: tuple[Port, ...], more: PortsOf | None, constants: Constants
) -> tuple[Port, ...]:
    if more is None:
        return own
    ports = {port.name: port for port in own}
    ports.update((port.name, port) for port in more(constants))
    return tuple(ports.values())


def _input_ports(function: Callable[..., Any]) -> tuple[str, tuple[Port, ...]]:
    """The name of the parameter that takes the context, and the input ports."""
    context, ports = "", []
    hints = _hints(function)
    for name, parameter in inspect.signature(function).parameters.items():
        if parameter.kind is parameter.VAR_KEYWORD:
            continue
        if parameter.kind in (parameter.POSITIONAL_ONLY, parameter.VAR_POSITIONAL):
            reason = (
                f"the parameter {name!r} has no name to link to; drop the `*` or `/`."
            )
            raise BlockDefinitionError(_name_of(function), reason)
        annotation = hints.get(name, Any)
        if annotation is Context:
            context = name
            continue
        default = MISSING if parameter.default is parameter.empty else parameter.default
        ports.append(_port(name, annotation, default))
    return context, tuple(ports)


def _port(name: str, annotation: Any, default: Any) -> Port:
    facts = _field_of(annotation)
    if isinstance(default, pydantic.fields.FieldInfo):
        facts = default
        given = default.get_default(call_default_factory=True)
        default = MISSING if given is PydanticUndefined else given
    extra = facts.json_schema_extra if facts else None
    return Port(
        name=name,
        annotation=annotation,
        title=(facts.title or "") if facts else "",
        help=(facts.description or "") if facts else "",
        default=default,
        advanced=bool(extra.get("advanced")) if isinstance(extra, dict) else False,
        is_shown=bool(extra.get("shown")) if isinstance(extra, dict) else False,
    )


def _field_of(annotation: Any) -> pydantic.fields.FieldInfo | None:
    marks = get_args(annotation)[1:] if get_origin(annotation) is Annotated else ()
    fields = [mark for mark in marks if isinstance(mark, pydantic.fields.FieldInfo)]
    return pydantic.fields.FieldInfo.merge_field_infos(*fields) if fields else None


def _output_ports(
    function: Callable[..., Any], named: Mapping[str, Any] | None
) -> tuple[bool, tuple[Port, ...]]:
    """Whether the outputs are named, and the output ports."""
    if named is not None:
        return True, tuple(_port(name, given, MISSING) for name, given in named.items())
    annotation = _hints(function).get("return", Any)
    makes_stream = inspect.isgeneratorfunction(function) or inspect.isasyncgenfunction(
        function
    )
    kind = get_origin(annotation) or annotation
    if kind in _STREAMS or (makes_stream and kind in (Iterable, list)):
        annotation = next(iter(get_args(annotation)), Any)
    if annotation is type(None):
        return False, ()
    if typing.is_typeddict(annotation):
        fields = typing.get_type_hints(annotation, include_extras=True)
        return True, tuple(
            _port(name, given, MISSING) for name, given in fields.items()
        )
    return False, (_port(RESULT, annotation, MISSING),)


def _hints(function: Callable[..., Any]) -> dict[str, Any]:
    try:
        return typing.get_type_hints(function, include_extras=True)
    except (NameError, TypeError) as error:
        reason = f"one of its annotations cannot be read: {error}."
        raise BlockDefinitionError(_name_of(function), reason) from error


def _readable(name: str) -> str:
    words = name.replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def _name_of(function: Callable[..., Any]) -> str:
    return f"{getattr(function, '__name__', 'the function')}()"
