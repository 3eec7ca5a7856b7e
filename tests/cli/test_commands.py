"""The `agentbench` command, as a process."""

import contextlib
import json
import math
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from agentbench.workbench.jsonable import jsonable
from agentbench.workbench.settings import Settings
from agentbench.workbench.workbench import Workbench, workbench
from tests.cli.conftest import ended, write

AGENTS = Path(__file__).parents[2] / "notebooks" / "agents"
FIRST = AGENTS / "weather-brief.agent.json"

SLOW = {
    "format": "agentbench/1",
    "name": "slow",
    "nodes": {"wait": {"block": "logic.wait", "constants": {"seconds": 60}}},
}
BAD = {
    "format": "agentbench/1",
    "name": "bad",
    "nodes": {
        "div": {"block": "math.calculate", "constants": {"expression": "1 / 0"}},
        "out": {"block": "agent.output", "constants": {"name": "fine", "value": 1}},
    },
}


def test_run_prints_one_json_object(command):
    code, out, _ = ended(command("run", str(FIRST), "--input", "year=2014", "--json"))
    said = json.loads(out)
    assert code == 0
    assert set(said) == {
        "run", "agent", "status", "outputs", "failures", "firings", "seconds",
    }  # fmt: skip
    assert (said["agent"], said["status"]) == ("weather brief", "completed")
    assert said["outputs"]["brief"][0].startswith("## Seattle, 2014")
    assert said["outputs"]["rain"][0]["$schema"].startswith("https://vega.github.io")
    assert said["failures"] == []
    assert said["firings"] == 12


def test_run_without_json_prints_outputs_and_tells_progress_on_the_error_stream(
    command,
):
    code, out, err = ended(command("run", str(FIRST)))
    assert code == 0
    assert "## Seattle, 2015" in out
    assert "months: completed" in err
    assert "weather brief: completed in" in err


def test_a_failed_run_ends_with_1_and_names_the_node(command, tmp_path):
    code, out, _ = ended(command("run", write(tmp_path, BAD), "--json"))
    said = json.loads(out)
    assert (code, said["status"]) == (1, "failed")
    assert said["failures"][0]["node"] == "div"
    assert said["outputs"] == {"fine": [1]}


def until_it_fires(home):
    """Looks into the store that the command made, as another kernel would."""
    own = {"AGENTBENCH_HOME": str(home), "AGENTBENCH_REDIS_URL": "local:"}
    end = time.monotonic() + 60
    with contextlib.closing(Workbench(Settings.from_environment(own))) as bench:
        while not any(bench.run(it.id).node_statuses for it in bench.runs()):
            assert time.monotonic() < end, "it never began"
            time.sleep(0.05)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_stopped_run_ends_with_130(command, tmp_path, how):
    process = command("run", write(tmp_path, SLOW), "--json")
    until_it_fires(tmp_path / "h")
    process.send_signal(how)
    code, out, _ = ended(process)
    assert code == 130
    assert json.loads(out)["status"] == "stopped"


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["nowhere.agent.json"], "there is no such file"),
        (["an agent"], "no agent 'an agent' in the library"),
        ([str(FIRST), "-i", "year"], "NAME=VALUE"),
        ([str(FIRST), "-i", "yaer=1"], "Did you mean 'year'"),
        ([str(FIRST), "-i", "year=soon"], "takes whole number"),
    ],
)
def test_bad_usage_ends_with_2_and_says_why(command, words, reason):
    code, out, err = ended(command("run", *words))
    assert (code, out) == (2, "")
    assert reason in err


def test_a_damaged_file_ends_with_2(command, tmp_path):
    (tmp_path / "x.agent.json").write_text('{"format": "agentbench/1",')
    code, _, err = ended(command("run", "x.agent.json"))
    assert code == 2
    assert "it is no JSON (line 1" in err


def test_check_says_what_is_wrong_with_node_and_port(command, tmp_path):
    wrong = {
        "format": "agentbench/1",
        "name": "wrong",
        "nodes": {
            "combine": {"block": "text.combine"},
            "lost": {"block": "text.templat"},
            "calc": {"block": "math.calculate", "constants": {"expression": "a + 1"}},
        },
        "links": [
            {"from": "combine.result", "to": "calc.a"},
            {"from": "combine.nothing", "to": "calc.b"},
        ],
    }
    code, out, _ = ended(command("check", write(tmp_path, wrong)))
    assert code == 1
    assert "combine.texts: needs a link or a constant" in out
    assert (
        "lost: the block 'text.templat' is unknown. Did you mean 'text.template'" in out
    )
    assert "calc.a: the link combine.result -> calc.a does not fit" in out
    assert (
        "combine.nothing: the link combine.nothing -> calc.b starts at an output" in out
    )
    code, out, _ = ended(command("check", str(FIRST)))
    assert (code, "nothing is wrong" in out) == (0, True)


