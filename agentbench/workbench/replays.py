"""Replays: which runs record their calls, or replay them, and in which folder."""

import contextlib
import dataclasses
from collections.abc import Collection, Iterator
from pathlib import Path
from weakref import WeakValueDictionary

from agentbench.domain.drawing import slug
from agentbench.domain.event import Event, RunStarted
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
        self._scope: tuple[ReplayMode, Path] | None = None
        self._used: dict[str, tuple[Path, set[str]]] = {}
        """By run: its recording, and the files of it that the run used."""
        self._recorders: WeakValueDictionary[str, FolderRecorder] = (
            WeakValueDictionary()
        )

    @property
    def mode(self) -> ReplayMode:
        """What becomes of the calls of a run that does not say so itself."""
        if self._scope is not None:
            return self._scope[0]
        return self._settings.replay or self._mode

    @property
    def is_from_environment(self) -> bool:
        """Whether the environment says so."""
        return self._settings.replay is not None

    @property
    def folder(self) -> Path | None:
        """Where recordings are, each in a folder of its agent's name; None for beside agents."""
        return self._folder if self._scope is None else self._scope[1]

    def choose(self, mode: ReplayMode, folder: Path) -> None:
        """Sets, for this kernel, what becomes of calls, and where recordings are."""
        self._mode = mode
        self._folder = self._settings.recordings or folder.expanduser().absolute()

    @contextlib.contextmanager
    def within(self, mode: ReplayMode, folder: Path) -> Iterator[None]:
        """Sets both, above notebook and environment, until the block of code is left."""
        before, self._scope = self._scope, (mode, folder.absolute())
        try:
            yield
        finally:
            self._scope = before

    def settled(self, graph: Graph, options: RunOptions) -> RunOptions:
        """The options with the mode and the folder that hold; the run keeps to them."""
        mode = self.mode if options.replay is None else options.replay
        if mode is ReplayMode.LIVE:
            if options.replay is None and not options.recording:
                return options
            return dataclasses.replace(options, replay=None, recording="")
        beside = Path.cwd() if graph.file is None else graph.file.parent
        folder = (self.folder or beside / FOLDER) / slug(graph.name)
        if options.recording:
            folder = Path(options.recording).expanduser().absolute()
        return dataclasses.replace(options, replay=mode, recording=str(folder))

    def recorder(self, run: str, first: Event) -> Recorder | None:
        """What records or replays the calls of a run; None when they are live.

        A run of an agent that another one called shares the recorder of that one.
        """
        root = run.partition(".")[0]
        if root != run:
            return self._recorders.get(root)
        options = first.options if isinstance(first, RunStarted) else RunOptions()
        if options.replay in (None, ReplayMode.LIVE):
            return None
        folder = Path(options.recording)
        # A run that goes on after a wait is still the same run.
        _, used = self._used.setdefault(run, (folder, set()))
        made = FolderRecorder(folder, ReplayMode(options.replay), self._known, used)
        self._recorders[run] = made
        return made

    def used(self, run: str) -> Collection[str]:
        """The files that a run of this process used of its recording."""
        return self._used[run][1] if run in self._used else ()

    def prune(self) -> list[Path]:
        """Deletes the calls that no run of this process used, of the recordings it had."""
        by_folder: dict[Path, set[str]] = {}
        for folder, used in list(self._used.values()):
            by_folder.setdefault(folder, set()).update(used)
        return [
            file
            for folder, used in sorted(by_folder.items())
            for file in pruned(folder, used)
        ]
