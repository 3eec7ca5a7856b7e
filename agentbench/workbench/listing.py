"""Listings: how a run, a block and a finding of the doctor read as text, in every door."""

import time
from collections.abc import Sequence

from agentbench.domain.block import Block
from agentbench.domain.store import RunRecord
from agentbench.workbench.api import signature_of
from agentbench.workbench.doctor import Finding
from agentbench.workbench.waits import Wait


def run_lines(record: RunRecord, waits: Sequence[Wait] = (), *, held: str = "") -> str:
    """A run: its id, when it started, how it stands, its agent; below, what it waits for."""
    when = time.strftime("%Y-%m-%d %H:%M", time.localtime(record.started))
    line = f"{record.id}  {when}  {record.status:<14}  {record.agent}"
    paused = [f"paused. {held}"] if held else []
    return "\n    ".join([line, *map(str, waits), *paused])


def block_lines(block: Block) -> str:
    """A block: its ports, and the first line of its help below them."""
    return f"{signature_of(block)}\n    {block.help.partition(chr(10))[0]}"


def finding_line(finding: Finding) -> str:
    """A finding: whether it is well, what was looked at, and what there is to say."""
    return f"{finding.level:<8} {finding.name:<18} {finding.text}"
