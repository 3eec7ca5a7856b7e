"""What the tests of the command line use: the command as a process, and small agents."""

import json
import os
import subprocess
import sys

import pytest


@pytest.fixture
def command(tmp_path):
    """Starts `agentbench` with a home of its own."""
    own = {
        "AGENTBENCH_HOME": str(tmp_path / "h"),
        "AGENTBENCH_ALLOWED_HOSTS": "127.0.0.1",
    }

    def start(*words, **more):
        return subprocess.Popen(
            [sys.executable, "-m", "agentbench", *words],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=tmp_path,
            env={**os.environ, **own},
            **more,
        )

    return start


def ended(process):
    out, err = process.communicate(timeout=120)
    return process.returncode, out, err


def write(tmp_path, agent):
    file = tmp_path / f"{agent['name']}.agent.json"
    file.write_text(json.dumps(agent))
    return str(file)
