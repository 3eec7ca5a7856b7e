"""Waits: what a run that has come to a halt wants of people."""

from collections.abc import Sequence
from dataclasses import dataclass

from agentbench.domain.run import RunStatus
from agentbench.workbench.run import Run


@dataclass(frozen=True, kw_only=True)
class Wait:
    """One firing that waits: for an answer, or for a decision where `question` is empty.

    `choices` are the answers it takes, any when empty.
    """

    node: str
    firing: int
    question: str = ""
    choices: Sequence[str] = ()

    def __str__(self) -> str:
        if not self.question:
            return (
                f"{self.node} was cut off while it was sending: again, done or failed?"
            )
        choices = f" ({', '.join(self.choices)})" if self.choices else ""
        return f"{self.node} asks: {self.question}{choices}"


def waits_of(run: Run) -> list[Wait]:
    """What a run waits to be told, by node and firing; nothing for one that goes on."""
    status = run.status
    if status is RunStatus.NEEDS_DECISION:
        return [
            Wait(node=node, firing=firing)
            for node, firings in sorted(run.undecided.items())
            for firing in firings
        ]
    if status.is_final:
        return []
    return [
        Wait(
            node=firing.node,
            firing=firing.firing,
            question=asks.question,
            choices=asks.choices,
        )
        for _, node in sorted(run.nodes.items())
        for _, firing in sorted(node.firings.items())
        if (asks := firing.asks) is not None
    ]
