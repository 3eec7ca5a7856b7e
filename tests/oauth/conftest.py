"""A provider, and a workbench whose person says yes in the browser."""

import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import keyring
import pytest
from keyring.backends import null

from agentbench.domain.credential import CredentialEntry
from agentbench.workbench.credentials import CredentialDesk
from agentbench.workbench.settings import Settings
from agentbench.workbench.workbench import Workbench
from tests.oauth.provider import CLIENT, CLIENT_SECRET, Provider, providing


@pytest.fixture(autouse=True)
def no_keyring() -> Iterator[None]:
    """What is kept is kept in the file of the test's own home."""
    before = keyring.get_keyring()
    keyring.set_keyring(null.Keyring())
    yield
    keyring.set_keyring(before)


@pytest.fixture
def provider() -> Iterator[Provider]:
    with providing() as provider:
        yield provider


def settings(home: Path, provider: Provider) -> Settings:
    return Settings(
        home=home,
        store_url="memory:",
        redis_url=f"sqlite:///{home}/locks.db",
        allowed_hosts=(provider.place,),
    )


@pytest.fixture
def bench(tmp_path: Path, provider: Provider) -> Iterator[Workbench]:
    made = Workbench(settings(tmp_path, provider))
    yield made
    made.close()


@pytest.fixture
def desk(bench: Workbench) -> CredentialDesk:
    return CredentialDesk(lambda: bench)


def browse(url: str) -> None:
    """A browser that follows the page where somebody says yes, in the background."""

    def follow() -> None:
        try:
            urllib.request.urlopen(url, timeout=60).read()
        except urllib.error.HTTPError as error:
            error.close()

    threading.Thread(target=follow, daemon=True).start()


def connected(desk: CredentialDesk, provider: Provider, **more: Any) -> CredentialEntry:
    """`mine`, granted by the provider."""
    facts: dict[str, Any] = {
        "client": CLIENT,
        "grantor": provider.grantor(),
        "hosts": provider.place,
        "ask": lambda _: CLIENT_SECRET,
        "show": browse,
        "patience": 20,
    }
    return desk.connect("mine", **facts | more)
