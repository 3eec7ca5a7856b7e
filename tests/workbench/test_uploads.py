"""Uploads go when they are old and nothing uses them, and not before."""

import json
import os
import time
from pathlib import Path

import pytest

from agentbench.domain.errors import BackendError
from agentbench.workbench.settings import Settings
from agentbench.workbench.sweeping import sweep_all
from agentbench.workbench.workbench import Workbench


@pytest.fixture
def bench(tmp_path, monkeypatch):
    """One in which nothing is swept but by the test."""
    monkeypatch.chdir(tmp_path)
    home = tmp_path / "home"
    settings = Settings(
        home=home, store_url="memory:", redis_url="local:", uploads_kept=0
    )
    made = Workbench(settings)
    yield made
    made.close()


def brought(bench, text: str, *, days_ago: float = 0) -> Path:
    data = text.encode()
    path = Path(bench.uploads.add(bench.uploads.begin("a.txt", len(data)), 0, data))
    then = time.time() - days_ago * 86_400
    os.utime(path, (then, then))
    return path


def test_what_is_old_and_unused_goes_and_what_anything_names_stays(bench, tmp_path):
    young = brought(bench, "young", days_ago=2)
    unused = brought(bench, "unused", days_ago=40)
    of_run, of_list, of_agent, of_draft, of_file, looked_at = (
        brought(bench, name, days_ago=40)
        for name in ("run", "list", "agent", "draft", "file", "form")
    )
    ran = bench.agents.new("ran")
    for name in ("one", "many"):
        ran.output(name, ran.add("agent.input", name, name=name))
    many = [str(of_list), *map(str, range(5000))]  # too large to stand in the log
    bench.start(ran, {"one": str(of_run), "many": many}).wait(timeout=60)
    for name, path in (("kept", of_agent), ("draft", of_draft)):
        graph = bench.agents.new(name)
        graph.add("agent.input", name="file", default=str(path))
        if name == "kept":
            bench.save(graph)
            graph.remove("input")
    nested = tmp_path / "agents" / "mine.agent.json"
    nested.parent.mkdir()
    nested.write_text(json.dumps({"file": str(of_file)}))
    bench.uploads.touch({"in": [{"a": str(looked_at)}]})

    assert sweep_all(bench).files == 0  # the setting says that all of them stay
    cleared = sweep_all(bench, older=30)
    assert (cleared.files, cleared.file_bytes) == (1, len("unused"))
    assert not unused.exists()
    kept = (young, of_run, of_list, of_agent, of_draft, of_file, looked_at)
    assert all(path.exists() for path in kept)
    assert "1 uploads" in str(cleared)
    assert sweep_all(bench, older=1).files == 1
    assert not young.exists()
    # Brought again, it is there again.
    assert brought(bench, "unused") == unused


def test_how_long_uploads_stay_is_a_setting(bench):
    given = Settings.from_environment({"AGENTBENCH_UPLOADS_KEPT": "0.5"})
    assert given.uploads_kept == 0.5
    with pytest.raises(BackendError, match="takes days from 0 on, not 'long'"):
        Settings.from_environment({"AGENTBENCH_UPLOADS_KEPT": "long"})
