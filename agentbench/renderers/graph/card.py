"""A node as a card: head, ports with their dots, status; and a note as a sticky note."""

import itertools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from agentbench.domain.block import ERROR
from agentbench.domain.graph import Graph
from agentbench.domain.layout import (
    FOOT,
    NOTE_LINE,
    ROW,
    WIDTH,
    Position,
    frame_size,
    is_frame,
    is_note,
    note_lines,
)
from agentbench.domain.port import Port
from agentbench.renderers.graph import icons, palette, svg
from agentbench.renderers.graph.style import colour_class

Side = Literal["input", "output"]
Ends = frozenset[tuple[str, str, str]]
"""The node, the side and the port of every end of a link."""
STATUS_WORDS = {
    "completed": "Done",
    "needs_decision": "Needs a decision",
}
HEAD = 46.0
"""The height of a card's head in the picture: it names the block too."""
_PILL, _INSET, _NOTE_FRAME = 20.0, 14.0, 28.0


@dataclass(frozen=True, kw_only=True)
class Mark:
    """What a run left on a node: its status, and how often the node fired."""

    status: str
    times: int = 1

    @classmethod
    def of(cls, given: Any) -> "Mark":
        """A mark from a status, a `(status, times)` pair, or what has these attributes."""
        status, times = given, getattr(given, "count", 1)
        if isinstance(given, tuple):
            status, times = given
        elif not isinstance(given, str):
            status = getattr(given, "status", "pending")
        return cls(status=str(status), times=times if isinstance(times, int) else 1)

    @property
    def text(self) -> str:
        readable = self.status.replace("_", " ").capitalize()
        word = STATUS_WORDS.get(self.status, readable)
        return (
            f"{word} \N{MULTIPLICATION SIGN} {self.times:,}" if self.times > 1 else word
        )

    @property
    def colour(self) -> str:
        known = self.status if self.status in palette.STATUSES else "pending"
        return colour_class("status", known)


def linked_ends(graph: Graph) -> Ends:
    """Every end of every link of the graph."""
    sources = {(link.source, "output", link.output) for link in graph.links}
    return frozenset(
        sources | {(link.target, "input", link.input) for link in graph.links}
    )


def drawn_ports(
    graph: Graph, id: str, ends: Ends
) -> tuple[tuple[Port, ...], tuple[Port, ...]]:
    """The ports of a node that say something: a picture shows what is set and linked.

    An input that has neither link nor constant is drawn when it is required, `error`
    when it is linked. Of a node whose block is unknown, what its links and constants
    name.
    """
    constants = graph.node(id).constants
    if graph.block_of(id) is None:
        named = {port for node, side, port in ends if (node, side) == (id, "input")}
        given = {port for node, side, port in ends if (node, side) == (id, "output")}
        return (
            tuple(Port(name=name) for name in sorted(named | set(constants))),
            tuple(Port(name=name) for name in sorted(given)),
        )
    inputs = tuple(
        port
        for port in graph.inputs_of(id)
        if port.is_required
        or port.name in constants
        or (id, "input", port.name) in ends
    )
    outputs = tuple(
        port
        for port in graph.outputs_of(id)
        if port.name != ERROR.name or (id, "output", port.name) in ends
    )
    return inputs, outputs


def card_height(graph: Graph, id: str, ends: Ends, *, whole: bool) -> float:
    """How tall a node's card is, in pixels."""
    if is_frame(graph.node(id)):
        return frame_size(graph.node(id))[1]
    if is_note(graph, id):
        return _NOTE_FRAME + NOTE_LINE * len(note_lines(graph.node(id)))
    if not whole:
        return HEAD
    rows = sum(len(ports) for ports in drawn_ports(graph, id, ends))
    return HEAD + max(1, rows) * ROW + FOOT


@dataclass
class Card:
    """One node on its place: where its ports are, and its drawing."""

    id: str
    x: float
    y: float
    height: float
    body: list[str]
    width: float = WIDTH
    is_area: bool = False
    """Whether it lies under the links and the other cards."""
    ports: dict[tuple[Side, str], tuple[float, str]] = field(default_factory=dict)
    """The height of each port's dot, and the colour class of its type."""
    colours: set[str] = field(default_factory=set)

    def port(self, side: Side, name: str) -> tuple[float, float, str]:
        """Where a link meets a port, and its colour; the head stands for a port not drawn."""
        plain = colour_class("type", "any")
        y, colour = self.ports.get((side, name), (self.y + HEAD / 2, plain))
        return self.x + (WIDTH if side == "output" else 0), y, colour


