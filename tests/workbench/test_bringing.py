"""Tables, images and folders that nodes name: kept in the graph as words, read when needed."""

import io
import json
from pathlib import Path

import pytest

import agentbench as ab
from agentbench.domain.edit import SetConstant
from agentbench.domain.errors import GraphInvalid
from agentbench.domain.port import Image, Table
from agentbench.workbench.sweeping import sweep_uploads


@ab.block(id="test.tally")
def tally(rows: Table, times: int = 1) -> int:
    """How many rows there are."""
    return len(rows) * times


@ab.block(id="test.sized")
def sized(logo: Image) -> list[int]:
    """Its width and height."""
    return list(logo.size)


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "a.csv").write_text("city,n\nOslo,3\nRome,1\n")
    return tmp_path


def tallying(bench, rows, **more):
    graph = ab.Graph("tallying", blocks=bench.blocks)
    graph.output("n", graph.add(tally, "tally", rows=rows, **more))
    return graph


def uploaded(bench, name: str, data: bytes) -> dict[str, str]:
    path = Path(bench.uploads.add(bench.uploads.begin(name, len(data)), 0, data))
    return {"$upload": f"{path.parent.name}/{path.name}"}


def reasons(bench, graph):
    return [(it.node, it.port, it.level) for it in bench.check(graph)]


def test_a_table_of_a_file_is_a_constant_that_git_can_show(bench, folder):
    graph = tallying(bench, {"$file": "data/a.csv"})
    assert '"$file": "data/a.csv"' in graph.to_json()
    again = ab.Graph.from_json(graph.to_json(), blocks=bench.blocks)
    assert again.to_json() == graph.to_json()
    assert "{'$file': 'data/a.csv'}" in graph.to_python().replace('"', "'")
    assert bench.check(again) == []
    assert again.run_sync().outputs["n"] == [2]


def test_every_firing_sees_the_same_file_and_the_next_run_the_newer(bench, folder):
    graph = ab.Graph("often", blocks=bench.blocks)
    times = graph.add("test.numbers", "times", count=3)
    graph.output(
        "n", graph.add(tally, "tally", rows={"$file": "data/a.csv"}, times=times)
    )
    assert graph.run_sync().outputs["n"] == [0, 2, 4]
    (folder / "data" / "a.csv").write_text("city,n\nOslo,3\n")
    again = graph.run_sync(reuse=True)
    assert again.outputs["n"] == [0, 1, 2]
    said = {getattr(it, "reason", "") for it in again.events}
    assert "its file of 'rows' may have changed" in said


def test_an_upload_is_named_by_what_is_in_it_and_taken_over(bench, folder):
    pillow = pytest.importorskip("PIL.Image")
    picture = io.BytesIO()
    pillow.new("RGB", (3, 2)).save(picture, "PNG")
    named = uploaded(bench, "a b.csv", b"n\n1\n")
    graph = tallying(bench, named)
    logo = uploaded(bench, "a.png", picture.getvalue())
    graph.output("size", graph.add(sized, "sized", logo=logo))
    run = graph.run_sync()
    assert run.outputs["n"] == [1]
    assert run.outputs["size"] == [[3, 2]]
    again = graph.run_sync(reuse=True)
    assert {it.status for it in again.firings if it.node == "tally"} == {"reused"}
    # What a graph names is not swept away, in whichever document it stands.
    bench.agents.hold(graph)
    assert sweep_uploads(bench, older=0) == (0, 0)
    bench.uploads.touch({"rows": named})


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ({"$file": "data/b.csv"}, "is not there"),
        ({"$file": "/etc/passwd"}, "is elsewhere"),
        ({"$file": "../up.csv"}, "is elsewhere"),
        ({"$file": "a\0b.csv"}, "is not there"),
        ({"$file": "data/a.doc"}, "ends in '.doc'.* Known are .csv"),
        ({"$upload": "0" * 20 + "/a.csv"}, "is not on this machine"),
        ({"$upload": "../../../../../../etc/passwd"}, "is elsewhere"),
        ({"$variable": "frame"}, "takes table"),
        ({"$file": 3}, "takes table"),
    ],
)
def test_what_cannot_be_read_is_said_before_anything_runs(bench, folder, value, why):
    (folder / "data" / "a.doc").write_text("x")
    (folder.parent / "up.csv").write_text("n\n1\n")
    graph = tallying(bench, value)
    assert reasons(bench, graph) == [("tally", "rows", "error")]
    with pytest.raises(GraphInvalid, match=why):
        graph.run_sync()
    assert not bench.runs()


