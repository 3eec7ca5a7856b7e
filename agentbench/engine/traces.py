"""Tracebacks of blocks, from the first line that is the block's own."""

import traceback
from types import TracebackType

from agentbench.domain.errors import BlockRaised, WorkerLost

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
    if isinstance(error, (BlockRaised, WorkerLost)):
        return error.traceback
    try:
        error = error.with_traceback(_from_the_block(error.__traceback__))
        return "".join(traceback.format_exception(error))
    except Exception:  # noqa: BLE001 - a message may fail as well
        return "".join(traceback.format_tb(error.__traceback__))


def _from_the_block(trace: TracebackType | None) -> TracebackType | None:
    first = trace
    while first is not None and first.tb_frame.f_globals.get("__name__") in _OWN:
        first = first.tb_next
    return first or trace
