"""Usage: what a run and the runs under it used up, by model."""

from agentbench.engine.state import Spent
from agentbench.workbench.run import Run


def usage_of(run: Run) -> dict[str, Spent]:
    """Calls, tokens, US dollars and seconds by model, with those of agents that it called.

    Under an empty name stands what blocks counted that is no model's.
    """
    total: dict[str, Spent] = {}
    for one in (run, *_under(run)):
        for model, spent in one.fold_into(one.new_state()).spent.items():
            total.setdefault(model, Spent()).add(
                calls=spent.calls,
                tokens=spent.tokens,
                cost=spent.cost,
                seconds=spent.seconds,
            )
    return dict(sorted(total.items()))


def _under(run: Run) -> list[Run]:
    return [one for child in run.children for one in (child, *_under(child))]
