"""Tenure: by what right a run is written, and whether that is certain yet."""

import asyncio

from agentbench.domain.block import Block


class Tenure:
    """That a run is kept and its lease held: until then nothing of it is written.

    Who has asked for both need not wait for them with blocks that are pure: what those
    do may be thrown away. Only to be used on the engine's loop.
    """

    def __init__(self, fence: int | None = None) -> None:
        """`fence` is the lease's number where it is held; None where that is to come."""
        self.fence: int = fence or 0
        """What every write is sent with; 0 while there is none."""
        self.is_certain: bool = fence is not None
        self._told: asyncio.Future[None] | None = None

    def begin(self, fence: int) -> None:
        """The run is kept, and its lease held."""
        self.fence, self.is_certain = fence, True
        if self._told is not None and not self._told.done():
            self._told.set_result(None)

    def refuse(self, error: BaseException) -> None:
        """It cannot be kept, or not be held: whoever waits is told why."""
        told = self._future()
        if not told.done():
            told.set_exception(error)
            told.exception()  # it is known, also where nobody waits

    def holds_back(self, block: Block | None) -> bool:
        """Whether a firing of that block waits until it is."""
        return not self.is_certain and (block is None or block.effects != "pure")

    async def certain(self) -> None:
        """Returns when it is.

        Raises:
            BackendError: it will never be.
        """
        if not self.is_certain:
            await asyncio.shield(self._future())

    def _future(self) -> "asyncio.Future[None]":
        if self._told is None:
            self._told = asyncio.get_running_loop().create_future()
        return self._told