def test_check_of_what_is_no_agent_ends_with_2(command, tmp_path):
    (tmp_path / "x.json").write_text("{}")
    code, out, _ = ended(command("check", "x.json", "--json"))
    assert code == 2
    assert "`format` is not" in json.loads(out)["x.json"][0]["message"]


def test_doctor_says_which_store_and_locks_are_in_use(command, tmp_path):
    code, out, _ = ended(command("doctor", "--json"))
    found = {finding["name"]: finding for finding in json.loads(out)}
    assert code == 0
    assert f"sqlite:///{tmp_path}/h/agentbench.db" in found["store"]["text"]
    assert "embedded Valkey server" in found["locks"]["text"]


def test_sweep_takes_uploads_that_nothing_names(command, tmp_path):
    upload = tmp_path / "h" / "files" / ("ab" * 10) / "a.txt"
    upload.parent.mkdir(parents=True)
    upload.write_text("abc")
    code, out, _ = ended(command("sweep", "--older", "0", "--json"))
    assert (code, json.loads(out)["file_bytes"]) == (0, 3)
    assert not upload.parent.exists()


def test_doctor_ends_with_1_when_the_server_cannot_be_reached(
    command, tmp_path, monkeypatch
):
    environ = {**os.environ, "AGENTBENCH_REDIS_URL": "redis://:secret@127.0.0.1:1/0"}
    environ["AGENTBENCH_HOME"] = str(tmp_path / "h")
    done = subprocess.run(
        [sys.executable, "-m", "agentbench", "doctor"],
        capture_output=True,
        text=True,
        env=environ,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert "127.0.0.1:1" in done.stdout
    assert "secret" not in done.stdout + done.stderr


def test_blocks_and_runs_are_listed(command):
    code, out, _ = ended(command("blocks", "read", "table"))
    assert (code, out.startswith("table.read(")) == (0, True)
    ended(command("run", str(FIRST), "--quiet"))
    code, out, _ = ended(command("runs", "--json"))
    assert json.loads(out)[0]["status"] == "completed"


def test_check_says_a_damage_once(command, tmp_path):
    code, out, _ = ended(
        command("check", write(tmp_path, {"format": "agentbench/9", "name": "new"}))
    )
    assert code == 1
    assert out.count("its format is agentbench/9") == 1


def test_json_is_json_on_a_terminal_that_takes_only_ascii(
    command, tmp_path, monkeypatch
):
    monkeypatch.setenv("PYTHONIOENCODING", "ascii")
    agent = {**BAD, "name": "größe 😀"}
    done = subprocess.run(
        [sys.executable, "-m", "agentbench", "run", write(tmp_path, agent), "--json"],
        capture_output=True,
        check=False,
        cwd=tmp_path,
        env={**os.environ, "AGENTBENCH_HOME": str(tmp_path / "h")},
    )
    assert json.loads(done.stdout)["agent"] == "größe 😀"


def test_numbers_that_json_lacks_are_null_and_spoil_nothing_around_them():
    numpy, pandas = pytest.importorskip("numpy"), pytest.importorskip("pandas")
    bench = workbench()
    nan = float("nan")
    assert jsonable([1.5, nan, {"a": -math.inf}], bench) == [1.5, None, {"a": None}]
    assert jsonable({"n": numpy.int64(3), "x": numpy.float64(nan)}, bench) == {
        "n": 3,
        "x": None,
    }
    twice = pandas.DataFrame([[1, 2]], columns=["a", "a"])  # no records can hold it
    assert "a" in jsonable(twice, bench)
    ring = []
    ring.append(ring)
    assert isinstance(jsonable(ring, bench), str)


def test_a_closed_error_stream_costs_nothing_but_the_progress(tmp_path):
    agent = {**BAD, "nodes": {"out": BAD["nodes"]["out"]}}
    words = [sys.executable, "-m", "agentbench", "run", write(tmp_path, agent)]
    done = subprocess.run(
        ["sh", "-c", '"$@" 2>&-', "sh", *words],
        stdout=subprocess.PIPE,
        text=True,
        check=False,
        cwd=tmp_path,
        env={**os.environ, "AGENTBENCH_HOME": str(tmp_path / "h")},
    )
    assert (done.returncode, done.stdout) == (0, "fine:\n1\n")


INTERRUPTED_WHILE_LOADING = """
import os, runpy, signal, sys

class Interrupt:
    def find_spec(self, name, path=None, target=None):
        if name == "agentbench.cli.main":
            os.kill(os.getpid(), signal.SIGINT)

sys.meta_path.insert(0, Interrupt())
sys.argv[:] = ["agentbench", "blocks"]
runpy.run_module("agentbench", run_name="__main__")
"""


def test_an_interrupt_while_it_loads_prints_no_traceback(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", INTERRUPTED_WHILE_LOADING],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        ('"$@" | head -n 0; exit ${PIPESTATUS[0]}', 0, ""),
        ('"$@" > /dev/full', 1, "agentbench: No space left on device\n"),
    ],
)
@pytest.mark.parametrize("words", [["blocks", "--json"], ["run", "fine.agent.json"]])
def test_what_nobody_reads_is_no_failure_and_what_has_no_room_is(
    tmp_path, line, code, said, words
):
    nodes = {"out": {"block": "agent.output", "constants": {"name": "o", "value": 1}}}
    write(tmp_path, {"format": "agentbench/1", "name": "fine", "nodes": nodes})
    done = subprocess.run(
        ["bash", "-c", line, "sh", sys.executable, "-m", "agentbench", *words],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        cwd=tmp_path,
        env={**os.environ, "AGENTBENCH_HOME": str(tmp_path / "h")},
    )
    assert done.returncode == code
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr
    assert said in done.stderr


