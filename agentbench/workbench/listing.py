"""Listings: how a run, a block and a finding of the doctor read as text, in every door."""

import time
from collections.abc import Sequence

from agentbench.domain.block import Block
from agentbench.domain.model import ModelInfo
from agentbench.domain.store import RunRecord
from agentbench.workbench.api import signature_of
from agentbench.workbench.doctor import Finding
from agentbench.workbench.waits import Wait


def run_lines(record: RunRecord, waits: Sequence[Wait] = ()) -> str:
    """A run: its id, when it started, how it stands, its agent; below, what it waits for."""
    when = time.strftime("%Y-%m-%d %H:%M", time.localtime(record.started))
    line = f"{record.id}  {when}  {record.status:<14}  {record.agent}"
    return "\n    ".join([line, *map(str, waits)])


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
