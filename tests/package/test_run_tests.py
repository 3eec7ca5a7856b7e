"""A test that fails beside others is run again by itself, and named."""

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "scripts/run_tests.py"
TESTS = """
from pathlib import Path
def fails_until(tries, name):
    made = Path(name)
    made.write_text((made.read_text() if made.exists() else "") + "x")
    assert len(made.read_text()) >= tries
def test_calm(): pass
def test_shy(): fails_until(2, "shy")
"""


@pytest.mark.parametrize(
    ("more", "status", "runs"),
    [
        ("", 0, 2),
        ("def test_broken(): fails_until(9, 'broken')", 1, 2),
        ("def test_b(): assert 0\ndef test_c(): assert 0", 1, 1),
    ],
    ids=["flaky", "broken", "many"],
)
def test_a_failed_test_is_run_alone(
    tmp_path: Path, more: str, status: int, runs: int
) -> None:
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    (tmp_path / "test_it.py").write_text(TESTS + more)
    command = [sys.executable, "-P", str(SCRIPT), "test_it.py", "--numprocesses", "1"]
    done = subprocess.run(
        command, cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == status, done.stdout + done.stderr
    assert done.stdout.count("test session starts") == runs
    assert ("FAILED BESIDE OTHERS" in done.stdout) is (runs == 2)
    assert len((tmp_path / "shy").read_text()) == runs
