"""T54: no path that a block is given leads out of the folders it may read from."""

import base64
import contextlib
import io
import os
import threading
import zipfile
from pathlib import Path
from typing import Any

import pytest

from agentbench.blocks import documents
from agentbench.blocks.base.archives import ArchiveRefused
from agentbench.blocks.base.confined import OutsideWorkspace, Workspace
from agentbench.blocks.database import query
from agentbench.blocks.files.archives import unzip
from agentbench.blocks.files.keeping import copy, delete, list_, read, write
from agentbench.blocks.table import ends as table
from agentbench.domain.block import Block
from agentbench.domain.port import MISSING, Port
from agentbench.workbench.plugins import Plugins
from tests.blocks.conftest import fired
from tests.blocks.test_one_door import SAMPLES

PATHS = [
    "../secret.txt", "/etc/passwd", "a/../../secret.txt", "..", "./../secret.txt", "link/secret.txt", "link.txt",
    "a\0b", "", " ", "../ws-secret/secret.txt", "/proc/self/root/etc/passwd", "deep/link/x", "~/../x/../../secret.txt",
    "hard.txt", "pipe", "dangling",
]  # fmt: skip


def zipped(files: dict[str, bytes]) -> str:
    """An archive, as a data URI."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return f"data:application/zip;base64,{base64.b64encode(out.getvalue()).decode()}"


@pytest.fixture
def workspace(context: Any, tmp_path: Path) -> Path:
    """A workspace with every kind of way out of it."""
    root = tmp_path / "ws"
    (root / "deep").mkdir(parents=True)
    context.folder = root
    sibling = tmp_path / "ws-secret"
    sibling.mkdir()
    for place in (tmp_path / "secret.txt", sibling / "secret.txt"):
        place.write_text("canary")
    (root / "link").symlink_to(tmp_path)
    (root / "deep" / "link").symlink_to(tmp_path)
    (root / "link.txt").symlink_to(tmp_path / "secret.txt")
    (root / "dangling").symlink_to(tmp_path / "new.txt")
    os.link(tmp_path / "secret.txt", root / "hard.txt")
    os.mkfifo(root / "pipe")
    return root


@pytest.mark.parametrize("path", PATHS)
async def test_t54_no_path_leads_out(
    fire: Any, workspace: Path, tmp_path: Path, path: str
) -> None:
    for block, more in (
        (read, {"file": path}),
        (write, {"path": path, "content": "x"}),
        (copy, {"source": path, "target": "b.txt"}),
    ):
        with pytest.raises((OSError, ValueError)):
            await fire(block, **more)
    (workspace / "a.txt").write_text("mine")
    with pytest.raises((OSError, ValueError)):
        await fire(copy, source="a.txt", target=path)
    assert (tmp_path / "secret.txt").read_text() == "canary"
    assert not (tmp_path / "new.txt").exists()


def _path_ports(block: Block) -> list[Port]:
    names = {
        "path",
        "file",
        "files",
        "source",
        "target",
        "archive",
        "folder",
        "notebook",
    }
    names |= {
        "image",
        "images",
        "sound",
        "sounds",
        "attachments",
        "database",
        "template_file",
    }
    return [
        port
        for port in block.inputs({})
        if port.name in names and not {"text", "any", "list"}.isdisjoint(port.types)
    ]


WITH_PATHS = [block for block in Plugins().blocks() if _path_ports(block)]


@pytest.mark.parametrize("block", WITH_PATHS, ids=lambda block: block.id)
async def test_t54_no_block_reads_or_writes_outside(
    block: Block, context: Any, workspace: Path, tmp_path: Path
) -> None:
    """Every shipped block with a port for a path, each with every way out."""
    for name in ("secret.csv", "ws-secret/secret.csv"):
        (tmp_path / name).write_text("a\ncanary\n")
    (workspace / "link.csv").symlink_to(tmp_path / "secret.csv")
    os.link(tmp_path / "secret.csv", workspace / "hard.csv")
    before = _outside(tmp_path, workspace)
    absolute = [
        f"{tmp_path}/secret.txt",
        f"{tmp_path}/ws-secret/secret.csv",
        "/dev/zero",
        "/dev/stdin",
    ]
    absolute += [
        f"/proc/self/root{tmp_path}/secret.txt",
        "/proc/self/environ",
        f"{workspace}/../secret.csv",
    ]
    csv = [
        path.replace(".txt", ".csv")
        for path in PATHS
        if path.strip() and path != "pipe"
    ]
    for path in [*PATHS, *csv, *absolute, "*/secret.txt", "link/*", "../*"]:
        ports = _path_ports(block)
        constants = {
            one.name: [path]
            if "list" in one.types and "text" not in one.types
            else path
            for one in ports
        }
        constants |= {
            one.name: SAMPLES.get(one.types[0], "x")
            for one in block.inputs({})
            if one.default is MISSING and one not in ports
        }
        given: list[Any] = []
        with contextlib.suppress(Exception):
            given += [value async for value in fired(block, constants, context)]
        assert "canary" not in repr(given), path
        assert "Y2FuYXJ5" not in repr(given), path
    assert _outside(tmp_path, workspace) == before


def _outside(folder: Path, workspace: Path) -> dict[Path, bytes]:
    files = [it for it in folder.rglob("*") if not it.is_relative_to(workspace)]
    return {it: it.read_bytes() for it in files if it.is_file()}


def test_t54_every_block_that_reads_is_among_them() -> None:
    listed = {block.id for block in WITH_PATHS}
    assert {
        *("table.read", "table.write", "documents.load", "files.read", "files.write"),
        *("files.zip", "files.unzip", "files.read_spreadsheet", "image.open"),
        *("database.query", "notebook.run", "mail.send", "audio.note"),
    } <= listed


@pytest.mark.parametrize(
    "block", [documents.load, table.read, read], ids=lambda it: it.id
)
async def test_t54_what_is_inside_is_read_and_so_is_a_folder_that_a_setting_names(
    fire: Any, context: Any, tmp_path: Path, block: Block
) -> None:
    """Else the ways out were refused with everything."""
    root, more = tmp_path / "ws", tmp_path / "more"
    for folder in (root, more):
        folder.mkdir()
        (folder / "f.csv").write_text(f"a\nfrom-{folder.name}\n")
    (more / "only.csv").write_text("a\nonly\n")
    context.folder = root
    name = block.inputs({})[0].name
    for path in ("f.csv", str(root / "f.csv")):
        assert "from-ws" in repr(await fire(block, **{name: path}))
    with pytest.raises(OutsideWorkspace, match="AGENTBENCH_FOLDERS"):
        await fire(block, **{name: str(more / "f.csv")})
    context.further = (more,)
    assert "from-ws" in repr(await fire(block, **{name: "f.csv"}))
    assert "only" in repr(await fire(block, **{name: "only.csv"}))
    assert "from-more" in repr(await fire(block, **{name: str(more / "f.csv")}))
    with pytest.raises(FileNotFoundError, match=r"nowhere\.csv"):
        await fire(block, **{name: "nowhere.csv"})


@pytest.mark.parametrize(
    "path", [".ssh/id", ".netrc", ".local/share/x", "agents/kept.db"]
)
def test_t54_a_wide_workspace_leaves_out_what_programs_keep(
    tmp_path: Path, monkeypatch: Any, path: str
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("AGENTBENCH_HOME", str(tmp_path / "agents"))
    file = tmp_path / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("canary")
    for root in (tmp_path, tmp_path.parent, Path("/")):
        for name in (str(file), str(file.relative_to(root))):
            with pytest.raises(OutsideWorkspace, match="programs keep"):
                Workspace(root).read(name)
    if file.parent != tmp_path:  # whoever names it has meant it
        assert Workspace(file.parent).read(file.name) == b"canary"


@pytest.mark.parametrize(
    "path", ["data/agentbench/consents", "DATA/AgentBench/consents"]
)
def test_t54_nobody_writes_what_the_user_has_agreed_to(
    tmp_path: Path, monkeypatch: Any, path: str
) -> None:
    """An agent could agree to its own code; where we keep it is the system's to say."""
    monkeypatch.delenv("AGENTBENCH_HOME", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    with pytest.raises(OutsideWorkspace, match="programs keep"):
        Workspace(tmp_path).write(path, b"x\town\n")
    assert not (tmp_path / path).exists()


@pytest.mark.parametrize(
    "path", [".git/config", ".env", "src/.vscode/tasks.json", "a/../.envrc", "./.git/x"]
)
async def test_t54_what_is_hidden_is_written_by_no_agent(
    fire: Any, context: Any, path: str
) -> None:
    """Git starts what `.git/config` says, editors what is in theirs: nobody would be asked."""
    place = context.folder / path
    place.parent.mkdir(parents=True, exist_ok=True)
    for changed in (
        fire(write, path=path, content="x"),
        fire(delete, path=path),
        fire(query, database=path, sql="CREATE TABLE t(a)", read_only=False),
        fire(unzip, archive=zipped({path: b"x"}), folder="."),
    ):
        with contextlib.suppress(OutsideWorkspace, ArchiveRefused):
            await changed
    assert not place.exists()
    place.write_text("ours")
    with pytest.raises(OutsideWorkspace):
        await fire(delete, path=path)
    assert place.read_text() == "ours"


async def test_what_is_hidden_in_an_archive_hides_nothing_else(
    fire: Any, context: Any
) -> None:
    packed = zipped({"a.txt": b"a", "__MACOSX/._a.txt": b"x", ".git/config": b"x"})
    assert (await fire(unzip, archive=packed))["files"] == [["unpacked/a.txt"]]


async def test_t54_links_are_neither_listed_nor_followed(
    fire: Any, workspace: Path, tmp_path: Path
) -> None:
    given = await fire(list_)
    assert given["file"] == ["hard.txt"]
    with pytest.raises(OSError, match="link"):
        await fire(delete, path="link/secret.txt")
    assert await fire(delete, path="link.txt") == {"result": [True]}
    assert (tmp_path / "secret.txt").exists()
    with pytest.raises(OSError):  # noqa: PT011 - whatever the system calls it
        await fire(write, path="x" * 5000, content="x")


def test_t54_what_is_swapped_between_a_look_and_an_open_is_not_followed(
    tmp_path: Path,
) -> None:
    root, secret = tmp_path / "ws", tmp_path / "secret.txt"
    (root / "a").mkdir(parents=True)
    (root / "a" / "f.txt").write_text("mine")
    (root / "real").mkdir()
    (root / "real" / "f.txt").write_text("mine")
    secret.write_text("canary")
    (tmp_path / "f.txt").write_text("canary")
    over = threading.Event()

    def swap() -> None:
        """Turns the folder into a link that leads out, and back, as fast as it can."""
        while not over.is_set():
            (root / "a").rename(root / "b")
            (root / "a").symlink_to(tmp_path)
            (root / "a").unlink()
            (root / "b").rename(root / "a")

    swapping = threading.Thread(target=swap)
    swapping.start()
    try:
        found = set()
        for _ in range(10_000):
            try:
                found.add(Workspace(root).read("a/f.txt"))
            except (OutsideWorkspace, OSError):
                continue
        assert found == {b"mine"}
    finally:
        over.set()
        swapping.join()