def draw_card(
    graph: Graph, id: str, at: Position, ends: Ends, mark: Mark | None, *, whole: bool
) -> Card:
    """The card of a node; without its ports when it is not to be drawn `whole`."""
    if is_frame(graph.node(id)):
        return _area(graph, id, at)
    if is_note(graph, id):
        return _note(graph, id, at)
    inputs, outputs = drawn_ports(graph, id, ends) if whole else ((), ())
    height = card_height(graph, id, ends, whole=whole)
    card = Card(id=id, x=at[0], y=at[1], height=height, body=[])
    card.body.extend(_frame(graph, card, mark, whole=whole))
    y = card.y + HEAD + ROW / 2
    sides: tuple[tuple[Side, tuple[Port, ...]], ...] = (
        ("input", inputs),
        ("output", outputs),
    )
    for side, ports in sides:
        for port in ports:
            has_link = (id, side, port.name) in ends
            is_set = side == "input" and not has_link
            value = _constant(graph, id, port) if is_set else ""
            card.body.extend(_row(card, side, port, y, value, has_link=has_link))
            y += ROW
    if graph.node(id).options.get("disabled"):
        card.body = ['<g opacity=".5">', *card.body, "</g>"]
    if mark:
        card.body.extend(_pill(card, mark))
    return card


MODES = ("disabled", "bypassed", "pinned")
"""The options that say what is done instead of running a node; the first that is on counts."""


def _constant(graph: Graph, id: str, port: Port) -> str:
    constants = graph.node(id).constants
    return said(constants[port.name]) if port.name in constants else ""


def _frame(
    graph: Graph, card: Card, mark: Mark | None, *, whole: bool
) -> Iterator[str]:
    """The card itself with its head: icon, title, block."""
    node, block = graph.node(card.id), graph.block_of(card.id)
    key = palette.family_key(block.family if block else node.block.partition(".")[0])
    own = node.colour if node.colour in palette.NODE_COLOURS else ""
    family = colour_class("family", own or key)
    x, y, height = card.x, card.y, card.height
    edge = "ab-edge" if block else "ab-edge ab-unknown"
    card.colours.add(family)
    yield svg.box(x - 1, y + 2, WIDTH + 2, height + 2, "ab-shade", radius=11)
    yield svg.box(x, y, WIDTH, height, "ab-card", radius=10)
    yield _head(x, y, f"{family} ab-tint", whole=whole)
    if mark and mark.status in ("failed", "running", "waiting", "needs_decision"):
        card.colours.add(mark.colour)
        edge = f"ab-edge {mark.colour}-line"
    yield svg.box(x, y, WIDTH, height, edge, radius=10)
    yield svg.box(x + 11, y + 11, 24, 24, family, radius=7)
    yield svg.icon(x + 15, y + 15, _icon_of(block), "ab-icon")
    title = graph.title_of(card.id)
    below = node.block if block else f"{node.block} (unknown block)"
    mode = next((mode for mode in MODES if node.options.get(mode)), "")
    below = f"{below} · {mode}" if mode else below
    yield svg.words(
        x + 44, y + 21, svg.trim(title, WIDTH - 56, 13, svg.BOLD), "ab-title"
    )
    yield svg.words(x + 44, y + 36, svg.trim(below, WIDTH - 56, 10.5), "ab-sub")


def _head(x: float, y: float, kind: str, *, whole: bool) -> str:
    if not whole:
        return svg.box(x, y, WIDTH, HEAD, kind, radius=10)
    left, top, right = svg.number(x), svg.number(y + 10), svg.number(WIDTH - 20)
    down = svg.number(HEAD - 10)
    path = (
        f"M{left} {top}a10 10 0 0 1 10-10h{right}a10 10 0 0 1 10 10"
        f"v{down}h-{svg.number(WIDTH)}z"
    )
    return f'<path class="{kind}" d="{path}"/>'


def _icon_of(block: Any) -> str:
    if block is None:
        return icons.UNKNOWN_ICON
    by_role = {"input": icons.INPUT_ICON, "output": icons.OUTPUT_ICON}
    family = block.family.partition(".")[0]
    known = icons.FAMILY_ICONS.get(family, icons.FAMILY_ICONS[""])
    return by_role.get(block.role, known)


