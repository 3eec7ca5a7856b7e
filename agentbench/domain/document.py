"""The graph document: one JSON text that is the saved, the runnable and the exported file.

Made to be read and compared: keys in a fixed order, nodes by id, a link or a position
a line, text of several lines as a list of lines, and positions apart from logic, at the
end. Reading it runs nothing and needs no block to be known.
"""

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from agentbench.domain.drawing import Drawing
from agentbench.domain.errors import DocumentError, GraphInvalid
from agentbench.domain.node import Link, Node
from agentbench.domain.problem import Problem


@dataclass(frozen=True)
class LostConstant:
    """Stands where a live object was that no document could hold; `type` is its class."""

    type: str


FORMAT = 1
"""The version of the format that is written; every older one is read."""

_NAME = re.compile(r"agentbench/(\d{1,18})")
_TOP = ("format", "name", "description", "nodes", "links", "layout")
_NODE = ("block", "title", "colour", "constants", "options")


def write_document(graph: Drawing, *, live: bool = False) -> str:
    """The document of a graph; of one that is unchanged since it was read, the same text.

    With `live`, a constant that is a live object stands as its type in words: enough to
    draw the graph, not to run it again.

    Raises:
        GraphInvalid: a constant is a live object, which no file can hold.
    """
    revision, text = graph.source
    if text and (revision == graph.revision or graph.read_only):
        return text
    if not live:
        _refuse_live_constants(graph)
    nodes = {id: _node_out(node) for id, node in sorted(graph.nodes.items())}
    links = [
        json.dumps(_link_out(link), ensure_ascii=False) for link in sorted(graph.links)
    ]
    layout = [
        f"{json.dumps(id)}: [{_plain(node.position[0])}, {_plain(node.position[1])}]"
        for id, node in sorted(graph.nodes.items())
        if node.position is not None
    ]
    parts = {
        "format": json.dumps(f"agentbench/{FORMAT}"),
        "name": json.dumps(graph.name, ensure_ascii=False),
        "description": _indented(_text_out(graph.description)),
        "nodes": _indented(nodes),
        "links": _lines("[", links, "]"),
        **{key: _indented(value) for key, value in sorted(graph.extra.items())},
        "layout": _lines("{", layout, "}"),
    }
    body = ",\n".join(f"  {json.dumps(key)}: {text}" for key, text in parts.items())
    return f"{{\n{body}\n}}\n"


def read_document(text: str, into: Drawing, *, where: str) -> None:
    """Fills an empty drawing; what is damaged is noted in it, and makes it read-only.

    Raises:
        DocumentError: the text is no agent document at all.
    """
    raw = _parsed(text, where)
    version = int(_format_of(raw, where))
    into.name = str(raw.get("name", "")) or "untitled"
    into.description = _text_in(raw.get("description", ""))
    into.extra = {key: value for key, value in raw.items() if key not in _TOP}
    if version > FORMAT:
        reason = (
            f"its format is agentbench/{version}, and this agentbench reads up to"
            f" agentbench/{FORMAT}. Update agentbench to change it."
        )
        into.damage.append(Problem(message=reason))
    into.is_own = False
    nodes = _nodes_in(raw, into.damage)
    into.restore(nodes, _links_in(raw, nodes, into.damage))
    into.source = (into.revision, text)


def _refuse_live_constants(graph: Drawing) -> None:
    problems = []
    for node in graph.nodes.values():
        for port, value in node.constants.items():
            if not isinstance(value, LostConstant) and not is_json(value):
                message = (
                    f"holds a live {type(value).__name__}, which no file can hold."
                    " Make it an input of the agent (`graph.input`), or a block."
                )
                problems.append(Problem(node=node.id, port=port, message=message))
    if problems:
        raise GraphInvalid(graph.name, problems)


def is_json(value: Any) -> bool:
    """Whether a constant can stand in a document."""
    try:
        return bool(json.loads(json.dumps(value, allow_nan=False)) == value)
    except (TypeError, ValueError, RecursionError):
        return False


def _node_out(node: Node) -> dict[str, Any]:
    out: dict[str, Any] = {"block": node.block}
    if node.title:
        out["title"] = node.title
    if node.colour:
        out["colour"] = node.colour
    if node.constants:
        out["constants"] = {k: _value_out(v) for k, v in sorted(node.constants.items())}
    if node.options:
        out["options"] = dict(sorted(node.options.items()))
    return out | dict(sorted(node.extra.items()))


def _link_out(link: Link) -> dict[str, Any]:
    out: dict[str, Any] = {
        "from": f"{link.source}.{link.output}",
        "to": f"{link.target}.{link.input}",
    }
    return out | ({"sticky": True} if link.sticky else {})


def _value_out(value: Any) -> Any:
    if isinstance(value, LostConstant) or not is_json(value):
        lost = value.type if isinstance(value, LostConstant) else type(value).__name__
        return {"$live": lost}
    if isinstance(value, str):
        return _text_out(value)
    if isinstance(value, Mapping):
        inner = {key: _value_out(item) for key, item in value.items()}
        is_like_a_tag = len(inner) == 1 and next(iter(inner)).startswith("$")
        return {"$dict": inner} if is_like_a_tag else inner
    return [_value_out(item) for item in value] if isinstance(value, list) else value


def _text_out(text: str) -> Any:
    return {"$lines": text.split("\n")} if "\n" in text else text


def _value_in(value: Any) -> Any:
    if isinstance(value, list):
        return [_value_in(item) for item in value]
    if not isinstance(value, dict):
        return value
    if list(value) == ["$lines"]:
        return _text_in(value)
    if list(value) == ["$live"]:
        return LostConstant(str(value["$live"]))
    if list(value) == ["$dict"] and isinstance(value["$dict"], dict):
        value = value["$dict"]
    return {key: _value_in(item) for key, item in value.items()}


