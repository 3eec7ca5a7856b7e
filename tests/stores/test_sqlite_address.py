"""Where a SQLite store is."""

from pathlib import Path

import pytest

from agentbench.domain.errors import StoreError
from agentbench.domain.store import Durability
from agentbench.stores.sqlite import SqliteStore
from agentbench.stores.sqlite.address import Address


def test_a_url_names_an_absolute_file() -> None:
    address = Address.read("sqlite:////data/my agents/a%20b.db")
    assert address.path == Path("/data/my agents/a%20b.db")
    assert address.url == "sqlite:////data/my agents/a%20b.db"
    assert address.blobs == Path("/data/my agents/blobs")


def test_three_slashes_name_a_file_from_here() -> None:
    assert Address.read("sqlite:///a.db").path == Path.cwd() / "a.db"


@pytest.mark.parametrize("where", ["~/a.db", "sqlite:///~/a.db", Path("~/a.db")])
def test_a_tilde_is_home(where: str) -> None:
    assert Address.read(where).path == Path.home() / "a.db"


def test_the_url_may_ask_for_full_safety() -> None:
    assert Address.read("sqlite:////a.db?durability=full").durability == "full"
    assert Address.read("sqlite:////a.db").durability == "fast"
    assert Address.read("/a.db", Durability.FULL).durability == "full"
    asked = Address.read("sqlite:////a.db?durability=fast", Durability.FULL)
    assert asked.durability == "fast", "what the URL says goes first"


NOT_AN_ADDRESS = (
    "",
    ":memory:",
    "sqlite:",
    "sqlite:///",
    "sqlite:///:memory:",
    "sqlite:////a.db?mode=ro",
    "sqlite:////a.db?durability=off",
    "sqlite://host/a.db",
)


@pytest.mark.parametrize("where", NOT_AN_ADDRESS)
def test_what_names_no_file_is_told_how_to(where: str) -> None:
    with pytest.raises(StoreError, match=r"sqlite:////folder/name\.db"):
        Address.read(where)


def test_a_store_says_where_it_is(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "a.db")
    assert store.url == f"sqlite:///{tmp_path}/a.db"
    store.close()
