"""A project of somebody else: a notebook, an agent, cases and tests of their own.

Its calls are recorded once from a server that is then gone. From there on all of it
passes with no key and no network: by `agentbench test`, by pytest, and by nbval.
"""

import contextlib
import io
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

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


pytestmark = pytest.mark.timeout(240)  # four processes, on a machine that is busy


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


def here(bench, folder, *words):
    """A command in this process: its exit code, and what it prints."""
    use_workbench(bench)
    told = io.StringIO()
    with contextlib.chdir(folder), contextlib.redirect_stdout(told):
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
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("AGENTBENCH_HOME", str(folder / ".home"))
            patch.setenv("AGENTBENCH_ALLOWED_HOSTS", "127.0.0.1")
            patch.setenv("AGENTBENCH_REPLAY", "record")
            place = {"metadata": {"path": str(folder)}}
            NotebookClient(notebook, kernel_name="python3", resources=place).execute()
        nbformat.write(notebook, folder / "own.ipynb")
        agent = "agents/count.agent.json"
        code, told = here(bench, folder, "run", agent, "--json", "--replay", "record")
        assert code == 0
        run = json.loads(told)["run"]
        words = ("test", "--from-run", run, "cases/count", "--agent", agent)
        code, told = here(bench, folder, *words)
        assert (code, told.count("passed")) == (0, 1)
        own = pytest_in(
            folder,
            "test_own.py::test_own",
            "--agentbench-replay=record",
            AGENTBENCH_ALLOWED_HOSTS="127.0.0.1",
        )
        assert own.returncode == 0, own.stdout
    return folder


def pytest_in(folder: Path, *words: str, **environment: str):
    """Runs pytest as a process, with a home of its own."""
    lines = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *words]
    return subprocess.run(
        lines,
        cwd=folder,
        env={**os.environ, "AGENTBENCH_HOME": str(folder / ".home"), **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_agentbench_test_passes_and_says_so(project, bench):
    code, told = here(bench, project, "test", "cases")
    assert code == 0
    assert told.startswith("cases/count: passed (")


def test_machines_are_told_too_and_an_agent_stands_for_its_cases(project, bench):
    code, told = here(bench, project, "test", "agents/count.agent.json", "--json")
    (case,) = json.loads(told)["cases"]
    assert (code, case["passed"], case["status"]) == (0, True, "completed")
    assert case["faults"] == []


def test_pytest_and_nbval_pass_and_show_a_case_that_has_changed(project):
    changed = project / "changed"
    changed.mkdir()
    case = project / "cases" / "count"
    text = (case / "case.json").read_text().replace('"n": ', '"n": 1')
    (changed / "case.json").write_text(text.replace("../../", "../"))
    shutil.copytree(case / "calls", changed / "calls")
    words = ("-v", "--nbval", "--nbval-current-env")
    said = pytest_in(project, *words, AGENTBENCH_OFFLINE="1")
    shutil.rmtree(changed)
    assert said.returncode == 1, said.stdout
    assert "cases/count/case.json::count PASSED" in said.stdout
    assert "changed/case.json::changed FAILED" in said.stdout
    assert said.stdout.count("PASSED") == 6
    assert said.stdout.count("::Cell ") == 3
    assert "+++ got" in said.stdout
    assert "Traceback" not in said.stdout


def test_a_change_is_found_shown_and_accepted(project, bench):
    case = project / "cases" / "count" / "case.json"
    whole = case.read_text()
    case.write_text(whole.replace('"n": ', '"n": 1'))
    code, told = here(bench, project, "test", "cases")
    assert code == 1
    assert "cases/count: FAILED" in told
    assert "outputs.body equals:" in told
    code, told = here(bench, project, "test", "cases", "--update")
    assert code == 0
    assert "updated: outputs.body equals" in told
    assert case.read_text() == whole


def test_what_cannot_be_tested_ends_with_2(project, bench):
    assert here(bench, project, "test", "agents")[0] == 2
    bad = project / "bad"
    bad.mkdir()
    (bad / "case.json").write_text('{"format": "agentbench-case/1"}')
    code, told = here(bench, project, "test", "bad", "cases")
    (bad / "case.json").unlink()
    assert code == 2
    assert "bad: ERROR" in told
    assert "cases/count: passed" in told
