"""Settling: the events that somebody else than an executor adds to a run's log.

Whoever does it holds the run's lease: a decision about what was cut off, an answer, the
end of a run that nobody carries out any more.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, get_args

import msgspec

from agentbench.domain.block import ERROR
from agentbench.domain.errors import AnswerRefused, NeedsDecision
from agentbench.domain.event import (
    DecisionNeeded,
    Event,
    FiringAnswered,
    FiringCompleted,
    FiringFailed,
    FiringStopped,
    RunFinished,
    ValueEmitted,
)
from agentbench.domain.graph import Graph
from agentbench.domain.run import Decision, FiringStatus, RunStatus
from agentbench.domain.store import RunLog, RunRecord
from agentbench.domain.terms import as_choice, why_not_answer
from agentbench.domain.value import InlineValue
from agentbench.engine.plan import Plan, Ready
from agentbench.workbench.calls import Answer
from agentbench.workbench.run import Run

MOST_PARTS = 100_000
"""So many parts of a run are looked through for those that were cut off."""

TAKING = 1.0
"""Seconds in which an owner that was told an answer has it in the log."""


@dataclass(frozen=True)
class CutOff:
    """A run as it was cut off: the one that people started, or a part that it waited for.

    `address` is the part's place in the tree, empty for the root.
    """

    id: str
    address: str
    graph: Graph
    events: list[Event]
    running: list[Ready]

    @property
    def sending(self) -> dict[str, list[int]]:
        """By node and its address, the firings that were sending something out."""
        found: dict[str, list[int]] = {}
        for ready in self.running:
            block = self.graph.block_of(ready.node)
            if block is not None and block.effects == "sends":
                found.setdefault(self.name_of(ready.node), []).append(ready.firing)
        return found

    def name_of(self, node: str) -> str:
        """A node as decisions name it: `mail`; in a part `brief.1/mail`."""
        return f"{self.address}/{node}" if self.address else node


def cut_off(
    log: RunLog, run: str, graph: Graph, graph_of: Callable[[RunRecord], Graph]
) -> list[CutOff]:
    """The tree of a run as it was cut off: the root first, then what goes on with it."""
    below = {
        record.id: record
        for record in log.runs(under=run, limit=MOST_PARTS)
        if not record.status.is_final
    }
    tree = [_cut_off(log, run, "", graph)]
    for above in tree:  # which grows meanwhile
        for ready in above.running:
            place = f"{above.id}.{ready.node}.{ready.firing}."
            depth = place.count(".")
            for id in [id for id in below if id.startswith(place)]:
                if id.count(".") == depth:
                    address = id.partition(".")[2].rstrip(".")
                    tree.append(_cut_off(log, id, address, graph_of(below.pop(id))))
    return tree


def _cut_off(log: RunLog, run: str, address: str, graph: Graph) -> CutOff:
    events, plan = log.events(run), Plan(graph)
    for event in events:
        plan.apply(event)
    return CutOff(run, address, graph, events, list(plan.running()))


def decided(
    log: RunLog,
    tree: Sequence[CutOff],
    *,
    owner: str,
    fence: int,
    decisions: Mapping[str, Decision],
) -> list[Event]:
    """The root's events, with what was decided about firings that were cut off in the tree.

    Raises:
        NeedsDecision: nobody decided about one; the run stands so from now on.
        ValueError: a decision is none.
    """
    for node, decision in decisions.items():
        if decision not in get_args(Decision):
            there = ", ".join(get_args(Decision))
            raise ValueError(f"{node!r} can be {there}, not {decision!r}.")
    root = tree[0]
    unsure = {name: n for part in tree for name, n in part.sending.items()}
    open_still = {name: n for name, n in unsure.items() if name not in decisions}
    if open_still:
        last, seq = root.events[-1], _next(root.events)
        needed = DecisionNeeded(seq=seq, at=time.time(), firings=open_still)
        if not isinstance(last, DecisionNeeded) or last.firings != open_still:
            status = RunStatus.NEEDS_DECISION
            log.append(root.id, [needed], fence=fence, status=status).result()
        raise NeedsDecision(root.id, sorted(open_still))
    # The deepest first: what is decided there stands, should we die before the rest.
    for part in reversed(tree):
        told = _decided(part, decisions)
        if told and part is not root:
            log.claim_run(part.id, owner=owner, fence=fence)
        if told:
            log.append(part.id, told, fence=fence).result()
    return [*root.events, *told]


def _decided(part: CutOff, decisions: Mapping[str, Decision]) -> list[Event]:
    told: list[Event] = []
    for ready in sorted(part.running, key=lambda ready: ready[:2]):
        name = part.name_of(ready.node)
        if ready.firing in part.sending.get(name, ()):
            seq = _next([*part.events, *told])
            node, firing = ready[:2]
            told.extend(_ended(decisions[name], part.graph, node, firing, seq))
    return told


def parked_firing(run: Run, node: str, firing: int | None, answer: Any) -> int:
    """The number of the firing that waits for this answer: the oldest, if none is named.

    Raises:
        AnswerRefused: none waits, or not for that answer.
    """
    firings = run.nodes[node].firings if node in run.nodes else {}
    asked = {number: it for number, f in firings.items() if (it := f.asks) is not None}
    number = min(asked, default=None) if firing is None else firing
    if number is None or number not in asked:
        every = sorted(
            id
            for id, state in run.nodes.items()
            if any(f.status is FiringStatus.WAITING for f in state.firings.values())
        )
        there = f"these nodes wait: {', '.join(every)}" if every else "nothing waits"
        raise AnswerRefused(run.id, f"{node!r} waits for none; {there}.")
    choices = asked[number].choices
    said = as_choice(choices, answer)
    if reason := why_not_answer(choices, asked[number].terms, said):
        raise AnswerRefused(run.id, f"{node!r} {reason}")
    return number


def in_its_words(run: Run, node: str, firing: int, answer: Any) -> Any:
    """An answer as the question names it: True for `approve`, False for `reject`."""
    asks = run.nodes[node].firings[firing].asks
    return answer if asks is None else as_choice(asks.choices, answer)


def is_taken(run: Run, said: Answer) -> bool:
    """Whether an answer that its owner was told is in the log, now or in a moment.

    An owner that is just leaving may still be subscribed, and hear nothing any more.
    """
    end = time.monotonic() + TAKING
    while run.nodes[said.node].firings[said.firing].asks is not None:
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def answered(log: RunLog, run: str, fence: int, said: Answer) -> list[Event]:
    """The run's events, with an answer at their end."""
    events = log.events(run)
    event = FiringAnswered(
        seq=_next(events),
        at=time.time(),
        node=said.node,
        firing=said.firing,
        answer=said.answer,
        by=said.by,
    )
    log.append(run, [event], fence=fence).result()
    return [*events, event]


