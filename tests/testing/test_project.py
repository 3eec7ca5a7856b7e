"""A project of somebody else: a notebook, an agent, cases and tests of their own.

Its calls are recorded once from a server that is then gone. From there on all of it
passes with no key and no network: by `agentbench test`, by pytest, and by nbval.
"""

import contextlib
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from agentbench.cli.main import main
from agentbench.workbench.settings import Settings
from agentbench.workbench.workbench import Workbench, use_workbench
from tests.replay.web import serving

AGENT = {
    "format": "agentbench/1",
    "name": "count",
    "nodes": {
        "fetch": {"block": "web.fetch", "constants": {"url": "URL/count"}},
        "out": {"block": "agent.output", "constants": {"name": "body"}},
    },
    "links": [{"from": "fetch.body", "to": "out.value"}],
}
CELLS = [
    "import agentbench as ab\n%load_ext agentbench\n%agent replay on",
    """graph = ab.Graph('own')
page = graph.add('web.fetch', 'fetch', url='URL/count')
graph.output('body', page['body'])
run = await graph.run()
run.raise_on_failure()['body']['n'] > 0""",
    "%agent run agents/count.agent.json --quiet",
]
TESTS = """
import agentbench as ab

URL = "@URL"


def test_case(agent_case):
    assert agent_case("cases/count")["body"]["n"] > 0


def test_own(replay):
    graph = ab.Graph("in a test")
    page = graph.add("web.fetch", "fetch", url=URL + "/count")
    graph.output("body", page["body"])
    assert graph.run_sync().raise_on_failure()["body"]["n"] > 0
    assert replay.parent.name == "test_own"
"""


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    """The bench of commands that run in this process."""
    settings = Settings(
        home=tmp_path_factory.mktemp("home"), store_url="memory:", redis_url="local:"
    )
    made = Workbench(settings)
    made.outbound.allow("127.0.0.1")
    yield made
    made.close()


def here(bench, *words):
    """A command in this process: its exit code, and what it prints."""
    use_workbench(bench)
    with contextlib.redirect_stdout(io.StringIO()) as told:
        code = main(words)
    return code, told.getvalue()


@pytest.fixture(scope="module")
def project(tmp_path_factory, bench):
    """The project, whose calls are recorded; the server is gone."""
    folder = tmp_path_factory.mktemp("project")
    (folder / "agents").mkdir()
    with serving() as server:
        agent = json.dumps(AGENT).replace("URL", server.url)
        (folder / "agents" / "count.agent.json").write_text(agent)
        (folder / "test_own.py").write_text(TESTS.replace("@URL", server.url))
        cells = [
            nbformat.v4.new_code_cell(cell.replace("URL", server.url)) for cell in CELLS
        ]
        notebook = nbformat.v4.new_notebook(cells=cells)
        nbformat.write(notebook, folder / "own.ipynb")
        said = ended(folder, "jupyter", "nbconvert", "--to", "notebook", "--execute",
                     "--inplace", "--ExecutePreprocessor.store_widget_state=False",
                     "own.ipynb", AGENTBENCH_REPLAY="record")  # fmt: skip
        assert said.returncode == 0, said.stderr
        agent = str(folder / "agents" / "count.agent.json")
        code, told = here(bench, "run", agent, "--json", "--replay", "record")
        assert code == 0
        case = str(folder / "cases" / "count")
        run = json.loads(told)["run"]
        code, told = here(bench, "test", "--from-run", run, case, "--agent", agent)
        assert (code, told.count("passed")) == (0, 1)
        own = ended(
            folder,
            "pytest",
            "-q",
            "test_own.py::test_own",
            "--agentbench-replay=record",
        )
        assert own.returncode == 0, own.stdout
    return folder


def ended(folder: Path, name: str, *words: str, **environment: str):
    """A command of the environment that the tests run in, with a home of its own."""
    lines = [sys.executable, "-m", name, *words]
    own = {
        "AGENTBENCH_HOME": str(folder / ".home"),
        "AGENTBENCH_ALLOWED_HOSTS": "127.0.0.1",
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    }
    return subprocess.run(
        lines,
        cwd=folder,
        env={**os.environ, **own, **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def offline(folder: Path, *words: str, **environment: str):
    return ended(
        folder,
        *words,
        AGENTBENCH_OFFLINE="1",
        AGENTBENCH_ALLOWED_HOSTS="",
        **environment,
    )


def test_agentbench_test_passes_and_says_so(project):
    said = offline(project, "agentbench", "test", "cases")
    assert said.returncode == 0, said.stdout
    assert said.stdout.startswith("cases/count: passed (")
    assert said.stderr == "1 case: 1 passed\n"


def test_machines_are_told_too_and_an_agent_stands_for_its_cases(project, bench):
    agent = str(project / "agents" / "count.agent.json")
    code, told = here(bench, "test", agent, "--json")
    (case,) = json.loads(told)["cases"]
    assert (code, case["passed"], case["status"]) == (0, True, "completed")
    assert case["faults"] == []


def test_pytest_and_nbval_pass(project):
    said = offline(
        project,
        "pytest",
        "-v",
        "--nbval",
        "--nbval-current-env",
        "-p",
        "no:cacheprovider",
    )
    assert said.returncode == 0, said.stdout
    assert "cases/count/case.json::count PASSED" in said.stdout
    assert said.stdout.count("own.ipynb::ipynb::Cell") == 3
    assert said.stdout.count("PASSED") == 6


def test_a_change_is_found_shown_and_accepted(project, bench):
    case = project / "cases" / "count" / "case.json"
    whole = case.read_text()
    case.write_text(whole.replace('"n": ', '"n": 1'))
    code, told = here(bench, "test", str(project / "cases"))
    assert code == 1
    assert "cases/count: FAILED" in told
    assert "outputs.body equals:" in told
    said = offline(project, "pytest", "-q", "cases")
    assert said.returncode == 1
    assert "+++ got" in said.stdout
    assert "Traceback" not in said.stdout
    code, told = here(bench, "test", str(project / "cases"), "--update")
    assert code == 0
    assert "updated: outputs.body equals" in told
    assert case.read_text() == whole


def test_what_cannot_be_tested_ends_with_2(project, bench):
    assert here(bench, "test", str(project / "agents"))[0] == 2
    bad = project / "bad"
    bad.mkdir()
    (bad / "case.json").write_text('{"format": "agentbench-case/1"}')
    code, told = here(bench, "test", str(bad), str(project / "cases"))
    (bad / "case.json").unlink()
    assert code == 2
    assert "bad: ERROR" in told
    assert "cases/count: passed" in told
