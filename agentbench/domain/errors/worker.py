"""What happened in a worker process."""

from agentbench.domain.errors.run import RunError


class BlockRaised(RunError):
    """A block raised something in its worker process.

    What was raised is not rebuilt here: its name, its message and its traceback come
    as text, so that nothing a worker says becomes an object of a class it names.
    """

    def __init__(self, message: str, traceback: str) -> None:
        self.traceback = traceback
        super().__init__(message)

    @staticmethod
    def named(kind: str, message: str, traceback: str) -> "BlockRaised":
        """The error, of a class that is called as the one that was raised."""
        name = kind if kind.isidentifier() else "BlockRaised"
        return type(name, (BlockRaised,), {})(message, traceback)  # type: ignore[no-any-return]


class WorkerLost(RunError):
    """A worker process ended in the middle of a firing.

    `signal` names what ended it, such as `SIGSEGV`; it is empty when the process ended
    by itself with the exit code `code`. `traceback` is what it said last.
    """

    def __init__(
        self, block: str, *, signal: str, code: int, meaning: str, traceback: str = ""
    ) -> None:
        self.block, self.signal, self.code = block, signal, code
        self.traceback = traceback
        how = f"was ended by {signal}" if signal else f"ended with exit code {code}"
        super().__init__(
            f"The worker process of {block!r} {how} in the middle of a firing: {meaning}"
        )


class OverLimit(RunError):
    """A firing used more than its block's limits allow, and lost its worker process."""

    def __init__(self, block: str, limit: str) -> None:
        self.block = block
        super().__init__(
            f"A firing of {block!r} used more than its limit of {limit}. Raise the"
            " block's `limits`, or make it do less at a time."
        )


class WorkerValueError(RunError):
    """A value cannot go from process to process."""

    def __init__(self, block: str, what: str, got: str, reason: str) -> None:
        self.block = block
        super().__init__(
            f"{what} of {block!r} is {got}, which cannot go to or from its worker"
            f" process: {reason} Give it as plain data, or run the block with"
            ' isolation="thread".'
        )
