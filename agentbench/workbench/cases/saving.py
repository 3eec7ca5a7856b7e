"""Saving: a case made of a run."""

import os
import shutil
from collections.abc import Collection
from pathlib import Path

from agentbench.domain.document import write_document
from agentbench.domain.drawing import slug
from agentbench.domain.errors import CaseError
from agentbench.domain.event import CLOCK, TOOLS_DONE, FiringAnswered
from agentbench.domain.replay import ReplayMode
from agentbench.replay import is_ours, write_whole
from agentbench.workbench.builds import first_event
from agentbench.workbench.cases.case import FILE, Case, GivenAnswer
from agentbench.workbench.cases.trial import equality, forms, messages
from agentbench.workbench.run import Run
from agentbench.workbench.workbench import Workbench


def save_case(
    bench: Workbench, run: Run, folder: str | Path, *, agent: str | Path = ""
) -> Case:
    """Makes a case of a run that has ended: its inputs, its calls, what came of it.

    The case refers to the agent's file, or to `agent`; an agent without a file is
    written beside the case. Calls are taken from the recording of the run; a run that was live has none,
    and they are recorded when the case is first updated.

    Raises:
        CaseError: the run goes on, there is another case, or an input cannot be kept.
    """
    file = Path(folder).expanduser().absolute() / FILE
    if not run.status.is_final:
        raise CaseError(str(folder), f"the run {run.id} is {run.status}; let it end.")
    if file.exists():
        reason = "there is one already; delete it, or name another folder."
        raise CaseError(str(folder), reason)
    source = Path(agent).absolute() if agent else run.graph.file
    first = first_event(bench.store, run.id)
    inputs = {name: bench.keeper.read(ref) for name, ref in first.inputs.items()}
    case = Case(
        file=file,
        agent=_named(source, file.parent, run.graph.name),
        inputs=inputs,
        answers=tuple(_answers(bench, run)),
        status=run.status,
        outputs={
            name: (equality(forms(bench, values)),)
            for name, values in sorted(run.outputs.items())
        },
        failures={
            node: (equality(list(lines)),) for node, lines in messages(run).items()
        },
    )
    case.write()
    if source is None:
        text = write_document(run.graph)
        write_whole(file.parent / case.agent, text.encode())
    if first.options.replay not in (None, ReplayMode.LIVE):
        used = bench.replays.used(run.id)
        _copy(Path(first.options.recording), case.calls, used)
    return case


def _named(source: Path | None, folder: Path, name: str) -> str:
    """The agent's file as the case names it, with `/` on every system."""
    if source is None:
        return f"{slug(name)}.agent.json"
    try:
        return Path(os.path.relpath(source, folder)).as_posix()
    except ValueError:  # on another drive
        return source.as_posix()


def _answers(bench: Workbench, run: Run) -> list[GivenAnswer]:
    return [
        GivenAnswer(event.node, bench.keeper.read(event.answer))
        for event in bench.store.events(run.id)
        if isinstance(event, FiringAnswered) and event.by not in (CLOCK, TOOLS_DONE)
    ]


def _copy(source: Path, target: Path, used: Collection[str]) -> None:
    """Copies the calls of a run; all of the folder's where nobody knows which it made."""
    found = sorted(source.glob("*")) if source.is_dir() else []
    for file in found:
        if file.is_file() and is_ours(file) and (not used or file.name in used):
            target.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, target / file.name)
