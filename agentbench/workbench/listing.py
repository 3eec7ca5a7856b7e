"""Listings: how a run, a block and a finding of the doctor read as text, in every door."""

import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from agentbench.domain.block import Block
from agentbench.domain.model import ModelInfo
from agentbench.domain.store import RunRecord
from agentbench.workbench.api import signature_of
from agentbench.workbench.consents import CodeSeen
from agentbench.workbench.doctor import Finding
from agentbench.workbench.firings import Firing
from agentbench.workbench.run import Run
from agentbench.workbench.waits import Wait, waits_of

SAID_WIDTH = 100
"""So much of an error or a reason stands in a line of the table; below it comes all."""


def run_lines(record: RunRecord, waits: Sequence[Wait] = (), *, held: str = "") -> str:
    """A run: its id, when it started, how it stands, its agent; below, what it waits for."""
    when = time.strftime("%Y-%m-%d %H:%M", time.localtime(record.started))
    line = f"{record.id}  {when}  {record.status:<14}  {record.agent}"
    paused = [f"paused. {held}"] if held else []
    return "\n    ".join([line, *map(str, waits), *paused])


def code_lines(seen: Sequence[CodeSeen]) -> str:
    """What code was allowed, node by node."""
    if not seen:
        return "It holds no code: there is nothing to allow."
    lines = []
    for it in seen:
        lines.append(f"Allowed in {it.agent!r}: {it.node} ({it.block})")
        lines += [f"    {_plain(line)}" for line in it.code.splitlines()]
    lines.append("It runs as you. After any change it is refused again.")
    return "\n".join(lines)


def _plain(line: str) -> str:
    """A line as it is: what a terminal would carry out, or not show, is written out."""
    return "".join(
        sign
        if sign.isprintable() or sign == "\t"
        else sign.encode("unicode_escape").decode()
        for sign in line
    )


def firing_table(run: Run, *, node: str = "") -> Iterator[str]:
    """A run, and below it a line for each firing; then each failure, and what it waits for.

    With `node`, only that node's firings.

    Raises:
        UnknownNode: the run has no such node.
    """
    yield f"{run.id}  {run.status}  {run.seconds:.1f} s  {run.agent}"
    if run.reason:
        yield f"    {run.reason}"
    rows: list[tuple[str, ...]] = [("node", "#", "status", "tries", "seconds", "said")]
    firings = run.firings.of_node(node) if node else run.firings
    rows += [_firing_row(firing) for firing in firings]
    widths = [max(len(row[n]) for row in rows) for n in range(len(rows[0]) - 1)]
    for *cells, said in rows:
        node, number, status, tries, seconds = (
            cell.ljust(width) if n in (0, 2) else cell.rjust(width)
            for n, (cell, width) in enumerate(zip(cells, widths, strict=True))
        )
        yield f"{node}  {number}  {status}  {tries}  {seconds}  {said}".rstrip()
    for failure in run.failures:
        yield f"failed: {failure}"
        if failure.line:
            yield f"    {failure.line}"
    for node, count in sorted(run.unfired.items()):
        yield f"unfired: {node} still waited for a value ({count})"
    for wait in waits_of(run):
        yield f"waits: {wait}"
    for part in run.parts:
        yield f"part: {part.id}  {part.status}  {part.agent}"


def _firing_row(firing: Firing) -> tuple[str, ...]:
    said = " ".join((firing.error or firing.question or firing.reason).split())
    is_long = len(said) > SAID_WIDTH
    return (
        firing.node,
        str(firing.number),
        str(firing.status),
        str(firing.attempts),
        f"{firing.seconds:.3f}",
        f"{said[: SAID_WIDTH - 1]}…" if is_long else said,
    )


def export_line(run: Run, path: Path) -> str:
    """What was written where."""
    return f"{run.id.partition('.')[0]} is in {path}"


def import_line(run: Run) -> str:
    """What was taken in, and that nothing was carried out."""
    line = f"{run.id}  {run.status}  {run.agent}"
    if run.status.is_final:
        return line
    return f"{line}\n    It is only kept here; `resume` would go on with it."


def block_lines(block: Block) -> str:
    """A block: its ports, and the first line of its help below them."""
    return f"{signature_of(block)}\n    {block.help.partition(chr(10))[0]}"


def model_line(info: ModelInfo) -> str:
    """A model: whether it can be asked, its name, what it does, and what is missing."""
    level = "ready" if info.is_ready else "-"
    default = "default" if info.is_default else ""
    note = info.note.partition("\n")[0]
    return f"{level:<6} {info.name:<40} {info.skill:<11} {default:<8} {note}".rstrip()


def finding_line(finding: Finding) -> str:
    """A finding: whether it is well, what was looked at, and what there is to say."""
    return f"{finding.level:<8} {finding.name:<18} {finding.text}"
