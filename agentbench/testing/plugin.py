"""What pytest finds by itself once agentbench is installed.

`case.json` files are tests. The fixture `agent_case` runs a case from a test of your
own, on a graph that is made there; `replay` records the calls of the runs in a test
beside it, and replays them from then on.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:  # pragma: no cover - pytest loads this in every project there is
    from agentbench.domain.graph import Graph
    from agentbench.workbench.run import Run

MARK = '"agentbench-case/'
MODE, UPDATE = "--agentbench-replay", "--agentbench-update"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declares what becomes of calls, and whether what comes is accepted."""
    group = parser.getgroup("agentbench")
    group.addoption(
        MODE,
        default="",
        metavar="MODE",
        help="what becomes of calls of agents under test: replay (the default), auto,"
        " record or live",
    )
    group.addoption(
        UPDATE,
        action="store_true",
        help="accept what the cases of agents give, as `agentbench test --update`",
    )


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> "CaseFile | None":
    """A `case.json` of ours is a test."""
    if file_path.name != "case.json":
        return None
    try:
        start = file_path.read_text(encoding="utf-8-sig")[:200]
    except (OSError, UnicodeDecodeError):
        return None
    if MARK not in start:
        return None
    return CaseFile.from_parent(parent, path=file_path)


class CaseFile(pytest.File):
    """The file of one case."""

    def collect(self) -> Iterator["CaseItem"]:
        yield CaseItem.from_parent(self, name=self.path.parent.name)


class CaseItem(pytest.Item):
    """One case as a test."""

    def runtest(self) -> None:
        """Runs it.

        Raises:
            NotAsExpected: what came is not as expected.
        """
        _try(self.config, self.path)

    def repr_failure(self, excinfo: Any, style: Any = None) -> Any:
        """What did not come out as expected, without the way there through our code."""
        from agentbench.domain.errors import AgentbenchError

        if isinstance(excinfo.value, (NotAsExpected, AgentbenchError)):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Where it is, and what it is called."""
        return self.path, 0, f"case {self.name}"


class NotAsExpected(AssertionError):
    """A case did not come out as expected."""


@pytest.fixture
def agent_case(request: pytest.FixtureRequest) -> "Callable[..., Run]":
    """Runs a case: `agent_case("cases/seattle")`, from the folder of the test's file.

    `graph=` runs a graph that you made in place of the agent that the case names. Gives
    the run, for further checks; raises an `AssertionError` with the difference.
    """

    def run(folder: str | Path, graph: "Graph | None" = None) -> "Run":
        __tracebackhide__ = True
        place = request.path.parent / folder
        file = place if place.name == "case.json" else place / "case.json"
        return _try(request.config, file, graph)

    return run


@pytest.fixture
def replay(request: pytest.FixtureRequest) -> Iterator[Path]:
    """Replays the calls of every run in the test; gives the folder of its recording.

    That is `recordings/FILE/TEST` beside the test's file. `--agentbench-replay=record`
    (or AGENTBENCH_REPLAY) makes the calls and records them, `auto` those that are new.
    """
    from agentbench.domain.drawing import slug
    from agentbench.workbench.workbench import workbench

    here = request.path
    folder = here.parent / "recordings" / here.stem / slug(request.node.name)
    with workbench().replays.within(_mode(request.config), folder):
        yield folder


def _mode(config: pytest.Config) -> Any:
    """What becomes of calls: what pytest is told, else the environment, else replay."""
    from agentbench.domain.replay import ReplayMode
    from agentbench.workbench.workbench import workbench

    word = config.getoption(MODE)
    try:
        told = ReplayMode.named(word) if word else None
    except ValueError as error:
        raise pytest.UsageError(f"{MODE}: {error}") from None
    return told or workbench().settings.replay or ReplayMode.REPLAY


def _try(config: pytest.Config, file: Path, graph: "Graph | None" = None) -> "Run":
    from agentbench.workbench.cases import read_case, try_case
    from agentbench.workbench.workbench import workbench

    __tracebackhide__ = True
    update = config.getoption(UPDATE)
    mode = None if update and not config.getoption(MODE) else _mode(config)
    trial = try_case(
        workbench(), read_case(file), graph=graph, mode=mode, update=update
    )
    if not trial.is_passed:
        raise NotAsExpected(str(trial))
    return trial.run