def _row(
    card: Card, side: Side, port: Port, y: float, value: str, *, has_link: bool
) -> Iterator[str]:
    """A port: its dot (hollow while nothing is linked), its name, its constant."""
    key = ERROR.name if port.name == ERROR.name else palette.type_key(port.types)
    colour = colour_class("type", key)
    card.colours.add(colour)
    card.ports[side, port.name] = (y, colour)
    is_input = side == "input"
    x = card.x + (0 if is_input else WIDTH)
    inside = colour if has_link else "ab-card"
    yield (
        f'<circle class="{inside} {colour}-line ab-dot" cx="{svg.number(x)}"'
        f' cy="{svg.number(y)}" r="5"/>'
    )
    label, aside = (
        port.label,
        value or ("" if has_link and is_input else port.type_name),
    )
    kind, font = ("ab-value", svg.MONO) if value else ("ab-sub", svg.SANS)
    room = WIDTH - 2 * _INSET
    name = svg.trim(label, room * (0.6 if value else 0.72), 12)
    shown = svg.trim(aside, room - svg.width_of(name, 12) - 10, 11, font)
    ends = (card.x + _INSET, card.x + WIDTH - _INSET)
    yield svg.words(ends[not is_input], y + 4, name, "ab-port", end=not is_input)
    if shown not in ("", "…"):
        yield svg.words(ends[is_input], y + 4, shown, kind, end=is_input)


def said(constant: Any) -> str:
    """A constant in a word or two."""
    match constant:
        case str():
            return constant if constant.strip() else "(empty)"
        case bool() | None | float() | int():
            return str(constant)
        case Mapping():
            return f"{{{_listed(constant)}}}"
        case list() | tuple():
            return f"[{_listed(said(item) for item in constant[:4])}]"
    return type(constant).__name__


def _listed(names: Iterable[Any]) -> str:
    first = [str(name) for name in itertools.islice(names, 4)]
    return ", ".join([*first[:3], "…"] if len(first) > 3 else first)


def _pill(card: Card, mark: Mark) -> Iterator[str]:
    """The status: icon and word on the card's upper edge."""
    card.colours.add(mark.colour)
    width = svg.width_of(mark.text, 10.5, svg.BOLD) + 31
    x, y = card.x + WIDTH - 12 - width, card.y - _PILL / 2 - 2
    shape = icons.STATUS_ICONS.get(mark.status, icons.STATUS_ICONS["pending"])
    yield svg.box(x, y, width, _PILL, mark.colour, radius=_PILL / 2)
    yield svg.icon(x + 8, y + 4.5, shape, "ab-mark", scale=0.7)
    yield svg.words(x + 22, y + 13.7, mark.text, "ab-pill-text")


def _area(graph: Graph, id: str, at: Position) -> Card:
    """A frame: a tinted area with its title, on which others stand."""
    node = graph.node(id)
    width, height = frame_size(node)
    known = node.colour in palette.NODE_COLOURS
    family = colour_class("family", node.colour if known else "slate")
    title = svg.trim(graph.title_of(id), width - 28, 13, svg.BOLD)
    body = [
        svg.box(*at, width, height, f"{family} ab-tint", radius=14),
        svg.box(*at, width, height, "ab-edge", radius=14),
        svg.words(at[0] + 14, at[1] + 21, title, "ab-title"),
    ]
    card = Card(id=id, x=at[0], y=at[1], height=height, body=body, width=width)
    card.is_area = True
    card.colours.add(family)
    return card


def _note(graph: Graph, id: str, at: Position) -> Card:
    lines = note_lines(graph.node(id))
    height = card_height(graph, id, frozenset(), whole=True)
    x, y, fold = at[0], at[1], 14
    right, below = x + WIDTH, y + height
    n = svg.number
    shape = (
        f"M{n(x)} {n(y)}H{n(right)}V{n(below - fold)}L{n(right - fold)} {n(below)}"
        f"H{n(x)}z"
    )
    corner = f"M{n(right)} {n(below - fold)}H{n(right - fold)}V{n(below)}"
    body = [
        svg.box(x, y + 2, WIDTH, height - 1, "ab-shade", radius=2),
        f'<path class="ab-note ab-note-edge" d="{shape}"/>',
        f'<path class="ab-note ab-note-edge" d="{corner}"/>',
    ]
    for line in lines:
        y += NOTE_LINE
        body.append(
            svg.words(x + 14, y + 8, svg.trim(line, WIDTH - 26, 12), "ab-note-text")
        )
    return Card(id=id, x=at[0], y=at[1], height=height, body=body)
