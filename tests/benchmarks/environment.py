"""The environment of the peers: made for the bench only, apart from our own."""

import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.benchmarks.peers import Peer

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / ".venv-bench"
PYTHON = FOLDER / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def prepare(peers: Sequence[Peer]) -> dict[str, str]:
    """Installs them; returns, by peer, why one could not be. The rest goes on.

    Its Python is the one that we run on ourselves, else it would be compared too.
    """
    uv = shutil.which("uv")
    if not _is_of_our_python():
        make = [uv, "venv", "--quiet", "--python", sys.executable] if uv else []
        command = make or [sys.executable, "-m", "venv"]
        subprocess.run([*command, "--clear", str(FOLDER)], check=True)
    pip = [str(PYTHON), "-m", "pip", "install"]
    install = [uv, "pip", "install", "--python", str(PYTHON)] if uv else pip
    names = " ".join(peer.name for peer in peers)
    print(f"installing {names}", file=sys.stderr, flush=True)
    if not _why_not(install, [one for peer in peers for one in peer.packages]):
        return {}
    missing = {}
    for peer in peers:
        if why := _why_not(install, peer.packages):
            here = f"Python {platform.python_version()} on {platform.machine()}"
            missing[peer.name] = f"cannot be installed for {here}: {why}"
            print(f"{peer.name} {missing[peer.name]}", file=sys.stderr, flush=True)
    return missing


def _is_of_our_python() -> bool:
    asked = [str(PYTHON), "-c", "import platform; print(platform.python_version())"]
    if not PYTHON.exists():
        return False
    ran = subprocess.run(asked, capture_output=True, text=True, check=False)
    return ran.stdout.strip() == platform.python_version()


def _why_not(install: Sequence[str], packages: Sequence[str]) -> str:
    """What the installer says against it, in one line; nothing when it went well."""
    command = [*install, "--quiet", *packages]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    if ran.returncode == 0:
        return ""
    said = ran.stderr.partition("hint:")[0].split()
    words = [word for word in said if any(map(str.isalnum, word))]  # no lines it draws
    return " ".join(words)[:300] or "no reason was given"
