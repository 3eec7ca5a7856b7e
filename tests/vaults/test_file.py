"""T40: the encrypted file at rest, its key, and what becomes of both."""

import json
import multiprocessing
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from agentbench.domain.credential import Credential, Secret
from agentbench.domain.errors import CredentialsUnreadable
from agentbench.vaults.file import FileVault

SECRET = 'canary "42" é\n-----END KEY-----'


def _credential(name: str = "own", secret: str = SECRET, **facts: Any) -> Credential:
    given = {"kind": "api_key", "hosts": ("api.example.com",)} | facts
    return Credential(name=name, secret=Secret(secret), **given)


@pytest.fixture
def vault(tmp_path: Path) -> FileVault:
    made = FileVault(tmp_path / "home")
    made.put(_credential())
    return made


def test_what_was_put_is_there_for_another_kernel(vault: FileVault) -> None:
    whole = _credential(
        "whole",
        kind="oauth2",
        header="x-own",
        refresh=Secret("again"),
        expires=1.5,
    )
    vault.put(whole)
    again = FileVault(vault.path.parent)
    assert (again.get("own"), again.get("whole")) == (_credential(), whole)
    assert again.get("lost") is None
    assert sorted(entry.name for entry in again.entries()) == ["own", "whole"]


def test_t40_the_file_alone_gives_nothing_away(vault: FileVault) -> None:
    written = vault.path.read_bytes()
    for word in SECRET.split():
        assert word.encode() not in written
    vault.key_path.unlink()
    with pytest.raises(CredentialsUnreadable, match="its key is not in"):
        vault.get("own")
    assert [entry.name for entry in vault.entries()] == ["own"]


def test_t40_another_key_opens_nothing(vault: FileVault, tmp_path: Path) -> None:
    other = FileVault(tmp_path / "other")
    other.put(_credential())
    id = vault.key_path.read_text().split()[0]
    key = other.key_path.read_text().split()[1]
    vault.key_path.write_text(f"{id} {key}\n")
    with pytest.raises(CredentialsUnreadable, match="the key is another one"):
        vault.get("own")


def _turn_a_bit(written: Any) -> None:
    sealed = written["credentials"]["own"]["sealed"]
    turned = "B" if sealed[20] == "A" else "A"
    written["credentials"]["own"]["sealed"] = sealed[:20] + turned + sealed[21:]


def _send_it_elsewhere(written: Any) -> None:
    written["credentials"]["own"]["shown"]["hosts"] = ["evil.example.com"]


def _call_it_otherwise(written: Any) -> None:
    written["credentials"]["github"] = written["credentials"].pop("own")


def _take_half(written: Any) -> None:
    del written["credentials"]["own"]["sealed"]


@pytest.mark.parametrize(
    "tamper", [_turn_a_bit, _send_it_elsewhere, _call_it_otherwise, _take_half]
)
def test_t40_what_was_changed_is_found_out(vault: FileVault, tamper: Any) -> None:
    written = json.loads(vault.path.read_text())
    tamper(written)
    vault.path.write_text(json.dumps(written))
    before = vault.path.read_bytes()
    (name,) = written["credentials"]
    with pytest.raises(CredentialsUnreadable) as failure:
        vault.get(name)
    assert "canary" not in str(failure.value)
    assert vault.path.read_bytes() == before


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format": 2, "credentials": {}}'])
def test_a_damaged_file_is_said_to_be_and_left_alone(
    vault: FileVault, text: str
) -> None:
    vault.path.write_text(text)
    for call in (vault.entries, lambda: vault.put(_credential("new"))):
        with pytest.raises(CredentialsUnreadable, match=r"credentials\.json"):
            call()
    assert vault.path.read_text() == text


def test_t40_a_deleted_secret_is_gone_from_the_file(vault: FileVault) -> None:
    vault.put(_credential("other"))
    sealed = json.loads(vault.path.read_text())["credentials"]["own"]["sealed"]
    assert vault.delete("own")
    assert not vault.delete("own")
    assert vault.get("own") is None
    left = list(vault.path.parent.iterdir())
    assert all(sealed.encode() not in path.read_bytes() for path in left)
    assert vault.get("other") == _credential("other")


def test_t40_a_new_key_seals_everything_anew(vault: FileVault) -> None:
    vault.put(_credential("other"))
    old = vault.key_path.read_text()
    vault.rotate()
    assert old.strip() not in vault.key_path.read_text()
    assert len(vault.key_path.read_text().splitlines()) == 1
    assert (vault.get("own"), vault.get("other")) == (
        _credential(),
        _credential("other"),
    )


@pytest.mark.parametrize("writes", [0, 1, 2])
def test_t40_a_rotation_that_is_cut_off_loses_nothing(
    vault: FileVault, writes: int
) -> None:
    """It dies for good before its first, second or third write, in a process of its own."""
    context = multiprocessing.get_context("fork")
    dying = context.Process(target=_rotate_and_die, args=(vault.path.parent, writes))
    dying.start()
    dying.join()
    assert dying.exitcode == 9
    assert FileVault(vault.path.parent).get("own") == _credential()
    vault.rotate()
    assert FileVault(vault.path.parent).get("own") == _credential()


def test_t40_rotations_at_once_lose_nothing_and_readers_notice_nothing(
    vault: FileVault,
) -> None:
    """The key that one drops at its end is never the one that another has just sealed with."""
    home, is_over = vault.path.parent, threading.Event()

    def read() -> int:
        reads = 0
        while not is_over.is_set():
            assert FileVault(home).get("own") == _credential()
            reads += 1
        return reads

    with ThreadPoolExecutor(6) as pool:
        readers = [pool.submit(read) for _ in range(2)]
        rotating = [pool.submit(FileVault(home).rotate) for _ in range(40)]
        assert {it.result() for it in rotating} == {1}
        is_over.set()
        assert all(it.result() for it in readers)
    assert vault.get("own") == _credential()
    assert len(vault.key_path.read_text().splitlines()) == 1


def _rotate_and_die(home: Path, writes: int) -> None:
    left = writes
    replace = Path.replace

    def dies(path: Path, target: Path) -> Path:
        nonlocal left
        if left == 0:
            os._exit(9)
        left -= 1
        return replace(path, target)

    Path.replace = dies  # type: ignore[assignment, method-assign]
    FileVault(home).rotate()


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
def test_only_this_user_may_read_the_files(vault: FileVault) -> None:
    for path in (vault.path, vault.key_path):
        assert path.stat().st_mode & 0o777 == 0o600
    assert vault.path.parent.stat().st_mode & 0o777 == 0o700
    assert vault.trouble() == ""
    vault.key_path.chmod(0o644)
    assert f"chmod 600 {vault.key_path}" in vault.trouble()


def test_kernels_that_write_at_once_lose_nothing(vault: FileVault) -> None:
    context = multiprocessing.get_context("fork")
    home = vault.path.parent
    writing = [context.Process(target=_put_ten, args=(home, n)) for n in range(4)]
    for process in writing:
        process.start()
    for process in writing:
        process.join()
    assert len(vault.entries()) == 41
    assert all(vault.get(entry.name) for entry in vault.entries())


def _put_ten(home: Path, number: int) -> None:
    for turn in range(10):
        FileVault(home).put(_credential(f"c{number}-{turn}"))
