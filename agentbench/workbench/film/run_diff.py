"""What a comparison of two runs gives: as objects, as DataFrames, as text and as tables."""

import html
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from agentbench.domain.graph import Graph
from agentbench.domain.records import Records, Row, frame_of
from agentbench.workbench.film.beside import beside, marks_of
from agentbench.workbench.film.changes import Difference
from agentbench.workbench.film.gantt import seconds_in_words

if TYPE_CHECKING:
    import pandas

SHOWN = 40
"""So many differences are shown; `differences` has them all."""

_TABLE = "border-collapse:collapse;margin:6px 0 10px;font-size:13px"
_CELL = "text-align:left;padding:3px 12px 3px 0;vertical-align:top;max-width:340px;overflow-wrap:anywhere"
_RULE = "border-bottom:1px solid rgba(128,128,128,.35);font-weight:600"
_FIRST = (
    "border-left:3px solid #d97706;background:rgba(217,119,6,.09);padding:7px 11px;"
    "margin:6px 0 10px;font-size:13px;overflow-wrap:anywhere"
)
_OLD = "color:#d9623b;text-decoration:line-through;text-decoration-thickness:1px"
_NEW = "color:#2e9e5b"
_SOFT = "opacity:.72"


@dataclass(frozen=True, kw_only=True, slots=True)
class NodeDelta:
    """What a node took in both runs: firings, seconds of work, tokens, US dollars."""

    node: str
    firings: tuple[int, int]
    failed: tuple[int, int]
    seconds: tuple[float, float]
    tokens: tuple[int, int]
    cost: tuple[float, float]


class Differences(Records[Difference]):
    """What differs between two runs: the graph, then the inputs, then firing by firing."""

    noun: ClassVar = "difference"
    columns: ClassVar[Sequence[str]] = (
        "what", "node", "firing", "port", "before", "after", "why",
    )  # fmt: skip
    shown: ClassVar = columns
    lasting: ClassVar = columns

    def row(self, record: Difference) -> Row:
        return {name: getattr(record, name) for name in self.columns}


@dataclass(frozen=True)
class RunDiff:
    """Two runs held against each other; `before` and `after` are their ids.

    `differences` are what differs, `first` the first of them in the order in which the
    run went, `nodes` what each node took in both, `graphs` the two graphs and `marks` where
    they differ. `to_frame()` and `nodes_frame()` give
    them as DataFrames.
    """

    before: str
    after: str
    agents: tuple[str, str]
    statuses: tuple[str, str]
    seconds: tuple[float, float]
    differences: Differences
    first: Difference | None
    nodes: list[NodeDelta] = field(repr=False)
    graphs: tuple[Graph, Graph] = field(repr=False)
    is_cut: bool = False
    """Whether there are more differences than are kept."""

    @property
    def is_same(self) -> bool:
        """Whether graph, inputs, firings and outputs are the same; times may differ."""
        return not self.differences

    @property
    def marks(self) -> Mapping[str, str]:
        """By node, how it differs; a node that does not has no mark.

        `added`, `removed` and `changed` are of the graph, `differs` of what a node did;
        one node has the `first_difference`.
        """
        return marks_of(self.graphs, self.differences, self.first)

    @property
    def tokens(self) -> tuple[int, int]:
        """What both used."""
        return (
            sum(it.tokens[0] for it in self.nodes),
            sum(it.tokens[1] for it in self.nodes),
        )

    @property
    def cost(self) -> tuple[float, float]:
        """What both cost, in US dollars."""
        return (
            sum(it.cost[0] for it in self.nodes),
            sum(it.cost[1] for it in self.nodes),
        )

    def to_frame(self) -> "pandas.DataFrame":
        """The differences as a DataFrame.

        Raises:
            MissingLibrary: pandas is not installed.
        """
        return self.differences.to_frame()

    def nodes_frame(self) -> "pandas.DataFrame":
        """What each node took in both runs, one a row.

        Raises:
            MissingLibrary: pandas is not installed.
        """
        names = ("firings", "failed", "seconds", "tokens", "cost")
        columns = [f"{name}_{side}" for name in names for side in ("before", "after")]
        rows = (
            {"node": it.node}
            | {f"{name}_before": getattr(it, name)[0] for name in names}
            | {f"{name}_after": getattr(it, name)[1] for name in names}
            for it in self.nodes
        )
        return frame_of(rows, ("node", *columns))

    def __str__(self) -> str:
        return "\n".join(_lines(self))

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        text = "\n".join(_lines(self, only_lasting=True))
        return {"text/html": _html(self), "text/plain": text}


