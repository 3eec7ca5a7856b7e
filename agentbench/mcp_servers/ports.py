"""JSON schemas as ports: what a tool takes and gives, typed as blocks have it."""

import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Union

import pydantic
from pydantic_core import core_schema

from agentbench.domain.port import MISSING, Port
from agentbench.domain.terms import why_not_fitting
from agentbench.mcp_servers.tool import Tool

MOST_PARTS = 5_000
"""So many parts of a schema are put in place of references; what is left takes anything."""

ARGUMENTS = "arguments"
"""The port of a tool whose schema names no properties."""

_SAID = ("type", "title", "description")
"""What is still said of a part that is cut off."""

_TYPES: Mapping[str, Any] = {
    "string": str,
    "integer": int,
    "number": float,
    "boolean": bool,
    "null": None,
}


@dataclass(frozen=True)
class Described:
    """Gives a port's type the JSON schema it came from, so that forms show all of it."""

    text: str

    def __get_pydantic_core_schema__(
        self, source: Any, handler: pydantic.GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        return handler(source)

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: pydantic.GetJsonSchemaHandler
    ) -> dict[str, Any]:
        given: dict[str, Any] = json.loads(self.text)
        return given


def inputs_of(tool: Tool) -> tuple[Port, ...]:
    """An input for each property that the tool takes, the required ones first."""
    schema = _inlined(tool.input_schema, tool.input_schema)
    properties = schema.get("properties")
    if not isinstance(properties, Mapping) or not properties:
        if schema.get("additionalProperties") in (False, None):
            return ()
        said = "What the tool is given; it does not say what it takes."
        return (Port(name=ARGUMENTS, annotation=dict[str, Any], default={}, help=said),)
    required = schema.get("required") or []
    ports = [
        _port(name, given, is_required=name in required)
        for name, given in properties.items()
    ]
    return tuple(sorted(ports, key=lambda port: not port.is_required))


def outputs_of(tool: Tool) -> tuple[Port, ...]:
    """`result`, typed where the tool says what it gives; then also `content`."""
    if tool.output_schema is None:
        return (Port(name="result", help="What the tool gave."),)
    schema = _inlined(tool.output_schema, tool.output_schema)
    if is_wrapped(schema):
        schema = schema["properties"]["result"]
    described = _described(schema)
    return (
        Port(name="result", annotation=described, help="What the tool gave, as data."),
        Port(
            name="content",
            annotation=list[Any],
            help="All that it sent beside that: texts, pictures, sounds, resources.",
            advanced=True,
        ),
    )


def arguments_of(tool: Tool, inputs: Mapping[str, Any]) -> dict[str, Any]:
    """What the tool is sent for a firing's inputs: optional ones that are none stay out.

    Raises:
        ValueError: it is not what the tool's schema takes; the message says where.
    """
    ports = inputs_of(tool)
    if [port.name for port in ports] == [ARGUMENTS] and ARGUMENTS not in (
        tool.input_schema.get("properties") or ()
    ):
        arguments = dict(inputs[ARGUMENTS])
    else:
        arguments = {
            port.name: inputs[port.name]
            for port in ports
            if port.name in inputs
            and (inputs[port.name] is not None or port.is_required)
        }
    if reason := why_not_fitting(arguments, tool.input_schema):
        raise ValueError(f"The tool {tool.name!r} does not take that: {reason}")
    return arguments


def is_wrapped(schema: Mapping[str, Any]) -> bool:
    """Whether a plain value was put in an object only because it had to be one."""
    return list(schema.get("properties") or ()) == ["result"]


def _port(name: str, schema: Any, *, is_required: bool) -> Port:
    given = schema if isinstance(schema, Mapping) else {}
    annotation = _described(given)
    default = given.get("default", MISSING if is_required else None)
    if not is_required and default is None:
        annotation = annotation | None if annotation is not Any else Any
    return Port(
        name=name,
        annotation=annotation,
        title=str(given.get("title") or ""),
        help=str(given.get("description") or ""),
        default=default,
    )


def _described(schema: Any) -> Any:
    """The type of a schema's values, which shows as that schema."""
    plain = _type(schema)
    if plain is Any or not isinstance(schema, Mapping):
        return Any
    return Annotated[plain, Described(json.dumps(schema))]


def _type(schema: Any) -> Any:
    """The Python type of what a schema takes: as much of it as ports compare."""
    if not isinstance(schema, Mapping):
        return Any
    if isinstance(choices := schema.get("enum"), list) and choices:
        is_plain = all(isinstance(one, (str, int, bool)) for one in choices)
        return Literal[tuple(choices)] if is_plain else Any
    for word in ("anyOf", "oneOf"):
        if isinstance(schema.get(word), list):
            return _union([_type(one) for one in schema[word]])
    kind = schema.get("type")
    if isinstance(kind, list):
        return _union([_type({**schema, "type": one}) for one in kind])
    if kind == "array":
        return list[_type(schema.get("items"))]  # type: ignore[misc]
    if kind == "object" or "properties" in schema:
        return dict[str, Any]
    return _TYPES.get(str(kind), Any) if kind else Any


def _union(types: list[Any]) -> Any:
    if not types or Any in types:
        return Any
    return functools.reduce(lambda left, right: Union[left, right], types)  # noqa: UP007


def _inlined(schema: Any, root: Mapping[str, Any]) -> Any:
    """A schema with what it refers to in its own definitions put in place.

    What refers to itself is cut off there, and what is put in place is counted: a
    small schema can stand for one without end.
    """
    return _put(schema, root, (), [MOST_PARTS])


def _put(
    schema: Any, root: Mapping[str, Any], within: tuple[str, ...], left: list[int]
) -> Any:
    left[0] -= 1
    if isinstance(schema, list):
        return [_put(one, root, within, left) for one in schema]
    if not isinstance(schema, Mapping):
        return schema
    place = schema.get("$ref")
    if isinstance(place, str) and place.startswith("#/"):
        found: Any = root
        for part in place[2:].split("/"):
            found = found.get(part, {}) if isinstance(found, Mapping) else {}
        rest = {key: value for key, value in schema.items() if key != "$ref"}
        whole = {**(found if isinstance(found, Mapping) else {}), **rest}
        if place in within or left[0] < 0:
            return {key: whole[key] for key in _SAID if key in whole}
        return _put(whole, root, (*within, place), left)
    return {
        key: _put(value, root, within, left)
        for key, value in schema.items()
        if key not in ("$defs", "definitions")
    }
