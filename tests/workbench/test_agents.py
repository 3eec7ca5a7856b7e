import pytest

from agentbench.domain.errors import (
    DocumentError,
    ReadOnlyGraph,
    SaveConflict,
    StoreError,
    UnknownAgent,
)
from agentbench.workbench.agents import Agents


@pytest.fixture
def agents(bench):
    return bench.agents


@pytest.fixture
def elsewhere(bench):
    """The same library, as another kernel has it."""
    return Agents(lambda: bench.store, bench.blocks, consents=bench.consents)


def test_an_agent_is_saved_in_the_library_and_opened_again(agents, elsewhere):
    graph = agents.new("sums")
    graph.add("test.add", left=1)
    assert not graph.is_saved
    assert graph.save() == "version 1"
    assert graph.is_saved
    assert elsewhere.open("sums").to_json() == graph.to_json()


def test_new_never_loses_what_is_there(agents, elsewhere):
    graph = agents.new("sums")
    graph.add("test.add", left=1)
    assert agents.new("sums") is graph
    graph.save()
    assert elsewhere.new("sums").to_json() == graph.to_json()
    assert elsewhere.new("sums", blank=True).nodes == {}


def test_a_version_saved_elsewhere_is_never_overwritten(agents, elsewhere):
    graph = agents.new("sums")
    graph.save()
    other = elsewhere.open("sums")
    other.add("test.add")
    elsewhere.save(other)
    graph.add("test.numbers", count=1)
    with pytest.raises(SaveConflict, match=r"changed elsewhere.*nothing was saved"):
        graph.save()
    assert not graph.is_saved
    assert graph.save(force=True) == "version 3"


def test_older_versions_can_be_opened(agents):
    graph = agents.new("sums")
    graph.add("test.add")
    graph.save()
    graph.add("test.add")
    graph.save()
    assert len(agents.open("sums", version=1).nodes) == 1


def test_a_file_is_saved_where_it_was_opened(agents, elsewhere, tmp_path):
    graph = agents.new("sums")
    graph.add("test.add")
    assert graph.save("a folder/sums.agent.json") == "a folder/sums.agent.json"
    again = elsewhere.open("a folder/sums.agent.json")
    again["add"].set(title="Sum")
    assert elsewhere.save(again) == "a folder/sums.agent.json"
    assert "Sum" in (tmp_path / "a folder" / "sums.agent.json").read_text()


def test_a_file_changed_elsewhere_is_never_overwritten(agents, tmp_path):
    graph = agents.new("sums")
    graph.save("sums.agent.json")
    file = tmp_path / "sums.agent.json"
    file.write_text(file.read_text().replace("sums", "mine"))
    graph.add("test.add")
    with pytest.raises(SaveConflict, match=r"sums.agent.json was changed elsewhere"):
        graph.save()
    assert "mine" in file.read_text()
    graph.save(force=True)
    assert "mine" not in file.read_text()


def test_saving_over_a_stranger_file_asks_first(agents, tmp_path):
    (tmp_path / "there.json").write_text("something")
    with pytest.raises(SaveConflict):
        agents.new("sums").save("there.json")


def test_opening_twice_gives_the_same_graph_until_the_file_changes(agents, tmp_path):
    agents.new("sums").save("sums.agent.json")
    graph = agents.open("sums.agent.json")
    assert agents.open("sums.agent.json") is graph
    file = tmp_path / "sums.agent.json"
    file.write_text(file.read_text().replace('"sums"', '"other"'))
    assert agents.open("sums.agent.json").name == "other"


def test_what_is_not_there_is_said_with_what_looks_like_it(agents):
    agents.new("weather brief").save()
    with pytest.raises(UnknownAgent, match="Did you mean 'weather brief'"):
        agents.open("wether brief")
    with pytest.raises(DocumentError, match=r"no.agent.json .* there is no such file"):
        agents.open("no.agent.json")


def test_a_damaged_file_opens_read_only_and_is_not_saved(agents, tmp_path):
    text = '{"format": "agentbench/7", "name": "x"}'
    (tmp_path / "x.agent.json").write_text(text)
    graph = agents.open("x.agent.json")
    with pytest.raises(ReadOnlyGraph, match="format is agentbench/7"):
        agents.save(graph)
    assert (tmp_path / "x.agent.json").read_text() == text


def test_running_the_cells_again_saves_over_ones_own(agents, bench):
    from agentbench.domain.graph import Graph

    for title in ("one", "two"):
        graph = Graph("again", blocks=bench.blocks)
        graph.add("test.add").set(title=title)
        graph.save("again.agent.json")
        graph.file = None
        graph.save()
    assert agents.open("again.agent.json").node("add").title == "two"


def test_names_with_slashes_and_renamed_agents_are_found_by_their_names(agents):
    from agentbench.domain import edit

    assert agents.new("input/output test").name == "input/output test"
    graph = agents.new("old")
    graph.apply(edit.Rename(name="new one"))
    assert agents.new("old") is not graph


def test_a_copy_does_not_save_over_its_original(agents):
    graph = agents.new("sums")
    graph.save("sums.agent.json")
    copy = graph.copy()
    copy.add("test.add")
    assert copy.save() != "sums.agent.json"


def test_a_place_that_cannot_be_written_is_named(agents, tmp_path):
    (tmp_path / "folder").mkdir()
    with pytest.raises(StoreError, match="folder cannot be written"):
        agents.new("sums").save("folder")


def test_saving_through_a_link_writes_the_file_that_it_leads_to(agents, tmp_path):
    (tmp_path / "real").mkdir()
    real, link = tmp_path / "real" / "a.agent.json", tmp_path / "a.agent.json"
    link.symlink_to(real)
    graph = agents.new("linked")
    graph.save(link)
    graph.add("test.add", left=1)
    graph.save()
    assert link.is_symlink()
    assert real.read_text() == graph.to_json()


def test_a_byte_order_mark_is_no_damage(agents, tmp_path):
    file = tmp_path / "a.agent.json"
    agents.new("marked").save(file)
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
    graph = Agents(lambda: None, agents._blocks).open(file)
    assert (graph.name, graph.read_only) == ("marked", "")
    graph.add("test.add", left=1)
    assert graph.save()
