"""What you added does not fit."""

from agentbench.domain.errors.base import AgentbenchError


class PluginError(AgentbenchError):
    """What you added does not fit."""


class BlockDefinitionError(PluginError):
    """A function cannot be made a block."""

    def __init__(self, function: str, reason: str) -> None:
        self.function, self.reason = function, reason
        super().__init__(f"{function} cannot be made a block: {reason}")


class DuplicateName(PluginError):
    """The name is taken."""

    def __init__(self, kind: str, name: str) -> None:
        self.kind, self.name = kind, name
        super().__init__(f"There is already a {kind} named {name!r}.")


class MissingLibrary(PluginError):
    """An optional library is not installed."""

    def __init__(self, what: str, library: str, extra: str) -> None:
        self.library, self.extra = library, extra
        super().__init__(
            f"{what} needs {library}, which is not installed in the kernel's"
            f" environment. Install it with: pip install 'agentbench[{extra}]'"
        )