def _text_in(value: Any) -> str:
    if isinstance(value, dict) and isinstance(value.get("$lines"), list):
        return "\n".join(str(line) for line in value["$lines"])
    return value if isinstance(value, str) else ""


def _parsed(text: str, where: str) -> dict[str, Any]:
    try:
        raw = json.loads(text)
    except json.JSONDecodeError as error:
        reason = (
            f"it is no JSON (line {error.lineno}, column {error.colno}: {error.msg})."
        )
        raise DocumentError(where, reason) from error
    except RecursionError as error:
        raise DocumentError(where, "it is nested too deeply.") from error
    except ValueError as error:  # Python reads no number of thousands of digits
        raise DocumentError(where, f"a number in it is too long ({error}).") from error
    if not isinstance(raw, dict):
        raise DocumentError(where, "it holds no JSON object.")
    return raw


def _format_of(raw: Mapping[str, Any], where: str) -> str:
    found = _NAME.fullmatch(str(raw.get("format", "")))
    if found is None:
        reason = 'its `format` is not "agentbench/1" or the like.'
        raise DocumentError(where, reason)
    return found[1]


def _nodes_in(raw: Mapping[str, Any], damage: list[Problem]) -> list[Node]:
    found = raw.get("nodes", {})
    layout = raw.get("layout", {})
    layout = layout if isinstance(layout, dict) else {}
    if not isinstance(found, dict):
        damage.append(Problem(message="its `nodes` are no JSON object"))
        return []
    return [_node_in(id, node, layout.get(id), damage) for id, node in found.items()]


def _node_in(id: str, raw: Any, place: Any, damage: list[Problem]) -> Node:
    if not isinstance(raw, dict) or not isinstance(raw.get("block"), str):
        damage.append(Problem(node=id, message="names no block"))
        return Node(id=id, block="", position=_position(place))
    parts = {key: raw.get(key, {}) for key in ("constants", "options")}
    for key, value in parts.items():
        if not isinstance(value, dict):
            damage.append(Problem(node=id, message=f"its `{key}` are no JSON object"))
            parts[key] = {}
    return Node(
        id=id,
        block=raw["block"],
        title=str(raw.get("title", "")),
        colour=str(raw.get("colour", "")),
        constants={key: _value_in(value) for key, value in parts["constants"].items()},
        options=parts["options"],
        position=_position(place),
        extra={key: value for key, value in raw.items() if key not in _NODE},
    )


def _links_in(
    raw: Mapping[str, Any], nodes: list[Node], damage: list[Problem]
) -> list[Link]:
    found = raw.get("links", [])
    if not isinstance(found, list):
        damage.append(Problem(message="its `links` are no JSON list"))
        return []
    known = {node.id for node in nodes}
    links = []
    for entry in found:
        ends = _ends(entry)
        if ends is None:
            damage.append(
                Problem(message=f"a link is damaged: {json.dumps(entry)[:80]}")
            )
            continue
        missing = [id for id in (ends[0], ends[2]) if id not in known]
        if missing:
            message = f"a link leads to the node {missing[0]!r}, which is not there"
            damage.append(Problem(node=ends[0], port=ends[1], message=message))
            continue
        source, output, target, input_ = ends
        sticky = entry.get("sticky") is True
        links.append(
            Link(
                source=source, output=output, target=target, input=input_, sticky=sticky
            )
        )
    return links


def _ends(entry: Any) -> tuple[str, str, str, str] | None:
    if not isinstance(entry, dict):
        return None
    source, dot, output = str(entry.get("from", "")).partition(".")
    target, dot_too, input_ = str(entry.get("to", "")).partition(".")
    is_whole = all((source, dot, output, target, dot_too, input_))
    return (source, output, target, input_) if is_whole else None


def _position(place: Any) -> tuple[float, float] | None:
    is_pair = isinstance(place, list) and len(place) == 2
    if is_pair and all(isinstance(x, (int, float)) and math.isfinite(x) for x in place):
        return (float(place[0]), float(place[1]))
    return None


def _plain(number: float) -> str:
    return str(round(number))


def _indented(value: Any, margin: str = "  ") -> str:
    """JSON of several lines; what is short and flat stays on one."""
    flat = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, (dict, list)) or not value:
        return flat
    is_flat = isinstance(value, list) and not any(
        isinstance(i, (dict, list)) for i in value
    )
    if is_flat and len(flat) <= 72:
        return flat
    inner = margin + "  "
    if isinstance(value, dict):
        is_text = list(value) == ["$lines"] and _is_lines(value["$lines"])
        if is_text:  # a line a line, however short
            lines = [
                f"{inner}  {json.dumps(t, ensure_ascii=False)}" for t in value["$lines"]
            ]
            body = ",\n".join(lines)
            return f'{{\n{inner}"$lines": [\n{body}\n{inner}]\n{margin}}}'
        lines = [
            f"{json.dumps(key, ensure_ascii=False)}: {_indented(item, inner)}"
            for key, item in value.items()
        ]
        opening, closing = "{}"
    else:
        lines = [_indented(item, inner) for item in value]
        opening, closing = "[]"
    body = ",\n".join(inner + line for line in lines)
    return f"{opening}\n{body}\n{margin}{closing}"


def _is_lines(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(line, str) for line in value)


def _lines(opening: str, lines: list[str], closing: str) -> str:
    if not lines:
        return opening + closing
    body = ",\n".join(f"    {line}" for line in lines)
    return f"{opening}\n{body}\n  {closing}"
