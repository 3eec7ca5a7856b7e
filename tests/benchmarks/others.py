"""The peers beside us: each shape of each in a process of its own."""

import json
import os
import subprocess
import sys
from typing import Any

from tests.benchmarks.environment import PYTHON, ROOT, prepare
from tests.benchmarks.peers import PEERS, Peer
from tests.benchmarks.shapes import SHAPES

PATIENCE = 300.0
"""Seconds that one shape may take in all."""


def others(only: set[str]) -> dict[str, dict[str, Any]]:
    """By peer and shape what was found, or in a word why nothing was."""
    missing = prepare()
    found: dict[str, dict[str, Any]] = {}
    for peer in PEERS:
        if only and peer.name not in only:
            continue
        found[peer.name] = {}
        for shape in SHAPES:
            if why := missing.get(peer.name):
                answer = {"said": "not installed", "why": why}
            else:
                print(f"{peer.name}: {shape}", file=sys.stderr, flush=True)
                answer = _asked(peer, shape)
            found[peer.name][shape] = answer
    return found


def _asked(peer: Peer, shape: str) -> dict[str, Any]:
    command = [str(PYTHON), "-m", "tests.benchmarks.peers", peer.file, shape]
    surroundings = os.environ | {"RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0"}
    try:
        ran = subprocess.run(
            command,
            cwd=ROOT,
            env=surroundings,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return {"said": "too slow", "why": f"it took more than {PATIENCE:.0f} s"}
    lines = [line for line in ran.stdout.splitlines() if line.startswith("{")]
    if not lines:
        return {"said": "failed", "why": ran.stderr.strip()[-300:]}
    answer: dict[str, Any] = json.loads(lines[-1])
    return answer
