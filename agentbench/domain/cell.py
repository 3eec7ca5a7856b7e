"""The cell that runs now, where there are cells: by it a graph knows that it is built again."""

from collections.abc import Callable

_running = ""
_at_end: list[Callable[[bool], None]] = []


def running() -> str:
    """The id of the cell that runs; empty where nobody knows it."""
    return _running


def begin(id: str) -> None:
    """Says which cell runs from now on."""
    global _running  # noqa: PLW0603 - a kernel runs one cell at a time
    _running = id
    _at_end.clear()


def at_end(call: Callable[[bool], None]) -> None:
    """Calls once the cell has ended, with whether it ended well."""
    _at_end.append(call)


def end(*, is_well: bool) -> None:
    """Says that the cell has ended."""
    calls = list(_at_end)
    begin("")
    for call in calls:
        call(is_well)
