"""Recording calls of the outside, replaying them, and making cases of runs."""

import argparse
from pathlib import Path
from typing import Any

from IPython.core.interactiveshell import InteractiveShell

from agentbench.domain.replay import ReplayMode
from agentbench.magics.verb import verb
from agentbench.workbench.api import save_case, set_replay
from agentbench.workbench.arguments import mode
from agentbench.workbench.replays import FOLDER
from agentbench.workbench.workbench import workbench


def _replay(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "mode",
        nargs="?",
        help="on (or replay), off (or live), record, auto; or prune",
    )
    parser.add_argument(
        "--recordings",
        default=FOLDER,
        metavar="FOLDER",
        help=f"where recordings are, a folder for each agent; by default {FOLDER}",
    )


@verb("replay", _replay)
def replay(shell: InteractiveShell, given: argparse.Namespace) -> None:
    """Says what becomes of the calls that runs make: of the web, of models, of tools.

    on       they are answered from recordings beside the notebook, without a network
    off      they are made
    record   they are made, and recorded
    auto     those that are recorded are answered, the others made and recorded
    prune    deletes what is recorded for agents that ran here, and that no run used

    A run that says so itself (`%agent run --replay MODE`) goes first, then
    AGENTBENCH_REPLAY, then this. Recordings are small files for git: no secret is in
    them.
    """
    replays = workbench().replays
    if given.mode == "prune":
        gone = replays.prune()
        print(f"{len(gone)} files deleted.")  # noqa: T201
        return
    if given.mode is not None:
        chosen = _mode(given.mode)
        set_replay(chosen, recordings=given.recordings)
        # What the notebook says, and not what holds: a notebook that is recorded by
        # the environment has to have the same outputs as one that replays.
        print(_in_words(chosen, Path(given.recordings).name))  # noqa: T201
        return
    where = "beside agents" if replays.folder is None else replays.folder.name
    held = " AGENTBENCH_REPLAY says so." if replays.is_from_environment else ""
    print(_in_words(replays.mode, where) + held)  # noqa: T201


def _mode(word: str) -> Any:
    from IPython.core.error import UsageError

    try:
        return mode(word)
    except argparse.ArgumentTypeError as error:
        raise UsageError(f"%agent replay {error}") from None


def _in_words(mode: ReplayMode, where: str) -> str:
    if mode is ReplayMode.LIVE:
        return "Calls are made, and not recorded."
    said = {
        ReplayMode.RECORD: "Calls are made, and recorded",
        ReplayMode.REPLAY: "Calls are answered from recordings",
        ReplayMode.AUTO: "Calls are answered from recordings, new ones made and recorded",
    }[mode]
    return f"{said} ({where})."


def _case(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("run", help="the run's id, from `%%agent runs`, or a variable")
    parser.add_argument("folder", help="the case's folder, such as tests/seattle")


@verb("case", _case)
def case(shell: InteractiveShell, given: argparse.Namespace) -> None:
    """Makes a case of a run that has ended, for `agentbench test` and pytest.

    The case holds the run's inputs, its recorded calls and what came of it: run with
    `--replay record` first where it calls the web or a model.
    """
    here = shell.user_ns.get(given.run)
    run = here if hasattr(here, "outputs") else workbench().run(given.run)
    folder = save_case(run, given.folder)
    print(f"Saved the case {folder.name!r}; `agentbench test` runs it.")  # noqa: T201
