"""Recordings of calls, and cases made of them."""

from collections.abc import Sequence

from agentbench.domain.errors.backend import BackendError
from agentbench.domain.errors.base import AgentbenchError
from agentbench.domain.errors.run import RunError


class ReplayMiss(RunError):
    """A call was made that is not in the recording."""

    def __init__(
        self,
        call: str,
        caller: str,
        folder: str,
        *,
        nearest: str = "",
        changes: Sequence[str] = (),
        why: str = "",
    ) -> None:
        """`call` and `caller` in words; `changes` from the `nearest` recording to it."""
        self.call, self.caller, self.folder = call, caller, folder
        self.nearest, self.changes = nearest, list(changes)
        said = [f"The call {call!r} of {caller} is not recorded in {folder}. {why}"]
        if nearest:
            said.append(f"The nearest recorded one is {nearest}; since then changed:")
            said += [f"    {change}" for change in self.changes]
        said.append(
            "If that is as it should be, record again: replay='record' (`%agent run"
            " --replay record`, `agentbench run --replay record`,"
            " AGENTBENCH_REPLAY=record); 'auto' records only what is missing. For a"
            " case, `agentbench test --update`."
        )
        super().__init__("\n".join(line.rstrip() for line in said))


class RecordingError(BackendError):
    """A recording cannot be read or written."""


class RecordingDamaged(RecordingError):
    """A file of a recording is none, or not one that this version reads."""

    def __init__(self, file: str, reason: str) -> None:
        self.file, self.reason = file, reason
        super().__init__(
            f"The recording {file} cannot be read: {reason}. Bring it back from git, or"
            " delete it and record again (replay='record')."
        )


class SecretInRecording(RecordingError):
    """A secret would have been written to a recording; nothing was written."""

    def __init__(self, secret: str, call: str) -> None:
        self.secret, self.call = secret, call
        super().__init__(
            f"The call {call!r} was not recorded: the secret {secret!r} would be in the"
            " file, in a form that could not be taken out of it. Run it with"
            " replay='live', or do not send the secret there."
        )


class CaseError(AgentbenchError):
    """A saved case cannot be read, or asks for what there is not."""

    def __init__(self, file: str, reason: str) -> None:
        self.file, self.reason = file, reason
        super().__init__(f"The case {file} cannot be used: {reason}")
