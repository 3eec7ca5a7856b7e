"""Schema: JSON schemas that others wrote, followed without harm."""

import functools
from collections.abc import Iterator, Mapping, Sequence
from typing import Any


def checker(schema: Any) -> Any:
    """A `jsonschema` validator: nothing that the schema names is fetched, and no pattern of it takes long.

    A pattern that cannot be matched in linear time (one that looks ahead, say) is not
    checked.
    """
    import referencing

    return kind_of(schema)(schema, registry=referencing.Registry())


def kind_of(schema: Any) -> Any:
    """The class of its validator, by the draft that the schema names."""
    import jsonschema

    named = jsonschema.validators.validator_for(
        schema, default=jsonschema.Draft202012Validator
    )
    return _harmless(named)


def why_no_schema(schema: Mapping[str, Any]) -> str:
    """Why something is no JSON schema, in words; empty when it is one."""
    import jsonschema

    try:
        kind_of(schema).check_schema(schema)
    except jsonschema.exceptions.SchemaError as error:
        return f"is none: {error.message}."
    return ""


@functools.cache
def _harmless(kind: Any) -> Any:
    import jsonschema

    safe = {
        "pattern": _pattern,
        "patternProperties": _pattern_properties,
        "additionalProperties": functools.partial(
            _additional, kind.VALIDATORS.get("additionalProperties")
        ),
        "unevaluatedProperties": functools.partial(
            _unevaluated, kind.VALIDATORS.get("unevaluatedProperties")
        ),
    }
    known = {word: check for word, check in safe.items() if word in kind.VALIDATORS}
    return jsonschema.validators.extend(kind, known)


def _is_in(pattern: str, text: str) -> bool | None:
    """Whether a pattern is in a text; None where nobody can tell in linear time."""
    import re2

    options = re2.Options()
    options.log_errors = False
    try:
        return re2.search(pattern, text, options=options) is not None
    except (re2.error, TypeError):
        return None


def _pattern(validator: Any, pattern: Any, value: Any, schema: Any) -> Iterator[Any]:
    import jsonschema

    if isinstance(value, str) and _is_in(pattern, value) is False:
        message = f"{value!r} does not match {pattern!r}"
        yield jsonschema.ValidationError(message)


def _pattern_properties(
    validator: Any, patterns: Any, value: Any, schema: Any
) -> Iterator[Any]:
    if isinstance(value, Mapping):
        for pattern, inner in patterns.items():
            for name, item in value.items():
                if _is_in(pattern, name):
                    yield from validator.descend(
                        item, inner, path=name, schema_path=pattern
                    )


def _additional(
    usual: Any, validator: Any, inner: Any, value: Any, schema: Any
) -> Iterator[Any]:
    """The usual check, of what no pattern names; the patterns are matched here."""
    patterns = schema.get("patternProperties")
    if patterns and isinstance(value, Mapping):
        value = {
            name: item
            for name, item in value.items()
            if all(_is_in(pattern, name) is False for pattern in patterns)
        }
        schema = {key: it for key, it in schema.items() if key != "patternProperties"}
    yield from usual(validator, inner, value, schema) or ()


def _unevaluated(
    usual: Any, validator: Any, inner: Any, value: Any, schema: Any
) -> Iterator[Any]:
    """The usual check; what patterns name is found here, and named instead of them.

    Patterns behind a reference cannot be: then nothing is checked.
    """
    text = repr(schema)
    if "patternProperties" in text:
        if "$ref" in text or "$dynamicRef" in text or not isinstance(value, Mapping):
            return
        schema = _without_patterns(schema, list(value))
    yield from usual(validator, inner, value, schema) or ()


def _without_patterns(schema: Any, names: Sequence[str]) -> Any:
    if isinstance(schema, list):
        return [_without_patterns(one, names) for one in schema]
    if not isinstance(schema, Mapping):
        return schema
    plain = {key: _without_patterns(one, names) for key, one in schema.items()}
    patterns = plain.pop("patternProperties", None)
    if isinstance(patterns, Mapping):
        found: dict[str, Any] = {
            name: {}
            for name in names
            if any(_is_in(pattern, name) is not False for pattern in patterns)
        }
        plain["properties"] = {**found, **plain.get("properties", {})}
    return plain
