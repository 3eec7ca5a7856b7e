"""What happened in a run."""

from collections.abc import Iterable, Sequence
from typing import Any

from agentbench.domain.errors.base import AgentbenchError, close_to


class RunError(AgentbenchError):
    """Something happened in a run."""


class RunFailed(RunError):
    """A run ended `failed` and you asked to be told; `failures` lists each one."""

    def __init__(self, run: str, failures: Sequence[Any]) -> None:
        self.run, self.failures = run, list(failures)
        lines = ""
        for failure in self.failures:
            line = getattr(failure, "line", "")
            lines += f"\n  - {failure}" + (f"\n    {line}" if line else "")
        super().__init__(f"The run failed:{lines}")


class NeedsDecision(RunError):
    """A run was cut off while a block was sending something; it is not sent again unasked."""

    def __init__(self, run: str, nodes: Sequence[str]) -> None:
        self.run, self.nodes = run, list(nodes)
        named = ", ".join(repr(node) for node in nodes)
        super().__init__(
            f"The run {run} was cut off while {named} was sending something out, and"
            " nobody knows whether it was sent. Look, then go on with"
            " `resume(..., decisions={node: 'again'})` to send it again, `'done'` where"
            " it was sent, or `'failed'`; or stop the run."
            " (`%agent resume RUN --again NODE`, `--done NODE`, `--failed NODE`; in a"
            " terminal `agentbench resume`.)"
        )


class UnknownRun(RunError):
    """No run has that id."""

    def __init__(self, run: str, known: Iterable[str] = ()) -> None:
        self.run = run
        super().__init__(
            f"There is no run {run!r}.{close_to(run, known)}"
            " `%agent runs` (or `agentbench runs`) lists them."
        )


class RunClash(RunError):
    """There is another run of that id already."""

    def __init__(self, run: str, where: str, difference: str) -> None:
        self.run, self.where = run, where
        super().__init__(
            f"{where} holds a run {run} that is not the one of that id here:"
            f" {difference}. Nothing was taken in. To look at it, open it beside: with"
            " another AGENTBENCH_HOME or AGENTBENCH_STORE_URL."
        )


class RunFileError(RunError):
    """The file is no run file, or a damaged one."""

    def __init__(self, where: str, reason: str) -> None:
        self.where, self.reason = where, reason
        super().__init__(
            f"{where} cannot be read as a run: {reason} Nothing was taken in."
        )


class RunTaken(RunError):
    """Another owner holds the run."""

    def __init__(self, run: str, owner: str) -> None:
        self.run, self.owner = run, owner
        super().__init__(
            f"The run {run} belongs to {owner} and is still alive there."
            f" Stop it first (`%agent stop {run}`, or `agentbench stop {run}`), or wait"
            " for it."
        )


class RunCutOff(RunError):
    """A run of ours may not go on here: its lease was lost."""

    def __init__(self, run: str, reason: str) -> None:
        self.run, self.reason = run, reason
        super().__init__(
            f"The run {run} was cut off here: {reason}. What it had done is kept;"
            f" `%agent resume {run}` (or `agentbench resume {run}`) goes on with it."
        )

    @classmethod
    def while_stopped(cls, run: str, error: Exception) -> "RunCutOff":
        """It was stopped, and the store could not keep that, for the reason that it gives."""
        said = f"it was stopped, which could not be written down. {error}"
        return cls(run, said.rstrip("."))


class BlockTimeout(RunError):
    """A firing took longer than its node allows."""

    def __init__(self, node: str, seconds: float) -> None:
        self.node, self.seconds = node, seconds
        super().__init__(
            f"Node {node!r} took longer than its timeout of {seconds:g} s."
            " Raise the node's `timeout` option, or make it do less at a time."
        )


class AnswerRefused(RunError):
    """Nothing waits for the answer, or it is none of those that are taken."""

    def __init__(self, run: str, reason: str) -> None:
        self.run, self.reason = run, reason
        super().__init__(f"The run {run} did not take the answer: {reason}")


class NobodyAnswered(RunError):
    """The time for an answer is over, and the question has no default."""

    def __init__(self, question: str) -> None:
        self.question = question
        super().__init__(
            f"Nobody answered in time: {question!r}. Give the node a longer `timeout`, or"
            " a `default` that counts when nobody answers."
        )


class SubAgentFailed(RunError):
    """An agent that a firing called did not complete."""

    def __init__(self, agent: str, run: str, reasons: Sequence[Any]) -> None:
        self.agent, self.run, self.reasons = agent, run, list(reasons)
        said = "; ".join(map(str, self.reasons))
        super().__init__(f"The agent {agent!r} did not complete ({run}): {said}")


class PoisonFiring(RunError):
    """A firing took its kernel down with it, so often that it is not tried again."""

    def __init__(self, node: str, times: int) -> None:
        self.node, self.times = node, times
        super().__init__(
            f"The kernel died {times} times while {node!r} was running, so it is not"
            " tried again. Look at what it is given, or let its block run in a process"
            ' of its own (`@ab.block(isolation="process")`).'
        )


class PortValueError(RunError):
    """A value is not of its port's type."""

    def __init__(self, port: str, side: str, wanted: str, got: str) -> None:
        self.port, self.side = port, side
        super().__init__(f"The {side} {port!r} takes {wanted}, but got {got}.")
