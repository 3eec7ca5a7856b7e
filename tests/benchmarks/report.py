"""The report: what was found, as a table that people read."""

from collections.abc import Iterable, Sequence
from typing import Any


def table(found: dict[str, Any]) -> str:
    """Everything that was found, in words and columns."""
    parts = [_engines(found["engines"]), _bars(found.get("bars", []))]
    return "\n\n".join(part for part in parts if part)


def _engines(engines: dict[str, Any]) -> str:
    shapes = list(next(iter(engines.values())))
    rows = [["microseconds a node (times bare asyncio)", *shapes]]
    for name, measured in engines.items():
        rows.append([name, *(_cell(measured.get(shape)) for shape in shapes)])
    return _lined_up(rows)


def _cell(measured: dict[str, Any] | None) -> str:
    if measured is None:
        return "-"
    if "ratio" not in measured:
        return str(measured.get("said", "failed"))
    return f"{measured['us_per_node']:.1f} ({measured['ratio']:.2f}x)"


def _bars(bars: Iterable[dict[str, Any]]) -> str:
    rows = [["bar", "value", "at most", ""]]
    for bar in bars:
        value, limit = (f"{bar[key]:.4g} {bar['unit']}" for key in ("value", "limit"))
        rows.append([bar["bar"], value, limit, "met" if bar["is_met"] else "MISSED"])
    return _lined_up(rows) if len(rows) > 1 else ""


def _lined_up(rows: Sequence[Sequence[str]]) -> str:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        for row in rows
    ]
    lines.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join(line.rstrip() for line in lines)
