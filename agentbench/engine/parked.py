"""Parked: what a block raises, unknowingly, that waits for an answer and holds nothing."""

from typing import Any

from agentbench.domain.terms import Terms


class Parked(BaseException):
    """A block asked something that nobody has answered yet. Not for blocks to catch."""

    def __init__(
        self,
        question: str,
        *,
        choices: tuple[str, ...] = (),
        about: Any = None,
        until: float = 0.0,
        part: str = "",
        terms: Terms = Terms(),  # noqa: B008 - it is frozen
    ) -> None:
        super().__init__(question)
        self.question, self.choices = question, choices
        self.about, self.until, self.part, self.terms = about, until, part, terms
