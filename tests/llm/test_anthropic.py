"""Anthropic's own protocol, against a server that speaks it."""

import importlib.util
import json

import pytest

from agentbench.domain.model import ChatRequest, Tool, answer, says
from agentbench.llm.catalogue import Catalogue
from agentbench.llm.checked import Checked
from agentbench.llm.keys import ProviderKeys
from agentbench.llm.providers import with_servers
from agentbench.network.outbound import HttpxOutbound
from agentbench.vaults.base import Vaults
from tests.llm.conftest import KEY
from tests.llm.openai_server import Reply, refusal

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("anthropic") is None, reason="its library is not here"
)
LOOK = Tool("look", "Looks.", {"type": "object", "properties": {"at": {}}})


@pytest.fixture
async def models(server, tmp_path):
    providers = with_servers({"anthropic": server.url.removesuffix("/v1")})
    vaults = Vaults(
        [ProviderKeys(providers, {"ANTHROPIC_API_KEY": KEY})], lambda _: None
    )
    door = HttpxOutbound([server.address], credentials=vaults)
    catalogue = Catalogue(
        providers, door=door, credentials=lambda: vaults, folder=tmp_path
    )
    yield Checked(catalogue, resolve=catalogue.resolve)
    await catalogue.close()


def events(*blocks):
    """What a message is streamed as: each block is its start and its deltas."""
    usage = {"input_tokens": 12, "output_tokens": 1}
    facts = {"id": "m1", "type": "message", "role": "assistant", "model": "claude-x"}
    yield {
        "type": "message_start",
        "message": facts | {"content": [], "stop_reason": None, "usage": usage},
    }
    is_call = False
    for at, (start, deltas) in enumerate(blocks):
        is_call = is_call or start["type"] == "tool_use"
        yield {"type": "content_block_start", "index": at, "content_block": start}
        for delta in deltas:
            yield {"type": "content_block_delta", "index": at, "delta": delta}
        yield {"type": "content_block_stop", "index": at}
    yield {
        "type": "message_delta",
        "delta": {"stop_reason": "tool_use" if is_call else "end_turn"},
        "usage": {"output_tokens": 8},
    }
    yield {"type": "message_stop"}


def streamed(*blocks):
    raw = "".join(
        f"event: {event['type']}\ndata: {json.dumps(event)}\n\n"
        for event in events(*blocks)
    )
    return Reply(body=raw.encode(), kind="text/event-stream")


def asking(**changes):
    facts = {"model": "anthropic:claude-x", "messages": (says("user", "Hello"),)}
    return ChatRequest(**(facts | changes))


async def test_words_thoughts_and_tools_come_and_the_key_goes_along(models, server):
    words = [{"type": "text_delta", "text": word} for word in ("Good ", "day")]
    pieces = [
        {"type": "input_json_delta", "partial_json": piece}
        for piece in ('{"at"', ': "it"}')
    ]
    call = {"type": "tool_use", "id": "t1", "name": "look", "input": {}}
    server.will(streamed(({"type": "text", "text": ""}, words), (call, pieces)))
    whole = await answer(
        models,
        asking(
            tools=(LOOK,), messages=(says("system", "Be kind."), says("user", "Hi"))
        ),
    )
    assert whole.text == "Good day"
    assert [(it.tool, it.arguments) for it in whole.calls] == [("look", {"at": "it"})]
    assert (whole.finish, whole.usage.input, whole.usage.output) == ("tools", 12, 8)
    [asked] = server.asked
    assert asked.headers["authorization"] == f"Bearer {KEY}"
    assert asked.path.startswith("/v1/messages")
    assert "Be kind." in json.dumps(asked.body["system"])


async def test_an_answer_may_have_a_form(models, server):
    schema = {
        "type": "object",
        "properties": {"age": {"type": "integer"}},
        "required": ["age"],
        "additionalProperties": False,
    }
    pieces = [{"type": "input_json_delta", "partial_json": '{"age": 44}'}]
    call = {"type": "tool_use", "id": "t1", "name": "give_answer", "input": {}}
    text = [{"type": "text_delta", "text": '{"age": 44}'}]
    for name in ("claude-3-haiku-20240307", "claude-sonnet-5-5"):
        is_native = name == "claude-sonnet-5-5"
        server.will(
            streamed(({"type": "text", "text": ""}, text))
            if is_native
            else streamed((call, pieces))
        )
        whole = await answer(models, asking(model=f"anthropic:{name}", schema=schema))
        assert whole.value == {"age": 44}


async def test_an_overload_is_busy_and_a_wrong_key_is_refused(models, server):
    from agentbench.domain.errors import ModelBusy, ModelRefused

    server.will(refusal(529, "Overloaded"))
    with pytest.raises(ModelBusy, match="Overloaded"):
        await answer(models, asking())
    server.will(refusal(401, "invalid x-api-key"))
    with pytest.raises(ModelRefused, match=r"invalid x-api-key.*credential"):
        await answer(models, asking())
