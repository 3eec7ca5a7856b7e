"""Folders in which a database is not safe."""

from pathlib import Path

import pytest

from agentbench.stores.sqlite import SqliteStore
from agentbench.stores.sqlite.places import place_notice


@pytest.mark.parametrize("name", ["Dropbox", "OneDrive - Work", "Google Drive"])
def test_a_synchronised_folder_is_told(tmp_path: Path, name: str) -> None:
    store = SqliteStore(tmp_path / name / "agentbench" / "agentbench.db")
    (notice,) = store.notices
    assert "AGENTBENCH_HOME" in notice
    assert store.runs() == [], "it works all the same"
    store.close()


def test_so_is_one_that_syncthing_knows(tmp_path: Path) -> None:
    (tmp_path / ".stfolder").mkdir()
    assert "synchronised" in place_notice(tmp_path / "a" / "b")


def test_of_a_folder_like_any_other_there_is_nothing_to_say(tmp_path: Path) -> None:
    assert place_notice(tmp_path) == ""
