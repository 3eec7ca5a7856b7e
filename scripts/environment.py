"""Creates the virtual environment, with uv in it where uv can be had.

Run it with the Python to use: `python3 scripts/environment.py .venv`.
"""

import importlib.util
import subprocess
import sys
from pathlib import Path

import debian

NO_VENV = """\
This Python cannot make virtual environments: its ensurepip module is missing.
On Debian and Ubuntu, as root: apt-get install {package}"""


def create(folder: Path) -> None:
    """Makes the environment; uv is for speed, pip does the same more slowly."""
    package = f"python3.{sys.version_info.minor}-venv"
    if not importlib.util.find_spec("ensurepip") and not debian.install(package):
        sys.exit(NO_VENV.format(package=package))
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    pip = [folder / "bin" / "python", "-m", "pip", "install", "--quiet"]
    pip.append("--disable-pip-version-check")
    if subprocess.run([*pip, "uv"], check=False).returncode:
        print("uv cannot be had here; pip installs instead, more slowly.", flush=True)
        subprocess.run([*pip, "--upgrade", "pip"], check=True)


if __name__ == "__main__":
    create(Path(sys.argv[1]))
