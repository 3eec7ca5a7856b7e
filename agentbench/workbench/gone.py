"""Gone: what stands for a value that can no longer be had."""

from agentbench.domain.value import LiveValue, ValueRef


class Gone:
    """Stands for a value that can no longer be had, and says why."""

    def __init__(self, ref: ValueRef, reason: str) -> None:
        self.type = ref.type if isinstance(ref, LiveValue) else "value"
        self.reason = reason

    def __repr__(self) -> str:
        return f"<gone: {self.reason}>"
