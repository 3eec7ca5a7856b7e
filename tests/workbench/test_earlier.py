"""To what a graph can be held up: versions, the file and what git has of it, steps."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from agentbench.domain.errors import EditRefused
from agentbench.domain.graph import Graph
from agentbench.workbench.earlier import as_it_was, earlier
from agentbench.workbench.settings import Settings
from agentbench.workbench.workbench import Workbench


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Workbench]:
    made = Workbench(Settings(home=tmp_path, store_url="memory:", redis_url="local:"))
    yield made
    made.close()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "work"
    folder.mkdir()
    git(folder, "init", "--quiet")
    # What a repository brings along is not started by looking into it.
    for setting in ("core.fsmonitor", "core.pager", "diff.agent.textconv"):
        git(folder, "config", setting, "touch was-started; false")
    (folder / ".git/info/attributes").write_text("*.json diff=agent\n")
    return folder


def git(folder: Path, *arguments: str) -> None:
    own = ("-c", "core.fsmonitor=false", "-c", "user.name=a", "-c", "user.email=a@b")
    subprocess.run(["git", *own, *arguments], cwd=folder, check=True)


def commit(folder: Path, subject: str) -> None:
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", subject)


def listed(bench: Workbench, graph: Graph) -> list[str]:
    return [it.key for it in earlier(bench.agents, graph)]


def template(bench: Workbench, graph: Graph, key: str) -> object:
    then, _ = as_it_was(bench.agents, graph, key)
    return then.node("a").constants.get("template")


def test_a_file_is_compared_with_its_commits_also_after_a_new_name(
    bench: Workbench, repository: Path
) -> None:
    graph = bench.agents.new("brief", blank=True)
    graph.add("text.template", "a", template="one")
    bench.agents.save(graph, repository / "old.agent.json")
    commit(repository, "First: one")
    git(repository, "mv", "old.agent.json", "new.agent.json")
    commit(repository, "A new name")
    graph = bench.agents.open(repository / "new.agent.json")
    graph["a"]["template"] = "two"
    found = earlier(bench.agents, graph)
    assert [(it.kind, it.note) for it in found[:3]] == [
        ("file", "new.agent.json"),
        ("commit", "A new name"),
        ("commit", "First: one"),
    ]
    assert found[0].is_open
    assert found[2].at > 0
    assert template(bench, graph, found[2].key) == "one"
    bench.agents.save(graph)
    assert template(bench, graph, "file") == "two"
    assert template(bench, graph, found[2].key) == "one"
    assert not list(repository.glob("**/was-started"))


def test_a_graph_that_was_never_saved_has_its_steps(bench: Workbench) -> None:
    graph = bench.agents.new("brief", blank=True)
    assert listed(bench, graph) == []
    graph.add("text.template", "a", template="one")
    graph["a"]["template"] = "two"
    assert listed(bench, graph) == ["step:1", "step:0"]
    assert template(bench, graph, "step:1") == "one"
    assert not as_it_was(bench.agents, graph, "step:0")[0].nodes
    assert graph.node("a").constants["template"] == "two"
    graph.undo()
    with pytest.raises(EditRefused, match="not there any more"):
        as_it_was(bench.agents, graph, "step:1")


def test_a_file_without_git_is_compared_as_it_was_saved(
    bench: Workbench, tmp_path: Path
) -> None:
    graph = bench.agents.new("brief", blank=True)
    graph.add("text.template", "a", template="one")
    bench.agents.save(graph, tmp_path / "a.agent.json")
    graph["a"]["template"] = "two"
    assert listed(bench, graph) == ["file", "step:1", "step:0"]
    assert template(bench, graph, "file") == "one"
    (tmp_path / "a.agent.json").unlink()
    assert listed(bench, graph) == ["step:1", "step:0"]
