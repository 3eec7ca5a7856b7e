"""Shaped: the type of a port whose values a JSON schema describes, and that it checks."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, get_args, get_origin

import pydantic
import pydantic_core
from pydantic_core import core_schema

from agentbench.domain.document import is_json
from agentbench.domain.errors import PortValueError
from agentbench.domain.fault import Fault, Step, faults_of
from agentbench.domain.port import Port
from agentbench.domain.sealed import sealed

_TYPES: Mapping[str, Any] = {
    "array": list[Any],
    "boolean": bool,
    "integer": int,
    "number": float,
    "object": dict[str, Any],
    "string": str,
}


@dataclass(frozen=True)
class Shaped:
    """Marks a type by the JSON schema of its values, as text: the schema decides alone."""

    text: str

    @property
    def schema(self) -> dict[str, Any]:
        """The schema."""
        given: dict[str, Any] = json.loads(self.text)
        return given

    def _check(self, value: Any) -> Any:
        found = faults_of(value, self.schema)
        if not found:
            return value
        said = str(found[0])
        raise pydantic_core.PydanticCustomError("shape", "{said}", {"said": said})

    def __get_pydantic_core_schema__(
        self, source: Any, handler: pydantic.GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        return core_schema.no_info_plain_validator_function(self._check)

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: pydantic.GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return sealed(self.schema)


def shaped(schema: Mapping[str, Any]) -> Any:
    """The type of the values that fit a JSON schema; what it links with follows its `type`."""
    plain = _TYPES.get(str(schema.get("type")), Any)
    return Annotated[plain, Shaped(json.dumps(schema, ensure_ascii=False))]


def faults_of_port(port: Port, value: Any) -> list[Fault]:
    """Everything that is wrong with a value for a port."""
    for mark in _marks(port.annotation):
        if isinstance(mark, Shaped):
            return faults_of(value, mark.schema)
    try:
        port.check(value, "input")
    except PortValueError as error:
        # The type says whether, its schema says better where: of members of a union it
        # tells those of the nearest only.
        found = faults_of(value, port.schema()) if is_json(value) else []
        return found or _faults(value, error)
    return []


def _marks(annotation: Any) -> tuple[Any, ...]:
    """The marks of a type, also where nothing may stand in its place."""
    if get_origin(annotation) is Annotated:
        return (*get_args(annotation)[1:], *_marks(get_args(annotation)[0]))
    members = [arg for arg in get_args(annotation) if arg is not type(None)]
    is_optional = len(members) < len(get_args(annotation)) and len(members) == 1
    return _marks(members[0]) if is_optional else ()


def _faults(value: Any, error: PortValueError) -> list[Fault]:
    cause = error.__cause__
    if not isinstance(cause, pydantic.ValidationError):
        return [Fault(path=(), text=str(error))]
    details = cause.errors(include_url=False, include_input=False)
    return list({_fault(value, detail): None for detail in details})


def _fault(value: Any, detail: Any) -> Fault:
    """A pydantic error: the steps that lead into the value, without names of types."""
    path: list[Step] = []
    here = value
    is_missing = detail["type"] == "missing"
    for at, step in enumerate(detail["loc"]):
        is_last = at == len(detail["loc"]) - 1
        if (isinstance(here, Mapping) and step in here) or (
            isinstance(here, (list, tuple)) and step in range(len(here))
        ):
            here = here[step]
        elif not (is_missing and is_last and isinstance(here, Mapping)):
            continue  # the name of a member of a union, or of a check
        path.append(step)
    said = str(detail["msg"]).replace("Input should be", "It should be")
    text = "This is needed." if is_missing else said + "." * (said[-1:] != ".")
    return Fault(path=tuple(path), text=text, is_missing=is_missing)
