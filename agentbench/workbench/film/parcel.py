"""Parcel: a timeline as plain data of bounded size, for a widget or a page of its own."""

import html
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from agentbench.workbench.film.lanes import Bar, Window
from agentbench.workbench.film.timeline import Timeline

MOST_ROWS = 2_000
"""So many nodes have a row; how many more there are is told."""
MOST_MARKS = 200
SHOWN_ROWS = 50
LEFT = ' style="text-align: left;"'
"""Notebooks put every cell of a table to the right unless told."""


def about(
    timeline: Timeline,
    *,
    run: str,
    agent: str,
    status: str,
    ended: float = 0.0,
    last: int = 0,
) -> dict[str, Any]:
    """What heads a timeline, and its rows.

    Of one that is still being read, `ended` is when its run ended, `last` how many events
    it has.
    """
    tracks = timeline.rows()
    events = timeline.spans.last_seq
    return {
        "run": run,
        "agent": agent,
        "status": status,
        "started": timeline.started,
        "seconds": max(timeline.seconds, ended - timeline.started if ended else 0.0),
        "events": events,
        "read": min(1.0, events / last) if last else 1.0,
        "rows": [
            {"row": row, "parent": timeline.spans.parents[row], **asdict(track)}
            for row, track in tracks[:MOST_ROWS]
        ],
        "more_rows": max(0, len(tracks) - MOST_ROWS),
        "marks": [
            {"at": max(0.0, mark.at - timeline.started), "text": mark.text}
            for mark in timeline.marks[:MOST_MARKS]
        ],
    }


def table(timeline: Timeline) -> str:
    """What a cell keeps of a timeline where there is no kernel: a line for each node.

    Without times: they differ each time, and notebooks are compared.
    """
    tracks = timeline.tracks
    has_cost = any(track.tokens or track.cost for track in tracks)
    names = ["node", "firings", "failed", *(["tokens", "cost"] if has_cost else [])]
    head = "".join(
        f"<th{'' if n else LEFT}>{name}</th>" for n, name in enumerate(names)
    )
    rows = []
    for track in tracks[:SHOWN_ROWS]:
        name = "\u2003" * track.depth + html.escape(track.title)
        cells = [name, f"{track.firings:,}", f"{track.failed:,}"]
        if has_cost:
            cells += [f"{track.tokens:,}", f"${track.cost:.4f}"]
        rows.append(_line(cells))
    more = len(tracks) - SHOWN_ROWS
    rest = f"<p>… and {more:,} more nodes</p>" if more > 0 else ""
    whole = (
        f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
    )
    return f'<div style="font-variant-numeric: tabular-nums;">{whole}{rest}</div>'


def _line(cells: Sequence[str]) -> str:
    name, *counts = cells
    rest = "".join(f"<td>{count}</td>" for count in counts)
    return f"<tr><td{LEFT}>{name}</td>{rest}</tr>"


def bars(window: Window) -> dict[str, Any]:
    """The bars of a window by column: a tenth of the size that they had one by one."""
    return {
        "start": window.start,
        "end": window.end,
        "cell": window.cell,
        **_columns(window.bars, window.cell),
    }


def _columns(bars: Iterable[Bar], cell: float) -> dict[str, list[Any]]:
    digits = _digits(cell)
    bars = list(bars)
    return {
        "node": [bar.node for bar in bars],
        "lane": [bar.lane for bar in bars],
        "begins": [round(bar.start, digits) for bar in bars],
        "ends": [round(bar.end, digits) for bar in bars],
        "status": [bar.status for bar in bars],
        "count": [bar.count for bar in bars],
        "number": [bar.number for bar in bars],
        "attempt": [bar.attempt for bar in bars],
        "busy": [round(bar.busy, 2) for bar in bars],
    }


def _digits(cell: float) -> int:
    """So many digits that nothing is moved by a tenth of a pixel."""
    digits = 2
    while digits < 9 and 10.0**-digits > cell / 30:
        digits += 1
    return digits
