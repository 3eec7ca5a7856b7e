"""Workers: processes in which blocks run that could hang, crash or eat up the kernel."""

from collections.abc import AsyncIterator, Mapping
from typing import Any, Protocol

from agentbench.domain.block import Block, Emission
from agentbench.domain.context import Context


class Workers(Protocol):
    """Runs firings in processes of their own, one at a time in each.

    A worker is no sandbox: what runs there has the user's rights. It is there so that
    a block can be ended whatever it does, and takes nothing else with it.
    """

    def run(
        self, block: Block, inputs: Mapping[str, Any], context: Context
    ) -> AsyncIterator[Emission]:
        """Runs one firing as `block.run` would, somewhere else.

        Values come one by one, and the block waits when nobody takes them. Closing the
        iterator ends the firing: it is asked, then told (SIGTERM), then killed, with
        every process it started in its session, all within two seconds.

        Raises:
            WorkerValueError: an input or an output cannot go from process to process.
            WorkerLost: the process ended in the middle of the firing.
            OverLimit: it was ended because it used more than the block's limits allow.
            BlockRaised: the block raised; its class has the name of what was raised.
        """
        ...

    def close(self) -> None:
        """Ends every worker at once. Closing twice is no error."""
