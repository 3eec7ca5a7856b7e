"""Tracebacks of blocks, from the first line that is the block's own."""

import traceback
from types import TracebackType

_OWN = {
    "agentbench.domain.function_block",
    "agentbench.engine.attempts",
    "agentbench.engine.firing",
    "agentbench.engine.loop",
    "agentbench.engine.threads",
    "asyncio.futures",
}
"""Modules whose frames lead to a block and say nothing of it."""


def lines_of(error: BaseException) -> str:
    """The traceback as Python prints it, without what is ours at its top."""
    try:
        error = error.with_traceback(_from_the_block(error.__traceback__))
        return "".join(traceback.format_exception(error))
    except Exception:  # noqa: BLE001 - a message may fail as well
        return "".join(traceback.format_tb(error.__traceback__))


def own_line(error: BaseException) -> str:
    """Where in the block's own code it was: `line 3 of double: return 2 / number`.

    No file is named: that of a cell has another name in every kernel. Empty for a block
    of ours, whose lines tell its user nothing.
    """
    first = _from_the_block(error.__traceback__)
    if first is None:
        return ""
    frame = first.tb_frame
    module = str(frame.f_globals.get("__name__", ""))
    if module.partition(".")[0] == __name__.partition(".")[0]:
        return ""
    own = [
        (step.lineno, step.name, step.line)
        for step in traceback.extract_tb(first)
        if step.filename == frame.f_code.co_filename
    ]
    number, name, text = own[-1]
    return f"line {number} of {name}: {text}" if text else f"line {number} of {name}"


def _from_the_block(trace: TracebackType | None) -> TracebackType | None:
    first = trace
    while first is not None and first.tb_frame.f_globals.get("__name__") in _OWN:
        first = first.tb_next
    return first or trace
