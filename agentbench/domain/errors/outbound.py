"""What the one door to the network did not let out."""

from agentbench.domain.errors.base import AgentbenchError


class OutboundRefused(AgentbenchError, ConnectionRefusedError):
    """The door did not let a request out; nothing was sent."""


class Offline(OutboundRefused):
    """Nothing is let out, because somebody said so."""

    def __init__(self, what: str) -> None:
        super().__init__(
            f"{what} was not sent: AGENTBENCH_OFFLINE is set."
            " Unset it to let blocks reach the network."
        )
