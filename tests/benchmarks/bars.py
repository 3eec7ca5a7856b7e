"""The bars: what was promised of the speed, each met or missed."""

from typing import Any

from tests.benchmarks.engine import IN_MEMORY, LOGGED


def judged(found: dict[str, Any]) -> list[dict[str, Any]]:
    """Every bar that what was found can answer: its words, limit, value and verdict."""
    return [*_engine_bars(found.get("engines", {}))]


def _bar(words: str, value: float, limit: float, *, unit: str = "x") -> dict[str, Any]:
    return {
        "bar": words,
        "value": value,
        "limit": limit,
        "unit": unit,
        "is_met": value <= limit,
    }


def _engine_bars(engines: dict[str, Any]) -> list[dict[str, Any]]:
    made = []
    for shape, measured in engines.get(LOGGED, {}).items():
        limit = 1.15 if shape.startswith("sleep") else 12.0
        words = f"{shape} with the durable log, over bare asyncio"
        made.append(_bar(words, measured["ratio"], limit))
    for shape, measured in engines.get(IN_MEMORY, {}).items():
        limit = 1.15 if shape.startswith("sleep") else 5.0
        words = f"{shape} with the in-memory store, over bare asyncio"
        made.append(_bar(words, measured["ratio"], limit))
    return made
