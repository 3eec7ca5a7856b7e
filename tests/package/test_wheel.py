"""What a user gets from `pip install`: everything inside, no Node needed to use it."""

import importlib.util
import os
import shutil
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
STATIC = Path("agentbench/widgets/static")
LOADS = """
import shutil, sys
from importlib.resources import files
from IPython.core.interactiveshell import InteractiveShell

assert shutil.which("node") is None
shell = InteractiveShell.instance()
shell.run_line_magic("load_ext", "agentbench")
assert "agent" in shell.magics_manager.magics["line"]
package = files("agentbench")
assert sys.prefix in str(package), package
assert package.joinpath("widgets/static/graph-editor.js").is_file()
print("loaded")
"""

pytestmark = pytest.mark.timeout(300)


def _sources(folder: Path, *, with_bundle: bool) -> Path:
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    ran = subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True)
    for name in filter(None, ran.stdout.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    if with_bundle:
        shutil.copytree(ROOT / STATIC, folder / STATIC)
    return folder


def _build(sources: Path, *arguments: str, path: str) -> Path:
    command = [sys.executable, "-m", "build", *arguments, "--outdir", sources / "dist"]
    environment = {**os.environ, "PATH": path}
    ran = subprocess.run(
        command,
        check=False,
        cwd=sources,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return next((sources / "dist").glob("*.whl"))


def _install(wheel: Path, folder: Path) -> Path:
    has_uv = importlib.util.find_spec("uv") is not None
    venv.create(folder, with_pip=not has_uv)
    python = folder / "bin" / "python"
    uv = [sys.executable, "-m", "uv", "pip", "install", "--python", python]
    pip = [python, "-m", "pip", "install"]
    subprocess.run([*(uv if has_uv else pip), "--quiet", wheel], check=True)
    return python


def test_wheel_loads_in_a_clean_environment_without_node(tmp_path: Path) -> None:
    # Through the source distribution: it carries the bundle, so no step needs Node.
    sources = _sources(tmp_path / "sources", with_bundle=True)
    wheel = _build(sources, path=str(Path(sys.executable).parent))
    python = _install(wheel, tmp_path / "clean")
    environment = {**os.environ, "PATH": str(python.parent)}
    ran = subprocess.run(
        [python, "-W", "error", "-c", LOADS], cwd=tmp_path, env=environment,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.stdout == "loaded\n", ran.stderr


def test_wheel_from_plain_sources_builds_the_front_end(tmp_path: Path) -> None:
    sources = _sources(tmp_path / "sources", with_bundle=False)
    wheel = _build(sources, "--wheel", path=os.environ["PATH"])
    names = zipfile.ZipFile(wheel).namelist()
    assert str(STATIC / "graph-editor.js") in names
    assert {name.split("/")[0] for name in names if ".dist-info" not in name} == {
        "agentbench"
    }
