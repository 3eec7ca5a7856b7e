"""Look: one firing in full, as text and pictures of bounded size, for every way to show it.

These cross to views and lie in pages as they are: a field here is one there.
"""

import base64
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from agentbench.domain.annotation import type_name
from agentbench.domain.graph import Graph
from agentbench.domain.renderer import MimeBundle
from agentbench.engine.state import FiringState, RunState
from agentbench.workbench.film.stages import stage_of
from agentbench.workbench.gone import Gone

TEXT = 20_000
"""Letters of one value."""
PICTURE = 1_500_000
"""Bytes of one picture, as base64; a larger one is named only."""
MOST_VALUES = 40
MOST_LINES = 200
PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp", "image/svg+xml")

Render = Callable[[Any], MimeBundle]
Read = Callable[[int], Any]


@dataclass(frozen=True, kw_only=True)
class ValueLook:
    """A value that a firing took or gave: as text, and as a picture where it is one.

    `image` is a data URI, or empty. Where a library draws it, `stage` names that, and
    `staged` is what it draws from, as text; else both are empty. `from_node` is where an
    input came from.
    """

    port: str
    side: Literal["input", "output"]
    type_name: str
    text: str
    image: str
    from_node: str
    note: str
    stage: str = ""
    staged: str = ""


@dataclass(frozen=True, kw_only=True)
class FiringLook:
    """A firing: `began` is in seconds since the run began, `of` how many its node has."""

    node: str
    title: str
    number: int
    of: int
    status: str
    attempts: int
    began: float
    seconds: float
    waited: float
    queued: float
    tokens: int
    cost: float
    error: str
    traceback: str
    reason: str
    question: str
    tries: list[str]
    log: list[str]
    values: list[ValueLook]
    more_values: int


def look(
    state: RunState,
    graph: Graph,
    node: str,
    number: int,
    *,
    read: Read,
    render: Render,
    queued: float = 0.0,
    started: float = 0.0,
    of: int | None = None,
    gave: int | None = None,
) -> FiringLook:
    """A firing of a run, with what it took and gave.

    `started` is when its timeline begins, `queued` what that says of the firing. Where
    the state is an excerpt, `of` is how many firings its node has, `gave` how many
    values it gave.

    Raises:
        LookupError: there is no such firing.
    """
    known = state.nodes.get(node)
    fired = known.firings.get(number) if known is not None else None
    if known is None or fired is None:
        raise LookupError(f"The node {node!r} has no firing {number} in this run.")
    values = list(_values(state, graph, fired, read, render))
    used = len(fired.inputs) + (len(fired.emitted) if gave is None else gave)
    asked = fired.question
    return FiringLook(
        node=node,
        title=(graph.node(node).title or node) if node in graph.nodes else node,
        number=number,
        of=len(known.firings) if of is None else of,
        status=str(fired.status),
        attempts=fired.attempt,
        began=max(0.0, fired.began - started),
        seconds=fired.seconds,
        waited=fired.waited,
        queued=queued,
        tokens=fired.tokens,
        cost=fired.cost,
        error=_cut(f"{fired.error}: {fired.message}" if fired.error else ""),
        traceback=_cut(fired.traceback),
        reason=fired.reason,
        question=asked.question if asked is not None else "",
        tries=[_cut(text) for text in fired.tries[-20:]],
        log=[_cut(line) for line in fired.log[-MOST_LINES:]],
        values=values,
        more_values=max(0, used - MOST_VALUES),
    )


def _values(
    state: RunState, graph: Graph, fired: FiringState, read: Read, render: Render
) -> Iterator[ValueLook]:
    left = MOST_VALUES
    for port, seq in sorted(fired.inputs.items()):
        if left := left - 1:
            source = state.values[seq][1] if seq in state.values else ""
            yield value_look(read(seq), port, "input", render, from_node=source)
    constants: Mapping[str, Any] = {}
    if fired.node in graph.nodes:
        constants = graph.node(fired.node).constants
    for port, value in constants.items():
        if port not in fired.inputs and left > 0:
            left -= 1
            yield value_look(value, port, "input", render)
    for port, seq in fired.emitted[: max(0, left)]:
        yield value_look(read(seq), port, "output", render)


def value_look(
    value: Any,
    port: str,
    side: Literal["input", "output"],
    render: Render,
    *,
    from_node: str = "",
) -> ValueLook:
    """A value as text of bounded size, and as a picture where its bundle holds one."""
    if isinstance(value, Gone):
        return ValueLook(
            port=port,
            side=side,
            type_name=value.type,
            text="",
            image="",
            note=value.reason,
            from_node=from_node,
        )
    data = render(value).data
    image = _picture(data)
    stage, staged = ("", "") if image else stage_of(data)
    text = value if isinstance(value, str) else _text(value, data)
    is_long = len(text) > TEXT
    return ValueLook(
        port=port,
        side=side,
        type_name=type_name(type(value)),
        text=_cut(text),
        image=image,
        from_node=from_node,
        note=f"the first {TEXT:,} of {len(text):,} letters" if is_long else "",
        stage=stage,
        staged=staged,
    )


def _text(value: Any, data: Mapping[str, Any]) -> str:
    if isinstance(value, (dict, list)):
        try:
            return json.dumps(value, ensure_ascii=False, indent=2)
        except (TypeError, ValueError, RecursionError):
            pass
    return str(data.get("text/plain", ""))


def _picture(data: Mapping[str, Any]) -> str:
    for mime in PICTURES:
        held = data.get(mime)
        if not held:
            continue
        if mime == "image/svg+xml":
            held = base64.b64encode(str(held).encode()).decode()
        elif isinstance(held, bytes):
            held = base64.b64encode(held).decode()
        packed = "".join(str(held).split())
        if len(packed) <= PICTURE:
            return f"data:{mime};base64,{packed}"
    return ""


def _cut(text: str) -> str:
    return text if len(text) <= TEXT else f"{text[: TEXT - 1]}…"
