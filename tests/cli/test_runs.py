"""`agentbench runs`, and what it does with one."""

import contextlib
import io
import json

import pytest

from agentbench.cli.main import main
from agentbench.workbench.settings import Settings
from agentbench.workbench.workbench import Workbench, use_workbench, workbench
from tests.cli.conftest import ended, write

MIXED = {
    "format": "agentbench/1",
    "name": "mixed",
    "nodes": {
        "div": {"block": "math.calculate", "constants": {"expression": "1 / 0"}},
        "gone": {
            "block": "math.calculate",
            "constants": {"expression": "1"},
            "options": {"disabled": True},
        },
        "out": {"block": "agent.output", "constants": {"name": "fine", "value": 1}},
    },
}


class Terminal:
    """The command on one home or another; in this process, for there are many calls."""

    def __init__(self, folder):
        self.folder = folder
        self.benches = {}

    def __call__(self, *words, home="h"):
        if home not in self.benches:
            url = f"sqlite:///{self.folder / home}/agentbench.db"
            settings = Settings(
                home=self.folder / home, store_url=url, redis_url="local:"
            )
            self.benches[home] = Workbench(settings)
        use_workbench(self.benches[home])
        out, err = io.StringIO(), io.StringIO()
        with (
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
            contextlib.chdir(self.folder),
        ):
            try:
                code = main(words)
            except SystemExit as ended:  # so argparse ends
                code = ended.code
        return code, out.getvalue(), err.getvalue()


@pytest.fixture(scope="module")
def terminal(tmp_path_factory):
    before = workbench()
    terminal = Terminal(tmp_path_factory.mktemp("terminal"))
    yield terminal
    use_workbench(before)
    for bench in terminal.benches.values():
        bench.close()


@pytest.fixture(scope="module")
def run(terminal):
    """The id of a run with a failure and a node that was skipped."""
    file = write(terminal.folder, MIXED)
    code, out, _ = terminal("run", file, "--json")
    assert code == 1
    return json.loads(out)["run"]


def test_a_run_is_shown_firing_by_firing_with_its_errors(terminal, run):
    code, out, err = terminal("runs", "show", run)
    assert (code, err) == (0, "")
    head, names, *rows = out.splitlines()
    assert head.startswith(f"{run}  failed  ")
    assert head.endswith("  mixed")
    assert names.split() == ["node", "#", "status", "tries", "seconds", "said"]
    div, gone, out_row = sorted(rows[:3])
    assert div.split()[:4] == ["div", "1", "failed", "1"]
    assert div.endswith("CannotCalculate: '1 / 0' divides by zero with no variables.")
    assert gone.split()[:3] == ["gone", "1", "skipped"]
    assert "disabled" in gone
    assert out_row.split()[:3] == ["out", "1", "completed"]
    assert div.index("failed") == gone.index("skipped") == names.index("status")
    assert rows[3].startswith("failed: div: CannotCalculate")


def test_the_same_for_machines(terminal, run):
    code, out, _ = terminal("runs", "show", run, "--json")
    said = json.loads(out)
    assert (code, said["run"], said["status"], said["agent"]) == (
        0, run, "failed", "mixed",
    )  # fmt: skip
    by = {firing["node"]: firing for firing in said["firings"]}
    assert by["div"]["error"].startswith("CannotCalculate: ")
    assert by["div"]["traceback"].startswith("Traceback")
    assert by["out"]["started"] <= by["out"]["ended"]
    assert [failure["node"] for failure in said["failures"]] == ["div"]


def test_a_run_that_is_not_there_ends_with_1(terminal, run):
    code, _, err = terminal("runs", "show", f"{run[:-1]}x")
    assert code == 1
    assert f"Did you mean '{run}'" in err


def test_runs_are_listed_by_status_and_time(terminal, run):
    assert run in terminal("runs", "--status", "failed", "--since", "1h")[1]
    assert terminal("runs", "--status", "completed")[:2] == (0, "")
    assert terminal("runs", "--since", "2999-01-01", "--json")[1] == "[]\n"
    code, _, err = terminal("runs", "--status", "broken")
    assert (code, "'needs_decision'" in err) == (2, True)
    code, _, err = terminal("runs", "--since", "lately")
    assert (code, "'lately' is no time" in err) == (2, True)