def stopped(log: RunLog, run: str, graph: Graph, fence: int) -> "Future[None]":
    """Ends a run that nobody carries out; done once that is in the log."""
    events = log.events(run)
    plan = Plan(graph)
    for event in events:
        plan.apply(event)
    now = time.time()
    told: list[Event] = []
    for ready in [*plan.running(), *plan.parked()]:
        seq = _next([*events, *told])
        told.append(
            FiringStopped(
                seq=seq, at=now, node=ready.node, firing=ready.firing, seconds=0.0
            )
        )
    told.append(
        RunFinished(
            seq=_next([*events, *told]),
            at=now,
            status=RunStatus.STOPPED,
            seconds=0.0,
            unfired=plan.unfired(),
        )
    )
    return log.append(run, told, fence=fence, status=RunStatus.STOPPED)


def _ended(
    decision: Decision, graph: Graph, node: str, firing: int, seq: int
) -> Sequence[Event]:
    now = time.time()
    if decision == "done":
        return [FiringCompleted(seq=seq, at=now, node=node, firing=firing, seconds=0.0)]
    if decision == "failed":
        is_handled = any(
            link.source == node and link.output == ERROR.name for link in graph.links
        )
        failed = FiringFailed(
            seq=seq,
            at=now,
            node=node,
            firing=firing,
            seconds=0.0,
            error="CutOff",
            message="It was cut off while it was sending; somebody decided that it failed.",
            traceback="",
            is_handled=is_handled,
        )
        if not is_handled:
            return [failed]
        told = ValueEmitted(
            seq=seq,
            at=now,
            node=node,
            firing=firing,
            port=ERROR.name,
            value=InlineValue(failed.message),
        )
        return [told, msgspec.structs.replace(failed, seq=seq + 1)]
    return []


def _next(events: Sequence[Event]) -> int:
    return events[-1].seq + 1 if events else 1
