"""Runs that wait, were cut off, or build on earlier ones, from a terminal."""

import json
import os
import signal
import socket
import time

import pytest

from tests.cli.conftest import ended, write

ASKS = {
    "format": "agentbench/1",
    "name": "asks",
    "nodes": {
        "gate": {
            "block": "human.approve",
            "constants": {"value": 7, "question": "Publish it?"},
        },
        "out": {"block": "agent.output", "constants": {"name": "sent"}},
    },
    "links": [{"from": "gate.approved", "to": "out.value"}],
}
CHAIN = {
    "format": "agentbench/1",
    "name": "chain",
    "nodes": {
        "one": {"block": "math.calculate", "constants": {"expression": "1 + 1"}},
        "two": {"block": "math.calculate", "constants": {"expression": "a + 1"}},
        "out": {"block": "agent.output", "constants": {"name": "sum"}},
    },
    "links": [
        {"from": "one.result", "to": "two.a"},
        {"from": "two.result", "to": "out.value"},
    ],
}


@pytest.fixture
def waiting(command, tmp_path):
    """The id of a run that waits for an answer."""
    code, out, _ = ended(command("run", write(tmp_path, ASKS), "--json"))
    said = json.loads(out)
    assert (code, said["status"]) == (3, "waiting")
    assert said["waits"] == [
        {
            "node": "gate",
            "firing": 1,
            "question": "Publish it?",
            "choices": ["approve", "reject"],
            "comment": True,
        }
    ]
    return said["run"]


def test_a_run_that_waits_ends_with_3_and_goes_on_when_it_is_answered(command, waiting):
    code, out, _ = ended(command("runs"))
    assert code == 0
    assert "gate asks: Publish it? (approve, reject)" in out
    code, out, err = ended(command("answer", waiting, "gate", "perhaps"))
    assert (code, out) == (1, "")
    assert "takes 'approve', 'reject', not 'perhaps'" in err
    code, out, _ = ended(command("answer", waiting, "gate", "approve", "--json"))
    said = json.loads(out)
    assert (code, said["status"], said["outputs"]) == (0, "completed", {"sent": [7]})
    assert "waits" not in said
    assert "reason" not in said


def test_a_run_that_waits_can_be_stopped(command, waiting):
    assert ended(command("stop", waiting)) == (0, "asks: stopped\n", "")
    code, _, err = ended(command("answer", waiting, "gate", "approve"))
    assert code == 1
    assert "has ended" in err
    code, _, err = ended(command("stop", "run-nowhere"))
    assert (code, "There is no run 'run-nowhere'" in err) == (1, True)


def test_a_run_that_waits_says_in_words_how_to_answer(command, tmp_path):
    code, out, err = ended(command("run", write(tmp_path, ASKS), "--quiet"))
    assert (code, out) == (3, "")
    assert "waits: gate asks: Publish it? (approve, reject)" in err
    assert "gate ANSWER" in err


def test_a_run_cut_off_while_sending_ends_with_3_until_somebody_decides(
    command, tmp_path, monkeypatch
):
    monkeypatch.setenv("AGENTBENCH_LEASE", "6")  # so that the dead one is soon missed
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(60)
        url = f"http://127.0.0.1:{server.getsockname()[1]}/"
        sends = {"block": "web.send", "constants": {"url": url, "body": "x"}}
        agent = {"format": "agentbench/1", "name": "sender", "nodes": {"send": sends}}
        process = command("run", write(tmp_path, agent))
        with server.accept()[0]:
            os.kill(process.pid, signal.SIGKILL)
            process.communicate(timeout=60)
    _, out, _ = ended(command("runs", "--json"))
    [record] = json.loads(out)
    code, err, end = 1, "still alive", time.monotonic() + 60
    while "still alive" in err and time.monotonic() < end:  # until its lease runs out
        code, _, err = ended(command("resume", record["id"]))
    assert code == 3
    assert "nobody knows whether it was sent" in err
    _, out, _ = ended(command("runs"))
    assert "send was cut off while it was sending: again, done or failed?" in out
    code, out, _ = ended(command("resume", record["id"], "--done", "send", "--json"))
    assert (code, json.loads(out)["status"]) == (0, "completed")


def test_only_what_changed_is_run_again(command, tmp_path):
    file = write(tmp_path, CHAIN)
    assert ended(command("run", file))[0] == 0
    code, out, err = ended(command("run", file, "--reuse"))
    assert (code, out) == (0, "sum:\n3\n")
    assert "one: reused" in err
    assert "two: reused" in err
    _, _, err = ended(command("run", file, "--from", "two"))
    assert "one: reused" in err
    assert "two: completed" in err
    _, _, err = ended(command("run", file, "--only", "one"))
    assert "one: completed" in err
    assert "two: skipped" in err
    code, _, err = ended(command("run", file, "--only", "none"))
    assert (code, "There is no node 'none'" in err) == (2, True)


def test_a_run_that_passes_its_budget_says_so(command, tmp_path):
    words = ("run", write(tmp_path, CHAIN), "--max-firings", "1", "--json")
    code, out, _ = ended(command(*words))
    said = json.loads(out)
    assert (code, said["status"]) == (130, "stopped")
    assert "max_firings" in said["reason"]


def test_a_run_goes_step_by_step(command, tmp_path):
    code, _, err = ended(command("run", write(tmp_path, CHAIN), "--step"))
    assert code == 3
    assert "one asks: Held before it begins. (go on, step)" in err
    code, out, _ = ended(command("waiting"))
    line = out.split("agentbench ")[1].strip()
    assert line.endswith("one 'go on'|step")
    run = line.split()[1]
    code, _, err = ended(command("answer", run, "one", "step"))
    assert (code, "two asks: Held" in err) == (3, True)
    code, out, _ = ended(command("answer", run, "two", "go on"))
    assert (code, out) == (0, "sum:\n3\n")


@pytest.mark.parametrize("value", ["0", "-1", "soon"])
def test_a_budget_of_nothing_is_refused(command, tmp_path, value):
    words = ("run", write(tmp_path, CHAIN), f"--max-seconds={value}")
    code, _, err = ended(command(*words))
    assert code == 2
    assert f"takes a number above 0, not '{value}'" in err


def test_help_tells_the_exit_codes(command):
    code, out, _ = ended(command("run", "--help"))
    assert code == 0
    assert "3 the run waits" in " ".join(out.split())
