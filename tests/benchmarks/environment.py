"""The environment of the peers: made for the bench only, apart from our own."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.benchmarks.peers import PEERS, Peer

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / ".venv-bench"
PYTHON = FOLDER / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def prepare() -> dict[str, str]:
    """Installs every peer; returns, by peer, why one could not be. The rest goes on."""
    uv = shutil.which("uv")
    if not PYTHON.exists():
        make = [uv, "venv", "--quiet"] if uv else [sys.executable, "-m", "venv"]
        subprocess.run([*make, str(FOLDER)], check=True)
    install = (
        [uv, "pip", "install", "--python", str(PYTHON)]
        if uv
        else [str(PYTHON), "-m", "pip", "install"]
    )
    return {peer.name: why for peer in PEERS if (why := _not_installed(install, peer))}


def _not_installed(install: list[str], peer: Peer) -> str:
    print(f"installing {peer.name}", file=sys.stderr, flush=True)
    command = [*install, "--quiet", *peer.packages]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    lines = ran.stderr.strip().splitlines() or ["no reason was given"]
    return "" if ran.returncode == 0 else lines[-1][:300]
