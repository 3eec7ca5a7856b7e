"""Replays: which runs record their calls, or replay them, and in which folder."""

import dataclasses
from pathlib import Path

from agentbench.domain.drawing import slug
from agentbench.domain.graph import Graph
from agentbench.domain.redaction import Redaction
from agentbench.domain.replay import Recorder, ReplayMode
from agentbench.domain.run import RunOptions
from agentbench.replay import FolderRecorder, pruned
from agentbench.workbench.settings import Settings

FOLDER = "recordings"


class Replays:
    """What a run says itself goes first, then the environment, then the notebook.

    So a notebook that replays is recorded again by `AGENTBENCH_REPLAY=record`, without
    a change to it.
    """

    def __init__(self, settings: Settings, known: Redaction) -> None:
        self._settings, self._known = settings, known
        self._mode, self._folder = ReplayMode.LIVE, settings.recordings
        self._touched: set[Path] = set()
        """Every file of a recording that a run of this process used."""
        self._folders: set[Path] = set()

    @property
    def mode(self) -> ReplayMode:
        """What becomes of the calls of a run that does not say so itself."""
        return self._settings.replay or self._mode

    @property
    def is_from_environment(self) -> bool:
        """Whether the environment says so."""
        return self._settings.replay is not None

    @property
    def folder(self) -> Path | None:
        """Where recordings are, each in a folder of its agent's name; None for beside agents."""
        return self._folder

    def choose(self, mode: ReplayMode, folder: Path) -> None:
        """Sets, for this kernel, what becomes of calls, and where recordings are."""
        self._mode = mode
        self._folder = self._settings.recordings or folder.expanduser().absolute()

    def settled(self, graph: Graph, options: RunOptions) -> RunOptions:
        """The options with the mode and the folder that hold; the run keeps to them."""
        mode = self.mode if options.replay is None else options.replay
        if mode is ReplayMode.LIVE:
            return dataclasses.replace(options, replay=None, recording="")
        beside = Path.cwd() if graph.file is None else graph.file.parent
        folder = (self._folder or beside / FOLDER) / slug(graph.name)
        if options.recording:
            folder = Path(options.recording).expanduser().absolute()
        return dataclasses.replace(options, replay=mode, recording=str(folder))

    def recorder(self, options: RunOptions) -> Recorder | None:
        """What records or replays the calls of a run; None when they are live."""
        if options.replay in (None, ReplayMode.LIVE):
            return None
        folder = Path(options.recording)
        self._folders.add(folder)
        return FolderRecorder(
            folder, ReplayMode(options.replay), self._known, self._touched
        )

    def prune(self) -> list[Path]:
        """Deletes the calls that no run of this process used; of its own folders only."""
        return [
            file
            for folder in sorted(self._folders)
            for file in pruned(folder, self._touched)
        ]
