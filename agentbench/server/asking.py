"""What a run asks, asked of whoever called the agent, and what they said."""

from collections.abc import Mapping
from typing import Any

from agentbench.domain.terms import ANSWER, COMMENT
from agentbench.workbench.inputs import read_value
from agentbench.workbench.waits import Wait

_PLAIN = ("string", "number", "integer", "boolean")
"""The types that a field of a form may have in the protocol."""


def key_of(wait: Wait) -> str:
    """By which a question is found again."""
    return f"{wait.node}/{wait.firing}"


def form_of(wait: Wait) -> dict[str, Any] | None:
    """The fields by which a client may answer; None where it cannot be put that way."""
    if not wait.question:
        return None  # a decision about what was cut off is for whoever runs the agent
    if wait.choices:
        return _form({"type": "string", "enum": list(wait.choices)}, wait)
    schema = dict(wait.schema)
    if not schema:
        return _form({"type": "string"}, wait)
    if schema.get("type") in _PLAIN:
        return _form(schema, wait)
    fields = schema.get("properties")
    if isinstance(fields, Mapping) and all(map(_is_plain, fields.values())):
        return {
            "type": "object",
            "properties": dict(fields),
            "required": list(schema.get("required") or ()),
        }
    return None


def answer_in(wait: Wait, content: Mapping[str, Any]) -> Any:
    """The answer that the fields hold."""
    if not wait.choices and wait.schema and wait.schema.get("type") not in _PLAIN:
        return dict(content)
    answer = content.get(ANSWER)
    if not wait.choices and not wait.schema and isinstance(answer, str):
        answer = read_value(answer)
    comment = content.get(COMMENT) if wait.comment else None
    return {ANSWER: answer, COMMENT: comment} if comment else answer


def _form(schema: Mapping[str, Any], wait: Wait) -> dict[str, Any]:
    fields = {ANSWER: {"title": "Answer", **schema}}
    if wait.comment:
        fields[COMMENT] = {"type": "string", "title": "Comment"}
    return {"type": "object", "properties": fields, "required": [ANSWER]}


def _is_plain(schema: Any) -> bool:
    return isinstance(schema, Mapping) and schema.get("type") in _PLAIN
