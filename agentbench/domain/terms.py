"""Terms: what an answer to a question has to be, and what happens when nobody gives one."""

import json
import time
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from agentbench.domain.fault import faults_of
from agentbench.domain.schema import Checker, why_no_schema

ANSWER, COMMENT = "answer", "comment"
"""The names in an answer that comes with a comment: `{"answer": …, "comment": …}`."""
_YES_OR_NO = (("approve", "reject"), ("yes", "no"))
UNANSWERED = {"$unanswered": True}
"""What the clock answers when nobody did, and there is no default."""


MOST_SAID = 5
"""So many faults of an answer are said at once."""


class Terms(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The terms of one question.

    `schema` is the JSON schema of the answer, any answer when it is empty; with
    `comment` an answer may come with a comment. `edits` says that the answer is a
    changed form of what the question is about. At `until` (seconds since 1970, 0 for
    never) the clock answers `default`; where that is None, the firing fails.
    """

    schema: dict[str, Any] = {}
    comment: bool = False
    edits: bool = False
    until: float = 0.0
    default: Any = None


def new_terms(
    *,
    schema: Mapping[str, Any] | None = None,
    comment: bool = False,
    edit: bool = False,
    timeout: float | None = None,
    default: Any = None,
) -> Terms:
    """The terms of a question that is asked now; `timeout` is in seconds.

    Raises:
        ValueError: they are none; the message says why.
    """
    if schema and (reason := why_no_schema(schema)):
        raise ValueError(f"The schema of the answer {reason}")
    if timeout is not None and not 0 < timeout < float("inf"):
        raise ValueError(f"`timeout` takes seconds above 0, not {timeout!r}.")
    try:
        json.dumps([schema, default], allow_nan=False)
    except (TypeError, ValueError) as error:
        message = f"The default or the schema of an answer is no JSON: {error}."
        raise ValueError(message) from error
    return Terms(
        schema=dict(schema or {}),
        comment=comment,
        edits=edit,
        until=0.0 if timeout is None else time.time() + timeout,
        default=default,
    )


def why_not_answer(choices: Sequence[str], terms: Terms, answer: Any) -> str:
    """Why an answer is not taken, in words; empty when it is."""
    if terms.comment and isinstance(answer, Mapping) and ANSWER in answer:
        if not isinstance(answer.get(COMMENT, ""), str):
            return "a comment is text."
        answer = answer[ANSWER]
    if choices:
        there = ", ".join(map(repr, choices))
        return "" if answer in choices else f"takes {there}, not {answer!r}."
    found = faults_of(answer, terms.schema) if terms.schema else []
    return (
        f"does not take that: {'; '.join(map(str, found[:MOST_SAID]))}" if found else ""
    )


def as_choice(choices: Sequence[str], answer: Any) -> Any:
    """An answer to a question of yes or no, where somebody says it as True or False."""
    if isinstance(answer, Mapping) and ANSWER in answer:
        return {**answer, ANSWER: as_choice(choices, answer[ANSWER])}
    for pair in _YES_OR_NO:
        if isinstance(answer, bool) and set(pair) <= set(choices):
            return pair[0] if answer else pair[1]
    return answer


def split_answer(answer: Any) -> tuple[Any, str]:
    """An answer, and the comment that came with it."""
    if isinstance(answer, Mapping) and ANSWER in answer:
        return answer[ANSWER], str(answer.get(COMMENT, ""))
    return answer, ""


def why_not_fitting(value: Any, schema: Mapping[str, Any]) -> str:
    """Why a value does not fit a JSON schema, in words; empty when it does.

    Nothing that a schema names is fetched.
    """
    import jsonschema
    import referencing

    if reason := why_no_schema(schema):
        return f"cannot be checked: its schema {reason}"
    try:
        errors = Checker(schema).iter_errors(value)
        error = jsonschema.exceptions.best_match(errors)
    except (referencing.exceptions.Unresolvable, RecursionError) as fault:
        return f"cannot be checked: its schema cannot be followed ({fault})."
    if error is None:
        return ""
    where = ".".join(str(part) for part in error.absolute_path)
    return f"{where}: {error.message}" if where else f"{error.message}."
