"""Wording: JSON schemas, and what breaks them, in words that people understand."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from agentbench.domain.formats import WORDS as FORMATS
from agentbench.domain.formats import why_no

_TYPES = {
    "array": "a list",
    "boolean": "yes or no",
    "integer": "a whole number",
    "null": "nothing",
    "number": "a number",
    "object": "a dictionary",
    "string": "text",
}
_LIMITS = {
    "exclusiveMaximum": "It should be less than {}.",
    "exclusiveMinimum": "It should be more than {}.",
    "maxItems": "It takes at most {} item{}.",
    "maxLength": "It takes at most {} character{}.",
    "maxProperties": "It takes at most {} of its fields.",
    "maximum": "It should be at most {}.",
    "minItems": "It needs at least {} item{}.",
    "minLength": "It needs at least {} character{}.",
    "minProperties": "It needs at least {} of its fields.",
    "minimum": "It should be at least {}.",
    "multipleOf": "It should be a multiple of {}.",
    "oneOf": "It is of more than one of the kinds that are taken.",
    "uniqueItems": "It holds the same twice.",
}
_BOUNDS = {
    "minimum": "of at least {}",
    "exclusiveMinimum": "of more than {}",
    "maximum": "of at most {}",
    "exclusiveMaximum": "of less than {}",
    "multipleOf": "that is a multiple of {}",
    "minLength": "of at least {} characters",
    "maxLength": "of at most {} characters",
    "minItems": "of at least {} items",
    "maxItems": "of at most {} items",
    "pattern": "with the pattern {}",
}


def said(error: Any) -> str:
    """A fault as jsonschema has it, as a sentence."""
    word, wanted = error.validator, error.validator_value
    if word is None:
        return "Nothing may be here." if error.schema is False else "It is wrong."
    if word in ("contains", "minContains", "maxContains"):
        return _contained(word, error.schema)
    if word == "propertyNames":
        why = " ".join(said(one) for one in error.context[:2])
        return f"Its name is not taken. {why}"
    if word in ("items", "additionalItems") and wanted is False:
        word, wanted = "maxItems", len(error.schema.get("prefixItems") or ())
    if word in _SENTENCES:
        return _SENTENCES[word](wanted)
    if word in _LIMITS:
        return _LIMITS[word].format(wanted, "" if wanted == 1 else "s")
    message = str(error.message)
    quoted = short(error.instance)
    return f"{quoted} does not fit." if len(message) > 200 else f"{message}."


def described(schema: Any) -> str:
    """What a schema takes: `a whole number of at least 5`, `'a' or 'b'`."""
    text = _described(schema) if isinstance(schema, Mapping) else ""
    return text if 0 < len(text) <= 160 else "like that"


def short(value: Any) -> str:
    """A value as a message quotes it."""
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}…"


def _described(schema: Mapping[str, Any]) -> str:
    """Empty where words would say less than nothing."""
    for word in ("title", "description"):
        if isinstance(schema.get(word), str) and schema[word]:
            return str(schema[word])
    if "const" in schema:
        return short(schema["const"])
    if isinstance(schema.get("enum"), Sequence):
        return _or([short(one) for one in schema["enum"]])
    for word in ("anyOf", "oneOf"):
        if isinstance(schema.get(word), list):
            members = [described(one) for one in schema[word]]
            return "" if "like that" in members else _or(members)
    parts = [_noun(schema)]
    parts += [
        bound.format(schema[word]) for word, bound in _BOUNDS.items() if word in schema
    ]
    if isinstance(schema.get("required"), list) and schema["required"]:
        parts.append(f"with {_and([repr(name) for name in schema['required']])}")
    for name, part in (schema.get("properties") or {}).items():
        if isinstance(part, Mapping) and ("const" in part or "enum" in part):
            parts.append(f"whose {name!r} is {described(part)}")
    return " ".join(parts) if len(parts) > 1 or "type" in schema else ""


def _noun(schema: Mapping[str, Any]) -> str:
    if "type" in schema:
        given = schema.get("format")
        return f"{_types(schema['type'])}{_format(given)}"
    if any(word in schema for word in ("minLength", "maxLength", "pattern")):
        return "text"
    if any(word in schema for word in ("minItems", "maxItems")):
        return "a list"
    if "required" in schema or "properties" in schema:
        return "something"
    return "a number" if any(word in schema for word in _BOUNDS) else "something"


def _format(given: Any) -> str:
    words = FORMATS.get(str(given), "").partition(":")[0]
    return f" that is a {words}" if words else ""


def _contained(word: str, schema: Mapping[str, Any]) -> str:
    what = described(schema.get("contains"))
    least, most = schema.get("minContains", 1), schema.get("maxContains")
    if word == "maxContains":
        return f"At most {most} of its items may be {what}."
    return f"At least {least} of its items should be {what}."


def _types(wanted: Any) -> str:
    kinds = [wanted] if isinstance(wanted, str) else list(wanted)
    return _or([_TYPES.get(kind, str(kind)) for kind in kinds])


def _or(words: Sequence[str]) -> str:
    return (
        " or ".join(words)
        if len(words) < 3
        else ", ".join(words[:-1]) + f" or {words[-1]}"
    )


def _and(words: Sequence[str]) -> str:
    return " and ".join(words)


def _unevaluated(wanted: Any) -> str:
    if wanted is False:
        return "It holds items that are not taken here."
    return f"What is not named among its items should be {described(wanted)}."


_SENTENCES: Mapping[str, Callable[[Any], str]] = {
    "const": lambda wanted: f"It has to be {short(wanted)}.",
    "enum": lambda wanted: f"It takes {', '.join(map(short, wanted))}.",
    "format": lambda wanted: why_no(str(wanted)),
    "not": lambda wanted: f"It must not be {described(wanted)}.",
    "pattern": lambda wanted: f"It does not fit the pattern {wanted}",
    "type": lambda wanted: f"It should be {_types(wanted)}.",
    "unevaluatedItems": _unevaluated,
}
