"""The budgets of a run: what may be used up before it is ended."""

import asyncio
from collections.abc import Callable

from agentbench.domain.run import RunOptions
from agentbench.engine.chronicle import Chronicle


def has_budget(options: RunOptions) -> bool:
    """Whether anything that is counted is limited."""
    limits = (options.max_firings, options.max_tokens, options.max_cost)
    return any(limit is not None for limit in limits)


def overdrawn(options: RunOptions, book: Chronicle, *, more: int = 0) -> str:
    """Which budget is overdrawn, or would be by so many `more` firings; empty for none."""
    firings, tokens, cost = options.max_firings, options.max_tokens, options.max_cost
    if firings is not None and book.firings + more > firings:
        return _said(f"{firings} firings", "max_firings")
    if tokens is not None and book.tokens + more > tokens:
        return _said(f"{tokens} tokens (used {book.tokens})", "max_tokens")
    if cost is not None and (book.cost > cost or (more and book.cost >= cost)):
        return _said(f"${cost:g} (spent ${book.cost:.4g})", "max_cost")
    return ""


def clock(
    options: RunOptions, before: float, stop: Callable[[str], None]
) -> asyncio.TimerHandle | None:
    """Stops a run when its time is used up, of which so many seconds were `before`."""
    most = options.max_seconds
    if most is None:
        return None
    said = _said(f"{most:g} seconds", "max_seconds")
    left = max(0.0, most - before)
    return asyncio.get_running_loop().call_later(left, stop, said)


def _said(budget: str, name: str) -> str:
    return f"The run has used up its budget of {budget}. Raise `{name}` for more."
