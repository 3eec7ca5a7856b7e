"""Settling: the events that somebody else than an executor adds to a run's log.

Whoever does it holds the run's lease: a decision about what was cut off, an answer, the
end of a run that nobody carries out any more.
"""

import time
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
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
from agentbench.domain.store import RunLog
from agentbench.domain.terms import why_not_answer
from agentbench.domain.value import InlineValue
from agentbench.engine.plan import Plan
from agentbench.engine.state import cut_off_sending
from agentbench.workbench.calls import Answer
from agentbench.workbench.run import Run


def decided(
    log: RunLog, run: str, graph: Graph, fence: int, decisions: Mapping[str, Decision]
) -> list[Event]:
    """The run's events, with what was decided about the firings that were cut off.

    Raises:
        NeedsDecision: nobody decided about one; the run stands so from now on.
        ValueError: a decision is none.
    """
    for node, decision in decisions.items():
        if decision not in get_args(Decision):
            there = ", ".join(get_args(Decision))
            raise ValueError(f"{node!r} can be {there}, not {decision!r}.")
    events = log.events(run)
    unsure = cut_off_sending(graph, events)
    open_still = {node: n for node, n in unsure.items() if node not in decisions}
    if open_still:
        needed = DecisionNeeded(seq=_next(events), at=time.time(), firings=open_still)
        if not isinstance(events[-1], DecisionNeeded):
            status = RunStatus.NEEDS_DECISION
            log.append(run, [needed], fence=fence, status=status).result()
        raise NeedsDecision(run, sorted(open_still))
    told: list[Event] = []
    for node, firings in sorted(unsure.items()):
        for firing in firings:
            seq = _next([*events, *told])
            told.extend(_ended(decisions[node], graph, node, firing, seq))
    if told:
        log.append(run, told, fence=fence).result()
    return [*events, *told]


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
    if reason := why_not_answer(asked[number].choices, asked[number].terms, answer):
        raise AnswerRefused(run.id, f"{node!r} {reason}")
    return number


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
