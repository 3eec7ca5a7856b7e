"""Story: what happened in a run, told without event numbers or times.

The reference interpreter tells one, and `told` reads one off a log, with nothing of the
engine's own: two runs are the same when their stories are.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from agentbench.domain.drawing import Drawing
from agentbench.domain.event import (
    Event,
    FiringCompleted,
    FiringEvent,
    FiringFailed,
    FiringReused,
    FiringSkipped,
    FiringStarted,
    FiringStopped,
    RunFinished,
    RunResumed,
    RunStarted,
    ValueEmitted,
)

COMPLETED, FAILED, HANDLED = "completed", "failed", "handled"
SKIPPED, PINNED = "skipped", "pinned"
ENDS = (FiringCompleted, FiringFailed, FiringSkipped, FiringReused)


@dataclass
class Told:
    """One firing: the values it took and gave, in order, and how it ended."""

    inputs: dict[str, Any]
    emitted: list[tuple[str, Any]] = field(default_factory=list)
    end: str = ""


@dataclass
class Story:
    """A run: its firings by node and number, its outputs, what stayed unfired."""

    firings: dict[tuple[str, int], Told]
    outputs: dict[str, list[Any]]
    unfired: dict[str, int]
    status: str


class Arrival(NamedTuple):
    """A value at a node: the input it came to, and which value of which firing it is."""

    port: str
    source: str
    firing: int
    number: int


def told(graph: Drawing, events: Sequence[Event]) -> Story:
    """The story of a finished run, from its log."""
    values = {e.seq: e.value.data for e in events if isinstance(e, ValueEmitted)}
    firings: dict[tuple[str, int], Told] = {}
    for event in events:
        match event:
            case FiringStarted():
                inputs = {port: values[seq] for port, seq in event.inputs.items()}
                known = firings.setdefault((event.node, event.firing), Told(inputs))
                assert known.inputs == inputs, "a new attempt takes what the first took"
            case ValueEmitted():
                emitted = firings[event.node, event.firing].emitted
                emitted.append((event.port, values[event.seq]))
            case FiringCompleted():
                firings[event.node, event.firing].end = COMPLETED
            case FiringSkipped():
                firings[event.node, event.firing].end = SKIPPED
            case FiringReused():
                firings[event.node, event.firing].end = PINNED
            case FiringFailed():
                end = HANDLED if event.is_handled else FAILED
                firings[event.node, event.firing].end = f"{end}: {event.message}"
    last = events[-1]
    assert isinstance(last, RunFinished)
    outputs: dict[str, list[Any]] = {}
    for id in sorted(graph.nodes):
        block = graph.block_of(id)
        if block and block.role == "output":
            name = graph.node(id).constants["name"]
            of_it = sorted(key for key in firings if key[0] == id)
            given = [pair for key in of_it for pair in firings[key].emitted]
            outputs[name] = [value for port, value in given if port == "value"]
    return Story(firings, outputs, last.unfired, last.status)


def arrivals(graph: Drawing, events: Sequence[Event]) -> dict[str, list[Arrival]]:
    """For each node, what arrived there in which order, as the log has it.

    A value leaves when its firing may give it: at once, or, where the node's values
    leave in firing order, when the last of the earlier firings has ended.
    """
    ends = {(e.node, e.firing): e.seq for e in events if isinstance(e, ENDS)}
    links = sorted(graph.links)
    counts: dict[tuple[str, int], int] = {}
    leaving: list[tuple[int, int, int, ValueEmitted, int]] = []
    for event in events:
        if isinstance(event, ValueEmitted):
            place = (event.node, event.firing)
            number = counts[place] = counts.get(place, -1) + 1
            moment = event.seq
            if graph.node(event.node).options.get("ordered", True):
                before = [(event.node, n) for n in range(1, event.firing)]
                moment = max([moment, *(ends[one] for one in before)])
            leaving.append((moment, event.firing, event.seq, event, number))
    arriving: dict[str, list[Arrival]] = {}
    for *_, event, number in sorted(leaving, key=lambda one: one[:3]):
        for link in links:
            if (link.source, link.output) == (event.node, event.port):
                arrival = Arrival(link.input, event.node, event.firing, number)
                arriving.setdefault(link.target, []).append(arrival)
    return arriving


def check_log(events: Sequence[Event]) -> None:
    """Whatever the graph: the log has no gaps, and each firing's events are in order."""
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    assert isinstance(events[0], RunStarted)
    ends = [event for event in events if isinstance(event, RunFinished)]
    assert ends == [events[-1]]
    whole = {
        type(event) for event in events[1:-1] if not isinstance(event, FiringEvent)
    }
    assert whole <= {RunResumed}
    by_firing: dict[tuple[str, int], list[FiringEvent]] = {}
    begun: dict[str, int] = {}
    for event in events:
        if isinstance(event, FiringEvent):
            by_firing.setdefault((event.node, event.firing), []).append(event)
        if isinstance(event, FiringStarted) and event.attempt == 1:
            assert event.firing > begun.get(event.node, 0), "the oldest starts first"
            begun[event.node] = event.firing
        if isinstance(event, FiringStarted):
            assert all(seq < event.seq for seq in event.inputs.values())
    for each in by_firing.values():
        assert isinstance(each[0], FiringStarted)
        starts = [event.attempt for event in each if isinstance(event, FiringStarted)]
        assert starts == list(range(1, len(starts) + 1))
        ended = [e for e in each if isinstance(e, (*ENDS, FiringStopped))]
        assert ended == [each[-1]], "a firing ends once, and says nothing afterwards"
