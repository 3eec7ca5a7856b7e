"""Runs and events to keep."""

from agentbench.domain.event import Event, FiringStarted, LineLogged, ValueEmitted
from agentbench.domain.run import RunStatus
from agentbench.domain.store import RunRecord
from agentbench.domain.value import InlineValue, StoredValue


def record(
    run: str = "run-1", *, started: float = 100.0, agent: str = "a"
) -> RunRecord:
    """A run that just began."""
    status = RunStatus.RUNNING
    return RunRecord(id=run, agent=agent, graph="f00d", status=status, started=started)


def line(seq: int, text: str = "said") -> Event:
    """One event."""
    return LineLogged(seq=seq, at=float(seq), node="speak", firing=1, text=text)


def lines(first: int, count: int) -> list[Event]:
    """So many events, numbered from `first`."""
    return [line(seq) for seq in range(first, first + count)]


def firing(first: int) -> list[Event]:
    """The three events of a typical firing."""
    value = InlineValue({"text": "x" * 150})
    return [
        FiringStarted(
            seq=first, at=1.0, node="n", firing=first, attempt=1, inputs={"a": 1}
        ),
        ValueEmitted(
            seq=first + 1, at=1.0, node="n", firing=first, port="out", value=value
        ),
        line(first + 2),
    ]


def stored(seq: int, blob: str) -> Event:
    """One event that refers to a value."""
    value = StoredValue(codec="bytes", blob=blob, size=1, type="bytes")
    return ValueEmitted(
        seq=seq, at=float(seq), node="n", firing=seq, port="out", value=value
    )
