"""Google's own protocol, against a server that speaks it."""

import importlib.util
import json

import pytest

from agentbench.domain.model import ChatRequest, answer, says
from agentbench.llm.catalogue import Catalogue
from agentbench.llm.checked import Checked
from agentbench.llm.keys import ProviderKeys
from agentbench.llm.providers import with_servers
from agentbench.network.outbound import HttpxOutbound
from agentbench.vaults.base import Vaults
from tests.llm.conftest import KEY
from tests.llm.openai_server import Reply

SAID = {
    "candidates": [
        {
            "content": {"parts": [{"text": "Good day"}], "role": "model"},
            "finishReason": "STOP",
            "index": 0,
        }
    ],
    "usageMetadata": {"promptTokenCount": 4, "candidatesTokenCount": 2},
    "modelVersion": "gemini-3.8-flash",
}


@pytest.mark.skipif(
    importlib.util.find_spec("google.genai") is None
    if importlib.util.find_spec("google")
    else True,
    reason="its library is not here",
)
async def test_words_come_with_their_price_and_the_key_goes_in_its_header(
    server, tmp_path
):
    providers = with_servers({"google": server.url.removesuffix("/v1")})
    vaults = Vaults([ProviderKeys(providers, {"GEMINI_API_KEY": KEY})], lambda _: None)
    catalogue = Catalogue(
        providers,
        door=HttpxOutbound([server.address], credentials=vaults),
        credentials=lambda: vaults,
        folder=tmp_path,
    )
    models = Checked(catalogue, resolve=catalogue.resolve)
    raw = f"data: {json.dumps(SAID)}\r\n\r\n".encode()
    server.will(Reply(body=raw, kind="text/event-stream"))
    messages = (says("system", "Be kind."), says("user", "Hi"))
    whole = await answer(
        models, ChatRequest(model="google:gemini-3.8-flash", messages=messages)
    )
    assert (whole.text, whole.usage.input, whole.usage.output) == ("Good day", 4, 2)
    assert whole.usage.cost > 0
    [asked] = server.asked
    assert asked.headers["x-goog-api-key"] == KEY
    assert asked.path.startswith("/v1beta/models/gemini-3.8-flash")
    await catalogue.close()
