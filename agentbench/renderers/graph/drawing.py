"""The drawing of a graph: one SVG without scripts, links or fonts of its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from agentbench.domain.graph import Graph
from agentbench.domain.layout import WIDTH, positions
from agentbench.domain.node import Link
from agentbench.renderers.graph import svg
from agentbench.renderers.graph.card import (
    Card,
    Mark,
    card_height,
    draw_card,
    linked_ends,
)
from agentbench.renderers.graph.style import Theme, sheet

MARGIN, LANE = 30.0, 10.0
WHOLE_NODES = 200
"""A graph of more nodes is drawn without ports."""


def draw_graph(
    graph: Graph, statuses: Mapping[str, Any] | None = None, *, theme: Theme = "auto"
) -> str:
    """The graph as SVG text; the same graph gives the same text.

    `statuses` says per node how it stands: a status, or a `(status, times)` pair.
    `theme` is `light`, `dark`, or `auto` for what the reader's browser prefers.
    """
    ends, is_whole = linked_ends(graph), len(graph.nodes) <= WHOLE_NODES
    places = positions(
        graph, lambda _, node: card_height(graph, node.id, ends, whole=is_whole)
    )
    marks = {id: Mark.of(given) for id, given in (statuses or {}).items() if given}
    cards = {
        id: draw_card(graph, id, places[id], ends, marks.get(id), whole=is_whole)
        for id in graph.nodes
    }
    lines = [_line(graph, link, cards) for link in sorted(graph.links)]
    backward = [line for line in lines if line.is_backward]
    for lane, line in enumerate(backward):
        line.below = _below(cards, line) + lane * LANE
    colours = {colour for card in cards.values() for colour in card.colours}
    colours.update(line.colour for line in lines)
    x, y, width, height = _frame(cards, [line.below for line in backward])
    areas = [card for card in cards.values() if card.is_area]
    body = [part for card in areas for part in card.body]
    body += [line.path() for line in lines]
    body += [part for c in cards.values() if not c.is_area for part in c.body]
    n = svg.number
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" width="{n(width)}"'
        f' height="{n(height)}" viewBox="{n(x)} {n(y)} {n(width)} {n(height)}">'
    )
    return "\n".join(
        [
            head,
            f"<title>{svg.escape(graph.name)}</title>",
            f"<style>\n{sheet(colours, theme)}</style>",
            *body,
            "</svg>",
        ]
    )


def _frame(
    cards: Mapping[str, Card], lows: Sequence[float]
) -> tuple[float, float, float, float]:
    """The part of the plane that is shown: all cards, all links, a margin."""
    if not cards:
        return 0, 0, WIDTH, 40
    left = min(card.x for card in cards.values()) - MARGIN
    top = min(card.y for card in cards.values()) - MARGIN
    right = max(card.x + card.width for card in cards.values()) + MARGIN
    bottom = max([card.y + card.height for card in cards.values()] + list(lows))
    return left, top, right - left, bottom + MARGIN - top


@dataclass
class _Line:
    """A link from dot to dot; one that goes back passes `below` what lies between."""

    start: tuple[float, float]
    end: tuple[float, float]
    colour: str
    is_sticky: bool
    below: float = 0.0

    @property
    def is_backward(self) -> bool:
        return self.end[0] <= self.start[0] - 20

    def path(self) -> str:
        kind = "ab-link ab-sticky" if self.is_sticky else "ab-link"
        way = _way_back(*self.start, *self.end, self.below)
        path = way if self.is_backward else _curve(*self.start, *self.end)
        return f'<path class="{kind} {self.colour}-line" d="{path}"/>'


def _line(graph: Graph, link: Link, cards: Mapping[str, Card]) -> _Line:
    x1, y1, colour = cards[link.source].port("output", link.output)
    x2, y2, _ = cards[link.target].port("input", link.input)
    return _Line((x1, y1), (x2, y2), colour, graph.is_sticky(link))


def _below(cards: Mapping[str, Card], line: _Line) -> float:
    """A height at which a line back from `start` to `end` meets no card."""
    left, right = line.end[0], line.start[0]
    between = (c for c in cards.values() if c.x < right and c.x + WIDTH > left)
    return max((card.y + card.height for card in between), default=0.0) + 20


def _curve(x1: float, y1: float, x2: float, y2: float) -> str:
    reach = max(36.0, min(abs(x2 - x1) / 2, 160.0))
    n = svg.number
    handles = f"{n(x1 + reach)} {n(y1)} {n(x2 - reach)} {n(y2)}"
    return f"M{n(x1)} {n(y1)}C{handles} {n(x2)} {n(y2)}"


def _way_back(x1: float, y1: float, x2: float, y2: float, below: float) -> str:
    """Out to the right, under both cards, and in from the left."""
    n, turn, out = svg.number, 16.0, 24.0
    return (
        f"M{n(x1)} {n(y1)}C{n(x1 + out)} {n(y1)} {n(x1 + out)} {n(y1)}"
        f" {n(x1 + out)} {n(y1 + turn)}V{n(below - turn)}"
        f"Q{n(x1 + out)} {n(below)} {n(x1 + out - turn)} {n(below)}"
        f"H{n(x2 - out + turn)}Q{n(x2 - out)} {n(below)} {n(x2 - out)} {n(below - turn)}"
        f"V{n(y2 + turn)}C{n(x2 - out)} {n(y2)} {n(x2 - out)} {n(y2)} {n(x2)} {n(y2)}"
    )
