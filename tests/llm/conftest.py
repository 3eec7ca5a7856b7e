"""What the tests of models use: a scripted server, and the layers over it."""

from pathlib import Path

import pytest

from agentbench.llm.catalogue import Catalogue
from agentbench.llm.checked import Checked
from agentbench.llm.paced import Paced
from agentbench.llm.providers import with_servers
from agentbench.locks.local.rates import LocalRates
from agentbench.network.outbound import HttpxOutbound
from tests.llm.openai_server import serving


class NoCredentials:
    def entries(self):
        return []


class Door(HttpxOutbound):
    def client(self, library, *, credential="", timeout=60.0, **settings):
        return library.AsyncClient(timeout=timeout)

    async def request(self, method, url, *, credential="", **facts):
        return await super().request(method, url, **facts)


@pytest.fixture(scope="session")
def _server():
    with serving() as server:
        yield server


@pytest.fixture
def server(_server):
    yield _server
    _server.replies.clear()
    _server.asked.clear()
    _server.gone.clear()
    _server.heard.clear()


@pytest.fixture
async def catalogue(server, tmp_path: Path):
    made = Catalogue(
        with_servers({"lab": server.url}),
        door=Door([server.address]),
        credentials=NoCredentials,
        folder=tmp_path,
        default="lab:m",
    )
    yield made
    await made.close()


@pytest.fixture
def limits():
    return {}


@pytest.fixture
def models(catalogue, limits):
    """All layers, as the workbench has them, with short waits."""
    kept = LocalRates("local:")

    async def rates():
        return kept

    paced = Paced(catalogue, rates=rates, limits=limits, first_wait=0.01)
    return Checked(paced, resolve=catalogue.resolve)
