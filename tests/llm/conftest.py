"""What the tests of models use: a scripted server, and the layers over it."""

from pathlib import Path

import pytest

from agentbench.domain.redaction import Redaction
from agentbench.llm.catalogue import Catalogue
from agentbench.llm.checked import Checked
from agentbench.llm.keys import ProviderKeys
from agentbench.llm.paced import Paced
from agentbench.llm.providers import with_servers
from agentbench.locks.local.rates import LocalRates
from agentbench.network.outbound import HttpxOutbound
from agentbench.vaults.base import Vaults
from tests.llm.openai_server import serving

KEY = "sk-the-secret-of-the-test"


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
def environ():
    """What the environment says."""
    return {}


@pytest.fixture
async def catalogue(server, environ, tmp_path: Path):
    providers = with_servers({"lab": server.url, "groq": server.url})
    redaction = Redaction()
    vaults = Vaults([ProviderKeys(providers, environ)], redaction.add)
    door = HttpxOutbound([server.address], credentials=vaults, redaction=redaction)
    made = Catalogue(
        providers,
        door=door,
        credentials=lambda: vaults,
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