def _lines(diff: RunDiff, *, only_lasting: bool = False) -> Iterator[str]:
    """The comparison as lines; `only_lasting` leaves out ids and times."""
    names = diff.agents[0] if len(set(diff.agents)) == 1 else " → ".join(diff.agents)
    if only_lasting:
        yield f"{names}: {_verdict(diff)}"
    else:
        yield f"{diff.before} → {diff.after}  {names}: {_verdict(diff)}"
    if len(set(diff.statuses)) > 1:
        yield f"  status: {' → '.join(diff.statuses)}"
    if diff.first is not None:
        yield f"  first: {diff.first}"
    for one in diff.differences[:SHOWN]:
        if one is not diff.first:
            yield f"  {one}"
    if len(diff.differences) > SHOWN:
        yield f"  … and {_more(diff)} more"
    if only_lasting:
        return
    yield f"  time: {' → '.join(map(seconds_in_words, diff.seconds))}"
    if any(diff.tokens) or any(diff.cost):
        yield f"  tokens: {diff.tokens[0]:,} → {diff.tokens[1]:,}"
        yield f"  cost: ${diff.cost[0]:.4f} → ${diff.cost[1]:.4f}"
    for node in diff.nodes:
        took, takes = (seconds_in_words(it) for it in node.seconds)
        counts = f"{node.firings[0]:,} → {node.firings[1]:,} firings"
        yield f"  {node.node}: {counts}, {took} → {takes}"


def _html(diff: RunDiff) -> str:
    """The comparison as tables that look well in light and dark; times are left out.

    What a cell shows stays the same when the same is run again, so that notebooks can be
    compared: `print` and `nodes_frame()` have the times.
    """
    parts: list[str] = [f"<div><b>{_safe(' → '.join(dict.fromkeys(diff.agents)))}</b>"]
    parts.append(f'<span style="{_SOFT}">: {_safe(_verdict(diff))}</span>')
    if len(set(diff.statuses)) > 1:
        parts.append(
            f" · <span style='{_OLD}'>{_safe(diff.statuses[0])}</span>"
            f" <span style='{_NEW}'>{_safe(diff.statuses[1])}</span>"
        )
    parts.append("</div>")
    if diff.first is not None:
        parts.append(f'<div style="{_FIRST}"><b>First difference</b> · ')
        parts.append(f"{_place(diff.first)}: {_change(diff.first)}")
        if diff.first.why:
            parts.append(f'<div style="{_SOFT}">{_why(diff.first)}</div>')
        parts.append("</div>")
    parts.append(beside(diff.graphs, diff.marks))
    if diff.differences:
        parts.append(_differences(diff))
    parts.append(_nodes(diff))
    return "".join(parts)


def _differences(diff: RunDiff) -> str:
    rows = [
        f'<tr><td style="{_CELL}">{_safe(one.what)}</td>'
        f'<td style="{_CELL}">{_place(one)}</td>'
        f'<td style="{_CELL}">{_change(one)}</td>'
        f'<td style="{_CELL};{_SOFT}">{_why(one)}</td></tr>'
        for one in diff.differences[:SHOWN]
    ]
    heads = _heads("what", "where", "before → after", "why")
    rest = ""
    if len(diff.differences) > SHOWN:
        rest = (
            f'<div style="{_SOFT}">… and {_more(diff)} more: <code>differences</code>'
        )
        rest += " has them all.</div>"
    return f'<table style="{_TABLE}">{heads}{"".join(rows)}</table>{rest}'


def _nodes(diff: RunDiff) -> str:
    has_cost = any(diff.tokens) or any(diff.cost)
    names = ["node", "firings", "failed", *(["tokens", "cost"] if has_cost else [])]
    rows = []
    for node in diff.nodes[:SHOWN]:
        pairs = [_pair(*node.firings), _pair(*node.failed)]
        if has_cost:
            money = tuple(f"${it:.4f}" for it in node.cost)
            pairs += [_pair(*node.tokens), _pair(*money)]
        cells = "".join(f'<td style="{_CELL}">{pair}</td>' for pair in pairs)
        rows.append(f'<tr><td style="{_CELL}">{_safe(node.node)}</td>{cells}</tr>')
    return f'<table style="{_TABLE}">{_heads(*names)}{"".join(rows)}</table>'


def _heads(*names: str) -> str:
    cells = "".join(f'<th style="{_CELL};{_RULE}">{_safe(name)}</th>' for name in names)
    return f"<tr>{cells}</tr>"


def _pair(one: object, two: object) -> str:
    if one == two:
        return f'<span style="{_SOFT}">{_safe(one)}</span>'
    return f'{_safe(one)} → <span style="{_NEW}">{_safe(two)}</span>'


def _place(one: Difference) -> str:
    return f"<code>{_safe(one.place)}</code>"


def _change(one: Difference) -> str:
    was = f'<span style="{_OLD}">{_safe(one.before)}</span>' if one.before else ""
    now = f'<span style="{_NEW}">{_safe(one.after)}</span>' if one.after else ""
    return " ".join(part for part in (was, now) if part)


def _why(one: Difference) -> str:
    """The reason, with what stands in it between backticks as code."""
    parts = _safe(one.why).split("`")
    return "".join(f"<code>{it}</code>" if n % 2 else it for n, it in enumerate(parts))


def _verdict(diff: RunDiff) -> str:
    if diff.is_same:
        return "the same graph, inputs, firings and outputs"
    count = len(diff.differences)
    more = "more than " if diff.is_cut else ""
    return f"{more}{count:,} difference{'' if count == 1 else 's'}"


def _more(diff: RunDiff) -> str:
    rest = f"{len(diff.differences) - SHOWN:,}"
    return f"more than {rest}" if diff.is_cut else rest


def _safe(value: object) -> str:
    return html.escape(str(value))
