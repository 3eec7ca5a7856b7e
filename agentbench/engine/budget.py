"""The budgets of a run: what may be used up before it is ended."""

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


def out_of_time(options: RunOptions) -> str:
    """What a run says that has used up its time."""
    return _said(f"{options.max_seconds:g} seconds", "max_seconds")


def _said(budget: str, name: str) -> str:
    return f"The run has used up its budget of {budget}. Raise `{name}` for more."
