"""Agents of other programs, and of other people: what does not run here, or not yet."""

import shlex

from agentbench.domain.errors.graph import GraphError
from agentbench.domain.errors.run import RunError


class FormatRefused(GraphError):
    """A file is in no format that can be read, or an agent cannot be written in one."""

    def __init__(self, what: str, reason: str) -> None:
        self.what, self.reason = what, reason
        super().__init__(f"{what} was not taken: {reason}")


class BlockNotHere(RunError):
    """The node holds the place of a block of another program that does not run here."""

    def __init__(self, title: str, reason: str) -> None:
        self.title, self.reason = title, reason
        super().__init__(f"{title!r} does not run here. {reason}".strip())


class BlockOff(RunError):
    """The block is switched off here, wherever it is placed."""

    def __init__(self, block: str) -> None:
        self.block = block
        super().__init__(
            f"The block {block!r} is switched off here (`AGENTBENCH_BLOCKS_OFF`)."
        )


class CodeNotTrusted(RunError):
    """The agent holds code that nobody here has agreed to, or that was changed since."""

    def __init__(self, agent: str, block: str, file: str = "") -> None:
        self.agent, self.block = agent, block
        name, place = shlex.quote(agent), shlex.quote(file or agent)
        super().__init__(
            f"The agent {agent!r} comes from elsewhere and holds code, or calls tools"
            f" ({block}), which would run as you. Read it, then allow it as it is now:"
            f" `%agent trust {name}`, or `agentbench trust {place}`."
        )
