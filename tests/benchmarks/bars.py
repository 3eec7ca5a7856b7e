"""The bars: what was promised of the speed, each met or missed."""

from collections.abc import Iterator
from typing import Any

from tests.benchmarks.engine import IN_MEMORY, LOGGED


def judged(found: dict[str, Any]) -> list[dict[str, Any]]:
    """Every bar that what was found can answer: its words, limit, value and verdict."""
    engines = found.get("engines", {})
    return [
        *_over_bare(engines),
        *_beside_peers(engines),
        *_scale(found.get("scale")),
        *_film(found.get("film")),
        *_locks(found.get("locks")),
        *_startup(found.get("startup")),
        *_editor(found.get("editor")),
    ]


def _bar(
    words: str, value: float, limit: float, *, unit: str = "x", least: bool = False
) -> dict[str, Any]:
    return {
        "bar": words,
        "value": value,
        "limit": limit,
        "unit": unit,
        "is_least": least,
        "is_met": value >= limit if least else value <= limit,
    }


def _over_bare(engines: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for name, words, limit in (
        (LOGGED, "with the durable log", 12.0),
        (IN_MEMORY, "with the in-memory store", 5.0),
    ):
        for shape, measured in engines.get(name, {}).items():
            most = 1.15 if shape.startswith("sleep") else limit
            yield _bar(f"{shape} {words}, over bare asyncio", measured["ratio"], most)


def _beside_peers(engines: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """With our log on, though they keep none; we and the peer side by side, in turns."""
    for name, shapes in engines.items():
        limit = 20.0 if name == "langgraph-sqlite" else 1.0
        for shape, measured in shapes.items():
            if "over_ours" in measured and not (
                limit > 1 and shape.startswith("sleep")
            ):
                words = f"{shape}: times faster than {name}"
                yield _bar(words, measured["over_ours"], limit, least=True)


def _scale(scale: dict[str, Any] | None) -> Iterator[dict[str, Any]]:
    if scale is None:
        return
    longest = scale["stream"]["100000"]
    yield _bar("a firing of 100,000 over one of 1,000", scale["flat"], 1.25)
    yield _bar("memory of 100,000 firings", longest["memory_mb"], 200, unit="MB")
    yield _bar("validate 10,000 nodes", scale["validate_s"], 3, unit="s")
    yield _bar("resume 10,000 nodes: first firing", scale["resume_s"], 2, unit="s")


def _film(film: dict[str, Any] | None) -> Iterator[dict[str, Any]]:
    if film is None:
        return
    for name, words, limit in (
        ("paint_s", "a timeline of 100,000 firings, its first bars told", 0.3),
        ("timeline_s", "the same, read to its end", 4.0),
        ("canvas_s", "a run of them of earlier, its first nodes told", 0.3),
        ("firing_s", "a firing of 100,000, looked at", 0.3),
        ("on_s", "one event on", 0.3),
        ("back_s", "one event back", 0.3),
        ("jump_s", "any event of 400,000", 0.5),
        ("page_s", "their page to share, written", 10.0),
    ):
        yield _bar(f"film: {words}", film[name], limit, unit="s")


def _locks(locks: dict[str, Any] | None) -> Iterator[dict[str, Any]]:
    if locks is None:
        return
    alone, many = locks["cycle_over_pings"], locks["many"]
    share = locks["longest_over_fair"]["ours"]
    times = locks["crowd_over_redis_py"]
    yield _bar("take + release over two PINGs of the same client", alone, 1.35)
    words = "50 on one key: times redis-py's throughput at a 10 ms poll"
    yield _bar(words, times, 1.4, least=True)
    yield _bar("50 on one key: longest wait over the fair share", share, 1.5)
    for key, where in (("handover", "in one"), ("two_processes", "between two")):
        for part, limit in (("p50_ms", 1.5), ("p99_ms", 5.0)):
            words = f"hand-over {where} process{'es' * (key != 'handover')}, {part[:3]}"
            yield _bar(words, locks[key][part], limit, unit="ms")
    yield _bar("1,000 on one key: commands each", many["commands_each"], 15, unit="")
    is_fifo = float(many["is_fifo"])
    yield _bar(
        "1,000 on one key: first come, first served", is_fifo, 1, unit="", least=True
    )


def _startup(startup: dict[str, Any] | None) -> Iterator[dict[str, Any]]:
    if startup is not None:
        words = "%load_ext agentbench over ipywidgets"
        yield _bar(words, startup["load_ext_ms"], 150, unit="ms")


def _editor(editor: dict[str, Any] | None) -> Iterator[dict[str, Any]]:
    if editor is None:
        return
    for size, limit in (("200", 0.8), ("1000", 2.0), ("2000", 4.0)):
        words, value = f"first paint of {int(size):,} nodes", editor["first_paint_s"]
        yield _bar(words, value[size], limit, unit="s")
    for key, words, least in (
        ("pan_whole_fps", "panning 1,000 nodes, all in sight", 30),
        ("pan_near_fps", "panning 1,000 nodes, zoomed in", 55),
        ("storm_fps", "1,000 statuses a second into 1,000 nodes", 45),
    ):
        yield _bar(words, editor[key], least, unit="frames a second", least=True)
    words = "nodes that did not show their last status"
    yield _bar(words, editor["storm_lost"], 0, unit="")
    words = "a key typed into 1,000 nodes, to the screen"
    yield _bar(words, editor["typing_ms"], 50, unit="ms")
    for edit, size in editor["edit_bytes"].items():
        yield _bar(f"largest message of an edit: {edit}", size, 2_000, unit="bytes")