def test_a_link_out_of_the_workspace_is_refused(bench, folder, tmp_path_factory):
    outside = tmp_path_factory.mktemp("outside") / "a.csv"
    outside.write_text("n\n1\n")
    (folder / "data" / "link.csv").symlink_to(outside)
    graph = tallying(bench, {"$file": "data/link.csv"})
    with pytest.raises(GraphInvalid, match="is elsewhere"):
        graph.run_sync()


def test_what_breaks_while_it_is_read_fails_its_node_alone(bench, folder):
    (folder / "data" / "a.parquet").write_bytes(b"PAR1 no more")
    graph = tallying(bench, {"$file": "data/a.parquet"})
    graph.output("other", graph.add("test.numbers", "other", count=1))
    run = graph.run_sync()
    assert run.status == "failed"
    [failure] = run.failures
    assert (failure.node, failure.error) == ("tally", "InputError")
    assert "could not be read" in failure.message
    assert run.outputs["other"] == [0]


def test_an_input_of_an_agent_has_a_table_as_its_default(bench, folder):
    graph = ab.Graph("usual", blocks=bench.blocks)
    rows = graph.add(
        "agent.input",
        "rows",
        name="rows",
        type="table",
        default={"$file": "data/a.csv"},
    )
    graph.output("n", graph.add(tally, "tally", rows=rows))
    assert graph.run_sync().outputs["n"] == [2]
    frame = pytest.importorskip("pandas").DataFrame({"n": [1]})
    assert graph.run_sync(rows=frame).outputs["n"] == [1]


def test_a_folder_that_is_not_there_yet_is_only_doubtful(bench, folder):
    graph = ab.Graph("placed", blocks=bench.blocks)
    place = graph.add(
        "agent.input", "place", name="place", type="folder", default="data"
    )
    graph.output("place", place)
    assert bench.check(graph) == []
    graph.apply(SetConstant(id="place", port="default", value="results"))
    assert reasons(bench, graph) == [("place", "default", "warning")]
    assert graph.run_sync().outputs["place"] == ["results"]


def test_a_reference_stays_data_where_no_table_is_taken(bench, folder):
    graph = ab.Graph("plain", blocks=bench.blocks)
    graph.output(
        "it", graph.add("agent.input", "it", name="it", default={"$file": "data/a.csv"})
    )
    assert graph.run_sync().outputs["it"] == [{"$file": "data/a.csv"}]
    assert json.loads(graph.to_json())


def test_a_picture_that_is_a_program_starts_none(bench, folder, monkeypatch):
    """Pillow hands PostScript, whatever the file is called, to a program on the path."""
    started = folder / "started"
    (folder / "gs").write_text(f"#!/bin/sh\ntouch {started}\nexit 1\n")
    (folder / "gs").chmod(0o755)
    monkeypatch.setenv("PATH", str(folder), prepend=":")
    text = "%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n%%EndComments\n%%EOF\n"
    (folder / "a.png").write_text(text)
    graph = ab.Graph("sizing", blocks=bench.blocks)
    graph.add(sized, "it", logo={"$file": "a.png"})
    [failure] = graph.run_sync().failures
    assert "is no image" in failure.message
    assert not started.exists()
