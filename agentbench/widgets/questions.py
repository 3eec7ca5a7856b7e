"""Questions on the canvas: what a firing waits to be told, as text, buttons and fields."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, get_args

from agentbench.domain.run import Decision, FiringStatus, RunStatus
from agentbench.domain.value import InlineValue
from agentbench.widgets.answers import Question
from agentbench.widgets.constants import to_wire
from agentbench.widgets.wire_port import WirePort

Read = Callable[[Any], Any]
"""Reads a value back that the store keeps."""

WHOLE = "answer"
"""The only field of a form whose value is the answer, and not a part of it."""

DECIDE = (
    "This was cut off while it was sending something out, and nobody knows whether it"
    " was sent. Look, then decide."
)


def question_of(node: Any, read: Read) -> Question | None:
    """What the oldest firing of a node that asks wants to be told."""
    if not node.counts.get(FiringStatus.WAITING, 0):
        return None
    asked = (wire_question(firing, read) for firing in node.firings.values())
    return next(filter(None, asked), None)


def decision_of(state: Any, node: str) -> Question | None:
    """What somebody has to decide about a node of a run that was cut off."""
    if state.status is not RunStatus.NEEDS_DECISION or node not in state.undecided:
        return None
    [first, *_] = state.undecided[node]
    choices = list(get_args(Decision))
    return Question(firing=first, text=DECIDE, choices=choices, is_decision=True)


def wire_question(firing: Any, read: Read) -> Question | None:
    """What a firing waits to be told, if it does."""
    asked = firing.asks
    if asked is None:
        return None
    terms = asked.terms
    form = [] if asked.choices else list(form_of(terms.schema))
    return Question(
        firing=firing.firing,
        text=asked.question,
        choices=list(asked.choices),
        comment=terms.comment,
        form=form,
        is_whole=not has_parts(terms.schema),
        initial=_initial(asked, read) if terms.edits else {},
        until=terms.until,
    )


def form_of(schema: Mapping[str, Any]) -> Iterable[WirePort]:
    """The fields of a JSON schema: one for each part, or one for the whole."""
    if not schema:
        return
    if not has_parts(schema):
        yield _field(WHOLE, schema, {}, is_required=True)
        return
    required = schema.get("required") or ()
    definitions = {
        word: schema[word] for word in ("$defs", "definitions") if word in schema
    }
    for name, part in schema["properties"].items():
        given = part if isinstance(part, Mapping) else {}
        yield _field(name, given, definitions, is_required=name in required)


def _field(
    name: str,
    schema: Mapping[str, Any],
    definitions: Mapping[str, Any],
    *,
    is_required: bool,
) -> WirePort:
    return WirePort(
        name=name,
        title=str(schema.get("title") or name.replace("_", " ")),
        help=str(schema.get("description") or ""),
        types=["any"],
        type_name=str(schema.get("type") or "anything"),
        schema=to_wire({**definitions, **schema}),
        required=is_required,
        advanced=schema.get("advanced") is True,
        default=to_wire(schema.get("default")),
        has_default=schema.get("default") is not None,
    )


def has_parts(schema: Mapping[str, Any]) -> bool:
    """Whether a form has a field for each part of the answer, and not one for the whole.

    What may have other parts once it is filled in is one field, which draws them.
    """
    is_named = isinstance(schema.get("properties"), Mapping) and schema["properties"]
    return bool(is_named) and not any(schema.get(word) for word in _CHANGING)


_CHANGING = (
    "additionalProperties",
    "allOf",
    "anyOf",
    "dependentRequired",
    "dependentSchemas",
    "if",
    "oneOf",
    "patternProperties",
)


def _initial(asked: Any, read: Read) -> dict[str, Any]:
    """What the fields hold before anybody changes them."""
    if asked.about is None:
        return {}
    about = asked.about
    value = about.data if isinstance(about, InlineValue) else read(about)
    if has_parts(asked.terms.schema):
        return dict(value) if isinstance(value, Mapping) else {}
    return {WHOLE: value}