def test_what_we_stand_on_giving_way_ends_with_1(tmp_path):
    (tmp_path / "h").write_text("a file where a folder should be")
    place = f"sqlite:///{tmp_path / 'h' / 'x.db'}"
    environ = {**os.environ, "AGENTBENCH_STORE_URL": place}
    environ["AGENTBENCH_HOME"] = str(tmp_path / "home")
    done = subprocess.run(
        [sys.executable, "-m", "agentbench", "runs"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env=environ,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("agentbench: ")


def test_a_file_with_a_byte_order_mark_runs(command, tmp_path):
    nodes = {"out": {"block": "agent.output", "constants": {"name": "o", "value": 1}}}
    file = Path(write(tmp_path, {**BAD, "nodes": nodes}))
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
    code, out, _ = ended(command("run", str(file)))
    assert (code, out) == (0, "o:\n1\n")


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["-i", "year=1", "-i", "year=2"], "Input 'year' is given twice"),
        (["--concurrency", "0"], "takes a whole number above 0, not '0'"),
        (["-i", "year"], "Input 'year' has no value; write NAME=VALUE."),
    ],
)
def test_what_cannot_be_meant_is_refused(command, words, reason):
    code, out, err = ended(command("run", str(FIRST), *words))
    assert (code, out) == (2, "")
    assert reason in err


def test_a_message_in_a_terminal_names_no_magic_alone(command):
    _, _, err = ended(command("run", "an agent"))
    assert "%agent" not in err
    assert "The library holds: plan-and-act, reflect." in err


def test_models_are_listed_for_people_and_for_machines(command):
    code, out, _ = ended(command("models", "--json"))
    found = {info["name"]: info for info in json.loads(out)}
    assert code == 0
    assert found["openai:gpt-6-luna"]["is_default"]
    assert found["ollama:…"]["is_ready"] is False
    assert "openai:gpt-6-luna" in ended(command("models"))[1]


def test_blocks_are_listed_as_json_with_all_that_is_known(command):
    code, out, _ = ended(command("blocks", "--json"))
    listed = {block["id"]: block for block in json.loads(out)}
    assert (code, len(listed) >= 120) == (0, True)
    names = {"id", "title", "help", "keywords", "category", "inputs", "outputs", "effects", "examples"}  # fmt: skip
    assert all(names <= block.keys() for block in listed.values())
    split = listed["text.split"]
    assert split["category"] == "text"
    assert split["examples"][0]["outputs"] == {"result": [["a", "b", "c"]]}


def test_a_new_block_is_begun_with_a_test_that_passes(command, tmp_path):
    code, _, said = ended(command("blocks", "new", "mine.shout"))
    assert code == 0, said
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_shout.py"],
        cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    code, _, said = ended(command("blocks", "new", "mine.shout"))
    assert (code, "there already" in said) == (2, True)
    code, _, said = ended(command("blocks", "new", "No Name"))
    assert (code, "is no name" in said) == (2, True)
