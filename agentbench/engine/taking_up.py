"""Taking up: what is ready again of a run that was cut off or parked."""

from agentbench.domain.errors import PoisonFiring
from agentbench.engine.attempts import Attempts
from agentbench.engine.chronicle import Chronicle
from agentbench.engine.parking import Parking
from agentbench.engine.roster import Roster
from agentbench.engine.site import CRASHES


def take_up(
    book: Chronicle, attempts: Attempts, roster: Roster, parking: Parking
) -> None:
    """Lines up what the run has left, and fails what took too many kernels down."""
    plan = book.plan
    attempts.unsure.update(plan.ready, (ready[:2] for ready in plan.running()))
    for ready in plan.running():
        past = book.trail.past(ready.node, ready.firing)
        crashes = past.cut_off + past.is_open
        if crashes >= CRASHES:
            attempts.fail(ready, PoisonFiring(ready.node, CRASHES))
        elif crashes == CRASHES - 1:
            roster.suspect(ready)
        else:
            roster.add([ready])
    parking.wake_callers()
    # What had started before the run was cut off is not ready any more, or again.
    known = dict.fromkeys(ready[:2] for ready in plan.news)
    roster.add(plan.ready[key] for key in known if key in plan.ready)
    plan.news.clear()
    for ready in plan.parked():
        parking.wait_for(ready)
