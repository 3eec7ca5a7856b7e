"""YAML, TOML and JSON: read within bounds, written readably, checked by a schema."""

import json
import tomllib
from typing import Annotated, Any

import pydantic

from agentbench.blocks.base import about, block, example, library
from agentbench.domain.example import plain
from agentbench.domain.port import LongText

MOST_TEXT = 10_000_000
DEEPEST = 200
MOST_NODES = 500_000


@block(
    id="formats.parse_yaml",
    title="Read YAML",
    keywords=("yaml", "yml", "parse", "front matter", "config", "decode"),
    examples=[
        example({"text": "a: 1\nb: [x, y]"}, result={"a": 1, "b": ["x", "y"]}),
        example({"text": "d: 2024-01-31"}, result={"d": "2024-01-31"}),
    ],
)
def parse_yaml(
    text: Annotated[LongText, about("YAML of one document.")],
) -> Annotated[Any, about("The dictionary, list or value.")]:
    """Reads YAML. Tags make no objects, and aliases are written out up to a limit."""
    yaml = library("yaml", "formats.parse_yaml", package="pyyaml", extra="office")
    _check_length(text)
    try:
        found = yaml.load(text, Loader=_loader(yaml))
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        reason = " ".join(str(error).split())[:300]
        raise ValueError(f"'text' is no YAML that is read: {reason}.") from None
    return _written_out(found)


def _loader(yaml: Any) -> Any:
    """A loader of plain values that counts, and reads dates as text."""

    class Plain(yaml.SafeLoader):  # type: ignore[misc]
        count = depth = 0

        def compose_node(self, parent: Any, index: Any) -> Any:
            self.count += 1
            self.depth += 1
            if self.count > MOST_NODES or self.depth > DEEPEST:
                raise ValueError(
                    f"it has more than {MOST_NODES} values, or is deeper than {DEEPEST}"
                )
            try:
                return super().compose_node(parent, index)
            finally:
                self.depth -= 1

    Plain.yaml_implicit_resolvers = {
        first: [pair for pair in pairs if pair[0] != "tag:yaml.org,2002:timestamp"]
        for first, pairs in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }
    return Plain


def _written_out(value: Any) -> Any:
    """The value without shared parts, which a text of nothing but aliases makes huge."""
    left = [MOST_NODES]

    def copied(one: Any, depth: int) -> Any:
        left[0] -= 1
        if left[0] < 0 or depth > DEEPEST:
            raise ValueError(
                f"'text' grows to more than {MOST_NODES} values, or deeper than {DEEPEST}."
            )
        if isinstance(one, dict):
            return {str(key): copied(inner, depth + 1) for key, inner in one.items()}
        if isinstance(one, (list, set, tuple)):
            return [copied(inner, depth + 1) for inner in one]
        return one

    return copied(value, 0)


@block(
    id="formats.write_yaml",
    title="Write YAML",
    keywords=("yaml", "yml", "dump", "serialize", "to yaml", "config"),
    examples=[example({"value": {"b": 1, "a": ["x"]}}, result="b: 1\na:\n- x\n")],
)
def write_yaml(
    value: Annotated[Any, about("Plain values.")],
) -> Annotated[str, about("YAML, keys in their own order.")]:
    """Writes a value as YAML."""
    yaml = library("yaml", "formats.write_yaml", package="pyyaml", extra="office")
    return str(yaml.safe_dump(plain(value), sort_keys=False, allow_unicode=True))


@block(
    id="formats.parse_toml",
    title="Read TOML",
    keywords=("toml", "parse", "config", "pyproject", "settings"),
    examples=[example({"text": "[a]\nb = 1"}, result={"a": {"b": 1}})],
)
def parse_toml(
    text: Annotated[LongText, about("TOML.")],
) -> Annotated[dict[str, Any], about("The dictionary; dates are text.")]:
    """Reads TOML, as configuration files have it."""
    _check_length(text)
    try:
        found: dict[str, Any] = plain(tomllib.loads(text))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ValueError(f"'text' is no TOML: {error}.") from error
    return found


@block(
    id="formats.write_json",
    title="Write JSON",
    keywords=("json", "dump", "stringify", "serialize", "encode", "to json", "pretty"),
    examples=[
        example({"value": {"a": [1, None]}}, result='{"a": [1, null]}'),
        example({"value": {"b": 1, "a": 2}, "sorted": True}, result='{"a": 2, "b": 1}'),
    ],
)
def write_json(
    value: Annotated[Any, about("Plain values.")],
    *,
    indent: Annotated[
        int, pydantic.Field(ge=0, le=8), about("Spaces a level; 0 for one line.")
    ] = 0,
    sorted: Annotated[bool, about("Keys in the order of the alphabet.")] = False,  # noqa: A002
) -> Annotated[str, about("JSON.")]:
    """Writes a value as JSON text."""
    try:
        return json.dumps(
            value,
            ensure_ascii=False,
            allow_nan=False,
            indent=indent or None,
            sort_keys=sorted,
        )
    except (TypeError, ValueError, RecursionError) as error:
        raise ValueError(f"'value' cannot be written as JSON: {error}.") from error


@block(
    id="formats.check",
    title="Check by schema",
    keywords=("json schema", "validate", "validation", "required", "structure"),
    outputs={
        "valid": Annotated[Any, about("The value, when it fits.")],
        "invalid": Annotated[Any, about("The value, when it does not.")],
        "problems": Annotated[list[str], about("What does not fit, and where.")],
    },
    examples=[
        example({"value": {"a": 1}, "schema": {"required": ["a"]}}, valid={"a": 1}, problems=[]),
        example(
            {"value": {"a": "x"}, "schema": {"properties": {"a": {"type": "integer"}}}},
            invalid={"a": "x"},
            problems=["a: 'x' is not of type 'integer'"],
        ),
    ],
)  # fmt: skip
def check(
    value: Annotated[Any, about("What is checked.")],
    schema: Annotated[
        dict[str, Any], about("A JSON schema; what it refers to must be in it.")
    ],
) -> dict[str, Any]:
    """Says whether a value has the form that a JSON schema describes."""
    import jsonschema
    import referencing

    kind = jsonschema.validators.validator_for(
        schema, default=jsonschema.Draft202012Validator
    )
    try:
        kind.check_schema(schema)
        # An own, empty registry: a schema that refers elsewhere reaches nothing.
        checker = kind(schema, registry=referencing.Registry())
        errors = sorted(
            checker.iter_errors(value), key=lambda one: list(map(str, one.path))
        )
    except jsonschema.SchemaError as error:
        raise ValueError(f"'schema' is no JSON schema: {error.message}.") from error
    except (referencing.exceptions.Unresolvable, RecursionError) as error:
        raise ValueError(f"'schema' refers to what is not in it: {error}.") from None
    problems = [
        f"{'.'.join(map(str, error.path)) or 'value'}: {error.message[:300]}"
        for error in errors[:100]
    ]
    return {"invalid" if problems else "valid": value, "problems": problems}


def _check_length(text: str) -> None:
    if len(text) > MOST_TEXT:
        raise ValueError(f"'text' has more than {MOST_TEXT} letters.")
