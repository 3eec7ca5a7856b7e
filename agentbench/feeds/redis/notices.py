"""Notices: what the streams on the server are called, and what is in them."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from agentbench.domain.event import Progressed, RunHeld

KEPT = 1000
"""About how many notices a stream keeps."""

LASTS = 3600
"""Seconds after its last notice for which a stream stays on the server."""

FAR_REASON = (
    "Its store has no room left, or is away: it goes on by itself once that is over."
)
"""Why a run of another kernel stands still."""


@dataclass(frozen=True)
class Names:
    """The keys of one namespace, and the id by which a process knows its own notices."""

    namespace: str
    client: str

    def run(self, run: str) -> str:
        """The stream of one run."""
        return f"{self.namespace}:feed:run:{run}"

    def agent(self, agent: str) -> str:
        """The stream of every run of an agent; its name itself stays out of the server."""
        mark = hashlib.sha256(agent.encode(errors="replace")).hexdigest()[:32]
        return f"{self.namespace}:feed:agent:{mark}"

    def wake(self) -> str:
        """The stream by which a process wakes its own thread that hears."""
        return f"{self.namespace}:feed:wake:{self.client}"


def notice_of_log(client: str, run: str, seq: int) -> dict[str, Any]:
    """That a run's log goes up to event number `seq`."""
    return {"by": client, "run": run, "seq": seq}


def notice_of_progress(client: str, run: str, event: Progressed) -> dict[str, Any]:
    """How far a firing is, without its text, which may hold anything."""
    return {
        "by": client,
        "run": run,
        "node": event.node,
        "firing": event.firing,
        "done": event.done,
        "total": event.total,
    }


def notice_of_hold(client: str, run: str, event: RunHeld) -> dict[str, Any]:
    """That a run stands still or goes on, without the reason, which may hold anything."""
    return {"by": client, "run": run, "held": int(bool(event.reason))}


def hold_in(notice: Mapping[str, str]) -> RunHeld | None:
    """What a notice says of a run that stands still; None for one of another kind."""
    if "held" not in notice:
        return None
    return RunHeld(reason=FAR_REASON if notice["held"] == "1" else "")


def progress_in(notice: Mapping[str, str]) -> Progressed | None:
    """The progress that a notice tells; None for one of another kind, or a strange one."""
    try:
        return Progressed(
            node=notice["node"],
            firing=int(notice["firing"]),
            done=float(notice["done"]),
            total=float(notice["total"]),
            text="",
        )
    except (KeyError, ValueError):
        return None


def last_event_in(notice: Mapping[str, str]) -> int:
    """The number up to which a notice says that there are events; 0 for none."""
    try:
        return int(notice["seq"])
    except (KeyError, ValueError):
        return 0
