"""T31: a long day of runs leaves nothing behind."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.examples import IS_SOAK, SEED, rounds

ROOT = Path(__file__).parent.parent.parent
RUNS = rounds(160, soak=2_000)
GROWTH = 50_000 if IS_SOAK else 12_000
"""Kilobytes that the process may grow by; what a run is read from stays in caches."""

CONNECTIONS = 8
"""More may be needed at once in a later hour of the day, at most."""


@pytest.mark.timeout(1_800 if IS_SOAK else 120)
def test_t31_many_runs_leave_nothing_behind(tmp_path):
    command = [sys.executable, "-m", "tests.engine.leaking", str(tmp_path)]
    ran = subprocess.run(
        [*command, str(RUNS), str(SEED)],
        capture_output=True,
        check=False,
        cwd=ROOT,
        text=True,
    )
    assert ran.returncode == 0, ran.stderr
    told = json.loads(ran.stdout.splitlines()[-1])
    before, after, done = told["before"], told["after"], told["done"]
    print(f"seed {SEED}: {done}\n{before}\n{after}")
    assert sum(done.values()) == RUNS
    assert len(done) == 7, "each way was gone"
    assert after.pop("kilobytes") - before.pop("kilobytes") < GROWTH
    assert after["keys"] == 0
    assert after["runs"] <= 1
    # Connections are lent, as many as were ever needed at once.
    before["files"] += CONNECTIONS
    assert all(after[name] <= before[name] for name in before), (before, after)
