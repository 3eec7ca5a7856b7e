"""Waits: what a run that has come to a halt wants of people."""

import shlex
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from agentbench.domain.run import RunStatus
from agentbench.workbench.run import Run


@dataclass(frozen=True, kw_only=True)
class Wait:
    """One firing that waits: for an answer, or for a decision where `question` is empty.

    `choices` are the answers it takes; or `schema` is the JSON schema that one has to
    fit; any is taken when there is neither. With `comment` an answer may come with a
    comment. At `until` (seconds since 1970, 0 for never) the clock answers.
    """

    node: str
    firing: int
    question: str = ""
    choices: Sequence[str] = ()
    schema: Mapping[str, Any] = field(default_factory=dict)
    comment: bool = False
    until: float = 0.0

    @property
    def facts(self) -> dict[str, Any]:
        """All of it that is not as usual, as JSON."""
        core = ("node", "firing", "question", "choices")
        facts = {
            key: value for key, value in asdict(self).items() if value or key in core
        }
        return {**facts, "choices": list(self.choices)}

    def __str__(self) -> str:
        if not self.question:
            return (
                f"{self.node} was cut off while it was sending: again, done or failed?"
            )
        choices = f" ({', '.join(self.choices)})" if self.choices else ""
        return f"{self.node} asks: {self.question}{choices}"


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """One thing that waits for a person; `about` is what it is about, in a few lines."""

    run: str
    agent: str
    started: float
    wait: Wait
    about: str = ""

    @property
    def facts(self) -> dict[str, Any]:
        """All of it as JSON."""
        more = {"about": self.about} if self.about else {}
        own = {"run": self.run, "agent": self.agent, "started": self.started}
        return {**own, **self.wait.facts, **more}

    @property
    def line(self) -> str:
        """What to write in a terminal to reply; after `%agent` it is the same."""
        if not self.wait.question:
            return f"resume {self.run} --again {self.wait.node}"
        said = "|".join(map(shlex.quote, self.wait.choices)) or "ANSWER"
        more = " --comment TEXT" if self.wait.comment else ""
        return f"answer {self.run} {self.wait.node} {said}{more}"

    def __repr__(self) -> str:
        lines = [f"{self.agent}: {self.wait}"]
        lines += [f"    | {line}" for line in self.about.splitlines()]
        if self.wait.until:
            at = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(self.wait.until))
            lines.append(f"    until {at}")
        return "\n".join([*lines, f"    {self.line}"])


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
            schema=asks.terms.schema,
            comment=asks.terms.comment,
            until=asks.terms.until,
        )
        for _, node in sorted(run.nodes.items())
        for _, firing in sorted(node.firings.items())
        if (asks := firing.asks) is not None
    ]
