"""The report: what was found, as a table that people read."""

from collections.abc import Iterable, Sequence
from typing import Any


def table(found: dict[str, Any]) -> str:
    """Everything that was found, in words and columns."""
    parts = [
        _engines(found["engines"]),
        _reasons(found["engines"]),
        _bars(found.get("bars", [])),
        _missed(found.get("bars", [])),
    ]
    return "\n\n".join(part for part in parts if part)


def _engines(engines: dict[str, Any]) -> str:
    if not engines:
        return ""
    shapes = list(next(iter(engines.values())))
    head = "microseconds a node (times bare asyncio, times agentbench with its log)"
    rows = [[head, *shapes]]
    for name, measured in engines.items():
        rows.append([name, *(_cell(measured.get(shape)) for shape in shapes)])
    return _lined_up(rows)


def _cell(measured: dict[str, Any] | None) -> str:
    if measured is None:
        return "-"
    if "ratio" not in measured:
        return str(measured.get("said", "failed"))
    times = [f"{measured['ratio']:.2f}x"]
    if "over_ours" in measured:  # side by side, in the same rounds
        times.append(f"{measured['over_ours']:.2f}x")
    return f"{measured['us_per_node']:.1f} ({', '.join(times)})"


def _reasons(engines: dict[str, Any]) -> str:
    """Why some cells hold no number."""
    whys = {
        f"{name}: {measured['why']}": None
        for name, shapes in engines.items()
        for measured in shapes.values()
        if "why" in measured
    }
    return "\n".join(whys)


def _missed(bars: Sequence[dict[str, Any]]) -> str:
    missed = sum(not bar["is_met"] for bar in bars)
    return f"{len(bars) - missed} of {len(bars)} bars are met, {missed} missed."


def _bars(bars: Iterable[dict[str, Any]]) -> str:
    rows = [["bar", "found", "promised", ""]]
    for bar in bars:
        unit, limit = bar["unit"], f"{bar['limit']:g}"
        promised = f"at {'least' if bar['is_least'] else 'most'} {limit} {unit}".strip()
        verdict = "met" if bar["is_met"] else "MISSED"
        value = f"{bar['value']:.4g} {unit}".strip()
        rows.append([bar["bar"], value, promised, verdict])
    return _lined_up(rows) if len(rows) > 1 else ""


def _lined_up(rows: Sequence[Sequence[str]]) -> str:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        for row in rows
    ]
    lines.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join(line.rstrip() for line in lines)