def test_a_run_goes_into_a_file_and_out_of_it_elsewhere(terminal, run):
    code, out, _ = terminal("runs", "export", run, "-o", "kept.run.zip")
    assert (code, out) == (0, f"{run} is in kept.run.zip\n")
    assert terminal("runs", "export", run)[1] == f"{run} is in {run}.run.zip\n"
    whole = (terminal.folder / "kept.run.zip").read_bytes()
    assert (terminal.folder / f"{run}.run.zip").read_bytes() == whole

    code, out, _ = terminal("runs", "import", "kept.run.zip", home="other")
    assert (code, out) == (0, f"{run}  failed  mixed\n")
    assert terminal("runs", "import", "kept.run.zip", home="other")[0] == 0
    here, there = (
        terminal("runs", "show", run),
        terminal("runs", "show", run, home="other"),
    )
    assert here == there
    assert len(json.loads(terminal("runs", "--json", home="other")[1])) == 1


def test_a_file_that_is_none_ends_with_2(terminal, run):
    bad = terminal.folder / "bad.run.zip"
    bad.write_bytes(b"PK nothing")
    code, _, err = terminal("runs", "import", "bad.run.zip")
    assert code == 2
    assert err.startswith("agentbench: The file bad.run.zip cannot be read as a run")
    code, _, err = terminal("runs", "import", "none.run.zip")
    assert (code, "No such file" in err) == (2, True)
    code, _, err = terminal("runs", "export", run, "-o", "no/such/folder.zip")
    assert (code, "no/such/folder.zip cannot be written" in err) == (1, True)


def test_a_file_is_taken_in_by_a_process_of_its_own(terminal, run, command):
    terminal("runs", "export", run, "-o", "far.run.zip")
    file = str(terminal.folder / "far.run.zip")
    code, out, err = ended(command("runs", "import", file))
    assert (code, out, err) == (0, f"{run}  failed  mixed\n", "")
    code, out, err = ended(command("runs", "show", run))
    assert (code, out, err) == (0, terminal("runs", "show", run)[1], "")


def test_help_says_what_can_be_done_with_one(terminal):
    code, said, _ = terminal("runs", "--help")
    assert code == 0
    for word in ("show", "export", "import", "--since"):
        assert word in said


def test_a_run_is_shown_over_time(terminal, run):
    code, out, _ = terminal("runs", "show", run)
    drawn = out.partition("\n\n")[2].splitlines()
    assert code == 0
    assert any("X" in line and "|" in line for line in drawn)
    assert drawn[-1].strip().startswith("= ran")
    assert "= ran" not in terminal("runs", "show", run, "--no-timeline")[1]
    code, out, _ = terminal("runs", "show", run, "--node", "div")
    assert (code, "gone" in out, "= ran" in out) == (0, False, False)
    code, _, err = terminal("runs", "show", run, "--node", "none")
    assert (code, "none" in err) == (2, True)


def test_two_runs_are_compared(terminal, run):
    code, out, _ = terminal("runs", "diff", run, run)
    assert code == 0
    assert "the same graph, inputs, firings and outputs" in out
    code, out, _ = terminal("runs", "diff", run, run, "--json")
    facts = json.loads(out)
    assert (code, facts["is_same"], facts["first"]) == (0, True, None)
    assert facts["nodes"]
    code, _, err = terminal("runs", "diff", run, "run-none")
    assert code == 1
    assert "run-none" in err


def test_a_run_is_shared_as_a_page(terminal, run, tmp_path):
    code, out, _ = terminal("runs", "share", run, "-o", "kept.html")
    assert (code, out) == (0, f"{run} is in kept.html\n")
    assert terminal("runs", "share", run)[1] == f"{run} is in {run}.run.html\n"
    code, _, err = terminal("runs", "share", run, "-o", "no/such/folder.html")
    assert code == 1
    assert "cannot be written" in err


def test_runs_are_deleted(terminal):
    file = write(terminal.folder, MIXED | {"name": "more"})
    ran = json.loads(terminal("run", file, "--json")[1])["run"]
    code, _, said = terminal("runs", "delete")
    assert (code, "say which" in said) == (2, True)
    code, said, _ = terminal("runs", "delete", ran)
    assert (code, said) == (0, "1 run deleted; 0 values swept, 0 bytes.\n")
    assert terminal("runs", "show", ran)[0] == 1
    assert terminal("runs", "delete", "--of", "more", "--before", "1h")[0] == 0
