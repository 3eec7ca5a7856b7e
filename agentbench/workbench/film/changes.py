"""Changes: what differs between the graphs of two runs."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from agentbench.domain.annotation import type_name
from agentbench.domain.document import is_json
from agentbench.domain.graph import Graph
from agentbench.domain.node import Node

LETTERS = 120


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference:
    """One thing that differs between two runs.

    `what` is `graph`, `input`, `firing` or `output`; `before` and `after` say in words
    how it was and is, empty for not at all; `why` what it came of, as far as that shows.
    """

    what: str
    node: str = ""
    firing: int = 0
    port: str = ""
    before: str = ""
    after: str = ""
    why: str = ""

    @property
    def place(self) -> str:
        """Where it is, in words: `tried #3, result`."""
        number = f" #{self.firing}" if self.firing else ""
        parts = [f"{self.node}{number}".strip(), self.port]
        return ", ".join(part for part in parts if part)

    def __str__(self) -> str:
        was, now = self.before or "nothing", self.after or "nothing"
        why = f" ({self.why})" if self.why else ""
        return f"{self.what} {self.place}: {was} → {now}{why}"


def changes_of(before: Graph, after: Graph) -> Iterator[Difference]:
    """Nodes, constants, options and links that came, went or changed; not where nodes stand."""
    old, new = before.nodes, after.nodes
    for id in sorted({*old, *new}):
        if id not in new or id not in old:
            yield Difference(
                what="graph",
                node=id,
                before=old[id].block if id in old else "",
                after=new[id].block if id in new else "",
            )
            continue
        yield from _within(id, old[id], new[id])
    links = {str(link) for link in before.links}
    now = {str(link) for link in after.links}
    for link in sorted(links ^ now):
        target = link.rpartition(" -> ")[2]
        node, _, port = target.partition(".")
        yield Difference(
            what="graph",
            node=node,
            port=port,
            before=link if link in links else "",
            after=link if link in now else "",
        )


def _within(id: str, old: Node, new: Node) -> Iterator[Difference]:
    if old.block != new.block:
        yield Difference(
            what="graph", node=id, port="block", before=old.block, after=new.block
        )
    pairs: tuple[tuple[Mapping[str, Any], Mapping[str, Any]], ...] = (
        (old.constants, new.constants),
        (old.options, new.options),
    )
    for one, two in pairs:
        for name in sorted({*one, *two}):
            was = _words(one[name]) if name in one else ""
            now = _words(two[name]) if name in two else ""
            if was != now or not _is_same(one.get(name), two.get(name)):
                yield Difference(
                    what="graph", node=id, port=name, before=_cut(was), after=_cut(now)
                )


def _is_same(one: Any, two: Any) -> bool:
    """Whether two constants are the same, as far as plain values say; others by their words."""
    return one == two if is_json(one) and is_json(two) else True


def _words(value: Any) -> str:
    return repr(value) if is_json(value) else type_name(type(value))


def _cut(text: str) -> str:
    return text if len(text) <= LETTERS else f"{text[: LETTERS - 1]}…"
