"""Run files that are damaged, or mean harm: refused whole, with the reason."""

import hashlib
import json
import os
import struct
import zipfile

import pytest

from agentbench.domain.errors import RunClash, RunFileError
from tests.workbench.kept import (
    LARGE,
    entries,
    file,
    here,
    log_of,
    open_bench,
    packed,
    there,
    with_log,
)

__all__ = ["file", "here", "open_bench", "there"]


def holds_nothing(bench) -> bool:
    return not bench.store.runs() and not bench.store.runs(under="run")


def test_a_file_with_any_byte_changed_is_refused_or_the_same(file, there):
    """Not every byte of a zip means something; none may make another run of it."""
    good = file.read_bytes()
    changed = file.with_name("changed.run.zip")
    truth = list(there.import_run(file).events)
    id = there.runs()[0].id
    there.store.delete_run(id)
    refused = 0
    for place in range(0, len(good), 101):
        changed.write_bytes(
            good[:place] + bytes([good[place] ^ 0x55]) + good[place + 1 :]
        )
        try:
            taken = there.import_run(changed)
        except (RunFileError, RunClash):
            refused += 1
            assert not there.runs()
        else:
            assert list(taken.events) == truth
            there.store.delete_run(id)
    assert refused > 0.8 * (len(good) // 101)


@pytest.mark.parametrize("share", [0.0, 0.3, 0.7, 0.99])
def test_a_part_of_a_file_is_refused(file, there, share):
    data = file.read_bytes()
    file.write_bytes(data[: int(share * len(data))])
    with pytest.raises(RunFileError, match="it is no zip, or not all of one"):
        there.import_run(file)
    assert holds_nothing(there)


def test_what_is_no_file_is_told(there, tmp_path):
    with pytest.raises(RunFileError, match="No such file"):
        there.import_run(tmp_path / "none.run.zip")
    with pytest.raises(RunFileError, match="it is no file"):
        there.import_run(tmp_path)
    text = tmp_path / "text"
    text.write_text("hello" * 100)
    with pytest.raises(RunFileError, match="it is no zip"):
        there.import_run(text)


@pytest.mark.parametrize(
    "name",
    [
        "../../evil.py", "/etc/passwd", "values/../../x", "graphs/x.agent.json",
        "events/0.jsonl", "C:\\x", "run.json/", "values/" + "A" * 64,
    ],
)  # fmt: skip
def test_an_entry_of_another_name_is_refused(file, there, tmp_path, name):
    bad = packed(file, {**entries(file), name: b"x"})
    before = set(tmp_path.rglob("*"))
    with pytest.raises(RunFileError, match="which no run file holds"):
        there.import_run(bad)
    assert holds_nothing(there)
    assert not [p for p in set(tmp_path.rglob("*")) - before if "home" not in str(p)]


def changed_entry(kind: str, old: bytes = b"1"):
    def change(held):
        name = next(name for name in held if name.startswith(kind))
        data = held[name]
        return {**held, name: data.replace(old, b"2", 1)}

    return change


def lacking(kind: str):
    return lambda held: {n: d for n, d in held.items() if not n.startswith(kind)}


def manifest_with(**facts):
    def change(held):
        said = json.loads(held["run.json"]) | facts
        return {**held, "run.json": json.dumps(said).encode()}

    return change


def first_part_with(**facts):
    def change(held):
        said = json.loads(held["run.json"])
        said["runs"][0] |= facts
        return {**held, "run.json": json.dumps(said).encode()}

    return change


def events_with(make):
    return lambda held: with_log(held, make(log_of(held)))


def line_with(place, **facts):
    def make(lines):
        lines[place] |= facts
        return lines

    return events_with(make)


DAMAGE = {
    "a value is another": (changed_entry("values/"), "SHA-256 is another"),
    "a graph is another": (changed_entry("graphs/"), "SHA-256 is another"),
    "a log is another": (changed_entry("events/2", b"process"), "SHA-256 is another"),
    "a value is missing": (lacking("values/"), "it lacks the value"),
    "a graph is missing": (lacking("graphs/"), "it lacks graphs/"),
    "a log is missing": (lacking("events/2"), "it lacks events/2.jsonl"),
    "the manifest is missing": (lacking("run.json"), "it holds no run.json"),
    "the manifest is no JSON": (
        lambda held: {**held, "run.json": b"{]"},
        "its run.json says",
    ),
    "the manifest is nested": (
        lambda held: {**held, "run.json": b'{"x":' * 100_000},
        "its run.json says",
    ),
    "the manifest is a list": (
        lambda held: {**held, "run.json": b"[]"},
        "Expected `object`",
    ),
    "it is newer": (
        manifest_with(format="agentbench-run/2", runs="what is this"),
        "reads up to agentbench-run/1. Update agentbench",
    ),
    "it is something else": (manifest_with(format="zip/1"), "its format is not"),
    "it holds too much": (
        lambda held: {**held, "values/" + "0" * 64: b"x"},
        "which nothing in it refers to",
    ),
    "another agent": (manifest_with(agent="nice"), "names another agent"),
    "no run": (manifest_with(runs=[]), "it holds no run"),
    "another run on top": (manifest_with(run="run-2"), "no place for a run"),
    "an id that is none": (
        lambda held: first_part_with(id="../x")(manifest_with(run="../x")(held)),
        "no place for a run",
    ),
    "an id of a part": (
        lambda held: first_part_with(id="a.b.1.c")(manifest_with(run="a.b.1.c")(held)),
        "no place for a run",
    ),
    "a log of another run": (
        lambda held: first_part_with(id="run-x")(
            manifest_with(run="run-x", runs=json.loads(held["run.json"])["runs"][:1])(held)
        ),
        "is another run's",
    ),
    "a log that is used twice": (
        lambda held: manifest_with(
            runs=[
                one | {"events": "events/1.jsonl"}
                for one in json.loads(held["run.json"])["runs"]
            ]
        )(held),
        "no place for a run",
    ),
    "millions of events": (first_part_with(count=10**9), "more than 5,000,000 events"),
    "no events": (events_with(lambda lines: []), "the run .* has no events"),
    "a gap": (
        events_with(lambda lines: [lines[0], *lines[2:]]),
        "line 2 of events/1.jsonl holds event number 3",
    ),
    "an event of no kind": (line_with(3, kind="evil"), "line 4 of events/1.jsonl"),
    "an event of a node that is not there": (
        line_with(3, node="evil"),
        "event 4 of the run .* does not fit its graph",
    ),
    "two beginnings": (
        events_with(lambda lines: [*lines[:-1], lines[0] | {"seq": lines[-1]["seq"]}]),
        "stands in the wrong place",
    ),
    "no beginning": (
        events_with(lambda lines: [line | {"seq": n} for n, line in enumerate(lines[1:], 1)]),
        "event 1 of the run .* stands in the wrong place",
    ),
    "two ends": (
        events_with(lambda lines: [*lines, lines[-1] | {"seq": lines[-1]["seq"] + 1}]),
        "stands in the wrong place",
    ),
    "an end that is none": (line_with(-1, status="running"), "cannot have ended as"),
    "an end that is no word": (line_with(-1, status="evil"), "cannot have ended as"),
    "a time before 1970": (line_with(3, at=-1.0), "event 4 of the run .* has no time"),
    "a time beyond all years": (line_with(0, at=1e300), "has no time"),
    "a graph that is none": (
        lambda held: first_part_with(graph=hashlib.sha256(b"[]").hexdigest())(
            {**held, f"graphs/{hashlib.sha256(b'[]').hexdigest()}.agent.json": b"[]"}
        ),
        "is another run's|holds no JSON object",
    ),
    "a size that is not so": (
        events_with(
            lambda lines: [
                line | {"value": line["value"] | {"size": 1}}
                if line.get("value", {}).get("form") == "stored" and line["node"] == "held"
                else line
                for line in lines
            ]
        ),
        "two sizes|not the size",
    ),
    "a blob that is a path": (
        events_with(
            lambda lines: [
                line | {"value": line["value"] | {"blob": "../../../etc/passwd"}}
                if line.get("value", {}).get("form") == "stored"
                else line
                for line in lines
            ]
        ),
        "it lacks the value ../../../etc/passwd",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", DAMAGE)
def test_what_contradicts_itself_is_refused_whole(file, there, what):
    change, said = DAMAGE[what]
    with pytest.raises(RunFileError, match=said) as told:
        there.import_run(packed(file, change(entries(file))))
    assert "changed.run.zip cannot be read as a run: " in str(told.value)
    assert str(told.value).endswith("Nothing was taken in.")
    assert holds_nothing(there)
    assert not there.store._documents
    assert not there.store._blobs


# ---- bombs ---------------------------------------------------------------------------


def test_what_would_swell_is_refused(file, there):
    held = entries(file) | {f"values/{'0' * 64}": b"\0" * 100_000_000}
    with pytest.raises(RunFileError, match=r"would swell to 100,\d+,\d+"):
        there.import_run(packed(file, held))
    assert holds_nothing(there)


def test_what_is_larger_than_allowed_is_refused(file, there):
    with pytest.raises(
        RunFileError, match=r"holds [\d,]+ bytes, and 10,000 are allowed"
    ):
        there.import_run(file, most_bytes=10_000)
    assert holds_nothing(there)
    assert there.import_run(file, most_bytes=10_000_000).outputs["twice"] == [42]


def test_a_size_that_lies_gains_nothing(file, there):
    """An entry that says it is small and is not: only what it says is ever read."""
    value = next(name for name in entries(file) if name.startswith("values/"))
    bomb = packed(file, {**entries(file), value: b"\0" * 50_000_000})
    data = bytearray(bomb.read_bytes())
    with zipfile.ZipFile(bomb) as opened:
        info = opened.getinfo(value)
    for signature, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        place = -1
        while (place := data.find(signature, place + 1)) >= 0:
            if struct.unpack_from("<I", data, place + offset)[0] == info.file_size:
                struct.pack_into("<I", data, place + offset, len(json.dumps(LARGE)))
    bomb.write_bytes(data)
    with pytest.raises(RunFileError):
        there.import_run(bomb)
    assert holds_nothing(there)


def test_an_endless_list_of_entries_is_not_read(file, there):
    data = bytearray(file.read_bytes())
    struct.pack_into("<I", data, len(data) - 22 + 12, 1_000_000_000)
    file.write_bytes(data)
    with pytest.raises(RunFileError, match="list of entries takes 1,000,000,000 bytes"):
        there.import_run(file)


def test_entries_twice_or_packed_oddly_are_refused(file, there):
    held = entries(file)
    twice = packed(file, held)
    warned = pytest.warns(UserWarning, match="Duplicate name")
    with warned, zipfile.ZipFile(twice, "a") as opened:
        opened.writestr("run.json", held["run.json"])
    with pytest.raises(RunFileError, match=r"holds run\.json twice"):
        there.import_run(twice)
    odd = file.with_name("odd.run.zip")
    with zipfile.ZipFile(odd, "w", zipfile.ZIP_LZMA) as written:
        for name, data in held.items():
            written.writestr(name, data)
    with pytest.raises(RunFileError, match="oddly packed"):
        there.import_run(odd)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes here")
def test_a_pipe_is_not_waited_for(there, tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(RunFileError, match="it is no file"):
        there.import_run(tmp_path / "pipe")
