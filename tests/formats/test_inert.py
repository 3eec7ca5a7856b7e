"""T33 and T35: opening, importing, drawing and listing do nothing and send nothing."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from agentbench.workbench.plugins import Plugins

ROOT = Path(__file__).parents[2]


def started(
    folder: Path, *words: str, **more: str
) -> "subprocess.CompletedProcess[str]":
    """A Python process in a folder, with a home of its own."""
    environ = {**os.environ, "AGENTBENCH_HOME": str(folder / "home"), **more}
    return subprocess.run(
        [sys.executable, *words],
        cwd=folder,
        env=environ,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )


@pytest.mark.timeout(240)
def test_t33_opening_is_inert(tmp_path: Path) -> None:
    (tmp_path / "files").mkdir()
    program = f"import runpy, sys; sys.argv = ['x', {str(tmp_path / 'files')!r}];"
    program += f"runpy.run_path({str(ROOT / 'tests/formats/hostile.py')!r}, run_name='__main__')"
    ended = started(tmp_path, "-B", "-P", "-c", program)  # -B: nor does Python write
    assert ended.returncode == 0, ended.stderr[-3000:]
    told: dict[str, Any] = json.loads(ended.stdout.splitlines()[-1])
    assert told["files"] >= 60
    assert told["done"] >= 10 * told["files"]
    assert told["seen"] == []
    assert told["runs"] == []
    assert told["control"], "the watch sees nothing at all"
    assert not list(tmp_path.rglob("ran"))


PLANTED = (
    *("re.py", "redis.py", "httpx.py", "jinja2.py", "msgspec.py", "h11.py"),
    *("agentbench_plugins.py", "cloudpickle.py", "pydantic.py"),
    *("sitecustomize.py", "usercustomize.py", "ipython_config.py", "conftest.py"),
)


def plant(folder: Path) -> None:
    """Modules and settings that leave a trace when anybody takes them in."""
    for name in PLANTED:
        (folder / name).write_text(
            f"open({str(folder / 'ran')!r}, 'a').write({name!r})\n"
        )
    (folder / ".env").write_text("AGENTBENCH_ALLOWED_HOSTS=*\n")
    egg = folder / "evil-1.0.dist-info"
    egg.mkdir()
    (egg / "METADATA").write_text("Metadata-Version: 2.1\nName: evil\nVersion: 1.0\n")
    (egg / "entry_points.txt").write_text(
        "[agentbench.blocks]\nevil = agentbench_plugins:x\n"
    )


@pytest.mark.timeout(240)
def test_t35_planted_modules_are_not_taken_in(tmp_path: Path) -> None:
    plant(tmp_path)
    agent = {
        "format": "agentbench/1",
        "name": "a",
        "nodes": {
            "t": {"block": "text.template", "constants": {"template": "a"}},
            "p": {
                "block": "values.constant",
                "constants": {"value": 1},
                "options": {"isolation": "process"},
            },
        },
        "links": [],
    }
    (tmp_path / "a.agent.json").write_text(json.dumps(agent))
    command = Path(sys.executable).with_name("agentbench")
    for words in (
        ("blocks", "--json"),
        ("check", "a.agent.json"),
        ("run", "a.agent.json"),
    ):
        ended = started(tmp_path, str(command), *words)
        assert ended.returncode == 0, ended.stderr[-2000:]
    assert not (tmp_path / "ran").exists()


KERNEL = """
import sys, re, json
sys.path.insert(0, "")  # as a kernel looks for modules
import agentbench as ab
graph = ab.Graph("a")
node = graph.add("text.template", template="a {{ 1 }}").set(isolation="process")
graph.output("out", graph["template"])
run = graph.run_sync()
print(run.status, dict(run.outputs))
import agentbench_plugins  # what the user's own code imports is the user's own
"""


@pytest.mark.timeout(240)
def test_t35_a_kernel_beside_planted_modules_takes_the_installed(
    tmp_path: Path,
) -> None:
    plant(tmp_path)
    ended = started(tmp_path, "-P", "-c", KERNEL)
    assert ended.stdout.strip() == "completed {'out': ['a 1']}", ended.stderr[-2000:]
    assert (tmp_path / "ran").read_text() == "agentbench_plugins.py"


def test_t35_a_plug_in_beside_the_notebook_is_none(
    tmp_path: Path, monkeypatch: Any
) -> None:
    plant(tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend("")
    plugins = Plugins()
    assert plugins.blocks().get("values.constant") is not None
    assert plugins.faults == [
        "agentbench_plugins:x (agentbench.blocks) lies in the working directory"
    ]
    assert not (tmp_path / "ran").exists()
