"""Fault: what is wrong with a value, and where in it; for forms, as one types."""

import contextlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from agentbench.domain.formats import format_checker
from agentbench.domain.schema import Checker, why_no_schema
from agentbench.domain.wording import described, said

Step = str | int
MOST = 50
"""So many faults of a value are told at once."""


@dataclass(frozen=True, kw_only=True, repr=False)
class Fault:
    """One thing that is wrong: `path` leads to it, from the value as a whole.

    `is_missing` is about something that is not there yet.
    """

    path: tuple[Step, ...]
    text: str
    is_missing: bool = False

    def __str__(self) -> str:
        where = ".".join(str(step) for step in self.path)
        return f"{where}: {self.text}" if where else self.text

    def __repr__(self) -> str:
        return f"<{self}>"

    def under(self, *steps: Step) -> "Fault":
        """The same fault, seen from further up."""
        return replace(self, path=(*steps, *self.path))


def faults_of(value: Any, schema: Mapping[str, Any]) -> list[Fault]:
    """Everything that a JSON schema (draft 2020-12 by default) finds wrong with a value.

    Formats are looked at too. Nothing that a schema names is fetched, and a pattern that
    RE2 cannot read is not tried: it might never end.
    """
    import referencing

    if reason := why_no_schema(schema):
        return [Fault(path=(), text=f"It cannot be checked: its schema {reason}")]
    own = {
        "multipleOf": _multiple_of,
        "properties": _properties,
        "propertyNames": _names,
        "unevaluatedItems": _unevaluated_items,
    }
    checker = Checker(schema, words=own, formats=format_checker())
    found: dict[Fault, None] = {}
    try:
        for error in checker.iter_errors(value):
            found.update(dict.fromkeys(_told(error)))
            if len(found) >= MOST:
                break
    except (referencing.exceptions.Unresolvable, RecursionError) as fault:
        text = f"It cannot be checked: its schema cannot be followed ({fault})."
        return [Fault(path=(), text=text)]
    return list(found)[:MOST]


def _told(error: Any) -> Iterator[Fault]:
    """A fault as jsonschema has it, in our words: for a union, those of the nearest member."""
    path = tuple(error.absolute_path)
    match error.validator:
        case "required" | "dependentRequired":
            yield from _missing(error, path)
        case "additionalProperties" | "unevaluatedProperties":
            named = error.schema.get("properties") or {}
            wanted = error.validator_value
            text = f"There is no such field{_there(named)}."
            if wanted is not False:
                text = f"It should be {described(wanted)}."
            for name in error.instance:
                if name not in named and repr(name) in error.message:
                    yield Fault(path=(*path, name), text=text)
        case "anyOf" | "oneOf" if error.context:
            yield from _nearest(error, path)
        case _:
            yield Fault(path=path, text=said(error))


def _missing(error: Any, path: tuple[Step, ...]) -> Iterator[Fault]:
    given, wanted = error.instance, error.validator_value
    if error.validator == "required":
        lacking = {name: "This is needed." for name in wanted if name not in given}
    else:
        lacking = {
            other: f"This is needed beside {name!r}."
            for name, others in wanted.items()
            for other in others
            if name in given and other not in given
        }
    for name, text in lacking.items():
        yield Fault(path=(*path, name), text=text, is_missing=True)


def _nearest(error: Any, path: tuple[Step, ...]) -> Iterator[Fault]:
    """What the member of a union says that the value was most likely meant to be."""
    members: dict[Any, list[Any]] = {}
    for one in error.context:
        members.setdefault(one.schema_path[0], []).append(one)

    def distance(errors: Sequence[Any]) -> tuple[int, int]:
        depth = len(path)
        is_other = any(
            one.validator in ("type", "const", "enum")
            and len(one.absolute_path) == depth
            for one in errors
        )
        is_tagged_else = any(
            one.validator in ("const", "enum") and len(one.absolute_path) == depth + 1
            for one in errors
        )
        return 2 * is_other + is_tagged_else, len(errors)

    ranked = sorted(members.values(), key=distance)
    if distance(ranked[0])[0] >= 2 and len(ranked) > 1:
        yield Fault(path=path, text="It is of none of the kinds that are taken.")
        return
    for one in ranked[0]:
        yield from _told(one)


def _there(names: Iterable[str]) -> str:
    known = ", ".join(names)
    return f" (there are: {known})" if known and len(known) < 120 else ""


def _multiple_of(validator: Any, step: Any, instance: Any, _: Any) -> Iterator[Any]:
    """As people count: 0.3 is a multiple of 0.1."""
    import jsonschema

    if not validator.is_type(instance, "number") or isinstance(instance, bool):
        return
    with contextlib.suppress(ArithmeticError):  # beyond what decimals take
        if Decimal(str(instance)) % Decimal(str(step)) == 0:
            return
    yield jsonschema.ValidationError(f"{instance} is not a multiple of {step}")


def _properties(
    validator: Any, properties: Any, instance: Any, _: Any
) -> Iterator[Any]:
    """The usual check, where what is forbidden altogether is told at its place too."""
    if not validator.is_type(instance, "object"):
        return
    for name, inner in properties.items():
        if name not in instance:
            continue
        for error in validator.descend(
            instance[name], inner, path=name, schema_path=name
        ):
            if inner is False:
                error.path.appendleft(name)
            yield error


def _unevaluated_items(
    validator: Any, inner: Any, instance: Any, schema: Any
) -> Iterator[Any]:
    """The usual check; what its items have to be is told at each of them."""
    usual = _usual("unevaluatedItems")
    wrong = list(usual(validator, inner, instance, schema) or ())
    beside = len(schema.get("prefixItems") or ())
    is_plain = not any(word in schema for word in _EVALUATING)
    if not wrong or inner is False or not is_plain:
        yield from wrong
        return
    for at in range(beside, len(instance)):
        yield from validator.descend(instance[at], inner, path=at)


_EVALUATING = ("$dynamicRef", "$ref", "allOf", "anyOf", "contains", "if", "oneOf")
"""Words that bring more items in; which, only the library knows."""


def _usual(word: str) -> Any:
    import jsonschema

    return jsonschema.Draft202012Validator.VALIDATORS[word]


def _names(validator: Any, wanted: Any, instance: Any, _: Any) -> Iterator[Any]:
    """The usual check, told at the entry whose name it is."""
    import jsonschema

    if not validator.is_type(instance, "object"):
        return
    for name in instance:
        wrong = list(validator.descend(instance=name, schema=wanted))
        if wrong:
            message = f"the name {name!r} does not fit"
            yield jsonschema.ValidationError(message, path=[name], context=wrong)
