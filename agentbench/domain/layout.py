"""Layout: where nodes stand when nobody has placed them.

Layers from left to right by the longest way from a start, feedback links left out;
inside a layer nodes stand near the mean of what feeds them; notes stand above, each
on a layer.
The same graph always gives the same picture.
"""

import math
import textwrap
from collections.abc import Callable, Iterable, Mapping, Sequence

from agentbench.domain.block import ERROR
from agentbench.domain.drawing import Drawing
from agentbench.domain.node import Node
from agentbench.domain.port import Port

WIDTH = 232.0
"""How wide a node is drawn, in pixels."""
COLUMN, GAP = 284.0, 28.0
"""The distance between columns, and the space between nodes of a column, in pixels."""
HEAD, ROW, FOOT = 39.0, 26.0, 7.0
"""The height of a node's head, of a row that holds a port, and of what is below the rows."""
LINE_SHOWN, VALUE_SHOWN = 57.0, 119.0
"""The most that a run adds below: a word or a number, and any other value."""
SHORT_TYPES = frozenset({"number", "whole number", "boolean", "date", "time"})
NOTE_LINE, NOTE_FRAME = 18.0, 40.0
"""The height of a line of a note, and of what is above and below its lines."""
NOTE_LETTERS, NOTE_LINES = 34, 12
FRAME = "values.frame"

Position = tuple[float, float]
HeightOf = Callable[[Drawing, Node], float]


def height(graph: Drawing, node: Node) -> float:
    """How tall a node may become in the editor, in pixels, once it has run.

    An input without a link and a constant is folded away when it is not required; what
    is folded is told on the line of the first output.
    """
    if is_frame(node):
        return frame_size(node)[1]
    if is_note(graph, node.id):
        return NOTE_FRAME + NOTE_LINE * len(note_lines(node))
    inputs = graph.inputs_of(node.id)
    linked = {link.input for link in graph.links if link.target == node.id}
    shown = [
        port
        for port in inputs
        if port.is_required
        or port.is_shown
        or port.name in linked
        or port.name in node.constants
    ]
    outputs = [port for port in graph.outputs_of(node.id) if port.name != ERROR.name]
    below = max(len(outputs), int(len(shown) < len(inputs)))
    return HEAD + (len(shown) + below) * ROW + FOOT + _room_for_a_value(outputs)


def _room_for_a_value(outputs: Sequence[Port]) -> float:
    kinds = {kind for port in outputs for kind in port.types}
    return LINE_SHOWN if kinds and kinds <= SHORT_TYPES else VALUE_SHOWN


def positions(graph: Drawing, height_of: HeightOf = height) -> dict[str, Position]:
    """A place for every node: its own where it has one, else one worked out."""
    placed = {
        id: node.position
        for id, node in graph.nodes.items()
        if node.position is not None
    }
    free = [id for id in graph.nodes if id not in placed]
    if not free:
        return placed
    worked_out = arrange(graph, free, height_of)
    below = max((y for _, y in placed.values()), default=None)
    shift = 0.0 if below is None else below + 200.0
    return {**{id: (x, y + shift) for id, (x, y) in worked_out.items()}, **placed}


def arrange(
    graph: Drawing, only: Sequence[str], height_of: HeightOf = height
) -> dict[str, Position]:
    """Places for the nodes in `only`, from the left top corner."""
    notes = dict.fromkeys(id for id in only if is_note(graph, id))
    working = [id for id in only if id not in notes]
    nodes = graph.nodes
    sizes = {id: height_of(graph, nodes[id]) for id in only}
    places = _layers(graph, working, sizes)
    for number, id in enumerate(notes):
        x = number * COLUMN
        under = [places[it][1] for it in working if places[it][0] == x]
        places[id] = (x, min(under, default=0.0) - GAP - sizes[id])
    return _from_corner(places)


def _layers(
    graph: Drawing, only: Sequence[str], sizes: Mapping[str, float]
) -> dict[str, Position]:
    feeds = _feeds(graph, only)
    column = _columns(only, feeds)
    places: dict[str, Position] = {}
    layers: list[list[str]] = [[] for _ in range(max(column.values(), default=-1) + 1)]
    for id in only:
        layers[column[id]].append(id)
    for number, members in enumerate(layers):
        wish = {id: _wish(feeds[id], places, sizes) for id in members}
        members.sort(key=lambda id: (wish[id] is None, wish[id] or 0.0))
        total = sum(sizes[id] + GAP for id in members) - GAP
        y = _mean(wish.values()) - total / 2
        for id in members:
            places[id] = (number * COLUMN, y)
            y += sizes[id] + GAP
    return places


def _from_corner(places: Mapping[str, Position]) -> dict[str, Position]:
    top = min((y for _, y in places.values()), default=0.0)
    return {id: (x, round(y - top, 1)) for id, (x, y) in places.items()}


def is_note(graph: Drawing, id: str) -> bool:
    """Whether a node is a note: text beside the work."""
    block = graph.block_of(id)
    return block is not None and block.role == "note"


def is_frame(node: Node) -> bool:
    """Whether a node is a frame: an area on which others stand."""
    return node.block == FRAME


def frame_size(node: Node) -> tuple[float, float]:
    """How wide and how tall a frame is drawn, in pixels."""
    sizes = []
    for side, usual in (("width", 480.0), ("height", 280.0)):
        given = node.constants.get(side, usual)
        is_size = isinstance(given, (int, float)) and math.isfinite(given)
        sizes.append(max(80.0, float(given)) if is_size else usual)
    return sizes[0], sizes[1]


def note_lines(node: Node) -> list[str]:
    """The text of a note, line by line as it is drawn."""
    texts = [v for v in node.constants.values() if isinstance(v, str)]
    text = str(node.constants.get("text") or next(iter(texts), node.title))
    lines = [
        line
        for paragraph in text[:2_000].splitlines()
        for line in textwrap.wrap(paragraph, NOTE_LETTERS) or [""]
    ]
    if len(lines) > NOTE_LINES:
        lines = [*lines[: NOTE_LINES - 1], "…"]
    return lines or [""]


def _feeds(graph: Drawing, only: Sequence[str]) -> dict[str, list[str]]:
    inside = set(only)
    feeds: dict[str, list[str]] = {id: [] for id in only}
    for link in graph.links:
        if link.source in inside and link.target in inside:
            feeds[link.target].append(link.source)
    return feeds


def _columns(only: Sequence[str], feeds: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """The column of each node, found without recursion so that long chains are fine."""
    column: dict[str, int] = {}
    on_path: set[str] = set()
    for start in only:
        stack = [start]
        while stack:
            id = stack[-1]
            if id in column:
                stack.pop()
                continue
            on_path.add(id)
            waiting = [f for f in feeds[id] if f not in column and f not in on_path]
            if waiting:
                stack.append(waiting[0])
                continue
            column[id] = max(
                (column[f] + 1 for f in feeds[id] if f in column), default=0
            )
            on_path.discard(id)
            stack.pop()
    return column


def _wish(
    sources: Sequence[str], places: Mapping[str, Position], sizes: Mapping[str, float]
) -> float | None:
    middles = [places[s][1] + sizes[s] / 2 for s in sources if s in places]
    return _mean(middles) if middles else None


def _mean(numbers: Iterable[float | None]) -> float:
    known = [number for number in numbers if number is not None]
    return sum(known) / len(known) if known else 0.0
