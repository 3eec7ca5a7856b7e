"""Schema: JSON schemas that others wrote, followed without harm."""

import functools
import json
from collections.abc import Iterator, Mapping, Sequence
from contextvars import ContextVar
from typing import Any

MOST_REFERENCES = 100_000
"""So many references of a schema are followed for one value: a few that name each other
twice would be followed without end."""

_left: ContextVar[list[int]] = ContextVar("references left")


class Checker:
    """Checks values against one schema, which is not fetched and takes no longer than it may.

    A pattern that cannot be matched in linear time (one that looks ahead, say) is not
    checked.
    """

    def __init__(
        self,
        schema: Any,
        *,
        words: Mapping[str, Any] | None = None,
        formats: Any = None,
    ) -> None:
        """`words` are other checks than the usual ones, `formats` those that are known."""
        import jsonschema
        import referencing

        kind = kind_of(schema)
        known = {w: check for w, check in (words or {}).items() if w in kind.VALIDATORS}
        self._validator = jsonschema.validators.extend(kind, known)(
            schema, registry=referencing.Registry(), format_checker=formats
        )

    def iter_errors(self, value: Any) -> Iterator[Any]:
        """The errors of a value, as `jsonschema` has them.

        Raises:
            referencing.exceptions.Unresolvable: the schema refers to what is not in it.
            RecursionError: it refers to itself without end, or too often.
        """
        _left.set([MOST_REFERENCES])
        yield from self._validator.iter_errors(value)


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
        "$ref": functools.partial(_followed, kind.VALIDATORS.get("$ref")),
        "$dynamicRef": functools.partial(_followed, kind.VALIDATORS.get("$dynamicRef")),
        "$recursiveRef": functools.partial(
            _followed, kind.VALIDATORS.get("$recursiveRef")
        ),
        "uniqueItems": _unique,
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


def _followed(
    usual: Any, validator: Any, place: Any, value: Any, schema: Any
) -> Iterator[Any]:
    left = _left.get(None)
    if left is not None:
        left[0] -= 1
        if left[0] < 0:
            raise RecursionError(
                f"more than {MOST_REFERENCES:,} references for a value"
            )
    yield from usual(validator, place, value, schema) or ()


def _unique(validator: Any, wanted: Any, value: Any, schema: Any) -> Iterator[Any]:
    """Each item is looked at once, and not beside every other."""
    import jsonschema

    if wanted and isinstance(value, list):
        marks = {json.dumps(_marked(it), sort_keys=True, default=repr) for it in value}
        if len(marks) < len(value):
            message = f"{value!r} has non-unique elements"
            yield jsonschema.ValidationError(message)


def _marked(value: Any) -> Any:
    """A value so that what is equal in JSON is the same text: 1 and 1.0, but not true."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, Mapping):
        return {str(key): _marked(it) for key, it in value.items()}
    return [_marked(it) for it in value] if isinstance(value, (list, tuple)) else value


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
