"""Gantt: a timeline as lines of text, for terminals."""

from collections.abc import Iterator, Mapping
from itertools import islice

from agentbench.workbench.film.columns import (
    COMPLETED,
    FAILED,
    RETRY,
    REUSED,
    RUNNING,
    SKIPPED,
    STOPPED,
    TRIED,
    WAITING,
)
from agentbench.workbench.film.lanes import Lanes
from agentbench.workbench.film.spans import Spans

MOST_NODES = 200
"""So many nodes have a line; how many more there are is said."""
NAME_WIDTH = 28
LEAST_WIDTH = 40

SIGNS = {
    RUNNING: ">", COMPLETED: "=", REUSED: "~", SKIPPED: "-", WAITING: ".", RETRY: ",",
    TRIED: "!", STOPPED: "x", FAILED: "X",
}  # fmt: skip
"""One letter a column: ASCII, since terminals differ."""
LEGEND = (
    "= ran  X failed  ! tried again  , rests  . waits  > goes on  ~ reused  x stopped"
)


def gantt(
    spans: Spans, titles: Mapping[str, str], lanes: Lanes, width: int
) -> Iterator[str]:
    """The lines: a scale, a line for each node, and what the letters mean."""
    if not spans.nodes:
        yield "Nothing has fired yet."
        return
    order = list(islice(spans.in_order(), MOST_NODES))
    names = [
        "  " * depth + _name(titles.get(spans.nodes[row], ""), spans.nodes[row])
        for row, depth in order
    ]
    wide = max(map(len, names))
    counts = [f"{len(spans.by_node[row]):,}" for row, _ in order]
    right = max(map(len, counts))
    room = max(LEAST_WIDTH, width) - wide - right - 5
    total = max(spans.end - spans.started, 1e-9)
    yield f"{'':{wide}}  {_scale(total, room)}"
    for (row, _), name, count in zip(order, names, counts, strict=True):
        line = _line(lanes, row, total, room)
        yield f"{name:<{wide}}  |{line}| {count:>{right}}"
    if len(spans.nodes) > MOST_NODES:
        yield f"… and {len(spans.nodes) - MOST_NODES:,} more nodes"
    yield f"{'':{wide}}  {LEGEND}"


def _line(lanes: Lanes, node: int, total: float, room: int) -> str:
    letters = [" "] * room
    ranks = [-1] * room
    # Four pixels a letter: what is shorter comes counted together.
    for bar in lanes.window(0.0, total, room * 4, [node]).bars:
        first = min(room - 1, max(0, int(bar.start / total * room)))
        last = min(room - 1, max(first, int(bar.end / total * room - 1e-9)))
        for place in range(first, last + 1):
            if bar.status > ranks[place]:
                ranks[place], letters[place] = bar.status, SIGNS[bar.status]
    return "".join(letters)


def _scale(total: float, room: int) -> str:
    end = seconds_in_words(total)
    middle = seconds_in_words(total / 2)
    left = f"0{middle:>{max(1, room // 2 + len(middle) // 2)}}"
    return f"{left}{end:>{max(1, room + 2 - len(left))}}"


def _name(title: str, path: str) -> str:
    id = path.rpartition("/")[2]
    name = title if title == id else f"{title} ({id})" if title else id
    name = " ".join(name.split())
    name = "".join(letter if letter.isprintable() else "?" for letter in name)
    return name if len(name) <= NAME_WIDTH else f"{name[: NAME_WIDTH - 1]}…"


def seconds_in_words(seconds: float) -> str:
    """A length of time as people read it: `12.3 ms`, `4.56 s`, `3 min 20 s`."""
    if seconds < 1e-3:
        return f"{seconds * 1e6:.0f} µs"
    if seconds < 1:
        return f"{seconds * 1e3:.3g} ms"
    if seconds < 100:
        return f"{seconds:.3g} s"
    if seconds < 7200:
        return f"{int(seconds // 60)} min {int(seconds % 60)} s"
    return f"{int(seconds // 3600)} h {int(seconds % 3600 // 60)} min"
